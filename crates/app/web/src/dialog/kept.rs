//! The list of experiments that this browser keeps: open, rename, delete, put back.

use view::{BrokerState, PosterLane, PosterRow, PosterView};
use yew::prelude::*;

use super::DialogProps;
use crate::intent::{KeptIntent, PageIntent};
use crate::keeping::KeptRow;
use crate::panel::send;
use session::Refusal;
use stage::geometry::{num, round};

pub fn kept(props: &DialogProps) -> Html {
    let (words, list) = (&props.words.kept, &props.kept);
    let intro = match (list.refusal, list.rows.is_empty()) {
        (Some(Refusal::Forbidden), _) => words.forbidden,
        (Some(Refusal::Full), _) => words.full,
        (Some(Refusal::TooLong), _) => words.too_long,
        (None, true) => words.none,
        (None, false) => words.intro,
    };
    let deleted = list.deleted.as_ref().map(|(_, _, name)| {
        html! {
            <div class="note kept-deleted" role="status">
                <span>{ (words.deleted)(name) }</span>
                <button id="kept-put-back" class="btn" onclick={send(&props.act, PageIntent::Kept(KeptIntent::PutBack))}>{ words.put_back }</button>
            </div>
        }
    });
    html! {
        <div class="fields">
            <p class="muted">{ intro }</p>
            { for deleted }
            <p>{ super::share::chooser(props.words.share.open_file, &props.opened_file) }</p>
            <ul class="kept">{ for list.rows.iter().map(|row| entry(props, row)) }</ul>
        </div>
    }
}

fn entry(props: &DialogProps, row: &KeptRow) -> Html {
    let (words, act) = (&props.words.kept, &props.act);
    let onchange = {
        let (act, id) = (act.clone(), row.id.clone());
        Callback::from(move |event: Event| {
            let field: Option<web_sys::HtmlInputElement> = event.target_dyn_into();
            if let Some(field) = field {
                act.emit(PageIntent::Kept(KeptIntent::Rename(id.clone(), field.value())).into());
            }
        })
    };
    let notes = [row.when.as_str(), row.acts.as_str(), if row.here { words.here } else { "" }];
    let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    html! {
        <li key={row.id.clone()}>
            { picture(props, row.poster.as_ref()) }
            <div class="field">
                <input class="in" aria-label={format!("{}: {}", words.name, row.called)} maxlength={session::kept::NAME.to_string()} value={row.called.clone()} {onchange} />
                <small>{ notes.join(" · ") }</small>
            </div>
            <button class="btn primary" aria-label={(words.open_label)(&row.called)} onclick={send(act, PageIntent::Kept(KeptIntent::Open(row.id.clone())))}>{ words.open }</button>
            <button class="btn" aria-label={(words.delete_label)(&row.called)} onclick={send(act, PageIntent::Kept(KeptIntent::Delete(row.id.clone())))}>{ words.delete }</button>
        </li>
    }
}

/// The poster, in units of a hundred and eight by sixty.
fn picture(props: &DialogProps, poster: Option<&PosterView>) -> Html {
    let Some(poster) = poster else { return html! { <span class="poster-small" aria-hidden="true"></span> } };
    let label = (props.words.kept.picture)(poster.producers, poster.lanes.len(), poster.readers);
    let height = 56.0 / poster.lanes.len().max(1) as f64;
    html! {
        <svg class="poster-small" viewBox="0 0 108 60" role="img" aria-label={label}>
            { for dots(poster.producers, 8.0) }
            { for poster.lanes.iter().enumerate().map(|(index, one)| lane(one, 2.0 + index as f64 * height, height - 2.0)) }
            { for dots(poster.readers, 100.0) }
        </svg>
    }
}

fn dots(count: usize, x: f64) -> impl Iterator<Item = Html> {
    let step = 56.0 / count.max(1) as f64;
    (0..count).map(move |index| {
        let y = 2.0 + (index as f64 + 0.5) * step;
        html! { <circle cx={num(x)} cy={num(round(y))} r="3" class="who" /> }
    })
}

fn lane(lane: &PosterLane, y: f64, height: f64) -> Html {
    let class = match lane.state {
        BrokerState::Running => "",
        BrokerState::Fenced | BrokerState::Paused | BrokerState::ShuttingDown => "hung",
        BrokerState::Stopped => "gone",
    };
    let step = height / lane.rows.len().max(1) as f64;
    let row = |(index, (hue, role)): (usize, &(u8, PosterRow))| {
        let (top, width) = (y + index as f64 * step, 60.0);
        let leads = match role {
            PosterRow::Leads => "lead",
            PosterRow::Follows => "copy",
        };
        html! {
            <rect class={leads} style={format!("--h:var(--t{hue});--hs:var(--t{hue}-soft)")} x="24" y={num(round(top + step * 0.2))} width={num(width)} height={num(round(step * 0.6))} />
        }
    };
    html! {
        <g {class}>
            <rect class="board" x="20" y={num(round(y))} width="68" height={num(round(height))} rx="2" />
            { for lane.rows.iter().enumerate().map(row) }
        </g>
    }
}

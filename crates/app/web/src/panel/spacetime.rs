//! The space-time diagram: one lane for each process, a slanted line for each message, and the same messages as a table.
//! Everything that it says and where it stands comes from `view` and `stage`.

use std::rc::Rc;

use stage::geometry::num;
use stage::spacetime::{Diagram, LaneMark, LineMark, diagram};
use view::HexLine;
use view::spacetime::{Family, FamilyView, LaneState, LineEnd, MessageId, SpacetimeMessage, SpacetimeView};
use yew::prelude::*;

use super::send;
use crate::intent::{Intent, PageIntent, SpacetimeIntent};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct SpacetimeProps {
    pub view: Rc<SpacetimeView>,
    /// Pixels that it may take, across and down.
    pub size: (u32, u32),
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The diagram with its legend, what is said of the chosen message, and the table.
#[component]
pub fn Spacetime(props: &SpacetimeProps) -> Html {
    let (view, words) = (&props.view, props.words);
    let drawn = diagram(view, f64::from(props.size.0), f64::from(props.size.1));
    let told = view.chosen.as_ref().map_or(words.spacetime.choose, |(_, sentence)| sentence);
    html! {
        <section class="spacetime" aria-label={words.spacetime.title}>
            { head(props) }
            <p class="spacetime-told" aria-live="polite">{ told.to_owned() }</p>
            <div class="viewport">
                { picture(props, &drawn) }
                { bytes(props) }
                { for view.notes.iter().map(|note| html! { <p class="muted">{ note.clone() }</p> }) }
                { table(props) }
            </div>
        </section>
    }
}

/// The bytes of a message that was pressed.
fn bytes(props: &SpacetimeProps) -> Html {
    let Some(frame) = &props.view.frame else { return html! {} };
    let row = |line: &HexLine| format!("{}  {:<23}  {}\n", line.at, line.hex, line.letters);
    html! {
        <div class="contents spacetime-table" aria-live="polite">
            <p>{ frame.title.clone() }</p>
            if !frame.lines.is_empty() { <pre class="hex" tabindex="0" aria-label={frame.title.clone()}>{ for frame.lines.iter().map(row) }</pre> }
            if !frame.note.is_empty() { <p class="muted">{ frame.note.clone() }</p> }
        </div>
    }
}

/// The families, which are the filter, too; and the stretch.
fn head(props: &SpacetimeProps) -> Html {
    let (view, words) = (&props.view, props.words);
    let shows_all = view.families.iter().all(|family| !family.is_chosen);
    let choice = |name: &str, class: &'static str, on: bool, family: Option<Family>| {
        let onclick = send(&props.act, PageIntent::Spacetime(SpacetimeIntent::Family(family)));
        html! { <button class={classes!(class, on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>{ name.to_owned() }</button> }
    };
    let family = |of: &FamilyView| {
        let wanted = (!of.is_chosen).then_some(of.family);
        choice(&format!("{} {}", of.name, of.count), class(of.family), of.is_chosen, wanted)
    };
    let longer = |steps| send(&props.act, PageIntent::Spacetime(SpacetimeIntent::Stretch(steps)));
    html! {
        <div class="spacetime-head">
            <div class="seg wrap families">
                { choice(words.spacetime.everything, "", shows_all, None) }
                { for view.families.iter().map(family) }
            </div>
            <div class="seg">
                <button aria-label={words.spacetime.shorter} onclick={longer(-1)}>{ "−" }</button>
                <span class="mono">{ view.stretch.clone() }</span>
                <button aria-label={words.spacetime.longer} onclick={longer(1)}>{ "+" }</button>
            </div>
            <p class="muted">{ words.spacetime.reading }</p>
            { legend(words) }
        </div>
    }
}

/// What lines and lanes mean.
fn legend(words: Words) -> Html {
    let words = &words.spacetime;
    let entry = |sign: Html, name: &'static str| {
        html! { <li><svg width="34" height="12" aria-hidden="true">{ sign }</svg>{ name }</li> }
    };
    html! {
        <ul class="spacetime-legend">
            { entry(html! { <><path class="st-line" d="M2 10L30 2" /><path class="st-head" d="M32 1.500L25 1L27 6Z" /></> }, words.line_arrived) }
            { entry(html! { <path class="st-line" d="M2 10L30 2" /> }, words.line_under_way) }
            { entry(html! { <path class="st-line dashed" d="M2 10L30 2" /> }, words.line_held) }
            { entry(html! { <><path class="st-line" d="M2 10L24 4" /><path class="st-cross" d="M20 0L28 8M20 8L28 0" /></> }, words.line_lost) }
            { entry(html! { <path class="st-lane down" d="M2 6L32 6" /> }, words.lane_down) }
        </ul>
    }
}

fn picture(props: &SpacetimeProps, drawn: &Diagram) -> Html {
    let (view, now) = (&props.view, num(drawn.now));
    let chosen = view.chosen.as_ref().map(|(id, _)| *id);
    let line = |mark: &LineMark| message(props, mark, chosen == Some(mark.id));
    html! {
        <svg width={num(drawn.width)} height={num(drawn.height)} role="img" aria-label={view.label.clone()}>
            { for drawn.ticks.iter().map(|(x, label)| tick((*x, label), drawn.floor)) }
            { for drawn.lanes.iter().map(lane) }
            <path class="st-now" d={format!("M{now} 22L{now} {}", num(drawn.floor + 8.0))} />
            <text class="st-now-text" x={now} y="16" text-anchor="middle">{ view.now_text.clone() }</text>
            { for drawn.lines.iter().map(line) }
        </svg>
    }
}

fn tick((x, label): (f64, &str), floor: f64) -> Html {
    let (x, y) = (num(x), num(floor + 10.0));
    html! {
        <g><path class="st-tick" d={format!("M{x} 30L{x} {y}")} /><text class="st-scale" x={x} y={num(floor + 26.0)} text-anchor="middle">{ label.to_owned() }</text></g>
    }
}

fn lane(lane: &LaneMark) -> Html {
    let y = num(lane.y);
    let run = |(from, to): (f64, f64)| format!("M{} {y}L{} {y}", num(from), num(to));
    let state = |state: LaneState| match state {
        LaneState::Runs => "",
        LaneState::Hangs => "hangs",
        LaneState::Down => "down",
    };
    let before =
        lane.before.map(|before| html! { <path class={classes!("st-lane", state(lane.was))} d={run(before)} /> });
    html! {
        <g key={lane.process.0}>
            { before }
            <path class={classes!("st-lane", state(lane.state))} d={run(lane.here)} />
            <text class="st-name" x={num(lane.words[0].x)} y={num(lane.words[0].y)}>{ lane.name.clone() }</text>
            <text class="st-role" x={num(lane.words[1].x)} y={num(lane.words[1].y)}>{ lane.role.clone() }</text>
        </g>
    }
}

/// A line that is hit near by, too, and what stands beside it.
fn message(props: &SpacetimeProps, mark: &LineMark, is_chosen: bool) -> Html {
    let d = format!("M{} {}L{} {}", num(mark.from.x), num(mark.from.y), num(mark.to.x), num(mark.to.y));
    let onclick = send(&props.act, PageIntent::Spacetime(SpacetimeIntent::Bytes(mark.id)));
    let class = classes!("st-message", class(mark.family), is_chosen.then_some("on"));
    let head = if mark.end == LineEnd::Cross { "st-cross" } else { "st-head" };
    let label =
        mark.label.map(|(at, name)| html! { <text class="st-label" x={num(at.x)} y={num(at.y)}>{ name }</text> });
    html! {
        <g key={key(mark.id)} {class} {onclick} onpointerover={choose_pointed(props, mark.id)}>
            <path class="st-hit" d={d.clone()} />
            <path class={classes!("st-line", mark.dashed.then_some("dashed"))} {d} />
            if !mark.head.is_empty() { <path class={head} d={mark.head.clone()} /> }
            { label }
        </g>
    }
}

/// A pointer that hovers chooses; a finger has to press.
fn choose_pointed(props: &SpacetimeProps, id: MessageId) -> Callback<PointerEvent> {
    let act = props.act.clone();
    Callback::from(move |event: PointerEvent| {
        if event.pointer_type() == "mouse" && event.buttons() == 0 {
            act.emit(PageIntent::Spacetime(SpacetimeIntent::Message(id)).into());
        }
    })
}

/// The same messages for keys and for those who hear: each row's first cell is a button that chooses it.
fn table(props: &SpacetimeProps) -> Html {
    let (view, words) = (&props.view, props.words);
    let chosen = view.chosen.as_ref().map(|(id, _)| *id);
    let column = |name: &&'static str| html! { <th scope="col">{ *name }</th> };
    html! {
        <details class="spacetime-table" open={true}>
            <summary>{ words.spacetime.table }</summary>
            <table>
                <thead><tr>{ for words.spacetime.columns.iter().map(column) }</tr></thead>
                <tbody>{ for view.messages.iter().map(|message| row(props, message, chosen == Some(message.id))) }</tbody>
            </table>
        </details>
    }
}

fn row(props: &SpacetimeProps, message: &SpacetimeMessage, is_chosen: bool) -> Html {
    let onclick = send(&props.act, PageIntent::Spacetime(SpacetimeIntent::Bytes(message.id)));
    let onfocus = send(&props.act, PageIntent::Spacetime(SpacetimeIntent::Message(message.id)));
    html! {
        <tr key={key(message.id)} class={is_chosen.then_some("on")}>
            <td><button class="link" aria-pressed={is_chosen.to_string()} {onclick} {onfocus}>{ message.between.clone() }</button></td>
            <td><span class={classes!("st-dot", class(message.family))} aria-hidden="true"></span>{ message.what.clone() }</td>
            <td>{ message.details.clone() }</td>
            <td class="mono">{ message.sent.clone() }</td>
            <td>{ message.outcome.clone() }</td>
        </tr>
    }
}

fn key(id: MessageId) -> String {
    format!("{}.{}.{}", id.connection, id.lane, id.number)
}

fn class(family: Family) -> &'static str {
    match family {
        Family::Produce => "f-produce",
        Family::Fetch => "f-fetch",
        Family::Groups => "f-groups",
        Family::Control => "f-control",
        Family::Asking => "f-asking",
        Family::Admin => "f-admin",
        Family::Other => "f-other",
    }
}

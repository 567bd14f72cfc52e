//! What stands around two stages: the first difference, both lines under one clock, the numbers that matter and the sums.

use std::rc::Rc;

use session::Playback;
use view::{CompareView, MarkView, PairView, Permille, Relation, ShortView, SumView, Tone, TrackView};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::send;
use super::timeline::{percent, stroke};
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::words::Words;

/// Texts nearer than this to the one before are left out; their mark stays.
const NEAR: Permille = 110;
/// Heights of both lines.
const LINES: [u16; 2] = [44, 96];

#[derive(Properties, PartialEq)]
pub struct AbProps {
    pub view: Rc<CompareView>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// What happened first in one of the two and not in the other.
#[component]
pub fn First(props: &AbProps) -> Html {
    let (view, words) = (&props.view, &props.words.compare);
    let standing = view.standing.iter().map(|(_, sentence)| html! { <p class="muted">{ sentence.clone() }</p> });
    let side = |(side, sentence): (&view::CompareSide, &String)| {
        html! { <p><b>{ side.name.clone() }</b>{ " " }{ sentence.clone() }</p> }
    };
    html! {
        <div class="first">
            if let Some(first) = &view.difference {
                <button class="btn" onclick={send(&props.act, Playback::FirstDifference)}>{ icon("back") }<span>{ words.go_to_difference }</span></button>
                <div><p class="muted"><time class="mono">{ first.time_text.clone() }</time>{ " · " }{ first.pill.clone() }</p>
                { for view.sides.iter().zip(&first.sides).map(side) }</div>
            } else {
                <p class="muted">{ view.looking.clone() }</p>
            }
            { for standing }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct NumbersProps {
    pub view: Rc<CompareView>,
    /// The ledger has just been copied.
    pub copied: bool,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// Pairs that matter, sums that come out, and the ledger to take along.
#[component]
pub fn Numbers(props: &NumbersProps) -> Html {
    let (view, words) = (&props.view, &props.words.compare);
    if view.pairs.is_empty() {
        return Html::default();
    }
    let label = if props.copied { words.copied } else { words.copy };
    html! {
        <div class="numbers">
            <div class="pairs">{ for view.pairs.iter().map(pair) }</div>
            <div class="sums">
                { for view.sums.iter().map(sum) }
                <p class="muted push">{ view.equal.clone() }</p>
                <button class="btn" onclick={send(&props.act, PageIntent::Copy(view.copy.clone()))}>{ icon("copy") }<span role="status">{ label }</span></button>
            </div>
        </div>
    }
}

fn class_of(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Bad => Some("worse"),
        Tone::Good => Some("better"),
        Tone::Plain | Tone::Quiet | Tone::Warning | Tone::Metadata => None,
    }
}

fn pair(pair: &PairView) -> Html {
    let sign = match pair.relation {
        Relation::Equal => "=",
        Relation::Differ => "→",
    };
    let [first, second] = &pair.texts;
    html! {
        <div class="pair">
            <p class="two"><b class={class_of(pair.tones[0])}>{ first.clone() }</b><span>{ sign }</span><b class={class_of(pair.tones[1])}>{ second.clone() }</b><small>{ pair.unit }</small></p>
            <h3>{ pair.name }</h3>
            <p class="muted">{ pair.sentence.clone() }</p>
        </div>
    }
}

fn sum(sum: &SumView) -> Html {
    let part = |(place, (tone, text)): (usize, &(Tone, String))| {
        html! { <>{ if place == 0 { " = " } else { " + " } }<span class={class_of(*tone)}>{ text.clone() }</span></> }
    };
    html! { <p><b>{ sum.name.clone() }</b>{ " " }{ sum.total.clone() }{ for sum.parts.iter().enumerate().map(part) }</p> }
}

/// The instant under the pointer. Events reach the app at its root, so the event's current target is not the track.
fn pressed(event: &PointerEvent, view: &CompareView) -> Option<Intent> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let track: HtmlElement = target.closest(".track").ok()??.dyn_into().ok()?;
    let area = track.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - area.left() - 10.0) / (area.width() - 20.0).max(1.0);
    let place = (share.clamp(0.0, 1.0) * 1_000.0) as Permille;
    Some(Playback::Seek(view.tracks.instant(place)).into())
}

/// Both runs' lines: one clock moves both.
#[component]
pub fn Tracks(props: &AbProps) -> Html {
    let (view, tracks) = (&props.view, &props.view.tracks);
    let scrub = {
        let (act, view) = (props.act.clone(), view.clone());
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1
                && let Some(intent) = pressed(&event, &view)
            {
                act.emit(intent);
            }
        })
    };
    let name = |(track, class): (&TrackView, &'static str)| html! { <span {class}>{ track.name.clone() }</span> };
    html! {
        <div class="tracks">
            <div class="track-names">{ for tracks.tracks.iter().zip(["a", "b"]).map(name) }</div>
            <div class="track-box">
            <div class="track two" role="slider" tabindex="0" title={props.words.compare.one_clock} aria-label={props.words.page.timeline}
                aria-valuemin="0" aria-valuemax="1000" aria-valuenow={tracks.playhead.to_string()} aria-valuetext={tracks.value_text.clone()}
                onpointerdown={scrub.clone()} onpointermove={scrub}>
                <svg aria-hidden="true">{ lines(view) }</svg>
            </div>
            { pill(props) }
            </div>
        </div>
    }
}

/// The first difference, over the line through both.
fn pill(props: &AbProps) -> Html {
    // The two are alike as far as was looked.
    let (Some(first), Some(at)) = (&props.view.difference, props.view.tracks.difference) else {
        return Html::default();
    };
    let style = format!("left:{}", percent(at.clamp(100, 900)));
    html! { <button class="pill" {style} onclick={send(&props.act, Playback::FirstDifference)}>{ first.pill.clone() }</button> }
}

fn lines(view: &CompareView) -> Html {
    let tracks = &view.tracks;
    let line = |(track, (y, class)): (&TrackView, (u16, &'static str))| {
        let y = y.to_string();
        html! {
            <>
                <line class="track-rest" x1="0" x2="100%" y1={y.clone()} y2={y.clone()} />
                <line class={class} x1="0" x2={percent(track.known)} y1={y.clone()} y2={y} />
            </>
        }
    };
    let both = tracks.tracks.iter().zip(LINES.into_iter().zip(["track-a", "track-b"]));
    let [first, second] = &tracks.tracks;
    let through = tracks.difference.map(|at| {
        html! { <line class="track-first" x1={percent(at)} x2={percent(at)} y1="20" y2="112" /> }
    });
    html! {
        <>
            { for both.map(line) }
            { for tracks.short.iter().map(short) }
            { through }
            { marks(&tracks.both, &LINES, "74") }
            { marks(&first.marks, &LINES[..1], "28") }
            { marks(&second.marks, &LINES[1..], "120") }
            { for LINES.into_iter().zip(["track-head a", "track-head b"]).map(|(y, class)| {
                html! { <circle {class} cx={percent(tracks.playhead)} cy={y.to_string()} r="8" /> }
            }) }
        </>
    }
}

/// A stretch that is drawn shorter than it is.
fn short(short: &ShortView) -> Html {
    let line = |y: u16| {
        html! { <line class="track-short" x1={percent(short.from)} x2={percent(short.to)} y1={y.to_string()} y2={y.to_string()} /> }
    };
    let middle = percent(short.from.midpoint(short.to));
    let fits = short.to.saturating_sub(short.from) > 150;
    html! {
        <>
            { for LINES.into_iter().map(line) }
            if fits { <text class="x i3 mid" x={middle} y="62">{ short.text.clone() }</text> }
        </>
    }
}

/// Marks on one or both lines, with their texts in one row.
fn marks(marks: &[MarkView], lines: &[u16], y: &'static str) -> Html {
    let mut last: Option<Permille> = None;
    let mark = |mark: &MarkView| {
        let is_far = last.is_none_or(|last| mark.at.saturating_sub(last) >= NEAR);
        if is_far {
            last = Some(mark.at);
        }
        let x = percent(mark.at);
        let tick = |at: u16| {
            html! { <line x1={x.clone()} x2={x.clone()} y1={(at - 8).to_string()} y2={(at + 8).to_string()} stroke={stroke(mark.kind)} stroke-width="2.5" /> }
        };
        let anchor = match mark.at {
            0..=45 => "x i2",
            46..=955 => "x i2 mid",
            _ => "x i2 end",
        };
        html! {
            <g>
                { for lines.iter().copied().map(tick) }
                if is_far { <text class={anchor} x={x.clone()} {y}>{ mark.text.clone() }</text> }
            </g>
        }
    };
    marks.iter().map(mark).collect()
}

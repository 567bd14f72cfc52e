//! The bottom bar: transport, clock, track with marks, tempo, fork and branches.

use std::rc::Rc;

use view::{AheadAct, BranchView, CompareView, MarkKind, MarkView, TimelineView, Tone, WaitView};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::ab::Tracks;
use super::header::item;
use super::send;
use crate::icon::icon;
use crate::intent::{Intent, Menu, PageIntent};
use crate::words::Words;
use session::Playback;

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub view: Rc<TimelineView>,
    pub menu: Option<Menu>,
    /// Two branches are shown beside each other.
    pub compare: Option<Rc<CompareView>>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The timeline.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let (view, page, act) = (&props.view, &props.words.page, &props.act);
    let (play, name) = if view.playing { ("pause", page.pause) } else { ("play", page.play) };
    html! {
        <footer class="time">
            <div class="transport">
                <button class="btn icon quiet home" aria-label={page.to_start} onclick={send(act, Playback::Start)}>{ icon("home") }</button>
                <button class="btn icon quiet" aria-label={page.step_back} onclick={send(act, Playback::StepBack)}>{ icon("back") }</button>
                <button class="btn primary play" aria-label={name} onclick={send(act, Playback::Toggle)}>{ icon(play) }</button>
                <button class="btn icon quiet" aria-label={page.step} onclick={send(act, Playback::Step)}>{ icon("step") }</button>
                <div class="clock">{ view.now_text.clone() }<small>{ view.event_text.clone() }</small></div>
            </div>
            if let Some(compare) = &props.compare {
                <Tracks view={compare.clone()} words={props.words} act={act.clone()} />
            } else {
                <Track view={view.clone()} words={props.words} act={act.clone()} />
            }
            <div class="transport end">
                { back_button(props, Playback::Undo) }
                { back_button(props, Playback::Redo) }
                { ahead(props) }
                { tempo(props) }
                <button class="btn fork" onclick={send(act, Playback::Fork)} aria-label={page.fork}>{ icon("fork") }<span>{ page.fork }</span></button>
                { branches(props) }
            </div>
        </footer>
    }
}

fn tempo(props: &TimelineProps) -> Html {
    let (view, page, act) = (&props.view, &props.words.page, &props.act);
    let open = props.menu == Some(Menu::Tempo);
    html! {
        <div class="menu up">
            <button class="btn tempo" aria-expanded={open.to_string()} onclick={send(act, PageIntent::ToggleMenu(Menu::Tempo))}>{ view.tempo.text.clone() }</button>
            if open {
                <ul class="sheet">
                    { item(page.tempo_auto, "0", Playback::Auto, act) }
                    { item(page.slower, "S", Playback::Slower, act) }
                    { item(page.faster, "W", Playback::Faster, act) }
                    { item(page.mark_here, "M", Playback::SetMark, act) }
                    if view.undo.is_some() { { item(page.undo, "Z", Playback::Undo, act) } }
                    if view.redo.is_some() { { item(page.redo, "⇧ Z", Playback::Redo, act) } }
                </ul>
            }
        </div>
    }
}

/// Undo or redo, by what it would take away or bring back. Without anything it stays where it is and does nothing.
fn back_button(props: &TimelineProps, back: Playback) -> Html {
    let (page, acts) = (&props.words.page, &props.words.acts);
    let (act, named, name, sign) = match back {
        Playback::Redo => (&props.view.redo, acts.redo, page.redo, "redo"),
        _undo => (&props.view.undo, acts.undo, page.undo, "undo"),
    };
    let label = act.as_ref().map_or_else(|| name.to_owned(), |act| named(act));
    let off = act.is_none().then_some("true");
    html! {
        <button class={classes!("btn", "icon", "quiet", sign)} aria-label={label.clone()} title={label} aria-disabled={off}
            onclick={send(&props.act, back)}>{ icon(sign) }</button>
    }
}

/// Acts that are still to come, each with a box: without its tick it does not happen.
fn ahead(props: &TimelineProps) -> Html {
    let (list, words) = (&props.view.ahead, &props.words.acts);
    if list.label.is_empty() {
        return Html::default();
    }
    let open = props.menu == Some(Menu::Ahead);
    let act = |act: &AheadAct| {
        let toggle = if act.happens { Playback::LeaveOut(act.id) } else { Playback::PutBack(act.id) };
        html! {
            <label class="check">
                <input type="checkbox" checked={act.happens} onchange={send(&props.act, toggle)} />
                <time class="mono">{ act.time_text.clone() }</time><code>{ act.line.clone() }</code>
                if !act.note.is_empty() { <small class="muted">{ act.note }</small> }
            </label>
        }
    };
    html! {
        <div class="menu up">
            <button class="btn ahead" aria-expanded={open.to_string()} onclick={send(&props.act, PageIntent::ToggleMenu(Menu::Ahead))}>{ list.label.clone() }</button>
            if open {
                <div class="sheet ahead-list" role="group" aria-label={words.ahead_title}>
                    <h3>{ words.ahead_title }</h3>
                    <p class="muted">{ words.ahead_note }</p>
                    { for list.acts.iter().map(act) }
                    if !list.more.is_empty() { <p class="muted">{ list.more.clone() }</p> }
                </div>
            }
        </div>
    }
}

fn branches(props: &TimelineProps) -> Html {
    if props.view.branches.len() < 2 {
        return Html::default();
    }
    let compares = props.compare.is_some();
    let branch = |(index, branch): (usize, &BranchView)| {
        let on = branch.shown && !compares;
        html! {
            <button class={on.then_some("on")} aria-pressed={on.to_string()} aria-label={branch.label.clone()}
                onclick={send(&props.act, Playback::ShowBranch(index))}>{ branch.name.clone() }</button>
        }
    };
    html! {
        <div class="seg" role="group" aria-label={props.words.page.branches}>
            { for props.view.branches.iter().enumerate().map(branch) }
            if let Some((both, label)) = &props.view.both {
                <button class={compares.then_some("on")} aria-pressed={compares.to_string()} aria-label={label.clone()}
                    onclick={send(&props.act, PageIntent::ToggleCompare)}>{ both.clone() }</button>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TrackProps {
    view: Rc<TimelineView>,
    words: Words,
    act: Callback<Intent>,
}

/// The track that the event happened on. Events reach the app at its root, so the event's current target is that
/// root and not the track.
fn track_under(event: &PointerEvent) -> Option<HtmlElement> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(".track").ok()??.dyn_into().ok()
}

/// The place under the pointer, in thousandths of the track.
fn place(event: &PointerEvent) -> Option<u16> {
    let element = track_under(event)?;
    let area = element.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - area.left() - 10.0) / (area.width() - 20.0).max(1.0);
    Some((share.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[component]
fn Track(props: &TrackProps) -> Html {
    let view = &props.view;
    let scrub = {
        let act = props.act.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() & 1 == 1
                && let Some(place) = place(&event)
            {
                act.emit(Playback::Scrub(place).into());
            }
        })
    };
    let grab = {
        let scrub = scrub.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = track_under(&event) {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            scrub.emit(event);
        })
    };
    html! {
        <div class="track" role="slider" tabindex="0" aria-label={props.words.page.timeline} aria-valuemin="0" aria-valuemax="1000"
            aria-valuenow={view.playhead.to_string()} aria-valuetext={view.value_text.clone()} onpointerdown={grab} onpointermove={scrub}>
            <svg aria-hidden="true">{ track(view) }</svg>
        </div>
    }
}

pub(super) fn percent(permille: u16) -> String {
    match permille % 10 {
        0 => format!("{}%", permille / 10),
        tenths => format!("{}.{tenths}%", permille / 10),
    }
}

fn track(view: &TimelineView) -> Html {
    let wait = |wait: &WaitView| {
        html! { <rect class="track-wait" x={percent(wait.from)} y="30" width={percent(wait.to.saturating_sub(wait.from))} height="6" /> }
    };
    let branch = |(index, branch): (usize, &BranchView)| {
        let y = 43 + 5 * index;
        html! { <line class={if branch.shown { "track-branch on" } else { "track-branch" }} x1={percent(branch.from)} x2={percent(branch.to)} y1={y.to_string()} y2={y.to_string()} /> }
    };
    html! {
        <>
            <rect class="track-0" x="0" y="30" width="100%" height="6" rx="3" />
            <rect class="track-known" x="0" y="30" width={percent(view.known)} height="6" rx="3" />
            <rect class="track-1" x="0" y="30" width={percent(view.playhead)} height="6" rx="3" />
            { for view.waits.iter().map(wait) }
            if view.branches.len() > 1 { { for view.branches.iter().enumerate().map(branch) } }
            { for view.marks.iter().enumerate().map(|(index, one)| mark(index, one)) }
            <circle class="track-head" cx={percent(view.playhead)} cy="33" r="9" />
        </>
    }
}

/// The colour of a mark.
pub(super) fn stroke(kind: MarkKind) -> &'static str {
    tone_colour(kind.tone())
}

/// The colour of a line that something is marked by.
pub(super) fn tone_colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "var(--bad)",
        Tone::Metadata => "var(--meta)",
        Tone::Quiet => "var(--ink-3)",
        Tone::Plain | Tone::Good | Tone::Warning => "var(--t0)",
    }
}

fn mark(index: usize, mark: &MarkView) -> Html {
    let stroke = stroke(mark.kind);
    let anchor = match mark.at {
        0..=45 => "x i2",
        46..=955 => "x i2 mid",
        _ => "x i2 end",
    };
    let y = if index.is_multiple_of(2) { "16" } else { "61" };
    html! {
        <g>
            <line x1={percent(mark.at)} x2={percent(mark.at)} y1="24" y2="42" {stroke} stroke-width="2.5" />
            <text class={classes!(anchor)} x={percent(mark.at)} {y}>{ mark.text.clone() }</text>
        </g>
    }
}

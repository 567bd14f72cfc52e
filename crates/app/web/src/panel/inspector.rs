//! The inside of one selected thing.

use std::rc::Rc;

use stage::geometry::{Area, num};
use stage::hue;
use view::{
    ArrivalCell, ArrivalsView, BytesView, CallView, CellState, CellView, ContentsView, HexLine, InspectorTab,
    InspectorView, LogPlace, PropertyView, ReaderView, SectionView, SegmentView, SketchRow, SketchView, StoreActView,
    Thing, WhyStep, WhyView,
};
use yew::prelude::*;

use super::story::chain;
use super::{send, tone_class};
use crate::intent::{Intent, PageIntent};
use crate::stage::mark::{key, line, rect};
use crate::words::Words;
use session::Act;

#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    pub view: Rc<InspectorView>,
    pub tab: InspectorTab,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The inspector.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let view = &props.view;
    let tab = if view.tabs.contains(&props.tab) { props.tab } else { InspectorTab::State };
    let body = match tab {
        InspectorTab::State => state(props),
        InspectorTab::Log => log(props),
        InspectorTab::Config => sections(&view.config),
        InspectorTab::Events => chain(&view.events, props.words, &props.act),
    };
    html! {
        <>
            <div class="eyebrow">{ view.kind.clone() }</div>
            <h2>{ view.title.clone() }{ " " }<small>{ view.subtitle.clone() }</small></h2>
            { tabs(props, tab) }
            <div id="inspector-body" class="tab-body" role="tabpanel" tabindex="0" aria-label={view.title.clone()}>{ body }</div>
        </>
    }
}

fn tabs(props: &InspectorProps, shown: InspectorTab) -> Html {
    let tab = |tab: &InspectorTab| {
        let name = props.words.page.inspector_tabs[match tab {
            InspectorTab::State => 0,
            InspectorTab::Log => 1,
            InspectorTab::Config => 2,
            InspectorTab::Events => 3,
        }];
        let on = *tab == shown;
        html! {
            <button role="tab" aria-selected={on.to_string()} aria-controls="inspector-body" class={on.then_some("on")}
                onclick={send(&props.act, PageIntent::Tab(*tab))}>{ name }</button>
        }
    };
    html! { <div class="tabs" role="tablist" aria-label={props.view.title.clone()}>{ for props.view.tabs.iter().map(tab) }</div> }
}

fn properties(list: &[PropertyView]) -> Html {
    let property = |property: &PropertyView| {
        let class = tone_class(property.tone);
        let bar =
            property.share.map(|share| html! { <meter aria-hidden="true" max="100" value={share.to_string()} /> });
        html! { <><dt>{ property.name.clone() }</dt><dd {class}>{ property.value.clone() }{ bar }</dd></> }
    };
    html! { <dl class="kv">{ for list.iter().map(property) }</dl> }
}

fn sections(list: &[SectionView]) -> Html {
    let section =
        |section: &SectionView| html! { <><h3>{ section.title.clone() }</h3>{ properties(&section.rows) }</> };
    list.iter().map(section).collect()
}

/// A question that opens to its answer in place; each step shows its moment. The first stands open.
fn answer(place: usize, why: &WhyView, words: Words, act: &Callback<Intent>) -> Html {
    let step = |step: &WhyStep| {
        html! {
            <li class={step.here.then_some("here")}>
                <button class="instant" aria-label={(words.why.show_moment)(&step.time_text)} onclick={send(act, PageIntent::LookAt(step.at))}>
                    <time>{ step.time_text.clone() }</time>
                </button>
                <div>{ step.sentence.clone() }</div>
            </li>
        }
    };
    html! {
        <details class="note warn why" key={why.question.clone()} open={place == 0}>
            <summary><b>{ why.question.clone() }</b></summary>
            <ol class="chain">{ for why.steps.iter().map(step) }</ol>
        </details>
    }
}

fn state(props: &InspectorProps) -> Html {
    let (view, words) = (&props.view, props.words);
    html! {
        <>
            { for view.whys.iter().enumerate().map(|(place, why)| answer(place, why, words, &props.act)) }
            if let Some(strip) = &view.arrivals { { arrivals(strip, words) } }
            { switch(props) }
            { sections(&view.state) }
            if let Some(view) = &view.sketch { { sketch(view) } }
        </>
    }
}

/// What a reader was given, in cells; those that a later one came before have a corner and a thick frame.
fn arrivals(strip: &ArrivalsView, words: Words) -> Html {
    let cell = |(index, cell): (usize, &ArrivalCell)| {
        let x = 24.0 * index as f64;
        let class =
            classes!("cell", if cell.again { "copy" } else { "lead" }, hue(cell.hue), cell.late.then_some("late"));
        html! {
            <g {class}>
                <title>{ cell.label.clone() }</title>
                { rect(Area::new(x + 1.0, 9.0, 22.0, 24.0), 4.0, "") }{ key(cell.glyph, Area::new(x + 4.0, 13.0, 16.0, 16.0)) }
                if cell.late { <path class="late-sign" d={format!("M{} 1 h8 l-4 6 z", num(x + 8.0))} /> }
                { line((x + 12.0, 44.0), "x n mid", cell.number.clone()) }
                { line((x + 12.0, 56.0), "x n mid i3", cell.partition.clone()) }
            </g>
        }
    };
    let label = strip.cells.iter().map(|cell| &*cell.label).collect::<Vec<_>>().join("; ");
    html! {
        <section class="arrivals">
            <h3>{ words.inspect.arrivals }</h3>
            <svg width="288" height="60" viewBox="0 0 288 60" role="img" aria-label={label}>{ for strip.cells.iter().enumerate().map(cell) }</svg>
            <p class={strip.has_inversions.then_some("c-warn")}>{ strip.sum.clone() }</p>
            <p class="muted">{ strip.caption.clone() }</p>
        </section>
    }
}

/// The switch is the line that opens it: a sketch that is closed says nothing.
fn sketch(view: &SketchView) -> Html {
    let row = |row: &SketchRow| {
        html! {
            <tr><td>{ row.reader.clone() }</td><td class="n">{ row.can.clone() }</td><td class="n">{ row.pulls.clone() }</td>
                <td class={classes!("n", row.too_much.then_some("c-bad"))}>{ row.pushed.clone() }</td><td class="n">{ row.slowly.clone() }</td></tr>
        }
    };
    let column = |(place, name): (usize, &&'static str)| html! { <th scope="col" class={(place > 0).then_some("n")}>{ *name }</th> };
    html! {
        <details class="note sketch" key={view.title}>
            <summary><b>{ view.title }</b></summary>
            <table class="plain">
                <thead><tr>{ for view.columns.iter().enumerate().map(column) }</tr></thead>
                <tbody>{ for view.rows.iter().map(row) }</tbody>
            </table>
            <p>{ view.note }</p>
        </details>
    }
}

fn switch(props: &InspectorProps) -> Html {
    let Thing::Process(process) = props.view.thing else {
        return Html::default();
    };
    let page = &props.words.page;
    let call = |call: &CallView| {
        html! { <button class="btn" onclick={send(&props.act, Act::Call(process, call.call.clone()))}>{ call.label.clone() }</button> }
    };
    let store = |act: &StoreActView| {
        html! { <button class="btn" onclick={send(&props.act, Act::Store(act.command.clone()))}>{ act.label.clone() }</button> }
    };
    html! {
        <div class="buttons">
            if props.view.can_stop { <button class="btn danger" onclick={send(&props.act, Act::Kill(process))}>{ page.stop }</button> }
            { for props.view.calls.iter().map(call) }
            { for props.view.store_acts.iter().map(store) }
            if props.view.can_start { <button class="btn" onclick={send(&props.act, Act::Start(process))}>{ page.start }</button> }
        </div>
    }
}

fn log(props: &InspectorProps) -> Html {
    let (view, page) = (&props.view, &props.words.page);
    html! {
        <>
            if !view.segments.is_empty() {
                <h3>{ page.segments }</h3>
                { for view.segments.iter().map(|one| segment(one, props)) }
                <p class="muted">{ view.flushed.clone() }</p>
            }
            if !view.epochs.is_empty() { <h3>{ page.leader_epochs }</h3>{ properties(&view.epochs) } }
            if let Some(contents) = &view.contents { { opened(contents, props) } }
            if !view.readers.is_empty() { { readers(&view.readers, props.words) } }
        </>
    }
}

/// A file with its newest records; a click opens one. Keys go from record to record by the buttons below.
fn segment(one: &SegmentView, props: &InspectorProps) -> Html {
    let view = &props.view;
    let cells = one.cells.len().min(11);
    let shown = &one.cells[one.cells.len() - cells..];
    let cell = |(index, cell): (usize, &CellView)| {
        let x = 25.0 * index as f64;
        let class = match cell.state {
            CellState::Leader => "cell lead",
            CellState::Follower | CellState::Stored => "cell copy",
            CellState::Open => "cell open",
            CellState::Gone => "cell gone",
        };
        let open = view.place.clone().map(|LogPlace { process, partition }| {
            send(&props.act, PageIntent::Select(Some(Thing::Record { process, partition, offset: cell.offset })))
        });
        let is_open = view.contents.as_ref().is_some_and(|contents| contents.offset == cell.offset);
        html! {
            <g class={classes!("to-open", is_open.then_some("on"))} onclick={open}>
                <g class={classes!(class, hue(view.hue))}>
                    { rect(Area::new(x + 1.0, 1.0, 23.0, 24.0), 4.0, "") }{ key(cell.glyph, Area::new(x + 3.5, 4.0, 18.0, 18.0)) }
                </g>
                { line((x + 12.5, 36.0), "x n mid i3", cell.offset.to_string()) }
            </g>
        }
    };
    html! {
        <div class="segment">
            <div><code>{ one.file.clone() }</code><small class={one.active.then_some("c-ok")}>{ one.note.clone() }</small></div>
            <svg width="288" height="40" viewBox="0 0 288 40" aria-hidden="true">{ for shown.iter().enumerate().map(cell) }</svg>
        </div>
    }
}

/// The chosen record: its numbers, what it says where it is Kafka's own, and its bytes.
fn opened(contents: &ContentsView, props: &InspectorProps) -> Html {
    let words = &props.words.contents;
    let go = |thing: &Option<Thing>, name: &'static str, sign: &'static str| {
        let act = thing.clone().map(|thing| send(&props.act, PageIntent::Select(Some(thing))));
        html! { <button class="btn quiet" aria-label={name} title={name} disabled={thing.is_none()} onclick={act}>{ sign }</button> }
    };
    html! {
        <section class="contents" aria-label={contents.title.clone()}>
            <h3>{ contents.title.clone() }{ go(&contents.before, words.before, "‹") }{ go(&contents.after, words.after, "›") }</h3>
            { properties(&contents.rows) }
            { sections(&contents.decoded) }
            { for contents.bytes.iter().map(bytes) }
            if !contents.way.is_empty() {
                <h3>{ words.way_title }</h3>
                <ol class="way">{ for contents.way.iter().map(|step| html! { <li>{ step.clone() }</li> }) }</ol>
            }
            { for contents.tries.iter().map(|(title, refusal)| html! {
                <details class="note" key={*title}><summary><b>{ *title }</b></summary><p>{ refusal.clone() }</p></details>
            }) }
        </section>
    }
}

fn bytes(view: &BytesView) -> Html {
    let row = |line: &HexLine| format!("{}  {:<23}  {}\n", line.at, line.hex, line.letters);
    html! {
        <>
            <h3>{ view.title.clone() }{ " " }<small>{ view.size.clone() }</small></h3>
            if !view.text.is_empty() { <p class="mono">{ view.text.clone() }</p> }
            if !view.lines.is_empty() { <pre class="hex" tabindex="0" aria-label={view.title.clone()}>{ for view.lines.iter().map(row) }</pre> }
            if !view.more.is_empty() { <p class="muted">{ view.more.clone() }</p> }
        </>
    }
}

fn readers(list: &[ReaderView], words: Words) -> Html {
    let columns = words.page.reader_columns;
    let reader = |reader: &ReaderView| {
        html! {
            <tr><td>{ reader.group.clone() }</td><td class="n">{ reader.committed.clone() }</td>
                <td class="n">{ reader.position.clone() }</td><td class="n">{ reader.lag.clone() }</td></tr>
        }
    };
    html! {
        <>
            <h3>{ words.page.readers }</h3>
            <table class="plain">
                <thead><tr><th scope="col">{ columns[0] }</th>{ for columns[1..].iter().map(|name| html! { <th scope="col" class="n">{ *name }</th> }) }</tr></thead>
                <tbody>{ for list.iter().map(reader) }</tbody>
            </table>
        </>
    }
}

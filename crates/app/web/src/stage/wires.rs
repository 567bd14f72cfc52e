//! Connections, ribbons, replication lines and remarks: what lies between the cards and lanes.

use view::{CalloutTone, CalloutView, CopyView, Port, RibbonState, RibbonView, StageView, WireState, WireView};
use yew::prelude::*;

use super::geometry::{Area, Path, num, point};
use super::layout::{Density, Layout};
use super::parts::{hue, rect, text};

/// All client connections; idle ones below live ones.
pub fn wires(stage: &StageView, layout: &Layout) -> Html {
    let rank = |wire: &&WireView| wire.state != WireState::Idle;
    let idle = stage.wires.iter().filter(|wire| !rank(wire));
    let busy = stage.wires.iter().filter(rank);
    idle.chain(busy).map(|wire| one_wire(wire, layout)).collect()
}

fn one_wire(wire: &WireView, layout: &Layout) -> Html {
    let to = match &wire.partition {
        Some(partition) => Port::RowIn(wire.broker, partition.clone()),
        None => Port::Broker(wire.broker),
    };
    let Some(path) = layout.path(&Port::Producer(wire.producer), &to) else {
        return Html::default();
    };
    let d = path.svg();
    match wire.state {
        WireState::Idle => html! { <path class="wire" {d} /> },
        WireState::Live => html! { <g class={hue(wire.hue)}><path class="wire live" {d} /></g> },
        WireState::New => html! { <path class="wire new" {d} /> },
        WireState::Stale => stale(&path, d),
        WireState::Closed => closed(&path, d),
    }
}

fn ring(path: &Path, share: f64, class: &'static str) -> Html {
    let at = path.at(share).at;
    html! { <circle class={classes!("wire-end", class)} cx={num(at.x)} cy={num(at.y)} r="4" /> }
}

fn stale(path: &Path, d: String) -> Html {
    html! { <><path class="wire wait" {d} />{ ring(path, 0.42, "warn") }</> }
}

fn closed(path: &Path, d: String) -> Html {
    html! {
        <>
            <path class="wire cut" d={d.clone()} pathLength="100" stroke-dasharray="40 200" />
            <path class="wire cut" {d} pathLength="100" stroke-dasharray="0 62 38 10" />
            { ring(path, 0.4, "bad") }
            { ring(path, 0.62, "bad") }
        </>
    }
}

/// All ribbons, below the members' names.
pub fn ribbons(stage: &StageView, layout: &Layout) -> Html {
    stage.ribbons.iter().map(|ribbon| one_ribbon(ribbon, layout)).collect()
}

fn band(path: &Path, class: &'static str) -> Html {
    let d = path.svg();
    html! { <><path class={classes!("ribbon-e", class)} d={d.clone()} /><path class={classes!("ribbon", class)} {d} /></> }
}

fn one_ribbon(ribbon: &RibbonView, layout: &Layout) -> Html {
    let partition = &ribbon.partition;
    match &ribbon.state {
        RibbonState::Owned { broker, member } => {
            let Some(path) = layout.ribbon(*broker, *member, partition) else { return Html::default() };
            html! { <g class={hue(ribbon.hue)}>{ band(&path, "") }</g> }
        }
        RibbonState::NoLeader { member } => {
            let Some(end) = layout.port(&Port::Slot(*member, partition.clone())) else { return Html::default() };
            let start = point(end.x - 82.0, end.y + 11.0);
            html! {
                <>
                    { band(&Path::s_curve(start, end), "hung") }
                    { text(start.x - 10.0, start.y + 34.0, "x f-off", ribbon.text.clone()) }
                </>
            }
        }
        RibbonState::Nobody { broker } => {
            let Some(start) = layout.port(&Port::RowOut(*broker, partition.clone())) else { return Html::default() };
            let edge = point(layout.lane(*broker).map_or(start.x, |lane| lane.area.right()), start.y);
            let tip = point(edge.x + 64.0, edge.y + 16.0);
            let path = Path::lines(&[start, edge]).then(Path::s_curve(edge, tip));
            html! {
                <>
                    { band(&path, "hung") }
                    { text(tip.x + 12.0, tip.y + 22.0, "x f-off end", ribbon.text.clone()) }
                </>
            }
        }
    }
}

/// The replication lines that carry something.
pub fn copies(stage: &StageView, layout: &Layout) -> Html {
    let line = |copy: &CopyView| {
        let from = Port::RowCopy(copy.leader, copy.partition.clone());
        let to = Port::RowCopy(copy.follower, copy.partition.clone());
        let path = layout.path(&from, &to)?;
        Some(html! { <g class={hue(copy.hue)}><path class="repl live" d={path.svg()} /></g> })
    };
    stage.copies.iter().filter_map(line).collect()
}

/// Remarks in the free space at the right end of a row.
pub fn callouts(stage: &StageView, layout: &Layout) -> Html {
    let remark = |callout: &CalloutView| {
        let lane = layout.lane(callout.broker)?;
        if lane.density != Density::Full {
            return None;
        }
        let row = layout.row(callout.broker, &callout.partition)?;
        Some(one_callout(callout, lane.area.right() - 14.0, row.y))
    };
    stage.callouts.iter().filter_map(remark).collect()
}

fn one_callout(callout: &CalloutView, right: f64, y: f64) -> Html {
    let longest = callout.strong.chars().count().max(callout.rest.chars().count());
    let width = 22.0 + 6.0 * longest as f64;
    let (class, tone) = match callout.tone {
        CalloutTone::Plain => ("call", ""),
        CalloutTone::Warning => ("call warn", " f-warn"),
        CalloutTone::Metadata => ("call meta", " f-meta"),
    };
    let (height, first) = if callout.rest.is_empty() { (24.0, 16.0) } else { (36.0, 14.0) };
    let area = Area::new(right - width, y - height / 2.0, width, height);
    html! {
        <>
            <g {class}>{ rect(area, 6.0, "") }</g>
            { text(area.x + 10.0, area.y + first, format!("x b{tone}"), callout.strong.clone()) }
            { text(area.x + 10.0, area.y + 29.0, "x i2", callout.rest.clone()) }
        </>
    }
}

/// The paths by which decisions and heartbeats travel.
pub fn decisions(stage: &StageView, layout: &Layout) -> Html {
    if !stage.details {
        return Html::default();
    }
    let line = |lane: &super::layout::Lane| {
        let path = layout.decision(lane.process)?;
        Some(html! { <path class="metaw" d={path.svg()} /> })
    };
    layout.lanes.iter().filter_map(line).collect()
}

//! Connections of producers, replication lines, decisions and remarks: thin lines between the cards and lanes.

use std::rc::Rc;

use view::{CalloutTone, CalloutView, CopyView, Port, ProcessId, WireState, WireView};

use super::Stand;
use super::parts::{hue, rect, text};
use super::pieces::{MICRO, circle, group, path};
use crate::geometry::{Area, Path};
use crate::mark::{Mark, Part};
use crate::measure;
use crate::plan::CALLOUT;
use crate::room::Step;

/// More lanes than these get no line of their own for decisions.
const DECISIONS: usize = 12;

/// All client connections; idle ones below live ones.
pub fn wires(stand: &Stand<'_>) -> Rc<Part> {
    let mut wires: Vec<WireView> = Vec::new();
    for wire in &stand.stage.wires {
        let wire = bundled(stand, wire);
        let same = |known: &&mut WireView| {
            (known.producer, known.broker, &known.partition) == (wire.producer, wire.broker, &wire.partition)
        };
        match wires.iter_mut().find(same) {
            Some(known) if rank(wire.state) > rank(known.state) => *known = wire,
            Some(_) => {}
            None => wires.push(wire),
        }
    }
    base::sort_by_key(&mut wires, |wire| rank(wire.state));
    Part::new("wires", wires.iter().flat_map(|wire| one_wire(wire, stand)).collect())
}

/// Where rows are thin lines, all of a card's wires to a broker are one, as busy as the busiest.
fn bundled(stand: &Stand<'_>, wire: &WireView) -> WireView {
    let card = stand.places.producer(wire.producer).map_or(wire.producer, |card| card.process);
    let rows = stand.places.lane(wire.broker).is_none_or(|lane| lane.step <= Step::Strips);
    let partition = wire.partition.clone().filter(|_| rows);
    WireView { producer: card, partition, ..wire.clone() }
}

fn rank(state: WireState) -> u8 {
    match state {
        WireState::Idle => 0,
        WireState::Live => 1,
        WireState::New => 2,
        WireState::Stale => 3,
        WireState::Closed => 4,
    }
}

/// The marks of a wire on its way.
pub fn one_wire(wire: &WireView, stand: &Stand<'_>) -> Vec<Mark> {
    let to = match &wire.partition {
        Some(partition) => Port::RowIn(wire.broker, partition.clone()),
        None => Port::Broker(wire.broker),
    };
    let Some(way) = stand.places.path(&Port::Producer(wire.producer), &to) else { return Vec::new() };
    match wire.state {
        WireState::Idle => vec![path(&way, "wire")],
        WireState::Live => vec![group("", hue(wire.hue), vec![path(&way, "wire live")])],
        WireState::New => vec![path(&way, "wire new")],
        WireState::Stale => vec![path(&way, "wire wait"), ring(&way, 0.42, "wire-end warn")],
        WireState::Closed => torn(&way, "wire cut"),
    }
}

fn ring(way: &Path, share: f64, class: &'static str) -> Mark {
    circle(way.at(share).at, 4.0, class)
}

/// A way with a gap between two rings.
pub fn torn(way: &Path, class: &'static str) -> Vec<Mark> {
    let (one, other) = (way.part(0.0, 0.4), way.part(0.62, 1.0));
    vec![path(&one, class), path(&other, class), ring(way, 0.4, "wire-end bad"), ring(way, 0.62, "wire-end bad")]
}

/// The replication lines that carry something.
pub fn copies(stand: &Stand<'_>) -> Rc<Part> {
    let has_row = |process: ProcessId| stand.places.lane(process).is_some_and(|lane| lane.step <= Step::Strips);
    let line = |copy: &CopyView| {
        if !has_row(copy.leader) || !has_row(copy.follower) {
            return None;
        }
        let from = Port::RowCopy(copy.leader, copy.partition.clone());
        let to = Port::RowCopy(copy.follower, copy.partition.clone());
        let way = stand.places.path(&from, &to)?;
        Some(group("", hue(copy.hue), vec![path(&way, "repl live")]))
    };
    Part::new("copies", stand.stage.copies.iter().filter_map(line).collect())
}

/// The paths by which decisions and heartbeats travel.
pub fn decisions(stand: &Stand<'_>) -> Rc<Part> {
    let lanes = &stand.places.lanes;
    let shown = stand.stage.details && lanes.len() <= DECISIONS;
    let lines = lanes.iter().filter(|_| shown).filter_map(|lane| stand.places.decision(lane.process));
    Part::new("decisions", lines.map(|way| path(&way, "metaw")).collect())
}

/// Remarks in the free space at the right end of a row: in two lines beside full cells, in one beside lower ones.
pub fn callouts(stand: &Stand<'_>) -> Rc<Part> {
    let remark = |callout: &CalloutView| {
        let lane = stand.places.lane(callout.broker)?;
        let row = stand.places.row(callout.broker, &callout.partition)?;
        // In the last column only: in the others there is another row beside it.
        let last = lane.rows.iter().map(|(_, at)| at.x).fold(0.0, f64::max);
        if row.x < last {
            return None;
        }
        let right = lane.area.right() - 14.0;
        match lane.step {
            Step::Cells => Some(two_lines(callout, right, row.y)),
            Step::Strips => Some(one_line(callout, (right, row.y), lane.row_size.1)),
            Step::Lines | Step::Brokers | Step::Bars => None,
        }
    };
    let marks = stand.stage.callouts.iter().filter_map(remark).flatten().collect();
    Part::new("callouts", vec![group("under-pointer", "", marks)])
}

fn classes(tone: CalloutTone) -> (&'static str, &'static str) {
    match tone {
        CalloutTone::Plain => ("call", ""),
        CalloutTone::Warning => ("call warn", "f-warn"),
        CalloutTone::Metadata => ("call meta", "f-meta"),
    }
}

fn two_lines(callout: &CalloutView, right: f64, y: f64) -> Vec<Mark> {
    let (class, color) = classes(callout.tone);
    let (strong, rest) = (MICRO.strong().color(color), MICRO.color("i2"));
    let longest = measure::width(&callout.strong, strong).max(measure::width(&callout.rest, rest));
    let width = (20.0 + longest).min(CALLOUT);
    let (height, first) = if callout.rest.is_empty() { (24.0, 16.0) } else { (36.0, 14.0) };
    let area = Area::new(right - width, y - height / 2.0, width, height);
    let room = width - 20.0;
    let mut marks = vec![
        group(class, "", vec![rect(area, 6.0, "")]),
        text(area.x + 10.0, area.y + first, strong, &callout.strong, room),
    ];
    if !callout.rest.is_empty() {
        marks.push(text(area.x + 10.0, area.y + 29.0, rest, &callout.rest, room));
    }
    marks
}

fn one_line(callout: &CalloutView, (right, y): (f64, f64), pitch: f64) -> Vec<Mark> {
    let (class, color) = classes(callout.tone);
    let words = format!("{} {}", callout.strong, callout.rest);
    let strong = MICRO.strong().color(color);
    let width = (14.0 + measure::width(words.trim_end(), strong)).min(CALLOUT);
    let height = (pitch - 2.0).min(18.0);
    let area = Area::new(right - width, y - height / 2.0, width, height);
    vec![
        group(class, "", vec![rect(area, 4.0, "")]),
        text(area.x + 7.0, y + 4.0, strong, words.trim_end(), width - 14.0),
    ]
}

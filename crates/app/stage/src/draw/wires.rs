//! Connections of producers, replication lines and decisions: thin lines between the cards and lanes.

use std::rc::Rc;

use view::{CopyView, DecisionState, Port, ProcessId, WireState, WireView};

use super::Stand;
use super::parts::hue;
use super::pieces::{circle, group, path};
use crate::geometry::Path;
use crate::mark::{Mark, Part};
use crate::room::{Step, opened_crowd};

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
    let own = || stand.places.producer(wire.producer).map_or(wire.producer, |card| card.process);
    let card = shared(stand, wire.producer).unwrap_or_else(own);
    let rows = stand.places.lane(wire.broker).is_none_or(|lane| lane.step <= Step::Strips);
    let partition = wire.partition.clone().filter(|_| rows);
    WireView { producer: card, partition, ..wire.clone() }
}

/// Of producers that share an opened card only the one that is looked at has wires of its own: of forty nobody could follow
/// one. The card is found by the first of them.
fn shared(stand: &Stand<'_>, producer: ProcessId) -> Option<ProcessId> {
    let crowd = stand.stage.crowds.get(opened_crowd(stand.stage).filter(|_| !stand.places.gathered.is_empty())?)?;
    let is_looked_at = |view: &std::rc::Rc<view::ProducerView>| view.process == producer && view.selected;
    let others = crowd.members.contains(&producer) && !stand.stage.producers.iter().any(is_looked_at);
    crowd.members.first().filter(|_| others).copied()
}

/// The most telling wire of several in one place is drawn last.
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
    // One of its ends is not on the picture.
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
    let drawn = stand.stage.copies.iter().filter(|copy| has_row(copy.leader) && has_row(copy.follower));
    Part::new("copies", drawn.filter_map(|copy| one_copy(copy, stand)).collect())
}

/// From the leader's row to the follower's.
pub fn one_copy(copy: &CopyView, stand: &Stand<'_>) -> Option<Mark> {
    let from = Port::RowCopy(copy.leader, copy.partition.clone());
    let to = Port::RowCopy(copy.follower, copy.partition.clone());
    let way = stand.places.path(&from, &to)?;
    Some(group("", hue(copy.hue), vec![path(&way, "repl live")]))
}

/// The paths by which decisions and heartbeats travel: in detail, and while a decision is under way.
pub fn decisions(stand: &Stand<'_>) -> Rc<Part> {
    let lanes = &stand.places.lanes;
    let in_state = |state: DecisionState| stand.stage.controllers.log.iter().filter(move |cell| cell.state == state);
    // One record alone that is not committed is mostly a no-op, and those come all the time.
    let decided = in_state(DecisionState::Open).count() > 1 || in_state(DecisionState::Fresh).count() > 0;
    let shown = (stand.stage.details || decided) && lanes.len() <= DECISIONS && stand.places.step <= Step::Lines;
    let lines = lanes.iter().filter(|_| shown).filter_map(|lane| stand.places.decision(lane.process));
    Part::new("decisions", lines.map(|way| path(&way, "metaw")).collect())
}

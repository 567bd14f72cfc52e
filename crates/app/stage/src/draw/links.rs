//! Links that are cut, delayed or stalled: torn or dashed lines with a word and a button that heals them.

use std::rc::Rc;

use view::{LinkEnd, LinkState, LinkView, LinkWay, Port, ProcessId};

use super::Stand;
use super::labels::Labels;
use super::parts::{rect, text};
use super::pieces::{MICRO, path, symbol};
use super::wires::torn;
use crate::geometry::Between;
use crate::geometry::{Area, Path, Point, point};
use crate::mark::{Button, Mark, Part, Press, Spelling};
use crate::measure;

/// The button's box: its height, and what it needs beside the words.
const HEIGHT: f64 = 24.0;
/// Wide enough for a finger.
const SIGN: f64 = 22.0;

/// All bad links; buttons lie over all lines.
pub fn part(stand: &Stand<'_>, labels: &mut Labels) -> Rc<Part> {
    if stand.stage.links.is_empty() { Part::new("links", Vec::new()) } else { bad(stand, labels) }
}

// A function of its own, so that it can come after the opening.
#[inline(never)]
fn bad(stand: &Stand<'_>, labels: &mut Labels) -> Rc<Part> {
    let ways: Vec<(&LinkView, Way)> =
        stand.stage.links.iter().filter_map(|link| Some((link, way(stand, link)?))).collect();
    let mut marks: Vec<Mark> = ways.iter().flat_map(|(link, way)| line(link, way)).collect();
    for (index, (link, way)) in ways.iter().enumerate() {
        marks.extend(button(link, (way, index), (stand, labels)));
    }
    Part::new("links", marks)
}

/// Where only one partition has room: the lines, and the buttons below everything, each with its whole sentence.
pub fn in_rows(stand: &Stand<'_>, rows: &[Area]) -> Rc<Part> {
    let ways = stand.stage.links.iter().filter_map(|link| Some((link, way(stand, link)?)));
    let mut marks: Vec<Mark> = ways.flat_map(|(link, way)| line(link, &way)).collect();
    let links = stand.stage.links.iter().zip(rows).enumerate();
    marks.extend(links.map(|(index, (link, row))| heal(link, index, (*row, &link.label))));
    Part::new("links", marks)
}

/// What a link is drawn along.
enum Way {
    Between(Path),
    /// Many links of one process: a sign where it stands.
    At(Point),
}

/// What a process is on the stage.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Controller,
    Producer,
    Broker,
    Member,
}

/// What stands at that end; `None`: it is not on the picture.
fn kind(stand: &Stand<'_>, process: ProcessId) -> Option<Kind> {
    let places = &stand.places;
    if places.lane(process).is_some() {
        Some(Kind::Broker)
    } else if places.controllers.iter().any(|(id, _)| *id == process) {
        Some(Kind::Controller)
    } else if places.producer(process).is_some() {
        Some(Kind::Producer)
    } else {
        places.group_of(process).map(|_| Kind::Member)
    }
}

/// Along which line the link is drawn.
fn way(stand: &Stand<'_>, link: &LinkView) -> Option<Way> {
    let near = kind(stand, link.from)?;
    let LinkEnd::One(to) = link.to else {
        return stand.places.port(&hub(near, link.from)).map(Way::At);
    };
    // The other end may have no place here.
    let Some(far) = kind(stand, to) else { return stand.places.port(&hub(near, link.from)).map(Way::At) };
    let (one, other) = facing((near, link.from), (far, to));
    match stand.places.path(&one, &other) {
        Some(path) => Some(Way::Between(path)),
        None => stand.places.port(&hub(near, link.from)).map(Way::At),
    }
}

/// Where links of it begin.
fn hub(kind: Kind, process: ProcessId) -> Port {
    match kind {
        Kind::Controller => Port::Controller(process),
        Kind::Producer => Port::Producer(process),
        Kind::Broker => Port::Lane(process),
        Kind::Member => Port::Member(process),
    }
}

/// The sides that two processes turn to each other.
fn facing(one: (Kind, ProcessId), other: (Kind, ProcessId)) -> (Port, Port) {
    let port = |(kind, process): (Kind, ProcessId), far: Kind| match (kind, far) {
        (Kind::Broker, Kind::Producer) => Port::Broker(process),
        (Kind::Broker, Kind::Controller | Kind::Broker | Kind::Member) => Port::Lane(process),
        (Kind::Controller | Kind::Producer | Kind::Member, _) => hub(kind, process),
    };
    (port(one, other.0), port(other, one.0))
}

/// Torn where it is cut, and not by colour alone; with an arrow where only one direction is concerned.
fn line(link: &LinkView, way: &Way) -> Vec<Mark> {
    let Way::Between(way) = way else { return Vec::new() };
    let mut marks = match link.state {
        LinkState::Cut => torn(way, "wire cut"),
        LinkState::Delayed(_) => vec![path(way, "wire wait late")],
        LinkState::Stalled(_) | LinkState::Held(_) | LinkState::Lost(..) => vec![path(way, "wire wait")],
    };
    match link.way {
        LinkWay::Both => {}
        LinkWay::Onward => marks.push(arrow(way, (0.84, 0.86))),
        LinkWay::Backward => marks.push(arrow(way, (0.16, 0.14))),
    }
    marks
}

/// A point that shows the only direction in which it is so.
fn arrow(way: &Path, (from, to): (f64, f64)) -> Mark {
    let (from, to) = (way.at(from).at, way.at(to).at);
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let long = dx.hypot(dy).max(0.001);
    let (dx, dy) = (dx / long * 6.0, dy / long * 6.0);
    let wing = |side: f64| point(to.x - dx - dy * side, to.y - dy + dx * side);
    path(&Path::lines(&[wing(0.8), to, wing(-0.8)]), "link-way")
}

/// Heals it; `None` where there is no room for it.
fn button(link: &LinkView, (way, index): (&Way, usize), (stand, labels): (&Stand<'_>, &mut Labels)) -> Option<Mark> {
    let words = measure::width(&link.words, spelling(link));
    let with = |width: f64| spots(way, (stand, width));
    // Without the words where there is no room for both: the button says them to whoever asks.
    let place = labels
        .place(with(words + SIGN + 12.0))
        .map(|area| (area, &*link.words))
        .or_else(|| labels.place(with(HEIGHT)).map(|area| (area, "")))?;
    Some(heal(link, index, place))
}

fn spelling(link: &LinkView) -> Spelling {
    MICRO.strong().color(match link.state {
        LinkState::Cut => "f-bad",
        LinkState::Delayed(_) | LinkState::Stalled(_) | LinkState::Held(_) | LinkState::Lost(..) => "f-warn",
    })
}

/// The button with these words on it; it says them all to whoever asks.
fn heal(link: &LinkView, index: usize, (area, words): (Area, &str)) -> Mark {
    let room = (area.width - SIGN - 11.0).max(0.0);
    let mut marks =
        vec![rect(area, 6.0, "heal"), text(area.x + 7.0, area.middle().y + 4.0, spelling(link), words, room)];
    let sign = Area::new(area.right() - 19.0, area.middle().y - 7.0, 14.0, 14.0);
    marks.push(symbol("again", sign, "accent"));
    Mark::Button(Button {
        press: Press::Heal(link.heal.clone()),
        label: format!("{} {}", link.label, link.heal_label),
        name: format!("heal-{index}"),
        area,
        class: "",
        pressed: None,
        marks,
    })
}

/// Where the button may stand: along the way, first in its middle; always inside the stage and outside the lanes.
fn spots<'a>(way: &'a Way, (stand, width): (&'a Stand<'_>, f64)) -> impl Iterator<Item = Area> + 'a {
    let shares = [0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92];
    let along = shares.into_iter().filter_map(move |share| match way {
        Way::Between(path) => Some(path.at(share).at),
        Way::At(_) => None,
    });
    let around = [0.0, 26.0, -26.0, 52.0, -52.0].into_iter().filter_map(move |down| match way {
        Way::Between(_) => None,
        Way::At(at) => Some(point(at.x, at.y + down)),
    });
    let size = (stand.plan.width, stand.plan.height);
    let boxed = move |at: Point| {
        let x = (at.x - width / 2.0).between(2.0, (size.0 - width - 2.0).max(2.0));
        let y = (at.y - HEIGHT / 2.0).between(2.0, (size.1 - HEIGHT - 2.0).max(2.0));
        Area::new(x, y, width, HEIGHT)
    };
    let near = move |at: Point| beside(boxed(at), at, stand);
    along.chain(around).flat_map(near).filter(move |area| is_clear(area, stand))
}

/// The place itself, and moved out of the lanes into the nearer gap.
fn beside(area: Area, at: Point, stand: &Stand<'_>) -> [Area; 2] {
    let lanes = &stand.plan.lanes;
    let is_right = at.x > lanes.x + lanes.width / 2.0;
    let x = if is_right { lanes.x + lanes.width + 2.0 } else { lanes.x - 2.0 - area.width };
    [area, Area { x, ..area }]
}

/// Nothing that is read or pressed stands there: no lane, card, frame or controller.
fn is_clear(area: &Area, stand: &Stand<'_>) -> bool {
    let places = stand.places;
    let solid = places.lanes.iter().map(|lane| lane.area);
    let cards = places.producers.iter().map(|card| card.area).chain(places.groups.iter().map(|frame| frame.area));
    let covered = |other: Area| super::labels::overlap(area, &other);
    !solid.chain(cards).chain([stand.plan.controllers]).any(covered)
        && area.x >= 0.0
        && area.right() <= stand.plan.width
}

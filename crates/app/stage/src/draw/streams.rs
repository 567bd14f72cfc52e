//! Records as streams where lanes are one line each: as wide as the square root of what flows, stacked at both ends.

use std::rc::Rc;

use view::{StreamEnd, StreamView};

use super::Stand;
use super::ribbons::{Flow, flows};
use crate::geometry::{Area, Between, point};
use crate::mark::Part;

/// The width of a stream of one record a second, and the most of any.
const WIDTH: (f64, f64) = (0.45, 16.0);
/// Thinner than that nobody sees it.
const LEAST: f64 = 1.2;

/// One end of a stream: where it meets its owner, and how much of the edge it may take.
#[derive(Clone, Copy, PartialEq)]
struct Shore {
    x: f64,
    middle: f64,
    room: f64,
}

/// What flows between two ends.
struct Stream<'a> {
    view: &'a StreamView,
    shores: [Shore; 2],
    width: f64,
    /// The middle of its place in the stack at either end.
    at: [f64; 2],
}

/// All streams.
pub fn part(stand: &Stand<'_>) -> Rc<Part> {
    if stand.stage.streams.is_empty() { Part::new("streams", Vec::new()) } else { flowing(stand) }
}

// A function of its own, so that it can come after the opening.
#[inline(never)]
fn flowing(stand: &Stand<'_>) -> Rc<Part> {
    let stream = |view: &'_ StreamView| {
        let shores = [shore(stand, &view.from, Side::Right)?, shore(stand, &view.to, Side::Left)?];
        let width = ((view.records as f64).sqrt() * WIDTH.0).between(LEAST, WIDTH.1);
        Some((shores, width))
    };
    let flowing = stand.stage.streams.iter().filter(|stream| stream.records > 0);
    let mut streams: Vec<Stream<'_>> = flowing
        .filter_map(|view| {
            let (shores, width) = stream(view)?;
            Some(Stream { view, shores, width, at: [0.0; 2] })
        })
        .collect();
    for end in [0, 1] {
        narrow(&mut streams, end);
    }
    for end in [0, 1] {
        stack(&mut streams, end);
    }
    let band = |stream: &Stream<'_>| {
        let [one, other] = stream.shores;
        let (from, to) = (point(one.x, stream.at[0]), point(other.x, stream.at[1]));
        Flow { from, to, width: stream.width, hue: stream.view.hue }
    };
    Part::new("streams", flows(streams.iter().map(band)))
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// Where a stream leaves or reaches its end.
fn shore(stand: &Stand<'_>, end: &StreamEnd, side: Side) -> Option<Shore> {
    let area = match end {
        StreamEnd::Crowd(index) => {
            // The card that they share, or all of theirs.
            let members = stand.stage.crowds.get(*index)?.members.iter();
            members.filter_map(|member| Some(stand.places.producer(*member)?.area)).reduce(around)?
        }
        StreamEnd::Broker(process) => stand.places.lane(*process)?.area,
        StreamEnd::Rack(rack) => {
            let lanes = stand.stage.brokers.iter().filter(|broker| broker.rack == *rack);
            let areas = lanes.filter_map(|broker| Some(stand.places.lane(broker.process)?.area));
            areas.reduce(around)?
        }
        StreamEnd::Group(name) => {
            let index = stand.stage.groups.iter().position(|group| group.name == *name)?;
            stand.places.groups.get(index)?.area
        }
    };
    let x = match (end, side) {
        // Streams meet the frame around the lanes, not the line of one broker.
        (StreamEnd::Broker(_) | StreamEnd::Rack(_), Side::Left) => stand.plan.lanes.x,
        (StreamEnd::Broker(_) | StreamEnd::Rack(_), Side::Right) => stand.plan.lanes.x + stand.plan.lanes.width,
        (StreamEnd::Crowd(_) | StreamEnd::Group(_), Side::Left) => area.x,
        (StreamEnd::Crowd(_) | StreamEnd::Group(_), Side::Right) => area.right(),
    };
    Some(Shore { x, middle: area.middle().y, room: (area.height - 2.0).max(2.0) })
}

fn around(one: Area, other: Area) -> Area {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    Area::new(x, y, one.right().max(other.right()) - x, one.bottom().max(other.bottom()) - y)
}

/// The streams that meet at each shore, by their places.
fn meeting(streams: &[Stream<'_>], end: usize) -> Vec<(Shore, Vec<usize>)> {
    let mut shores: Vec<(Shore, Vec<usize>)> = Vec::new();
    for (index, stream) in streams.iter().enumerate() {
        let own = stream.shores[end];
        match shores.iter_mut().find(|(known, _)| *known == own) {
            Some((_, there)) => there.push(index),
            None => shores.push((own, vec![index])),
        }
    }
    shores
}

/// Those that meet at one edge are narrower together where the edge has no room for all.
fn narrow(streams: &mut [Stream<'_>], end: usize) {
    for (shore, there) in meeting(streams, end) {
        let all: f64 = there.iter().map(|index| streams[*index].width).sum();
        let share = (shore.room / all).min(1.0);
        there.iter().for_each(|index| streams[*index].width *= share);
    }
}

/// One below the other, in the order of their far ends, so that they do not cross where they leave.
fn stack(streams: &mut [Stream<'_>], end: usize) {
    for (shore, mut there) in meeting(streams, end) {
        base::sort_by(&mut there, |one, other| {
            let far = |index: &usize| streams[*index].shores[1 - end].middle;
            far(one).total_cmp(&far(other))
        });
        let all: f64 = there.iter().map(|index| streams[*index].width).sum();
        // A little air where there is room for it.
        let air = ((shore.room - all) / there.len() as f64).clamp(0.0, 3.0);
        let mut y = shore.middle - (all + air * (there.len() - 1) as f64) / 2.0;
        for index in there {
            let width = streams[index].width;
            streams[index].at[end] = y + width / 2.0;
            y += width + air;
        }
    }
}

//! Remarks at rows: "HW stays at 9: 2 is still in the ISR". They stand at the right end of a row and hide nothing there: a
//! remark gives way to what its lane says, upwards or downwards, in two lines or in one.

use std::rc::Rc;

use view::{CalloutTone, CalloutView, short_name};

use super::Stand;
use super::below::cover;
use super::labels::Labels;
use super::parts::{rect, text};
use super::pieces::{MICRO, group};
use crate::geometry::{Area, Between, Point};
use crate::mark::{Mark, Part, Spelling};
use crate::measure;
use crate::places::Lane;
use crate::room::Step;

/// The widest remark in two lines, and in one.
const WIDEST: (f64, f64) = (210.0, 330.0);
/// Further from its row than this a remark says whose it is.
const FAR: f64 = 12.0;
/// What the switch in a lane's head takes of its right end.
const SWITCH: f64 = 62.0;

/// All remarks that have room. `below` are the parts that they must not hide.
pub fn part(stand: &Stand<'_>, below: &[Rc<Part>]) -> Rc<Part> {
    let mut taken = Labels::default();
    if !stand.stage.callouts.is_empty() {
        let marks = below.iter().flat_map(|part| &part.marks);
        marks.for_each(|mark| mark.walk(Point::default(), &mut |mark, shift| cover(&mut taken, mark, shift)));
    }
    let remarks = stand.stage.callouts.iter();
    let marks = remarks.filter_map(|remark| one(stand, remark, &mut taken)).flatten().collect();
    Part::new("callouts", vec![group("under-pointer", "", marks)])
}

/// The words of a remark, one line below the other.
struct Said {
    lines: Vec<(String, Spelling)>,
    width: f64,
    height: f64,
}

/// `None`: it would cover what it speaks of, or another remark.
fn one(stand: &Stand<'_>, remark: &CalloutView, taken: &mut Labels) -> Option<Vec<Mark>> {
    let lane = stand.places.lane(remark.broker).filter(|lane| lane.step <= Step::Strips)?;
    let row = stand.places.row(remark.broker, &remark.partition)?;
    let ways = [(two_lines(remark), Near::Yes), (one_line(remark), Near::Yes), (named(remark), Near::No)];
    let fits = |(said, _): &&(Said, Near)| said.height + 4.0 <= lane.area.height;
    let place = |(said, near): &(Said, Near), taken: &mut Labels| taken.place(spots(said, lane, (row, *near)));
    let found = ways.iter().filter(fits).find_map(|way| Some((&way.0, place(way, taken)?)));
    let (said, area) = found?;
    let (class, _) = classes(remark.tone);
    let room = said.width - 20.0;
    let words = said.lines.iter().enumerate().map(|(index, (words, spelling))| {
        let first = area.y + if said.lines.len() > 1 { 14.0 } else { said.height / 2.0 + 4.0 };
        text(area.x + 10.0, first + 15.0 * index as f64, *spelling, words, room)
    });
    Some(vec![group(class, "", std::iter::once(rect(area, 6.0, "")).chain(words).collect())])
}

/// Whether a remark stands at its own row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Near {
    Yes,
    No,
}

/// Of its frame and of its words.
fn classes(tone: CalloutTone) -> (&'static str, &'static str) {
    match tone {
        CalloutTone::Plain => ("call", ""),
        CalloutTone::Warning => ("call warn", "f-warn"),
        CalloutTone::Metadata => ("call meta", "f-meta"),
    }
}

/// As it is where there is room.
fn two_lines(remark: &CalloutView) -> Said {
    let strong = MICRO.strong().color(classes(remark.tone).1);
    let mut lines = vec![(remark.strong.clone(), strong)];
    if !remark.rest.is_empty() {
        lines.push((remark.rest.clone(), MICRO.color("i2")));
    }
    let height = if lines.len() > 1 { 36.0 } else { 24.0 };
    Said::of(lines, height, WIDEST.0)
}

/// As short as it can be.
fn one_line(remark: &CalloutView) -> Said {
    let strong = MICRO.strong().color(classes(remark.tone).1);
    let words = format!("{} {}", remark.strong, remark.rest);
    Said::of(vec![(words.trim_end().to_owned(), strong)], 18.0, WIDEST.1)
}

/// The same with its partition: it stands where it could be taken for another row's.
fn named(remark: &CalloutView) -> Said {
    let strong = MICRO.strong().color(classes(remark.tone).1);
    let words = format!("{}: {} {}", short_name(&remark.partition, 14), remark.strong, remark.rest);
    Said::of(vec![(words.trim_end().to_owned(), strong)], 18.0, WIDEST.1)
}

impl Said {
    fn of(lines: Vec<(String, Spelling)>, height: f64, widest: f64) -> Said {
        let longest = lines.iter().map(|(words, spelling)| measure::width(words, *spelling)).fold(0.0, f64::max);
        Said { lines, width: (20.5 + longest).min(widest), height }
    }
}

/// At the right end of the row, then above and below it, inside the lane; far from the row also left of the switch.
fn spots(said: &Said, lane: &Lane, (row, near): (Point, Near)) -> impl Iterator<Item = Area> {
    let (area, size) = (lane.area, (said.width, said.height));
    let from = if near == Near::Yes { 0.0 } else { FAR };
    let steps = if near == Near::Yes { 5 } else { 48 };
    let asides: &[f64] = if near == Near::Yes { &[0.0] } else { &[0.0, SWITCH] };
    asides.iter().flat_map(move |aside| {
        (0..steps).map(move |step: i32| {
            let by = from + f64::from((step + 1) / 2) * 6.0;
            let by = if step % 2 == 0 { by } else { -by };
            let lowest = (area.bottom() - size.1 - 2.0).max(area.y + 2.0);
            let y = (row.y - size.1 / 2.0 + by).between(area.y + 2.0, lowest);
            Area::new(area.right() - 14.0 - aside - size.0, y, size.0, size.1)
        })
    })
}

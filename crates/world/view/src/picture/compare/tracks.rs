//! Both runs' lines on one axis.

use base::{Span, Time};
use lab::{Beside, Lab, Looked};

use super::super::cluster::Cluster;
use super::super::timeline::{marks_of, weight};
use super::Side;
use crate::text::{Text, duration};
use crate::tracks::place;
use crate::{CompareSide, MarkKind, MarkView, Permille, ShortView, TrackView, TracksView};

/// Marks of one run that are drawn.
const MARKS: usize = 8;
/// A piece without a mark that takes longer is drawn with a dashed core.
const LONG: Span = Span::from_secs(1);
/// A piece of this length is twice as wide as one of none; each doubling adds as much.
const UNIT: Span = Span::from_millis(10);
/// The axis ends on a full multiple of this after what was seen.
const ROUND: Span = Span::from_secs(5);

/// A mark that may be drawn.
type Known = (Time, MarkKind, String);

/// Both lines, from a little before they part to the latest instant that was seen of either.
pub(super) fn tracks(
    lab: &Lab,
    both: &[Side<'_>; 2],
    (beside, sides, text): (&Beside, &[CompareSide; 2], &Text),
) -> TracksView {
    let history = lab.history();
    let found = match beside.looked() {
        Looked::Found(found) => Some(found.at),
        Looked::UnderWay(_) | Looked::Alike(_) | Looked::Forgotten => None,
    };
    let parted = history.parting(history.current().max(beside.index()));
    let seen = both.iter().map(|side| side.branch.seen_until).fold(lab.now(), Time::max);
    let begin = found.into_iter().chain(parted).fold(seen, Time::min);
    let begin = Time(begin.0.saturating_sub(Span::from_secs(1).0));
    let end = Time((seen.0 / ROUND.0 + 1) * ROUND.0);
    let known = both.each_ref().map(|side| chosen(side, (begin, seen), text));
    let mut instants: Vec<Time> = known.iter().flatten().map(|(at, ..)| *at).chain(found).chain([begin, end]).collect();
    base::sort(&mut instants);
    instants.dedup();
    let axis = axis(&instants);
    let shared = |mark: &Known, other: &[Known]| other.contains(mark);
    let views = |marks: Vec<&Known>| {
        let view = |(time, kind, text): &Known| MarkView {
            time: *time,
            at: place(&axis, *time),
            kind: *kind,
            text: text.clone(),
        };
        marks.into_iter().map(view).collect::<Vec<MarkView>>()
    };
    let track = |index: usize| TrackView {
        name: format!("{} {}", sides[index].name, sides[index].title),
        marks: views(known[index].iter().filter(|mark| !shared(mark, &known[1 - index])).collect()),
        known: place(&axis, both[index].branch.seen_until),
    };
    TracksView {
        tracks: [track(0), track(1)],
        both: views(known[0].iter().filter(|mark| shared(mark, &known[1])).collect()),
        short: short(&axis, seen, text),
        playhead: place(&axis, lab.now()),
        now_text: lab.now().to_string(),
        difference: found.map(|at| place(&axis, at)),
        value_text: (text.page.position_of)(&lab.now().to_string(), &seen.to_string()),
        axis,
    }
}

/// The weightiest marks of a run between two instants, in order of time.
fn chosen(side: &Side<'_>, (begin, seen): (Time, Time), text: &Text) -> Vec<Known> {
    let cluster = Cluster::of(side.part());
    let mut marks = marks_of(side.branch, &cluster, (text, Some(begin)));
    marks.retain(|(at, ..)| *at <= seen);
    base::sort_by_key(&mut marks, |(at, kind, _)| (std::cmp::Reverse(weight(*kind)), *at));
    marks.truncate(MARKS);
    base::sort_by_key(&mut marks, |(at, ..)| *at);
    marks
}

/// Pieces as wide as the logarithm of what they take.
fn axis(instants: &[Time]) -> Vec<(Permille, Time)> {
    let width = |pair: &[Time]| 64 + fine_log(1 + pair[1].since(pair[0]).0 / UNIT.0);
    let total: u64 = instants.windows(2).map(width).sum();
    let mut so_far = 0;
    let mut axis: Vec<(Permille, Time)> = instants.first().map(|first| (0, *first)).into_iter().collect();
    for pair in instants.windows(2) {
        so_far += width(pair);
        axis.push(((so_far * 1_000 / total.max(1)) as Permille, pair[1]));
    }
    axis
}

/// 64 times the logarithm to base 2, straight between powers: the same on every machine.
fn fine_log(number: u64) -> u64 {
    let whole = u64::from(number.ilog2());
    let rest = number - (1 << whole);
    whole * 64 + ((u128::from(rest) * 64) >> whole) as u64
}

fn short(axis: &[(Permille, Time)], seen: Time, text: &Text) -> Vec<ShortView> {
    let long = |pair: &&[(Permille, Time)]| pair[1].1.since(pair[0].1) >= LONG && pair[1].1 <= seen;
    let view = |pair: &[(Permille, Time)]| ShortView {
        from: pair[0].0,
        to: pair[1].0,
        text: (text.compare.drawn_short)(&duration(pair[1].1.since(pair[0].1))),
    };
    axis.windows(2).filter(long).map(view).collect()
}

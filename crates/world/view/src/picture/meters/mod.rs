//! The room of meters: charts, values at an instant, and the same as text and as CSV. What is told is told by
//! [`lab::Metering`], which runs the branch again.

mod chart;
mod curve;
mod values;

pub use values::{EVERYTHING, csv, lines, misread};

use base::{ProcessId, Span, Time};
use lab::Metering;
use sim::ClusterIndex;
use sim::meters::{Label, Measure, MeterKind, Percentile, Told};

use super::spacetime::process_name;
use super::timeline::weight;
use crate::meters::{ChartBy, ChartOf, MeterMark, MetersChoice, MetersView};
use crate::text::{Text, span_of};
use crate::{MarkKind, Tone};

/// What the room is made of.
pub struct Seen<'a> {
    pub metering: &'a Metering,
    /// That is shown.
    pub cluster: ClusterIndex,
    pub now: Time,
    /// The last instant on the timeline's track.
    pub end: Time,
    pub marks: &'a [(Time, MarkKind, String)],
}

/// Marks that go through the charts at most.
const MARKS: usize = 6;
/// Marks nearer to each other would cover each other's words.
const NEAR: u32 = 900;

/// One line that is told, and what it is called.
pub(super) struct Line {
    pub name: String,
    pub told: Told,
    pub percentile: Percentile,
    /// As `see` lines spell it.
    pub spelled: String,
}

/// The room, of what is told so far.
pub fn meters(seen: &Seen<'_>, choice: &MetersChoice, text: &Text) -> MetersView {
    let words = &text.meters;
    let (from, until) = choice.window.unwrap_or((Time::ZERO, seen.end));
    let scale = Scale { from, until };
    let at = choice.pointed.unwrap_or(seen.now);
    let known = seen.metering.meters();
    let step = span_of(known.step().0).replace(".0", "");
    let note = match (known.until(), known.from()) {
        (told, _) if told + known.step() < seen.now.min(until) => (words.behind)(&told.to_string()),
        (_, begin) if begin > from => (words.forgotten)(&begin.to_string()),
        (_, _) => (words.sampled)(&step),
    };
    let stretch_text = choice.stretch.map(|(from, until)| (words.selected)(&from.to_string(), &until.to_string()));
    let draw = |of: &ChartOf| chart::chart(seen, *of, (&scale, at), text);
    MetersView {
        from,
        until,
        charts: choice.charts.iter().map(draw).collect(),
        now: scale.x(seen.now),
        at: scale.x(at),
        at_text: (words.at)(&at.to_string()),
        marks: marks(seen.marks, &scale),
        ticks: ticks(&scale),
        stretch: choice.stretch.map(|(from, until)| (scale.x(from), scale.x(until))),
        stretch_text: stretch_text.unwrap_or_else(|| words.select.to_owned()),
        is_part: choice.stretch.is_some() || choice.window.is_some(),
        note,
        curve: curve::curve(seen, choice, text),
        offers: offers(choice, text),
    }
}

/// The scale of time.
pub(super) struct Scale {
    pub from: Time,
    pub until: Time,
}

impl Scale {
    /// Where an instant lies; those outside lie at the edge.
    pub fn x(&self, at: Time) -> u32 {
        let wide = u128::from(at.min(self.until).since(self.from).0) * u128::from(MetersView::WIDE);
        (wide / u128::from(self.until.since(self.from).0.max(1))) as u32
    }
}

/// Each kind by its labels; those that nodes or clients tell, by them, too.
fn offers(choice: &MetersChoice, text: &Text) -> Vec<(ChartOf, String, bool)> {
    let offer = |of: ChartOf| (of, named(of, text), choice.charts.contains(&of));
    MeterKind::ALL.into_iter().flat_map(MetersChoice::ways).map(offer).collect()
}

/// What a chart is called.
fn named((kind, by): ChartOf, text: &Text) -> String {
    let name = (text.meters.kind)(kind);
    match by {
        ChartBy::Process if kind != MeterKind::Busy => (text.meters.by_process)(name),
        ChartBy::Process | ChartBy::Label => name.to_owned(),
    }
}

/// The weightiest that fit, in order of time.
fn marks(all: &[(Time, MarkKind, String)], scale: &Scale) -> Vec<MeterMark> {
    let within = |(at, ..): &&(Time, MarkKind, String)| (scale.from..=scale.until).contains(at);
    let mut weighed: Vec<&(Time, MarkKind, String)> = all.iter().filter(within).collect();
    base::sort_by_key(&mut weighed, |(at, kind, _)| (std::cmp::Reverse(weight(*kind)), *at));
    let mut kept: Vec<(u32, &(Time, MarkKind, String))> = Vec::new();
    for mark in weighed.into_iter().filter(|(_, kind, _)| weight(*kind) > 1) {
        let x = scale.x(mark.0);
        if kept.len() < MARKS && kept.iter().all(|(other, _)| other.abs_diff(x) >= NEAR) {
            kept.push((x, mark));
        }
    }
    base::sort_by_key(&mut kept, |(x, _)| *x);
    let view = |(x, (at, kind, words)): (u32, &(Time, MarkKind, String))| MeterMark {
        x,
        tone: if *kind == MarkKind::Fork { Tone::Plain } else { kind.tone() },
        text: format!("{at}, {words}"),
    };
    kept.into_iter().map(view).collect()
}

/// Five instants, with as many digits as they need.
fn ticks(scale: &Scale) -> Vec<(u32, String)> {
    let quarter = scale.until.since(scale.from).0 / 4;
    let whole = [scale.from.0, quarter].iter().all(|nanos| nanos.is_multiple_of(1_000_000_000));
    let tick = |place: u64| {
        let at = Time(scale.from.0 + place * quarter);
        let label = if whole { format!("{} s", at.0 / 1_000_000_000) } else { at.to_string() };
        (MetersView::WIDE / 4 * place as u32, label)
    };
    (0..5).map(tick).collect()
}

/// The lines of a chart, and how many are left out: the greatest, in an order that stays.
pub(super) fn told_lines(seen: &Seen<'_>, (kind, by): ChartOf, text: &Text) -> (Vec<Line>, usize) {
    let (meters, world) = (seen.metering.meters(), seen.metering.world());
    let of_cluster = |process: ProcessId| world.cluster_of(process) == seen.cluster;
    let one = |name: String, label: Option<&str>, percentile| Line {
        spelled: spelled(kind, label.map(|label| (kind.label().name(), label)), percentile),
        told: meters.told(kind, label, of_cluster),
        name,
        percentile,
    };
    let lines: Vec<Line> = match (by, kind.measure(), kind.label()) {
        (ChartBy::Process, ..) => {
            let tellers = meters.tellers(kind).into_iter().filter(|process| of_cluster(*process));
            let line = |process: ProcessId| Line {
                name: process_name(world, process, text),
                told: meters.told(kind, None, |teller| teller == process),
                percentile: Percentile::P99,
                spelled: spelled(kind, world.slot(process).map(|slot| ("node", &*slot.name)), Percentile::P99),
            };
            tellers.map(line).collect()
        }
        (ChartBy::Label, Measure::Spread, label) => {
            let label = (label == Label::Request).then_some("Produce");
            let both = [Percentile::P50, Percentile::P99];
            both.map(|percentile| one(percentile.name().to_owned(), label, percentile)).into()
        }
        (ChartBy::Label, _, Label::Nothing) => vec![one(text.meters.sum.to_owned(), None, Percentile::P50)],
        (ChartBy::Label, ..) => {
            let labels = meters.labels(kind).into_iter().filter(|name| !name.starts_with("__"));
            labels.map(|label| one(label.to_string(), Some(&label), Percentile::P50)).collect()
        }
    };
    greatest(lines)
}

fn spelled(kind: MeterKind, which: Option<(&str, &str)>, percentile: Percentile) -> String {
    let which = which.map(|(what, name)| format!(" {what}={name}")).unwrap_or_default();
    let percentile = if kind.measure() == Measure::Spread { format!(" {}", percentile.name()) } else { String::new() };
    format!("{}{which}{percentile}", kind.name())
}

fn greatest(mut lines: Vec<Line>) -> (Vec<Line>, usize) {
    let left_out = lines.len().saturating_sub(MetersView::LINES);
    if left_out > 0 {
        let sum = |line: &Line| {
            let whole = line.told.over(Time::ZERO, line.told.until(), line.percentile);
            std::cmp::Reverse((whole.unwrap_or_default() * 1e6) as u64)
        };
        let mut order: Vec<usize> = (0..lines.len()).collect();
        base::sort_by_key(&mut order, |place| (sum(&lines[*place]), *place));
        order.truncate(MetersView::LINES);
        let mut place = 0;
        lines.retain(|_| {
            place += 1;
            order.contains(&(place - 1))
        });
    }
    (lines, left_out)
}

/// How long a stretch a sample is read over: a second, or the sample where it is longer.
pub(super) fn stretch(step: Span) -> Span {
    step.max(sim::meters::Asked::USUAL)
}

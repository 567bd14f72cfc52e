//! One chart: its lines as places, its scale, and the fields where nobody tells anything.

use base::{Span, Time};
use sim::meters::{Label, Measure, MeterKind, Percentile};

use super::values::{bare, value};
use super::{Line, Scale, Seen, named, stretch, told_lines};
use crate::meters::{ChartBy, ChartOf, ChartView, MeterLine, MetersView};
use crate::text::Text;

/// Samples in the order of time: where, and what each line reads there.
struct Columns {
    places: Vec<u32>,
    /// Of each line.
    values: Vec<Vec<Option<f64>>>,
}

pub(super) fn chart(seen: &Seen<'_>, of: ChartOf, (scale, at): (&Scale, Time), text: &Text) -> ChartView {
    let (kind, _) = of;
    let (words, title) = (&text.meters, named(of, text));
    let (lines, left_out) = told_lines(seen, of, text);
    let columns = columns(seen, &lines, scale);
    let height = Height::of(kind, &columns);
    let line = |(line, values): (&Line, &Vec<Option<f64>>)| {
        let read = line.told.over(at - stretch(seen.metering.meters().step()), at, line.percentile);
        MeterLine {
            name: line.name.clone(),
            runs: runs(&columns.places, values, &height),
            at: read.map(|read| height.y(read)),
            value: read.map_or_else(|| words.no_sample.to_owned(), |read| value(kind, read)),
        }
    };
    let lines: Vec<MeterLine> = lines.iter().zip(&columns.values).map(line).collect();
    let values: Vec<String> = lines.iter().map(|line| format!("{} {}", line.name, line.value)).collect();
    ChartView {
        of,
        bean: bean(of, &lines),
        scale: height.marks(kind),
        silent: silent(&columns),
        silence: if kind.measure() == Measure::Spread { words.no_answer } else { words.nobody },
        note: note(seen, kind, (at, left_out), text),
        label: (words.label)(&title, &at.to_string(), &values.join(", ")),
        title,
        lines,
    }
}

/// Its bean, then its name with what all lines have in common.
fn bean((kind, by): ChartOf, lines: &[MeterLine]) -> Vec<String> {
    let label = match (kind.label(), kind.measure(), lines) {
        (Label::Request, Measure::Spread, _) => ", request=Produce".to_owned(),
        (label @ (Label::Topic | Label::Group), _, [line]) if by == ChartBy::Label => {
            format!(", {}={}", label.name(), line.name)
        }
        (Label::Nothing | Label::Topic | Label::Request | Label::Group, ..) => String::new(),
    };
    let name = (kind != MeterKind::Busy).then(|| format!("name={}{label}", kind.name()));
    std::iter::once(kind.bean().to_owned()).chain(name).collect()
}

/// What a number hides at an instant; else what is left out.
fn note(seen: &Seen<'_>, kind: MeterKind, (at, left_out): (Time, usize), text: &Text) -> String {
    let words = &text.meters;
    let (meters, world) = (seen.metering.meters(), seen.metering.world());
    let read = |kind| {
        let told = meters.told(kind, None, |process| world.cluster_of(process) == seen.cluster);
        told.over(at, at, Percentile::P50)
    };
    let is_silent = || read(MeterKind::SilentInSync).is_some_and(|partitions| partitions > 0.0);
    match kind {
        MeterKind::UnderReplicatedPartitions if read(kind) == Some(0.0) && is_silent() => words.still_in_isr.to_owned(),
        MeterKind::RecordsLag if is_silent() => words.unreadable.to_owned(),
        _any if left_out > 0 => (words.left_out)(left_out),
        _any => String::new(),
    }
}

fn columns(seen: &Seen<'_>, lines: &[Line], scale: &Scale) -> Columns {
    let meters = seen.metering.meters();
    let step = meters.step();
    let wide = scale.until.since(scale.from).0.div_ceil(MetersView::COLUMNS).div_ceil(step.0).max(1) * step.0;
    let over = stretch(Span(wide));
    let end = meters.until().min(scale.until).min(seen.now.max(meters.from()));
    let first = scale.from.max(meters.from()).0.div_ceil(wide);
    let instants: Vec<Time> = (first..=end.0 / wide).map(|column| Time(column * wide)).collect();
    let values = |line: &Line| {
        let read = |at: &Time| line.told.over(*at - over, *at, line.percentile);
        instants.iter().map(read).collect()
    };
    Columns { places: instants.iter().map(|at| scale.x(*at)).collect(), values: lines.iter().map(values).collect() }
}

fn runs(places: &[u32], values: &[Option<f64>], height: &Height) -> Vec<Vec<(u32, u32)>> {
    let mut runs: Vec<Vec<(u32, u32)>> = vec![Vec::new()];
    for (x, value) in places.iter().zip(values) {
        match (value, runs.last_mut().expect("there is one")) {
            (Some(value), run) => run.push((*x, height.y(*value))),
            (None, run) if !run.is_empty() => runs.push(Vec::new()),
            (None, _) => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Where no line has a sample.
fn silent(columns: &Columns) -> Vec<(u32, u32)> {
    let mut fields: Vec<(u32, u32)> = Vec::new();
    let mut before: Option<u32> = None;
    for (column, x) in columns.places.iter().enumerate() {
        let is_told = columns.values.iter().any(|values| values[column].is_some());
        match (is_told, before, fields.last_mut()) {
            (false, Some(last), Some(field)) if field.1 == last => field.1 = *x,
            (false, last, _) => fields.push((last.unwrap_or(*x), *x)),
            (true, ..) => {}
        }
        before = Some(*x);
    }
    fields.retain(|(from, to)| to > from);
    fields
}

/// How values become heights.
pub(super) enum Height {
    Linear {
        top: f64,
    },
    /// Decades of milliseconds, from 10 to the first up to 10 to the second.
    Decades {
        low: i32,
        high: i32,
    },
}

impl Height {
    fn of(kind: MeterKind, columns: &Columns) -> Height {
        Height::over(kind, || columns.values.iter().flatten().filter_map(|value| *value))
    }

    /// So that all of these are in it.
    pub(super) fn over<V: Iterator<Item = f64>>(kind: MeterKind, told: impl Fn() -> V) -> Height {
        let most = told().fold(0.0, f64::max);
        match kind.measure() {
            Measure::Spread => {
                let least = told().fold(f64::INFINITY, f64::min);
                let low = if least.is_finite() { decade(least).min(0) } else { 0 };
                Height::Decades { low, high: (decade(most) + 1).max(low + 2) }
            }
            Measure::Share => Height::Linear { top: 1.0 },
            Measure::Rate | Measure::Gauge => Height::Linear { top: nice(most) },
        }
    }

    pub(super) fn y(&self, value: f64) -> u32 {
        let share = match self {
            Height::Linear { top } => value / top,
            Height::Decades { low, high } if value > 0.0 => (value.log10() - f64::from(*low)) / f64::from(high - low),
            Height::Decades { .. } => 0.0,
        };
        (share.clamp(0.0, 1.0) * f64::from(MetersView::HIGH)).round() as u32
    }

    pub(super) fn marks(&self, kind: MeterKind) -> Vec<(u32, String)> {
        match self {
            Height::Linear { top } => vec![(0, "0".to_owned()), (MetersView::HIGH, bare(kind, *top))],
            Height::Decades { low, high } => {
                let middle = low + (high - low) / 2;
                let mark = |decade: i32| (self.y(10_f64.powi(decade)), bare(kind, 10_f64.powi(decade)));
                [*low, middle, *high].map(mark).into()
            }
        }
    }
}

/// The power of ten not above it.
fn decade(value: f64) -> i32 {
    if value > 0.0 { value.log10().floor() as i32 } else { 0 }
}

/// 1, 2 or 5 times a power of ten, not below it.
pub(super) fn nice(most: f64) -> f64 {
    if most <= 1.0 {
        return 1.0;
    }
    let unit = 10_f64.powi(decade(most));
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * unit).find(|top| *top >= most).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_chart_is_a_round_number() {
        assert_eq!(
            [0.0, 0.3, 1.0, 2.1, 5.0, 7.0, 53.0, 999.0].map(nice),
            [1.0, 1.0, 1.0, 5.0, 5.0, 10.0, 100.0, 1000.0]
        );
    }
}

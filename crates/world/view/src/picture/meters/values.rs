//! Numbers of meters as words, lines of the terminal, and rows of a file.

use base::{Span, Time};
use lab::Metering;
use sim::meters::{Asked, Label, Measure, MeterKind, Meters, Misread};

use super::{Seen, told_lines};
use crate::meters::{ChartBy, ChartOf};
use crate::text::{Text, span_of, thousands};

/// A number with its unit: `2.4 /s`, `1.2 MB/s`, `62 %`, `8.8 s`.
pub(super) fn value(kind: MeterKind, number: f64) -> String {
    match kind.measure() {
        Measure::Rate => format!("{}/s", bare(kind, number)),
        Measure::Share | Measure::Gauge | Measure::Spread => bare(kind, number),
    }
}

/// The same on a scale, where the unit of time is clear.
pub(super) fn bare(kind: MeterKind, number: f64) -> String {
    match (kind.measure(), kind) {
        (Measure::Spread, _) => span_of((number * 1e6).round() as u64).replace(".0 ", " "),
        (Measure::Share, _) => format!("{} %", (number * 100.0).round() as u64),
        (_, MeterKind::BytesInPerSec | MeterKind::BytesOutPerSec) => bytes(number),
        (Measure::Rate | Measure::Gauge, _) => plain(number),
    }
}

/// Kafka's tools count a megabyte as a million bytes in rates (`MB/sec` of the performance tools as 2²⁰); here it is a
/// million.
fn bytes(number: f64) -> String {
    match number {
        number if number >= 1e6 => format!("{} MB", plain(number / 1e6)),
        number if number >= 1e3 => format!("{} KB", plain(number / 1e3)),
        number => format!("{} B", plain(number)),
    }
}

/// One digit behind the point where it is small.
fn plain(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    match (tenths < 100, tenths % 10) {
        (true, 1..) => format!("{}.{}", tenths / 10, tenths % 10),
        (_, _) => thousands(number.round() as u64),
    }
}

/// Every meter with its values at an instant, or what one question reads there.
pub fn lines(metering: &Metering, at: Time, asked: Option<&Asked>, text: &Text) -> Vec<String> {
    let (meters, world) = (metering.meters(), metering.world());
    let read = |asked: &Asked| meters.answer(asked, world, (at, None));
    let line = |asked: &Asked, spelled: String| {
        let told = read(asked).map_or_else(|| text.meters.no_sample.to_owned(), |number| value(asked.kind, number));
        format!("{spelled}  {told}")
    };
    if let Some(asked) = asked {
        return vec![line(asked, spelled(asked))];
    }
    let mut all = Vec::new();
    for kind in MeterKind::ALL {
        let labels = meters.labels(kind).into_iter().filter(|label| !label.starts_with("__"));
        let mut each: Vec<Asked> = match kind.label() {
            Label::Nothing => vec![Asked::of(kind)],
            Label::Topic | Label::Request | Label::Group => {
                labels.map(|label| Asked { label: Some(label), ..Asked::of(kind) }).collect()
            }
        };
        each.retain(|asked| kind.label() == Label::Nothing || read(asked).is_some());
        all.extend(each.iter().map(|asked| line(asked, spelled(asked))));
    }
    all
}

fn spelled(asked: &Asked) -> String {
    let mut spelled = asked.kind.name().to_owned();
    for (what, name) in [(asked.kind.label().name(), &asked.label), ("node", &asked.process)] {
        if let Some(name) = name {
            spelled.push_str(&format!(" {what}={name}"));
        }
    }
    if asked.kind.measure() == Measure::Spread {
        spelled.push_str(&format!(" {}", asked.percentile.name()));
    }
    if asked.over != Asked::USUAL {
        spelled.push_str(&format!(" over={}", script::span_text(asked.over.0)));
    }
    spelled
}

/// Why a question cannot be read.
pub fn misread(wrong: &Misread, text: &Text) -> String {
    match wrong {
        Misread::NoMeter(name) => (text.meters.no_meter)(name),
        Misread::Word(word) => (text.meters.no_word)(word),
        Misread::Nothing => (text.meters.no_meter)(""),
    }
}

/// All charts that there are, for a file that leaves none out.
pub const EVERYTHING: fn() -> Vec<ChartOf> = || {
    let both = |kind: MeterKind| [(kind, ChartBy::Label), (kind, ChartBy::Process)];
    MeterKind::ALL.into_iter().flat_map(both).collect()
};

/// Rows of a stretch, one a sample, with the lines of the charts as columns; empty fields have no sample.
pub fn csv(seen: &Seen<'_>, charts: &[ChartOf], (from, until): (Time, Time), text: &Text) -> String {
    let meters: &Meters = seen.metering.meters();
    let lines: Vec<super::Line> = charts.iter().flat_map(|of| told_lines(seen, *of, text).0).collect();
    let head = lines.iter().map(|line| format!(",{}", line.spelled));
    let mut rows = format!("seconds{}\n", head.collect::<String>());
    let step = meters.step().0;
    let last = until.min(meters.until()).0 / step;
    for sample in from.max(meters.from()).0.div_ceil(step)..=last {
        let at = Time(sample * step);
        rows.push_str(&base::plain_double(at.0 as f64 / 1e9));
        for line in &lines {
            rows.push(',');
            let read = line.told.over(at - super::stretch(Span(step)), at, line.percentile);
            // Thousandths are enough: more would be digits of the division.
            rows.extend(read.map(|number| base::plain_double((number * 1e3).round() / 1e3)));
        }
        rows.push('\n');
    }
    rows
}

//! Numbers of a stretch: what is asked for in words, and how counts become rates, shares and percentiles.

use super::kind::{Label, Measure, MeterKind};
use super::look::known;
use super::series::{Key, Point, span_of};
use super::{Meters, Names};
use crate::setup::ClusterIndex;
use crate::world::World;
use base::{ProcessId, Span, Str, Time};

/// Which spans of time are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Percentile {
    P50,
    P99,
}

impl Percentile {
    const fn share(self) -> u64 {
        match self {
            Percentile::P50 => 50,
            Percentile::P99 => 99,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Percentile::P50 => "p50",
            Percentile::P99 => "p99",
        }
    }
}

/// A meter as it is asked for: `MessagesInPerSec topic=orders node=1 over=10s`, `TotalTimeMs request=Produce p99`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub kind: MeterKind,
    /// Of all topics, requests or groups where none is named.
    pub label: Option<Str>,
    /// What the process is called; all that tell it where none is named.
    pub process: Option<Str>,
    pub percentile: Percentile,
    /// The stretch before the instant that is looked at.
    pub over: Span,
}

/// A word that asks for nothing there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    NoMeter(String),
    /// It is no part of this meter's question.
    Word(String),
    Nothing,
}

impl Asked {
    /// What a meter tells of where nobody says how long.
    pub const USUAL: Span = Span::from_secs(1);

    pub fn of(kind: MeterKind) -> Asked {
        Asked { kind, label: None, process: None, percentile: Percentile::P50, over: Asked::USUAL }
    }

    /// Reads its words; `span` reads a length of time.
    ///
    /// # Errors
    /// The first word that is wrong.
    pub fn read(words: &[&str], span: impl Fn(&str) -> Option<u64>) -> Result<Asked, Misread> {
        let (first, rest) = words.split_first().ok_or(Misread::Nothing)?;
        let kind = MeterKind::named(first).ok_or_else(|| Misread::NoMeter((*first).to_owned()))?;
        let mut asked = Asked::of(kind);
        for word in rest {
            let wrong = || Misread::Word((*word).to_owned());
            match (word.split_once('='), *word) {
                (Some(("node", name)), _) if !name.is_empty() => asked.process = Some(name.into()),
                (Some(("over", text)), _) => {
                    asked.over = span(text).map(Span).filter(|span| *span >= Meters::STEP).ok_or_else(wrong)?;
                }
                (Some((label, name)), _) if label == kind.label().name() && !name.is_empty() => {
                    if kind.label() == Label::Request && !super::request_names().any(|known| known == name) {
                        return Err(wrong());
                    }
                    asked.label = Some(name.into());
                }
                (None, "p50") if kind.measure() == Measure::Spread => asked.percentile = Percentile::P50,
                (None, "p99") if kind.measure() == Measure::Spread => asked.percentile = Percentile::P99,
                (_, _) => return Err(wrong()),
            }
        }
        Ok(asked)
    }
}

/// All that is told of one question, to be read at any instant.
#[derive(Clone, Debug)]
pub struct Told {
    measure: Measure,
    step: Span,
    from: Time,
    until: Time,
    /// In order of samples. Of gauges: what changes from there on, as sum and as number of those who tell.
    points: Vec<(u32, u16, i64, i64)>,
    /// Sums of all before each point.
    sums: Vec<(i64, i64)>,
    /// Who tells it runs, from each sample on.
    tellers: Vec<(u32, i64)>,
}

impl Meters {
    /// Gathers what is told of a kind by those processes, under that name; `None`: under any.
    pub fn told(&self, kind: MeterKind, label: Option<&str>, of: impl Fn(ProcessId) -> bool) -> Told {
        let is_meant = |key: &Key| {
            key.kind == kind && of(key.process) && label.is_none_or(|label| **self.names.name(key.label) == *label)
        };
        let meant: Vec<(&Key, &Vec<Point>)> = self.samples.series().filter(|(key, _)| is_meant(key)).collect();
        let mut told = Told {
            measure: kind.measure(),
            step: self.samples.step,
            from: self.from,
            until: self.until,
            points: Vec::new(),
            sums: Vec::new(),
            tellers: Vec::new(),
        };
        for (_, points) in &meant {
            told.take(points);
        }
        base::sort_by_key(&mut told.points, |(sample, bucket, ..)| (*sample, *bucket));
        let (mut sum, mut count) = (0, 0);
        told.sums = told
            .points
            .iter()
            .map(|(_, _, value, tells)| {
                (sum, count) = (sum + value, count + tells);
                (sum, count)
            })
            .collect();
        let tells = |process: ProcessId| meant.iter().any(|(key, _)| key.process == process);
        let up = self.samples.series().filter(|(key, _)| key.kind == MeterKind::Up && of(key.process));
        // Where nobody has told anything yet, whoever could counts.
        told.tellers = changes(up.filter(|(key, _)| meant.is_empty() || tells(key.process)).map(|(_, points)| points));
        told
    }

    /// What a question reads at an instant; `None`: nobody tells it, or it has not come so far.
    /// Of one cluster's processes, where one is named.
    pub fn answer(&self, asked: &Asked, world: &World, (at, cluster): (Time, Option<ClusterIndex>)) -> Option<f64> {
        let process = match &asked.process {
            Some(name) => Some(world.find(name)?.id),
            None => None,
        };
        let is_meant = |teller: ProcessId| {
            process.is_none_or(|meant| meant == teller)
                && cluster.is_none_or(|cluster| world.cluster_of(teller) == cluster)
        };
        let told = self.told(asked.kind, asked.label.as_deref(), is_meant);
        told.over(at - asked.over, at, asked.percentile)
    }

    /// Topics, requests or groups of which a kind is told, by name.
    pub fn labels(&self, kind: MeterKind) -> Vec<Str> {
        let mut labels: Vec<u32> =
            self.samples.series().filter(|(key, _)| key.kind == kind).map(|(key, _)| key.label).collect();
        base::sort(&mut labels);
        labels.dedup();
        let mut names: Vec<Str> = labels
            .into_iter()
            .filter(|label| *label > Names::OTHERS)
            .map(|label| self.names.name(label).clone())
            .collect();
        base::sort(&mut names);
        names
    }

    /// Processes that tell a kind.
    pub fn tellers(&self, kind: MeterKind) -> Vec<ProcessId> {
        let mut processes: Vec<ProcessId> =
            self.samples.series().filter(|(key, _)| key.kind == kind).map(|(key, _)| key.process).collect();
        base::sort(&mut processes);
        processes.dedup();
        processes
    }
}

/// How many of some gauges are not nought, from each sample on.
fn changes<'a>(gauges: impl Iterator<Item = &'a Vec<Point>>) -> Vec<(u32, i64)> {
    let mut changes: Vec<(u32, i64)> = Vec::new();
    for points in gauges {
        let mut before = 0;
        for point in points {
            let now = i64::from(known(point.value).unwrap_or_default() > 0);
            changes.push((point.sample, now - before));
            before = now;
        }
    }
    base::sort_by_key(&mut changes, |(sample, _)| *sample);
    let mut sum = 0;
    changes.iter_mut().for_each(|(_, change)| {
        sum += *change;
        *change = sum;
    });
    changes
}

impl Told {
    fn take(&mut self, points: &[Point]) {
        let mut before = (0, 0);
        for point in points {
            let (value, tells) = match self.measure {
                Measure::Gauge => {
                    let now = known(point.value).map_or((0, 0), |value| (value as i64, 1));
                    let change = (now.0 - before.0, now.1 - before.1);
                    before = now;
                    change
                }
                Measure::Rate | Measure::Share | Measure::Spread => (point.value as i64, 1),
            };
            self.points.push((point.sample, point.bucket, value, tells));
        }
    }

    /// Everything up to here is told, in whole samples.
    pub fn until(&self) -> Time {
        Time(self.until.0 / self.step.0 * self.step.0)
    }

    /// Of a rate: the first and the last instant of which anything was counted, and how much a second in between.
    pub fn whole(&self) -> Option<(Time, Time, f64)> {
        let (first, last) = (self.points.first()?.0, self.points.last()?.0 + 1);
        let at = |sample: u32| Time(u64::from(sample) * self.step.0);
        let (sum, _) = self.sums.last()?;
        Some((at(first), at(last), *sum as f64 / (f64::from(last - first) * self.step.0 as f64 / 1e9)))
    }

    /// The number of a stretch; gauges are read at its end. Whole samples are looked at: the stretch is made that. `None`:
    /// there is no sample.
    pub fn over(&self, from: Time, until: Time, percentile: Percentile) -> Option<f64> {
        let last = until.min(self.until()).0 / self.step.0;
        let first = (from.max(self.from).0 / self.step.0).min(last.checked_sub(1)?);
        if first * self.step.0 < self.from.0 || until < self.from || until.0 / self.step.0 > last {
            return None;
        }
        let (first, last) = (first as u32, last as u32);
        let place = |sample: u32| self.points.partition_point(|point| point.0 < sample);
        let sum = |place: usize| place.checked_sub(1).map_or((0, 0), |place| self.sums[place]);
        let (begin, end) = (place(first), place(last));
        let seconds = f64::from(last - first) * self.step.0 as f64 / 1e9;
        match self.measure {
            Measure::Gauge => Some(sum(end)).filter(|(_, tell)| *tell > 0).map(|(value, _)| value as f64),
            Measure::Rate if self.is_told(last) => Some((sum(end).0 - sum(begin).0) as f64 / seconds),
            Measure::Share => {
                let told = self.told_by(last);
                (told > 0).then(|| ((sum(end).0 - sum(begin).0) as f64 / 1e9 / seconds / told as f64).min(1.0))
            }
            Measure::Rate => None,
            Measure::Spread => self.percentile(begin..end, percentile),
        }
    }

    fn is_told(&self, last: u32) -> bool {
        self.told_by(last) > 0
    }

    /// How many of those who tell it run at the end of that sample.
    fn told_by(&self, last: u32) -> i64 {
        let place = self.tellers.partition_point(|(sample, _)| *sample < last);
        place.checked_sub(1).map_or(0, |place| self.tellers[place].1)
    }

    /// In milliseconds.
    fn percentile(&self, places: std::ops::Range<usize>, percentile: Percentile) -> Option<f64> {
        let mut spans: Vec<(u16, i64)> =
            self.points[places].iter().map(|(_, bucket, count, _)| (*bucket, *count)).collect();
        base::sort_by_key(&mut spans, |(bucket, _)| *bucket);
        let all: i64 = spans.iter().map(|(_, count)| count).sum();
        let rank = (all as u64 * percentile.share()).div_ceil(100) as i64;
        let mut seen = 0;
        let found = spans.into_iter().find(|(_, count)| {
            seen += count;
            seen >= rank
        });
        found.map(|(bucket, _)| span_of(bucket).0 as f64 / 1e6)
    }
}

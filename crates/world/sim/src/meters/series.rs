//! Samples, kept only where there is something: counts by sample, and for spans of time by how long they were.
//! Where they become too many, two samples become one, as often as it takes.

use base::{FlatMap, ProcessId, Span};

use super::kind::{Measure, MeterKind};

/// Of what a number is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub kind: MeterKind,
    /// Who tells it.
    pub process: ProcessId,
    /// Its topic, request or group, as numbered by [`Names`](super::Names).
    pub label: u32,
}

/// A count of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// The sample's number from the run's start.
    pub sample: u32,
    /// How long, as [`bucket`] has it; 0 where there are no spans.
    pub bucket: u16,
    pub value: u64,
}

/// A gauge that nobody answers for.
pub(super) const NOBODY: u64 = u64::MAX;
/// Points that are kept at most, of 16 bytes each.
pub const MOST_POINTS: usize = 150_000;
/// Series that are told apart at most; what would come on top is counted without its topic, request or group.
const MOST_SERIES: usize = 4_000;

/// All samples of a stretch of a run.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    /// How long a sample is.
    pub step: Span,
    series: FlatMap<Key, Vec<Point>>,
    points: usize,
}

impl Samples {
    pub fn new(step: Span) -> Samples {
        Samples { step, series: FlatMap::new(), points: 0 }
    }

    pub fn series(&self) -> impl Iterator<Item = (&Key, &Vec<Point>)> {
        self.series.iter()
    }

    /// Bytes that it takes, about.
    pub fn size(&self) -> usize {
        self.points * size_of::<Point>() + self.series.len() * 64
    }

    /// So much more in a sample.
    pub fn add(&mut self, key: Key, (sample, bucket): (u32, u16), value: u64) {
        let points = self.of(key);
        // Counts come nearly in order of time: what a busy node does is told when it leaves.
        let behind = points.iter().rev().take_while(|point| (point.sample, point.bucket) > (sample, bucket)).count();
        let place = points.len() - behind;
        match place.checked_sub(1).map(|place| &mut points[place]) {
            Some(point) if (point.sample, point.bucket) == (sample, bucket) => point.value += value,
            Some(_) | None => {
                points.insert(place, Point { sample, bucket, value });
                self.points += 1;
            }
        }
    }

    /// What stands there at a sample's end; kept where it is another than before.
    pub fn set(&mut self, key: Key, sample: u32, value: u64) {
        let points = self.of(key);
        match points.last_mut() {
            Some(last) if last.value == value => {}
            Some(last) if last.sample == sample => last.value = value,
            None if value == NOBODY => {}
            Some(_) | None => {
                points.push(Point { sample, bucket: 0, value });
                self.points += 1;
            }
        }
    }

    /// Gauges of which nothing was told at a sample are nobody's.
    pub fn fall_silent(&mut self, sample: u32, told: impl Fn(&Key) -> bool) {
        let mut added = 0;
        for (key, points) in self.series.iter_mut().filter(|(key, _)| key.kind.measure() == Measure::Gauge) {
            if !told(key) && points.last().is_some_and(|last| last.value != NOBODY) {
                points.push(Point { sample, bucket: 0, value: NOBODY });
                added += 1;
            }
        }
        self.points += added;
    }

    /// Two samples become one, until there is room again.
    pub fn make_room(&mut self) {
        while self.points > MOST_POINTS && self.step.0 < u64::MAX / 4 {
            self.step = self.step.times(2);
            self.points = 0;
            for (key, points) in self.series.iter_mut() {
                *points = halved(points, key.kind.measure());
                self.points += points.len();
            }
        }
    }

    fn of(&mut self, key: Key) -> &mut Vec<Point> {
        let is_full = self.series.len() >= MOST_SERIES && !self.series.contains_key(&key);
        let key = if is_full { Key { label: super::Names::OTHERS, ..key } } else { key };
        self.series.entry(key).or_default()
    }
}

fn halved(points: &[Point], measure: Measure) -> Vec<Point> {
    let mut sums: FlatMap<(u32, u16), u64> = FlatMap::new();
    for point in points {
        let sum = sums.entry((point.sample / 2, point.bucket)).or_default();
        match measure {
            Measure::Gauge => *sum = point.value,
            Measure::Rate | Measure::Share | Measure::Spread => *sum += point.value,
        }
    }
    sums.iter().map(|((sample, bucket), value)| Point { sample: *sample, bucket: *bucket, value: *value }).collect()
}

/// Steps of an octave: what is told is at most 1.6 % wrong.
const STEPS: u64 = 64;

/// The bucket of a span, in microseconds.
pub(super) fn bucket(span: Span) -> u16 {
    let micros = span.0 / 1_000;
    if micros < STEPS {
        return micros as u16;
    }
    let octave = u64::from(micros.ilog2()) - u64::from(STEPS.ilog2());
    (STEPS * octave + (micros >> octave)) as u16
}

/// The middle of a bucket.
pub(super) fn span_of(bucket: u16) -> Span {
    let bucket = u64::from(bucket);
    let octave = (bucket / STEPS).saturating_sub(1);
    let low = (bucket - STEPS * octave) << octave;
    Span::from_micros(low + ((1 << octave) - 1) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_tells_its_spans_within_two_hundredths() {
        for micros in [0, 1, 63, 64, 65, 127, 128, 1_000, 12_345, 8_751_000, 600_000_000] {
            let told = span_of(bucket(Span::from_micros(micros))).0 / 1_000;
            assert!(told.abs_diff(micros) * 64 <= micros, "{micros} is told as {told}");
        }
        let buckets: Vec<u16> = (0..100_000).map(|micros| bucket(Span::from_micros(micros))).collect();
        assert!(buckets.is_sorted());
    }

    #[test]
    fn two_samples_become_one_where_there_are_too_many() {
        let mut samples = Samples::new(Span::from_millis(200));
        let key = |kind| Key { kind, process: ProcessId(1), label: 0 };
        for sample in 0..MOST_POINTS as u32 {
            samples.add(key(MeterKind::MessagesInPerSec), (sample, 0), 2);
            samples.set(key(MeterKind::RecordsLag), sample, u64::from(sample / 1_000));
            samples.make_room();
        }
        assert_eq!(samples.step, Span::from_millis(400));
        assert!(samples.points <= MOST_POINTS, "{}", samples.points);
        let sums: Vec<u64> = samples.series().map(|(_, points)| points.iter().map(|point| point.value).sum()).collect();
        assert_eq!(sums[0], 2 * MOST_POINTS as u64);
    }
}

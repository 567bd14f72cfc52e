//! Presentation time as a pure function of virtual time: how long each stretch lasts on screen.
//!
//! Around every beat (a visible event) time is slow: a flight of half a millisecond lasts half a
//! second. Away from beats it speeds up by a power law to a top speed, and slows down again just
//! before the next beat, so a wait of nine seconds lasts about two and a half. The place of a beat
//! in presentation time depends only on the beats before it and on the next one, never on frames:
//! played or sought, the picture is the same. No digest holds a float, but where playing stands does depend on them, so
//! only operations are used that IEEE 754 rounds alike everywhere: no powers, no logarithms.

use crate::packed::Packed;
use base::{Span, Time};
use std::collections::VecDeque;

/// Presentation seconds per virtual second beside a beat, when little is going on.
const SLOWEST: f64 = 1_000.0;
/// Presentation seconds per virtual second far from any beat: nine seconds pass in one.
const FASTEST: f64 = 1.0 / 9.0;
/// Time stays slow for so many virtual seconds after a beat…
const AFTER: f64 = 0.000_45;
/// …and so many before one.
const BEFORE: f64 = 0.000_06;
/// The power by which it speeds up.
const POWER: f64 = 1.5;
/// Beats within this many virtual nanoseconds count as a crowd.
const CROWD_SPAN: u64 = 5_000_000;
/// A crowd of so many is not yet one.
const CROWD: u64 = 24;

/// How far ahead beats must be known before presentation time can be told: beyond it, the next beat
/// has no influence yet.
pub const LOOK_AHEAD: Span = Span(30_000_000);

/// The pace that counts as ordinary: a factor of 50 over it is waiting.
pub const ORDINARY: f64 = 0.01;

/// Presentation time is kept in whole microseconds at beats, always rounded up, so that it never goes
/// back.
const MICROS: f64 = 1e6;

/// A visible event's instant and its place in presentation time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Beat {
    at: Time,
    /// Seconds of presentation time.
    tau: f64,
    slowness: f64,
}

impl Beat {
    fn read([at, micros, crowd]: Row) -> Beat {
        Beat { at: Time(at), tau: micros as f64 / MICROS, slowness: slowness(crowd) }
    }
}

/// A beat as it is kept: instant, microseconds of presentation time, and the crowd that it is in.
type Row = [u64; 3];

/// All beats known so far.
#[derive(Clone, Debug)]
pub struct Pace {
    beats: Packed<3>,
    /// Beats before the last that are as near as a crowd: their instants, oldest first.
    crowd: VecDeque<Time>,
}

impl Default for Pace {
    fn default() -> Pace {
        let mut beats = Packed::default();
        beats.push([0, 0, CROWD]);
        Pace { beats, crowd: VecDeque::from([Time::ZERO]) }
    }
}

impl Pace {
    /// A visible event. Events come in order of time.
    pub fn push(&mut self, at: Time) {
        let last = self.last();
        if at <= last.at {
            return;
        }
        let crowd_from = Time(at.0.saturating_sub(CROWD_SPAN));
        while self.crowd.front().is_some_and(|beat| *beat < crowd_from) {
            self.crowd.pop_front();
        }
        let crowd = (self.crowd.len() as u64).max(CROWD);
        let tau = last.tau + Gap { from: last, to: Some((at, slowness(crowd))) }.duration(at);
        self.beats.push([at.0, (tau * MICROS).ceil() as u64, crowd]);
        self.crowd.push_back(at);
    }

    /// Forgets what comes after `at`.
    pub fn truncate(&mut self, at: Time) {
        let keep = self.beats.partition_point(|beat| beat[0] <= at.0).max(1);
        self.beats.truncate(keep);
        let crowd_from = self.last().at.0.saturating_sub(CROWD_SPAN);
        let first = self.beats.partition_point(|beat| beat[0] < crowd_from);
        self.crowd = self.beats.iter_from(first).map(|beat| Time(beat[0])).collect();
    }

    /// Forgets beats before `at`, but for the last few; presentation time goes on as it was.
    pub fn forget_before(&mut self, at: Time) {
        self.beats.forget_while(|beat| beat[0] < at.0);
    }

    /// Presentation time of an instant, in seconds. Exact once beats are known up to [`LOOK_AHEAD`]
    /// after it.
    pub fn tau(&self, at: Time) -> f64 {
        let gap = self.gap(at);
        gap.from.tau + gap.duration(at)
    }

    /// The latest instant whose presentation time is not after `tau`, looked for up to `limit`.
    pub fn instant(&self, tau: f64, limit: Time) -> Time {
        let gap = self.gap_from(self.beats.partition_point(|beat| Beat::read(*beat).tau <= tau).max(1) - 1);
        let end = gap.to.map_or(limit, |(at, _)| at.min(limit));
        let (mut low, mut high) = (gap.from.at.0, end.0.max(gap.from.at.0));
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if gap.from.tau + gap.duration(Time(middle)) <= tau { low = middle } else { high = middle - 1 }
        }
        Time(low)
    }

    /// Virtual seconds per presentation second at an instant.
    pub fn rate(&self, at: Time) -> f64 {
        1.0 / self.gap(at).slowness(at)
    }

    /// The last beat not after an instant, and its presentation time.
    pub fn last_beat(&self, at: Time) -> (Time, f64) {
        let beat = self.gap(at).from;
        (beat.at, beat.tau)
    }

    /// The last beat of all. The beginning is none.
    pub(crate) fn last_at(&self) -> Option<Time> {
        Some(self.last().at).filter(|at| *at > Time::ZERO)
    }

    /// The first beat after an instant.
    pub(crate) fn beat_after(&self, at: Time) -> Option<Time> {
        self.beat(self.beats_until(at))
    }

    /// The last beat before an instant.
    pub(crate) fn beat_before(&self, at: Time) -> Option<Time> {
        self.beat(self.beats.partition_point(|beat| beat[0] < at.0).checked_sub(1)?)
    }

    /// How many beats come up to an instant, the beginning included while it is known.
    pub(crate) fn beats_until(&self, at: Time) -> usize {
        self.beats.partition_point(|beat| beat[0] <= at.0)
    }

    /// The instant of a beat by its number. The beginning is none.
    pub(crate) fn beat(&self, number: usize) -> Option<Time> {
        self.beats.get(number).map(|beat| Time(beat[0])).filter(|at| *at > Time::ZERO)
    }

    /// Bytes held.
    pub fn size(&self) -> u64 {
        self.beats.size()
    }

    fn last(&self) -> Beat {
        Beat::read(self.beats.last().expect("the first beat is never forgotten"))
    }

    fn gap(&self, at: Time) -> Gap {
        self.gap_from(self.beats.partition_point(|beat| beat[0] <= at.0).max(1) - 1)
    }

    fn gap_from(&self, index: usize) -> Gap {
        let mut beats = self.beats.iter_from(index).map(Beat::read);
        let from = beats.next().expect("beats are counted from the first");
        Gap { from, to: beats.next().map(|beat| (beat.at, beat.slowness)) }
    }
}

/// Presentation seconds per virtual second beside a beat in a crowd.
fn slowness(crowd: u64) -> f64 {
    SLOWEST * CROWD as f64 / crowd as f64
}

/// The stretch from a beat to the next, if one is known.
struct Gap {
    from: Beat,
    to: Option<(Time, f64)>,
}

impl Gap {
    /// Presentation seconds from the gap's beginning to `at`.
    fn duration(&self, at: Time) -> f64 {
        let passed = seconds(at.since(self.from.at));
        let Some((end, slowness)) = self.to else { return area(passed, self.from.slowness, AFTER) };
        let length = seconds(end.since(self.from.at));
        let turn = self.turn(length, slowness);
        if passed <= turn {
            return area(passed, self.from.slowness, AFTER);
        }
        let arriving = area(length - turn, slowness, BEFORE) - area((length - passed).max(0.0), slowness, BEFORE);
        area(turn, self.from.slowness, AFTER) + arriving
    }

    /// Where leaving the first beat turns into arriving at the next, in seconds from the first.
    fn turn(&self, length: f64, slowness: f64) -> f64 {
        let leaving = AFTER * two_thirds(self.from.slowness);
        let arriving = BEFORE * two_thirds(slowness);
        length * leaving / (leaving + arriving)
    }

    fn slowness(&self, at: Time) -> f64 {
        let passed = seconds(at.since(self.from.at));
        let Some((end, slowness)) = self.to else { return height(passed, self.from.slowness, AFTER) };
        let length = seconds(end.since(self.from.at));
        if passed <= self.turn(length, slowness) {
            height(passed, self.from.slowness, AFTER)
        } else {
            height(length - passed, slowness, BEFORE)
        }
    }
}

fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1e9
}

/// Slowness at a distance from a beat.
fn height(distance: f64, slowness: f64, knee: f64) -> f64 {
    if distance <= knee { slowness } else { (slowness * one_and_a_half(knee / distance)).max(FASTEST) }
}

/// The integral of [`height`] from the beat to a distance.
fn area(distance: f64, slowness: f64, knee: f64) -> f64 {
    if distance <= knee {
        return distance * slowness;
    }
    let flat = knee * two_thirds(slowness / FASTEST);
    let bend = distance.min(flat.max(knee));
    let power = slowness * knee / (POWER - 1.0) * (1.0 - (knee / bend).sqrt());
    slowness * knee + power + (distance - bend) * FASTEST
}

/// To the power of [`POWER`].
fn one_and_a_half(number: f64) -> f64 {
    number * number.sqrt()
}

/// To the power of 1 / [`POWER`], of a number that is not tiny.
fn two_thirds(number: f64) -> f64 {
    // A third of the exponent, then Halley's steps, each of which triples the digits that are right.
    let mut root = f64::from_bits(number.to_bits() / 3 + 0x2A9F_7893_0000_0000);
    for _ in 0..3 {
        let cube = root * root * root;
        root = root * (cube + 2.0 * number) / (2.0 * cube + number);
    }
    root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_right() {
        for number in [1e-6, 0.013, 1.0, 1.0 / 9.0, 24.0, 1_000.0, 123_456.789] {
            let (one, other) = (two_thirds(number), number.powf(1.0 / POWER));
            assert!((one / other - 1.0).abs() < 1e-14, "{number}: {one} {other}");
            let (one, other) = (one_and_a_half(number), number.powf(POWER));
            assert!((one / other - 1.0).abs() < 1e-14, "{number}: {one} {other}");
        }
    }

    fn pace(beats: &[u64]) -> Pace {
        let mut pace = Pace::default();
        beats.iter().for_each(|at| pace.push(Time(at * 1_000)));
        pace
    }

    #[test]
    fn a_flight_lasts_half_a_second_and_a_long_wait_two_or_three() {
        let pace = pace(&[1_000_000, 1_000_500, 10_000_500]);
        let tau = |micros: u64| pace.tau(Time(micros * 1_000));
        let flight = tau(1_000_500) - tau(1_000_000);
        assert!((0.4..0.8).contains(&flight), "{flight}");
        let wait = tau(10_000_500) - tau(1_000_500);
        assert!((2.0..3.0).contains(&wait), "{wait}");
        assert!((8.9..9.1).contains(&pace.rate(Time(6_000_000_000))));
    }

    #[test]
    fn presentation_time_never_stands_still_or_jumps() {
        let pace = pace(&[300, 700, 5_000, 5_100, 250_000, 9_000_000]);
        let mut last = -1.0;
        for micros in (0..9_100_000).step_by(713) {
            let tau = pace.tau(Time(micros * 1_000));
            assert!(tau > last && (last < 0.0 || tau - last < 0.9), "{micros}: {last} {tau}");
            last = tau;
        }
    }

    #[test]
    fn instants_are_found_again() {
        let pace = pace(&[300, 700, 5_000, 250_000, 9_000_000]);
        for micros in [1, 299, 650, 4_000, 200_000, 3_000_000, 9_000_000, 12_000_000] {
            let at = Time(micros * 1_000);
            let found = pace.instant(pace.tau(at) + 1e-9, Time::MAX);
            assert!(found.0.abs_diff(at.0) < 20, "{at:?} {found:?}");
        }
    }

    /// Beats further away than the look-ahead change nothing.
    #[test]
    fn the_look_ahead_suffices() {
        let mut known = pace(&[1_000]);
        let at = Time(2_000_000_000);
        let before = known.tau(at);
        known.push(at + LOOK_AHEAD);
        assert!((known.tau(at) - before).abs() < 1e-6);
    }

    #[test]
    fn a_crowd_passes_faster() {
        let mut crowd = Pace::default();
        (0..1_000u64).for_each(|index| crowd.push(Time(1_000_000 + index * 20_000)));
        let rate = crowd.rate(Time(20_000_001));
        assert!(rate > 0.005, "{rate}");
    }
}

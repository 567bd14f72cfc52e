//! Presentation time as a pure function of a branch's facts: how long each stretch lasts on screen.
//!
//! It follows the reader. Messages fly so slowly that a flight can be followed; between two of them time passes quickly;
//! what is waited for lasts about three seconds however long Kafka waits; a sentence that has just changed stays long
//! enough to be read; and where so much is sent that single messages cannot be followed anyway, a second of Kafka
//! lasts one to three. Presentation time is a line of straight pieces between knots. A piece depends only on what
//! happens up to [`LOOK_AHEAD`] after its beginning, and on nothing beyond the next act, so that it is the same whether
//! the act was carried out just now or is read from a link. Only operations that IEEE 754 rounds alike everywhere are
//! used.

use crate::near::{Near, Row, Traffic, is_great};
use crate::packed::Packed;
use base::{Span, Time};
use script::limits::LONGEST_RUN;

/// How far ahead facts must be known before presentation time can be told.
pub const LOOK_AHEAD: Span = Span::from_millis(500);

/// The shortest ordinary flight of a message lasts so many seconds.
const FLIGHT: f64 = 0.61;
/// A sentence stays so many seconds, a little more than it must.
const SENTENCE: f64 = 2.6;
/// What is waited for takes so many seconds, if it is a wait of at least [`SHORT_WAIT`] seconds of Kafka.
const WAIT: f64 = 3.0;
const SHORT_WAIT: f64 = 5.0;
/// What begins a wait is seen for so many seconds, with so many per second of Kafka.
const BEGINNING: (f64, f64) = (1.4, 2.5);
/// What takes longer than is usual takes at most so many seconds more.
const LONGER_WAIT: f64 = 0.6;
/// Where nothing happens and nothing is waited for, nine seconds pass in one.
const IDLE: f64 = 1.0 / 9.0;
/// Sending takes at most so many seconds per second of Kafka where little is sent…
const MOST: f64 = 11.0;
/// …where a lot is sent so many records are seen in a second…
const RECORDS: f64 = 160.0;
/// …and never does a second of Kafka take less.
const LEAST: f64 = 1.1;
/// So many great things a second are each given all the time there is; of more each is given less.
const GREAT: f64 = 12.0;
/// Sending takes so many seconds per second of Kafka while clients catch up, for so many seconds of Kafka; then less and
/// less, so that the whole stays bounded.
const CATCHING_UP: (f64, f64) = (1.8, 1.5);
/// The reader has watched them for so many seconds: from then on it takes such a share.
const WATCHED: (f64, f64) = (2.0, 0.1);
/// So many seconds per second of Kafka at most while something has no leader.
const LEADERLESS: f64 = 8.8;
/// Knots are about so many seconds apart, or more.
const PIECE: f64 = 0.05;
/// Presentation time is kept in whole microseconds, rounded up, so that it never goes back.
const MICROS: f64 = 1e6;

/// What counts for the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// The flow of records; so many were sent by an application.
    Records(u64),
    /// Something great.
    Great,
    /// An act.
    Act,
}

impl Beat {
    pub(crate) fn code(self) -> u64 {
        match self {
            Beat::Act => 0,
            Beat::Great => 1,
            Beat::Records(count) => 2 + count,
        }
    }
}

/// How far an accident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    /// There is none.
    #[default]
    Usual,
    /// Something has lost its leader.
    Leaderless,
    /// All have leaders, and clients catch up.
    CatchingUp,
}

impl Phase {
    /// Of two clusters' the one that is to be looked at more closely.
    pub(crate) fn worse(self, other: Phase) -> Phase {
        match (self, other) {
            (Phase::Leaderless, _) | (_, Phase::Leaderless) => Phase::Leaderless,
            (Phase::CatchingUp, _) | (_, Phase::CatchingUp) => Phase::CatchingUp,
            (Phase::Usual, Phase::Usual) => Phase::Usual,
        }
    }
}

/// An instant and its presentation time in seconds.
type Knot = (Time, f64);

/// Presentation time, as far as it is known.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The shortest and the longest ordinary flight, in seconds of Kafka.
    flight: (f64, f64),
    beats: Packed<2>,
    /// Instants, and their microseconds of presentation time.
    knots: Packed<2>,
    /// When waiting for something begins, and how long it usually lasts; zero: it is over.
    waits: Vec<(Time, Span)>,
    /// When accidents come to another phase.
    phases: Vec<(Time, Phase)>,
    /// When the sentence over the stage changes.
    sentences: Vec<Time>,
    /// Beats around the last knot.
    near: Near,
    known: Time,
}

impl Pace {
    /// Nothing has happened yet. One way through the network takes `latency`, and up to `jitter` more.
    pub fn new(latency: Span, jitter: Span) -> Pace {
        let shortest = seconds(latency).clamp(20e-6, 1.0);
        // Not clamp: with bounds that are reckoned it can panic, and its words bring the text of floats into the page.
        let longest = shortest + seconds(jitter).max(shortest / 8.0).min(4.0 * shortest);
        let mut knots = Packed::default();
        knots.push([0, 0]);
        Pace {
            flight: (shortest, longest),
            beats: Packed::default(),
            knots,
            waits: Vec::new(),
            phases: Vec::new(),
            sentences: Vec::new(),
            near: Near::new(nanoseconds(longest)),
            known: Time::ZERO,
        }
    }

    /// Something that counts. Beats come in order of time.
    pub(crate) fn beat(&mut self, at: Time, beat: Beat) {
        let row = [at.0, beat.code()];
        match self.beats.last() {
            Some([before, _]) if before > at.0 => {}
            // The greatest of an instant counts.
            Some([before, code]) if before == at.0 => {
                if row[1] < code && !is_great(&[before, code]) {
                    self.beats.truncate(self.beats.len() - 1);
                    self.near.pop();
                    self.push(row);
                }
            }
            _later => self.push(row),
        }
    }

    fn push(&mut self, row: Row) {
        self.beats.push(row);
        self.near.push(row);
    }

    /// The last beat of all.
    pub(crate) fn last_at(&self) -> Option<Time> {
        self.beats.last().map(|beat| Time(beat[0]))
    }

    /// The first beat after an instant.
    pub(crate) fn beat_after(&self, at: Time) -> Option<Time> {
        self.beat_at(self.beats_until(at))
    }

    /// The last beat before an instant.
    pub(crate) fn beat_before(&self, at: Time) -> Option<Time> {
        self.beat_at(self.beats.partition_point(|beat| beat[0] < at.0).checked_sub(1)?)
    }

    /// How many beats come up to an instant.
    pub(crate) fn beats_until(&self, at: Time) -> usize {
        self.beats.partition_point(|beat| beat[0] <= at.0)
    }

    /// The instant of a beat by its number.
    pub(crate) fn beat_at(&self, number: usize) -> Option<Time> {
        self.beats.get(number).map(|beat| Time(beat[0]))
    }

    /// From here on something is waited for that usually takes so long; zero: no longer.
    pub(crate) fn wait(&mut self, at: Time, usually: Span) {
        let before = self.waits.last().map_or(Span::ZERO, |(_, span)| *span);
        if before != usually {
            self.waits.push((at, usually));
        }
    }

    /// From here on an accident is so far. Is that new?
    pub(crate) fn phase(&mut self, at: Time, phase: Phase) -> bool {
        let is_new = self.phases.last().map_or(Phase::Usual, |(_, last)| *last) != phase;
        if is_new {
            self.phases.push((at, phase));
        }
        is_new
    }

    /// How far an accident is, and since when.
    fn phase_at(&self, at: Time) -> (Time, Phase) {
        let last = self.phases.partition_point(|(since, _)| *since <= at).checked_sub(1);
        last.and_then(|last| self.phases.get(last)).copied().unwrap_or_default()
    }

    /// Another sentence is true from here on.
    pub(crate) fn sentence(&mut self, at: Time) {
        self.sentences.push(at);
    }

    /// Nothing more is to come up to this instant.
    pub(crate) fn known_until(&mut self, at: Time) {
        self.known = self.known.max(at);
        while let Some(knot) = self.next_knot() {
            self.knots.push(knot);
            self.near.forget_before(knot[0].saturating_sub(2 * LOOK_AHEAD.0));
        }
    }

    /// Forgets what comes after `at`.
    pub(crate) fn truncate(&mut self, at: Time) {
        if at >= self.known {
            return;
        }
        self.beats.truncate(self.beats.partition_point(|row| row[0] <= at.0));
        self.waits.truncate(self.waits.partition_point(|(wait, _)| *wait <= at));
        self.phases.truncate(self.phases.partition_point(|(since, _)| *since <= at));
        self.sentences.truncate(self.sentences.partition_point(|sentence| *sentence <= at));
        // What was told of the last moments may have to be told otherwise: another future follows.
        let sure = at.0.saturating_sub(LOOK_AHEAD.0);
        self.knots.truncate(self.knots.partition_point(|knot| knot[0] <= sure).max(1));
        self.known = at;
        let old = self.last().0.0.saturating_sub(2 * LOOK_AHEAD.0);
        self.near = Near::new(nanoseconds(self.flight.1));
        self.beats.iter_from(self.beats.partition_point(|row| row[0] < old)).for_each(|row| self.near.push(row));
    }

    /// Forgets what comes before `at`; presentation time goes on as it was.
    pub(crate) fn forget_before(&mut self, at: Time) {
        self.beats.forget_while(|row| row[0] < at.0);
        self.knots.forget_while(|knot| knot[0] < at.0);
        let waits = self.waits.partition_point(|(wait, _)| *wait < at).saturating_sub(1);
        self.waits.drain(..waits);
        let phases = self.phases.partition_point(|(since, _)| *since < at).saturating_sub(1);
        self.phases.drain(..phases);
        let sentences = self.sentences.partition_point(|sentence| *sentence < at).saturating_sub(1);
        self.sentences.drain(..sentences);
    }

    /// Presentation time of an instant, in seconds. Exact once facts are known up to [`LOOK_AHEAD`] after it.
    pub fn tau(&self, at: Time) -> f64 {
        let (from, to) = self.piece(|knot| knot[0] <= at.0);
        from.1 + seconds(at.since(from.0)) * self.slope(from, to)
    }

    /// The latest instant whose presentation time is not after `tau`, looked for up to `limit`.
    pub fn instant(&self, tau: f64, limit: Time) -> Time {
        let (from, to) = self.piece(|knot| knot[1] as f64 / MICROS <= tau);
        let ahead = ((tau - from.1).max(0.0) / self.slope(from, to) * 1e9) as u64;
        let end = to.map_or(limit, |(end, _)| end.min(limit));
        Time(from.0.0.saturating_add(ahead)).min(end).max(from.0)
    }

    /// Virtual seconds per presentation second at an instant.
    pub fn rate(&self, at: Time) -> f64 {
        let (from, to) = self.piece(|knot| knot[0] <= at.0);
        1.0 / self.slope(from, to)
    }

    /// The same on average over the last seconds of presentation time up to the instant.
    pub(crate) fn rate_over(&self, last: f64, at: Time) -> f64 {
        let tau = self.tau(at);
        let from = (tau - last).max(0.0);
        let passed = seconds(at.since(self.instant(from, at)));
        if tau > from { passed / (tau - from) } else { self.rate(at) }
    }

    /// What is waited for at an instant, by how long that usually takes.
    pub fn waiting(&self, at: Time) -> Option<Span> {
        self.wait_at(at).map(|(_, usually)| usually)
    }

    fn wait_at(&self, at: Time) -> Option<(Time, Span)> {
        let last = self.waits.partition_point(|(wait, _)| *wait <= at).checked_sub(1)?;
        self.waits.get(last).copied().filter(|(_, usually)| *usually > Span::ZERO)
    }

    /// How long the quickest message is on its way for the reader, in seconds, at a pace.
    pub fn flight(&self, rate: f64) -> f64 {
        self.flight.0 / rate
    }

    /// Bytes held.
    pub(crate) fn size(&self) -> u64 {
        let rest = size_of::<(Time, Span)>() * self.waits.capacity()
            + size_of::<Time>() * self.sentences.capacity()
            + self.near.size();
        self.beats.size() + self.knots.size() + rest as u64
    }

    fn last(&self) -> (Time, f64) {
        knot(self.knots.last().unwrap_or_default())
    }

    /// The piece that begins with the last knot of which that is so; the first one, where it is of none.
    fn piece(&self, is_before: impl Fn(&[u64; 2]) -> bool) -> (Knot, Option<Knot>) {
        if let Some((from, to)) = self.knots.around(is_before) {
            return (knot(from), to.map(knot));
        }
        let mut knots = self.knots.iter_from(0).map(knot);
        (knots.next().unwrap_or_default(), knots.next())
    }

    /// Presentation seconds per virtual second.
    fn slope(&self, from: Knot, to: Option<Knot>) -> f64 {
        match to {
            Some((at, tau)) => (tau - from.1) / seconds(at.since(from.0)),
            // Not known yet: as if nothing followed.
            None => self.slowness(from, self.known.max(from.0)),
        }
    }

    /// Where the next piece ends. `None`: not enough is known.
    fn next_knot(&self) -> Option<[u64; 2]> {
        let from = self.last();
        if self.known < (from.0 + LOOK_AHEAD).min(LONGEST_RUN) || from.0 >= LONGEST_RUN {
            return None;
        }
        let act = self.near.act_after(from.0.0).map_or(Time(u64::MAX), Time);
        let horizon = (from.0 + LOOK_AHEAD).min(act);
        let slowness = self.slowness(from, horizon);
        let mut to = from.0.0 + ((PIECE / slowness * 1e9) as u64).clamp(1, LOOK_AHEAD.0);
        let mut stop = |at: u64| {
            if at > from.0.0 {
                to = to.min(at)
            }
        };
        let sentence = self.sentences.partition_point(|at| *at <= from.0);
        let wait = self.waits.partition_point(|(at, _)| *at <= from.0);
        self.sentences.get(sentence).iter().for_each(|at| stop(at.0));
        self.waits.get(wait).iter().for_each(|(at, _)| stop(at.0));
        self.near.great_after(from.0.0).into_iter().for_each(&mut stop);
        // What comes later is known by chance only.
        let next = self.near.after(from.0.0).filter(|at| *at <= horizon.0);
        if let Some(beat) = next.filter(|_| !self.is_flow(from)) {
            // Slower and slower towards the next.
            let (left, least) = (beat - from.0.0, (self.flight.0 * 1e9 / 8.0) as u64);
            stop(from.0.0 + (left / 2).max(least.min(left)));
        }
        let micros = (from.1 + seconds(Span(to - from.0.0)) * slowness) * MICROS;
        let before = (from.1 * MICROS).round() as u64;
        Some([to, (micros.ceil() as u64).max(before + 1)])
    }

    /// Presentation seconds per virtual second from a knot on, by what happens up to the horizon.
    fn slowness(&self, from: Knot, horizon: Time) -> f64 {
        let base = match self.wait_at(from.0) {
            Some((since, usually)) => {
                let (waited, usual) = (seconds(from.0.since(since)), seconds(usually).max(SHORT_WAIT));
                let lasts = from.1 - self.tau_of_knot(since);
                match waited <= usual {
                    _begins if lasts < BEGINNING.0 => BEGINNING.1,
                    true => WAIT / usual,
                    // Beyond what is usual faster and faster, so that the whole stays bounded.
                    false => LONGER_WAIT * usual / (waited * waited),
                }
            }
            None => IDLE,
        };
        base.max(self.for_traffic(from, horizon)).max(self.for_sentence(from, horizon))
    }

    /// The sentence that is true now is to be read to its end.
    fn for_sentence(&self, from: Knot, horizon: Time) -> f64 {
        let next = self.sentences.partition_point(|at| *at <= from.0);
        let Some(since) = next.checked_sub(1).map(|last| self.sentences[last]) else { return 0.0 };
        let left = SENTENCE - (from.1 - self.tau_of_knot(since));
        if left <= 0.0 {
            return 0.0;
        }
        let end = match self.sentences.get(next).filter(|at| **at <= horizon) {
            Some(end) => *end,
            // It will be long enough, or be made so before it ends.
            None if self.waiting(from.0).is_some() || self.is_flow(from) => return 0.0,
            None => from.0 + LOOK_AHEAD,
        };
        left / seconds(end.since(from.0)).max(1e-9)
    }

    /// Presentation time of an instant that a knot stands at or before.
    fn tau_of_knot(&self, at: Time) -> f64 {
        self.piece(|knot| knot[0] <= at.0).0.1
    }

    /// Messages fly so slowly that they can be followed, unless there are too many.
    fn for_traffic(&self, from: Knot, horizon: Time) -> f64 {
        let at = from.0;
        let top = FLIGHT / self.flight.0;
        let next = self.near.after(at.0).filter(|next| *next <= horizon.0);
        let passed = |beat: u64| seconds(at.since(Time(beat)));
        // What was longer ago is at hand by chance only.
        let recent = |beat: &u64| *beat >= at.0.saturating_sub(2 * LOOK_AHEAD.0);
        let last = self.near.last_until(at.0).filter(recent);
        let leaving = last.map_or(0.0, |beat| fall(passed(beat), self.flight.1 * 1.05));
        let arriving = next.map_or(0.0, |beat| fall(seconds(Span(beat - at.0)), self.flight.0 / 8.0));
        let near = top * leaving.max(arriving);
        let great = self.near.great_until(at.0).filter(recent);
        let great = great.map_or(0.0, |beat| fall(passed(beat), self.flight.1 * 1.05));
        let Load { all, most, great: count } = self.load(from);
        let great = top * great * (GREAT / count.max(GREAT));
        let traffic = if all > 1.5 * most { most } else { near * (most / all.max(most)) };
        let slowness = traffic.max(great);
        if self.phase_at(at).1 == Phase::Leaderless { slowness.min(LEADERLESS) } else { slowness }
    }

    fn is_flow(&self, from: Knot) -> bool {
        let load = self.load(from);
        load.all > 1.5 * load.most
    }

    fn load(&self, (at, tau): Knot) -> Load {
        // What is to come does not count: an act may bring another future.
        let (begin, end) = (at.0.saturating_sub(LOOK_AHEAD.0), at.0);
        let Traffic { records, great, busy } = self.near.traffic(Time(begin), Time(end));
        let window = seconds(Span(end - begin)).max(1e-3);
        let most = (RECORDS / (records as f64 / window).max(1.0)).clamp(LEAST, MOST);
        let most = match self.phase_at(at) {
            (since, Phase::CatchingUp) => {
                let share = if tau - self.tau_of_knot(since) < WATCHED.0 { 1.0 } else { WATCHED.1 };
                let lasts = seconds(at.since(since)).max(CATCHING_UP.1);
                most.min(share * CATCHING_UP.0 * square(CATCHING_UP.1 / lasts))
            }
            (_, Phase::Usual | Phase::Leaderless) => most,
        };
        Load { all: seconds(Span(busy)) * FLIGHT / self.flight.0 / window, most, great: great as f64 / window }
    }
}

/// How much went on before an instant.
struct Load {
    /// What following every message would take, in presentation seconds per virtual second.
    all: f64,
    /// What it may take.
    most: f64,
    /// Great things per virtual second.
    great: f64,
}

fn knot([at, micros]: [u64; 2]) -> Knot {
    (Time(at), micros as f64 / MICROS)
}

fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1e9
}

/// The nearest whole number of nanoseconds.
fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9 + 0.5) as u64
}

fn square(number: f64) -> f64 {
    number * number
}

/// 1 up to a distance, then less and less by its third power.
fn fall(distance: f64, knee: f64) -> f64 {
    if distance <= knee {
        return 1.0;
    }
    let share = knee / distance;
    share * share * share
}

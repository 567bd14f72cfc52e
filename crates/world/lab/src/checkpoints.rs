//! States of a branch that are kept, so that going back is the nearest of them and a re-run: some over the whole run,
//! and some near the playhead. Which states are due depends on their number of events alone, so that every way through
//! a run keeps the same; each is packed before it is kept.

use crate::branch::Cursor;
use crate::run::Run;
use base::{FlatMap, Time};

/// Events between two checkpoints of a short run. It doubles whenever there are too many of them, so
/// that a run of a million events has one every 8,000: a twentieth of a second to run from one to the next in the page.
const SPACING: u64 = 1_000;
const MOST: usize = 130;
/// Events between two of those near the playhead, which make a step back quick…
const NEAR_SPACING: u64 = 1_000;
/// …in the last stretch of so many events before the place that somebody is on his way to; what comes before that is
/// less likely to be wanted again, and each one kept costs as much time as a few hundred events…
pub(crate) const LAST_STRETCH: u64 = 2_500;
const FAR_SPACING: u64 = 8_000;
/// …and between two of those that are made while stepping back.
const NEAREST_SPACING: u64 = 250;
const NEAR: usize = 12;

/// Bytes that those over the whole run may take, and those near the playhead. In a large world one takes megabytes, and
/// there are fewer…
const SPARSE_BYTES: u64 = 52 << 20;
const NEAR_BYTES: u64 = 8 << 20;
/// …but not fewer than so many.
const FEWEST: usize = 6;
const FEWEST_NEAR: usize = 3;

/// With so many of them going back is still quick; more are a luxury that is given up when memory gets tight.
const AMPLE: usize = 16;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    /// Never empty: the first is where rewinding ends.
    sparse: FlatMap<Time, Kept>,
    spacing: u64,
    near: FlatMap<Time, Kept>,
    /// Those that were near the playhead and are not any more: to free one takes as long as a few hundred events, which
    /// has time until nobody waits for a place.
    given_up: Vec<Kept>,
    /// Where the last stretch of somebody's way begins.
    last_stretch: Time,
}

/// A state, and about how many bytes it does not share with the one before.
#[derive(Clone, Debug)]
struct Kept {
    run: Run,
    cost: u64,
}

impl Checkpoints {
    pub(crate) fn new(beginning: Run) -> Checkpoints {
        let beginning = Kept { run: beginning, cost: 0 };
        Checkpoints {
            sparse: FlatMap::from([(Time::ZERO, beginning)]),
            spacing: SPACING,
            near: FlatMap::new(),
            given_up: Vec::new(),
            last_stretch: Time::ZERO,
        }
    }

    /// Those over the whole run, and those near the playhead.
    pub(crate) fn count(&self) -> (u32, u32) {
        (self.sparse.len() as u32, self.near.len() as u32)
    }

    /// About how many bytes those after `from` take.
    pub(crate) fn size(&self, from: Time) -> u64 {
        let given_up: u64 = self.given_up.iter().map(|kept| kept.cost).sum();
        cost(self.sparse.range(from..)) + cost(self.near.range(from..)) + given_up
    }

    /// Is there anything that only waits to be freed?
    pub(crate) fn holds_given_up(&self) -> bool {
        !self.given_up.is_empty()
    }

    /// Frees what was given up.
    pub(crate) fn let_go(&mut self) {
        self.given_up.clear();
    }

    /// Where rewinding ends.
    pub(crate) fn begin(&self) -> Time {
        self.sparse.first_key_value().map(|(at, _)| *at).expect("the first is never forgotten")
    }

    /// The instant of the checkpoint in the middle.
    pub(crate) fn middle(&self) -> Time {
        self.sparse.keys().nth(self.sparse.len() / 2).copied().unwrap_or_default()
    }

    /// The nearest known state not after `at`; the first, when all are.
    pub(crate) fn nearest(&self, at: Time) -> Cursor {
        let sparse = self.sparse.range(..=at).next_back();
        let near = self.near.range(..=at).next_back();
        let best = sparse.into_iter().chain(near).max_by_key(|(time, _)| **time);
        let (at, kept) = best.or(self.sparse.first_key_value()).expect("the first is never forgotten");
        Cursor { run: kept.run.clone(), at: *at }
    }

    /// Somebody is on his way, and the last stretch of it begins there.
    pub(crate) fn expect_last_stretch(&mut self, from: Time) {
        self.last_stretch = from;
    }

    /// About how many events have happened at an instant: between two states that are kept, and after the last of them,
    /// as if they came evenly. `None` where nothing is known of how many come.
    pub(crate) fn events_at(&self, at: Time) -> Option<u64> {
        let all = || self.sparse.iter().chain(self.near.iter()).map(|(time, kept)| (*time, kept.run.world.events()));
        let before = all().filter(|(time, _)| *time <= at).max()?;
        let (one, other) = match all().filter(|(time, _)| *time > at).min() {
            Some(after) => (before, after),
            None => (all().filter(|(time, _)| *time < before.0).max()?, before),
        };
        let span = u128::from(other.0.since(one.0).0.max(1));
        let more = u128::from(at.since(before.0).0) * u128::from(other.1.saturating_sub(one.1)) / span;
        Some(before.1.saturating_add(u64::try_from(more).unwrap_or(u64::MAX)))
    }

    /// The latest state that both keep: equal numbers of what has happened so far mean equal runs.
    pub(crate) fn shared(&self, other: &Checkpoints) -> Option<Cursor> {
        let known = |at: &Time, kept: &Kept| {
            let same = other.sparse.get(at)?;
            (same.run.world.run_digest() == kept.run.world.run_digest()).then(|| kept.run.clone())
        };
        self.sparse.iter().rev().find_map(|(at, kept)| Some(Cursor { run: known(at, kept)?, at: *at }))
    }

    /// Forgets what comes after `at`, which must not be before the first: what is left could not be told from it.
    pub(crate) fn truncate(&mut self, at: Time) {
        let begin = self.begin();
        assert!(begin <= at, "the past before {begin} is forgotten, and {at} becomes another");
        self.sparse.retain(|time, _| *time <= at || *time == begin);
        self.near.retain(|time, _| *time <= at);
        self.let_go();
    }

    /// Forgets what comes before the last state not after `at`, which becomes the first. Returns its instant.
    pub(crate) fn forget_before(&mut self, at: Time) -> Time {
        let first = self.sparse.range(..=at).next_back().map_or(self.begin(), |(time, _)| *time);
        self.sparse.retain(|time, _| *time >= first);
        self.near.retain(|time, _| *time >= first);
        self.let_go();
        first
    }

    pub(crate) fn can_be_thinned(&self) -> bool {
        self.sparse.len() > FEWEST
    }

    /// Keeps every second one if many are left then. True when some went.
    pub(crate) fn spare(&mut self) -> bool {
        let before = self.sparse.len();
        if before >= 2 * AMPLE {
            self.thin();
        }
        self.sparse.len() < before
    }

    /// Keeps every second one; the first always.
    pub(crate) fn thin(&mut self) {
        self.let_go();
        self.spacing *= 2;
        let (spacing, begin) = (self.spacing, self.begin());
        self.sparse.retain(|at, kept| *at == begin || kept.run.world.events().is_multiple_of(spacing));
    }

    /// Keeps the state when it is due.
    pub(crate) fn keep(&mut self, cursor: &mut Cursor) {
        let is_far = cursor.at < self.last_stretch;
        self.keep_near(cursor, if is_far { FAR_SPACING } else { NEAR_SPACING });
        if !is_due(cursor, self.spacing) {
            return;
        }
        keep_in(&mut self.sparse, cursor);
        if self.sparse.len() > MOST || self.can_be_thinned() && cost(self.sparse.iter()) > SPARSE_BYTES {
            self.thin();
        }
    }

    /// Keeps a state on a way that is likely to be gone again from a little before its end.
    pub(crate) fn keep_nearest(&mut self, cursor: &mut Cursor) {
        self.keep_near(cursor, NEAREST_SPACING);
    }

    fn keep_near(&mut self, cursor: &mut Cursor, spacing: u64) {
        if !is_due(cursor, spacing) {
            return;
        }
        keep_in(&mut self.near, cursor);
        while self.near.len() > NEAR || self.near.len() > FEWEST_NEAR && cost(self.near.iter()) > NEAR_BYTES {
            let distance = |time: &Time| time.0.abs_diff(cursor.at.0);
            let (first, last) = (self.near.first_key_value(), self.near.last_key_value());
            let farthest = first.into_iter().chain(last).map(|(time, _)| *time).max_by_key(distance);
            let farthest = farthest.and_then(|time| self.near.remove(&time));
            self.given_up.extend(farthest);
        }
        // Where nobody ever rests there is no better time.
        if self.given_up.len() > NEAR || self.given_up.iter().map(|kept| kept.cost).sum::<u64>() > NEAR_BYTES {
            self.let_go();
        }
    }
}

fn cost<'a>(kept: impl Iterator<Item = (&'a Time, &'a Kept)>) -> u64 {
    kept.map(|(_, kept)| kept.cost).sum()
}

/// Whoever comes by a state that is kept goes on from that one: it is the same, and so everything that two ways to it
/// have made is held once.
fn keep_in(all: &mut FlatMap<Time, Kept>, cursor: &mut Cursor) {
    if let Some(known) = all.get(&cursor.at) {
        cursor.run = known.run.clone();
        return;
    }
    cursor.run.world.pack();
    let before = all.range(..cursor.at).next_back();
    let cost = before.map_or(0, |(_, before)| cursor.run.world.unshared(&before.run.world));
    all.insert(cursor.at, Kept { run: cursor.run.clone(), cost });
}

/// The same states are due on every way through a run.
fn is_due(cursor: &Cursor, spacing: u64) -> bool {
    cursor.run.world.events().is_multiple_of(spacing) && cursor.run.world.now() == cursor.at
}

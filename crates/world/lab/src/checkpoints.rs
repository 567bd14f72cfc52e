//! States of a branch that are kept, so that going back is the nearest of them and a re-run: some over the whole run,
//! and some near the playhead. Which states are due depends on their number of events alone, so that every way through
//! a run keeps the same; each is packed before it is kept.

use crate::branch::Cursor;
use crate::run::Run;
use base::{FlatMap, Time};

/// Events between two checkpoints of a short run. It doubles whenever there are too many of them, so
/// that a run of a million events has one every 16,000: a twentieth of a second to run from one to the next natively.
const SPACING: u64 = 2_000;
const MOST: usize = 66;
/// Events between two of those near the playhead, which make a step back quick…
const NEAR_SPACING: u64 = 1_000;
/// …and between two of those that are made while stepping back.
const NEAREST_SPACING: u64 = 250;
const NEAR: usize = 16;
/// Events between two looks at what could be packed, and bytes that are worth it.
const LOOK: u64 = 128;
const LOOSE: u64 = 1 << 20;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints {
    sparse: FlatMap<Time, Run>,
    spacing: u64,
    near: FlatMap<Time, Run>,
}

impl Checkpoints {
    pub(crate) fn new(beginning: Run) -> Checkpoints {
        Checkpoints { sparse: FlatMap::from([(Time::ZERO, beginning)]), spacing: SPACING, near: FlatMap::new() }
    }

    /// Those over the whole run, and those near the playhead.
    pub(crate) fn count(&self) -> (u32, u32) {
        (self.sparse.len() as u32, self.near.len() as u32)
    }

    /// The nearest known state not after `at`.
    pub(crate) fn nearest(&self, at: Time) -> Cursor {
        let sparse = self.sparse.range(..=at).next_back();
        let near = self.near.range(..=at).next_back();
        let best = sparse.into_iter().chain(near).max_by_key(|(time, _)| **time);
        let (at, run) = best.expect("the beginning is always kept");
        Cursor { run: run.clone(), at: *at }
    }

    /// Forgets what comes after `at`.
    pub(crate) fn truncate(&mut self, at: Time) {
        self.sparse.retain(|time, _| *time <= at);
        self.near.retain(|time, _| *time <= at);
    }

    /// Keeps the state when it is due.
    pub(crate) fn keep(&mut self, cursor: &mut Cursor) {
        let world = &mut cursor.run.world;
        if world.events().is_multiple_of(LOOK) && world.disks().loose > LOOSE {
            world.pack();
        }
        self.keep_near(cursor, NEAR_SPACING);
        if !is_due(cursor, self.spacing) {
            return;
        }
        keep_in(&mut self.sparse, cursor);
        if self.sparse.len() > MOST {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.sparse.retain(|_, run| run.world.events().is_multiple_of(spacing));
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
        if self.near.len() > NEAR {
            let distance = |time: &Time| time.0.abs_diff(cursor.at.0);
            let (first, last) = (self.near.first_key_value(), self.near.last_key_value());
            let farthest = first.into_iter().chain(last).map(|(time, _)| *time).max_by_key(distance);
            farthest.map(|time| self.near.remove(&time));
        }
    }
}

/// Whoever comes by a state that is kept goes on from that one: it is the same, and so everything that two ways to it
/// have made is held once.
fn keep_in(kept: &mut FlatMap<Time, Run>, cursor: &mut Cursor) {
    match kept.get(&cursor.at) {
        Some(known) => cursor.run = known.clone(),
        None => {
            cursor.run.world.pack();
            kept.insert(cursor.at, cursor.run.clone());
        }
    }
}

/// The same states are due on every way through a run.
fn is_due(cursor: &Cursor, spacing: u64) -> bool {
    cursor.run.world.events().is_multiple_of(spacing) && cursor.run.world.now() == cursor.at
}

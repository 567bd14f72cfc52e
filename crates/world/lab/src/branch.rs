//! One line of events: its acts, its checkpoints and its marks. A branch knows how to go on from
//! any instant of its own; where the reader stands is not its business.

use crate::acts::{Acts, PlacedCommand};
use crate::limits;
use crate::marks::Marks;
use crate::run::{Happening, Run};
use base::{FlatMap, Str, Time};
use sim::{CommandError, Setup};

/// Events between two checkpoints of a short run. It doubles whenever there are too many of them, so
/// that a run of a million events has one every 16,000: half a megabyte each, and a twentieth of a
/// second to run from one to the next natively.
const SPACING: u64 = 2_000;
const CHECKPOINTS: usize = 66;
/// Events between two of those near the playhead, which make a step back quick…
const NEAR_SPACING: u64 = 1_000;
/// …and between two of those that are made while stepping back.
const NEAREST_SPACING: u64 = 250;
const NEAR: usize = 16;

/// A state of the branch: everything up to and including `at` has happened.
#[derive(Clone, Debug)]
pub struct Cursor {
    pub run: Run,
    pub at: Time,
}

/// What one step was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    Event(Time),
    /// A command, with its ticket or the reason why the world did not take it.
    Command(Time, Result<Option<u64>, CommandError>),
    /// Nothing happens until the limit.
    Nothing,
}

/// One line of events.
#[derive(Clone, Debug)]
pub struct Branch {
    /// `A`, `B`, …
    pub name: Str,
    /// The branch it left, and where.
    pub parent: Option<(usize, Time)>,
    /// All that is done, from the beginning.
    pub acts: Acts,
    /// Marks that a person has set, with their names.
    pub own_marks: FlatMap<Time, Str>,
    pub marks: Marks,
    /// The latest instant that the reader has seen.
    pub seen_until: Time,
    checkpoints: FlatMap<Time, Run>,
    spacing: u64,
    /// Checkpoints near the playhead.
    near: FlatMap<Time, Run>,
}

impl Branch {
    /// The first branch of a world.
    pub fn new(setup: &Setup, seed: u64, scene: Vec<PlacedCommand>) -> Branch {
        Branch {
            name: "A".into(),
            parent: None,
            acts: Acts::of_scene(scene),
            own_marks: FlatMap::new(),
            marks: Marks::default(),
            seen_until: Time::ZERO,
            checkpoints: FlatMap::from([(Time::ZERO, Run::new(setup, seed))]),
            spacing: SPACING,
            near: FlatMap::new(),
        }
    }

    /// A branch that shares everything up to `at` with this one. The scene goes on in it; what the reader did later
    /// does not happen.
    pub fn fork(&self, parent: usize, at: Time, name: Str) -> Branch {
        let mut child = Branch { name, parent: Some((parent, at)), ..self.clone() };
        child.truncate(at);
        child.acts.truncate_own(at);
        child.own_marks.retain(|time, _| *time <= at);
        child.seen_until = at;
        child
    }

    /// Forgets everything known about what comes after `at`, except acts.
    pub fn truncate(&mut self, at: Time) {
        self.marks.truncate(at);
        self.checkpoints.retain(|time, _| *time <= at);
        self.near.retain(|time, _| *time <= at);
    }

    /// Does anything worth keeping come after `at`: an act of the reader's, or a visible event already seen?
    pub fn has_tail(&self, at: Time) -> bool {
        self.acts.next_own(at).is_some() || self.marks.next(at).is_some_and(|seen| seen <= self.seen_until)
    }

    /// All acts in order of time.
    pub fn commands(&self) -> &[PlacedCommand] {
        self.acts.all()
    }

    /// The nearest known state not after `at`.
    pub fn nearest(&self, at: Time) -> Cursor {
        let sparse = self.checkpoints.range(..=at).next_back();
        let near = self.near.range(..=at).next_back();
        let best = sparse.into_iter().chain(near).max_by_key(|(time, _)| **time);
        let (at, run) = best.expect("the beginning is always kept");
        Cursor { run: run.clone(), at: *at }
    }

    /// One event or command, if it comes not after `to` and not after the longest run; what happened is added to
    /// `facts`. When nothing does, the cursor stands at `to`.
    pub fn advance(&mut self, cursor: &mut Cursor, to: Time, facts: &mut Vec<Happening>) -> Moved {
        let from = facts.len();
        let index = self.acts.next_index(cursor.at);
        let next = self.acts.all().get(index).map(|act| act.after);
        let limit = to.min(limits::LONGEST_RUN);
        let moved = match cursor.run.step(next.map_or(limit, |after| after.min(limit)), facts) {
            Some(at) => Moved::Event(at),
            None if next.is_some_and(|after| after < limit) => {
                let placed = &self.acts.all()[index];
                let result = cursor.run.apply(placed.at(), &placed.command, facts);
                self.marks.act(placed.at(), index as u32);
                Moved::Command(placed.at(), result)
            }
            None => Moved::Nothing,
        };
        cursor.at = match &moved {
            Moved::Event(at) | Moved::Command(at, _) => *at,
            Moved::Nothing if to == Time::MAX => cursor.at,
            Moved::Nothing => cursor.at.max(limit),
        };
        for happening in &facts[from..] {
            self.marks.note(happening, &cursor.run.world);
        }
        self.marks.known_until(cursor.at);
        self.keep(cursor);
        moved
    }

    /// Bytes of marks; checkpoints share most of what they hold and cannot be told apart.
    pub fn marks_size(&self) -> u64 {
        self.marks.size()
    }

    /// Checkpoints kept: over the whole run, and near the playhead.
    pub fn checkpoint_count(&self) -> (u32, u32) {
        (self.checkpoints.len() as u32, self.near.len() as u32)
    }

    /// Keeps a state on a way that is likely to be gone again from a little before its end.
    pub fn keep_nearest(&mut self, cursor: &Cursor) {
        self.keep_near(cursor, NEAREST_SPACING);
    }

    /// Keeps the state when it is due.
    fn keep(&mut self, cursor: &Cursor) {
        self.keep_near(cursor, NEAR_SPACING);
        if !is_due(cursor, self.spacing) {
            return;
        }
        self.checkpoints.entry(cursor.at).or_insert_with(|| cursor.run.clone());
        if self.checkpoints.len() > CHECKPOINTS {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints.retain(|_, run| run.world.events().is_multiple_of(spacing));
        }
    }

    fn keep_near(&mut self, cursor: &Cursor, spacing: u64) {
        if !is_due(cursor, spacing) {
            return;
        }
        self.near.entry(cursor.at).or_insert_with(|| cursor.run.clone());
        if self.near.len() > NEAR {
            let distance = |time: &Time| time.0.abs_diff(cursor.at.0);
            let (first, last) = (self.near.first_key_value(), self.near.last_key_value());
            let farthest = first.into_iter().chain(last).map(|(time, _)| *time).max_by_key(distance);
            farthest.map(|time| self.near.remove(&time));
        }
    }
}

/// The same states are due on every way through a run.
fn is_due(cursor: &Cursor, spacing: u64) -> bool {
    cursor.run.world.events().is_multiple_of(spacing) && cursor.run.world.now() == cursor.at
}

//! One line of events: its commands, its checkpoints and its marks. A branch knows how to go on from
//! any instant of its own; where the reader stands is not its business.

use crate::checkpoints::Checkpoints;
use crate::marks::Marks;
use crate::run::{Happening, Run};
use base::{FlatMap, Str, Time};
use sim::{Command, CommandError, Setup};

/// A command and its place: after all events up to `after`, at an instant of its own one nanosecond
/// later. So `after` can be a round number, and links stay short.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlacedCommand {
    pub after: Time,
    pub command: Command,
}

impl PlacedCommand {
    /// The command's own instant.
    pub fn at(&self) -> Time {
        Time(self.after.0 + 1)
    }
}

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
    /// All commands from the beginning, in order of time.
    pub commands: Vec<PlacedCommand>,
    /// Marks that a person has set, with their names.
    pub own_marks: FlatMap<Time, Str>,
    pub marks: Marks,
    /// The latest instant that the reader has seen.
    pub seen_until: Time,
    checkpoints: Checkpoints,
}

impl Branch {
    /// The first branch of a world.
    pub fn new(setup: &Setup, seed: u64, commands: Vec<PlacedCommand>) -> Branch {
        Branch {
            name: "A".into(),
            parent: None,
            commands,
            own_marks: FlatMap::new(),
            marks: Marks::default(),
            seen_until: Time::ZERO,
            checkpoints: Checkpoints::new(Run::new(setup, seed)),
        }
    }

    /// A branch that shares everything up to `at` with this one and has no future yet.
    pub fn fork(&self, parent: usize, at: Time, name: Str) -> Branch {
        let mut child = Branch { name, parent: Some((parent, at)), ..self.clone() };
        child.truncate(at);
        child.commands.truncate(child.commands.partition_point(|command| command.after < at));
        child.own_marks.retain(|time, _| *time <= at);
        child.seen_until = at;
        child
    }

    /// Forgets everything known about what comes after `at`, except commands.
    pub fn truncate(&mut self, at: Time) {
        self.marks.truncate(at);
        self.checkpoints.truncate(at);
    }

    /// Does anything worth keeping come after `at`: a command, or a visible event already seen?
    pub fn has_tail(&self, at: Time) -> bool {
        let command = self.commands.last().is_some_and(|last| last.after >= at);
        command || self.marks.next(at).is_some_and(|seen| seen <= self.seen_until)
    }

    /// The command that comes next after the cursor's state.
    pub fn next_command(&self, at: Time) -> Option<&PlacedCommand> {
        self.commands.get(self.commands.partition_point(|command| command.after < at))
    }

    /// The last command whose effect an instant shows, with its index.
    pub fn last_command(&self, at: Time) -> Option<(usize, &PlacedCommand)> {
        let index = self.commands.partition_point(|command| command.after < at).checked_sub(1)?;
        Some((index, &self.commands[index]))
    }

    /// The nearest known state not after `at`.
    pub fn nearest(&self, at: Time) -> Cursor {
        self.checkpoints.nearest(at)
    }

    /// One event or command, if it comes not after `to`; what happened is added to `facts`. When
    /// nothing does, the cursor stands at `to`.
    pub fn advance(&mut self, cursor: &mut Cursor, to: Time, facts: &mut Vec<Happening>) -> Moved {
        let from = facts.len();
        let index = self.commands.partition_point(|command| command.after < cursor.at);
        let next = self.commands.get(index).map(|command| command.after);
        let limit = next.map_or(to, |after| after.min(to));
        let moved = match cursor.run.step(limit, facts) {
            Some(at) => Moved::Event(at),
            None if next.is_some_and(|after| after < to) => {
                let placed = &self.commands[index];
                let result = cursor.run.apply(placed.at(), &placed.command, facts);
                self.marks.act(placed.at(), index as u32);
                Moved::Command(placed.at(), result)
            }
            None => Moved::Nothing,
        };
        cursor.at = match &moved {
            Moved::Event(at) | Moved::Command(at, _) => *at,
            Moved::Nothing if to == Time::MAX => cursor.at,
            Moved::Nothing => cursor.at.max(to),
        };
        for happening in &facts[from..] {
            self.marks.note(happening, &cursor.run.world);
        }
        self.marks.known_until(cursor.at);
        self.checkpoints.keep(cursor);
        moved
    }

    /// Bytes of marks; checkpoints share most of what they hold and cannot be told apart.
    pub fn marks_size(&self) -> u64 {
        self.marks.size()
    }

    /// Checkpoints kept: over the whole run, and near the playhead.
    pub fn checkpoint_count(&self) -> (u32, u32) {
        self.checkpoints.count()
    }

    /// Keeps a state on a way that is likely to be gone again from a little before its end.
    pub fn keep_nearest(&mut self, cursor: &mut Cursor) {
        self.checkpoints.keep_nearest(cursor);
    }
}

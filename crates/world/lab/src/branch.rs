//! One line of events: its acts, its checkpoints and its marks. A branch knows how to go on from
//! any instant of its own; where the reader stands is not its business.

use crate::acts::{ActId, Acts, Standing};
use crate::checkpoints::Checkpoints;
use crate::marks::Marks;
use crate::run::{Happening, Run};
use base::{FlatMap, Str, Time};
use script::PlacedCommand;
use script::limits;
use sim::{CommandError, Setup};

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
    /// The branch it left, and where the reader stood. Where the two part now is [`History::parting`]'s to say: acts can
    /// be undone and left out on either.
    ///
    /// [`History::parting`]: crate::history::History::parting
    pub parent: Option<(usize, Time)>,
    /// All that is done, from the beginning.
    pub acts: Acts,
    /// Marks that a person has set, with their names.
    pub own_marks: FlatMap<Time, Str>,
    pub marks: Marks,
    /// The latest instant that the reader has seen.
    pub seen_until: Time,
    checkpoints: Checkpoints,
}

impl Branch {
    /// The first branch of a world.
    pub fn new(setup: &Setup, seed: u64, scene: Vec<PlacedCommand>) -> Branch {
        Branch {
            name: "A".into(),
            parent: None,
            acts: Acts::of_scene(scene),
            own_marks: FlatMap::new(),
            marks: Marks::new(&setup.network, setup.clusters.len()),
            seen_until: Time::ZERO,
            checkpoints: Checkpoints::new(Run::new(setup, seed)),
        }
    }

    /// A branch that shares everything up to `at` with this one. What comes later, of the scene and of the reader,
    /// comes in it as well.
    pub fn fork(&self, parent: usize, at: Time, name: Str) -> Branch {
        let mut child = Branch { name, parent: Some((parent, at)), ..self.clone() };
        child.truncate(at);
        child.own_marks.retain(|time, _| *time <= at);
        child.seen_until = at;
        child
    }

    /// Forgets everything known about what comes after `at`, except acts.
    pub fn truncate(&mut self, at: Time) {
        self.marks.truncate(at);
        self.checkpoints.truncate(at);
    }

    /// Takes away what the reader did last. Returns from where on the run is another; `None` when nothing is left.
    pub(crate) fn undo(&mut self, at: Time) -> Option<Time> {
        let after = self.acts.undo(self.seen_until)?;
        self.seen_until = self.seen_until.min(after.max(at));
        self.truncate(after);
        Some(after)
    }

    /// Brings back what was undone last, and what had been seen with it.
    pub(crate) fn redo(&mut self) -> Option<Time> {
        let (after, seen_until) = self.acts.redo()?;
        self.seen_until = seen_until;
        self.truncate(after);
        Some(after)
    }

    /// Leaves an act out or puts it back. Returns from where on the run is another; `None` when nothing changes.
    pub(crate) fn set(&mut self, id: ActId, standing: Standing, at: Time) -> Option<Time> {
        let after = self.acts.set(id, standing)?;
        self.seen_until = self.seen_until.min(after.max(at));
        self.truncate(after);
        Some(after)
    }

    /// The place of the first act that is done here and not on another branch of the same scene, or there and not here.
    /// `None` when both run alike.
    pub fn first_difference(&self, other: &Branch) -> Option<Time> {
        let (mine, others) = (self.commands(), other.commands());
        let alike = mine.iter().zip(others).take_while(|(mine, other)| mine == other).count();
        [mine.get(alike), others.get(alike)].into_iter().flatten().map(|act| act.after).min()
    }

    /// Does anything worth keeping come after `at`: an act of the reader's, or a visible event already seen?
    pub fn has_tail(&self, at: Time) -> bool {
        self.acts.next_own(at).is_some() || self.marks.next(at).is_some_and(|seen| seen <= self.seen_until)
    }

    /// All acts in order of time.
    pub fn commands(&self) -> &[PlacedCommand] {
        self.acts.all()
    }

    /// The latest known state that both are known to have come by, acts included.
    pub(crate) fn shared(&self, other: &Branch) -> Option<Cursor> {
        self.checkpoints.shared(&other.checkpoints)
    }

    /// The nearest known state not after `at`.
    pub fn nearest(&self, at: Time) -> Cursor {
        self.checkpoints.nearest(at)
    }

    /// About how many events have happened at an instant up to which everything is known. `None`: nobody can tell.
    pub(crate) fn events_at(&self, at: Time) -> Option<u64> {
        self.checkpoints.events_at(at)
    }

    /// Is there a state that only waits to be freed?
    pub(crate) fn holds_given_up(&self) -> bool {
        self.checkpoints.holds_given_up()
    }

    /// Frees states that were given up on a way.
    pub(crate) fn let_go(&mut self) {
        self.checkpoints.let_go();
    }

    /// Somebody is on his way, and the last stretch of it begins there: from there on more states are kept.
    pub(crate) fn expect_last_stretch(&mut self, from: Time) {
        self.checkpoints.expect_last_stretch(from);
    }

    /// One event or command, if it comes not after `to` and not after the longest run; what happened is added to
    /// `facts`. When nothing does, the cursor stands at `to`.
    pub fn advance(&mut self, cursor: &mut Cursor, to: Time, facts: &mut Vec<Happening>) -> Moved {
        let from = facts.len();
        let mut author = None;
        let index = self.acts.next_index(cursor.at);
        let next = self.acts.all().get(index).map(|act| act.after);
        let limit = to.min(limits::LONGEST_RUN);
        let moved = match cursor.run.step(next.map_or(limit, |after| after.min(limit)), facts) {
            Some(at) => Moved::Event(at),
            None if next.is_some_and(|after| after < limit) => {
                let placed = &self.acts.all()[index];
                let result = cursor.run.apply(placed.at(), &placed.command, facts);
                self.marks.act(placed.at(), index as u32);
                author = self.acts.author(index);
                Moved::Command(placed.at(), result)
            }
            None => Moved::Nothing,
        };
        cursor.at = match &moved {
            Moved::Event(at) | Moved::Command(at, _) => *at,
            Moved::Nothing if to == Time::MAX => cursor.at,
            Moved::Nothing => cursor.at.max(limit),
        };
        for happening in &mut facts[from..] {
            happening.by = author;
            if matches!(moved, Moved::Command(..)) {
                // Whoever stands right after an act has seen all of it, also what its clock counted as the next instant.
                happening.at = happening.at.min(cursor.at);
            }
            self.marks.note(happening, &cursor.run.world);
        }
        // Only where something happens: where somebody stopped is nobody else's business.
        if moved != Moved::Nothing {
            self.marks.look(&cursor.run, cursor.at);
        }
        self.marks.known_until(cursor.at);
        self.checkpoints.keep(cursor);
        moved
    }

    /// About how many bytes its past takes: checkpoints after the instant where it parts from another branch, and marks.
    pub fn past_size(&self, parting: Time) -> u64 {
        self.checkpoints.size(parting) + self.marks.size()
    }

    /// Keeps every second checkpoint: going back takes longer.
    pub fn thin(&mut self) {
        self.checkpoints.thin();
    }

    /// The same, but only while going back stays quick. True when something went.
    pub(crate) fn spare(&mut self) -> bool {
        self.checkpoints.spare()
    }

    /// Would [`thin`](Self::thin) leave more than a few, and give back what is worth a pause: an eighth of the past?
    pub fn can_be_thinned(&self) -> bool {
        let given_back = self.checkpoints.size(Time::ZERO) / 2;
        self.checkpoints.can_be_thinned() && given_back >= self.past_size(Time::ZERO) / 8
    }

    /// Forgets what comes before the last checkpoint not after `at`, except acts.
    pub fn forget_before(&mut self, at: Time) {
        let begin = self.checkpoints.forget_before(at);
        self.marks.forget_before(begin);
    }

    /// The earliest instant that can be gone back to.
    pub fn rewinds_to(&self) -> Time {
        self.checkpoints.begin()
    }

    /// An instant with as much of the past before it as after.
    pub fn middle(&self) -> Time {
        self.checkpoints.middle()
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

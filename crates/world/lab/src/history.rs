//! Time travel: branches, and where the reader stands on one of them. Rewind is the nearest
//! checkpoint and a re-run; a fork is a clone. Facts are derived again where they are wanted.
//! Ways that may be long are `journey`'s.

use crate::allowance::Allowance;
use crate::branch::{Branch, Cursor, Moved};
use crate::journey::Journey;
use crate::marks::Saying;
use crate::pace::LOOK_AHEAD;
use crate::recent::Recent;
use crate::run::Happening;
use base::{Span, Time};
use script::PlacedCommand;
use script::limits::LONGEST_RUN;
use sim::{Command, CommandError, Setup, Standstill};

/// Facts of so much presentation time are kept for the picture (reduced motion shows them longest).
pub const RECENT: f64 = 1.0;
/// At most so many of them.
pub(crate) const RECENT_FACTS: usize = 2_000;

/// Branches and the reader's place.
#[derive(Clone, Debug)]
pub struct History {
    pub(crate) branches: Vec<Branch>,
    pub(crate) current: usize,
    pub(crate) cursor: Cursor,
    /// Runs ahead of the reader, so that playback slows down before something happens.
    ahead: Option<Cursor>,
    recent: Recent,
    /// The way that the reader is on.
    pub(crate) journey: Option<Journey>,
    scratch: Vec<Happening>,
}

/// How far a move got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub events: u64,
    /// Did it get where it wanted?
    pub arrived: bool,
}

impl History {
    pub fn new(setup: &Setup, seed: u64, scene: Vec<PlacedCommand>) -> History {
        let branch = Branch::new(setup, seed, scene);
        let cursor = branch.nearest(Time::ZERO);
        History {
            branches: vec![branch],
            current: 0,
            cursor,
            ahead: None,
            recent: Recent::default(),
            journey: None,
            scratch: Vec::new(),
        }
    }

    /// Whose sentences the pace leaves time for.
    pub(crate) fn tell(&mut self, saying: Saying) {
        self.branches.iter_mut().for_each(|branch| branch.marks.tell(saying));
    }

    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }
    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }
    pub(crate) fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }
    /// The index of the branch that is shown.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Adds acts that were carried out in a run of before; the reader has not seen them yet.
    pub(crate) fn append_recorded(&mut self, own: &[PlacedCommand]) {
        self.branch_mut().acts.append_recorded(own);
    }

    /// Sets a mark by hand where the reader stands.
    pub fn mark(&mut self, name: &str) {
        let at = self.cursor.at;
        self.branch_mut().own_marks.insert(at, name.into());
    }

    /// Goes on to `to`, as far as is allowed.
    pub fn run_to(&mut self, to: Time, allowance: &mut Allowance<'_>) -> Progress {
        let before = allowance.done();
        while allowance.take() {
            if self.advance(to) == Moved::Nothing {
                allowance.give_back();
                return Progress { events: allowance.done() - before, arrived: true };
            }
        }
        Progress { events: allowance.done() - before, arrived: self.cursor.at >= to.min(LONGEST_RUN) }
    }

    /// The same, but stands still at a step that is unsafe and was safe before.
    pub fn run_while_safe(&mut self, to: Time, allowance: &mut Allowance<'_>) -> Progress {
        let (safe, before) = (self.cursor.run.unsafe_count(), allowance.done());
        while self.cursor.run.unsafe_count() == safe && allowance.take() {
            if self.advance(to) == Moved::Nothing {
                allowance.give_back();
                return Progress { events: allowance.done() - before, arrived: true };
            }
        }
        Progress { events: allowance.done() - before, arrived: false }
    }

    /// Puts the cursor where the way to `to` is shortest: at the nearest checkpoint, or further back
    /// if facts that the picture shows are not held. Where the cursor stands may do as well.
    pub(crate) fn start_towards(&mut self, to: Time) {
        let from = self.recent_start(to);
        let near = self.branch().nearest(to);
        let held = self.recent.from <= from;
        let (start, keep) = match held && near.at <= self.recent.until {
            true => (near, Some(to)),
            false => (self.branch().nearest(from), None),
        };
        let stays = held && (start.at..=to).contains(&self.cursor.at);
        if !stays {
            self.recent.keep(start.at, keep);
            self.cursor = start;
        }
    }

    /// One event or command on. `None` when nothing will ever happen again.
    pub fn step(&mut self) -> Option<Time> {
        match self.advance(Time::MAX) {
            Moved::Event(at) | Moved::Command(at, _) => Some(at),
            Moved::Nothing => None,
        }
    }

    /// Carries out a new command where the reader stands. If the past changes by it, what came
    /// after stays as a branch of its own.
    ///
    /// # Errors
    /// When the world does not take the command; then nothing has changed.
    pub fn command(&mut self, command: &Command) -> Result<Option<u64>, CommandError> {
        let placed = PlacedCommand { after: self.cursor.at, command: command.clone() };
        // On a copy: the world may find only while it acts that something is amiss.
        self.scratch.clear();
        self.cursor.run.clone().apply(placed.at(), command, &mut self.scratch)?;
        self.journey = None;
        if self.branch().has_tail(placed.after) {
            self.fork();
        }
        self.ahead = None;
        let branch = self.branch_mut();
        branch.truncate(placed.after);
        branch.acts.act(placed.clone());
        match self.advance(placed.at()) {
            Moved::Command(_, result) => result,
            Moved::Event(_) | Moved::Nothing => Ok(None),
        }
    }

    /// A new branch that leaves here, and shows it.
    pub fn fork(&mut self) -> usize {
        let name = branch_name(self.branches.len());
        let child = self.branch().fork(self.current, self.cursor.at, name.into());
        self.branches.push(child);
        self.current = self.branches.len() - 1;
        self.ahead = None;
        self.current
    }

    /// Sets out to show another branch at the same instant, or where it ends. `None` when there is none such.
    pub fn switch(&mut self, branch: usize) -> Option<()> {
        let until = self.branches.get(branch)?.seen_until;
        let at = self.cursor.at.min(until);
        self.current = branch;
        self.ahead = None;
        self.recent = Recent::default();
        self.cursor = self.branch().nearest(self.recent_start(at));
        self.recent.keep(self.cursor.at, None);
        self.set_out(at);
        Some(())
    }

    /// Sets out to just before the reader's last act; what follows is kept for [`redo`](Self::redo).
    pub fn undo(&mut self) -> Option<Time> {
        let to = self.branch().acts.last_own(self.cursor.at)?.after;
        self.set_out(to);
        Some(to)
    }

    /// Sets out to just after the reader's next act that is kept.
    pub fn redo(&mut self) -> Option<Time> {
        let to = self.branch().acts.next_own(self.cursor.at)?.at();
        self.set_out(to);
        Some(to)
    }

    pub fn can_undo(&self) -> bool {
        self.branch().acts.last_own(self.cursor.at).is_some()
    }

    pub fn can_redo(&self) -> bool {
        self.branch().acts.next_own(self.cursor.at).is_some()
    }

    /// The state of any branch at any instant; the reader stays where he is.
    pub fn state_of(&self, branch: usize, at: Time) -> Option<Cursor> {
        let mut branch = self.branches.get(branch)?.clone();
        let mut cursor = branch.nearest(at);
        let mut facts = Vec::new();
        while branch.advance(&mut cursor, at, &mut facts) != Moved::Nothing {
            facts.clear();
        }
        Some(cursor)
    }

    /// Learns which events come up to `until`, on a clone, by at most so many more and as far as is allowed. Are they
    /// known?
    pub fn look_ahead(&mut self, until: Time, most: u64, allowance: &mut Allowance<'_>) -> bool {
        let until = until.min(LONGEST_RUN);
        let branch = &mut self.branches[self.current];
        let mut left = most;
        while branch.marks.known() < until && left > 0 && allowance.take() {
            left -= 1;
            let known = branch.marks.known();
            let stale = self.ahead.as_ref().is_none_or(|ahead| ahead.at < known);
            if stale {
                let near = branch.nearest(known);
                self.ahead = Some(if near.at >= self.cursor.at { near } else { self.cursor.clone() });
            }
            let Some(ahead) = &mut self.ahead else { break };
            self.scratch.clear();
            branch.advance(ahead, until, &mut self.scratch);
        }
        branch.marks.known() >= until
    }

    /// Does the clock stand still here, or a little further on?
    pub fn standstill(&self) -> Option<Standstill> {
        let here = self.cursor.run.world.standstill();
        let near = |ahead: &&Cursor| ahead.at <= self.cursor.at + LOOK_AHEAD;
        here.or_else(|| self.ahead.as_ref().filter(near).and_then(|ahead| ahead.run.world.standstill()))
    }

    /// Facts of later instants are nothing that has happened here.
    pub(crate) fn keep_recent(&mut self) {
        let at = self.cursor.at;
        self.recent.keep(at, Some(at));
    }

    /// Visible facts of the last `window` seconds of presentation time, oldest first.
    pub fn recent(&self, window: f64) -> impl Iterator<Item = &Happening> {
        self.recent.after(self.window_start(window, self.cursor.at))
    }

    pub(crate) fn advance(&mut self, to: Time) -> Moved {
        self.scratch.clear();
        let branch = &mut self.branches[self.current];
        let moved = branch.advance(&mut self.cursor, to, &mut self.scratch);
        branch.seen_until = branch.seen_until.max(self.cursor.at);
        self.recent.add(&mut self.scratch, self.cursor.at);
        moved
    }

    /// Where the facts begin that a picture at `at` shows.
    pub(crate) fn recent_start(&self, at: Time) -> Time {
        let window = self.window_start(RECENT, at).unwrap_or(Time::ZERO);
        window.max(self.branch().marks.before_last(RECENT_FACTS, at))
    }

    /// The instant `window` seconds of presentation time before another; `None`: from the beginning.
    fn window_start(&self, window: f64, at: Time) -> Option<Time> {
        let pace = self.branch().marks.pace();
        let tau = pace.tau(at) - window;
        (tau > 0.0).then(|| pace.instant(tau, at))
    }
}

/// `A` to `Z`, then `A1`, …
fn branch_name(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
}

/// The largest power of ten nanoseconds that fits a span; at least one.
pub(crate) fn round_unit(span: Span) -> u64 {
    10u64.pow(span.0.max(1).ilog10())
}

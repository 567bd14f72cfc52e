//! Time travel: branches, and where the reader stands on one of them. Rewind is the nearest
//! checkpoint and a re-run; a fork is a clone. Facts are derived again where they are wanted.

use crate::branch::{Branch, Cursor, Moved, PlacedCommand};
use crate::pace::LOOK_AHEAD;
use crate::run::Happening;
use crate::visible::{Visibility, classify};
use base::{Span, Time};
use check::Counts;
use sim::{Command, CommandError, Setup};
use std::collections::VecDeque;

/// Facts of so much presentation time are kept for the picture (reduced motion shows them longest).
pub const RECENT: f64 = 1.0;
/// At most so many of them.
const RECENT_FACTS: usize = 2_000;
/// So many are held, so that a step back finds those that it shows again.
const HELD_FACTS: usize = 2 * RECENT_FACTS;
/// Events that a jump into the unknown runs at most.
pub const JUMP: u64 = 400_000;
/// Events between two looks at whether something visible has come.
const SEARCH_EVENTS: u64 = 100;
/// Events that the look-ahead runs at most at once.
const LOOK_AHEAD_EVENTS: u64 = 5_000;

/// Branches and the reader's place.
#[derive(Clone, Debug)]
pub struct History {
    branches: Vec<Branch>,
    current: usize,
    cursor: Cursor,
    /// Runs ahead of the reader, so that playback slows down before something happens.
    ahead: Option<Cursor>,
    recent: Recent,
    /// Commands of the scenario itself: undo stops there.
    prelude: usize,
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
    pub fn new(setup: &Setup, seed: u64, prelude: Vec<PlacedCommand>) -> History {
        let count = prelude.len();
        let branch = Branch::new(setup, seed, prelude);
        let cursor = branch.nearest(Time::ZERO);
        History {
            branches: vec![branch],
            current: 0,
            cursor,
            ahead: None,
            recent: Recent::default(),
            prelude: count,
            scratch: Vec::new(),
        }
    }

    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }
    pub fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }
    /// The index of the branch that is shown.
    pub fn current(&self) -> usize {
        self.current
    }
    /// How many commands belong to the scenario.
    pub fn prelude(&self) -> usize {
        self.prelude
    }

    /// Adds commands that were carried out in a run of before; the reader has not seen them yet.
    pub(crate) fn append_recorded(&mut self, commands: &[PlacedCommand]) {
        self.branches[self.current].commands.extend_from_slice(commands);
    }

    /// Sets a mark by hand where the reader stands.
    pub fn mark(&mut self, name: &str) {
        let at = self.cursor.at;
        self.branches[self.current].own_marks.insert(at, name.into());
    }

    /// Goes on to `to`, at most `budget` events.
    pub fn run_to(&mut self, to: Time, budget: u64) -> Progress {
        let mut events = 0;
        while events < budget {
            match self.advance(to) {
                Moved::Nothing => return Progress { events, arrived: true },
                Moved::Event(_) | Moved::Command(..) => events += 1,
            }
        }
        Progress { events, arrived: self.cursor.at >= to }
    }

    /// The same, but stands still at a step that is unsafe and was safe before.
    pub fn run_while_safe(&mut self, to: Time, budget: u64) -> Progress {
        let safe = self.cursor.run.unsafe_count();
        let mut events = 0;
        while events < budget && self.cursor.run.unsafe_count() == safe {
            match self.advance(to) {
                Moved::Nothing => return Progress { events, arrived: true },
                Moved::Event(_) | Moved::Command(..) => events += 1,
            }
        }
        Progress { events, arrived: false }
    }

    /// Goes to the state after all events up to `to`, forwards or backwards.
    pub fn seek(&mut self, to: Time) -> Progress {
        let mut progress = Progress { events: 0, arrived: true };
        let known = self.branch().marks.known();
        if to > known {
            self.start_towards(known);
            progress = self.run_to(to, JUMP);
        }
        let to = if progress.arrived { to } else { self.cursor.at };
        self.look_ahead(to + LOOK_AHEAD, LOOK_AHEAD_EVENTS);
        self.start_towards(to);
        let rest = self.run_to(to, u64::MAX);
        Progress { events: progress.events + rest.events, ..progress }
    }

    /// Puts the cursor where the way to `to` is shortest: at the nearest checkpoint, or further back
    /// if facts that the picture shows are not held. Where the cursor stands may do as well.
    fn start_towards(&mut self, to: Time) {
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

    /// Just before the last event or command. `None` at the beginning.
    pub fn step_back(&mut self) -> Option<Time> {
        let before = Time(self.cursor.run.world.now().0.checked_sub(1)?);
        self.start_towards(before);
        while self.advance(before) != Moved::Nothing {
            self.branches[self.current].keep_nearest(&mut self.cursor);
        }
        Some(before)
    }

    /// To the next visible event; where none is found the reader stays where he is.
    pub fn next_visible(&mut self) -> Option<Time> {
        let at = self.find_visible(JUMP)?;
        self.seek(at);
        Some(at)
    }

    /// When the next visible event comes, as far as it is known after `budget` more events. The reader stays where
    /// he is: a quiet cluster may have none for hours.
    pub fn find_visible(&mut self, budget: u64) -> Option<Time> {
        let from = self.cursor.at;
        let mut events = 0;
        while self.branch().marks.next(from).is_none() && events < budget {
            self.look_ahead(Time::MAX, SEARCH_EVENTS);
            events += SEARCH_EVENTS;
        }
        self.branch().marks.next(from)
    }

    /// To the visible event before this one: its effect is the last thing to be seen.
    pub fn previous_visible(&mut self) -> Option<Time> {
        let last = self.branch().marks.previous(Time(self.cursor.at.0 + 1))?;
        let to = self.branch().marks.previous(last).unwrap_or(Time(last.0 - 1));
        self.seek(to);
        Some(to)
    }

    /// Carries out a new command where the reader stands. If the past changes by it, what came
    /// after stays as a branch of its own.
    ///
    /// # Errors
    /// When the world does not take the command; then nothing has changed.
    pub fn command(&mut self, command: &Command) -> Result<Option<u64>, CommandError> {
        self.cursor.run.world.check(command)?;
        let after = self.cursor.at;
        if self.branch().has_tail(after) {
            self.fork();
        }
        self.ahead = None;
        let branch = &mut self.branches[self.current];
        branch.truncate(after);
        branch.commands.push(PlacedCommand { after, command: command.clone() });
        match self.advance(Time(after.0 + 1)) {
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

    /// Shows another branch at the same instant, or where it ends. `None` when there is none such.
    pub fn switch(&mut self, branch: usize) -> Option<()> {
        let until = self.branches.get(branch)?.seen_until;
        let at = self.cursor.at.min(until);
        self.current = branch;
        self.ahead = None;
        self.recent = Recent::default();
        self.cursor = self.branch().nearest(self.recent_start(at));
        self.recent.keep(self.cursor.at, None);
        self.seek(at);
        Some(())
    }

    /// To just before the last command; what follows is kept for [`redo`](Self::redo).
    pub fn undo(&mut self) -> Option<Time> {
        let (index, command) = self.branch().last_command(self.cursor.at)?;
        if index < self.prelude {
            return None;
        }
        let to = command.after;
        self.seek(to);
        Some(to)
    }

    /// To just after the next command that is kept.
    pub fn redo(&mut self) -> Option<Time> {
        let to = self.branch().next_command(self.cursor.at)?.at();
        self.seek(to);
        Some(to)
    }

    pub fn can_undo(&self) -> bool {
        self.branch().last_command(self.cursor.at).is_some_and(|(index, _)| index >= self.prelude)
    }

    pub fn can_redo(&self) -> bool {
        self.branch().next_command(self.cursor.at).is_some()
    }

    /// The ledgers of two branches at one instant.
    pub fn counts_of_both(&self, a: usize, b: usize, at: Time) -> Option<(Counts, Counts)> {
        Some((self.state_of(a, at)?.run.ledger.counts(), self.state_of(b, at)?.run.ledger.counts()))
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

    /// Learns which events come up to `until`, on a clone; at most `budget` events.
    pub fn look_ahead(&mut self, until: Time, budget: u64) -> bool {
        let branch = &mut self.branches[self.current];
        let mut events = 0;
        while branch.marks.known() < until && events < budget {
            let known = branch.marks.known();
            let stale = self.ahead.as_ref().is_none_or(|ahead| ahead.at < known);
            if stale {
                let near = branch.nearest(known);
                self.ahead = Some(if near.at >= self.cursor.at { near } else { self.cursor.clone() });
            }
            let Some(ahead) = &mut self.ahead else { break };
            self.scratch.clear();
            branch.advance(ahead, until, &mut self.scratch);
            events += 1;
        }
        branch.marks.known() >= until
    }

    /// Visible facts of the last `window` seconds of presentation time, oldest first.
    pub fn recent(&self, window: f64) -> impl Iterator<Item = &Happening> {
        self.recent.after(self.window_start(window, self.cursor.at))
    }

    fn advance(&mut self, to: Time) -> Moved {
        self.scratch.clear();
        let branch = &mut self.branches[self.current];
        let moved = branch.advance(&mut self.cursor, to, &mut self.scratch);
        branch.seen_until = branch.seen_until.max(self.cursor.at);
        self.recent.add(&mut self.scratch, self.cursor.at);
        moved
    }

    /// Where the facts begin that a picture at `at` shows.
    fn recent_start(&self, at: Time) -> Time {
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

/// Visible facts of the last moments, so many as pictures near the cursor may show.
#[derive(Clone, Debug, Default)]
struct Recent {
    facts: VecDeque<Happening>,
    /// Every visible fact after this instant…
    from: Time,
    /// …up to this one is held.
    until: Time,
}

impl Recent {
    /// The cursor moves to `at`: holds on to what comes not after `until`; `None`: to nothing.
    fn keep(&mut self, at: Time, until: Option<Time>) {
        let Some(until) = until else {
            *self = Recent { facts: VecDeque::new(), from: at, until: at };
            return;
        };
        let keep = self.facts.partition_point(|happening| happening.at <= until);
        self.facts.truncate(keep);
        self.until = self.until.min(until);
    }

    /// Takes what the cursor came across on its way to `at`; what is held already is passed over.
    fn add(&mut self, facts: &mut Vec<Happening>, at: Time) {
        let (known, visible) = (self.until, |fact: &Happening| classify(&fact.fact).0 != Visibility::Waiting);
        self.facts.extend(facts.drain(..).filter(|fact| fact.at > known && visible(fact)));
        self.until = self.until.max(at);
        while self.facts.len() > HELD_FACTS {
            self.from = self.facts.pop_front().map_or(self.from, |dropped| dropped.at);
        }
    }

    /// Those after an instant, the newest [`RECENT_FACTS`] at most.
    fn after(&self, from: Option<Time>) -> impl Iterator<Item = &Happening> {
        let first = from.map_or(0, |from| self.facts.partition_point(|fact| fact.at <= from));
        self.facts.range(first.max(self.facts.len().saturating_sub(RECENT_FACTS))..)
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

//! Time travel: branches, and where the reader stands on one of them. Rewind is the nearest
//! checkpoint and a re-run; a fork is a clone. Facts are derived again where they are wanted.
//! Ways that may be long are `journey`'s.

use crate::acts::{ActId, Standing};
use crate::allowance::Allowance;
use crate::branch::{Branch, Cursor, Moved};
use crate::checkpoints::LAST_STRETCH;
use crate::journey::Journey;
use crate::marks::Saying;
use crate::pace::LOOK_AHEAD;
use crate::recent::Recent;
use crate::run::{Happening, Run};
use base::{ErrorCode, Span, Str, Time};
use port::{OperatorAnswer, Refuser};
use script::PlacedCommand;
use script::limits::LONGEST_RUN;
use sim::{Command, CommandError, Setup, Standstill};

/// Facts of so much presentation time are kept for the picture (reduced motion shows them longest).
pub const RECENT: f64 = 1.0;
/// At most so many of them.
pub const RECENT_FACTS: usize = 2_000;

/// So long a copy of the run is waited on for the cluster's answer…
const PATIENCE: Span = Span::from_secs(2);
/// …and so much work that may cost.
const REHEARSED_EVENTS: u32 = 5_000;

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    ByWorld(CommandError),
    /// It would have been, and a branch made for nothing.
    ByCluster {
        by: Refuser,
        error: ErrorCode,
        /// Kafka's words.
        message: Str,
    },
}

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
    edition: u64,
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
            edition: 0,
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

    /// Another number whenever the run that is shown has become another: what was read of its later instants is of no
    /// use any more.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Adds acts that were carried out in a run of before; the reader has not seen them yet.
    pub(crate) fn append_recorded(&mut self, own: &[PlacedCommand], without: &[u32]) {
        self.branch_mut().acts.append_recorded(own, without);
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
        self.expect_last_stretch(to);
    }

    /// States are kept close together where the way that begins here ends.
    fn expect_last_stretch(&mut self, to: Time) {
        let (at, left) = (self.cursor.at, self.events_until(to).unwrap_or_default());
        let share = |span: u64| u128::from(span) * u128::from(LAST_STRETCH) / u128::from(left.max(LAST_STRETCH));
        let from = Time(to.0.saturating_sub(share(to.since(at).0) as u64));
        self.branch_mut().expect_last_stretch(from);
    }

    /// About how many events lie between where the reader stands and a later instant of the known past.
    pub(crate) fn events_until(&self, to: Time) -> Option<u64> {
        Some(self.branch().events_at(to)?.saturating_sub(self.cursor.run.world.events()))
    }

    /// One event or command on. `None` when nothing will ever happen again.
    pub fn step(&mut self) -> Option<Time> {
        match self.advance(Time::MAX) {
            Moved::Event(at) | Moved::Command(at, _) => Some(at),
            Moved::Nothing => None,
        }
    }

    /// Carries out a new command where the reader stands. If what has been seen or undone changes by it, that stays as a
    /// branch of its own.
    ///
    /// # Errors
    /// When the world does not take the command, or the cluster would refuse it where a branch would be made by it; then
    /// nothing has changed.
    pub fn command(&mut self, command: &Command) -> Result<Option<u64>, Refused> {
        let placed = PlacedCommand { after: self.cursor.at, command: command.clone() };
        // On a copy: the world may find only while it acts that something is amiss.
        self.scratch.clear();
        let mut copy = self.cursor.run.clone();
        let ticket = copy.apply(placed.at(), command, &mut self.scratch).map_err(Refused::ByWorld)?;
        self.journey = None;
        let undone = self.branch().acts.first_undone();
        if undone.is_some() || self.branch().has_tail(placed.after) {
            if let Some((by, error, message)) = ticket.and_then(|ticket| self.rehearse(copy, ticket)) {
                return Err(Refused::ByCluster { by, error, message });
            }
            self.fork();
            self.keep_undone();
        }
        self.part();
        let branch = self.branch_mut();
        branch.truncate(placed.after);
        branch.acts.add(placed.clone());
        match self.advance(placed.at()) {
            Moved::Command(_, result) => result.map_err(Refused::ByWorld),
            Moved::Event(_) | Moved::Nothing => Ok(None),
        }
    }

    /// The cluster's refusal of what was asked on a copy of the run, if it comes soon and before the next act.
    fn rehearse(&mut self, mut copy: Run, ticket: u64) -> Option<(Refuser, ErrorCode, Str)> {
        let (at, acts) = (self.cursor.at, &self.branch().acts);
        let next = acts.all().get(acts.next_index(at)).map(|act| act.after);
        let until = next.unwrap_or(Time::MAX).min(at + PATIENCE);
        for _ in 0..REHEARSED_EVENTS {
            if let Some(answer) = copy.answer(ticket) {
                return refusal(&answer.answer);
            }
            self.scratch.clear();
            copy.step(until, &mut self.scratch)?;
        }
        None
    }

    /// A new branch that leaves here, and shows it. All that is to come comes in it, too.
    pub fn fork(&mut self) -> usize {
        let name = branch_name(self.branches.len());
        let child = self.branch().fork(self.current, self.cursor.at, name.into());
        self.branches.push(child);
        self.current = self.branches.len() - 1;
        self.ahead = None;
        self.current
    }

    /// What was undone before a fork stays on the branch that was left, as if it had never been undone; except for what
    /// lies before the instant from which it can still be played again.
    fn keep_undone(&mut self) {
        let child = self.branch_mut();
        child.acts.forget_undone();
        // The first branch was left by nobody.
        let Some((parent, _)) = child.parent else { return };
        let parent = &mut self.branches[parent];
        while parent.acts.last_undone().is_some_and(|act| act.after >= parent.rewinds_to()) {
            parent.redo();
        }
    }

    /// Where a branch parts from the one that it left: at the first act that only one of them has, or else where the
    /// reader made it. `None` for the first branch.
    pub fn parting(&self, branch: usize) -> Option<Time> {
        let child = self.branches.get(branch)?;
        let (parent, left) = child.parent?;
        Some(child.first_difference(&self.branches[parent]).unwrap_or(left))
    }

    /// Sets out to show another branch at the same instant, or where it ends. `None` when there is none such.
    pub fn switch(&mut self, branch: usize) -> Option<()> {
        let until = self.branches.get(branch)?.seen_until;
        let at = self.cursor.at.min(until);
        self.current = branch;
        self.part();
        self.recent = Recent::default();
        self.cursor = self.branch().nearest(self.recent_start(at));
        self.recent.keep(self.cursor.at, None);
        self.set_out(at);
        Some(())
    }

    /// Takes away what the reader did last, wherever it is, and sets out to play again without it what came after. He
    /// stays at his instant; right after the act he goes to right before it. Returns the act's place.
    pub fn undo(&mut self) -> Option<Time> {
        let at = self.standing();
        let after = self.branch_mut().undo(at)?;
        self.play_again(after, before(after, at));
        Some(after)
    }

    /// Brings back what was undone last, and sets out to play again with it what came after; to right after the act
    /// where the reader stands right before it. Returns the act's place.
    pub fn redo(&mut self) -> Option<Time> {
        let at = self.standing();
        let after = self.branch_mut().redo()?;
        self.play_again(after, if at == after { Time(at.0 + 1) } else { at });
        Some(after)
    }

    /// Leaves an act out, and sets out to play again what came after. Returns the act's place; `None` when there is
    /// nothing to do.
    pub fn leave_out(&mut self, id: ActId) -> Option<Time> {
        let at = self.standing();
        let after = self.branch_mut().set(id, Standing::LeftOut, at)?;
        self.play_again(after, before(after, at));
        Some(after)
    }

    /// The same for one that is put back.
    pub fn put_back(&mut self, id: ActId) -> Option<Time> {
        let at = self.standing();
        let after = self.branch_mut().set(id, Standing::Done, at)?;
        self.play_again(after, at);
        Some(after)
    }

    /// Where the reader stands, or is going to.
    pub(crate) fn standing(&self) -> Time {
        self.journey.as_ref().and_then(Journey::destination).unwrap_or(self.cursor.at)
    }

    /// What comes is another run than before.
    fn part(&mut self) {
        self.ahead = None;
        self.edition += 1;
    }

    /// From `after` on the run has become another: sets out for `to` in it.
    fn play_again(&mut self, after: Time, to: Time) {
        self.part();
        if self.cursor.at > after {
            self.start_towards(after);
        }
        self.set_out(to);
    }

    pub fn can_undo(&self) -> bool {
        self.branch().acts.last_done().is_some()
    }

    pub fn can_redo(&self) -> bool {
        self.branch().acts.last_undone().is_some()
    }

    /// Learns which events come up to `until`, on a clone, by at most so many more and as far as is allowed. Are they
    /// known?
    pub fn look_ahead(&mut self, until: Time, most: u64, allowance: &mut Allowance<'_>) -> bool {
        let until = until.min(LONGEST_RUN);
        let branch = &mut self.branches[self.current];
        let mut left = most;
        // Where it stands before what is known it goes on to there first.
        let behind = self.ahead.as_ref().is_none_or(|ahead| ahead.at < self.cursor.at);
        if behind && branch.marks.known() < until {
            let near = branch.nearest(branch.marks.known());
            self.ahead = Some(if near.at >= self.cursor.at { near } else { self.cursor.clone() });
        }
        while branch.marks.known() < until && left > 0 && allowance.take() {
            left -= 1;
            // Nothing lies ahead: all of it is known.
            let Some(ahead) = &mut self.ahead else { break };
            self.scratch.clear();
            branch.advance(ahead, until, &mut self.scratch);
        }
        branch.marks.known() >= until
    }

    /// Frees states that were given up on a way.
    pub(crate) fn let_go(&mut self) {
        self.branches.iter_mut().for_each(Branch::let_go);
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

    /// Visible facts after an instant, oldest first, as many as are held. A picture shows a stretch of presentation time,
    /// however fast that passes; whoever must miss none asks from where he last looked.
    pub fn since(&self, at: Time) -> impl Iterator<Item = &Happening> {
        self.recent.since(at)
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

/// An instant without an act: right after the act is right before it now.
fn before(after: Time, at: Time) -> Time {
    if at.0 == after.0 + 1 { after } else { at }
}

/// Does an answer refuse all that was asked?
fn refusal(answer: &OperatorAnswer) -> Option<(Refuser, ErrorCode, Str)> {
    match answer {
        OperatorAnswer::Failed { by, error, message } => Some((*by, *error, message.clone())),
        OperatorAnswer::Elected(list) => {
            let all = list.iter().all(|(_, error, _)| *error != ErrorCode::None);
            let (_, error, message) = list.first().filter(|_| all)?;
            // Which broker passed it on is not told.
            Some((Refuser::Broker(None), *error, message.as_deref().unwrap_or_default().into()))
        }
        OperatorAnswer::Done
        | OperatorAnswer::Sent { .. }
        | OperatorAnswer::Topics(_)
        | OperatorAnswer::Told(_)
        | OperatorAnswer::Read { .. } => None,
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

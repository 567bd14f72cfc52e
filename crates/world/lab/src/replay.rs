//! A link being opened: its commands are carried out again, a slice at a time, until the end; then
//! the hashes say whether it is the same run. It can be stopped at any slice.

use crate::allowance::Allowance;
use crate::history::History;
use crate::lab::Lab;
use crate::marks::Saying;
use crate::purse::Purse;
use base::{Digest, FlatMap, Time};
use script::Scenario;
use script::link::{Link, Origin};
use sim::StateDigest;

/// Whether a replayed run is the one that was linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Every event was the same.
    Matches { events: u64 },
    /// It went otherwise.
    Differs { expected: Digests, got: Digests },
    /// It was stopped before its end.
    Stopped { at: Time, end: Time },
    /// There was nothing to compare with: only a part of the link could be read.
    Unchecked { events: u64 },
    /// The link carries no hashes: it was kept in a hurry.
    Unhashed { events: u64 },
}

/// The run's digest and the state's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digests {
    pub run: Digest,
    pub state: Digest,
}

/// What a link begins with; `None` when this build lacks the scenario.
pub fn scenario_of(link: &Link) -> Option<Scenario> {
    let scenario = match &link.origin {
        Origin::Scenario(id) | Origin::Without(id, _) => Scenario::builtin(id)?,
        Origin::Setup(setup) => Scenario {
            id: None,
            title: "".into(),
            seed: link.seed,
            setup: (**setup).clone(),
            commands: Vec::new(),
            opens_at: Time::ZERO,
            headers: FlatMap::new(),
            ends_at: link.end,
            sees: Vec::new(),
            marks: Vec::new(),
            lines: Vec::new(),
        },
    };
    Some(Scenario { seed: link.seed, ..scenario })
}

/// A link being replayed.
#[derive(Clone, Debug)]
pub struct Replay {
    scenario: Scenario,
    history: History,
    end: Time,
    playhead: Time,
    events: u64,
    expected: Expected,
    purse: Purse,
    /// The digest of the state at the end, in the making and made.
    digest: (Option<StateDigest>, Option<Digest>),
}

/// What the run should come to.
#[derive(Clone, Copy, Debug)]
enum Expected {
    These(Digests),
    /// Nobody said.
    Unsaid,
    /// Not all of it could be read.
    Part,
}

impl Replay {
    /// Prepares a run of the link; one without hashes ends unchecked. `None` when it begins with a scenario that this
    /// build lacks.
    pub fn new(link: &Link) -> Option<Replay> {
        let expected = Digests { run: link.run_digest, state: link.state_digest };
        Replay::start(link, if link.has_hashes() { Expected::These(expected) } else { Expected::Unsaid })
    }

    /// The same for the readable part of a damaged link: there are no hashes to compare with.
    pub fn partial(link: &Link) -> Option<Replay> {
        Replay::start(link, Expected::Part)
    }

    fn start(link: &Link, expected: Expected) -> Option<Replay> {
        let scenario = scenario_of(link)?;
        let mut history = History::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        history.append_recorded(&link.commands, link.origin.scenario().map_or(&[], |(_, without)| without));
        let (end, playhead, events) = (link.end, link.playhead, link.events);
        Some(Replay {
            scenario,
            history,
            end,
            playhead,
            events,
            expected,
            purse: Purse::default(),
            digest: (None, None),
        })
    }

    /// The pace leaves time to read what `saying` says. Before anything has happened.
    #[must_use]
    pub fn telling(mut self, saying: Saying) -> Replay {
        self.history.tell(saying);
        self
    }

    /// Runs at most `budget` events more. True when the end is reached.
    pub fn advance(&mut self, budget: u64) -> bool {
        self.advance_within(&mut Allowance::events(budget))
    }

    /// The same, as far as is allowed. Where a budget is used up it ends as well.
    pub fn advance_within(&mut self, allowance: &mut Allowance<'_>) -> bool {
        if self.purse.look(&self.history) {
            return true;
        }
        self.history.run_to(self.end, allowance).arrived && self.make_digest(allowance)
    }

    /// What the end is compared by, if it is compared at all.
    fn make_digest(&mut self, allowance: &mut Allowance<'_>) -> bool {
        if self.digest.1.is_some() || !matches!(self.expected, Expected::These(_)) {
            return true;
        }
        let world = &self.history.cursor().run.world;
        let making = self.digest.0.get_or_insert_with(|| StateDigest::of(world));
        while self.digest.1.is_none() && allowance.take() {
            self.digest.1 = making.step();
        }
        self.digest.1.is_some()
    }

    /// The whole page takes so many bytes.
    pub fn set_memory(&mut self, bytes: u64) {
        self.purse.set_memory(bytes);
    }

    /// Events done and how many there should be; the estimate is the linked run's own count.
    pub fn progress(&self) -> (u64, u64) {
        let done = self.history.cursor().run.world.events();
        (done, self.events.max(done).max(1))
    }

    /// How far, in thousandths: of the run's events, or of its time where the link does not say how many there are.
    pub fn permille(&self) -> u16 {
        let (done, all) = match self.events {
            0 => (self.history.cursor().at.0, self.end.0.max(1)),
            _some => self.progress(),
        };
        (u128::from(done.min(all)) * 1_000 / u128::from(all)) as u16
    }

    /// The laboratory on its way to the reader's old place, and whether the run is the same. May be called
    /// before the end: then it stopped there.
    pub fn finish(mut self) -> (Lab, Outcome) {
        let cursor = self.history.cursor();
        let (at, events) = (cursor.at, cursor.run.world.events());
        let outcome = match self.expected {
            _ if at < self.end => Outcome::Stopped { at, end: self.end },
            Expected::Part => Outcome::Unchecked { events },
            Expected::Unsaid => Outcome::Unhashed { events },
            Expected::These(expected) => self.compared(expected),
        };
        if self.playhead < at {
            self.history.set_out(self.playhead);
        }
        (Lab::with_history(self.scenario, self.history).with_purse(self.purse), outcome)
    }

    /// Is it the run that was linked?
    fn compared(&self, expected: Digests) -> Outcome {
        let world = &self.history.cursor().run.world;
        let state = self.digest.1.unwrap_or_else(|| world.state_digest());
        let got = Digests { run: world.run_digest(), state };
        match expected == got {
            true => Outcome::Matches { events: world.events() },
            false => Outcome::Differs { expected, got },
        }
    }
}

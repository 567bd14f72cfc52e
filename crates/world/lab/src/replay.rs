//! A link being opened: its commands are carried out again, a slice at a time, until the end; then
//! the hashes say whether it is the same run. It can be stopped at any slice.

use crate::acts::{Acts, told_apart};
use crate::allowance::Allowance;
use crate::history::History;
use crate::lab::Lab;
use crate::marks::Saying;
use crate::purse::Purse;
use base::{Digest, FlatMap, Time};
use script::link::{Link, Origin};
use script::{PlacedCommand, Scenario};
use sim::{Setup, StateDigest};

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
            typed: Vec::new(),
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

impl Expected {
    fn of(link: &Link) -> Expected {
        let these = Digests { run: link.run_digest, state: link.state_digest };
        if link.has_hashes() { Expected::These(these) } else { Expected::Unsaid }
    }
}

/// A link's cluster and every act of it, the scene's own among them.
fn spelled(link: &Link) -> Option<(Setup, Vec<PlacedCommand>)> {
    let Some((id, without)) = link.origin.scenario() else {
        let Origin::Setup(setup) = &link.origin else { return None };
        return Some(((**setup).clone(), link.commands.clone()));
    };
    let scene = Scenario::builtin(id)?;
    let mut acts = Acts::of_scene(scene.commands);
    acts.append_recorded(&link.commands, without);
    Some((scene.setup, acts.all().to_vec()))
}

impl Replay {
    /// Prepares a run of the link; one without hashes ends unchecked. `None` when it begins with a scenario that this
    /// build lacks.
    pub fn new(link: &Link) -> Option<Replay> {
        Replay::start(link, Expected::of(link))
    }

    /// The same for the readable part of a damaged link: there are no hashes to compare with.
    pub fn partial(link: &Link) -> Option<Replay> {
        Replay::start(link, Expected::Part)
    }

    fn start(link: &Link, expected: Expected) -> Option<Replay> {
        let scenario = scenario_of(link)?;
        let without = link.origin.scenario().map_or(&[][..], |(_, without)| without);
        Some(Replay::prepared(link, expected, scenario, (&link.commands, without)))
    }

    /// The same of a run of a scenario that no link names, such as a lesson's: its acts are the scenario's, and what is
    /// done beside them is the reader's. `None` when it is no run of that scenario.
    pub fn of_scenario(link: &Link, scenario: Scenario) -> Option<Replay> {
        let (setup, all) = spelled(link)?;
        if (&setup, link.seed) != (&scenario.setup, scenario.seed) {
            return None;
        }
        let acts = told_apart(&scenario.commands, &all)?;
        let own: Vec<PlacedCommand> = acts.own().cloned().collect();
        let without: Vec<u32> = acts.without().iter().copied().collect();
        Some(Replay::prepared(link, Expected::of(link), scenario, (&own, &without)))
    }

    /// How many acts the reader has done, and left out of the scene.
    pub fn changes(&self) -> usize {
        let acts = &self.history.branch().acts;
        acts.own().count() + acts.without().len()
    }

    fn prepared(
        link: &Link,
        expected: Expected,
        scenario: Scenario,
        (own, without): (&[PlacedCommand], &[u32]),
    ) -> Replay {
        let mut history = History::new(&scenario.setup, scenario.seed, scenario.commands.clone());
        history.append_recorded(own, without);
        Replay {
            scenario,
            history,
            end: link.end,
            playhead: link.playhead,
            events: link.events,
            expected,
            purse: Purse::default(),
            digest: (None, None),
        }
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

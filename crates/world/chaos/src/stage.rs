//! A world that is watched: every step goes through all safety checks, and facts are kept.

use base::{ProcessId, Span, Time};
use check::{Checks, Ledger, Violation};
use port::{Fact, OperatorAnswer};
use script::PlacedCommand;
use sim::{Command, Setup, Step, World};

/// A fact with when and where.
pub type Seen = (Time, ProcessId, Fact);

/// A world, everything it reported, and what the checks think of it.
#[derive(Clone)]
pub struct Stage {
    pub world: World,
    pub facts: Vec<Seen>,
    pub checks: Checks,
    pub ledger: Ledger,
    /// The first check that did not hold.
    pub violation: Option<Violation>,
    /// What [`Stage::place`] has carried out: the run as a link tells it.
    pub placed: Vec<PlacedCommand>,
    /// How far time has passed; events may lie far apart.
    clock: Time,
}

impl Stage {
    /// # Errors
    /// When the setup's settings are not Kafka's.
    pub fn new(setup: &Setup, seed: u64) -> Result<Stage, String> {
        setup.check().map_err(|error| error.to_string())?;
        Ok(Stage {
            world: World::new(setup, seed),
            facts: Vec::new(),
            checks: Checks::default(),
            ledger: Ledger::default(),
            violation: None,
            placed: Vec::new(),
            clock: Time::ZERO,
        })
    }

    /// How far time has passed.
    pub fn now(&self) -> Time {
        self.clock
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, span: Span) {
        self.run_until(self.clock + span);
    }

    /// Carries out a command at this instant.
    ///
    /// # Errors
    /// The world's refusal.
    pub fn act(&mut self, command: &Command) -> Result<Option<u64>, String> {
        let from = self.facts.len();
        let ticket = self.world.apply_at(self.clock, command, &mut self.facts).map_err(|error| error.to_string())?;
        self.look(from, Step { at: self.world.now(), process: self.world.first_cluster().admin() });
        Ok(ticket)
    }

    /// Carries out a command as the laboratory does, at an instant of its own one nanosecond later, and keeps it. What
    /// the world refuses changes nothing and is not kept.
    pub fn place(&mut self, command: &Command) {
        let placed = PlacedCommand { after: self.clock, command: command.clone() };
        let from = self.facts.len();
        if self.violation.is_some() || self.world.apply_at(placed.at(), command, &mut self.facts).is_err() {
            return;
        }
        self.clock = placed.at();
        self.look(from, Step { at: self.world.now(), process: self.world.first_cluster().admin() });
        self.placed.push(placed);
    }

    /// Executes every event up to and including `until`, or up to the first violation.
    pub fn run_until(&mut self, until: Time) {
        self.clock = self.clock.max(until);
        while self.violation.is_none() {
            let from = self.facts.len();
            // Nothing is due before that.
            let Some(step) = self.world.step_until(until, &mut self.facts) else { return };
            self.look(from, step);
        }
    }

    /// Judges the step and notes it, so that the first violation ends the run.
    fn look(&mut self, from: usize, step: Step) {
        let new = &self.facts[from..];
        new.iter()
            .for_each(|(at, process, fact)| self.ledger.note(*at, (*process, self.world.cluster_of(*process)), fact));
        if self.violation.is_none() {
            self.violation = self.checks.on_step(&self.world, step, new).err();
        }
    }

    /// Runs until `done` holds, looking every 10 ms, for at most `limit`. Says whether it came to hold.
    pub fn wait(&mut self, limit: Span, done: impl FnMut(&Stage) -> bool) -> bool {
        self.wait_in_steps(limit, Span::from_millis(10), done)
    }

    /// The same, looking twice a second.
    pub fn wait_coarsely(&mut self, limit: Span, done: impl FnMut(&Stage) -> bool) -> bool {
        self.wait_in_steps(limit, Span::from_millis(500), done)
    }

    /// Until it is so, or the time is over.
    fn wait_in_steps(&mut self, limit: Span, every: Span, mut done: impl FnMut(&Stage) -> bool) -> bool {
        let end = self.clock + limit;
        loop {
            if done(self) {
                return true;
            }
            if self.clock >= end || self.violation.is_some() {
                return false;
            }
            self.pass(every);
        }
    }

    /// The cluster's answer to an operator's request, once it is there.
    pub fn answer(&self, ticket: u64) -> Option<&OperatorAnswer> {
        self.facts.iter().rev().find_map(|(_, _, fact)| fact.answer_to(ticket))
    }
}

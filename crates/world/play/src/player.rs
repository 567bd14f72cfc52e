//! Plays a scenario: commands at their instants, claims where they stand, all safety checks on. It goes as far as it is
//! allowed at a time, so that whoever draws meanwhile can go on drawing.

use crate::instead::{Foreign, ForeignStep, Instead, Stopped, Unseen};
use crate::sight::{Memory, Seen, Sight};
use crate::stops::{Stop, stops};
use crate::tool::Tool;
use crate::{facts, metering, rows, see, subject};
use base::{Digest, Time};
use check::{Checks, Ledger};
use port::{Fact, KafkaFact};
use script::claim::{Cited, Claim, Pattern};
use script::{Mistake, PlacedCommand, Scenario, claims, print};
use sim::meters::Meters;
use sim::{CommandError, ConnectionState, Slot, Step, World};

/// No scenario needs more events; texts come from strangers.
pub const MOST_EVENTS: u64 = 5_000_000;
/// Events between two looks at the disks, of which there are as many as processes.
const LOOK: u64 = 1_024;

/// A run under way, with what claims look at.
#[derive(Clone)]
pub struct Player {
    scenario: Scenario,
    purpose: Purpose,
    bounds: Bounds,
    claims: Vec<Cited>,
    stops: Vec<Stop>,
    /// How many of them it is past.
    passed: usize,
    pub world: World,
    pub facts: Vec<Seen>,
    /// While some line looks at one.
    pub(crate) meters: Option<Box<Meters>>,
    pub ledger: Ledger,
    /// How far time has passed; the world's own clock stops at its last event.
    pub now: Time,
    last_ticket: u64,
    /// Why the world did not take the last command.
    refusal: Option<CommandError>,
    memory: Option<Memory>,
    /// Lines of tools that were typed so far.
    tools: Vec<Tool>,
    checks: Checks,
    looks: Vec<Look>,
    readings: Vec<Reading>,
    failure: Option<Failure>,
}

/// What a run may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub events: u64,
    /// That are kept, of 100 bytes and more each.
    pub facts: usize,
    /// Bytes that the world holds for its disks.
    pub held: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { events: MOST_EVENTS, facts: 1_000_000, held: 160 << 20 }
    }
}

/// What a run is played for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Purpose {
    /// Every `see` line is looked at, and every fact kept.
    Everything,
    /// What is to be read, and no more: it ends as soon as that has been. Of the facts only answers to requests are kept,
    /// and those of the kind that is counted.
    Reading { counted: Option<String> },
}

/// One `see` line and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// From 1, both.
    pub line: u32,
    pub column: u32,
    pub at: Time,
    /// As it was written.
    pub text: String,
    /// Who says that it is so.
    pub source: Option<String>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not looked at yet.
    Waits,
    Holds,
    /// What was there instead.
    Fails(Instead),
}

/// What a subject read at a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub mark: String,
    pub subject: String,
    /// `None`: the run has not come there.
    pub words: Option<Result<String, Unseen>>,
}

/// Why a run could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Of the text, from 1; 0 where no line is to blame.
    pub line: u32,
    pub at: Time,
    pub why: Stopped,
}

/// Is there more to come?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    UnderWay,
    Done,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, ", self.line)?;
        }
        write!(f, "{}: {}", self.at, self.why)
    }
}

impl Player {
    /// Stands before a scenario's first event.
    ///
    /// # Errors
    /// A `see` line that claims nothing that can be looked up.
    pub fn new(scenario: Scenario) -> Result<Player, Mistake> {
        let claims = claims(&scenario)?;
        let seen = scenario.sees.iter().zip(&claims).filter(|(_, cited)| cited.claim != Claim::Remember);
        let looks = seen.map(|(see, cited)| Look {
            line: see.line,
            column: see.column,
            at: see.at,
            text: see.text.clone(),
            source: cited.source.clone(),
            outcome: Outcome::Waits,
        });
        let looks_at_meters = claims.iter().any(|cited| metering::is_of_meter(&cited.claim));
        let mut player = Player {
            looks: looks.collect(),
            stops: stops(&scenario),
            passed: 0,
            world: World::new(&scenario.setup, scenario.seed),
            facts: Vec::new(),
            meters: None,
            ledger: Ledger::default(),
            now: Time::ZERO,
            last_ticket: 0,
            refusal: None,
            memory: None,
            tools: Vec::new(),
            checks: Checks::default(),
            readings: Vec::new(),
            failure: None,
            claims,
            scenario,
            purpose: Purpose::Everything,
            bounds: Bounds::default(),
        };
        if looks_at_meters {
            player.count_meters();
        }
        Ok(player)
    }

    /// The same for one subject at one mark alone: what else the text looks at costs nothing, and it is done when that mark
    /// is reached.
    ///
    /// # Errors
    /// As [`Player::new`].
    pub fn reading(scenario: Scenario, mark: &str, subject: &str) -> Result<Player, Mistake> {
        let words: Vec<String> = subject.split_whitespace().map(str::to_owned).collect();
        let pattern =
            words.split_first().filter(|(what, _)| *what == "count").map(|(_, pattern)| Pattern::read(pattern));
        let counted = pattern.and_then(Result::ok).and_then(|pattern| pattern.words.into_iter().next());
        let mut player = Player { purpose: Purpose::Reading { counted }, ..Player::new(scenario)? };
        player.read_at(mark, subject);
        Ok(player)
    }

    /// It may cost as much.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Player {
        Player { bounds, ..self }
    }

    /// A subject is also to be read at a mark; `start` and `end` are marks.
    pub fn read_at(&mut self, mark: &str, subject: &str) {
        if self.meters.is_none() && subject.starts_with("meter ") {
            self.count_meters();
        }
        self.readings.push(Reading { mark: mark.to_owned(), subject: subject.to_owned(), words: None });
    }

    /// To the last line, or to what stops it.
    #[must_use]
    pub fn to_end(mut self) -> Player {
        while self.go(MOST_EVENTS) == Going::UnderWay {}
        self
    }

    /// Goes on, by so many events at most, and by as many lines of the text.
    pub fn go(&mut self, events: u64) -> Going {
        if self.passed == 0 && self.world.events() == 0 {
            self.read("start");
        }
        let until = self.world.events().saturating_add(events.max(1));
        let last = self.passed.saturating_add(usize::try_from(events.max(1)).unwrap_or(usize::MAX));
        while self.failure.is_none() && !self.has_read() && self.passed < self.stops.len() {
            if self.passed >= last {
                return Going::UnderWay;
            }
            let stop = self.stops[self.passed];
            match self.run_until(self.instant(stop), until) {
                Ok(Going::Done) => {}
                Ok(Going::UnderWay) => return Going::UnderWay,
                Err(why) => {
                    self.fail(self.line(stop), why);
                    break;
                }
            }
            self.passed += 1;
            self.stand(stop);
        }
        Going::Done
    }

    /// Is there nothing left to play for?
    fn has_read(&self) -> bool {
        let is_reading = matches!(self.purpose, Purpose::Reading { .. });
        is_reading && self.readings.iter().all(|reading| reading.words.is_some())
    }

    /// What can be looked at now.
    pub fn sight(&self) -> Sight<'_> {
        Sight {
            world: &self.world,
            ledger: &self.ledger,
            facts: Some(&self.facts),
            meters: self.meters.as_deref(),
            last_ticket: self.last_ticket,
            refusal: self.refusal.as_ref(),
            memory: self.memory.as_ref(),
            typed: self.tools.last(),
            cluster: None,
        }
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Every `see` line in the order of the run.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// The lines of tools that were typed so far.
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }

    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// Why it could not go on, if it could not.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Did it come to its end, and did every `see` line hold?
    pub fn is_well(&self) -> bool {
        self.failure.is_none() && self.looks.iter().all(|look| look.outcome == Outcome::Holds)
    }

    /// Every shown fact, then how each process ended and the ledger.
    pub fn happened(&self) -> String {
        let sight = self.sight();
        format!("{}\n{}", facts::lines(&sight), rows::lines(&sight))
    }

    /// Of the run up to here: the same text gives the same on every machine.
    pub fn digest(&self) -> Digest {
        self.world.run_digest()
    }

    fn instant(&self, stop: Stop) -> Time {
        match stop {
            Stop::Command(index) => self.scenario.commands[index].after,
            Stop::Look(index) => self.scenario.sees[index].at,
            Stop::Mark(index) => self.scenario.marks[index].at,
            Stop::Tool(index) => self.scenario.typed[index].at,
            Stop::End => self.scenario.ends_at,
        }
    }

    fn line(&self, stop: Stop) -> u32 {
        match stop {
            Stop::Command(index) => self.scenario.lines.get(index).copied().unwrap_or_default(),
            Stop::Look(index) => self.scenario.sees[index].line,
            Stop::Mark(index) => self.scenario.marks[index].line,
            Stop::Tool(index) => self.scenario.typed[index].line,
            Stop::End => 0,
        }
    }

    /// The first mistake ends a run: what comes after it is said of another world than was meant.
    fn fail(&mut self, line: u32, why: Stopped) {
        self.failure.get_or_insert(Failure { line, at: self.now, why });
    }

    /// Does what is to be done at a stop.
    fn stand(&mut self, stop: Stop) {
        match stop {
            Stop::Look(index) if self.purpose == Purpose::Everything => self.look_at(index),
            Stop::Look(_) => {}
            Stop::Mark(index) => {
                let name = self.scenario.marks[index].name.clone();
                self.read(&name);
            }
            Stop::Tool(index) => {
                let tool = Tool::new(&self.scenario.typed[index], &self.world.first_cluster());
                self.tools.push(tool);
            }
            Stop::Command(index) => self.act(index),
            Stop::End => {
                self.read("end");
                if let Err(violation) = self.checks.at_end(&self.world) {
                    self.fail(0, Stopped::Broken(violation));
                }
            }
        }
    }

    /// Does a line look at the answer to the last command, before the next one? Where none does, a command that the world
    /// did not take is a mistake of the text.
    fn is_answer_looked_at(&self) -> bool {
        let until_next = self.stops[self.passed..].iter().take_while(|stop| !matches!(stop, Stop::Command(_)));
        let mut claims = until_next.filter_map(|stop| match stop {
            Stop::Look(index) => Some(&self.claims[*index].claim),
            Stop::Command(_) | Stop::Mark(_) | Stop::Tool(_) | Stop::End => None,
        });
        claims.any(|claim| matches!(claim, Claim::Is { subject, .. } if subject.len() == 1 && subject[0] == "answer"))
    }

    fn act(&mut self, index: usize) {
        let placed: PlacedCommand = self.scenario.commands[index].clone();
        self.now = placed.at();
        if self.tools.last().is_some_and(|tool| !tool.gives(index)) {
            return;
        }
        let from = self.facts.len();
        let now = self.now;
        let taken = self.hear(|world, ear| world.apply_at(now, &placed.command, ear));
        self.refusal = taken.as_ref().err().cloned();
        let ticket = taken.ok().flatten();
        if let (Some(tool), Some(ticket)) = (self.tools.last_mut(), ticket) {
            tool.ask(index, ticket);
        }
        self.last_ticket = ticket.unwrap_or(self.last_ticket);
        let step = Step { at: self.world.now(), process: self.world.first_cluster().admin() };
        let noted = self.note(from, step);
        let refused = self.refusal.clone().filter(|_| !self.is_answer_looked_at());
        let refused = refused.map(|why| Stopped::Refused { command: print(&placed.command), why });
        if let Some(why) = noted.err().or(refused) {
            self.fail(self.line(Stop::Command(index)), why);
        }
    }

    fn look_at(&mut self, index: usize) {
        let claim = &self.claims[index].claim;
        if *claim == Claim::Remember {
            return self.remember();
        }
        let outcome = match see::check(&self.sight(), claim) {
            Ok(()) => Outcome::Holds,
            Err(instead) => Outcome::Fails(instead),
        };
        let before = self.claims[..index].iter().filter(|cited| cited.claim != Claim::Remember).count();
        self.looks[before].outcome = outcome;
    }

    fn read(&mut self, mark: &str) {
        let mut readings = std::mem::take(&mut self.readings);
        for reading in readings.iter_mut().filter(|reading| reading.mark == mark) {
            let words: Vec<&str> = reading.subject.split_whitespace().collect();
            reading.words = Some(subject::value(&self.sight(), &words));
        }
        self.readings = readings;
    }

    /// Lets time pass, at most up to so many events of the run.
    fn run_until(&mut self, until: Time, events: u64) -> Result<Going, Stopped> {
        loop {
            if self.world.events() >= events {
                return Ok(Going::UnderWay);
            }
            let from = self.facts.len();
            let before = self.memory.is_some().then(|| self.world.clone());
            let look = self.meters.as_ref().map_or(Time::MAX, |meters| meters.next_look());
            let limit = until.min(look);
            let Some(step) = self.hear(|world, ear| world.step_until(limit, ear)) else {
                self.now = self.now.max(limit);
                self.read_meters(look);
                if limit < until {
                    continue;
                }
                return Ok(Going::Done);
            };
            self.now = self.now.max(step.at);
            if let Some(before) = before {
                self.watch(&before, step);
            }
            self.read_meters(look);
            self.note(from, step)?;
            self.may_go_on()?;
        }
    }

    /// Texts come from strangers: what a run may cost.
    fn may_go_on(&self) -> Result<(), Stopped> {
        let events = self.world.events();
        let Bounds { events: most, facts, held } = self.bounds;
        if events > most {
            return Err(Stopped::Events(most));
        }
        if self.facts.len() > facts {
            return Err(Stopped::Facts(facts));
        }
        if events.is_multiple_of(LOOK) && self.world.disks().held > held {
            return Err(Stopped::Held(held));
        }
        match self.world.standstill() {
            Some(standstill) => Err(Stopped::Standstill(standstill.events)),
            None => Ok(()),
        }
    }

    /// Ledger and checks see every step, also where nobody looks at them.
    fn note(&mut self, from: usize, step: Step) -> Result<(), Stopped> {
        let new = &self.facts[from..];
        new.iter()
            .for_each(|(at, process, fact)| self.ledger.note(*at, (*process, self.world.cluster_of(*process)), fact));
        let checked = self.checks.on_step(&self.world, step, new).map_err(Stopped::Broken);
        self.forget(from);
        checked
    }

    /// What nobody is going to look at any more.
    fn forget(&mut self, from: usize) {
        // Who writes a transcript needs every fact.
        let Purpose::Reading { counted } = &self.purpose else { return };
        let is_kept = |fact: &Fact| {
            matches!(fact, Fact::Kafka(KafkaFact::OperatorAnswered { .. }))
                || counted.as_deref().is_some_and(|kind| kind == fact.kind())
        };
        let mut kept = from;
        for index in from..self.facts.len() {
            if is_kept(&self.facts[index].2) {
                self.facts.swap(kept, index);
                kept += 1;
            }
        }
        self.facts.truncate(kept);
    }

    fn remember(&mut self) {
        let sight = self.sight();
        let kept = self.world.slots().map(|slot| (slot.id, sight.knowledge(slot.id))).collect();
        self.memory = Some(Memory { kept, foreign_step: None });
    }

    /// Did a timer of its own cause this step, and did it change nobody else?
    fn watch(&mut self, before: &World, step: Step) {
        let caused = is_own_timer(before, step);
        let others = before.slots().find(|slot| {
            let now = self.world.slot(slot.id);
            let is_copy = now.is_some_and(|now| !std::ptr::eq(*slot, now));
            // A call that waits because the process is busy changes its inbox, not its state.
            let state = |slot: &Slot| Digest::of(&(&slot.process, &slot.store));
            slot.id != step.process && is_copy && now.map(state) != Some(state(slot))
        });
        let how = match (caused, others) {
            (true, None) => return,
            (false, _) => Foreign::Called,
            (true, Some(other)) => Foreign::Changed(other.name.to_string()),
        };
        let process = self.sight().name(step.process);
        if let Some(memory) = &mut self.memory {
            memory.foreign_step.get_or_insert(ForeignStep { process, at: step.at, how });
        }
    }
}

/// A timer that was due, or an attempt to connect whose time was over.
fn is_own_timer(before: &World, step: Step) -> bool {
    let deadline = before.process(step.process).and_then(process::Process::next_deadline);
    let limit = before.setup().network.connect_timeout;
    let gave_up = before.network().connections().any(|(_, connection)| {
        connection.ends[0].process == step.process
            && matches!(connection.state, ConnectionState::Connecting { .. })
            && connection.since + limit <= step.at
    });
    gave_up || deadline.is_some_and(|at| at <= step.at)
}

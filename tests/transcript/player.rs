//! Plays a scenario: commands at their instants, claims where they stand, all safety checks on.

use crate::{facts, rows, see};
use base::{BrokerId, Digest, ProcessId, Time};
use check::{Checks, Ledger};
use port::{Fact, OperatorAnswer};
use script::claim::{Cited, Claim};
use script::{PlacedCommand, Scenario, See, print};
use sim::{ConnectionState, Slot, Step, World};
use std::collections::BTreeMap;

/// A fact with when and where.
pub type Seen = (Time, ProcessId, Fact);

/// A run under way, with what claims look at.
pub struct Player {
    pub world: World,
    pub facts: Vec<Seen>,
    pub ledger: Ledger,
    /// How far time has passed; the world's own clock stops at its last event.
    pub now: Time,
    pub last_ticket: u64,
    /// Why the world did not take the last command.
    pub refusal: Option<String>,
    pub memory: Option<Memory>,
    checks: Checks,
}

/// What `remember` keeps.
pub struct Memory {
    /// Of each node: a digest of what it knows and stores.
    pub kept: BTreeMap<ProcessId, Digest>,
    /// The first step since then that no timer of its own process caused.
    pub foreign_step: Option<String>,
}

/// How a run went.
pub struct Played {
    pub digest: Digest,
    pub events: u64,
    /// The part below the line.
    pub happened: String,
    /// Claims that were not true.
    pub wrong: Vec<String>,
}

/// Plays a scenario to its last line. The same commands at the same instants as in a laboratory.
///
/// # Errors
/// A command that the world refuses where no `see answer` looks for it, or a safety check that does not hold.
pub fn play(scenario: &Scenario, claims: &[Cited]) -> Result<Played, String> {
    let mut player = Player {
        world: World::new(&scenario.setup, scenario.seed),
        facts: Vec::new(),
        ledger: Ledger::default(),
        now: Time::ZERO,
        last_ticket: 0,
        refusal: None,
        memory: None,
        checks: Checks::default(),
    };
    let mut wrong = Vec::new();
    let mut sees = scenario.sees.iter().zip(claims).peekable();
    for done in 0..=scenario.commands.len() {
        let mut looked = false;
        while let Some((see, cited)) = sees.next_if(|(see, _)| see.after_commands == done) {
            looked |= matches!(&cited.claim, Claim::Is { subject, .. } if subject.len() == 1 && subject[0] == "answer");
            player.run_until(see.at).map_err(|error| at_line(see, &error))?;
            wrong.extend(
                player.look_at(&cited.claim).err().map(|why| at_line(see, &format!("see {}: {why}", see.text))),
            );
        }
        if let Some(words) = player.refusal.as_ref().filter(|_| !looked) {
            return Err(format!("  {}: {words}", scenario.commands.get(done - 1).map_or_else(String::new, shown)));
        }
        if let Some(placed) = scenario.commands.get(done) {
            player.act(placed).map_err(|error| format!("  {}: {error}", shown(placed)))?;
        }
    }
    player.run_until(scenario.ends_at).map_err(|error| format!("  at the end: {error}"))?;
    player.checks.at_end(&player.world).map_err(|violation| format!("  {violation}"))?;
    let happened = format!("{}\n{}", facts::lines(&player), rows::lines(&player));
    Ok(Played { digest: player.world.run_digest(), events: player.world.events(), happened, wrong })
}

fn at_line(see: &See, words: &str) -> String {
    format!("  line {}, {}: {words}", see.line, see.at)
}

fn shown(placed: &PlacedCommand) -> String {
    format!("{} {}", placed.after, print(&placed.command))
}

impl Player {
    fn act(&mut self, placed: &PlacedCommand) -> Result<(), String> {
        self.run_until(placed.after)?;
        self.now = placed.at();
        let from = self.facts.len();
        let taken = self.world.apply_at(self.now, &placed.command, &mut self.facts);
        self.refusal = taken.as_ref().err().map(ToString::to_string);
        self.last_ticket = taken.ok().flatten().unwrap_or(self.last_ticket);
        self.look(from, Step { at: self.world.now(), process: self.world.admin() })
    }

    fn look_at(&mut self, claim: &Claim) -> Result<(), String> {
        match claim {
            Claim::Remember => {
                self.remember();
                Ok(())
            }
            Claim::Is { .. } | Claim::Fact { .. } | Claim::Unchanged(_) | Claim::OnlyOwnTimers => {
                see::check(self, claim)
            }
        }
    }

    fn run_until(&mut self, until: Time) -> Result<(), String> {
        self.now = self.now.max(until);
        loop {
            let from = self.facts.len();
            let before = self.memory.is_some().then(|| self.world.clone());
            let Some(step) = self.world.step_until(until, &mut self.facts) else { return Ok(()) };
            if let Some(before) = before {
                self.watch(&before, step);
            }
            self.look(from, step)?;
        }
    }

    fn look(&mut self, from: usize, step: Step) -> Result<(), String> {
        let new = &self.facts[from..];
        new.iter().for_each(|(at, process, fact)| self.ledger.note(*at, *process, fact));
        self.checks.on_step(&self.world, step, new).map_err(|violation| violation.to_string())
    }

    fn remember(&mut self) {
        let kept = self.world.slots().map(|slot| (slot.id, self.knowledge(slot.id))).collect();
        self.memory = Some(Memory { kept, foreign_step: None });
    }

    /// What a node knows of its cluster and keeps on its disk. Timers, connections and roles in an
    /// election are not in it: those move by a node's own clock.
    pub fn knowledge(&self, process: ProcessId) -> Digest {
        let Some(running) = self.world.process(process) else { return Digest(0) };
        let node = running.node();
        let broker = node.and_then(process::Node::broker);
        let logs = broker.map(|broker| {
            let part = |partition: &broker::Partition| {
                (partition.name().clone(), partition.log().clone(), partition.role().clone())
            };
            broker.partitions().values().map(|partition| part(partition)).collect::<Vec<_>>()
        });
        let quorum = node.map(|node| (node.quorum().log_end(), node.quorum().high_watermark()));
        let consumer = running.consumer().map(|consumer| consumer.delivered_count());
        let producer = running.producer().map(|producer| producer.counts().acked);
        Digest::of(&(broker.map(|broker| broker.image().clone()), logs, quorum, consumer, producer))
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
        let why = match (caused, others) {
            (true, None) => return,
            (false, _) => "was called by something else than its own timer".to_owned(),
            (true, Some(other)) => format!("changed {}", other.name),
        };
        let name = self.name(step.process);
        if let Some(memory) = &mut self.memory {
            memory.foreign_step.get_or_insert_with(|| format!("{} at {} {why}", name, step.at));
        }
    }

    /// What a process is called on the stage.
    pub fn name(&self, process: ProcessId) -> String {
        self.world.slot(process).map_or_else(|| "?".into(), |slot| slot.name.to_string())
    }

    /// What the node with that `node.id` is called.
    pub fn node_name(&self, id: BrokerId) -> String {
        self.world.node(id).map_or_else(|| id.to_string(), |slot| slot.name.to_string())
    }

    pub fn answer(&self, ticket: u64) -> Option<&OperatorAnswer> {
        self.facts.iter().rev().find_map(|(_, _, fact)| match fact {
            Fact::OperatorAnswered { ticket: of, answer } if *of == ticket => Some(answer),
            _other => None,
        })
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

//! A run at one instant: the world and what was learnt from its facts so far. This is what a
//! checkpoint holds, so that a rewind shows the right counts. It knows nothing of branches.

use base::{FlatMap, ProcessId, Shared, Time};
use check::Ledger;
use port::{Fact, OperatorAnswer};
use sim::{Command, CommandError, Setup, World};

/// Answers that are kept, newest by ticket.
const ANSWERS: usize = 256;

/// Something that happened, where and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Happening {
    pub at: Time,
    pub process: ProcessId,
    pub fact: Fact,
}

/// How the cluster answered an operator's request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    pub at: Time,
    pub answer: OperatorAnswer,
}

/// The world, the ledger and the operator's answers at one instant. Cloning costs pointers.
#[derive(Clone, Debug)]
pub struct Run {
    pub world: World,
    pub ledger: Ledger,
    answers: Shared<FlatMap<u64, Answer>>,
}

impl Run {
    /// A cluster at its first instant.
    pub fn new(setup: &Setup, seed: u64) -> Run {
        Run { world: World::new(setup, seed), ledger: Ledger::default(), answers: Shared::default() }
    }

    /// Executes the next event if its instant is not after `until`, and adds what happened to
    /// `facts`. Returns the event's instant; `None`: nothing (more) happens until then.
    pub fn step(&mut self, until: Time, facts: &mut Vec<Happening>) -> Option<Time> {
        let from = facts.len();
        let step = self.world.step_until(until, &mut Sink(facts));
        self.note(&facts[from..]);
        step.map(|step| step.at)
    }

    /// Executes a command at the instant `at`, after everything before. Returns its ticket, if the
    /// cluster will answer.
    ///
    /// # Errors
    /// When the command makes no sense in this world; then nothing has changed.
    pub fn apply(
        &mut self,
        at: Time,
        command: &Command,
        facts: &mut Vec<Happening>,
    ) -> Result<Option<u64>, CommandError> {
        let from = facts.len();
        let ticket = self.world.apply_at(at, command, &mut Sink(facts))?;
        self.note(&facts[from..]);
        Ok(ticket)
    }

    /// How the cluster answered the command with this ticket, if it has.
    pub fn answer(&self, ticket: u64) -> Option<&Answer> {
        self.answers.get(&ticket)
    }

    /// All answers that are still kept, by ticket.
    pub fn answers(&self) -> impl Iterator<Item = (u64, &Answer)> {
        self.answers.iter().map(|(ticket, answer)| (*ticket, answer))
    }

    fn note(&mut self, happenings: &[Happening]) {
        for happening in happenings {
            self.ledger.note(happening.at, happening.process, &happening.fact);
            if let Fact::OperatorAnswered { ticket, answer } = &happening.fact {
                self.answers.insert(*ticket, Answer { at: happening.at, answer: answer.clone() });
                if self.answers.len() > ANSWERS {
                    self.answers.pop_first();
                }
            }
        }
    }
}

struct Sink<'a>(&'a mut Vec<Happening>);

impl sim::FactSink for Sink<'_> {
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact) {
        self.0.push(Happening { at, process, fact });
    }
}

//! A run at one instant: the world and what was learnt from its facts so far, safety checks
//! included. This is what a checkpoint holds, so that a rewind shows the right counts and is checked
//! as the first way through was. It knows nothing of branches.

use crate::acts::Author;
use crate::books::Books;
use crate::pace::Phase;
use base::{FlatMap, Offset, ProcessId, Shared, Time, TopicPartition};
use check::{Checks, Ledger, Violation};
use port::{Fact, KafkaFact, OperatorAnswer};
use sim::journal::Ear;
use sim::{ClusterIndex, Command, CommandError, Setup, Step, World};

/// Events between two looks at what could be packed on the disks, and bytes that are worth it.
const LOOK: u64 = 32;
const LOOSE: u64 = 1 << 20;
/// Answers that are kept, newest by ticket.
const ANSWERS: usize = 256;

/// Something that happened, where and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Happening {
    pub at: Time,
    pub process: ProcessId,
    pub fact: Fact,
    /// Whose act it is, if it is one.
    pub by: Option<Author>,
}

/// How the cluster answered an operator's request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    pub at: Time,
    pub answer: OperatorAnswer,
}

/// Why a step is unsafe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsafe {
    /// A record whose success was reported is nowhere on its leader; offset −1 where it never had one. Kafka does so
    /// when it was asked to (acks=0 and 1, unclean elections).
    LostWrite { partition: TopicPartition, offset: Offset },
    /// Something that Kafka promises did not hold.
    Broken(Violation),
}

/// A step after which something is wrong that was right before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsafeStep {
    pub at: Time,
    /// Where it is wrong.
    pub cluster: ClusterIndex,
    pub why: Unsafe,
}

/// The world, the ledger, the checks and the operator's answers at one instant. Cloning costs pointers.
#[derive(Clone, Debug)]
pub struct Run {
    pub world: World,
    pub ledger: Ledger,
    checks: Shared<Checks>,
    broken: Option<Shared<Violation>>,
    answers: Shared<FlatMap<u64, Answer>>,
    books: Books,
    /// Of further clusters, in the order of the setup.
    others: Vec<Books>,
    /// The tickets of what was asked, by the instants of the asking acts; as many as answers.
    tickets: Shared<FlatMap<Time, u64>>,
    scratch: Scratch,
}

impl Run {
    /// A cluster at its first instant.
    pub fn new(setup: &Setup, seed: u64) -> Run {
        Run {
            world: World::new(setup, seed),
            ledger: Ledger::default(),
            checks: Shared::default(),
            broken: None,
            answers: Shared::default(),
            books: Books::default(),
            others: setup.clusters.iter().skip(1).map(|_| Books::default()).collect(),
            tickets: Shared::default(),
            scratch: Scratch::default(),
        }
    }

    /// Executes the next event if its instant is not after `until`, and adds what happened to
    /// `facts`. Returns the event's instant; `None`: nothing (more) happens until then.
    pub fn step(&mut self, until: Time, facts: &mut Vec<Happening>) -> Option<Time> {
        let step = self.world.step_until(until, &mut self.scratch.0);
        if self.world.events().is_multiple_of(LOOK) && self.world.disks().loose > LOOSE {
            self.world.pack();
        }
        // Even when nobody takes a step, connections may have been given up.
        self.note(step.map_or(self.world.first_cluster().admin(), |step| step.process), facts);
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
        let ticket = self.world.apply_at(at, command, &mut self.scratch.0);
        match ticket {
            Ok(Some(ticket)) => {
                self.tickets.insert(at, ticket);
                if self.tickets.len() > ANSWERS {
                    self.tickets.pop_first();
                }
            }
            Ok(None) => {}
            Err(_) => self.scratch.0.facts.clear(),
        }
        let process =
            self.scratch.0.facts.first().map_or(self.world.first_cluster().admin(), |(_, process, _)| *process);
        self.note(process, facts);
        ticket
    }

    /// What was learnt of one of the clusters.
    ///
    /// # Panics
    /// If the world has not so many.
    pub fn books(&self, cluster: ClusterIndex) -> &Books {
        match usize::from(cluster.0).checked_sub(1) {
            None => &self.books,
            Some(other) => &self.others[other],
        }
    }

    /// How far the worst accident is that is not over, of all clusters.
    pub(crate) fn phase(&self) -> Phase {
        let phases = self.others.iter().map(|books| books.accidents().phase());
        phases.fold(self.books.accidents().phase(), Phase::worse)
    }

    /// How the cluster answered the command with this ticket, if it has.
    pub fn answer(&self, ticket: u64) -> Option<&Answer> {
        self.answers.get(&ticket)
    }

    /// How the cluster answered the act at this instant, if it has. Tickets are counted, so that they change when an
    /// act before is left out; instants do not.
    pub fn answer_to(&self, at: Time) -> Option<&Answer> {
        self.answer(*self.tickets.get(&at)?)
    }

    /// All answers that are still kept, by ticket.
    pub fn answers(&self) -> impl Iterator<Item = (u64, &Answer)> {
        self.answers.iter().map(|(ticket, answer)| (*ticket, answer))
    }

    /// What has gone wrong so far, each sort when it first did, in order of time.
    pub fn unsafe_steps(&self) -> Vec<UnsafeStep> {
        let clusters = (0..=self.others.len()).map(|index| ClusterIndex(index as u16));
        let losses = clusters.filter_map(|cluster| Some((cluster, self.ledger.of(cluster)?.first_loss()?)));
        let lost = losses.min_by_key(|(_, (at, ..))| *at).map(|(cluster, (at, partition, offset))| {
            let why = Unsafe::LostWrite { partition: partition.clone(), offset: *offset };
            UnsafeStep { at: *at, cluster, why }
        });
        let broken = self.broken.as_ref().map(|violation| {
            let why = Unsafe::Broken(Violation::clone(violation));
            UnsafeStep { at: violation.at, cluster: self.world.cluster_of(violation.process), why }
        });
        let mut steps: Vec<UnsafeStep> = lost.into_iter().chain(broken).collect();
        if steps.len() == 2 && steps[1].at < steps[0].at {
            steps.reverse();
        }
        steps
    }

    /// How many sorts of wrong there are so far; it never falls.
    pub(crate) fn unsafe_count(&self) -> u32 {
        u32::from(self.ledger.first_loss().is_some()) + u32::from(self.broken.is_some())
    }

    /// Each check's name and whether what happened so far still promises it.
    pub fn promises(&self) -> Vec<(&'static str, bool)> {
        self.checks.promised()
    }

    /// Learns from what a step reported, and hands it over.
    fn note(&mut self, process: ProcessId, facts: &mut Vec<Happening>) {
        let mut reported = std::mem::take(&mut self.scratch.0.facts);
        for (at, process, fact) in &reported {
            let cluster = self.world.cluster_of(*process);
            self.ledger.note(*at, (*process, cluster), fact);
            let ledger = self.ledger.of(cluster).expect("it has noted this fact");
            let books = match usize::from(cluster.0).checked_sub(1) {
                None => &mut self.books,
                Some(other) => &mut self.others[other],
            };
            books.note((*at, *process), fact, (ledger, &self.world));
            if let Fact::Kafka(KafkaFact::OperatorAnswered { ticket, answer }) = fact {
                self.answers.insert(*ticket, Answer { at: *at, answer: answer.clone() });
                if self.answers.len() > ANSWERS {
                    self.answers.pop_first();
                }
            }
        }
        self.check(Step { at: self.world.now(), process }, &reported);
        facts.extend(reported.drain(..).map(|(at, process, fact)| Happening { at, process, fact, by: None }));
        self.scratch.0.facts = reported;
    }

    /// After the first promise that did not hold, the rest mean nothing any more.
    fn check(&mut self, step: Step, reported: &[Reported]) {
        if !reported.is_empty() && self.broken.is_none() {
            self.broken = self.checks.on_step(&self.world, step, reported).err().map(Shared::new);
        }
    }
}

/// A fact as the world reports it.
type Reported = (Time, ProcessId, Fact);

/// A buffer reused between steps; no part of the state. It is the listener that a [`Telling`](crate::Telling) has, too.
#[derive(Debug, Default)]
struct Scratch(Ear);

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Scratch::default()
    }
}

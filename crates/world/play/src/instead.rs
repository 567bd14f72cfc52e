//! What comes of looking, as values: why nothing can be looked up, what is there instead of what a claim says, and why a run
//! stopped. Each prints as an English sentence, for transcripts; what readers are shown is worded in `view`, in their language.
//! The words in which a subject is told (`none`, `leader epoch 2`) are those that `see` lines compare with, in every language.

use base::Time;
use check::Violation;
use script::claim::{ClaimProblem, Holds};
use sim::CommandError;

/// Why there is nothing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// No process has that name.
    Nobody(String),
    /// It is there, and is no such thing.
    NotA { name: String, kind: Kind },
    /// No cluster has that name.
    NoCluster(String),
    /// A word that should be a number.
    NoNumber(String),
    /// A word that should be a partition.
    NoPartition(String),
    /// No controller lives that could be asked.
    NoController,
    /// The cluster has no such partition.
    Unknown(String),
    /// That broker holds no replica of it.
    NoReplica { node: String, partition: String },
    /// What a quorum has no word for.
    NoQuorum(String),
    /// The broker has never been registered.
    Unregistered(String),
    /// Whoever looks has kept nothing of the past.
    NotKept,
    /// No line `remember` came before.
    NothingRemembered,
    /// No line of a tool came before.
    NothingTyped,
    /// It cannot be understood.
    Claim(ClaimProblem),
}

/// What a process can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Node,
    Broker,
    Controller,
    Consumer,
    /// A producer or consumer that was started.
    Client,
    Producer,
}

/// What was there instead of what a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// It could not be looked up.
    Unseen(Unseen),
    /// The subject reads otherwise, or as it should not.
    Reads {
        subject: String,
        found: String,
        expected: String,
        holds: Holds,
    },
    /// A fact that should not have been, as its line.
    Happened(String),
    /// No such fact was; the newest of its kind, as lines.
    Missing {
        alike: Vec<String>,
    },
    /// What the tool has printed has not those words, or has them.
    Printed {
        lines: Vec<String>,
        holds: Holds,
    },
    /// A node no longer knows or keeps what it did.
    Changed(String),
    Step(ForeignStep),
}

/// A step that was not only a timer of its own process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignStep {
    pub process: String,
    pub at: Time,
    pub how: Foreign,
}

/// What was foreign about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Something else than a timer of its own called it.
    Called,
    /// It changed that other process.
    Changed(String),
}

/// Why a run could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The world did not take a command, and no line looks at its answer.
    Refused { command: String, why: CommandError },
    /// A safety check did not hold.
    Broken(Violation),
    /// More events than it may cost.
    Events(u64),
    /// More facts than are kept.
    Facts(usize),
    /// More bytes for its disks.
    Held(u64),
    /// So many events, and no time passed.
    Standstill(u64),
}

impl From<Unseen> for Instead {
    fn from(unseen: Unseen) -> Instead {
        Instead::Unseen(unseen)
    }
}

impl std::fmt::Display for Unseen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unseen::Nobody(name) => write!(f, "there is no '{name}'"),
            Unseen::NotA { name, kind } => write!(f, "'{name}' is no {kind}"),
            Unseen::NoNumber(text) => write!(f, "'{text}' is no number"),
            Unseen::NoPartition(text) => write!(f, "'{text}' is no partition"),
            Unseen::NoCluster(name) => write!(f, "there is no cluster '{name}'"),
            Unseen::NoController => f.write_str("no controller lives"),
            Unseen::Unknown(partition) => write!(f, "nobody knows {partition}"),
            Unseen::NoReplica { node, partition } => write!(f, "{node} has no {partition}"),
            Unseen::NoQuorum(what) => write!(f, "a quorum has no '{what}'"),
            Unseen::Unregistered(name) => write!(f, "'{name}' is not registered"),
            Unseen::NotKept => f.write_str("what happened before was not kept"),
            Unseen::NothingRemembered => f.write_str("nothing was remembered"),
            Unseen::NothingTyped => f.write_str("no line of a tool was typed"),
            Unseen::Claim(problem) => problem.fmt(f),
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Node => "node",
            Kind::Broker => "broker",
            Kind::Controller => "controller",
            Kind::Consumer => "consumer",
            Kind::Client => "client",
            Kind::Producer => "producer",
        })
    }
}

impl std::fmt::Display for Instead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Instead::Unseen(unseen) => unseen.fmt(f),
            Instead::Reads { subject, found, expected, holds } => {
                let not = match holds {
                    Holds::So => "",
                    Holds::Not => "not ",
                };
                write!(f, "{subject} is '{found}' (looked for {not}'{expected}')")
            }
            Instead::Happened(line) => write!(f, "there is one: {line}"),
            Instead::Missing { alike } if alike.is_empty() => {
                f.write_str("it did not happen, and nothing of this kind did")
            }
            Instead::Missing { alike } => {
                f.write_str("it did not happen; of this kind:")?;
                alike.iter().try_for_each(|line| write!(f, "\n      {line}"))
            }
            Instead::Printed { lines, holds } => {
                f.write_str(if *holds == Holds::So { "it printed:" } else { "it printed that:" })?;
                lines.iter().try_for_each(|line| write!(f, "\n      {line}"))
            }
            Instead::Changed(name) => write!(f, "{name} changed"),
            Instead::Step(step) => step.fmt(f),
        }
    }
}

impl std::fmt::Display for ForeignStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {} ", self.process, self.at)?;
        match &self.how {
            Foreign::Called => f.write_str("was called by something else than its own timer"),
            Foreign::Changed(other) => write!(f, "changed {other}"),
        }
    }
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stopped::Refused { command, why } => write!(f, "{command}: {why}"),
            Stopped::Broken(violation) => violation.fmt(f),
            Stopped::Events(most) => write!(f, "more than {most} events"),
            Stopped::Facts(most) => write!(f, "more than {most} facts"),
            Stopped::Held(most) => write!(f, "more than {most} bytes held for the disks"),
            Stopped::Standstill(events) => write!(f, "the clock stands still while {events} events happened"),
        }
    }
}

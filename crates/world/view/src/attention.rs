//! What is wrong with a cluster, worst first, each with the thing to look at.

use super::{Str, Thing, Tone, TopicPartition};
use base::BrokerId;

/// One sort of wrong, with what it is about. Those that count are listed also where they are nought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody is in charge.
    NoController,
    Stopped(BrokerId),
    Hangs(BrokerId),
    /// The controller in charge and it do not hear each other.
    CutOff(BrokerId),
    /// It runs, and is not let in.
    Fenced(BrokerId),
    /// It runs, and the controllers have not heard from it yet.
    Starts(BrokerId),
    /// Many brokers are out of reach: how many.
    ManyOut(usize),
    /// Many are not let in yet: how many more.
    ManyNotIn(usize),
    /// Partitions without a leader, below their min ISR, with fewer copies in sync than assigned.
    Leaderless(usize),
    BelowMinIsr(usize),
    Short(usize),
    /// A group's lag grows.
    FallsBehind(Str),
    Hot(BrokerId),
}

impl Trouble {
    /// How many there are of what is counted; `None`: it is one thing.
    pub fn count(&self) -> Option<usize> {
        match self {
            Trouble::ManyOut(count)
            | Trouble::ManyNotIn(count)
            | Trouble::Leaderless(count)
            | Trouble::BelowMinIsr(count)
            | Trouble::Short(count) => Some(*count),
            Trouble::NoController
            | Trouble::Stopped(_)
            | Trouble::Hangs(_)
            | Trouble::CutOff(_)
            | Trouble::Fenced(_)
            | Trouble::Starts(_)
            | Trouble::FallsBehind(_)
            | Trouble::Hot(_) => None,
        }
    }
}

/// One line of what needs attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttentionView {
    pub trouble: Trouble,
    /// "Broker 17 stopped".
    pub text: String,
    /// "11 s", "30", "88k".
    pub amount: String,
    pub tone: Tone,
    /// What is selected on a click; `None` where nothing is wrong.
    pub thing: Option<Thing>,
    /// The partitions that it is about, at most a hundred.
    pub partitions: Vec<TopicPartition>,
}

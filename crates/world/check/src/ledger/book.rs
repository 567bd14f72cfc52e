//! The ledgers of a world's clusters, and their numbers together.

use super::{ClusterLedger, Counts, Heard, Loss};
use base::{ProcessId, Time};
use port::Fact;
use sim::ClusterIndex;

/// What the oracle knows of every cluster. Cloning is cheap.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    first: ClusterLedger,
    others: Vec<ClusterLedger>,
}

impl Ledger {
    /// Takes note of a fact that `process` reported, which belongs to `cluster`.
    pub fn note(&mut self, at: Time, (process, cluster): (ProcessId, ClusterIndex), fact: &Fact) {
        let Some(other) = usize::from(cluster.0).checked_sub(1) else { return self.first.note(at, process, fact) };
        if self.others.len() <= other {
            self.others.resize_with(other + 1, ClusterLedger::default);
        }
        self.others[other].note(at, process, fact);
    }

    /// Of every cluster.
    fn all(&self) -> impl Iterator<Item = &ClusterLedger> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// One cluster's; `None`: nothing has happened there.
    pub fn of(&self, cluster: ClusterIndex) -> Option<&ClusterLedger> {
        self.all().nth(usize::from(cluster.0))
    }

    /// All clusters together.
    pub fn counts(&self) -> Counts {
        self.all().fold(Counts::default(), |sum, ledger| sum.and(ledger.counts()))
    }

    /// When and where an acknowledged record was first found missing in any of them; offset −1 where it never had one.
    pub fn first_loss(&self) -> Option<&Loss> {
        self.all().filter_map(ClusterLedger::first_loss).min_by_key(|(at, ..)| *at)
    }

    /// The same of the last time that one was found missing.
    pub fn newest_loss(&self) -> Option<&Loss> {
        self.all().filter_map(ClusterLedger::newest_loss).max_by_key(|(at, ..)| *at)
    }

    /// Since when some producer has heard of nothing that it sent, at the longest; `None`: nothing is on its way.
    pub fn waits_since(&self) -> Option<Time> {
        self.all().filter_map(ClusterLedger::waits_since).min()
    }

    /// What a producer has heard of what it sent in its present life; `None`: it has sent nothing.
    pub fn heard(&self, producer: ProcessId) -> Option<Heard> {
        self.all().find_map(|ledger| ledger.heard(producer))
    }
}

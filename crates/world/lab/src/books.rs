//! What was learnt from the facts of one cluster so far, besides its ledger. Clusters of a world share names of topics, groups and
//! keys and nothing else, so that each has books of its own. A run of one cluster has one set of them, and asks for no other.

use crate::accident::Accidents;
use crate::firsts::Firsts;
use crate::replies::Replies;
use crate::traffic::Traffic;
use base::{ProcessId, Shared, Time};
use check::{Arrivals, ClusterLedger};
use port::Fact;
use sim::World;

/// See the module. Cloning costs pointers.
#[derive(Clone, Debug, Default)]
pub struct Books {
    firsts: Shared<Firsts>,
    accidents: Shared<Accidents>,
    traffic: Shared<Traffic>,
    replies: Shared<Replies>,
    arrivals: Shared<Arrivals>,
}

impl Books {
    /// Keys and topics in the order in which they first appeared.
    pub fn firsts(&self) -> &Firsts {
        &self.firsts
    }

    /// How many records came and went lately.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// How long applications waited for success.
    pub fn replies(&self) -> &Replies {
        &self.replies
    }

    /// In which order readers were given records.
    pub fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// What brokers' ends came to.
    pub fn accidents(&self) -> &Accidents {
        &self.accidents
    }

    /// Takes note of a fact of the cluster, after its ledger has.
    pub(crate) fn note(
        &mut self,
        (at, process): (Time, ProcessId),
        fact: &Fact,
        (ledger, world): (&ClusterLedger, &World),
    ) {
        if self.accidents.concerns(fact) {
            self.accidents.note((at, process), fact, ledger);
        }
        if Traffic::concerns(fact) {
            self.traffic.note((at, process), fact);
        }
        if Replies::concerns(fact) {
            self.replies.note((at, process), fact);
        }
        if Arrivals::concerns(fact) {
            self.arrivals.note((at, process), fact);
        }
        Firsts::note(&mut self.firsts, (process, fact), world);
    }
}

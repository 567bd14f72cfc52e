//! What always holds of a replica between two events of its broker.

use super::{Partition, Role};
use crate::partition::LeaderState;
use base::{BrokerId, FlatSet, LeaderEpoch};

impl Partition {
    /// Checks what always holds. Costs as much as its log's [`verify`](log::Log::verify), and its replicas.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        self.log.verify();
        match &self.role {
            Role::Leader(leader) => self.verify_leader(leader),
            Role::Follower(follower) => {
                let known = follower.isr.iter().all(|id| follower.replicas.contains(id));
                assert!(known, "{}: only replicas are in sync: {follower:?}", self.name);
                // It took nothing from a leader that it has not heard of (KIP-101).
                let reign = self.log.latest_epoch();
                let heard = follower.leader_epoch == LeaderEpoch::UNDEFINED || reign <= follower.leader_epoch;
                assert!(heard, "{}: has records of {reign:?}, follows in {:?}", self.name, follower.leader_epoch);
            }
        }
    }

    /// A leader is in its own ISR, keeps books of everybody else, and proposes one change at a time.
    fn verify_leader(&self, leader: &LeaderState) {
        let (name, end) = (&self.name, self.log.log_end());
        leader.verify(name);
        // It noted its epoch before it wrote anything (`Partition.makeLeader`); what it writes carries it.
        assert_eq!(self.log.latest_epoch(), leader.leader_epoch(), "{name}: leads another epoch than it writes");
        assert!(leader.epoch_start() <= end, "{name}: lost the beginning of its reign");
        // Who asks for more is told where the logs part, and that is not noted.
        for (id, follower) in leader.followers().iter() {
            assert!(follower.log_end <= end, "{name}: {id:?} has more than its leader: {follower:?}");
            assert!(follower.last_fetch_leader_end <= end, "{name}: {id:?} fetched from a longer log");
            let caught_up = follower.last_caught_up <= follower.last_fetch || follower.log_end.0 < 0;
            assert!(caught_up, "{name}: {id:?} was caught up after it was last heard of");
        }
    }
}

impl LeaderState {
    /// ISR and books (`Partition.makeLeader`, KIP-497): who is in sync is a replica, and whoever is to be waited for has
    /// a place in the books.
    fn verify(&self, name: &base::TopicPartition) {
        let local = self.local();
        let is_replica = |id: &BrokerId| self.replicas().contains(id);
        assert!(self.isr().iter().all(is_replica), "{name}: only replicas are in sync: {self:?}");
        let distinct: FlatSet<BrokerId> = self.isr().iter().copied().collect();
        assert_eq!(distinct.len(), self.isr().len(), "{name}: in sync twice");
        assert!(self.isr().contains(&local), "{name}: a leader is in sync with itself");
        let others = self.replicas().iter().filter(|id| **id != local);
        let booked = others.clone().all(|id| self.follower(*id).is_some());
        assert!(booked && self.followers().len() == others.count(), "{name}: keeps other books: {self:?}");
        if let Some(proposed) = self.proposed() {
            assert!(proposed.isr.iter().all(is_replica), "{name}: proposes strangers: {proposed:?}");
            assert!(proposed.isr.contains(&local), "{name}: proposes an ISR without its leader");
            // A pending addition counts already, a pending removal still does (KIP-497).
            let maximal = self.maximal_isr();
            assert!(self.isr().iter().all(|id| maximal.contains(id)), "{name}: waits for too few: {self:?}");
        }
    }
}

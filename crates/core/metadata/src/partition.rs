//! One partition as the metadata log knows it (`PartitionRegistration`): who holds it, who is in
//! sync, who leads. No log offsets live here; those only replicas know.

use crate::PartitionChange;
use api::LeaderRecoveryState;
use base::{BrokerId, LeaderEpoch};

/// A partition's state after the records so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct PartitionRegistration {
    /// All replicas; the first is the preferred leader.
    pub replicas: Vec<BrokerId>,
    /// One log directory id per replica (0: unassigned, Kafka's default).
    pub directories: Vec<u128>,
    /// In-sync replicas, in Kafka's order.
    pub isr: Vec<BrokerId>,
    /// Eligible leader replicas (KIP-966): out of the ISR, yet known to hold all committed records.
    pub elr: Vec<BrokerId>,
    /// The last leader of a partition that nobody leads.
    pub last_known_elr: Vec<BrokerId>,
    /// Replicas that a reassignment takes away.
    pub removing: Vec<BrokerId>,
    /// Replicas that a reassignment adds.
    pub adding: Vec<BrokerId>,
    pub leader: Option<BrokerId>,
    pub leader_recovery_state: LeaderRecoveryState,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
}

impl PartitionRegistration {
    /// A partition as it is created: the replicas given as `isr` are in sync and the first leads.
    pub fn new(replicas: Vec<BrokerId>, isr: Vec<BrokerId>) -> PartitionRegistration {
        PartitionRegistration {
            directories: vec![0; replicas.len()],
            leader: isr.first().copied(),
            replicas,
            isr,
            ..PartitionRegistration::default()
        }
    }

    /// The partition epoch counts changes, so that AlterPartition can say which state it was proposed against; the
    /// leader epoch counts reigns, so that what an older leader wrote can be told apart
    /// (`PartitionRegistration.merge`). Replays a change: leader present → leader epoch + 1; always partition epoch +
    /// 1.
    pub fn apply(&mut self, change: &PartitionChange) {
        let set = |field: &mut Vec<BrokerId>, value: &Option<Vec<BrokerId>>| {
            if let Some(value) = value {
                field.clone_from(value);
            }
        };
        set(&mut self.isr, &change.isr);
        set(&mut self.elr, &change.elr);
        set(&mut self.last_known_elr, &change.last_known_elr);
        set(&mut self.removing, &change.removing);
        set(&mut self.adding, &change.adding);
        set(&mut self.replicas, &change.replicas);
        if let Some(directories) = &change.directories {
            self.directories.clone_from(directories);
        } else if change.replicas.is_some() {
            self.directories.resize(self.replicas.len(), 0);
        }
        if let Some(leader) = change.leader {
            self.leader = leader.known();
            self.leader_epoch = LeaderEpoch(self.leader_epoch.0 + 1);
        }
        if let Some(state) = change.leader_recovery_state {
            self.leader_recovery_state = state;
        }
        self.partition_epoch += 1;
    }

    /// What this partition becomes with `change`.
    pub fn merged(&self, change: &PartitionChange) -> PartitionRegistration {
        let mut merged = self.clone();
        merged.apply(change);
        merged
    }

    /// Is it led by the first of its replicas?
    pub fn has_preferred_leader(&self) -> bool {
        self.leader.is_some() && self.leader == self.preferred_leader()
    }

    /// The first replica.
    pub fn preferred_leader(&self) -> Option<BrokerId> {
        self.replicas.first().copied()
    }

    /// Are replicas on their way in or out (KIP-455)?
    pub fn is_reassigning(&self) -> bool {
        !self.adding.is_empty() || !self.removing.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[i32]) -> Vec<BrokerId> {
        numbers.iter().copied().map(BrokerId).collect()
    }

    #[test]
    fn a_leader_in_the_record_raises_the_leader_epoch_and_every_record_the_partition_epoch() {
        let mut partition = PartitionRegistration::new(ids(&[1, 2, 3]), ids(&[1, 2, 3]));
        assert_eq!(
            (partition.leader, partition.leader_epoch, partition.partition_epoch),
            (Some(BrokerId(1)), LeaderEpoch(0), 0)
        );
        partition.apply(&PartitionChange { isr: Some(ids(&[1, 2])), ..PartitionChange::default() });
        assert_eq!((partition.leader_epoch, partition.partition_epoch), (LeaderEpoch(0), 1));
        partition.apply(&PartitionChange { leader: Some(BrokerId::NONE), ..PartitionChange::default() });
        assert_eq!((partition.leader, partition.leader_epoch, partition.partition_epoch), (None, LeaderEpoch(1), 2));
        assert_eq!(partition.isr, ids(&[1, 2]));
    }
}

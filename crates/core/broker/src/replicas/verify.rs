//! What always holds of the replicas between two events.

use super::Replicas;
use crate::partition::Partition;
use base::{Time, TopicIdPartition};

/// Replicas that are looked at after one event; the others get their turn, as the clock says.
pub(crate) const LOOKED_AT: usize = 64;

impl Replicas {
    /// Checks what always holds: of the list, and of some replicas.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self, now: Time) {
        assert!(self.touched.is_empty(), "everybody has looked at what changed");
        for (at, partition) in self.some(now) {
            assert_eq!(partition.id(), at, "kept under another's name");
            partition.verify();
        }
    }

    /// 64 replicas, others after each event.
    pub(crate) fn some(&self, now: Time) -> impl Iterator<Item = (TopicIdPartition, &Partition)> {
        let count = self.partitions.len();
        let first = if count > LOOKED_AT { now.0 as usize % count } else { 0 };
        let in_turn = self.partitions.iter().skip(first).chain(self.partitions.iter().take(first));
        in_turn.take(LOOKED_AT).map(|(at, partition)| (*at, &**partition))
    }
}

//! What always holds of a coordinator's runtime between two events of its broker.

use super::{Machine, Runtime, WriteTimer};
use base::{Offset, PartitionId};
use port::ReplyTo;

impl<M: Machine> Runtime<M> {
    /// Checks what always holds, given how far each partition is committed. Costs as much as there are partitions and
    /// writes, and an image per partition with writes under way.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, high_watermark: impl Fn(PartitionId) -> Option<Offset>) {
        assert!(self.appends.is_empty(), "what was decided has been carried to its log");
        let mut under_way = 0;
        for (partition, shard) in self.partitions() {
            // What is still being loaded has no state yet.
            let Some(shard) = shard else { continue };
            shard.verify();
            let high_watermark = high_watermark(partition);
            for (token, required) in shard.uncommitted() {
                under_way += 1;
                assert_eq!(self.writes.get(&token), Some(&partition), "write {token} is known where it was decided");
                let required = required.unwrap_or_else(|| panic!("write {token} was neither appended nor refused"));
                // Or those who wait for it would never be answered.
                let waits = high_watermark.is_none_or(|reached| reached < required);
                assert!(waits, "write {token} is committed at {high_watermark:?} and nobody was told");
            }
            for (token, to) in shard.owed() {
                let timer = self.timers.deadline(&WriteTimer(token).into());
                assert!(timer.is_some(), "{to:?} waits for write {token} without end");
            }
        }
        assert_eq!(under_way, self.writes.len(), "every write belongs to a partition that is led here");
    }

    /// To whom an answer is owed that waits for a write.
    pub fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        let loaded = self.partitions().filter_map(|(_, shard)| shard);
        loaded.flat_map(|shard| shard.owed().map(|(_, to)| to))
    }
}

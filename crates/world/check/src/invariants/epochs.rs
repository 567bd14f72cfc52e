//! R4 (`PartitionRegistration.merge`): leader and partition epochs never decrease, each change raises
//! the partition epoch by one, and a new leader raises the leader epoch.

use super::{Invariant, Moment};
use crate::history::History;
use base::{BrokerId, FlatMap, LeaderEpoch, Offset, TopicIdPartition};
use metadata::PartitionRegistration;
use port::Fact;

#[derive(Clone, Debug, Default)]
pub(super) struct Epochs {
    /// The newest committed state of each partition that any controller showed.
    seen: FlatMap<TopicIdPartition, (i32, LeaderEpoch, Option<BrokerId>)>,
    /// How much of the metadata log that state comes from. A controller that has hung may still be
    /// active for a moment and show an older prefix, which says nothing about what came later.
    newest: Offset,
}

impl Invariant for Epochs {
    fn id(&self) -> &'static str {
        "R4 epochs"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        let committed = |fact: &Fact| matches!(fact, Fact::MetadataCommitted { .. });
        if !moment.facts.iter().any(|(_, _, fact)| committed(fact)) {
            return Ok(());
        }
        let Some(controller) = moment.active_controller() else { return Ok(()) };
        let image = controller.committed_image();
        if image.last_applied() < self.newest {
            return Ok(());
        }
        self.newest = image.last_applied();
        for (id, partition) in image.partitions() {
            self.compare(id, partition)?;
        }
        Ok(())
    }
}

impl Epochs {
    fn compare(&mut self, id: TopicIdPartition, now: &PartitionRegistration) -> Result<(), String> {
        let current = (now.partition_epoch, now.leader_epoch, now.leader);
        let Some((partition_epoch, leader_epoch, leader)) = self.seen.insert(id, current) else { return Ok(()) };
        if now.partition_epoch < partition_epoch || now.leader_epoch < leader_epoch {
            return Err(format!("{id:?}: epochs went back from {leader_epoch}/{partition_epoch} to {current:?}"));
        }
        if now.leader != leader && now.leader_epoch <= leader_epoch {
            return Err(format!("{id:?}: leader {leader:?} became {:?} within epoch {leader_epoch}", now.leader));
        }
        if now.leader_epoch > leader_epoch && now.partition_epoch <= partition_epoch {
            return Err(format!("{id:?}: the leader epoch rose and the partition epoch did not"));
        }
        Ok(())
    }
}

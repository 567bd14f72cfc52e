//! R4 (`PartitionRegistration.merge`): leader and partition epochs never decrease, each change raises
//! the partition epoch by one, and a new leader raises the leader epoch.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{Shared, TopicIdPartition};
use metadata::{Image, PartitionRegistration};

#[derive(Clone, Debug, Default)]
pub(super) struct Epochs {
    /// The newest committed image that any controller showed. A controller that has hung may still be
    /// active for a moment and show an older prefix, which says nothing about what came later.
    seen: Image,
}

impl Invariant for Epochs {
    fn id(&self) -> &'static str {
        "R4 epochs"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::MetadataCommitted) {
            return Ok(());
        }
        // Others learn the same records later.
        let Some(controller) = moment.active_controller() else { return Ok(()) };
        let image = controller.committed_image();
        if image.last_applied() < self.seen.last_applied() {
            return Ok(());
        }
        let earlier = std::mem::replace(&mut self.seen, image.clone());
        for topic in image.topics_since(&earlier) {
            // A new topic has nothing to be compared with.
            let Some(before) = earlier.topic(topic.id) else { continue };
            for (number, now) in &topic.partitions {
                let is_other = |old: &&Shared<PartitionRegistration>| !old.same(now);
                if let Some(old) = before.partitions.get(number).filter(is_other) {
                    compare(TopicIdPartition { topic: topic.id, partition: *number }, old, now)?;
                }
            }
        }
        Ok(())
    }
}

/// Leader and partition epoch fence off whoever acts on old news, which works only while they rise.
fn compare(id: TopicIdPartition, old: &PartitionRegistration, now: &PartitionRegistration) -> Result<(), String> {
    let (was, is) = ((old.leader_epoch, old.partition_epoch), (now.leader_epoch, now.partition_epoch));
    if is.0 < was.0 || is.1 < was.1 {
        return Err(format!("{id:?}: leader and partition epoch went back from {was:?} to {is:?}"));
    }
    if now.leader != old.leader && is.0 <= was.0 {
        return Err(format!("{id:?}: leader {:?} became {:?} within epoch {}", old.leader, now.leader, was.0));
    }
    if is.0 > was.0 && is.1 <= was.1 {
        return Err(format!("{id:?}: the leader epoch rose and the partition epoch did not"));
    }
    Ok(())
}

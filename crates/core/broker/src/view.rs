//! What a broker knows and anybody may look at: its replicas, and the cluster as its metadata has it. Questions that change
//! nothing are answered from it.

use crate::hints::missing_partition;
use crate::partition::Partition;
use crate::replicas::Replicas;
use base::{ErrorCode, PartitionId, TopicIdPartition};
use metadata::Image;

#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) replicas: &'a Replicas,
    pub(crate) image: &'a Image,
}

impl<'a> View<'a> {
    /// A replica by its topic's name.
    ///
    /// # Errors
    /// Why it is not here.
    pub(crate) fn by_name(self, topic: &str, partition: PartitionId) -> Result<&'a Partition, ErrorCode> {
        let topic = self.image.topic_id(topic).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let at = TopicIdPartition { topic, partition };
        self.replicas.get(at).ok_or_else(|| missing_partition(self.image, at))
    }
}

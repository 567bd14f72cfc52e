//! What a controller's step decided, as its image has it now: a check of every step looks at that, not at every partition
//! of the cluster.

use crate::invariants::Moment;
use base::PartitionId;
use metadata::{Image, PartitionRegistration, TopicImage};
use port::{Fact, KafkaFact};

/// A partition as an image has it.
pub(crate) struct Registered<'a> {
    pub(crate) topic: &'a TopicImage,
    pub(crate) number: PartitionId,
    pub(crate) partition: &'a PartitionRegistration,
}

impl<'a> Registered<'a> {
    /// All of a topic's.
    pub(crate) fn of(topic: &'a TopicImage) -> impl Iterator<Item = Registered<'a>> {
        let partitions = topic.partitions.iter();
        partitions.map(move |(number, partition)| Registered { topic, number: *number, partition })
    }

    /// `None`: the partition was not created, or is gone within the same step.
    fn one(topic: &'a TopicImage, number: PartitionId) -> Option<Registered<'a>> {
        let partition = topic.partitions.get(&number)?;
        Some(Registered { topic, number, partition })
    }
}

impl<'a> Moment<'a> {
    /// The partitions that the step changed or created, those that still exist.
    pub(crate) fn decided(&self, image: &'a Image) -> impl Iterator<Item = Registered<'a>> {
        let changed = self.facts.iter().filter_map(move |(_, _, fact)| {
            let Fact::Kafka(KafkaFact::PartitionChanged { partition, .. }) = fact else { return None };
            Registered::one(image.topic_by_name(&partition.topic)?, partition.partition)
        });
        let created = self.facts.iter().filter_map(move |(_, _, fact)| {
            let Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) = fact else { return None };
            image.topic_by_name(topic)
        });
        changed.chain(created.flat_map(Registered::of))
    }
}

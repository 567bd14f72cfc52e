//! An image as the records that build it anew: what a metadata snapshot holds.
//!
//! Kafka: `MetadataImage.write(ImageWriter)` and its parts (`FeaturesImage`, `ClusterImage`, `TopicsImage`,
//! `ConfigurationsImage`, `ProducerIdsImage`), in their order. Nothing takes snapshots yet: every replica reads the
//! metadata log from its start (docs/fidelity.md, "quorum changes").

use crate::{
    BrokerRegistration, BrokerRegistrationChange, ConfigChange, Image, MetadataRecord, PartitionRecord, RegisterBroker,
    TopicImage,
};
use base::{BrokerId, Offset};

impl Image {
    /// Gives each record with the offset at which it is to be applied, so that an empty image becomes equal to this
    /// one. All are those of the last record applied, but a registration keeps its own: a broker may be unfenced once
    /// it has replayed so far. (Kafka has one offset for all of a snapshot and lets such a broker wait for its end.)
    pub fn write(&self, mut write: impl FnMut(Offset, MetadataRecord)) {
        let end = self.last_applied();
        for (name, level) in self.features() {
            write(end, MetadataRecord::FeatureLevel { name: name.clone(), level: *level });
        }
        for broker in self.brokers() {
            write_broker(broker, &mut write);
        }
        for topic in self.topics() {
            write_topic(topic, |record| write(end, record));
        }
        for (resource, values) in self.all_configs() {
            for (name, value) in values {
                let (resource, name, value) = (resource.clone(), name.clone(), Some(value.clone()));
                write(end, MetadataRecord::Config(ConfigChange { resource, name, value }));
            }
        }
        if self.next_producer_id() != 0 {
            // Who was given the last block is in no image (`ProducerIdsImage.write` says −1, too).
            let (broker, broker_epoch) = (BrokerId::NONE, -1);
            write(end, MetadataRecord::ProducerIds { broker, broker_epoch, next: self.next_producer_id() });
        }
        if !self.is_empty() {
            // How far the image goes, which Kafka says in the snapshot's name.
            write(end, MetadataRecord::NoOp);
        }
    }
}

fn write_broker(broker: &BrokerRegistration, write: &mut impl FnMut(Offset, MetadataRecord)) {
    let registration = RegisterBroker {
        broker: broker.id,
        incarnation: broker.incarnation,
        broker_epoch: broker.epoch,
        endpoints: broker.endpoints.clone(),
        rack: broker.rack.clone(),
        fenced: broker.fenced,
        in_controlled_shutdown: broker.in_controlled_shutdown,
        log_dirs: broker.log_dirs.clone(),
    };
    write(broker.registered_at, MetadataRecord::RegisterBroker(registration));
    if broker.cordoned_log_dirs.is_some() {
        // The model's registration has no such field, so a change says it.
        let change = BrokerRegistrationChange {
            broker: broker.id,
            broker_epoch: broker.epoch,
            fenced: None,
            in_controlled_shutdown: None,
            cordoned_log_dirs: broker.cordoned_log_dirs.clone(),
        };
        write(broker.registered_at, change.into());
    }
}

fn write_topic(topic: &TopicImage, mut write: impl FnMut(MetadataRecord)) {
    write(MetadataRecord::Topic { name: topic.name.clone(), id: topic.id });
    for (number, registration) in &topic.partitions {
        let (topic, partition, registration) = (topic.id, *number, (**registration).clone());
        write(MetadataRecord::Partition(PartitionRecord { topic, partition, registration }));
    }
}

//! One line per record, for the metadata lane: `orders-1: leader 2→3 (epoch 5), ISR [3, 1]`.
//! Sentences are made of Kafka's words; they are read by people, never parsed.

use crate::{BrokerRegistrationChange, ConfigChange, Image, MetadataRecord, PartitionChange};
use api::{ConfigResource, LeaderRecoveryState};
use base::{BrokerId, TopicId, TopicIdPartition};

impl MetadataRecord {
    /// What the record says, seen from the image *before* it is applied.
    pub fn describe(&self, before: &Image) -> String {
        match self {
            MetadataRecord::RegisterBroker(record) => {
                format!("broker {} registers at {}, epoch {}", record.broker, record.endpoints, record.broker_epoch)
            }
            MetadataRecord::UnregisterBroker { broker, .. } => format!("broker {broker} unregistered"),
            MetadataRecord::BrokerRegistrationChange(change) => broker_change(change),
            MetadataRecord::Topic { name, .. } => format!("topic {name}"),
            MetadataRecord::Partition(record) => {
                let name = topic_name(before, record.topic);
                let registration = &record.registration;
                let leader = leader(registration.leader);
                format!("{name}-{}: replicas {}, leader {leader}", record.partition, list(&registration.replicas))
            }
            MetadataRecord::PartitionChange(change) => partition_change(change, before),
            MetadataRecord::RemoveTopic { id } => format!("topic {} deleted", topic_name(before, *id)),
            MetadataRecord::Config(change) => config_change(change),
            MetadataRecord::FeatureLevel { name, level } => format!("feature {name}={level}"),
            MetadataRecord::ProducerIds { broker, next, .. } => {
                format!("producer ids {}-{} to broker {broker}", before.next_producer_id(), next - 1)
            }
            MetadataRecord::NoOp => "no-op".to_owned(),
            MetadataRecord::BeginTransaction { name } => format!("begin: {name}"),
            MetadataRecord::EndTransaction => "end".to_owned(),
            MetadataRecord::ClearElr { topic } => format!("topic {topic}: ELR cleared"),
        }
    }
}

fn broker_change(change: &BrokerRegistrationChange) -> String {
    let parts = [
        change.fenced.map(|fenced| if fenced { "fenced" } else { "unfenced" }),
        change.in_controlled_shutdown.filter(|leaving| *leaving).map(|_| "in controlled shutdown"),
        change
            .cordoned_log_dirs
            .as_ref()
            .map(|dirs| if dirs.is_empty() { "no cordoned log directories" } else { "log directories cordoned" }),
    ];
    format!("broker {} {}", change.broker, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn partition_change(change: &PartitionChange, before: &Image) -> String {
    let at = TopicIdPartition { topic: change.topic, partition: change.partition };
    let old = before.partition(at);
    let mut parts = Vec::new();
    if let Some(new) = change.leader {
        let epoch = old.map_or(0, |old| old.leader_epoch.0 + 1);
        parts.push(format!("leader {}→{}, epoch {epoch}", leader(old.and_then(|old| old.leader)), leader(new.known())));
    }
    let lists = [
        ("ISR", &change.isr),
        ("ELR", &change.elr),
        ("last known leader", &change.last_known_elr),
        ("replicas", &change.replicas),
        ("adding", &change.adding),
        ("removing", &change.removing),
    ];
    parts.extend(lists.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", list(value.as_ref()?)))));
    match change.leader_recovery_state {
        Some(LeaderRecoveryState::Recovering) => parts.push("recovering".to_owned()),
        Some(LeaderRecoveryState::Recovered) => parts.push("recovered".to_owned()),
        None => {}
    }
    format!("{}-{}: {}", topic_name(before, change.topic), change.partition, parts.join(", "))
}

fn config_change(change: &ConfigChange) -> String {
    let resource = match &change.resource {
        ConfigResource::Topic(name) => format!("topic {name}"),
        ConfigResource::Broker(Some(id)) => format!("broker {id}"),
        ConfigResource::Broker(None) => "all brokers".to_owned(),
    };
    match &change.value {
        Some(value) => format!("{resource}: {}={value}", change.name),
        None => format!("{resource}: {} back to its default", change.name),
    }
}

fn topic_name(before: &Image, id: TopicId) -> String {
    before.topic_name(id).map_or_else(|| id.to_string(), |name| name.to_string())
}

fn leader(leader: Option<BrokerId>) -> String {
    leader.map_or_else(|| "none".to_owned(), |leader| leader.to_string())
}

fn list(ids: &[BrokerId]) -> String {
    format!("[{}]", ids.iter().map(BrokerId::to_string).collect::<Vec<_>>().join(", "))
}

//! Metadata records as Kafka's own bytes: frame, api key, version, body (`MetadataRecordSerde`).
//!
//! Written are the versions that a 4.3.0 controller writes; read is every version. What the model
//! leaves out of a record (supported features, listener names) is written as 4.3.0 brokers send it.

use crate::{
    BrokerRegistrationChange, ConfigChange, MetadataRecord, PartitionChange, PartitionRecord, PartitionRegistration,
    RegisterBroker,
};
use api::{ConfigResource, FEATURES_4_3_0, FeatureRange, LeaderRecoveryState};
use base::{BrokerId, Endpoint, Endpoints, LeaderEpoch, Str};
use bytes::Bytes;
use schema::{Schema, SchemaError, Value, metadata as records};

/// Brokers have one listener for clients here, by Kafka's default name.
/// `ConfigResource.Type.id()`.
const RESOURCE_TOPIC: i8 = 2;
/// The same.
const RESOURCE_BROKER: i8 = 4;
/// `PartitionChangeRecord.leader` when the leader stays.
const NO_LEADER_CHANGE: i32 = -2;

/// The record's bytes, frame included: what one record of the metadata log holds as its value.
pub fn encode(record: &MetadataRecord) -> Bytes {
    let (schema, version, value) = to_value(record);
    records::write(schema, version, &value).expect("typed records fit their schemas")
}

/// Reads what [`encode`] or a Kafka controller wrote.
///
/// # Errors
/// Damaged bytes, or a record type that the model does not know.
pub fn decode(bytes: &Bytes) -> Result<MetadataRecord, SchemaError> {
    let record = records::read(bytes)?;
    let (schema, value) = (record.schema, &record.value);
    let key = schema.key.unwrap_or(-1);
    Ok(match key {
        0 => MetadataRecord::RegisterBroker(read_registration(value)),
        1 => MetadataRecord::UnregisterBroker { broker: value.get("brokerId"), broker_epoch: value.get("brokerEpoch") },
        2 => MetadataRecord::Topic { name: value.get("name"), id: value.get("topicId") },
        3 => MetadataRecord::Partition(read_partition(value)),
        4 => MetadataRecord::Config(read_config(value)?),
        5 => MetadataRecord::PartitionChange(read_partition_change(value)),
        9 => MetadataRecord::RemoveTopic { id: value.get("topicId") },
        12 => MetadataRecord::FeatureLevel { name: value.get("name"), level: value.get("featureLevel") },
        15 => MetadataRecord::ProducerIds {
            broker: value.get("brokerId"),
            broker_epoch: value.get("brokerEpoch"),
            next: value.get("nextProducerId"),
        },
        17 => MetadataRecord::BrokerRegistrationChange(read_broker_change(value)),
        20 => MetadataRecord::NoOp,
        23 => MetadataRecord::BeginTransaction { name: value.get::<Option<Str>>("name").unwrap_or_default() },
        24 => MetadataRecord::EndTransaction,
        28 => MetadataRecord::ClearElr { topic: value.get("topicName") },
        other => return Err(SchemaError::UnknownKey { key: i64::from(other) }),
    })
}

/// In the version that `metadata.version` of this release writes.
fn to_value(record: &MetadataRecord) -> (&'static Schema, i16, Value) {
    let value = Value::record();
    match record {
        MetadataRecord::RegisterBroker(record) => (records::register_broker_record(), 4, write_registration(record)),
        MetadataRecord::UnregisterBroker { broker, broker_epoch } => {
            let value = value.with("brokerId", *broker).with("brokerEpoch", *broker_epoch);
            (records::unregister_broker_record(), 0, value)
        }
        MetadataRecord::BrokerRegistrationChange(change) => {
            let (version, value) = write_broker_change(change);
            (records::broker_registration_change_record(), version, value)
        }
        MetadataRecord::Topic { name, id } => {
            (records::topic_record(), 0, value.with("name", name.clone()).with("topicId", *id))
        }
        MetadataRecord::Partition(record) => (records::partition_record(), 2, write_partition(record)),
        MetadataRecord::PartitionChange(change) => {
            (records::partition_change_record(), 2, write_partition_change(change))
        }
        MetadataRecord::RemoveTopic { id } => (records::remove_topic_record(), 0, value.with("topicId", *id)),
        MetadataRecord::Config(change) => (records::config_record(), 0, write_config(change)),
        MetadataRecord::FeatureLevel { name, level } => {
            (records::feature_level_record(), 0, value.with("name", name.clone()).with("featureLevel", *level))
        }
        MetadataRecord::ProducerIds { broker, broker_epoch, next } => {
            let value = value.with("brokerId", *broker).with("brokerEpoch", *broker_epoch);
            (records::producer_ids_record(), 0, value.with("nextProducerId", *next))
        }
        MetadataRecord::NoOp => (records::no_op_record(), 0, value),
        MetadataRecord::BeginTransaction { name } => {
            (records::begin_transaction_record(), 0, value.with("name", name.clone()))
        }
        MetadataRecord::EndTransaction => (records::end_transaction_record(), 0, value),
        MetadataRecord::ClearElr { topic } => (records::clear_elr_record(), 0, value.with("topicName", topic.clone())),
    }
}

fn write_registration(record: &RegisterBroker) -> Value {
    // PLAINTEXT is the only protocol here.
    let endpoint = |(name, at): (&Str, &Endpoint)| {
        Value::record()
            .with("name", name.clone())
            .with("host", at.host.clone())
            .with("port", at.port)
            .with("securityProtocol", 0i16)
    };
    let endpoints: Vec<Value> = record.endpoints.iter().map(endpoint).collect();
    let feature = |range: &FeatureRange| {
        Value::record()
            .with("name", range.name)
            .with("minSupportedVersion", range.min)
            .with("maxSupportedVersion", range.max)
    };
    let features: Vec<Value> = FEATURES_4_3_0.iter().map(feature).collect();
    Value::record()
        .with("brokerId", record.broker)
        .with("incarnationId", record.incarnation)
        .with("brokerEpoch", record.broker_epoch)
        .with("endPoints", endpoints)
        .with("features", features)
        .with("rack", record.rack.clone())
        .with("fenced", record.fenced)
        .with("inControlledShutdown", record.in_controlled_shutdown)
        .with("logDirs", record.log_dirs.as_slice())
}

fn read_registration(value: &Value) -> RegisterBroker {
    let endpoint = |each: &Value| (each.get("name"), Endpoint { host: each.get("host"), port: each.get("port") });
    let endpoints = value.items("endPoints").iter().map(endpoint).collect();
    RegisterBroker {
        broker: value.get("brokerId"),
        incarnation: value.get("incarnationId"),
        broker_epoch: value.get("brokerEpoch"),
        endpoints: Endpoints::new(endpoints),
        rack: value.get("rack"),
        fenced: value.get("fenced"),
        in_controlled_shutdown: value.get("inControlledShutdown"),
        log_dirs: value.get("logDirs"),
    }
}

/// Kafka writes the lowest version that can say it.
fn write_broker_change(change: &BrokerRegistrationChange) -> (i16, Value) {
    let mut version = 0;
    let mut value = Value::record().with("brokerId", change.broker).with("brokerEpoch", change.broker_epoch);
    if let Some(fenced) = change.fenced {
        value = value.with("fenced", if fenced { 1i8 } else { -1 });
    }
    if change.in_controlled_shutdown == Some(true) {
        version = 1;
        value = value.with("inControlledShutdown", 1i8);
    }
    if let Some(cordoned) = &change.cordoned_log_dirs {
        version = 3;
        value = value.with("cordonedLogDirs", cordoned.as_slice());
    }
    (version, value)
}

/// 0 leaves a field alone, as in `BrokerRegistrationChangeRecord.json`: 1 sets it, −1 takes it back.
fn read_broker_change(value: &Value) -> BrokerRegistrationChange {
    let fenced = match value.get::<i8>("fenced") {
        1 => Some(true),
        -1 => Some(false),
        _ => None,
    };
    BrokerRegistrationChange {
        broker: value.get("brokerId"),
        broker_epoch: value.get("brokerEpoch"),
        fenced,
        in_controlled_shutdown: (value.get::<i8>("inControlledShutdown") == 1).then_some(true),
        cordoned_log_dirs: value.get("cordonedLogDirs"),
    }
}

fn write_partition(record: &PartitionRecord) -> Value {
    let PartitionRecord { topic, partition, registration } = record;
    let mut value = Value::record()
        .with("partitionId", *partition)
        .with("topicId", *topic)
        .with("replicas", registration.replicas.as_slice())
        .with("isr", registration.isr.as_slice())
        .with("removingReplicas", registration.removing.as_slice())
        .with("addingReplicas", registration.adding.as_slice())
        .with("leader", registration.leader.unwrap_or(BrokerId::NONE))
        .with("leaderRecoveryState", recovery_code(registration.leader_recovery_state))
        .with("leaderEpoch", registration.leader_epoch)
        .with("partitionEpoch", registration.partition_epoch)
        .with("directories", registration.directories.as_slice());
    if !registration.elr.is_empty() {
        value = value.with("eligibleLeaderReplicas", registration.elr.as_slice());
    }
    if !registration.last_known_elr.is_empty() {
        value = value.with("lastKnownElr", registration.last_known_elr.as_slice());
    }
    value
}

fn read_partition(value: &Value) -> PartitionRecord {
    let replicas: Vec<BrokerId> = value.get("replicas");
    let mut directories: Vec<u128> = value.get("directories");
    directories.resize(replicas.len(), 0);
    let optional = |name| value.get::<Option<Vec<BrokerId>>>(name).unwrap_or_default();
    let registration = PartitionRegistration {
        replicas,
        directories,
        isr: value.get("isr"),
        elr: optional("eligibleLeaderReplicas"),
        last_known_elr: optional("lastKnownElr"),
        removing: value.get("removingReplicas"),
        adding: value.get("addingReplicas"),
        leader: value.get::<BrokerId>("leader").known(),
        leader_recovery_state: recovery_state(value.get("leaderRecoveryState")).unwrap_or_default(),
        leader_epoch: LeaderEpoch(value.get("leaderEpoch")),
        partition_epoch: value.get("partitionEpoch"),
    };
    PartitionRecord { topic: value.get("topicId"), partition: value.get("partitionId"), registration }
}

/// Only what changes is written; a field that is missing stays as it is.
fn write_partition_change(change: &PartitionChange) -> Value {
    let mut value = Value::record()
        .with("partitionId", change.partition)
        .with("topicId", change.topic)
        .with("leader", change.leader.map_or(NO_LEADER_CHANGE, |leader| leader.0));
    let lists = [
        ("isr", &change.isr),
        ("replicas", &change.replicas),
        ("removingReplicas", &change.removing),
        ("addingReplicas", &change.adding),
        ("eligibleLeaderReplicas", &change.elr),
        ("lastKnownElr", &change.last_known_elr),
    ];
    for (name, list) in lists {
        if let Some(list) = list {
            value = value.with(name, list.as_slice());
        }
    }
    if let Some(state) = change.leader_recovery_state {
        value = value.with("leaderRecoveryState", recovery_code(state));
    }
    if let Some(directories) = &change.directories {
        value = value.with("directories", directories.as_slice());
    }
    value
}

fn read_partition_change(value: &Value) -> PartitionChange {
    let leader: i32 = value.get("leader");
    PartitionChange {
        topic: value.get("topicId"),
        partition: value.get("partitionId"),
        isr: value.get("isr"),
        leader: (leader != NO_LEADER_CHANGE).then_some(BrokerId(leader)),
        replicas: value.get("replicas"),
        removing: value.get("removingReplicas"),
        adding: value.get("addingReplicas"),
        elr: value.get("eligibleLeaderReplicas"),
        last_known_elr: value.get("lastKnownElr"),
        leader_recovery_state: recovery_state(value.get("leaderRecoveryState")),
        directories: value.get("directories"),
    }
}

fn write_config(change: &ConfigChange) -> Value {
    let (kind, name) = match &change.resource {
        ConfigResource::Topic(name) => (RESOURCE_TOPIC, name.clone()),
        ConfigResource::Broker(id) => (RESOURCE_BROKER, id.map_or_else(String::new, |id| id.to_string()).into()),
    };
    Value::record()
        .with("resourceType", kind)
        .with("resourceName", name)
        .with("name", change.name.clone())
        .with("value", change.value.clone())
}

fn read_config(value: &Value) -> Result<ConfigChange, SchemaError> {
    let name: Str = value.get("resourceName");
    let unknown = SchemaError::WrongType { field: "resourceType" };
    let resource = match value.get::<i8>("resourceType") {
        RESOURCE_TOPIC => ConfigResource::Topic(name),
        RESOURCE_BROKER if name.is_empty() => ConfigResource::Broker(None),
        RESOURCE_BROKER => ConfigResource::Broker(Some(BrokerId(name.parse().map_err(|_| unknown)?))),
        _ => return Err(unknown),
    };
    Ok(ConfigChange { resource, name: value.get("name"), value: value.get("value") })
}

/// `LeaderRecoveryState.value()`.
fn recovery_code(state: LeaderRecoveryState) -> i8 {
    match state {
        LeaderRecoveryState::Recovered => 0,
        LeaderRecoveryState::Recovering => 1,
    }
}

fn recovery_state(code: i8) -> Option<LeaderRecoveryState> {
    match code {
        0 => Some(LeaderRecoveryState::Recovered),
        1 => Some(LeaderRecoveryState::Recovering),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::TopicId;

    fn comes_back(record: MetadataRecord) {
        let bytes = encode(&record);
        assert_eq!(decode(&bytes).as_ref(), Ok(&record));
    }

    #[test]
    fn every_record_comes_back_from_its_bytes() {
        let ids = |numbers: &[i32]| numbers.iter().copied().map(BrokerId).collect::<Vec<_>>();
        let (topic, name) = (TopicId(5), Str::from("orders"));
        comes_back(MetadataRecord::RegisterBroker(RegisterBroker {
            broker: BrokerId(1),
            incarnation: 9,
            broker_epoch: 4,
            endpoints: Endpoints::plaintext(Endpoint { host: "broker-1".into(), port: 9092 }),
            rack: Some("a".into()),
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: vec![11],
        }));
        comes_back(MetadataRecord::UnregisterBroker { broker: BrokerId(1), broker_epoch: 4 });
        for (fenced, leaving, cordoned) in [
            (Some(false), None, None),
            (None, Some(true), None),
            (Some(true), None, Some(vec![3])),
            (None, None, Some(vec![])),
        ] {
            comes_back(MetadataRecord::BrokerRegistrationChange(BrokerRegistrationChange {
                broker: BrokerId(1),
                broker_epoch: 4,
                fenced,
                in_controlled_shutdown: leaving,
                cordoned_log_dirs: cordoned,
            }));
        }
        comes_back(MetadataRecord::Topic { name: name.clone(), id: topic });
        let mut registration = PartitionRegistration::new(ids(&[1, 2]), ids(&[2]));
        comes_back(MetadataRecord::Partition(PartitionRecord {
            topic,
            partition: 3,
            registration: registration.clone(),
        }));
        registration.elr = ids(&[1]);
        registration.last_known_elr = ids(&[1]);
        registration.leader_recovery_state = LeaderRecoveryState::Recovering;
        comes_back(MetadataRecord::Partition(PartitionRecord { topic, partition: 3, registration }));
        comes_back(PartitionChange::of(topic, 1).into());
        comes_back(MetadataRecord::PartitionChange(PartitionChange {
            isr: Some(ids(&[])),
            leader: Some(BrokerId::NONE),
            elr: Some(ids(&[1, 2])),
            last_known_elr: Some(ids(&[1])),
            leader_recovery_state: Some(LeaderRecoveryState::Recovered),
            directories: Some(vec![0, 1]),
            ..PartitionChange::of(topic, 1)
        }));
        comes_back(MetadataRecord::RemoveTopic { id: topic });
        for resource in [
            ConfigResource::Topic(name.clone()),
            ConfigResource::Broker(None),
            ConfigResource::Broker(Some(BrokerId(2))),
        ] {
            comes_back(MetadataRecord::Config(ConfigChange { resource, name: "a".into(), value: None }));
        }
        comes_back(MetadataRecord::FeatureLevel { name: "metadata.version".into(), level: 30 });
        comes_back(MetadataRecord::ProducerIds { broker: BrokerId(2), broker_epoch: 7, next: 1000 });
        comes_back(MetadataRecord::NoOp);
        comes_back(MetadataRecord::BeginTransaction { name: "Bootstrap records".into() });
        comes_back(MetadataRecord::EndTransaction);
        comes_back(MetadataRecord::ClearElr { topic: name });
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        let bytes = encode(&MetadataRecord::Topic { name: "orders".into(), id: TopicId(5) });
        for end in 0..bytes.len() {
            assert!(decode(&bytes.slice(..end)).is_err(), "cut at {end}");
        }
    }
}

//! From a process's setup and Kafka's settings to what the parts of a client need.

use crate::consumer::Policy;
use crate::network::{Backoff, NetworkSettings};
use base::{Endpoint, ErrorCode, FlatMap, Span, Str};
use config::{
    AdminConfig, CompressionType, ConfigError, ConsumerConfig, Lack, NotModelled, Overrides, ProducerApplication,
    ProducerConfig, Reconnect, Retry, Scope,
};
use port::{ClientSetup, Cx, KafkaFact, OperatorAnswer, TestSwitches};
use records::Compression;

/// The overrides with what the setup says in fields of its own.
pub(crate) fn overrides(setup: &ClientSetup, group: Option<&Str>) -> FlatMap<Str, Str> {
    let mut overrides = setup.overrides.clone();
    let servers: Vec<String> = setup.bootstrap.iter().map(ToString::to_string).collect();
    overrides.entry("bootstrap.servers".into()).or_insert_with(|| servers.join(",").into());
    overrides.insert("client.id".into(), setup.client_id.clone());
    if let Some(group) = group {
        overrides.insert("group.id".into(), group.clone());
    }
    let turns_off = |policy: Policy| policy.turns_auto_commit_off(&setup.overrides);
    if group.is_some() && Policy::read(&setup.overrides).is_ok_and(turns_off) {
        overrides.insert("enable.auto.commit".into(), "false".into());
    }
    overrides
}

/// What all three clients have in common, under the same names.
struct Basics {
    bootstrap: Vec<Endpoint>,
    request_timeout: Span,
    reconnect: Reconnect,
    retry: Retry,
    metadata_max_age: Span,
    rebootstrap_after: Option<Span>,
}

fn network(setup: &ClientSetup, basics: Basics) -> NetworkSettings {
    NetworkSettings {
        client_id: setup.client_id.clone(),
        bootstrap: basics.bootstrap,
        request_timeout: basics.request_timeout,
        max_in_flight: 100,
        reconnect_backoff: Backoff::jittered(basics.reconnect.backoff, basics.reconnect.backoff_max),
        retry_backoff: Backoff::jittered(basics.retry.backoff, basics.retry.backoff_max),
        // socket.connection.setup.timeout.ms and its maximum, at their defaults.
        connection_setup: Backoff::jittered(Span::from_secs(10), Span::from_secs(30)),
        metadata_max_age: basics.metadata_max_age,
        rebootstrap_after: basics.rebootstrap_after,
        allow_auto_topic_creation: false,
        switches: TestSwitches::from_overrides(&setup.overrides),
    }
}

pub(crate) fn producer(setup: &ClientSetup, config: &ProducerConfig) -> NetworkSettings {
    let basics = Basics {
        bootstrap: config.bootstrap_servers.clone(),
        request_timeout: config.request_timeout,
        reconnect: config.reconnect,
        retry: config.retry,
        metadata_max_age: config.metadata_max_age,
        rebootstrap_after: config.rebootstrap_after,
    };
    let max_in_flight = config.max_in_flight.max(1) as u32;
    NetworkSettings { max_in_flight, allow_auto_topic_creation: true, ..network(setup, basics) }
}

pub(crate) fn consumer(setup: &ClientSetup, config: &ConsumerConfig) -> NetworkSettings {
    let basics = Basics {
        bootstrap: config.bootstrap_servers.clone(),
        request_timeout: config.request_timeout,
        reconnect: config.reconnect,
        retry: config.retry,
        metadata_max_age: config.metadata_max_age,
        rebootstrap_after: config.rebootstrap_after,
    };
    NetworkSettings { allow_auto_topic_creation: config.allow_auto_create_topics, ..network(setup, basics) }
}

pub(crate) fn admin(setup: &ClientSetup, config: &AdminConfig) -> NetworkSettings {
    let basics = Basics {
        bootstrap: config.bootstrap_servers.clone(),
        request_timeout: config.request_timeout,
        reconnect: config.reconnect,
        retry: config.retry,
        metadata_max_age: config.metadata_max_age,
        rebootstrap_after: config.rebootstrap_after,
    };
    network(setup, basics)
}

/// What stands in the way of a client with these settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unusable {
    /// Kafka's constructor complains.
    Refused(ConfigError),
    /// Kafka would take it, the model cannot.
    NotModelled(NotModelled),
}

/// Can a producer run with these settings? Whoever starts one asks first.
///
/// # Errors
/// Kafka's complaint; else what the model has not, such as a codec that this build lacks (zstd in the page).
pub fn check_producer(overrides: &Overrides) -> Result<(), Unusable> {
    let config = ProducerConfig::resolve(overrides).map_err(Unusable::Refused)?;
    ProducerApplication::resolve(overrides).map_err(Unusable::Refused)?;
    modelled(Scope::Producer, overrides)?;
    if compression(config.compression_type).is_available() {
        return Ok(());
    }
    let name = Str::from("compression.type");
    let value = overrides.get(&name).cloned().unwrap_or_default();
    Err(Unusable::NotModelled(NotModelled { name, value, lack: Lack::Codec }))
}

/// Can a consumer run with these settings? Whoever starts one asks first.
///
/// # Errors
/// As [`check_producer`].
pub fn check_consumer(overrides: &Overrides) -> Result<(), Unusable> {
    let config = ConsumerConfig::resolve(overrides).map_err(Unusable::Refused)?;
    Policy::read(overrides).map_err(Unusable::Refused)?;
    if config.assignors.is_empty() {
        // Kafka: `ClassicKafkaConsumer.throwIfNoAssignorsConfigured`, called by `subscribe()`.
        let name = "partition.assignment.strategy";
        let message =
            format!("Must configure at least one partition assigner class name to {name} configuration property");
        let error = ConfigError { name: name.into(), value: Some("".into()), message: message.into() };
        return Err(Unusable::Refused(error));
    }
    modelled(Scope::Consumer, overrides)
}

fn modelled(scope: Scope, overrides: &Overrides) -> Result<(), Unusable> {
    config::not_modelled(scope, overrides).map_or(Ok(()), |lacking| Err(Unusable::NotModelled(lacking)))
}

/// The codec of a producer.
pub(crate) fn compression(kind: CompressionType) -> Compression {
    match kind {
        CompressionType::Uncompressed => Compression::None,
        CompressionType::Gzip => Compression::Gzip,
        CompressionType::Snappy => Compression::Snappy,
        CompressionType::Lz4 => Compression::Lz4,
        CompressionType::Zstd => Compression::Zstd,
    }
}

/// Answers an operator who asked the wrong kind of process.
pub(crate) fn not_for_this_process(cx: &mut Cx<'_>, ticket: u64) {
    let message = "this process cannot do that".into();
    let answer = OperatorAnswer::Failed { by: port::Refuser::Client, error: ErrorCode::InvalidRequest, message };
    cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
}

//! From a process's setup and Kafka's settings to what the parts of a client need.

use crate::assignor::Assignor;
use crate::network::{Backoff, NetworkSettings};
use base::{Endpoint, ErrorCode, FlatMap, Span, Str};
use config::{AdminConfig, CompressionType, ConsumerConfig, ProducerConfig, Reconnect, Retry};
use port::{ClientSetup, Cx, Fact, OperatorAnswer};
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
    overrides
}

struct Basics {
    bootstrap: Vec<Endpoint>,
    request_timeout: Span,
    reconnect: Reconnect,
    retry: Retry,
    metadata_max_age: Span,
}

fn network(setup: &ClientSetup, basics: Basics) -> NetworkSettings {
    NetworkSettings {
        client_id: setup.client_id.clone(),
        bootstrap: basics.bootstrap,
        request_timeout: basics.request_timeout,
        max_in_flight: 100,
        reconnect_backoff: Backoff { initial: basics.reconnect.backoff, max: basics.reconnect.backoff_max },
        retry_backoff: Backoff { initial: basics.retry.backoff, max: basics.retry.backoff_max },
        // socket.connection.setup.timeout.ms and its maximum, at their defaults.
        connection_setup: Backoff { initial: Span::from_secs(10), max: Span::from_secs(30) },
        metadata_max_age: basics.metadata_max_age,
        // metadata.recovery.strategy=rebootstrap with its default trigger.
        rebootstrap_after: Some(Span::from_secs(300)),
        allow_auto_topic_creation: false,
    }
}

pub(crate) fn producer(setup: &ClientSetup, config: &ProducerConfig) -> NetworkSettings {
    let basics = Basics {
        bootstrap: config.bootstrap_servers.clone(),
        request_timeout: config.request_timeout,
        reconnect: config.reconnect,
        retry: config.retry,
        metadata_max_age: config.metadata_max_age,
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
    };
    network(setup, basics)
}

/// A setting that Kafka allows and the model has not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NotModelled {
    pub name: &'static str,
    pub message: Str,
}

/// Can a producer run with these settings? Whoever starts one asks first.
///
/// # Errors
/// A codec that this build lacks (zstd in the page).
pub fn check_producer(config: &ProducerConfig) -> Result<(), NotModelled> {
    let codec = compression(config.compression_type);
    if codec.is_available() {
        return Ok(());
    }
    let message = format!("the codec {} is not built in here; gzip, snappy and lz4 are", codec.name());
    Err(NotModelled { name: "compression.type", message: message.into() })
}

/// Can a consumer run with these settings? Whoever starts one asks first.
///
/// # Errors
/// A list of assignors none of which is modelled.
pub fn check_consumer(config: &ConsumerConfig) -> Result<(), NotModelled> {
    let mut unknown = None;
    for name in &config.assignors {
        match Assignor::from_name(name) {
            Ok(_) => return Ok(()),
            Err(error) => unknown = Some(error),
        }
    }
    match unknown {
        Some(error) => Err(NotModelled { name: "partition.assignment.strategy", message: error.to_string().into() }),
        None => Ok(()),
    }
}

/// The codec of a producer.
pub(crate) fn compression(kind: CompressionType) -> Compression {
    match kind {
        CompressionType::Producer | CompressionType::Uncompressed => Compression::None,
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
    cx.fact(|| Fact::OperatorAnswered { ticket, answer });
}

//! What producers, consumers and admin clients honour, resolved once (`ProducerConfig`,
//! `ConsumerConfig`, `AdminClientConfig`).

use crate::partitioner::PartitionerClass;
use crate::values::{Overrides, Values, millis};
use crate::{CompressionType, ConfigError, Scope, check, java};
use base::{Endpoint, Span, Str};

/// How many acknowledgements a producer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acks {
    /// 0: no answer at all.
    None,
    /// 1: the leader has appended.
    Leader,
    /// −1, `all`: the high watermark has passed the batch.
    All,
}

impl Acks {
    /// The number in a Produce request.
    pub const fn wire(self) -> i16 {
        match self {
            Acks::None => 0,
            Acks::Leader => 1,
            Acks::All => -1,
        }
    }
}

/// How long to wait before trying again: `base`, doubling up to `max` (±20 % jitter is the caller's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retry {
    pub backoff: Span,
    pub backoff_max: Span,
}

/// The same for opening connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reconnect {
    pub backoff: Span,
    pub backoff_max: Span,
}

/// A producer's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerConfig {
    pub client_id: Str,
    pub bootstrap_servers: Vec<Endpoint>,
    pub acks: Acks,
    pub retries: i32,
    /// linger.ms
    pub linger: Span,
    /// batch.size in bytes.
    pub batch_size: i32,
    /// max.in.flight.requests.per.connection
    pub max_in_flight: i32,
    /// delivery.timeout.ms, at least linger + request timeout.
    pub delivery_timeout: Span,
    pub request_timeout: Span,
    pub retry: Retry,
    pub reconnect: Reconnect,
    /// Whether the producer is idempotent after all: acks ≠ all or no retries switch it off.
    pub enable_idempotence: bool,
    pub compression_type: CompressionType,
    /// max.block.ms
    pub block_max: Span,
    /// max.request.size in bytes.
    pub max_request_size: i32,
    /// buffer.memory in bytes.
    pub buffer_memory: i64,
    pub metadata_max_age: Span,
    /// metadata.recovery.rebootstrap.trigger.ms; `None` with metadata.recovery.strategy=none (KIP-899, KIP-1102).
    pub rebootstrap_after: Option<Span>,
    pub partitioner_ignore_keys: bool,
    /// partitioner.adaptive.partitioning.enable
    pub partitioner_adaptive: bool,
    pub partitioner_class: PartitionerClass,
}

impl ProducerConfig {
    /// Resolves what was set over Kafka's defaults.
    ///
    /// # Errors
    /// Kafka's first complaint.
    pub fn resolve(overrides: &Overrides) -> Result<ProducerConfig, ConfigError> {
        let values = Values::read(Scope::Producer, overrides)?;
        let acks = match values.text("acks").as_deref() {
            Some("0") => Acks::None,
            Some("1") => Acks::Leader,
            _ => Acks::All,
        };
        let delivery = values.number("delivery.timeout.ms").max(check::shortest_delivery(&values));
        Ok(ProducerConfig {
            client_id: values.text("client.id").unwrap_or_default(),
            bootstrap_servers: endpoints(&values),
            acks,
            retries: values.int("retries"),
            linger: values.span("linger.ms"),
            batch_size: values.int("batch.size"),
            max_in_flight: values.int("max.in.flight.requests.per.connection"),
            delivery_timeout: millis(delivery),
            request_timeout: values.span("request.timeout.ms"),
            retry: retry(&values),
            reconnect: reconnect(&values),
            enable_idempotence: check::idempotent(&values),
            compression_type: CompressionType::read(&values, "compression.type"),
            block_max: values.span("max.block.ms"),
            max_request_size: values.int("max.request.size"),
            buffer_memory: values.number("buffer.memory"),
            metadata_max_age: values.span("metadata.max.age.ms"),
            rebootstrap_after: rebootstrap(&values),
            partitioner_ignore_keys: values.boolean("partitioner.ignore.keys"),
            partitioner_adaptive: values.boolean("partitioner.adaptive.partitioning.enable"),
            partitioner_class: partitioner(&values)?,
        })
    }
}

/// Where a consumer starts without a committed position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AutoOffsetReset {
    Latest,
    Earliest,
    /// `none`: an exception instead of a position.
    None,
    /// `by_duration:…`: the first record that is younger.
    ByDuration(Span),
}

/// Which records a consumer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IsolationLevel {
    ReadUncommitted,
    ReadCommitted,
}

/// A consumer's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsumerConfig {
    pub client_id: Str,
    pub bootstrap_servers: Vec<Endpoint>,
    pub group_instance_id: Option<Str>,
    /// client.rack; empty is none.
    pub client_rack: Str,
    pub session_timeout: Span,
    pub heartbeat_interval: Span,
    /// max.poll.interval.ms, the rebalance timeout in JoinGroup.
    pub poll_interval_max: Span,
    /// max.poll.records
    pub poll_records_max: i32,
    pub fetch_min_bytes: i32,
    /// fetch.max.wait.ms
    pub fetch_wait_max: Span,
    pub fetch_max_bytes: i32,
    /// max.partition.fetch.bytes
    pub partition_fetch_max_bytes: i32,
    pub auto_offset_reset: AutoOffsetReset,
    /// Off without a group id, unless set.
    pub enable_auto_commit: bool,
    pub auto_commit_interval: Span,
    pub isolation_level: IsolationLevel,
    /// Assignor names as they travel in JoinGroup (`range`, `cooperative-sticky`), most wanted first.
    pub assignors: Vec<Str>,
    pub allow_auto_create_topics: bool,
    pub request_timeout: Span,
    /// default.api.timeout.ms
    pub api_timeout: Span,
    pub retry: Retry,
    pub reconnect: Reconnect,
    pub metadata_max_age: Span,
    /// metadata.recovery.rebootstrap.trigger.ms; `None` with metadata.recovery.strategy=none (KIP-899, KIP-1102).
    pub rebootstrap_after: Option<Span>,
}

impl ConsumerConfig {
    /// Resolves what was set over Kafka's defaults.
    ///
    /// # Errors
    /// Kafka's first complaint, those of the consumer's constructor included, or an assignor that is
    /// not one of Kafka's four.
    pub fn resolve(overrides: &Overrides) -> Result<ConsumerConfig, ConfigError> {
        let values = Values::read(Scope::Consumer, overrides)?;
        check_group(&values)?;
        let isolation_level = match values.text("isolation.level").as_deref() {
            Some("read_committed") => IsolationLevel::ReadCommitted,
            _ => IsolationLevel::ReadUncommitted,
        };
        let has_group = values.text("group.id").is_some();
        Ok(ConsumerConfig {
            client_id: values.text("client.id").unwrap_or_default(),
            bootstrap_servers: endpoints(&values),
            group_instance_id: values.text("group.instance.id"),
            client_rack: values.text("client.rack").unwrap_or_default(),
            session_timeout: values.span("session.timeout.ms"),
            heartbeat_interval: values.span("heartbeat.interval.ms"),
            poll_interval_max: values.span("max.poll.interval.ms"),
            poll_records_max: values.int("max.poll.records"),
            fetch_min_bytes: values.int("fetch.min.bytes"),
            fetch_wait_max: values.span("fetch.max.wait.ms"),
            fetch_max_bytes: values.int("fetch.max.bytes"),
            partition_fetch_max_bytes: values.int("max.partition.fetch.bytes"),
            auto_offset_reset: offset_reset(&values),
            enable_auto_commit: values.boolean("enable.auto.commit") && has_group,
            auto_commit_interval: values.span("auto.commit.interval.ms"),
            isolation_level,
            assignors: assignors(&values)?,
            allow_auto_create_topics: values.boolean("allow.auto.create.topics"),
            request_timeout: values.span("request.timeout.ms"),
            api_timeout: values.span("default.api.timeout.ms"),
            retry: retry(&values),
            reconnect: reconnect(&values),
            metadata_max_age: values.span("metadata.max.age.ms"),
            rebootstrap_after: rebootstrap(&values),
        })
    }
}

/// An admin client's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AdminConfig {
    pub client_id: Str,
    pub bootstrap_servers: Vec<Endpoint>,
    pub request_timeout: Span,
    /// default.api.timeout.ms
    pub api_timeout: Span,
    pub retries: i32,
    pub retry: Retry,
    pub reconnect: Reconnect,
    pub metadata_max_age: Span,
    /// metadata.recovery.rebootstrap.trigger.ms; `None` with metadata.recovery.strategy=none (KIP-899, KIP-1102).
    pub rebootstrap_after: Option<Span>,
}

impl AdminConfig {
    /// Resolves what was set over Kafka's defaults.
    ///
    /// # Errors
    /// Kafka's first complaint.
    pub fn resolve(overrides: &Overrides) -> Result<AdminConfig, ConfigError> {
        let values = Values::read(Scope::Admin, overrides)?;
        Ok(AdminConfig {
            client_id: values.text("client.id").unwrap_or_default(),
            bootstrap_servers: endpoints(&values),
            request_timeout: values.span("request.timeout.ms"),
            api_timeout: values.span("default.api.timeout.ms"),
            retries: values.int("retries"),
            retry: retry(&values),
            reconnect: reconnect(&values),
            metadata_max_age: values.span("metadata.max.age.ms"),
            rebootstrap_after: rebootstrap(&values),
        })
    }
}

fn retry(values: &Values<'_>) -> Retry {
    Retry { backoff: values.span("retry.backoff.ms"), backoff_max: values.span("retry.backoff.max.ms") }
}

/// Whoever sets only the first wait gets it every time (`postProcessReconnectBackoffConfigs`).
fn reconnect(values: &Values<'_>) -> Reconnect {
    let (first, longest) = ("reconnect.backoff.ms", "reconnect.backoff.max.ms");
    let longest = if values.is_set(first) && !values.is_set(longest) { first } else { longest };
    Reconnect { backoff: values.span(first), backoff_max: values.span(longest) }
}

fn rebootstrap(values: &Values<'_>) -> Option<Span> {
    let again = values.text("metadata.recovery.strategy").is_some_and(|text| text.eq_ignore_ascii_case("rebootstrap"));
    again.then(|| values.span("metadata.recovery.rebootstrap.trigger.ms"))
}

/// What a consumer with a group checks when it is constructed (`ClassicKafkaConsumer`, `Heartbeat`).
fn check_group(values: &Values<'_>) -> Result<(), ConfigError> {
    // A consumer without a group assigns partitions to itself; there is nothing about a group to check.
    let Some(group) = values.text("group.id") else { return Ok(()) };
    if group.is_empty() {
        let message = "The configured group.id should not be an empty string or whitespace.";
        return Err(ConfigError::about("group.id", message));
    }
    let classic = values.text("group.protocol").is_some_and(|text| text.eq_ignore_ascii_case("classic"));
    if classic && values.number("heartbeat.interval.ms") >= values.number("session.timeout.ms") {
        let message = "Heartbeat must be set lower than the session timeout";
        return Err(ConfigError::about("heartbeat.interval.ms", message));
    }
    Ok(())
}

/// The bootstrap servers that are of the form host:port; Kafka too leaves out what it cannot resolve.
fn endpoints(values: &Values<'_>) -> Vec<Endpoint> {
    let endpoint = |text: &Str| {
        let (host, port) = java::host_and_port(text)?;
        Some(Endpoint { host: host.into(), port: port.parse().ok()? })
    };
    values.list("bootstrap.servers").iter().filter_map(endpoint).collect()
}

fn offset_reset(values: &Values<'_>) -> AutoOffsetReset {
    let text = values.text("auto.offset.reset").unwrap_or_default();
    match &*text {
        "earliest" => AutoOffsetReset::Earliest,
        "none" => AutoOffsetReset::None,
        _ => match text.strip_prefix("by_duration:").and_then(java::parse_duration) {
            Some(span) => AutoOffsetReset::ByDuration(span),
            None => AutoOffsetReset::Latest,
        },
    }
}

/// Kafka makes an object of the class and looks what it can do (`AbstractConfig.getConfiguredInstance`).
fn partitioner(values: &Values<'_>) -> Result<PartitionerClass, ConfigError> {
    let name = "partitioner.class";
    PartitionerClass::read(values.text(name)).map_err(|class| {
        let wanted = "is not an instance of org.apache.kafka.clients.producer.Partitioner";
        ConfigError::about(name, &format!("{class} {wanted}"))
    })
}

/// Classes by the names that their assignors have in JoinGroup.
fn assignors(values: &Values<'_>) -> Result<Vec<Str>, ConfigError> {
    let name = "partition.assignment.strategy";
    let read = |class: &Str| {
        let class = class.strip_prefix("class ").unwrap_or(class);
        match class.strip_prefix("org.apache.kafka.clients.consumer.") {
            Some("RangeAssignor") => Ok("range".into()),
            Some("RoundRobinAssignor") => Ok("roundrobin".into()),
            Some("StickyAssignor") => Ok("sticky".into()),
            Some("CooperativeStickyAssignor") => Ok("cooperative-sticky".into()),
            _ => Err(ConfigError::about(name, &format!("{class} ClassNotFoundException exception occurred"))),
        }
    };
    values.list(name).iter().map(read).collect()
}

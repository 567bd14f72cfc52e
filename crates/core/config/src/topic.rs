//! What a topic's partitions honour (`LogConfig`): the topic's own settings, else the broker's
//! settings of the matching names (`ServerTopicConfigSynonyms`), else Kafka's defaults.

use crate::values::{Overrides, Values, millis};
use crate::{ConfigError, Scope};
use base::Span;

/// cleanup.policy; both may hold, and since 4.1 neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CleanupPolicy {
    pub compact: bool,
    pub delete: bool,
}

/// compression.type of a producer; topics keep what producers chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompressionType {
    /// `none`
    Uncompressed,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl CompressionType {
    pub(crate) fn read(values: &Values<'_>, name: &str) -> CompressionType {
        match values.text(name).as_deref() {
            Some("gzip") => CompressionType::Gzip,
            Some("snappy") => CompressionType::Snappy,
            Some("lz4") => CompressionType::Lz4,
            Some("zstd") => CompressionType::Zstd,
            _ => CompressionType::Uncompressed,
        }
    }
}

/// message.timestamp.type
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimestampType {
    CreateTime,
    LogAppendTime,
}

/// A topic's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicConfig {
    pub cleanup_policy: CleanupPolicy,
    /// max.message.bytes
    pub max_message_bytes: i32,
    /// message.timestamp.after.max.ms
    pub timestamp_after_max: Span,
    /// message.timestamp.before.max.ms
    pub timestamp_before_max: Span,
    pub timestamp_type: TimestampType,
    pub min_insync_replicas: i32,
    /// retention.bytes; `None` is no limit.
    pub retention_bytes: Option<i64>,
    /// retention.ms; `None` is for ever.
    pub retention: Option<Span>,
    /// internal.segment.bytes where it is set, else segment.bytes.
    pub segment_bytes: i32,
    /// segment.ms
    pub segment_age: Span,
    pub unclean_leader_election_enable: bool,
}

/// A setting's value, from the topic where it is set there, else from the broker under its name.
struct Layers<'a> {
    topic: Values<'a>,
    broker: Values<'a>,
}

impl<'a> Layers<'a> {
    fn of<T>(&self, topic: &str, broker: &str, read: impl Fn(&Values<'a>, &str) -> T) -> T {
        if self.topic.is_set(topic) { read(&self.topic, topic) } else { read(&self.broker, broker) }
    }

    fn number(&self, topic: &str, broker: &str) -> i64 {
        self.of(topic, broker, Values::number)
    }

    fn int(&self, topic: &str, broker: &str) -> i32 {
        self.of(topic, broker, Values::int)
    }

    fn span(&self, topic: &str, broker: &str) -> Span {
        self.of(topic, broker, Values::span)
    }

    /// retention.ms: the broker has it in milliseconds, minutes or hours, in this order.
    fn retention(&self) -> i64 {
        if self.topic.is_set("retention.ms") {
            return self.topic.number("retention.ms");
        }
        let milliseconds = self.broker.optional_number("log.retention.ms");
        let minutes = || self.broker.optional_number("log.retention.minutes").map(|minutes| minutes * 60_000);
        let hours = || self.broker.number("log.retention.hours") * 3_600_000;
        let retention = milliseconds.or_else(minutes).unwrap_or_else(hours);
        if retention < 0 { -1 } else { retention }
    }

    /// `LogConfig.segmentSize`: the internal setting may be smaller than segment.bytes may.
    fn segment_bytes(&self) -> i32 {
        let internal = self.topic.optional_number("internal.segment.bytes").and_then(|bytes| i32::try_from(bytes).ok());
        internal.unwrap_or_else(|| self.int("segment.bytes", "log.segment.bytes"))
    }

    /// segment.ms: the broker has it in milliseconds or hours.
    fn segment_age(&self) -> i64 {
        if self.topic.is_set("segment.ms") {
            return self.topic.number("segment.ms");
        }
        let hours = || self.broker.number("log.roll.hours") * 3_600_000;
        self.broker.optional_number("log.roll.ms").unwrap_or_else(hours)
    }
}

impl TopicConfig {
    /// Resolves what was set for the topic over what was set for the broker.
    ///
    /// # Errors
    /// Kafka's first complaint, about the topic's settings before the broker's.
    pub fn resolve(topic: &Overrides, broker: &Overrides) -> Result<TopicConfig, ConfigError> {
        let topic = Values::read(Scope::Topic, topic)?;
        let layers = Layers { topic, broker: Values::read(Scope::Broker, broker)? };
        let policy = layers.of("cleanup.policy", "log.cleanup.policy", Values::list);
        let has = |name: &str| policy.iter().any(|each| &**each == name);
        let timestamp_type = layers.of("message.timestamp.type", "log.message.timestamp.type", Values::text);
        let retention_bytes = layers.number("retention.bytes", "log.retention.bytes");
        let retention = layers.retention();
        Ok(TopicConfig {
            cleanup_policy: CleanupPolicy { compact: has("compact"), delete: has("delete") },
            max_message_bytes: layers.int("max.message.bytes", "message.max.bytes"),
            timestamp_after_max: layers.span("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"),
            timestamp_before_max: layers.span("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"),
            timestamp_type: match timestamp_type.as_deref() {
                Some("LogAppendTime") => TimestampType::LogAppendTime,
                _ => TimestampType::CreateTime,
            },
            min_insync_replicas: layers.int("min.insync.replicas", "min.insync.replicas"),
            retention_bytes: (retention_bytes >= 0).then_some(retention_bytes),
            retention: (retention >= 0).then(|| millis(retention)),
            segment_bytes: layers.segment_bytes(),
            segment_age: millis(layers.segment_age()),
            unclean_leader_election_enable: layers.of(
                "unclean.leader.election.enable",
                "unclean.leader.election.enable",
                Values::boolean,
            ),
        })
    }
}

impl Default for TopicConfig {
    fn default() -> TopicConfig {
        let none = Overrides::new();
        TopicConfig::resolve(&none, &none).expect("Kafka's defaults are valid")
    }
}

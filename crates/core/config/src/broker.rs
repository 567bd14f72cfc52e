//! What a node's `server.properties` says (`KafkaConfig`), grouped by the role that reads it.

use crate::values::{Overrides, Values};
use crate::{ConfigError, Scope, TopicConfig};
use base::Span;

/// A broker's or controller's settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BrokerConfig {
    /// broker.heartbeat.interval.ms
    pub heartbeat_interval: Span,
    /// initial.broker.registration.timeout.ms
    pub registration_timeout: Span,
    pub controlled_shutdown_enable: bool,
    pub auto_create_topics_enable: bool,
    pub num_partitions: i32,
    pub default_replication_factor: i32,
    /// fetch.max.bytes of the broker.
    pub fetch_max_bytes: i32,
    /// log.initial.task.delay.ms: when the log's regular tasks run for the first time (KIP-1061).
    pub log_initial_task_delay: Span,
    /// log.retention.check.interval.ms
    pub retention_check_interval: Span,
    /// request.timeout.ms of the broker's own requests.
    pub request_timeout: Span,
    /// producer.id.expiration.ms
    pub producer_id_expiration: Span,
    pub replication: ReplicationConfig,
    pub groups: GroupCoordinatorConfig,
    pub controller: ControllerConfig,
    pub quorum: QuorumConfig,
    /// What a topic without settings of its own gets.
    pub topic_defaults: TopicConfig,
}

/// replica.* and its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReplicationConfig {
    /// replica.lag.time.max.ms
    pub lag_time_max: Span,
    /// replica.fetch.wait.max.ms
    pub fetch_wait_max: Span,
    pub fetch_min_bytes: i32,
    /// replica.fetch.max.bytes, per partition.
    pub fetch_max_bytes: i32,
    /// replica.fetch.response.max.bytes
    pub fetch_response_max_bytes: i32,
    /// replica.fetch.backoff.ms
    pub fetch_backoff: Span,
    /// replica.socket.timeout.ms
    pub socket_timeout: Span,
    /// replica.high.watermark.checkpoint.interval.ms
    pub high_watermark_checkpoint_interval: Span,
}

/// group.* and offsets.*
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupCoordinatorConfig {
    pub initial_rebalance_delay: Span,
    pub session_timeout_min: Span,
    pub session_timeout_max: Span,
    pub group_max_size: i32,
    /// offset.metadata.max.bytes
    pub offset_metadata_max_bytes: i32,
    /// offsets.commit.timeout.ms
    pub commit_timeout: Span,
    /// offsets.topic.num.partitions
    pub offsets_topic_partitions: i32,
    pub offsets_topic_replication_factor: i16,
    pub offsets_topic_segment_bytes: i32,
}

/// What the active controller reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ControllerConfig {
    /// broker.session.timeout.ms
    pub session_timeout: Span,
    /// num.partitions, for CreateTopics with −1.
    pub num_partitions: i32,
    pub default_replication_factor: i32,
    pub auto_leader_rebalance_enable: bool,
    /// leader.imbalance.check.interval.seconds
    pub leader_imbalance_check_interval: Span,
    /// unclean.leader.election.interval.ms
    pub unclean_leader_election_interval: Span,
    pub delete_topic_enable: bool,
    /// metadata.max.idle.interval.ms; zero is off.
    pub metadata_max_idle_interval: Span,
}

/// controller.quorum.* and metadata.*
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuorumConfig {
    pub election_timeout: Span,
    pub election_backoff_max: Span,
    pub fetch_timeout: Span,
    pub request_timeout: Span,
    pub retry_backoff: Span,
    pub append_linger: Span,
    /// controller.quorum.fetch.max.bytes
    pub fetch_max_bytes: i32,
    /// metadata.log.segment.bytes
    pub log_segment_bytes: i32,
}

impl BrokerConfig {
    /// Resolves what was set over Kafka's defaults.
    ///
    /// # Errors
    /// Kafka's first complaint.
    pub fn resolve(overrides: &Overrides) -> Result<BrokerConfig, ConfigError> {
        let values = Values::read(Scope::Broker, overrides)?;
        Ok(BrokerConfig {
            heartbeat_interval: values.span("broker.heartbeat.interval.ms"),
            registration_timeout: values.span("initial.broker.registration.timeout.ms"),
            controlled_shutdown_enable: values.boolean("controlled.shutdown.enable"),
            auto_create_topics_enable: values.boolean("auto.create.topics.enable"),
            num_partitions: values.int("num.partitions"),
            default_replication_factor: values.int("default.replication.factor"),
            fetch_max_bytes: values.int("fetch.max.bytes"),
            log_initial_task_delay: values.span("log.initial.task.delay.ms"),
            retention_check_interval: values.span("log.retention.check.interval.ms"),
            request_timeout: values.span("request.timeout.ms"),
            producer_id_expiration: values.span("producer.id.expiration.ms"),
            replication: ReplicationConfig::read(&values),
            groups: GroupCoordinatorConfig::read(&values),
            controller: ControllerConfig::read(&values),
            quorum: QuorumConfig::read(&values),
            topic_defaults: TopicConfig::resolve(&Overrides::new(), overrides)?,
        })
    }
}

impl Default for BrokerConfig {
    fn default() -> BrokerConfig {
        BrokerConfig::resolve(&Overrides::new()).expect("Kafka's defaults are valid")
    }
}

impl ReplicationConfig {
    fn read(values: &Values<'_>) -> ReplicationConfig {
        ReplicationConfig {
            lag_time_max: values.span("replica.lag.time.max.ms"),
            fetch_wait_max: values.span("replica.fetch.wait.max.ms"),
            fetch_min_bytes: values.int("replica.fetch.min.bytes"),
            fetch_max_bytes: values.int("replica.fetch.max.bytes"),
            fetch_response_max_bytes: values.int("replica.fetch.response.max.bytes"),
            fetch_backoff: values.span("replica.fetch.backoff.ms"),
            socket_timeout: values.span("replica.socket.timeout.ms"),
            high_watermark_checkpoint_interval: values.span("replica.high.watermark.checkpoint.interval.ms"),
        }
    }
}

impl GroupCoordinatorConfig {
    fn read(values: &Values<'_>) -> GroupCoordinatorConfig {
        let factor = values.number("offsets.topic.replication.factor");
        GroupCoordinatorConfig {
            initial_rebalance_delay: values.span("group.initial.rebalance.delay.ms"),
            session_timeout_min: values.span("group.min.session.timeout.ms"),
            session_timeout_max: values.span("group.max.session.timeout.ms"),
            group_max_size: values.int("group.max.size"),
            offset_metadata_max_bytes: values.int("offset.metadata.max.bytes"),
            commit_timeout: values.span("offsets.commit.timeout.ms"),
            offsets_topic_partitions: values.int("offsets.topic.num.partitions"),
            offsets_topic_replication_factor: i16::try_from(factor).expect("a SHORT"),
            offsets_topic_segment_bytes: values.int("offsets.topic.segment.bytes"),
        }
    }
}

impl ControllerConfig {
    fn read(values: &Values<'_>) -> ControllerConfig {
        let seconds = u64::try_from(values.number("leader.imbalance.check.interval.seconds")).unwrap_or(0);
        ControllerConfig {
            session_timeout: values.span("broker.session.timeout.ms"),
            num_partitions: values.int("num.partitions"),
            default_replication_factor: values.int("default.replication.factor"),
            auto_leader_rebalance_enable: values.boolean("auto.leader.rebalance.enable"),
            leader_imbalance_check_interval: Span::from_secs(seconds),
            unclean_leader_election_interval: values.span("unclean.leader.election.interval.ms"),
            delete_topic_enable: values.boolean("delete.topic.enable"),
            metadata_max_idle_interval: values.span("metadata.max.idle.interval.ms"),
        }
    }
}

impl QuorumConfig {
    fn read(values: &Values<'_>) -> QuorumConfig {
        QuorumConfig {
            election_timeout: values.span("controller.quorum.election.timeout.ms"),
            election_backoff_max: values.span("controller.quorum.election.backoff.max.ms"),
            fetch_timeout: values.span("controller.quorum.fetch.timeout.ms"),
            request_timeout: values.span("controller.quorum.request.timeout.ms"),
            retry_backoff: values.span("controller.quorum.retry.backoff.ms"),
            append_linger: values.span("controller.quorum.append.linger.ms"),
            fetch_max_bytes: values.int("controller.quorum.fetch.max.bytes"),
            log_segment_bytes: values.int("metadata.log.segment.bytes"),
        }
    }
}

//! The settings of one log, as the broker resolves them from topic and broker configs.

use port::TestSwitches;

/// Kafka's topic configs that a log itself obeys, with the defaults of 4.3.0 (`LogConfig`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogConfig {
    /// `segment.bytes`
    pub segment_bytes: i64,
    /// `segment.ms`
    pub segment_ms: i64,
    /// `retention.ms`; −1: no limit.
    pub retention_ms: i64,
    /// `retention.bytes`; −1: no limit.
    pub retention_bytes: i64,
    /// `max.message.bytes`: of a whole batch, as stored.
    pub max_message_bytes: i64,
    /// `message.timestamp.type=LogAppendTime`
    pub log_append_time: bool,
    /// `message.timestamp.before.max.ms`
    pub timestamp_before_max_ms: i64,
    /// `message.timestamp.after.max.ms`
    pub timestamp_after_max_ms: i64,
    /// `cleanup.policy` contains `delete`.
    pub is_deleting: bool,
    /// `cleanup.policy` contains `compact`.
    pub is_compacting: bool,
    /// `producer.id.expiration.ms`
    pub producer_id_expiration_ms: i64,
    /// Which rule is broken on purpose: none, outside of tests.
    pub switches: TestSwitches,
}

impl Default for LogConfig {
    fn default() -> Self {
        LogConfig {
            segment_bytes: 1 << 30,
            segment_ms: 604_800_000,
            retention_ms: 604_800_000,
            retention_bytes: -1,
            max_message_bytes: 1_048_588,
            log_append_time: false,
            timestamp_before_max_ms: i64::MAX,
            timestamp_after_max_ms: 3_600_000,
            is_deleting: true,
            is_compacting: false,
            producer_id_expiration_ms: 86_400_000,
            switches: TestSwitches::default(),
        }
    }
}

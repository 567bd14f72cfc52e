//! What the broker waits for: one enum, one table. The inspector prints it as it stands.

use base::{BrokerId, TopicIdPartition};
use port::ChannelKind;

/// One thing that is due at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The next registration attempt or heartbeat.
    Heartbeat,
    /// initial.broker.registration.timeout.ms
    RegistrationGivesUp,
    /// A controlled shutdown that nobody answers ends all the same.
    ShutdownGivesUp,
    /// Half of replica.lag.time.max.ms
    ShrinkIsr,
    /// replica.high.watermark.checkpoint.interval.ms
    Checkpoint,
    /// First log.initial.task.delay.ms, then every log.retention.check.interval.ms.
    Retention,
    /// `timeout_ms` of a parked acks=all produce.
    Produce(u64),
    /// `max_wait_ms` of a parked fetch, by session.
    FetchWait(i32),
    /// When the fetcher of that leader tries to connect again.
    FetcherRetry(BrokerId),
    /// replica.socket.timeout.ms of the fetch under way.
    FetcherTimeout(BrokerId),
    /// replica.fetch.backoff.ms of one partition.
    FetchBackoff(TopicIdPartition),
    /// When a channel to the controller tries again.
    ChannelRetry(ChannelKind),
    /// When a request to the controller counts as lost.
    ChannelTimeout(ChannelKind),
    /// A forwarded request's own timeout.
    Forwarded(u64),
    /// A refused AlterPartition is sent again.
    AlterPartitionRetry,
    /// The next part of what the metadata has changed.
    Publish,
}

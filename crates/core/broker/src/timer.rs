//! What the broker waits for: one enum, one table. The inspector prints it as it stands.

use base::{BrokerId, TimerKey, TopicIdPartition};
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
    /// `timeout_ms` of a DeleteRecords that waits.
    DeleteRecords(u64),
}

impl TimerKey for Timer {
    /// The kind and the lower bits of the number.
    fn rank(&self) -> u64 {
        let signed = |number: i32| u64::from(number.cast_unsigned() ^ 1 << 31);
        let (kind, number): (u64, u64) = match *self {
            Timer::Heartbeat => (0, 0),
            Timer::RegistrationGivesUp => (1, 0),
            Timer::ShutdownGivesUp => (2, 0),
            Timer::ShrinkIsr => (3, 0),
            Timer::Checkpoint => (4, 0),
            Timer::Retention => (5, 0),
            Timer::Produce(number) => (6, number),
            Timer::FetchWait(session) => (7, signed(session)),
            Timer::FetcherRetry(leader) => (8, signed(leader.0)),
            Timer::FetcherTimeout(leader) => (9, signed(leader.0)),
            Timer::FetchBackoff(_) => (10, 0),
            Timer::ChannelRetry(kind) => (11, kind as u64),
            Timer::ChannelTimeout(kind) => (12, kind as u64),
            Timer::Forwarded(ticket) => (13, ticket),
            Timer::AlterPartitionRetry => (14, 0),
            Timer::Publish => (15, 0),
            Timer::DeleteRecords(number) => (16, number),
        };
        kind << 56 | number.min((1 << 56) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_ascend_as_timers_do() {
        let (one, other) = (BrokerId(-1), BrokerId(1));
        let at = |partition| TopicIdPartition { partition, ..TopicIdPartition::default() };
        let all = [
            Timer::Heartbeat,
            Timer::RegistrationGivesUp,
            Timer::ShutdownGivesUp,
            Timer::ShrinkIsr,
            Timer::Checkpoint,
            Timer::Retention,
            Timer::Produce(1),
            Timer::Produce(u64::MAX),
            Timer::FetchWait(-2),
            Timer::FetchWait(2),
            Timer::FetcherRetry(one),
            Timer::FetcherRetry(other),
            Timer::FetcherTimeout(one),
            Timer::FetcherTimeout(other),
            Timer::FetchBackoff(at(1)),
            Timer::FetchBackoff(at(2)),
            Timer::ChannelRetry(ChannelKind::Lifecycle),
            Timer::ChannelRetry(ChannelKind::Forwarding),
            Timer::ChannelTimeout(ChannelKind::Lifecycle),
            Timer::Forwarded(3),
            Timer::AlterPartitionRetry,
            Timer::Publish,
        ];
        assert!(all.windows(2).all(|pair| pair[0] < pair[1] && pair[0].rank() <= pair[1].rank()));
    }
}

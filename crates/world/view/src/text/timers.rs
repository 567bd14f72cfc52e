//! Words for what processes wait for, by Kafka's setting where there is one.

use base::TopicIdPartition;
use client::consumer::ConsumerTimer;
use client::network::NetworkTimer;
use client::producer::ProducerTimer;
use coordinator::GroupTimer;
use quorum::QuorumTimer;

/// One function per table of timers.
pub struct TimersText {
    pub quorum: fn(&QuorumTimer) -> String,
    pub controller: fn(&controller::Timer) -> &'static str,
    /// The second argument names a partition.
    pub broker: for<'a> fn(&broker::Timer, &'a dyn Fn(TopicIdPartition) -> String) -> String,
    pub group: fn(&GroupTimer) -> String,
    pub producer: fn(&ProducerTimer) -> String,
    pub consumer: fn(&ConsumerTimer) -> &'static str,
    pub network: fn(&NetworkTimer) -> String,
}

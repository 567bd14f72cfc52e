//! What a broker does on its own: checkpoints, retention, forgetting idle producers.
//!
//! Kafka: `ReplicaManager.checkpointHighWatermarks`, `LogManager`.

use crate::broker::Broker;
use crate::checkpoints;
use crate::timer::Timer;
use base::{Offset, TopicIdPartition};
use port::Cx;

impl Broker {
    pub(crate) fn begin_upkeep(&mut self, cx: &mut Cx<'_>) {
        let replication = &self.wires.config.replication;
        let (shrink, checkpoint) =
            (replication.lag_time_max.divided_by(2), replication.high_watermark_checkpoint_interval);
        // The log's own tasks begin later than their interval says, so that a start is not slowed
        // by them (`LogManager.startupWithConfigOverrides`).
        let first_retention = self.wires.config.log_initial_task_delay;
        self.wires.timers.set(Timer::ShrinkIsr, cx.now + shrink);
        self.wires.timers.set(Timer::Checkpoint, cx.now + checkpoint);
        self.wires.timers.set(Timer::Retention, cx.now + first_retention);
    }

    /// Every half replica.lag.time.max.ms: who has fallen behind?
    pub(crate) fn on_shrink_isr_due(&mut self, cx: &mut Cx<'_>) {
        self.wires.timers.set(Timer::ShrinkIsr, cx.now + self.wires.config.replication.lag_time_max.divided_by(2));
        let led: Vec<TopicIdPartition> =
            self.partitions.iter().filter(|(_, partition)| partition.is_leader()).map(|(at, _)| *at).collect();
        for at in led {
            self.note_idle_followers(at);
            let Some(partition) = self.partitions.get_mut(&at) else { continue };
            let change = partition.maybe_shrink_isr(cx);
            self.note_change(cx, at, change);
        }
    }

    pub(crate) fn on_checkpoint_due(&mut self, cx: &mut Cx<'_>) {
        self.wires
            .timers
            .set(Timer::Checkpoint, cx.now + self.wires.config.replication.high_watermark_checkpoint_interval);
        self.write_checkpoints(cx);
    }

    /// Writes every HW, and every log start that is not simply where the first segment begins.
    pub(crate) fn write_checkpoints(&mut self, cx: &mut Cx<'_>) {
        // Of logs that have not been opened the files know more than the broker.
        if self.partitions.is_empty() || self.is_opening_logs() {
            return;
        }
        let high_watermarks = self.partitions.values().map(|partition| (partition.name(), partition.high_watermark()));
        checkpoints::write_offsets(cx.store, checkpoints::HIGH_WATERMARKS, high_watermarks);
        let log_starts = self.partitions.values().filter_map(|partition| {
            let log = partition.log();
            let first = log.segments().next().map_or(Offset::ZERO, |segment| segment.base_offset);
            (log.log_start() > first).then(|| (partition.name(), log.log_start()))
        });
        checkpoints::write_offsets(cx.store, checkpoints::LOG_STARTS, log_starts);
    }

    pub(crate) fn on_retention_due(&mut self, cx: &mut Cx<'_>) {
        self.wires.timers.set(Timer::Retention, cx.now + self.wires.config.retention_check_interval);
        let expiration = i64::try_from(self.wires.config.producer_id_expiration.as_millis()).unwrap_or(i64::MAX);
        let all: Vec<TopicIdPartition> = self.partitions.keys().copied().collect();
        for at in all {
            let Some(partition) = self.partitions.get_mut(&at) else { continue };
            let before = partition.log().log_start();
            // A disk that fails here is met again at the next check.
            let _ = partition.log_mut().delete_old_segments(cx.store, cx.wall);
            partition.log_mut().producers_mut().expire(cx.wall, expiration);
            if partition.log().log_start() != before {
                self.touch(at);
            }
        }
    }
}

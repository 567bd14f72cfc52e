//! What is done to logs that nobody asks for: checkpoints, retention, forgetting idle producers.
//!
//! Kafka: `ReplicaManager.checkpointHighWatermarks`, `LogManager`.

use super::Replicas;
use crate::checkpoints;
use base::{Offset, Span, TopicIdPartition};
use port::Cx;

impl Replicas {
    /// Writes every HW, and every log start that is not simply where the first segment begins.
    pub(crate) fn write_checkpoints(&self, cx: &mut Cx<'_>) {
        if self.partitions.is_empty() {
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

    /// Deletes what is old, and forgets producers that have been silent for so long.
    pub(crate) fn retain(&mut self, cx: &mut Cx<'_>, producer_id_expiration: Span) {
        let expiration = i64::try_from(producer_id_expiration.as_millis()).unwrap_or(i64::MAX);
        let all: Vec<TopicIdPartition> = self.partitions.keys().copied().collect();
        for at in all {
            let partition = self.partitions.get_mut(&at).expect("retention closes no partition");
            let before = partition.log().log_start();
            // A disk that fails here is met again at the next check.
            let _ = partition.log_mut().delete_old_segments(cx.store, cx.wall);
            partition.log_mut().producers_mut().expire(cx.wall, expiration);
            if partition.log().log_start() != before {
                self.touched.insert(at);
            }
        }
    }
}

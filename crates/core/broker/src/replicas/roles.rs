//! Which replicas are here and what part each plays, as the metadata says: opening and deleting logs, becoming leader or
//! follower, brokers that come and go, new settings.
//!
//! Kafka: `ReplicaManager.applyDelta`, `getOrCreatePartition`, `stopPartitions`; `LogManager.getOrCreateLog`.

use super::Replicas;
use crate::checkpoints;
use crate::partition::{Assignment, LeaderConfig, Partition, Registration};
use base::{BrokerId, FlatMap, Offset, Shared, Str, TopicIdPartition, TopicPartition};
use config::{TimestampType, TopicConfig};
use log::{Log, LogConfig, LogSetup, Shutdown};
use port::{Cx, TestSwitches};

/// A log that is to be here.
pub(crate) struct Opening<'a> {
    /// `None`: the metadata does not know the topic.
    pub(crate) name: Option<TopicPartition>,
    pub(crate) config: &'a TopicConfig,
    pub(crate) shutdown: Shutdown,
    pub(crate) switches: TestSwitches,
}

/// Is the log there?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    There,
    /// The disk fails, or the topic has no name.
    Not,
}

/// What makes this broker the leader of a partition.
pub(crate) struct Leadership {
    pub(crate) config: LeaderConfig,
    pub(crate) assignment: Assignment,
    /// Who led before.
    pub(crate) previous: Option<BrokerId>,
    /// How the replicas' brokers are registered.
    pub(crate) registrations: FlatMap<BrokerId, Registration>,
}

/// Did a replica lead before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Led {
    Before,
    Not,
}

impl Led {
    fn of(partition: &Partition) -> Led {
        if partition.is_leader() { Led::Before } else { Led::Not }
    }
}

impl Replicas {
    /// Opens the log of a partition that is not open yet.
    pub(crate) fn open(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, opening: Opening<'_>) -> Opened {
        if self.partitions.contains_key(&at) {
            return Opened::There;
        }
        let Opening { name, config, shutdown, switches } = opening;
        // The same batch of metadata deletes the topic again.
        let Some(name) = name else { return Opened::Not };
        let directory: Str = name.to_string().into();
        let is_new = checkpoints::is_empty_directory(cx.store, &directory);
        let known = if is_new { None } else { checkpoints::read_topic_id(cx.store, &directory) };
        let is_known = known.is_some();
        if known.is_none_or(|known| *known != *at.topic.to_string()) {
            if !is_new {
                // A deleted topic of the same name was here.
                checkpoints::remove_directory(cx.store, &directory);
            }
            checkpoints::write_topic_id(cx.store, &directory, at.topic);
        }
        let checkpointed =
            |offsets: &checkpoints::Offsets| offsets.get(&name).copied().filter(|_| is_known).unwrap_or(Offset::ZERO);
        let setup = LogSetup {
            config: LogConfig { switches, ..log_config(config) },
            log_start: checkpointed(&self.checkpointed.log_starts),
            high_watermark: checkpointed(&self.checkpointed.high_watermarks),
            shutdown,
            wall: cx.wall,
            directory,
        };
        // The disk fails: the replica is missing here, and whoever asks for it is told so.
        let Ok(mut log) = Log::open(cx.store, setup) else { return Opened::Not };
        if !is_new {
            recall_latest_epoch(cx, &mut log);
        }
        self.partitions.insert(at, Shared::new(Partition::new(at, name, log, switches)));
        Opened::There
    }

    /// The partition is no longer this broker's: its files go, and its waiters look. `None`: it was not here.
    pub(crate) fn delete(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) -> Option<Shared<Partition>> {
        let partition = self.partitions.remove(&at)?;
        checkpoints::remove_directory(cx.store, partition.log().directory());
        self.checkpointed.high_watermarks.remove(partition.name());
        self.checkpointed.log_starts.remove(partition.name());
        self.touched.insert(at);
        Some(partition)
    }

    /// This broker leads from now on, or still. `None`: the partition is not here.
    pub(crate) fn lead(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, leadership: Leadership) -> Option<Led> {
        let Leadership { config, assignment, previous, registrations } = leadership;
        let partition = self.partitions.get_mut(&at)?;
        let (led, old_epoch) = (Led::of(partition), partition.leader_epoch());
        let change = partition.become_leader(cx, config, &assignment, previous);
        for (id, registration) in registrations {
            partition.set_registration(id, registration);
        }
        partition.advance_high_watermark(cx);
        let is_new_epoch = partition.leader_epoch() > old_epoch;
        if is_new_epoch {
            let log = partition.log();
            checkpoints::write_epochs(cx.store, log.directory(), log.epochs().entries());
        }
        self.note_move(at, change);
        Some(led)
    }

    /// Another broker leads, or nobody. `None`: the partition is not here.
    pub(crate) fn follow(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        assignment: &Assignment,
        leader: Option<BrokerId>,
    ) -> Option<Led> {
        let partition = self.partitions.get_mut(&at)?;
        let led = Led::of(partition);
        let change = partition.become_follower(cx, assignment, leader);
        self.note_move(at, change);
        Some(led)
    }

    /// A broker is alive, fenced or gone: whoever has it for a follower is told.
    pub(crate) fn set_registration(&mut self, id: BrokerId, registration: Registration) {
        let has_it = |partition: &Partition| partition.leader().is_some_and(|leader| leader.follower(id).is_some());
        let led: Vec<TopicIdPartition> =
            self.partitions.iter().filter(|(_, partition)| has_it(partition)).map(|(at, _)| *at).collect();
        for at in led {
            if let Some(partition) = self.partitions.get_mut(&at) {
                partition.set_registration(id, registration);
            }
        }
    }

    /// New settings of a partition's topic.
    pub(crate) fn set_config(&mut self, at: TopicIdPartition, config: &TopicConfig, switches: TestSwitches) {
        let log = LogConfig { switches, ..log_config(config) };
        if let Some(partition) = self.partitions.get_mut(&at) {
            partition.set_config(log, config.min_insync_replicas);
        }
    }
}

/// An epoch under which nothing was written stands in no batch, only in the checkpoint.
fn recall_latest_epoch(cx: &Cx<'_>, log: &mut Log) {
    if let Some((epoch, start)) = checkpoints::read_latest_epoch(cx.store, log.directory())
        && start == log.log_end()
        && epoch > log.latest_epoch()
    {
        log.assign_epoch(epoch);
    }
}

fn log_config(topic: &TopicConfig) -> LogConfig {
    let millis = |span: base::Span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    LogConfig {
        segment_bytes: i64::from(topic.segment_bytes),
        segment_ms: millis(topic.segment_age),
        retention_ms: topic.retention.map_or(-1, millis),
        retention_bytes: topic.retention_bytes.unwrap_or(-1),
        max_message_bytes: i64::from(topic.max_message_bytes),
        log_append_time: topic.timestamp_type == TimestampType::LogAppendTime,
        timestamp_before_max_ms: millis(topic.timestamp_before_max),
        timestamp_after_max_ms: millis(topic.timestamp_after_max),
        is_deleting: topic.cleanup_policy.delete,
        is_compacting: topic.cleanup_policy.compact,
        ..LogConfig::default()
    }
}

//! Carrying out what the metadata log says: becoming leader or follower, opening and deleting logs,
//! new settings, brokers that come and go.
//!
//! Kafka: `BrokerMetadataPublisher`, `ReplicaManager.applyDelta`, `TopicDelta`. A batch of committed
//! records is applied to the image first; partitions then follow the difference.

use crate::broker::Broker;
use crate::checkpoints;
use crate::lifecycle::BrokerState;
use crate::partition::{Assignment, LeaderConfig, Partition, Registration};
use crate::publishing::{Publication, Then};
use api::ConfigResource;
use base::{BrokerId, FlatMap, FlatSet, Offset, PartitionId, Shared, Str, TopicId, TopicIdPartition};
use config::{TimestampType, TopicConfig};
use log::{Log, LogConfig, LogSetup};
use metadata::{Image, MetadataRecord, PartitionRegistration};
use port::{Cx, KafkaFact};

/// What a batch of records changed.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Delta {
    pub(crate) partitions: FlatSet<TopicIdPartition>,
    deleted: FlatSet<TopicId>,
    brokers: FlatSet<BrokerId>,
    configs: FlatSet<ConfigResource>,
    is_idle: bool,
}

impl Delta {
    fn of(records: &[(Offset, MetadataRecord)]) -> Delta {
        let mut delta = Delta { is_idle: true, ..Delta::default() };
        for (_, record) in records {
            delta.note(record);
        }
        delta
    }

    fn note(&mut self, record: &MetadataRecord) {
        self.is_idle &= matches!(record, MetadataRecord::NoOp);
        match record {
            MetadataRecord::RegisterBroker(record) => {
                self.brokers.insert(record.broker);
            }
            MetadataRecord::UnregisterBroker { broker, .. } => {
                self.brokers.insert(*broker);
            }
            MetadataRecord::BrokerRegistrationChange(change) => {
                self.brokers.insert(change.broker);
            }
            MetadataRecord::Partition(record) => {
                self.partitions.insert(TopicIdPartition { topic: record.topic, partition: record.partition });
            }
            MetadataRecord::PartitionChange(change) => {
                self.partitions.insert(TopicIdPartition { topic: change.topic, partition: change.partition });
            }
            MetadataRecord::RemoveTopic { id } => {
                self.deleted.insert(*id);
            }
            MetadataRecord::Config(change) => {
                self.configs.insert(change.resource.clone());
            }
            MetadataRecord::Topic { .. }
            | MetadataRecord::FeatureLevel { .. }
            | MetadataRecord::ProducerIds { .. }
            | MetadataRecord::NoOp
            | MetadataRecord::BeginTransaction { .. }
            | MetadataRecord::EndTransaction
            | MetadataRecord::ClearElr { .. } => {}
        }
    }
}

impl Broker {
    /// Committed records, in order, each exactly once.
    pub fn on_metadata(&mut self, cx: &mut Cx<'_>, records: &[(Offset, MetadataRecord)]) {
        if self.is_publishing() {
            return self.publish_later(records);
        }
        self.take_in(cx, records);
        self.settle(cx);
    }

    /// Applies records to the image, and begins to carry out what they change.
    pub(crate) fn take_in(&mut self, cx: &mut Cx<'_>, records: &[(Offset, MetadataRecord)]) {
        let Some((offset, _)) = records.last() else { return };
        let before = self.image.clone();
        for (offset, record) in records {
            self.image.apply(*offset, record);
        }
        let delta = Delta::of(records);
        if !delta.is_idle {
            cx.fact(|| KafkaFact::MetadataUpdated { offset: *offset });
        }
        match self.state() {
            BrokerState::Starting => self.maybe_start_serving(cx),
            BrokerState::Recovery | BrokerState::Running | BrokerState::PendingControlledShutdown => {
                self.begin_delta(cx, Publication { before, delta, done: 0, then: Then::Nothing });
            }
            BrokerState::ShuttingDown => {}
        }
    }

    /// The first image: every partition is news, and logs that belong to nothing go.
    pub(crate) fn publish_first_image(&mut self, cx: &mut Cx<'_>) {
        let image = self.image.clone();
        let mut delta = Delta::default();
        delta.partitions.extend(image.partitions().map(|(at, _)| at));
        self.remove_strays(cx, &image);
        self.begin_delta(cx, Publication { before: Image::default(), delta, done: 0, then: Then::Serve });
    }

    fn remove_strays(&self, cx: &mut Cx<'_>, image: &Image) {
        let here: FlatSet<String> = image
            .partitions()
            .filter(|(_, registration)| registration.replicas.contains(&self.id()))
            .filter_map(|(at, _)| Some(image.named(at)?.to_string()))
            .collect();
        for directory in checkpoints::log_directories(cx.store) {
            if !here.contains(&*directory) {
                checkpoints::remove_directory(cx.store, &directory);
            }
        }
    }

    fn begin_delta(&mut self, cx: &mut Cx<'_>, publication: Publication) {
        self.apply_brokers(&publication.delta.brokers);
        for &topic in &publication.delta.deleted {
            for at in self.partitions_of(topic) {
                self.delete_partition(cx, at);
            }
        }
        self.publish(cx, publication);
    }

    /// What comes when every partition has followed.
    pub(crate) fn finish_delta(&mut self, cx: &mut Cx<'_>, before: &Image, delta: &Delta) {
        self.apply_configs(delta, &mut Configs::default());
        let gone = delta.deleted.iter().filter_map(|id| Some((before.topic_name(*id)?.clone(), *id)));
        let gone: Vec<(Str, TopicId)> = gone.collect();
        if !gone.is_empty() {
            self.coordinator.on_topics_deleted(cx, &gone);
        }
        if !(delta.partitions.is_empty() && delta.deleted.is_empty() && delta.brokers.is_empty()) {
            self.pump_fetchers(cx);
        }
    }

    /// The partitions of a topic that are here, found without a look at others.
    fn partitions_of(&self, topic: TopicId) -> Vec<TopicIdPartition> {
        let first = TopicIdPartition { topic, partition: PartitionId::MIN };
        let from = self.partitions.iter_from(&first).map(|(at, _)| *at);
        from.take_while(|at| at.topic == topic).collect()
    }

    pub(crate) fn apply_partition(
        &mut self,
        cx: &mut Cx<'_>,
        before: &Image,
        at: TopicIdPartition,
        configs: &mut Configs,
    ) {
        let Some(registration) = self.image.partition(at).cloned() else { return };
        if !registration.replicas.contains(&self.id()) {
            return self.delete_partition(cx, at);
        }
        let config = configs.of(self, at.topic);
        if !self.open_partition(cx, at, config) {
            return;
        }
        let previous = before.partition(at).and_then(|partition| partition.leader);
        if registration.leader == Some(self.id()) {
            let min_insync_replicas = config.min_insync_replicas;
            self.lead(cx, at, Leadership { registration, previous, min_insync_replicas });
        } else {
            self.follow_leader(cx, at, &registration);
        }
    }

    fn lead(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, leadership: Leadership) {
        self.unfollow(at);
        let Leadership { registration, previous, min_insync_replicas } = leadership;
        let registrations: FlatMap<BrokerId, Registration> =
            registration.replicas.iter().map(|&id| (id, self.registration_of(id))).collect();
        let leader_config = LeaderConfig {
            local: self.id(),
            lag_time_max: self.wires.config.replication.lag_time_max,
            min_insync_replicas,
            switches: self.wires.switches,
        };
        let Some(partition) = self.partitions.get_mut(&at) else { return };
        let (was_leader, old_epoch) = (partition.is_leader(), partition.leader_epoch());
        let change = partition.become_leader(cx, leader_config, &assignment(&registration), previous);
        for (id, registration) in registrations {
            partition.set_registration(id, registration);
        }
        partition.advance_high_watermark(cx);
        let is_new_epoch = partition.leader_epoch() > old_epoch;
        if is_new_epoch {
            let log = partition.log();
            checkpoints::write_epochs(cx.store, log.directory(), log.epochs().entries());
        }
        self.note_change(cx, at, change);
        if !was_leader {
            self.coordinator_elected(cx, at);
        }
    }

    fn follow_leader(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, registration: &PartitionRegistration) {
        let Some(partition) = self.partitions.get_mut(&at) else { return };
        let (was_leader, name) = (partition.is_leader(), partition.name().clone());
        let change = partition.become_follower(cx, &assignment(registration), registration.leader);
        self.note_change(cx, at, change);
        if was_leader {
            self.coordinator_resigned(cx, &name);
        }
        match registration.leader.filter(|&leader| self.image.broker(leader).is_some()) {
            Some(leader) => self.follow(at, leader, registration.leader_epoch),
            None => self.unfollow(at),
        }
    }

    /// Opens the log of a partition that is not open yet. `false`: the disk fails.
    fn open_partition(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, config: &TopicConfig) -> bool {
        if self.partitions.contains_key(&at) {
            return true;
        }
        let Some(name) = self.image.named(at) else { return false };
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
            config: LogConfig { switches: self.wires.switches, ..log_config(config) },
            log_start: checkpointed(&self.checkpointed.log_starts),
            high_watermark: checkpointed(&self.checkpointed.high_watermarks),
            shutdown: self.lifecycle.last_shutdown(),
            wall: cx.wall,
            directory,
        };
        let Ok(mut log) = Log::open(cx.store, setup) else { return false };
        if !is_new {
            recall_latest_epoch(cx, &mut log);
        }
        self.partitions.insert(at, Shared::new(Partition::new(at, name, log, self.wires.switches)));
        true
    }

    /// The partition is no longer this broker's: waiters are told, the files go.
    fn delete_partition(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        let Some(partition) = self.partitions.remove(&at) else { return };
        self.unfollow(at);
        if partition.is_leader() {
            self.coordinator_resigned(cx, partition.name());
        }
        checkpoints::remove_directory(cx.store, partition.log().directory());
        self.checkpointed.high_watermarks.remove(partition.name());
        self.checkpointed.log_starts.remove(partition.name());
        self.touch(at);
    }

    fn apply_brokers(&mut self, brokers: &FlatSet<BrokerId>) {
        for &id in brokers {
            let registration = self.registration_of(id);
            let led: Vec<TopicIdPartition> = self
                .partitions
                .iter()
                .filter(|(_, partition)| partition.leader().is_some_and(|leader| leader.follower(id).is_some()))
                .map(|(at, _)| *at)
                .collect();
            for at in led {
                if let Some(partition) = self.partitions.get_mut(&at) {
                    partition.set_registration(id, registration);
                }
            }
        }
    }

    fn registration_of(&self, id: BrokerId) -> Registration {
        match self.image.broker(id) {
            Some(broker) if broker.is_active() => Registration::Active { broker_epoch: broker.epoch },
            Some(broker) => Registration::Inactive { broker_epoch: broker.epoch },
            None => Registration::Absent,
        }
    }

    fn apply_configs(&mut self, delta: &Delta, configs: &mut Configs) {
        let mut meant: Vec<TopicIdPartition> = Vec::new();
        for resource in &delta.configs {
            match resource {
                ConfigResource::Topic(name) => {
                    meant.extend(self.image.topic_id(name).into_iter().flat_map(|topic| self.partitions_of(topic)));
                }
                ConfigResource::Broker(id) if id.is_none_or(|id| id == self.id()) => {
                    meant.extend(self.partitions.keys());
                }
                ConfigResource::Broker(_) => {}
            }
        }
        for at in meant {
            let config = configs.of(self, at.topic);
            let log = LogConfig { switches: self.wires.switches, ..log_config(config) };
            if let Some(partition) = self.partitions.get_mut(&at) {
                partition.set_config(log, config.min_insync_replicas);
            }
        }
    }

    /// A topic's settings: its own, over this broker's, over the cluster's, over `server.properties`.
    pub fn topic_config(&self, topic: TopicId) -> TopicConfig {
        let own = self.image.topic_name(topic).map(|name| self.image.topic_configs(name)).unwrap_or_default();
        let mut of_broker = self.setup.overrides.clone();
        for resource in [ConfigResource::Broker(None), ConfigResource::Broker(Some(self.id()))] {
            if let Some(set) = self.image.configs(&resource) {
                of_broker.extend(set.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        // The controller checked what is in the log; what it could not know falls back to ours.
        TopicConfig::resolve(&own, &of_broker).unwrap_or_else(|_| self.wires.config.topic_defaults.clone())
    }
}

/// What makes this broker the leader of a partition.
struct Leadership {
    registration: PartitionRegistration,
    /// Who led before.
    previous: Option<BrokerId>,
    min_insync_replicas: i32,
}

/// The settings of the topic that was looked at last: a batch speaks of one topic after the other, and a topic may have
/// thousands of partitions.
#[derive(Default)]
pub(crate) struct Configs(Option<(TopicId, TopicConfig)>);

impl Configs {
    fn of(&mut self, broker: &Broker, topic: TopicId) -> &TopicConfig {
        let known = self.0.take().filter(|(known, _)| *known == topic);
        let (_, config) = self.0.insert(known.unwrap_or_else(|| (topic, broker.topic_config(topic))));
        config
    }
}

fn assignment(registration: &PartitionRegistration) -> Assignment {
    Assignment {
        leader_epoch: registration.leader_epoch,
        partition_epoch: registration.partition_epoch,
        replicas: registration.replicas.clone(),
        isr: registration.isr.clone(),
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

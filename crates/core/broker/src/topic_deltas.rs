//! Carrying out what the metadata log says: becoming leader or follower, opening and deleting logs,
//! new settings, brokers that come and go.
//!
//! Kafka: `BrokerMetadataPublisher`, `ReplicaManager.applyDelta`, `TopicDelta`. A batch of committed
//! records is applied to the image first; partitions then follow the difference.

use crate::broker::Broker;
use crate::checkpoints;
use crate::lifecycle::BrokerState;
use crate::partition::{Assignment, LeaderConfig, Registration};
use crate::publishing::{Publication, Then};
use crate::replicas::{Leadership, Led, Opened, Opening};
use api::ConfigResource;
use base::{BrokerId, FlatSet, Offset, Str, TopicId, TopicIdPartition};
use config::TopicConfig;
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
    /// What a batch of records touches, each thing once.
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
            // Which partitions that changes is not in the record.
            | MetadataRecord::ClearElr { .. } => {}
        }
    }

    /// A cleared ELR changes each partition that had one, and its epoch (`TopicDelta.replay(ClearElrRecord)`): who leads it
    /// has to know, or what it proposes next is refused.
    fn note_cleared(&mut self, records: &[(Offset, MetadataRecord)], before: &Image) {
        let cleared = records.iter().filter_map(|(_, record)| {
            // Records of other kinds are the other rules' business.
            let MetadataRecord::ClearElr { topic } = record else { return None };
            Some(topic)
        });
        let names: Vec<&Str> = cleared.collect();
        if names.is_empty() {
            return;
        }
        for (at, registration) in before.partitions() {
            let had_one = !registration.elr.is_empty() || !registration.last_known_elr.is_empty();
            let name = before.topic_name(at.topic);
            let is_meant = names.iter().any(|meant| meant.is_empty() || name == Some(*meant));
            if had_one && is_meant {
                self.partitions.insert(at);
            }
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
        let (offset, _) = records.last().expect("the quorum hands over at least one record");
        let before = self.image.clone();
        for (offset, record) in records {
            self.image.apply(*offset, record);
        }
        let mut delta = Delta::of(records);
        delta.note_cleared(records, &before);
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

    /// Logs of topics that were deleted, or moved elsewhere, while this broker was away.
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

    /// Deletions first: a topic made anew must not find the old one's files.
    fn begin_delta(&mut self, cx: &mut Cx<'_>, publication: Publication) {
        self.apply_brokers(&publication.delta.brokers);
        for &topic in &publication.delta.deleted {
            for at in self.replicas.of_topic(topic) {
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

    pub(crate) fn apply_partition(
        &mut self,
        cx: &mut Cx<'_>,
        before: &Image,
        at: TopicIdPartition,
        configs: &mut Configs,
    ) {
        // Its topic was created and deleted by the same batch of metadata.
        let Some(registration) = self.image.partition(at).cloned() else { return };
        if !registration.replicas.contains(&self.id()) {
            return self.delete_partition(cx, at);
        }
        let config = configs.of(self, at.topic);
        let (shutdown, switches) = (self.lifecycle.last_shutdown(), self.wires.switches);
        let opening = Opening { name: self.image.named(at), config, shutdown, switches };
        if self.replicas.open(cx, at, opening) == Opened::Not {
            return;
        }
        if registration.leader == Some(self.id()) {
            let previous = before.partition(at).and_then(|partition| partition.leader);
            let leadership = self.leadership(&registration, previous, config.min_insync_replicas);
            self.lead(cx, at, leadership);
        } else {
            self.follow_leader(cx, at, &registration);
        }
    }

    /// What the metadata says of a partition that this broker leads.
    fn leadership(
        &self,
        registration: &PartitionRegistration,
        previous: Option<BrokerId>,
        min_insync_replicas: i32,
    ) -> Leadership {
        let registrations = registration.replicas.iter().map(|&id| (id, self.registration_of(id))).collect();
        let config = LeaderConfig {
            local: self.id(),
            lag_time_max: self.wires.config.replication.lag_time_max,
            min_insync_replicas,
            switches: self.wires.switches,
        };
        Leadership { config, assignment: assignment(registration), previous, registrations }
    }

    fn lead(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, leadership: Leadership) {
        self.replica_fetchers.unfollow(&mut self.wires, at);
        if self.replicas.lead(cx, at, leadership) == Some(Led::Not) {
            self.coordinator_elected(cx, at);
        }
    }

    /// Copies from the leader; from nobody while there is none, or none that is registered.
    fn follow_leader(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, registration: &PartitionRegistration) {
        let led = self.replicas.follow(cx, at, &assignment(registration), registration.leader);
        let led = led.expect("its log was opened just now");
        if led == Led::Before
            && let Some(partition) = self.replicas.get(at)
        {
            let name = partition.name().clone();
            self.coordinator_resigned(cx, &name);
        }
        match registration.leader.filter(|&leader| self.image.broker(leader).is_some()) {
            Some(leader) => self.replica_fetchers.follow(&mut self.wires, at, leader, registration.leader_epoch),
            None => self.replica_fetchers.unfollow(&mut self.wires, at),
        }
    }

    /// The partition is no longer this broker's: waiters are told, the files go.
    fn delete_partition(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        // It was another broker's, or its log could not be opened.
        let Some(partition) = self.replicas.delete(cx, at) else { return };
        self.replica_fetchers.unfollow(&mut self.wires, at);
        if partition.is_leader() {
            self.coordinator_resigned(cx, partition.name());
        }
    }

    fn apply_brokers(&mut self, brokers: &FlatSet<BrokerId>) {
        for &id in brokers {
            let registration = self.registration_of(id);
            self.replicas.set_registration(id, registration);
        }
    }

    /// As the ISR rules ask for it (KIP-841, KIP-903).
    fn registration_of(&self, id: BrokerId) -> Registration {
        match self.image.broker(id) {
            Some(broker) if broker.is_active() => Registration::Active { broker_epoch: broker.epoch },
            Some(broker) => Registration::Inactive { broker_epoch: broker.epoch },
            None => Registration::Absent,
        }
    }

    /// A setting of the cluster or of this broker concerns every topic without one of its own.
    fn apply_configs(&mut self, delta: &Delta, configs: &mut Configs) {
        let mut meant: Vec<TopicIdPartition> = Vec::new();
        for resource in &delta.configs {
            match resource {
                ConfigResource::Topic(name) => {
                    meant.extend(self.image.topic_id(name).into_iter().flat_map(|topic| self.replicas.of_topic(topic)));
                }
                ConfigResource::Broker(id) if id.is_none_or(|id| id == self.id()) => {
                    meant.extend(self.replicas.partitions().keys());
                }
                ConfigResource::Broker(_) => {}
            }
        }
        for at in meant {
            let config = configs.of(self, at.topic);
            self.replicas.set_config(at, config, self.wires.switches);
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

//! What the metadata log adds up to: brokers, topics, configs, features, producer ids
//! (`MetadataImage` and the controller's own tables in one).
//!
//! Maps are shared copy-on-write and nested, so that cloning an image costs a few pointers and an
//! older snapshot never changes. Readers get references; only [`Image::apply`] writes.

use crate::{
    BrokerRegistrationChange, ConfigChange, MetadataRecord, PartitionChange, PartitionRecord, PartitionRegistration,
    RegisterBroker, feature,
};
use api::ConfigResource;
use base::{
    BlockMap, BlockWitness, BrokerId, Endpoints, ErrorCode, FlatMap, Offset, PartitionId, Shared, Str, TopicId,
    TopicIdPartition, TopicPartition, Witness,
};

/// The state of a cluster after a prefix of the metadata log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    brokers: Shared<FlatMap<BrokerId, Shared<BrokerRegistration>>>,
    topics: BlockMap<TopicId, Shared<TopicImage>>,
    ids: BlockMap<Str, TopicId>,
    configs: BlockMap<ConfigResource, FlatMap<Str, Str>>,
    features: Shared<FlatMap<Str, i16>>,
    next_producer_id: i64,
    last_applied: Offset,
}

/// Has seen an image; which record was applied last does not count.
#[derive(Clone, Debug)]
pub struct ImageWitness {
    brokers: Witness<FlatMap<BrokerId, Shared<BrokerRegistration>>>,
    topics: BlockWitness<TopicId, Shared<TopicImage>>,
    configs: BlockWitness<ConfigResource, FlatMap<Str, Str>>,
}

impl ImageWitness {
    /// Does the image say the same of brokers, topics and settings, because nobody has changed it?
    pub fn saw(&self, image: &Image) -> bool {
        self.brokers.saw(&image.brokers) && self.topics.saw(&image.topics) && self.configs.saw(&image.configs)
    }
}

/// A registered broker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BrokerRegistration {
    pub id: BrokerId,
    /// Where the batch of its registration began.
    pub epoch: i64,
    pub incarnation: u128,
    pub endpoints: Endpoints,
    pub rack: Option<Str>,
    pub fenced: bool,
    pub in_controlled_shutdown: bool,
    pub log_dirs: Vec<u128>,
    /// The offset of that very record; the epoch may be a little less when partitions changed in
    /// the same batch. A broker may be unfenced once it has replayed so far.
    pub registered_at: Offset,
    /// `None` until the broker has said which it keeps closed to new replicas.
    pub cordoned_log_dirs: Option<Vec<u128>>,
}

impl BrokerRegistration {
    /// May it lead and be in an ISR: neither fenced nor leaving?
    pub fn is_active(&self) -> bool {
        !self.fenced && !self.in_controlled_shutdown
    }
}

/// A topic and its partitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicImage {
    pub name: Str,
    pub id: TopicId,
    pub partitions: FlatMap<PartitionId, Shared<PartitionRegistration>>,
}

impl Default for Image {
    fn default() -> Self {
        Image {
            brokers: Shared::default(),
            topics: BlockMap::new(),
            ids: BlockMap::new(),
            configs: BlockMap::new(),
            features: Shared::default(),
            next_producer_id: 0,
            last_applied: Offset::UNDEFINED,
        }
    }
}

impl Image {
    /// Replays the record at `offset`. The only way to change an image.
    ///
    /// # Panics
    /// When the record names a topic, partition or broker that is not there: the log is written by
    /// a controller that checked, so that is a fault of ours.
    pub fn apply(&mut self, offset: Offset, record: &MetadataRecord) {
        match record {
            MetadataRecord::RegisterBroker(record) => self.register_broker(offset, record),
            MetadataRecord::UnregisterBroker { broker, .. } => {
                self.brokers.remove(broker);
            }
            MetadataRecord::BrokerRegistrationChange(change) => self.change_broker(change),
            MetadataRecord::Topic { name, id } => self.add_topic(name, *id),
            MetadataRecord::Partition(record) => self.add_partition(record),
            MetadataRecord::PartitionChange(change) => self.change_partition(change),
            MetadataRecord::RemoveTopic { id } => self.remove_topic(*id),
            MetadataRecord::Config(change) => self.change_config(change),
            MetadataRecord::FeatureLevel { name, level } => self.set_feature(name, *level),
            MetadataRecord::ProducerIds { next, .. } => self.next_producer_id = *next,
            MetadataRecord::NoOp | MetadataRecord::BeginTransaction { .. } | MetadataRecord::EndTransaction => {}
            MetadataRecord::ClearElr { topic } => self.clear_elr(topic),
        }
        self.last_applied = offset;
    }

    /// Knows this image again until a record changes what it says of brokers, topics or settings.
    pub fn witness(&self) -> ImageWitness {
        ImageWitness { brokers: self.brokers.witness(), topics: self.topics.witness(), configs: self.configs.witness() }
    }

    /// The offset of the last record applied; −1 before the first.
    pub fn last_applied(&self) -> Offset {
        self.last_applied
    }

    /// Has nothing been applied yet?
    pub fn is_empty(&self) -> bool {
        self.last_applied == Offset::UNDEFINED
    }

    // Brokers.

    /// Every registered broker, by id.
    pub fn brokers(&self) -> impl Iterator<Item = &BrokerRegistration> {
        self.brokers.values().map(|broker| &**broker)
    }

    /// Registered, fenced or not.
    pub fn broker(&self, id: BrokerId) -> Option<&BrokerRegistration> {
        self.brokers.get(&id).map(|broker| &**broker)
    }

    /// Registered, not fenced and not leaving.
    pub fn is_active(&self, id: BrokerId) -> bool {
        self.broker(id).is_some_and(BrokerRegistration::is_active)
    }

    // Topics.

    /// Every topic, by name.
    pub fn topics(&self) -> impl Iterator<Item = &TopicImage> {
        self.ids.values().map(|id| &*self.topics[id])
    }

    /// By id: names are used again, ids never are.
    pub fn topic(&self, id: TopicId) -> Option<&TopicImage> {
        self.topics.get(&id).map(|topic| &**topic)
    }

    /// By its present name.
    pub fn topic_by_name(&self, name: &str) -> Option<&TopicImage> {
        self.topic(*self.ids.get(name)?)
    }

    /// `None`: there is no such topic now.
    pub fn topic_id(&self, name: &str) -> Option<TopicId> {
        self.ids.get(name).copied()
    }

    /// Why a topic of that name cannot be looked at: the name is not legal, or it is not there. Kafka's sentence for the
    /// latter is none.
    pub fn missing_topic(&self, name: &str) -> Option<(ErrorCode, Str)> {
        if let Err(message) = crate::topic_name::validate(name) {
            return Some((ErrorCode::InvalidTopicException, message));
        }
        self.topic_id(name).is_none().then(|| (ErrorCode::UnknownTopicOrPartition, Str::from("")))
    }

    /// `None`: it was deleted, or never was.
    pub fn topic_name(&self, id: TopicId) -> Option<&Str> {
        self.topics.get(&id).map(|topic| &topic.name)
    }

    /// Who leads it, who has it, who is in sync.
    pub fn partition(&self, id: TopicIdPartition) -> Option<&PartitionRegistration> {
        self.topics.get(&id.topic)?.partitions.get(&id.partition).map(|partition| &**partition)
    }

    /// Every partition, by topic name and number.
    pub fn partitions(&self) -> impl Iterator<Item = (TopicIdPartition, &PartitionRegistration)> {
        self.topics().flat_map(|topic| {
            let id = topic.id;
            topic
                .partitions
                .iter()
                .map(move |(number, partition)| (TopicIdPartition { topic: id, partition: *number }, &**partition))
        })
    }

    /// Every topic that may differ from the earlier image's; those that are gone are not among them.
    pub fn topics_since<'a>(&'a self, earlier: &'a Image) -> impl Iterator<Item = &'a TopicImage> {
        let is_same =
            |id: &TopicId, topic: &Shared<TopicImage>| earlier.topics.get(id).is_some_and(|old| old.same(topic));
        let changed = self.topics.changed_since(&earlier.topics);
        changed.filter(move |(id, topic)| !is_same(id, topic)).map(|(_, topic)| &**topic)
    }

    /// The partition's name, as people know it, if its topic exists.
    pub fn named(&self, id: TopicIdPartition) -> Option<TopicPartition> {
        Some(TopicPartition { topic: self.topic_name(id.topic)?.clone(), partition: id.partition })
    }

    // Configs, features, producer ids.

    /// What was set on the resource itself, by name.
    pub fn configs(&self, resource: &ConfigResource) -> Option<&FlatMap<Str, Str>> {
        self.configs.get(resource)
    }

    /// What was set on any resource.
    pub(crate) fn all_configs(&self) -> impl Iterator<Item = (&ConfigResource, &FlatMap<Str, Str>)> {
        self.configs.iter()
    }

    /// What was set on the resource itself; what it falls back to is the business of `config`.
    pub fn config(&self, resource: &ConfigResource, name: &str) -> Option<&Str> {
        self.configs.get(resource)?.get(name)
    }

    /// Configs set on the topic itself; empty when none are.
    pub fn topic_configs(&self, name: &Str) -> FlatMap<Str, Str> {
        self.configs(&ConfigResource::Topic(name.clone())).cloned().unwrap_or_default()
    }

    /// The feature's level; 0 when it is off or unknown.
    pub fn feature(&self, name: &str) -> i16 {
        self.features.get(name).copied().unwrap_or(0)
    }

    /// Finalized levels: what all nodes have agreed to write.
    pub fn features(&self) -> &FlatMap<Str, i16> {
        &self.features
    }

    /// Are eligible leader replicas on (KIP-966)?
    pub fn elr_enabled(&self) -> bool {
        self.feature(feature::ELIGIBLE_LEADER_REPLICAS) > 0
    }

    /// The level of `metadata.version`.
    pub fn metadata_version(&self) -> i16 {
        self.feature(feature::METADATA_VERSION)
    }

    /// Where the next block of producer ids starts.
    pub fn next_producer_id(&self) -> i64 {
        self.next_producer_id
    }

    // Replay.

    /// Whatever an earlier registration of that id said is gone: a broker that comes back is fenced and has said
    /// nothing of its directories.
    fn register_broker(&mut self, offset: Offset, record: &RegisterBroker) {
        let registration = BrokerRegistration {
            id: record.broker,
            epoch: record.broker_epoch,
            incarnation: record.incarnation,
            endpoints: record.endpoints.clone(),
            rack: record.rack.clone(),
            fenced: record.fenced,
            in_controlled_shutdown: record.in_controlled_shutdown,
            log_dirs: record.log_dirs.clone(),
            registered_at: offset,
            cordoned_log_dirs: None,
        };
        self.brokers.insert(record.broker, Shared::new(registration));
    }

    /// `None` fields stay (`BrokerRegistration.cloneWith`).
    fn change_broker(&mut self, change: &BrokerRegistrationChange) {
        let broker = self.brokers.get_mut(&change.broker).expect("a changed broker is registered");
        if let Some(fenced) = change.fenced {
            broker.fenced = fenced;
        }
        if let Some(leaving) = change.in_controlled_shutdown {
            broker.in_controlled_shutdown = leaving;
        }
        if let Some(cordoned) = &change.cordoned_log_dirs {
            broker.cordoned_log_dirs = Some(cordoned.clone());
        }
    }

    fn add_topic(&mut self, name: &Str, id: TopicId) {
        self.ids.insert(name.clone(), id);
        self.topics.insert(id, Shared::new(TopicImage { name: name.clone(), id, partitions: FlatMap::new() }));
    }

    fn topic_mut(&mut self, id: TopicId) -> &mut TopicImage {
        self.topics.get_mut(&id).expect("a record's topic exists")
    }

    fn add_partition(&mut self, record: &PartitionRecord) {
        let registration = Shared::new(record.registration.clone());
        self.topic_mut(record.topic).partitions.insert(record.partition, registration);
    }

    /// Fields that the record lacks stay; the partition epoch rises with every change
    /// (`PartitionRegistration.merge`).
    fn change_partition(&mut self, change: &PartitionChange) {
        let topic = self.topic_mut(change.topic);
        topic.partitions.get_mut(&change.partition).expect("a changed partition exists").apply(change);
    }

    /// Its settings go with it; there are no records for those (`ConfigurationControlManager.deleteTopicConfigs`).
    fn remove_topic(&mut self, id: TopicId) {
        if let Some(topic) = self.topics.remove(&id) {
            self.ids.remove(&topic.name);
            self.configs.remove(&ConfigResource::Topic(topic.name.clone()));
        }
    }

    fn change_config(&mut self, change: &ConfigChange) {
        let values = self.configs.get_or_insert_with(change.resource.clone(), FlatMap::new);
        match &change.value {
            Some(value) => values.insert(change.name.clone(), value.clone()),
            None => values.remove(&change.name),
        };
        // A resource without settings is as if it had never been named, so that equal clusters have equal images.
        if values.is_empty() {
            self.configs.remove(&change.resource);
        }
    }

    fn set_feature(&mut self, name: &Str, level: i16) {
        self.features.insert(name.clone(), level);
    }

    /// An empty name means every topic. Each partition that has any is changed as by a record of its own (its epoch grows).
    fn clear_elr(&mut self, name: &Str) {
        if name.is_empty() {
            let names: Vec<Str> = self.ids.keys().cloned().collect();
            return names.iter().for_each(|name| self.clear_elr(name));
        }
        let id = self.topic_id(name).expect("a record's topic exists");
        for (number, partition) in &mut self.topic_mut(id).partitions {
            if !partition.elr.is_empty() || !partition.last_known_elr.is_empty() {
                let (elr, last_known_elr) = (Some(Vec::new()), Some(Vec::new()));
                partition.apply(&PartitionChange { elr, last_known_elr, ..PartitionChange::of(id, *number) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_add_up_and_an_older_snapshot_does_not_change() {
        let (id, name) = (TopicId(7), Str::from("orders"));
        let mut image = Image::default();
        assert!(image.is_empty());
        image.apply(Offset(0), &MetadataRecord::Topic { name: name.clone(), id });
        let registration = PartitionRegistration::new(vec![BrokerId(1)], vec![BrokerId(1)]);
        image.apply(Offset(1), &MetadataRecord::Partition(PartitionRecord { topic: id, partition: 0, registration }));
        let before = image.clone();
        let gone = PartitionChange { leader: Some(BrokerId::NONE), ..PartitionChange::of(id, 0) };
        image.apply(Offset(2), &gone.into());
        let at = TopicIdPartition { topic: id, partition: 0 };
        assert_eq!(before.partition(at).and_then(|partition| partition.leader), Some(BrokerId(1)));
        assert_eq!(image.partition(at).and_then(|partition| partition.leader), None);
        image.apply(Offset(3), &MetadataRecord::RemoveTopic { id });
        assert_eq!((image.topic_by_name(&name), image.last_applied()), (None, Offset(3)));
    }

    #[test]
    fn a_config_without_a_value_is_gone() {
        let mut image = Image::default();
        let resource = ConfigResource::Broker(None);
        let set = |value: Option<&str>| {
            let (resource, name) = (resource.clone(), Str::from("min.insync.replicas"));
            MetadataRecord::Config(ConfigChange { resource, name, value: value.map(Str::from) })
        };
        image.apply(Offset(0), &set(Some("2")));
        assert_eq!(image.config(&resource, "min.insync.replicas").map(|value| &**value), Some("2"));
        image.apply(Offset(1), &set(None));
        assert_eq!(image.configs(&resource), None);
    }
}

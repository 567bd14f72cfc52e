//! What clients ask about the cluster: Metadata and FindCoordinator, answered from the image.
//!
//! Kafka: `KRaftMetadataCache`, `KafkaApis.handleTopicMetadataRequest`; semantics §21. Missing topics
//! are created by the controller, on our word, when auto.create.topics.enable says so.

use crate::broker::Broker;
use api::{
    CreatableTopic, FindCoordinatorRequest, FindCoordinatorResponse, MetadataBroker, MetadataRequest, MetadataResponse,
    MetadataTopic, PartitionMetadata, Response, TopicMetadata,
};
use base::{BrokerId, Draw, ErrorCode, PartitionId, Str, TopicId};
use config::BrokerConfig;
use metadata::{Image, PartitionRegistration, TopicImage, topic_name};
use port::{Cx, ReplyTo};

/// What is asked about the cluster, answered from an image of the metadata.
#[derive(Clone, Copy)]
struct Cluster<'a> {
    image: &'a Image,
    /// On which it was asked: brokers are named by their addresses there.
    listener: &'a str,
}

/// An answer to a Metadata request, and what it would have created.
struct Described {
    topics: Vec<TopicMetadata>,
    /// Topics that do not exist and could be created.
    missing: Vec<Str>,
}

impl Cluster<'_> {
    fn describe_all(self, request: &MetadataRequest) -> Described {
        let mut missing = Vec::new();
        let topics = match &request.topics {
            None => self.image.topics().map(|topic| self.describe(topic)).collect(),
            Some(wanted) => wanted.iter().map(|topic| self.describe_wanted(topic, &mut missing)).collect(),
        };
        Described { topics, missing }
    }

    fn live_brokers(self) -> Vec<MetadataBroker> {
        let live = self.image.brokers().filter(|broker| !broker.fenced);
        live.filter_map(|broker| {
            let endpoint = broker.endpoints.of(self.listener)?.clone();
            Some(MetadataBroker { id: broker.id, endpoint, rack: broker.rack.clone() })
        })
        .collect()
    }

    /// Has it an address there? (`KRaftMetadataCache.getAliveEndpoint`)
    fn is_reached(self, broker: BrokerId) -> bool {
        self.image.broker(broker).is_some_and(|broker| broker.endpoints.of(self.listener).is_some())
    }

    fn is_live(self, broker: BrokerId) -> bool {
        self.image.broker(broker).is_some_and(|broker| !broker.fenced)
    }

    fn describe_wanted(self, wanted: &MetadataTopic, missing: &mut Vec<Str>) -> TopicMetadata {
        let (found, name, id) = match wanted {
            MetadataTopic::Name(name) => (self.image.topic_by_name(name), name.clone(), TopicId::ZERO),
            MetadataTopic::Id(id) => (self.image.topic(*id), Str::from(""), *id),
        };
        if let Some(topic) = found {
            return self.describe(topic);
        }
        let error = match wanted {
            MetadataTopic::Id(_) => ErrorCode::UnknownTopicId,
            MetadataTopic::Name(name) if topic_name::validate(name).is_err() => ErrorCode::InvalidTopicException,
            MetadataTopic::Name(name) => {
                missing.push(name.clone());
                ErrorCode::UnknownTopicOrPartition
            }
        };
        let is_internal = topic_name::is_internal(&name);
        TopicMetadata { error, name, topic_id: id, is_internal, partitions: Vec::new() }
    }

    fn describe(self, topic: &TopicImage) -> TopicMetadata {
        let partitions = topic.partitions.iter();
        TopicMetadata {
            error: ErrorCode::None,
            name: topic.name.clone(),
            topic_id: topic.id,
            is_internal: topic_name::is_internal(&topic.name),
            partitions: partitions.map(|(number, partition)| self.describe_partition(*number, partition)).collect(),
        }
    }

    fn describe_partition(self, number: PartitionId, partition: &PartitionRegistration) -> PartitionMetadata {
        let known = partition.leader.filter(|&leader| self.is_live(leader));
        let leader = known.filter(|&leader| self.is_reached(leader));
        let offline = partition.replicas.iter().copied().filter(|&id| !self.is_live(id) || !self.is_reached(id));
        PartitionMetadata {
            error: match (leader, known) {
                (Some(_), _) => ErrorCode::None,
                (None, Some(_)) => ErrorCode::ListenerNotFound,
                (None, None) => ErrorCode::LeaderNotAvailable,
            },
            partition: number,
            leader: leader.unwrap_or(BrokerId::NONE),
            leader_epoch: partition.leader_epoch,
            replicas: partition.replicas.clone(),
            isr: partition.isr.clone(),
            offline_replicas: offline.collect(),
        }
    }

    /// The live leader of the group's partition of the offsets topic.
    fn coordinator_of(self, group: &str) -> Option<(BrokerId, base::Endpoint)> {
        let topic =
            self.image.topic_by_name(topic_name::GROUP_METADATA).filter(|topic| !topic.partitions.is_empty())?;
        let number = coordinator::partition_for(group, topic.partitions.len() as i32);
        let leader = topic.partitions.get(&number)?.leader.filter(|&leader| self.is_live(leader))?;
        Some((leader, self.image.broker(leader)?.endpoints.of(self.listener)?.clone()))
    }
}

/// How a missing topic is created: as the broker's settings say, the offsets topic as the
/// coordinator's (`DefaultAutoTopicCreationManager.creatableTopic`).
fn topic_to_create(config: &BrokerConfig, name: &Str) -> CreatableTopic {
    let groups = &config.groups;
    let mut topic = CreatableTopic {
        name: name.clone(),
        num_partitions: config.num_partitions,
        replication_factor: i16::try_from(config.default_replication_factor).unwrap_or(i16::MAX),
        assignments: Vec::new(),
        configs: Vec::new(),
    };
    if &**name == topic_name::GROUP_METADATA {
        topic.num_partitions = groups.offsets_topic_partitions;
        topic.replication_factor = groups.offsets_topic_replication_factor;
        let segment_bytes = groups.offsets_topic_segment_bytes.to_string();
        let configs =
            [("cleanup.policy", "compact"), ("compression.type", "producer"), ("segment.bytes", &*segment_bytes)];
        topic.configs = configs.map(|(name, value)| (name.into(), Some(value.into()))).to_vec();
    }
    topic
}

impl Broker {
    /// What whoever asks there is told.
    fn seen_from(&self, reply: ReplyTo) -> Cluster<'_> {
        Cluster { image: &self.image, listener: self.wires.listeners.name(reply.listener) }
    }

    pub(crate) fn on_metadata_request(
        &mut self,
        cx: &mut Cx<'_>,
        (reply, client_id): (ReplyTo, &Str),
        request: &MetadataRequest,
    ) {
        let Described { topics, missing } = self.seen_from(reply).describe_all(request);
        if request.allow_auto_topic_creation && self.wires.config.auto_create_topics_enable {
            for name in missing {
                let topic = topic_to_create(&self.wires.config, &name);
                self.create_topic(cx, client_id, topic);
            }
        }
        let brokers = self.seen_from(reply).live_brokers();
        let drawn = cx.rng.below(brokers.len() as u32) as usize;
        let controller_id = brokers.get(drawn).map_or(BrokerId::NONE, |broker| broker.id);
        let cluster_id = self.setup.cluster_id.clone();
        let response = MetadataResponse { brokers, cluster_id, controller_id, topics };
        cx.respond(reply, Response::Metadata(response));
    }

    pub(crate) fn on_find_coordinator(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &FindCoordinatorRequest) {
        let response = match self.seen_from(reply).coordinator_of(&request.group) {
            Some((node, endpoint)) => {
                FindCoordinatorResponse { error: ErrorCode::None, error_message: None, node, endpoint: Some(endpoint) }
            }
            None => FindCoordinatorResponse {
                error: ErrorCode::CoordinatorNotAvailable,
                error_message: Some("The coordinator is not available.".into()),
                node: BrokerId::NONE,
                endpoint: None,
            },
        };
        if self.image.topic_id(topic_name::GROUP_METADATA).is_none() {
            let topic = topic_to_create(&self.wires.config, &topic_name::GROUP_METADATA.into());
            // Kafka gives no context here: the broker asks in its own name.
            let own = self.wires.client_id.clone();
            self.create_topic(cx, &own, topic);
        }
        cx.respond(reply, Response::FindCoordinator(response));
    }
}

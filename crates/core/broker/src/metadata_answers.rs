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
pub(crate) struct Cluster<'a> {
    pub(crate) image: &'a Image,
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

    /// Whom requests for the controller go to: any broker, whether or not it is reached there
    /// (`KRaftMetadataCache.getRandomAliveBrokerId`).
    pub(crate) fn any_live(self, cx: &mut Cx<'_>) -> BrokerId {
        let live: Vec<BrokerId> =
            self.image.brokers().filter(|broker| !broker.fenced).map(|broker| broker.id).collect();
        let drawn = cx.rng.below(live.len() as u32) as usize;
        live.get(drawn).copied().unwrap_or(BrokerId::NONE)
    }

    /// The leader where it lives and is reached, and why there is none.
    pub(crate) fn leader_of(self, partition: &PartitionRegistration) -> (ErrorCode, BrokerId) {
        match partition.leader.filter(|&leader| self.is_live(leader)) {
            Some(leader) if self.is_reached(leader) => (ErrorCode::None, leader),
            Some(_) => (ErrorCode::ListenerNotFound, BrokerId::NONE),
            None => (ErrorCode::LeaderNotAvailable, BrokerId::NONE),
        }
    }

    /// Those that do not live, or are not reached there (`KRaftMetadataCache.getOfflineReplicas`).
    pub(crate) fn offline_replicas(self, partition: &PartitionRegistration) -> Vec<BrokerId> {
        partition.replicas.iter().copied().filter(|&id| !self.is_live(id) || !self.is_reached(id)).collect()
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
        let (error, leader) = self.leader_of(partition);
        PartitionMetadata {
            error,
            partition: number,
            leader,
            leader_epoch: partition.leader_epoch,
            replicas: partition.replicas.clone(),
            isr: partition.isr.clone(),
            offline_replicas: self.offline_replicas(partition),
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
    pub(crate) fn seen_from(&self, reply: ReplyTo) -> Cluster<'_> {
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
        let controller_id = self.seen_from(reply).any_live(cx);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, endpoint};
    use crate::looking::describe_topics;
    use api::DescribeTopicPartitionsRequest;
    use base::{Endpoints, Offset};
    use metadata::{MetadataRecord, PartitionRecord, RegisterBroker};

    const TOPIC: TopicId = TopicId(7);

    /// Brokers 1 and 2 have both listeners, 3 has but the brokers' own, 4 is fenced. Each leads a partition, and nobody the fifth.
    fn image() -> Image {
        let mut image = Image::default();
        for broker in 1..=4 {
            let names = if broker == 3 { &["INTERNAL"][..] } else { &["INTERNAL", "EXTERNAL"] };
            let endpoints = names.iter().zip(1..).map(|(name, port)| (Str::from(*name), endpoint(port))).collect();
            let registration = RegisterBroker {
                broker: BrokerId(broker),
                incarnation: 1,
                broker_epoch: 9,
                endpoints: Endpoints::new(endpoints),
                rack: None,
                fenced: broker == 4,
                in_controlled_shutdown: false,
                log_dirs: Vec::new(),
            };
            image.apply(Offset(i64::from(broker)), &MetadataRecord::RegisterBroker(registration));
        }
        image.apply(Offset(5), &MetadataRecord::Topic { name: "t".into(), id: TOPIC });
        for partition in 0..5 {
            let all: Vec<BrokerId> = (0..4).map(|at| BrokerId((partition + at) % 4 + 1)).collect();
            let mut registration = PartitionRegistration::new(all.clone(), all);
            registration.leader = registration.leader.filter(|_| partition < 4);
            let record = PartitionRecord { topic: TOPIC, partition, registration };
            image.apply(Offset(6 + i64::from(partition)), &MetadataRecord::Partition(record));
        }
        image
    }

    #[test]
    fn a_leader_without_the_listener_is_none_for_whoever_asks_there() {
        let image = image();
        let (none, gone) = (BrokerId::NONE, ErrorCode::LeaderNotAvailable);
        let hidden = (ErrorCode::ListenerNotFound, none);
        let led = |broker| (ErrorCode::None, BrokerId(broker));
        let rows = [
            ("EXTERNAL", [led(1), led(2), hidden, (gone, none), (gone, none)], vec![3, 4]),
            ("INTERNAL", [led(1), led(2), led(3), (gone, none), (gone, none)], vec![4]),
            ("NOBODYS", [hidden, hidden, hidden, (gone, none), (gone, none)], vec![1, 2, 3, 4]),
        ];
        for (listener, leaders, offline) in rows {
            let cluster = Cluster { image: &image, listener };
            let told = cluster.describe(image.topic(TOPIC).expect("there"));
            let found: Vec<_> = told.partitions.iter().map(|each| (each.error, each.leader)).collect();
            assert_eq!(found, leaders, "{listener}");
            let request = DescribeTopicPartitionsRequest { topics: vec!["t".into()], limit: 100, cursor: None };
            let described = describe_topics(cluster, &request).topics.remove(0);
            // There it is said by the leader alone.
            let found: Vec<_> = described.partitions.iter().map(|each| (each.error, each.leader)).collect();
            assert_eq!(found, leaders.map(|(_, leader)| (ErrorCode::None, leader)), "{listener}");
            let offline: Vec<BrokerId> = offline.into_iter().map(BrokerId).collect();
            for (one, other) in told.partitions.iter().zip(&described.partitions) {
                for found in [&one.offline_replicas, &other.offline_replicas] {
                    let mut found = found.clone();
                    base::sort_by(&mut found, Ord::cmp);
                    assert_eq!(found, offline, "{listener}");
                }
            }
        }
    }

    #[test]
    fn any_broker_that_lives_is_called_the_controller() {
        let image = image();
        let drawn = |image: &Image, seed| {
            let mut bench = Bench::new(seed);
            let cluster = Cluster { image, listener: "EXTERNAL" };
            bench.with(|cx, _, _| cluster.any_live(cx))
        };
        let found: base::FlatSet<BrokerId> = (0..40).map(|seed| drawn(&image, seed)).collect();
        assert_eq!(found.iter().map(|each| each.0).collect::<Vec<_>>(), [1, 2, 3], "reached there or not");
        assert_eq!(drawn(&Image::default(), 1), BrokerId::NONE);
    }
}

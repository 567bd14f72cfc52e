//! Metadata (3) and FindCoordinator (10).

use crate::body::ANSWERED_PARTITION;
use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, PartitionId, Str, TopicId};

/// What clients ask first, and again whenever somebody was not who they took it for.
#[derive(Clone, Debug, Hash)]
pub struct MetadataRequest {
    /// `None`: all topics.
    pub topics: Option<Vec<MetadataTopic>>,
    pub allow_auto_topic_creation: bool,
}

/// A topic asked for by name or (v12+) by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MetadataTopic {
    Name(Str),
    Id(TopicId),
}

/// The cluster as one broker knows it, which may be behind what the controller has decided.
#[derive(Clone, Debug, Hash)]
pub struct MetadataResponse {
    /// Live brokers only; fenced ones are absent.
    pub brokers: Vec<MetadataBroker>,
    pub cluster_id: Str,
    /// In KRaft a random live broker, not the active controller.
    pub controller_id: BrokerId,
    pub topics: Vec<TopicMetadata>,
}

/// Who can be connected to, and where on the listener that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MetadataBroker {
    pub id: BrokerId,
    pub endpoint: Endpoint,
    pub rack: Option<Str>,
}

/// A topic, or why there is nothing to say of it.
#[derive(Clone, Debug, Hash)]
pub struct TopicMetadata {
    pub error: ErrorCode,
    pub name: Str,
    pub topic_id: TopicId,
    pub is_internal: bool,
    pub partitions: Vec<PartitionMetadata>,
}

/// A partition. The leader epoch lets a client tell old news from new, whoever says it (KIP-320).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionMetadata {
    pub error: ErrorCode,
    pub partition: PartitionId,
    /// −1: none.
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    pub offline_replicas: Vec<BrokerId>,
}

/// FindCoordinator for a consumer group.
#[derive(Clone, Debug, Hash)]
pub struct FindCoordinatorRequest {
    pub group: Str,
}

/// The broker that leads the partition of `__consumer_offsets` which the group's name hashes to.
#[derive(Clone, Debug, Hash)]
pub struct FindCoordinatorResponse {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub node: BrokerId,
    pub endpoint: Option<Endpoint>,
}

// What they know of themselves: see `body`.

impl RequestBody for MetadataRequest {
    type Answer = MetadataResponse;

    /// Each topic that was named, and no broker.
    fn refused(&self, refusal: &Refusal) -> MetadataResponse {
        let refused = |topic: &MetadataTopic| {
            let (name, topic_id) = match topic {
                MetadataTopic::Name(name) => (name.clone(), TopicId::ZERO),
                MetadataTopic::Id(id) => (Str::from(""), *id),
            };
            TopicMetadata { error: refusal.error, name, topic_id, is_internal: false, partitions: Vec::new() }
        };
        let topics = self.topics.iter().flatten().map(refused).collect();
        MetadataResponse { brokers: Vec::new(), cluster_id: Str::from(""), controller_id: BrokerId::NONE, topics }
    }
}

impl ResponseBody for MetadataResponse {
    fn size(&self) -> u32 {
        let partitions = |topic: &TopicMetadata| topic.partitions.len() as u32 * ANSWERED_PARTITION;
        let topics: u32 = self.topics.iter().map(|topic| 40 + partitions(topic)).sum();
        32 + self.brokers.len() as u32 * 32 + topics
    }
}

impl RequestBody for FindCoordinatorRequest {
    type Answer = FindCoordinatorResponse;

    fn refused(&self, refusal: &Refusal) -> FindCoordinatorResponse {
        let Refusal { error, message } = refusal.clone();
        FindCoordinatorResponse { error, error_message: message, node: BrokerId::NONE, endpoint: None }
    }
}

impl ResponseBody for FindCoordinatorResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

//! Metadata (3) and FindCoordinator (10).

use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, PartitionId, Str, TopicId};

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

#[derive(Clone, Debug, Hash)]
pub struct MetadataResponse {
    /// Live brokers only; fenced ones are absent.
    pub brokers: Vec<MetadataBroker>,
    pub cluster_id: Str,
    /// In KRaft a random live broker, not the active controller.
    pub controller_id: BrokerId,
    pub topics: Vec<TopicMetadata>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MetadataBroker {
    pub id: BrokerId,
    pub endpoint: Endpoint,
    pub rack: Option<Str>,
}

#[derive(Clone, Debug, Hash)]
pub struct TopicMetadata {
    pub error: ErrorCode,
    pub name: Str,
    pub topic_id: TopicId,
    pub is_internal: bool,
    pub partitions: Vec<PartitionMetadata>,
}

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

#[derive(Clone, Debug, Hash)]
pub struct FindCoordinatorResponse {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub node: BrokerId,
    pub endpoint: Option<Endpoint>,
}

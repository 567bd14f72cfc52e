//! Administration: CreateTopics (19), DeleteTopics (20), CreatePartitions (37),
//! IncrementalAlterConfigs (44), ElectLeaders (43). Brokers forward these to the active controller
//! inside an Envelope (58).

use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, ErrorCode, PartitionId, Span, Str, TopicId, TopicPartition};

/// Topics to be created, each by itself: one that is refused takes nothing from the others.
#[derive(Clone, Debug, Hash)]
pub struct CreateTopicsRequest {
    pub topics: Vec<CreatableTopic>,
    pub timeout: Span,
    pub validate_only: bool,
}

/// One topic as somebody wants it. A manual assignment says both numbers itself, so they must be −1 then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreatableTopic {
    pub name: Str,
    /// −1: num.partitions, or a manual assignment.
    pub num_partitions: i32,
    /// −1: default.replication.factor, or a manual assignment.
    pub replication_factor: i16,
    /// Manual assignment: partition and its replicas, preferred first. Empty: Kafka places them.
    pub assignments: Vec<(PartitionId, Vec<BrokerId>)>,
    pub configs: Vec<(Str, Option<Str>)>,
}

/// One result per topic, in the order of the request.
#[derive(Clone, Debug, Hash)]
pub struct CreateTopicsResponse {
    pub topics: Vec<CreatableTopicResult>,
}

/// What became of one topic. Id and numbers are told since v5 and v7 (KIP-525, KIP-516), and only on success.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreatableTopicResult {
    pub name: Str,
    pub topic_id: TopicId,
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub num_partitions: i32,
    pub replication_factor: i16,
}

/// Topics to be deleted, by name. Kafka takes ids as well since v6 (KIP-516); nobody here asks so.
#[derive(Clone, Debug, Hash)]
pub struct DeleteTopicsRequest {
    pub names: Vec<Str>,
    pub timeout: Span,
}

/// Done means that the controller has written it: brokers delete their files when they read that.
#[derive(Clone, Debug, Hash)]
pub struct DeleteTopicsResponse {
    pub topics: Vec<(Str, ErrorCode, Option<Str>)>,
}

/// More partitions for topics (KIP-195). There is no way back: fewer are refused.
#[derive(Clone, Debug, Hash)]
pub struct CreatePartitionsRequest {
    pub topics: Vec<CreatePartitionsTopic>,
    pub timeout: Span,
    pub validate_only: bool,
}

/// One topic and how many partitions it shall have in all, not how many more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CreatePartitionsTopic {
    pub name: Str,
    /// The new total.
    pub count: i32,
    /// Replicas of each new partition; `None`: Kafka places them.
    pub assignments: Option<Vec<Vec<BrokerId>>>,
}

/// One result per topic.
#[derive(Clone, Debug, Hash)]
pub struct CreatePartitionsResponse {
    pub topics: Vec<(Str, ErrorCode, Option<Str>)>,
}

/// What a config belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfigResource {
    Topic(Str),
    /// `None`: the cluster-wide default for all brokers.
    Broker(Option<BrokerId>),
}

impl base::BlockKey for ConfigResource {}

/// The operations of IncrementalAlterConfigs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlterConfigOp {
    Set,
    /// Back to the default.
    Delete,
    /// Adds to a list.
    Append,
    /// Takes from a list.
    Subtract,
}

/// Single settings changed, others left alone (KIP-339); the older AlterConfigs replaced them all.
#[derive(Clone, Debug, Hash)]
pub struct IncrementalAlterConfigsRequest {
    pub resources: Vec<(ConfigResource, Vec<AlterConfig>)>,
    pub validate_only: bool,
}

/// One setting of a resource and what to do with it. Deleted, it falls back to the level below; then it has no value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AlterConfig {
    pub name: Str,
    pub op: AlterConfigOp,
    pub value: Option<Str>,
}

/// One result per resource: its changes take place together or not at all.
#[derive(Clone, Debug, Hash)]
pub struct IncrementalAlterConfigsResponse {
    pub results: Vec<(ConfigResource, ErrorCode, Option<Str>)>,
}

/// Which leader is wanted (KIP-460).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElectionType {
    /// The first replica of the assignment, if it is in the ISR.
    Preferred,
    /// Anybody alive where nobody of the ISR is: what that one lacks is lost.
    Unclean,
}

/// Elections that somebody asks for, where Kafka would not hold one by itself (KIP-460).
#[derive(Clone, Debug, Hash)]
pub struct ElectLeadersRequest {
    pub election_type: ElectionType,
    /// `None`: all partitions.
    pub partitions: Option<Vec<TopicPartition>>,
    pub timeout: Span,
}

/// One result per partition. When all were meant, those where nothing was to be done are left out.
#[derive(Clone, Debug, Hash)]
pub struct ElectLeadersResponse {
    pub error: ErrorCode,
    pub results: Vec<(TopicPartition, ErrorCode, Option<Str>)>,
}

// What they know of themselves: see `body`.

impl CreatableTopicResult {
    /// Of a topic that is not created.
    pub fn refused(name: &Str, refusal: Refusal) -> CreatableTopicResult {
        CreatableTopicResult {
            name: name.clone(),
            topic_id: TopicId::ZERO,
            error: refusal.error,
            error_message: refusal.message,
            num_partitions: -1,
            replication_factor: -1,
        }
    }
}

impl RequestBody for CreateTopicsRequest {
    type Answer = CreateTopicsResponse;

    fn refused(&self, refusal: &Refusal) -> CreateTopicsResponse {
        let refused = |topic: &CreatableTopic| CreatableTopicResult::refused(&topic.name, refusal.clone());
        CreateTopicsResponse { topics: self.topics.iter().map(refused).collect() }
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl RequestBody for DeleteTopicsRequest {
    type Answer = DeleteTopicsResponse;

    fn refused(&self, refusal: &Refusal) -> DeleteTopicsResponse {
        let refused = |name: &Str| (name.clone(), refusal.error, refusal.message.clone());
        DeleteTopicsResponse { topics: self.names.iter().map(refused).collect() }
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl RequestBody for CreatePartitionsRequest {
    type Answer = CreatePartitionsResponse;

    fn refused(&self, refusal: &Refusal) -> CreatePartitionsResponse {
        let refused = |topic: &CreatePartitionsTopic| (topic.name.clone(), refusal.error, refusal.message.clone());
        CreatePartitionsResponse { topics: self.topics.iter().map(refused).collect() }
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl RequestBody for IncrementalAlterConfigsRequest {
    type Answer = IncrementalAlterConfigsResponse;

    fn refused(&self, refusal: &Refusal) -> IncrementalAlterConfigsResponse {
        let resources = self.resources.iter().map(|(resource, _)| resource.clone());
        let results = resources.map(|resource| (resource, refusal.error, refusal.message.clone())).collect();
        IncrementalAlterConfigsResponse { results }
    }
}

impl RequestBody for ElectLeadersRequest {
    type Answer = ElectLeadersResponse;

    /// The error stands for the whole and for each partition that was named.
    fn refused(&self, refusal: &Refusal) -> ElectLeadersResponse {
        let named = self.partitions.iter().flatten().cloned();
        let results = named.map(|partition| (partition, refusal.error, refusal.message.clone())).collect();
        ElectLeadersResponse { error: refusal.error, results }
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl ResponseBody for CreateTopicsResponse {}
impl ResponseBody for DeleteTopicsResponse {}
impl ResponseBody for CreatePartitionsResponse {}
impl ResponseBody for IncrementalAlterConfigsResponse {}

impl ResponseBody for ElectLeadersResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

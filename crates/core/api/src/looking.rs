//! What administrators look at: DescribeTopicPartitions (75), DescribeConfigs (32), DescribeCluster (60),
//! DescribeLogDirs (35), ListGroups (16). DescribeQuorum (55) is with the quorum's own requests.

use crate::body::ANSWERED_PARTITION;
use crate::{ConfigResource, Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoint, ErrorCode, GroupId, LeaderEpoch, PartitionId, Str, TopicId, TopicPartition};

/// Topics with ELR and last known ELR, some partitions at a time (KIP-966).
#[derive(Clone, Debug, Hash)]
pub struct DescribeTopicPartitionsRequest {
    pub topics: Vec<Str>,
    /// Partitions of all topics together, at most; a broker may tell fewer (`max.request.partition.size.limit`).
    pub limit: i32,
    /// Where the answer before ended: topic and its first partition that was not told.
    pub cursor: Option<(Str, PartitionId)>,
}

/// By name.
#[derive(Clone, Debug, Hash)]
pub struct DescribeTopicPartitionsResponse {
    pub topics: Vec<DescribedTopic>,
    /// There is more, from here on.
    pub next: Option<(Str, PartitionId)>,
}

/// A topic, or why there is nothing to say of it.
#[derive(Clone, Debug, Hash)]
pub struct DescribedTopic {
    pub error: ErrorCode,
    pub name: Str,
    pub topic_id: TopicId,
    pub is_internal: bool,
    pub partitions: Vec<DescribedPartition>,
}

/// A partition with all that the metadata knows of its replicas.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescribedPartition {
    pub error: ErrorCode,
    pub partition: PartitionId,
    /// −1: none.
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    pub elr: Vec<BrokerId>,
    pub last_known_elr: Vec<BrokerId>,
    pub offline_replicas: Vec<BrokerId>,
}

/// Settings of topics and brokers. A broker's own are known to that broker alone.
#[derive(Clone, Debug, Hash)]
pub struct DescribeConfigsRequest {
    /// With the settings that are meant; `None`: all.
    pub resources: Vec<(ConfigResource, Option<Vec<Str>>)>,
    pub include_synonyms: bool,
}

/// One result per resource.
#[derive(Clone, Debug, Hash)]
pub struct DescribeConfigsResponse {
    pub results: Vec<DescribedConfigs>,
}

/// A resource's settings, or why they are not told.
#[derive(Clone, Debug, Hash)]
pub struct DescribedConfigs {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub resource: ConfigResource,
    pub entries: Vec<ConfigEntry>,
}

/// One setting with the value that counts, and where it comes from (`DescribeConfigsResourceResult`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigEntry {
    pub name: Str,
    /// `None`: unset, or not told because it is sensitive.
    pub value: Option<Str>,
    pub source: ConfigSource,
    pub is_sensitive: bool,
    pub is_read_only: bool,
    /// Every place where it is set, the one that counts first.
    pub synonyms: Vec<ConfigSynonym>,
}

/// A place where a setting is set, under the name that it has there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigSynonym {
    pub name: Str,
    pub value: Option<Str>,
    pub source: ConfigSource,
}

/// Where a value comes from (`DescribeConfigsResponse.ConfigSource`), the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i8)]
pub enum ConfigSource {
    DynamicTopic = 1,
    DynamicBroker = 2,
    DynamicDefaultBroker = 3,
    StaticBroker = 4,
    Default = 5,
}

impl ConfigSource {
    /// As Kafka's tools print it.
    pub const fn name(self) -> &'static str {
        match self {
            ConfigSource::DynamicTopic => "DYNAMIC_TOPIC_CONFIG",
            ConfigSource::DynamicBroker => "DYNAMIC_BROKER_CONFIG",
            ConfigSource::DynamicDefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            ConfigSource::StaticBroker => "STATIC_BROKER_CONFIG",
            ConfigSource::Default => "DEFAULT_CONFIG",
        }
    }
}

/// Who is there (KIP-700).
#[derive(Clone, Debug, Hash)]
pub struct DescribeClusterRequest {
    pub endpoints: EndpointType,
    pub include_fenced_brokers: bool,
}

/// Of whom the addresses are wanted (KIP-919).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i8)]
pub enum EndpointType {
    Broker = 1,
    Controller = 2,
}

impl EndpointType {
    const fn name(self) -> &'static str {
        match self {
            EndpointType::Broker => "BROKER",
            EndpointType::Controller => "CONTROLLER",
        }
    }

    /// It was asked where others listen (`AuthHelper.computeDescribeClusterResponse`).
    pub fn mismatched(self, here: EndpointType) -> Refusal {
        let message = format!(
            "The request was sent to an endpoint of type {}, but we wanted an endpoint of type {}",
            here.name(),
            self.name()
        );
        Refusal { error: ErrorCode::MismatchedEndpointType, message: Some(message.into()) }
    }
}

/// The cluster as the one who answers knows it.
#[derive(Clone, Debug, Hash)]
pub struct DescribeClusterResponse {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub cluster_id: Str,
    /// Of a broker: a random live broker. Of a controller: the active one.
    pub controller_id: BrokerId,
    pub brokers: Vec<DescribedNode>,
}

/// Somebody on the listener that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescribedNode {
    pub id: BrokerId,
    pub endpoint: Endpoint,
    pub rack: Option<Str>,
    pub is_fenced: bool,
}

/// What is on a broker's disk (KIP-113).
#[derive(Clone, Debug, Hash)]
pub struct DescribeLogDirsRequest {
    /// `None`: every replica.
    pub partitions: Option<Vec<TopicPartition>>,
}

/// One result per log directory.
#[derive(Clone, Debug, Hash)]
pub struct DescribeLogDirsResponse {
    pub error: ErrorCode,
    pub dirs: Vec<DescribedLogDir>,
}

/// A log directory and its replicas; by partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescribedLogDir {
    pub error: ErrorCode,
    pub path: Str,
    pub replicas: Vec<DescribedReplica>,
}

/// One replica on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescribedReplica {
    pub partition: TopicPartition,
    /// Bytes of its segments.
    pub size: u64,
    /// How far the log end is behind the high watermark; never below 0.
    pub offset_lag: i64,
}

/// Groups of one coordinator (KIP-518, KIP-848).
#[derive(Clone, Debug, Hash)]
pub struct ListGroupsRequest {
    /// Empty: all. Case does not count.
    pub states: Vec<Str>,
    /// `classic`, `consumer`; empty: all. Case does not count.
    pub types: Vec<Str>,
}

/// Groups whose partition of the offsets topic this broker leads.
#[derive(Clone, Debug, Hash)]
pub struct ListGroupsResponse {
    pub error: ErrorCode,
    pub groups: Vec<ListedGroup>,
}

/// A group as a list has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListedGroup {
    pub group: GroupId,
    pub protocol_type: Str,
    pub state: Str,
    pub group_type: Str,
}

// What they know of themselves: see `body`.

impl RequestBody for DescribeTopicPartitionsRequest {
    type Answer = DescribeTopicPartitionsResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeTopicPartitionsResponse {
        let refused = |name: &Str| DescribedTopic {
            error: refusal.error,
            name: name.clone(),
            topic_id: TopicId::ZERO,
            is_internal: false,
            partitions: Vec::new(),
        };
        DescribeTopicPartitionsResponse { topics: self.topics.iter().map(refused).collect(), next: None }
    }

    fn size(&self) -> u32 {
        16 + texts(self.topics.iter())
    }
}

impl ResponseBody for DescribeTopicPartitionsResponse {
    fn size(&self) -> u32 {
        let partitions = |topic: &DescribedTopic| topic.partitions.len() as u32 * ANSWERED_PARTITION;
        16 + self.topics.iter().map(|topic| 40 + partitions(topic)).sum::<u32>()
    }
}

impl RequestBody for DescribeConfigsRequest {
    type Answer = DescribeConfigsResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeConfigsResponse {
        let Refusal { error, message } = refusal;
        let refused = |(resource, _): &(ConfigResource, _)| DescribedConfigs {
            error: *error,
            error_message: message.clone(),
            resource: resource.clone(),
            entries: Vec::new(),
        };
        DescribeConfigsResponse { results: self.resources.iter().map(refused).collect() }
    }

    fn size(&self) -> u32 {
        let named = |(_, names): &(_, Option<Vec<Str>>)| 24 + texts(names.iter().flatten());
        8 + self.resources.iter().map(named).sum::<u32>()
    }
}

impl ResponseBody for DescribeConfigsResponse {
    fn size(&self) -> u32 {
        let text = |text: &Option<Str>| text.as_ref().map_or(1, |text| text.len() as u32 + 1);
        let synonym = |each: &ConfigSynonym| 3 + each.name.len() as u32 + text(&each.value);
        let entry = |entry: &ConfigEntry| {
            8 + entry.name.len() as u32 + text(&entry.value) + entry.synonyms.iter().map(synonym).sum::<u32>()
        };
        let result = |result: &DescribedConfigs| 24 + result.entries.iter().map(entry).sum::<u32>();
        8 + self.results.iter().map(result).sum::<u32>()
    }
}

impl RequestBody for DescribeClusterRequest {
    type Answer = DescribeClusterResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeClusterResponse {
        DescribeClusterResponse {
            error: refusal.error,
            error_message: refusal.message.clone(),
            cluster_id: Str::from(""),
            controller_id: BrokerId::NONE,
            brokers: Vec::new(),
        }
    }
}

impl ResponseBody for DescribeClusterResponse {
    fn size(&self) -> u32 {
        32 + self.brokers.len() as u32 * 32
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for DescribeLogDirsRequest {
    type Answer = DescribeLogDirsResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeLogDirsResponse {
        DescribeLogDirsResponse { error: refusal.error, dirs: Vec::new() }
    }
}

impl ResponseBody for DescribeLogDirsResponse {
    fn size(&self) -> u32 {
        16 + self.dirs.iter().map(|dir| 48 + dir.replicas.len() as u32 * 32).sum::<u32>()
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for ListGroupsRequest {
    type Answer = ListGroupsResponse;

    fn refused(&self, refusal: &Refusal) -> ListGroupsResponse {
        ListGroupsResponse { error: refusal.error, groups: Vec::new() }
    }
}

impl ResponseBody for ListGroupsResponse {
    fn size(&self) -> u32 {
        16 + self.groups.iter().map(|each| 32 + each.group.len() as u32).sum::<u32>()
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

/// Bytes of names with their lengths.
fn texts<'a>(texts: impl Iterator<Item = &'a Str>) -> u32 {
    texts.map(|text| text.len() as u32 + 2).sum()
}

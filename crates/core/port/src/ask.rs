//! What Kafka's tools ask an admin client for, and what it answers: plain data with all that the tools print. Whom each
//! request goes to, what is asked first and what is asked again is the client's business. Names are those of
//! `org.apache.kafka.clients.admin`.

use api::{AlterConfig, ConfigEntry, ConfigResource, FeatureLevels, OffsetSpec};
use base::{
    BrokerId, Endpoint, ErrorCode, GroupId, LeaderEpoch, Offset, PartitionId, Span, Str, Timestamp, TopicId,
    TopicPartition,
};

/// One question or change, each a call of Kafka's admin client or a few that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// `kafka-topics --describe`: partitions with ELR, and settings. `None`: every topic.
    DescribeTopics(Option<Vec<Str>>),
    /// `kafka-get-offsets`.
    ListOffsets { of: Which, spec: OffsetSpec },
    /// `kafka-configs --describe`: every setting, also those at their defaults.
    DescribeConfigs(ConfigsOf),
    /// `kafka-configs --alter`, of any resource.
    AlterConfigs { resource: ConfigResource, changes: Vec<AlterConfig> },
    /// `kafka-consumer-groups --list`, `kafka-groups --list`. Empty filters let everything through.
    ListGroups { states: Vec<Str>, types: Vec<Str> },
    /// `kafka-consumer-groups --describe`. `None`: every group.
    DescribeGroups { groups: Option<Vec<GroupId>>, detail: GroupDetail },
    /// Offsets for a group from outside of it (`alterConsumerGroupOffsets`).
    CommitOffsets { group: GroupId, offsets: Vec<NewOffset> },
    /// `kafka-consumer-groups --reset-offsets`.
    ResetOffsets { group: GroupId, of: Which, to: ResetTo, act: Act },
    /// `kafka-consumer-groups --delete`.
    DeleteGroups(Vec<GroupId>),
    /// `kafka-consumer-groups --delete-offsets`.
    DeleteOffsets { group: GroupId, of: Vec<Part> },
    /// Static members by `group.instance.id` (`removeMembersFromConsumerGroup`).
    RemoveMembers { group: GroupId, instances: Vec<Str> },
    /// `kafka-delete-records`: everything before these offsets; −1 is the high watermark.
    DeleteRecords(Vec<(TopicPartition, Offset)>),
    /// `kafka-log-dirs --describe`. `None`: every broker; every topic.
    DescribeLogDirs { brokers: Option<Vec<BrokerId>>, topics: Option<Vec<Str>> },
    /// `kafka-cluster cluster-id`, `list-endpoints`.
    DescribeCluster,
    /// `kafka-metadata-quorum describe`.
    DescribeQuorum,
    /// `kafka-broker-api-versions`, `kafka-features describe`.
    ApiVersions,
    /// `kafka-cluster unregister`.
    UnregisterBroker(BrokerId),
    /// `kafka-console-consumer --partition`: a partition up to the end that is visible when it begins. An offset that the log
    /// does not have is given up for the one that `auto.offset.reset` finds.
    Read { partition: TopicPartition, from: ReadFrom, reset: OffsetSpec },
}

/// Where a reader of one partition begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadFrom {
    Offset(Offset),
    /// Where ListOffsets says.
    Found(OffsetSpec),
}

/// A topic, or partitions of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Topic(Str),
    Partition(TopicPartition),
    /// Of a topic's partitions those from one to before another; what is not there is not meant.
    Existing(Str, PartitionId, PartitionId),
}

/// Which partitions are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// Of every topic; where a group is meant, all that it has committed.
    All,
    These(Vec<Part>),
}

/// Whose settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConfigsOf {
    Topics,
    Brokers,
    One(ConfigResource),
}

/// What of a group is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupDetail {
    /// State and members.
    Members,
    /// These, and offsets with the ends of logs.
    Offsets,
}

/// One offset to be committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewOffset {
    pub partition: TopicPartition,
    pub offset: Offset,
    pub metadata: Str,
}

/// Where a group shall go on reading (`ConsumerGroupCommand`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ResetTo {
    Earliest,
    Latest,
    /// Where it is; at the end where nothing is committed.
    Current,
    Offset(Offset),
    ShiftBy(i64),
    /// The first record not older than this; the end where there is none.
    Timestamp(Timestamp),
    /// The same, as long before now.
    Duration(Span),
    /// As a file says it.
    Exactly(Vec<(TopicPartition, Offset)>),
}

/// Is it done, or only computed?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    DryRun,
    Execute,
}

/// An error with Kafka's sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Said {
    pub error: ErrorCode,
    pub message: Str,
}

impl Said {
    /// What an answer says: nothing, or its sentence, or what the code says in general.
    pub fn of(error: ErrorCode, message: Option<Str>) -> Result<(), Said> {
        match error {
            ErrorCode::None => Ok(()),
            error => Err(Said { error, message: message.unwrap_or_else(|| error.message().into()) }),
        }
    }
}

/// What came of an [`Ask`] that did not fail as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// DescribeTopics; by name.
    Topics(Vec<TopicTold>),
    /// ListOffsets; by partition.
    Offsets(Vec<(TopicPartition, Result<OffsetTold, Said>)>),
    /// DescribeConfigs; by resource, settings by name.
    Configs(Vec<(ConfigResource, Result<Vec<ConfigEntry>, Said>)>),
    /// ListGroups; by name.
    Groups(Vec<GroupListed>),
    /// DescribeGroups; in the order of the request, or by name.
    DescribedGroups(Vec<GroupTold>),
    /// CommitOffsets, DeleteOffsets; by partition.
    Partitions(Vec<(TopicPartition, Result<(), Said>)>),
    /// ResetOffsets: what was committed, or would be; by partition.
    Reset(Vec<ResetTold>),
    /// ResetOffsets of a group that somebody is in: nothing was done. Kafka's tool tells its state.
    GroupIsActive {
        state: Str,
    },
    /// DeleteGroups, RemoveMembers; in the order of the request.
    Each(Vec<(Str, Result<(), Said>)>),
    /// DeleteRecords: where each log begins now; by partition.
    LowWatermarks(Vec<(TopicPartition, Result<Offset, Said>)>),
    /// DescribeLogDirs; by broker.
    LogDirs(Vec<LogDirTold>),
    /// DescribeLogDirs of brokers that are not there: nobody was asked.
    NoSuchBrokers {
        missing: Vec<BrokerId>,
        existing: Vec<BrokerId>,
    },
    Cluster(ClusterTold),
    Quorum(QuorumTold),
    /// ApiVersions; by broker.
    Versions(Vec<VersionsTold>),
    /// AlterConfigs, UnregisterBroker.
    Done,
}

/// A topic with its partitions and settings, or why there is nothing to say of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicTold {
    pub name: Str,
    pub found: Result<TopicFound, Said>,
}

/// What is known of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicFound {
    pub id: TopicId,
    pub is_internal: bool,
    pub partitions: Vec<PartitionTold>,
    /// As DescribeConfigs tells them; empty where that is refused.
    pub configs: Vec<ConfigEntry>,
}

/// A partition as DescribeTopicPartitions tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartitionTold {
    pub partition: PartitionId,
    /// `None`: nobody leads.
    pub leader: Option<BrokerId>,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    pub elr: Vec<BrokerId>,
    pub last_known_elr: Vec<BrokerId>,
}

/// An offset that was found; −1: no record is as young as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OffsetTold {
    pub offset: Offset,
    pub timestamp: Option<Timestamp>,
    pub leader_epoch: LeaderEpoch,
}

/// A group as its coordinator lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupListed {
    pub group: GroupId,
    pub protocol_type: Str,
    pub state: Str,
    /// `Classic` or `Consumer`.
    pub group_type: Str,
}

/// A group as its coordinator describes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupTold {
    pub group: GroupId,
    pub found: Result<GroupFound, Said>,
}

/// What is known of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupFound {
    pub coordinator: BrokerId,
    pub endpoint: Option<Endpoint>,
    pub state: Str,
    /// `Classic` or `Consumer`.
    pub group_type: Str,
    pub protocol_type: Str,
    /// Empty unless the group is stable.
    pub assignor: Str,
    /// By member id.
    pub members: Vec<MemberTold>,
    /// With [`GroupDetail::Offsets`]: every partition that has a committed offset or a reader; by partition.
    pub offsets: Vec<GroupOffsetTold>,
}

/// A member and what it reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberTold {
    pub member_id: Str,
    pub instance_id: Option<Str>,
    pub client_id: Str,
    /// With a slash in front, as Java prints an address.
    pub host: Str,
    pub assigned: Vec<TopicPartition>,
}

/// Where a group stands in a partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupOffsetTold {
    pub partition: TopicPartition,
    /// `None`: nothing is committed.
    pub committed: Option<Offset>,
    /// Of the record that was read last; `None` where the commit did not say.
    pub leader_epoch: Option<LeaderEpoch>,
    pub metadata: Str,
    /// `None`: nobody leads the partition, or it is gone.
    pub end: Option<Offset>,
    /// The member that reads it, by its id.
    pub member: Option<Str>,
}

/// One partition's new offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResetTold {
    pub partition: TopicPartition,
    pub offset: Offset,
    pub note: Option<ResetNote>,
    /// Why it was not committed.
    pub refused: Option<Said>,
}

/// What Kafka's tool warns of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResetNote {
    /// No record is as young as that: the end instead.
    NoneAsYoung,
    /// The log ends before the offset that was wanted.
    BeyondEnd { wanted: Offset },
    /// The log begins after it.
    BeforeStart { wanted: Offset },
}

/// A broker's log directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogDirTold {
    pub broker: BrokerId,
    pub found: Result<LogDirFound, Said>,
}

/// What is in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogDirFound {
    pub path: Str,
    /// By partition.
    pub replicas: Vec<ReplicaSize>,
}

/// One replica: bytes of its segments, and how far its log end is behind the high watermark (a leader: 0).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReplicaSize {
    pub partition: TopicPartition,
    pub bytes: u64,
    pub lag: i64,
}

/// The cluster as DescribeCluster tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClusterTold {
    pub cluster_id: Str,
    /// In KRaft a random live broker.
    pub controller: BrokerId,
    /// By id.
    pub brokers: Vec<NodeTold>,
}

/// A broker's address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeTold {
    pub id: BrokerId,
    pub endpoint: Endpoint,
    pub rack: Option<Str>,
    pub fenced: bool,
}

/// The quorum as its leader knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuorumTold {
    pub cluster_id: Str,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub high_watermark: Offset,
    /// By id.
    pub voters: Vec<QuorumReplicaTold>,
    pub observers: Vec<QuorumReplicaTold>,
}

/// Somebody who copies the metadata log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuorumReplicaTold {
    pub id: BrokerId,
    /// Its log directory's id, which only a dynamic quorum knows of voters.
    pub directory: u128,
    /// Where a voter listens; observers are not told with an address.
    pub endpoint: Option<Endpoint>,
    /// −1: not known.
    pub log_end: Offset,
    /// `None`: never.
    pub last_fetch: Option<Timestamp>,
    pub last_caught_up: Option<Timestamp>,
}

/// What one broker can do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionsTold {
    pub node: NodeTold,
    pub found: Result<VersionsFound, Said>,
}

/// Versions of APIs and features.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionsFound {
    /// Number, oldest, newest.
    pub apis: Vec<(i16, i16, i16)>,
    pub supported: Vec<FeatureLevels>,
    pub finalized: Vec<FeatureLevels>,
    pub finalized_epoch: i64,
}

impl Ask {
    /// What Kafka's client calls it, in its messages too (`Call.callName`).
    pub const fn name(&self) -> &'static str {
        match self {
            Ask::DescribeTopics(_) => "describeTopics",
            Ask::ListOffsets { .. } => "listOffsets",
            Ask::DescribeConfigs(_) => "describeConfigs",
            Ask::AlterConfigs { .. } => "incrementalAlterConfigs",
            Ask::ListGroups { .. } => "listGroups",
            Ask::DescribeGroups { .. } => "describeConsumerGroups",
            Ask::CommitOffsets { .. } => "alterConsumerGroupOffsets",
            Ask::ResetOffsets { .. } => "resetOffsets",
            Ask::DeleteGroups(_) => "deleteConsumerGroups",
            Ask::DeleteOffsets { .. } => "deleteConsumerGroupOffsets",
            Ask::RemoveMembers { .. } => "removeMembersFromConsumerGroup",
            Ask::DeleteRecords(_) => "deleteRecords",
            Ask::DescribeLogDirs { .. } => "describeLogDirs",
            Ask::DescribeCluster => "describeCluster",
            Ask::DescribeQuorum => "describeMetadataQuorum",
            Ask::ApiVersions => "apiVersions",
            Ask::UnregisterBroker(_) => "unregisterBroker",
            Ask::Read { .. } => "read",
        }
    }
}

impl Ask {
    /// Everything in it that a person may have typed at will.
    pub fn texts(&self) -> Vec<&Str> {
        match self {
            Ask::DescribeTopics(topics) => topics.iter().flatten().collect(),
            Ask::ListOffsets { of, .. } => of.texts(),
            Ask::DescribeConfigs(ConfigsOf::One(ConfigResource::Topic(topic))) => vec![topic],
            Ask::AlterConfigs { resource, changes } => {
                let topic = match resource {
                    ConfigResource::Topic(topic) => Some(topic),
                    ConfigResource::Broker(_) => None,
                };
                let changed = changes.iter().flat_map(|change| change.value.iter().chain([&change.name]));
                topic.into_iter().chain(changed).collect()
            }
            Ask::ListGroups { states, types } => states.iter().chain(types).collect(),
            Ask::DescribeGroups { groups, .. } => groups.iter().flatten().collect(),
            Ask::CommitOffsets { group, offsets } => {
                let named = offsets.iter().flat_map(|each| [&each.partition.topic, &each.metadata]);
                named.chain([group]).collect()
            }
            Ask::ResetOffsets { group, of, to, .. } => {
                let exactly: &[_] = if let ResetTo::Exactly(offsets) = to { offsets } else { &[] };
                let named = exactly.iter().map(|(partition, _): &(TopicPartition, _)| &partition.topic);
                named.chain(of.texts()).chain([group]).collect()
            }
            Ask::DeleteGroups(groups) => groups.iter().collect(),
            Ask::DeleteOffsets { group, of } => of.iter().map(Part::topic).chain([group]).collect(),
            Ask::RemoveMembers { group, instances } => instances.iter().chain([group]).collect(),
            Ask::DeleteRecords(before) => before.iter().map(|(partition, _)| &partition.topic).collect(),
            Ask::DescribeLogDirs { topics, .. } => topics.iter().flatten().collect(),
            Ask::Read { partition, .. } => vec![&partition.topic],
            Ask::DescribeConfigs(_)
            | Ask::DescribeCluster
            | Ask::DescribeQuorum
            | Ask::ApiVersions
            | Ask::UnregisterBroker(_) => Vec::new(),
        }
    }
}

/// What an [`Ask`] changes, if it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Touches {
    /// It only looks.
    Nothing,
    /// Settings or records.
    Topics,
    /// Groups or what they have committed.
    Groups,
    Brokers,
}

impl Ask {
    /// What it is about to change.
    pub const fn touches(&self) -> Touches {
        match self {
            Ask::DescribeTopics(_)
            | Ask::ListOffsets { .. }
            | Ask::DescribeConfigs(_)
            | Ask::ListGroups { .. }
            | Ask::DescribeGroups { .. }
            | Ask::DescribeLogDirs { .. }
            | Ask::DescribeCluster
            | Ask::DescribeQuorum
            | Ask::ApiVersions
            | Ask::Read { .. }
            | Ask::ResetOffsets { act: Act::DryRun, .. } => Touches::Nothing,
            Ask::AlterConfigs { .. } | Ask::DeleteRecords(_) => Touches::Topics,
            Ask::CommitOffsets { .. }
            | Ask::ResetOffsets { .. }
            | Ask::DeleteGroups(_)
            | Ask::DeleteOffsets { .. }
            | Ask::RemoveMembers { .. } => Touches::Groups,
            Ask::UnregisterBroker(_) => Touches::Brokers,
        }
    }
}

impl Which {
    fn texts(&self) -> Vec<&Str> {
        match self {
            Which::All => Vec::new(),
            Which::These(parts) => parts.iter().map(Part::topic).collect(),
        }
    }
}

impl Part {
    /// The topic, or that of the partition.
    pub fn topic(&self) -> &Str {
        match self {
            Part::Topic(topic) | Part::Existing(topic, ..) => topic,
            Part::Partition(partition) => &partition.topic,
        }
    }
}

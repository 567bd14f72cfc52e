//! One thing that is missing, whom it is asked and with which request.

use super::super::operation::Whom;
use api::{
    ApiVersionsRequest, ConfigResource, DeleteGroupsRequest, DeleteRecordsRequest, DescribeClusterRequest,
    DescribeConfigsRequest, DescribeGroupsRequest, DescribeLogDirsRequest, DescribeQuorumRequest,
    DescribeTopicPartitionsRequest, EndpointType, FindCoordinatorRequest, IsolationLevel, LeaveGroupRequest,
    LeavingMember, ListGroupsRequest, ListOffsetsPartition, ListOffsetsRequest, MetadataRequest, MetadataTopic,
    OffsetCommitPartition, OffsetCommitRequest, OffsetDeleteRequest, OffsetFetchRequest, OffsetSpec, Request,
    UnregisterBrokerRequest,
};
use base::{BrokerId, GroupId, LeaderEpoch, Offset, PartitionId, Span, Str, TopicId, TopicPartition};
use port::{Ask, NewOffset};

/// `partition.size.limit` of DescribeTopicPartitions (`DescribeTopicsOptions`).
const PAGE: i32 = 2_000;

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Want {
    /// Who is there, and who leads these topics; `None`: all of them.
    Metadata(Option<Vec<Str>>),
    /// Topics with ELR, from a page on.
    Topics(Vec<Str>, Option<(Str, PartitionId)>),
    Configs(Whom, Vec<ConfigResource>),
    Offsets(BrokerId, OffsetSpec, Vec<TopicPartition>),
    Groups(BrokerId),
    Coordinator(GroupId),
    Group(BrokerId, GroupId),
    Committed(BrokerId, GroupId),
    LogDirs(BrokerId),
    Cluster,
    Quorum,
    Versions(BrokerId),
    DeleteRecords(BrokerId, Vec<(TopicPartition, Offset)>),
    Commit(BrokerId, GroupId, Vec<NewOffset>),
    DeleteGroup(BrokerId, GroupId),
    DeleteOffsets(BrokerId, GroupId, Vec<TopicPartition>),
    Remove(BrokerId, GroupId),
    Unregister(BrokerId),
}

impl Want {
    /// Whom it is asked.
    pub(super) fn whom(&self) -> Whom {
        match self {
            Want::Metadata(_)
            | Want::Topics(..)
            | Want::Coordinator(_)
            | Want::Cluster
            | Want::Quorum
            | Want::Unregister(_) => Whom::Any,
            Want::Configs(whom, _) => whom.clone(),
            Want::Offsets(broker, ..)
            | Want::Groups(broker)
            | Want::Group(broker, _)
            | Want::Committed(broker, _)
            | Want::LogDirs(broker)
            | Want::Versions(broker)
            | Want::DeleteRecords(broker, _)
            | Want::Commit(broker, ..)
            | Want::DeleteGroup(broker, _)
            | Want::DeleteOffsets(broker, ..)
            | Want::Remove(broker, _) => Whom::Broker(*broker),
        }
    }

    /// The request as an operation of Kafka's driver has it in its name; `None` where Kafka calls without one.
    pub(super) fn driver_api(&self, ask: &Ask) -> Option<&'static str> {
        let has_driver = match ask {
            Ask::ListOffsets { .. }
            | Ask::DescribeGroups { .. }
            | Ask::CommitOffsets { .. }
            | Ask::ResetOffsets { .. }
            | Ask::DeleteGroups(_)
            | Ask::DeleteOffsets { .. }
            | Ask::RemoveMembers { .. }
            | Ask::DeleteRecords(_) => true,
            Ask::DescribeTopics(_)
            | Ask::DescribeConfigs(_)
            | Ask::AlterConfigs { .. }
            | Ask::ListGroups { .. }
            | Ask::DescribeLogDirs { .. }
            | Ask::DescribeCluster
            | Ask::DescribeQuorum
            | Ask::ApiVersions
            | Ask::UnregisterBroker(_)
            | Ask::Read { .. } => false,
        };
        has_driver.then(|| self.api_name())
    }

    /// `ApiKeys.toString` in capitals, as the enum's constant is called.
    fn api_name(&self) -> &'static str {
        match self {
            Want::Metadata(_) => "METADATA",
            Want::Topics(..) => "DESCRIBE_TOPIC_PARTITIONS",
            Want::Configs(..) => "DESCRIBE_CONFIGS",
            Want::Offsets(..) => "LIST_OFFSETS",
            Want::Groups(_) => "LIST_GROUPS",
            Want::Coordinator(_) => "FIND_COORDINATOR",
            Want::Group(..) => "DESCRIBE_GROUPS",
            Want::Committed(..) => "OFFSET_FETCH",
            Want::LogDirs(_) => "DESCRIBE_LOG_DIRS",
            Want::Cluster => "DESCRIBE_CLUSTER",
            Want::Quorum => "DESCRIBE_QUORUM",
            Want::Versions(_) => "API_VERSIONS",
            Want::DeleteRecords(..) => "DELETE_RECORDS",
            Want::Commit(..) => "OFFSET_COMMIT",
            Want::DeleteGroup(..) => "DELETE_GROUPS",
            Want::DeleteOffsets(..) => "OFFSET_DELETE",
            Want::Remove(..) => "LEAVE_GROUP",
            Want::Unregister(_) => "UNREGISTER_BROKER",
        }
    }

    /// The request itself.
    pub(super) fn request(&self, ask: &Ask, timeout: Span) -> Request {
        match self.clone() {
            Want::Metadata(_) | Want::Topics(..) | Want::Configs(..) | Want::Cluster | Want::Quorum => self.look(),
            Want::Offsets(_, spec, partitions) => Request::ListOffsets(list_offsets(spec, partitions)),
            Want::Groups(_) => Request::ListGroups(list_groups(ask)),
            Want::Coordinator(group) => Request::FindCoordinator(FindCoordinatorRequest { group }),
            Want::Group(_, group) => Request::DescribeGroups(DescribeGroupsRequest { groups: vec![group] }),
            Want::Committed(_, group) => Request::OffsetFetch(OffsetFetchRequest { group, partitions: None }),
            Want::LogDirs(_) => Request::DescribeLogDirs(DescribeLogDirsRequest { partitions: None }),
            Want::Versions(_) => Request::ApiVersions(ApiVersionsRequest {
                client_software_name: "apache-kafka-java".into(),
                client_software_version: "4.3.0".into(),
            }),
            Want::DeleteRecords(_, partitions) => Request::DeleteRecords(DeleteRecordsRequest { partitions, timeout }),
            Want::Commit(_, group, offsets) => Request::OffsetCommit(commit(group, offsets)),
            Want::DeleteGroup(_, group) => Request::DeleteGroups(DeleteGroupsRequest { groups: vec![group] }),
            Want::DeleteOffsets(_, group, partitions) => {
                Request::OffsetDelete(OffsetDeleteRequest { group, partitions })
            }
            Want::Remove(_, group) => Request::LeaveGroup(removal(ask, group)),
            Want::Unregister(broker) => Request::UnregisterBroker(UnregisterBrokerRequest { broker }),
        }
    }

    /// Of those that any broker answers, or all that have settings.
    fn look(&self) -> Request {
        match self {
            Want::Topics(topics, cursor) => Request::DescribeTopicPartitions(DescribeTopicPartitionsRequest {
                topics: topics.clone(),
                limit: PAGE,
                cursor: cursor.clone(),
            }),
            Want::Configs(_, resources) => Request::DescribeConfigs(DescribeConfigsRequest {
                resources: resources.iter().map(|resource| (resource.clone(), None)).collect(),
                include_synonyms: true,
            }),
            Want::Quorum => Request::DescribeQuorum(DescribeQuorumRequest {}),
            Want::Metadata(topics) => {
                let named = |topics: &Vec<Str>| topics.iter().cloned().map(MetadataTopic::Name).collect();
                let topics = topics.as_ref().map(named);
                Request::Metadata(MetadataRequest { topics, allow_auto_topic_creation: false })
            }
            Want::Cluster
            | Want::Offsets(..)
            | Want::Groups(_)
            | Want::Coordinator(_)
            | Want::Group(..)
            | Want::Committed(..)
            | Want::LogDirs(_)
            | Want::Versions(_)
            | Want::DeleteRecords(..)
            | Want::Commit(..)
            | Want::DeleteGroup(..)
            | Want::DeleteOffsets(..)
            | Want::Remove(..)
            | Want::Unregister(_) => Request::DescribeCluster(DescribeClusterRequest {
                endpoints: EndpointType::Broker,
                include_fenced_brokers: true,
            }),
        }
    }
}

fn list_offsets(spec: OffsetSpec, partitions: Vec<TopicPartition>) -> ListOffsetsRequest {
    let current_leader_epoch = LeaderEpoch::UNDEFINED;
    let asked = partitions.into_iter().map(|TopicPartition { topic, partition }| ListOffsetsPartition {
        topic,
        partition,
        current_leader_epoch,
        spec,
    });
    ListOffsetsRequest { replica: None, isolation: IsolationLevel::ReadUncommitted, partitions: asked.collect() }
}

/// Other asks want every group.
fn list_groups(ask: &Ask) -> ListGroupsRequest {
    match ask {
        Ask::ListGroups { states, types } => ListGroupsRequest { states: states.clone(), types: types.clone() },
        _every_group => ListGroupsRequest { states: Vec::new(), types: Vec::new() },
    }
}

/// From outside of the group: without a generation and without a member.
fn commit(group: GroupId, offsets: Vec<NewOffset>) -> OffsetCommitRequest {
    let partitions = offsets.into_iter().map(|each| OffsetCommitPartition {
        topic: each.partition.topic,
        topic_id: TopicId::ZERO,
        partition: each.partition.partition,
        offset: each.offset,
        leader_epoch: LeaderEpoch::UNDEFINED,
        metadata: each.metadata,
    });
    let (generation, member_id, group_instance_id) = (-1, Str::from(""), None);
    OffsetCommitRequest { group, generation, member_id, group_instance_id, partitions: partitions.collect() }
}

/// Static members are named by their instance alone.
fn removal(ask: &Ask, group: GroupId) -> LeaveGroupRequest {
    let instances = match ask {
        Ask::RemoveMembers { instances, .. } => instances.as_slice(),
        _nobody => &[],
    };
    let reason = Some(Str::from("member was removed by an admin"));
    let leaving = |instance: &Str| LeavingMember {
        member_id: Str::from(""),
        group_instance_id: Some(instance.clone()),
        reason: reason.clone(),
    };
    LeaveGroupRequest { group, members: instances.iter().map(leaving).collect() }
}

//! The classic group protocol: JoinGroup (11), Heartbeat (12), LeaveGroup (13), SyncGroup (14),
//! DescribeGroups (15), OffsetCommit (8), OffsetFetch (9).

use base::{ErrorCode, GroupId, LeaderEpoch, Offset, PartitionId, Span, Str, TopicId};
use bytes::Bytes;

#[derive(Clone, Debug, Hash)]
pub struct JoinGroupRequest {
    pub group: GroupId,
    pub session_timeout: Span,
    pub rebalance_timeout: Span,
    /// Empty on the first join.
    pub member_id: Str,
    /// Static membership (KIP-345).
    pub group_instance_id: Option<Str>,
    pub protocol_type: Str,
    /// In order of preference: assignor name and subscription bytes.
    pub protocols: Vec<(Str, Bytes)>,
    pub reason: Option<Str>,
}

#[derive(Clone, Debug, Hash)]
pub struct JoinGroupResponse {
    pub error: ErrorCode,
    pub generation: i32,
    pub protocol_type: Option<Str>,
    pub protocol: Option<Str>,
    pub leader: Str,
    /// v9: a returning static leader must not compute an assignment.
    pub skip_assignment: bool,
    pub member_id: Str,
    /// Everybody's subscription, to the group leader only.
    pub members: Vec<JoinGroupMember>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinGroupMember {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub metadata: Bytes,
}

#[derive(Clone, Debug, Hash)]
pub struct SyncGroupRequest {
    pub group: GroupId,
    pub generation: i32,
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub protocol_type: Option<Str>,
    pub protocol: Option<Str>,
    /// The leader's plan: member id and assignment bytes. Empty from followers.
    pub assignments: Vec<(Str, Bytes)>,
}

#[derive(Clone, Debug, Hash)]
pub struct SyncGroupResponse {
    pub error: ErrorCode,
    pub protocol_type: Option<Str>,
    pub protocol: Option<Str>,
    pub assignment: Bytes,
}

#[derive(Clone, Debug, Hash)]
pub struct HeartbeatRequest {
    pub group: GroupId,
    pub generation: i32,
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
}

#[derive(Clone, Debug, Hash)]
pub struct HeartbeatResponse {
    pub error: ErrorCode,
}

#[derive(Clone, Debug, Hash)]
pub struct LeaveGroupRequest {
    pub group: GroupId,
    pub members: Vec<LeavingMember>,
}

/// A dynamic member leaves by id; a static one may be removed by instance id with an empty member id.
#[derive(Clone, Debug, Hash)]
pub struct LeavingMember {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub reason: Option<Str>,
}

#[derive(Clone, Debug, Hash)]
pub struct LeaveGroupResponse {
    pub error: ErrorCode,
    pub members: Vec<(Str, Option<Str>, ErrorCode)>,
}

#[derive(Clone, Debug, Hash)]
pub struct DescribeGroupsRequest {
    pub groups: Vec<GroupId>,
}

#[derive(Clone, Debug, Hash)]
pub struct DescribeGroupsResponse {
    pub groups: Vec<DescribedGroup>,
}

#[derive(Clone, Debug, Hash)]
pub struct DescribedGroup {
    pub error: ErrorCode,
    pub group: GroupId,
    /// `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable` or `Dead`.
    pub state: Str,
    pub protocol_type: Str,
    pub protocol: Str,
    pub members: Vec<DescribedMember>,
}

#[derive(Clone, Debug, Hash)]
pub struct DescribedMember {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub client_id: Str,
    pub metadata: Bytes,
    pub assignment: Bytes,
}

#[derive(Clone, Debug, Hash)]
pub struct OffsetCommitRequest {
    pub group: GroupId,
    /// −1 from a consumer outside the group.
    pub generation: i32,
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub partitions: Vec<OffsetCommitPartition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OffsetCommitPartition {
    pub topic: Str,
    /// Zero: the sender knows the topic by name only.
    pub topic_id: TopicId,
    pub partition: PartitionId,
    /// The next offset to read.
    pub offset: Offset,
    pub leader_epoch: LeaderEpoch,
    pub metadata: Str,
}

#[derive(Clone, Debug, Hash)]
pub struct OffsetCommitResponse {
    pub partitions: Vec<(Str, PartitionId, ErrorCode)>,
}

#[derive(Clone, Debug, Hash)]
pub struct OffsetFetchRequest {
    pub group: GroupId,
    /// `None`: every partition with a committed offset.
    pub partitions: Option<Vec<(Str, PartitionId)>>,
}

#[derive(Clone, Debug, Hash)]
pub struct OffsetFetchResponse {
    pub error: ErrorCode,
    pub partitions: Vec<OffsetFetchPartitionResponse>,
}

#[derive(Clone, Debug, Hash)]
pub struct OffsetFetchPartitionResponse {
    pub topic: Str,
    pub partition: PartitionId,
    /// −1: nothing committed.
    pub offset: Offset,
    pub leader_epoch: LeaderEpoch,
    pub metadata: Str,
    pub error: ErrorCode,
}

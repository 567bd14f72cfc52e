//! The classic group protocol: JoinGroup (11), Heartbeat (12), LeaveGroup (13), SyncGroup (14),
//! DescribeGroups (15), OffsetCommit (8), OffsetFetch (9).

use crate::body::{ANSWERED_PARTITION, ASKED_PARTITION};
use crate::{Refusal, RequestBody, ResponseBody};
use base::{ErrorCode, GroupId, LeaderEpoch, Offset, PartitionId, Span, Str, TopicId};
use bytes::Bytes;

/// A consumer wants to be, or to stay, a member. The answer is held back until everybody has joined.
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

/// The new generation. The leader computes the assignment, not the coordinator: so it alone hears of the others.
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

/// A member as the leader sees it: its subscription in bytes that only assignors read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JoinGroupMember {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub metadata: Bytes,
}

/// Every member asks for its part; the leader's request brings the plan for all.
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

/// The member's part, as the leader wrote it.
#[derive(Clone, Debug, Hash)]
pub struct SyncGroupResponse {
    pub error: ErrorCode,
    pub protocol_type: Option<Str>,
    pub protocol: Option<Str>,
    pub assignment: Bytes,
}

/// A member lives. The coordinator keeps no connection for that: who is silent for session.timeout.ms is out.
#[derive(Clone, Debug, Hash)]
pub struct HeartbeatRequest {
    pub group: GroupId,
    pub generation: i32,
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
}

/// REBALANCE_IN_PROGRESS is how a member learns that it has to join again.
#[derive(Clone, Debug, Hash)]
pub struct HeartbeatResponse {
    pub error: ErrorCode,
}

/// Members that go at once instead of by time-out; several since v3 (KIP-345), for operators.
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

/// A result per member.
#[derive(Clone, Debug, Hash)]
pub struct LeaveGroupResponse {
    pub error: ErrorCode,
    pub members: Vec<(Str, Option<Str>, ErrorCode)>,
}

/// Groups that an operator wants to see.
#[derive(Clone, Debug, Hash)]
pub struct DescribeGroupsRequest {
    pub groups: Vec<GroupId>,
}

/// A group that does not exist is `Dead`, with GROUP_ID_NOT_FOUND since version 6 (KIP-1043).
#[derive(Clone, Debug, Hash)]
pub struct DescribeGroupsResponse {
    pub groups: Vec<DescribedGroup>,
}

/// A group as its coordinator has it.
#[derive(Clone, Debug, Hash)]
pub struct DescribedGroup {
    pub error: ErrorCode,
    /// Since version 6.
    pub error_message: Option<Str>,
    pub group: GroupId,
    /// `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable` or `Dead`.
    pub state: Str,
    pub protocol_type: Str,
    pub protocol: Str,
    pub members: Vec<DescribedMember>,
}

/// A member and the bytes that assignors exchange.
#[derive(Clone, Debug, Hash)]
pub struct DescribedMember {
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub client_id: Str,
    /// With a slash in front, as Java prints an address.
    pub client_host: Str,
    pub metadata: Bytes,
    pub assignment: Bytes,
}

/// Where a group goes on reading. From a member it counts in its own generation only, so that a slow one is fenced
/// off.
#[derive(Clone, Debug, Hash)]
pub struct OffsetCommitRequest {
    pub group: GroupId,
    /// −1 from a consumer outside the group.
    pub generation: i32,
    pub member_id: Str,
    pub group_instance_id: Option<Str>,
    pub partitions: Vec<OffsetCommitPartition>,
}

/// One partition's position.
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

/// Success: written to `__consumer_offsets` and replicated as acks=all would.
#[derive(Clone, Debug, Hash)]
pub struct OffsetCommitResponse {
    pub partitions: Vec<(Str, PartitionId, ErrorCode)>,
}

/// Where a group has to go on reading.
#[derive(Clone, Debug, Hash)]
pub struct OffsetFetchRequest {
    pub group: GroupId,
    /// `None`: every partition with a committed offset.
    pub partitions: Option<Vec<(Str, PartitionId)>>,
}

/// What is committed; nothing that is on its way.
#[derive(Clone, Debug, Hash)]
pub struct OffsetFetchResponse {
    pub error: ErrorCode,
    pub partitions: Vec<OffsetFetchPartitionResponse>,
}

/// One partition's committed position.
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

// What they know of themselves: see `body`.

impl RequestBody for JoinGroupRequest {
    type Answer = JoinGroupResponse;

    fn refused(&self, refusal: &Refusal) -> JoinGroupResponse {
        JoinGroupResponse {
            error: refusal.error,
            generation: -1,
            protocol_type: None,
            protocol: None,
            leader: Str::from(""),
            skip_assignment: false,
            member_id: Str::from(""),
            members: Vec::new(),
        }
    }

    fn size(&self) -> u32 {
        80 + self.protocols.iter().map(|(_, bytes)| bytes.len() as u32).sum::<u32>()
    }
}

impl ResponseBody for JoinGroupResponse {
    fn size(&self) -> u32 {
        96 + self.members.iter().map(|each| 60 + each.metadata.len() as u32).sum::<u32>()
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for SyncGroupRequest {
    type Answer = SyncGroupResponse;

    fn refused(&self, refusal: &Refusal) -> SyncGroupResponse {
        SyncGroupResponse { error: refusal.error, protocol_type: None, protocol: None, assignment: Bytes::new() }
    }

    fn size(&self) -> u32 {
        60 + self.assignments.iter().map(|(_, bytes)| 40 + bytes.len() as u32).sum::<u32>()
    }
}

impl ResponseBody for SyncGroupResponse {
    fn size(&self) -> u32 {
        24 + self.assignment.len() as u32
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for HeartbeatRequest {
    type Answer = HeartbeatResponse;

    fn refused(&self, refusal: &Refusal) -> HeartbeatResponse {
        HeartbeatResponse { error: refusal.error }
    }
}

impl RequestBody for LeaveGroupRequest {
    type Answer = LeaveGroupResponse;

    fn refused(&self, refusal: &Refusal) -> LeaveGroupResponse {
        LeaveGroupResponse { error: refusal.error, members: Vec::new() }
    }
}

impl RequestBody for DescribeGroupsRequest {
    type Answer = DescribeGroupsResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeGroupsResponse {
        let refused = |group: &GroupId| DescribedGroup {
            error: refusal.error,
            error_message: refusal.message.clone(),
            group: group.clone(),
            state: Str::from(""),
            protocol_type: Str::from(""),
            protocol: Str::from(""),
            members: Vec::new(),
        };
        DescribeGroupsResponse { groups: self.groups.iter().map(refused).collect() }
    }
}

impl RequestBody for OffsetCommitRequest {
    type Answer = OffsetCommitResponse;

    fn refused(&self, refusal: &Refusal) -> OffsetCommitResponse {
        let refused = |part: &OffsetCommitPartition| (part.topic.clone(), part.partition, refusal.error);
        OffsetCommitResponse { partitions: self.partitions.iter().map(refused).collect() }
    }

    fn size(&self) -> u32 {
        40 + self.partitions.len() as u32 * ASKED_PARTITION
    }
}

impl RequestBody for OffsetFetchRequest {
    type Answer = OffsetFetchResponse;

    fn refused(&self, refusal: &Refusal) -> OffsetFetchResponse {
        OffsetFetchResponse { error: refusal.error, partitions: Vec::new() }
    }
}

impl ResponseBody for OffsetFetchResponse {
    fn size(&self) -> u32 {
        16 + self.partitions.len() as u32 * ANSWERED_PARTITION
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for DescribeGroupsResponse {}
impl ResponseBody for OffsetCommitResponse {}

impl ResponseBody for HeartbeatResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for LeaveGroupResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

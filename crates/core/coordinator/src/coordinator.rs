//! The group coordinator of one broker (`GroupCoordinatorService`): which partition of `__consumer_offsets` a
//! request belongs to, and whether it may be asked there. What becomes of it is [`Groups`]' business; the
//! [`Runtime`] carries them, and the broker appends what the runtime hands out and reports to it.

use crate::config::GroupConfig;
use crate::describe::{describe, is_wanted, listed, undescribed};
use crate::group::ClassicGroup;
use crate::groups::{GroupOrder, Groups};
use crate::image::GroupOffsets;
use crate::join::{JOIN_GROUP_VERSION, JoinCall};
use crate::offsets::{CommittedOffset, commit_error};
use crate::partition::partition_for;
use crate::records::TEXT_MAX;
use crate::runtime::{Runtime, Shard};
use crate::turn::{GroupTimer, join_error, sync_error};
use api::{
    DeleteGroupsRequest, DeleteGroupsResponse, DescribeGroupsRequest, DescribeGroupsResponse, HeartbeatRequest,
    HeartbeatResponse, JoinGroupRequest, LeaveGroupRequest, LeaveGroupResponse, ListGroupsRequest, ListGroupsResponse,
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest,
    OffsetFetchResponse, Response, SyncGroupRequest,
};
use base::{ErrorCode, GroupId, PartitionId, Span, Str, Time, TimerTable, TopicId, TopicPartition};
use port::{Cx, KafkaFact, ReplyTo};

/// A request that the group coordinator answers.
#[derive(Clone, Debug)]
pub enum GroupRequest {
    Join(JoinGroupRequest),
    Sync(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    Leave(LeaveGroupRequest),
    Describe(DescribeGroupsRequest),
    Commit(OffsetCommitRequest),
    Fetch(OffsetFetchRequest),
    List(ListGroupsRequest),
    Delete(DeleteGroupsRequest),
}

/// The group coordinator of one broker.
#[derive(Clone, Debug, Hash)]
pub struct GroupCoordinator {
    runtime: Runtime<Groups>,
}

impl GroupCoordinator {
    /// A coordinator that leads nothing yet.
    pub fn new(config: GroupConfig) -> GroupCoordinator {
        let switches = config.switches;
        GroupCoordinator { runtime: Runtime::new(config, switches) }
    }

    /// The partition of `__consumer_offsets` that keeps `group`.
    pub fn partition_of(&self, group: &str) -> PartitionId {
        partition_for(group, self.config().settings.offsets_topic_partitions)
    }

    /// Does this broker lead the group's partition, loaded or not?
    pub fn owns(&self, group: &str) -> bool {
        self.runtime.leads(self.partition_of(group))
    }

    /// The broker leads the partition no longer: everybody who waits is sent away.
    pub fn unload(&mut self, cx: &mut Cx<'_>, partition: PartitionId) {
        if self.runtime.leads(partition) {
            self.runtime.unload(cx, partition);
            cx.fact(|| KafkaFact::CoordinatorUnloaded { partition });
        }
    }

    /// What carries the groups: appends to be done, high watermarks, deadlines.
    pub fn runtime(&self) -> &Runtime<Groups> {
        &self.runtime
    }

    /// The same, to report to.
    pub fn runtime_mut(&mut self) -> &mut Runtime<Groups> {
        &mut self.runtime
    }

    /// Answers now or later, always exactly once unless the connection goes.
    pub fn on_request(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, client_id: &Str, request: GroupRequest) {
        match request {
            GroupRequest::Join(request) => {
                let call = JoinCall { reply, client_id, api_version: JOIN_GROUP_VERSION, request: &request };
                self.join(cx, call);
            }
            GroupRequest::Sync(request) => self.sync(cx, reply, &request),
            GroupRequest::Heartbeat(request) => self.heartbeat(cx, reply, &request),
            GroupRequest::Leave(request) => self.leave(cx, reply, &request),
            GroupRequest::Describe(request) => {
                let groups = request.groups.iter().map(|group| self.describe(group)).collect();
                cx.respond(reply, Response::DescribeGroups(DescribeGroupsResponse { groups }));
            }
            GroupRequest::Commit(request) => {
                self.commit(cx, reply, &request, OffsetCommitResponse { partitions: Vec::new() });
            }
            GroupRequest::Fetch(request) => self.fetch(cx, reply, request),
            GroupRequest::List(request) => cx.respond(reply, Response::ListGroups(self.list(&request))),
            GroupRequest::Delete(request) => self.delete(cx, reply, &request),
        }
    }

    /// JoinGroup in a given version of the protocol.
    pub fn join(&mut self, cx: &mut Cx<'_>, call: JoinCall<'_>) {
        match self.check_join(call) {
            Err(error) => {
                let response = join_error(&call.request.member_id, error);
                cx.respond(call.reply, Response::JoinGroup(response));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Join(call)),
        }
    }

    /// What no group could accept. Texts go into records, so their length is bounded here.
    fn check_join(&self, call: JoinCall<'_>) -> Result<PartitionId, ErrorCode> {
        let request = call.request;
        let partition = self.named_partition(&request.group)?;
        let (shortest, longest) =
            (self.config().settings.session_timeout_min, self.config().settings.session_timeout_max);
        if request.session_timeout < shortest || request.session_timeout > longest {
            return Err(ErrorCode::InvalidSessionTimeout);
        }
        let texts = [call.client_id, &request.protocol_type, &request.member_id].into_iter();
        let mut texts = texts.chain(&request.group_instance_id).chain(request.protocols.iter().map(|(name, _)| name));
        if texts.any(|text| text.len() > TEXT_MAX) { Err(ErrorCode::InvalidRequest) } else { Ok(partition) }
    }

    fn sync(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &SyncGroupRequest) {
        match self.named_partition(&request.group) {
            Err(error) => cx.respond(reply, Response::SyncGroup(sync_error(error))),
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Sync(reply, request)),
        }
    }

    /// While the partition is being loaded every heartbeat is welcome.
    fn heartbeat(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &HeartbeatRequest) {
        match self.named_partition(&request.group) {
            Err(error) => {
                let loading = error == ErrorCode::CoordinatorLoadInProgress;
                let error = if loading { ErrorCode::None } else { error };
                cx.respond(reply, Response::Heartbeat(HeartbeatResponse { error }));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Heartbeat(reply, request)),
        }
    }

    fn leave(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &LeaveGroupRequest) {
        match self.named_partition(&request.group) {
            Err(error) => {
                cx.respond(reply, Response::LeaveGroup(LeaveGroupResponse { error, members: Vec::new() }));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Leave(reply, request)),
        }
    }

    /// A group of which nothing is committed yet is not there for an administrator
    /// (`GroupCoordinatorService.describeGroups` reads at the last committed offset).
    fn describe(&self, group: &GroupId) -> api::DescribedGroup {
        let found = self.named_partition(group).and_then(|partition| {
            let shard = self.runtime.shard(partition).ok_or(ErrorCode::NotCoordinator)?;
            let is_committed = shard.committed().groups().contains_key(group);
            let living = shard.machine().groups().get(group).filter(|_| is_committed);
            living.ok_or(ErrorCode::GroupIdNotFound)
        });
        match found {
            Ok(living) => describe(living),
            Err(error) => undescribed(group, error),
        }
    }

    /// Groups of which something is committed, of all partitions that this broker leads. While one of them is being
    /// loaded there is no list (`GroupCoordinatorService.listGroups`).
    fn list(&self, request: &ListGroupsRequest) -> ListGroupsResponse {
        if self.runtime.partitions().any(|(_, shard)| shard.is_none()) {
            return ListGroupsResponse { error: ErrorCode::CoordinatorLoadInProgress, groups: Vec::new() };
        }
        let shards = self.runtime.partitions().filter_map(|(_, shard)| shard);
        let wanted = shards.flat_map(|shard| {
            let is_committed = |id: &GroupId| shard.committed().groups().contains_key(id);
            let living = shard.machine().groups().iter().filter(move |(id, _)| is_committed(id));
            living.filter(|(_, group)| is_wanted(group, request)).map(|(_, group)| listed(group))
        });
        ListGroupsResponse { error: ErrorCode::None, groups: wanted.collect() }
    }

    /// Groups of one partition go together. Of others in the same request it is said that they are coordinated elsewhere:
    /// whoever asks looks for their coordinator again and asks for each by itself, as Kafka's own client does from the
    /// start.
    fn delete(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &DeleteGroupsRequest) {
        let mut response = DeleteGroupsResponse { groups: Vec::new() };
        let mut together: Option<(PartitionId, Vec<GroupId>)> = None;
        for group in &request.groups {
            match (self.named_partition(group), &mut together) {
                (Err(error), _) => response.groups.push((group.clone(), error)),
                (Ok(partition), None) => together = Some((partition, vec![group.clone()])),
                (Ok(partition), Some((of, groups))) if partition == *of => groups.push(group.clone()),
                (Ok(_), Some(_)) => response.groups.push((group.clone(), ErrorCode::NotCoordinator)),
            }
        }
        match together {
            None => cx.respond(reply, Response::DeleteGroups(response)),
            Some((partition, groups)) => {
                self.runtime.request(cx, partition, GroupOrder::Delete(reply, &groups, response));
            }
        }
    }

    /// OffsetDelete for partitions that the broker knows; the others are `refused` already.
    pub fn delete_offsets(
        &mut self,
        cx: &mut Cx<'_>,
        reply: ReplyTo,
        request: &OffsetDeleteRequest,
        refused: OffsetDeleteResponse,
    ) {
        match self.named_partition(&request.group) {
            Err(error) => {
                let response = OffsetDeleteResponse { error, partitions: Vec::new() };
                cx.respond(reply, Response::OffsetDelete(response));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::DeleteOffsets(reply, request, refused)),
        }
    }

    /// OffsetCommit for partitions that the broker knows; the others are `refused` already.
    pub fn commit(
        &mut self,
        cx: &mut Cx<'_>,
        reply: ReplyTo,
        request: &OffsetCommitRequest,
        mut refused: OffsetCommitResponse,
    ) {
        match self.active_partition(&request.group) {
            Err(error) => {
                refused.partitions.extend(commit_error(request, error).partitions);
                cx.respond(reply, Response::OffsetCommit(refused));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Commit(reply, request, refused)),
        }
    }

    /// Topics are gone, and with them what was committed for them.
    pub fn on_topics_deleted(&mut self, cx: &mut Cx<'_>, deleted: &[(Str, TopicId)]) {
        let led: Vec<PartitionId> = self.runtime.partitions().map(|(partition, _)| partition).collect();
        for partition in led {
            self.runtime.request(cx, partition, GroupOrder::TopicsDeleted(deleted));
        }
    }

    /// Consumers ask for stable offsets: the answer waits for every commit that came before.
    fn fetch(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: OffsetFetchRequest) {
        match self.active_partition(&request.group) {
            Err(error) => {
                cx.respond(reply, Response::OffsetFetch(OffsetFetchResponse { error, partitions: Vec::new() }));
            }
            Ok(partition) => self.runtime.request(cx, partition, GroupOrder::Fetch(reply, &request)),
        }
    }

    /// Members need a group with a name; offsets may even be kept under the empty one.
    fn named_partition(&self, group: &GroupId) -> Result<PartitionId, ErrorCode> {
        if group.is_empty() { Err(ErrorCode::InvalidGroupId) } else { self.active_partition(group) }
    }

    fn active_partition(&self, group: &GroupId) -> Result<PartitionId, ErrorCode> {
        if group.len() > TEXT_MAX {
            return Err(ErrorCode::InvalidGroupId);
        }
        let partition = self.partition_of(group);
        self.runtime.is_active(partition).map(|()| partition)
    }
}

/// For the page and the checks.
impl GroupCoordinator {
    pub fn config(&self) -> &GroupConfig {
        self.runtime.config()
    }

    /// One loaded partition.
    pub fn shard(&self, partition: PartitionId) -> Option<&Shard<Groups>> {
        self.runtime.shard(partition)
    }

    /// All groups of all loaded partitions.
    pub fn groups(&self) -> impl Iterator<Item = &ClassicGroup> {
        let loaded = self.runtime.partitions().filter_map(|(_, shard)| shard);
        loaded.flat_map(|shard| shard.machine().groups().values()).map(|group| &**group)
    }

    pub fn group(&self, group: &str) -> Option<&ClassicGroup> {
        self.shard(self.partition_of(group))?.machine().groups().get(group).map(|group| &**group)
    }

    /// The group's committed offsets.
    pub fn offsets(&self, group: &str) -> Option<&GroupOffsets> {
        self.shard(self.partition_of(group))?.committed().offsets().get(group).map(|offsets| &**offsets)
    }

    pub fn committed(&self, group: &str, partition: &TopicPartition) -> Option<&CommittedOffset> {
        self.offsets(group)?.get(partition)
    }

    /// When the member is dropped unless it is heard of.
    pub fn session_deadline(&self, group: &GroupId, member_id: &Str) -> Option<Time> {
        self.runtime.timers().deadline(&GroupTimer::Session(group.clone(), member_id.clone()))
    }

    /// When the group's join phase ends at the latest.
    pub fn join_deadline(&self, group: &GroupId) -> Option<Time> {
        self.runtime.timers().deadline(&GroupTimer::Join(group.clone()))
    }

    /// When members that have not synced are dropped.
    pub fn sync_deadline(&self, group: &GroupId) -> Option<Time> {
        self.runtime.timers().deadline(&GroupTimer::Sync(group.clone()))
    }

    /// All timers as they stand.
    pub fn timers(&self) -> &TimerTable<GroupTimer> {
        self.runtime.timers()
    }

    /// `group.initial.rebalance.delay.ms`, for the countdown on the page.
    pub fn initial_rebalance_delay(&self) -> Span {
        self.config().settings.initial_rebalance_delay
    }

    /// Requests that wait: joins and syncs for their group, the rest for a write.
    pub fn parked(&self) -> u32 {
        self.runtime.partitions().filter_map(|(_, shard)| shard).map(Shard::parked).sum()
    }
}

//! The group coordinator of one broker (`GroupCoordinatorService`): the partitions of
//! `__consumer_offsets` that it leads, the requests about their groups, the groups' timers, and the
//! writes that it wants done.
//!
//! It never touches a log. What it wants written leaves as [`Append`]; the broker appends it as
//! leader of that partition and reports with [`GroupCoordinator::on_append_done`].

use crate::config::GroupConfig;
use crate::describe::{describe, undescribed};
use crate::group::ClassicGroup;
use crate::join::{JOIN_GROUP_VERSION, JoinCall};
use crate::offsets::{CommittedOffset, commit_error};
use crate::partition::partition_for;
use crate::records::TEXT_MAX;
use crate::shard::{Deferred, GroupOffsets, Shard};
use crate::turn::{GroupTimer, GroupWrite, Turn, join_error, sync_error};
use ::records::Batch;
use api::{
    DescribeGroupsRequest, DescribeGroupsResponse, HeartbeatRequest, HeartbeatResponse, JoinGroupRequest,
    LeaveGroupRequest, LeaveGroupResponse, OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest,
    OffsetFetchResponse, Response, SyncGroupRequest,
};
use base::{
    ConnectionId, ErrorCode, FlatMap, GroupId, LeaderEpoch, PartitionId, Shared, Span, Str, Time, TimerTable, TopicId,
    TopicPartition,
};
use bytes::Bytes;
use port::{Cx, Fact, ReplyTo};

/// Records to be appended as one batch to a partition of `__consumer_offsets` that this broker
/// leads, with acks=all. `token` comes back in [`GroupCoordinator::on_append_done`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Append {
    pub token: u64,
    pub partition: PartitionId,
    /// Key and value; without a value a tombstone.
    pub records: Vec<(Bytes, Option<Bytes>)>,
}

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
}

/// What this broker has of a partition that it leads.
#[derive(Clone, Debug, Hash)]
enum Slot {
    /// Its log is being read.
    Loading(LeaderEpoch),
    Active(Shared<Shard>),
}

/// The group coordinator of one broker.
#[derive(Clone, Debug, Hash)]
pub struct GroupCoordinator {
    config: Shared<GroupConfig>,
    slots: Shared<FlatMap<PartitionId, Slot>>,
    timers: Shared<TimerTable<GroupTimer>>,
    /// Where each write went that is not done yet.
    writes: Shared<FlatMap<u64, PartitionId>>,
    next_token: u64,
    appends: Vec<Append>,
}

impl GroupCoordinator {
    /// A coordinator that leads nothing yet.
    pub fn new(config: GroupConfig) -> GroupCoordinator {
        GroupCoordinator {
            config: Shared::new(config),
            slots: Shared::default(),
            timers: Shared::default(),
            writes: Shared::default(),
            next_token: 0,
            appends: Vec::new(),
        }
    }

    /// The partition of `__consumer_offsets` that keeps `group`.
    pub fn partition_of(&self, group: &str) -> PartitionId {
        partition_for(group, self.config.settings.offsets_topic_partitions)
    }

    /// Does this broker lead the group's partition, loaded or not?
    pub fn owns(&self, group: &str) -> bool {
        self.slots.contains_key(&self.partition_of(group))
    }

    /// Is there anything to append?
    pub fn has_appends(&self) -> bool {
        !self.appends.is_empty()
    }

    /// What is to be appended since the last call, in order.
    pub fn take_appends(&mut self) -> Vec<Append> {
        std::mem::take(&mut self.appends)
    }

    /// The broker leads the partition and will read its log: requests are told so meanwhile.
    pub fn start_loading(&mut self, partition: PartitionId, epoch: LeaderEpoch) {
        self.slots.entry(partition).or_insert(Slot::Loading(epoch));
    }

    /// Builds the partition's state from its log; sessions begin now. A partition that is loaded
    /// already only learns its new epoch.
    pub fn load(
        &mut self,
        cx: &mut Cx<'_>,
        partition: PartitionId,
        epoch: LeaderEpoch,
        batches: &mut dyn Iterator<Item = Batch>,
    ) {
        if let Some(Slot::Active(shard)) = self.slots.get_mut(&partition) {
            shard.epoch = shard.epoch.max(epoch);
            return;
        }
        let mut shard = Shard::new(epoch);
        for batch in batches {
            shard.replay(&batch);
        }
        let groups = shard.groups.len() as u32;
        self.slots.insert(partition, Slot::Active(Shared::new(shard)));
        cx.fact(|| Fact::CoordinatorLoaded { partition, groups });
        self.on_shard(cx, partition, |shard, turn| {
            shard.on_loaded(turn);
            None
        });
    }

    /// The broker leads the partition no longer: everybody who waits is sent away.
    pub fn unload(&mut self, cx: &mut Cx<'_>, partition: PartitionId) {
        let Some(slot) = self.slots.remove(&partition) else { return };
        if let Slot::Active(mut shard) = slot {
            let (config, timers) = (&*self.config, &mut *self.timers);
            shard.unload(&mut Turn { cx, config, timers, writes: Vec::new() });
        }
        self.writes.retain(|_, of| *of != partition);
        self.appends.retain(|append| append.partition != partition);
        cx.fact(|| Fact::CoordinatorUnloaded { partition });
    }

    /// The broker's report about an [`Append`]: committed (the high watermark passed it), or
    /// refused. Reports about partitions that are no longer led are ignored.
    pub fn on_append_done(&mut self, cx: &mut Cx<'_>, token: u64, result: Result<(), ErrorCode>) {
        let Some(partition) = self.writes.remove(&token) else { return };
        self.on_shard(cx, partition, |shard, turn| {
            shard.finish_write(turn, token, result);
            None
        });
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
        }
    }

    /// JoinGroup in a given version of the protocol.
    pub fn join(&mut self, cx: &mut Cx<'_>, call: JoinCall<'_>) {
        match self.check_join(call) {
            Err(error) => {
                let response = join_error(&call.request.member_id, error);
                cx.respond(call.reply, Response::JoinGroup(response));
            }
            Ok(partition) => self.on_shard(cx, partition, |shard, turn| {
                shard.join(turn, call);
                None
            }),
        }
    }

    fn check_join(&self, call: JoinCall<'_>) -> Result<PartitionId, ErrorCode> {
        let request = call.request;
        let partition = self.named_partition(&request.group)?;
        let (shortest, longest) = (self.config.settings.session_timeout_min, self.config.settings.session_timeout_max);
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
            Ok(partition) => self.on_shard(cx, partition, |shard, turn| {
                shard.sync(turn, reply, request);
                None
            }),
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
            Ok(partition) => {
                self.on_shard(cx, partition, |shard, turn| Some((reply, shard.heartbeat(turn, request))));
            }
        }
    }

    fn leave(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &LeaveGroupRequest) {
        match self.named_partition(&request.group) {
            Err(error) => {
                cx.respond(reply, Response::LeaveGroup(LeaveGroupResponse { error, members: Vec::new() }));
            }
            Ok(partition) => self.on_shard(cx, partition, |shard, turn| Some((reply, shard.leave(turn, request)))),
        }
    }

    fn describe(&self, group: &GroupId) -> api::DescribedGroup {
        match self.named_partition(group) {
            Err(error) => undescribed(group, error),
            Ok(_) => match self.group(group) {
                Some(found) => describe(found),
                None => undescribed(group, ErrorCode::GroupIdNotFound),
            },
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
            Ok(partition) => {
                self.on_shard(cx, partition, |shard, turn| Some((reply, shard.commit(turn, request, refused))));
            }
        }
    }

    /// Topics are gone, and with them what was committed for them.
    pub fn on_topics_deleted(&mut self, cx: &mut Cx<'_>, deleted: &[(Str, TopicId)]) {
        let active: Vec<PartitionId> = self.slots.keys().copied().collect();
        for partition in active {
            self.on_shard(cx, partition, |shard, turn| {
                shard.remove_offsets_of(turn, deleted);
                None
            });
        }
    }

    /// Consumers ask for stable offsets: the answer waits for every commit that came before.
    fn fetch(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: OffsetFetchRequest) {
        match self.active_partition(&request.group) {
            Err(error) => {
                cx.respond(reply, Response::OffsetFetch(OffsetFetchResponse { error, partitions: Vec::new() }));
            }
            Ok(partition) => self.on_shard(cx, partition, |_, _| Some((reply, Deferred::Fetch(request)))),
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
        match self.slots.get(&partition) {
            Some(Slot::Active(_)) => Ok(partition),
            Some(Slot::Loading(_)) => Err(ErrorCode::CoordinatorLoadInProgress),
            None => Err(ErrorCode::NotCoordinator),
        }
    }

    /// Lets `act` work on a loaded partition, hands out the writes that it asks for, and then sends
    /// the answer it gives, or parks it behind those writes.
    fn on_shard(
        &mut self,
        cx: &mut Cx<'_>,
        partition: PartitionId,
        act: impl FnOnce(&mut Shard, &mut Turn<'_, '_>) -> Option<(ReplyTo, Deferred)>,
    ) {
        let Some(Slot::Active(shard)) = self.slots.get_mut(&partition) else { return };
        let mut turn = Turn { cx, config: &self.config, timers: &mut self.timers, writes: Vec::new() };
        let answer = act(shard, &mut turn);
        for GroupWrite { records, then } in std::mem::take(&mut turn.writes) {
            let token = self.next_token;
            self.next_token += 1;
            self.writes.insert(token, partition);
            self.appends.push(Append { token, partition, records });
            shard.await_write(&mut turn, token, then);
        }
        if let Some((reply, deferred)) = answer {
            shard.answer(&mut turn, reply, deferred);
        }
    }

    /// Fires every timer that is due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        while let Some(timer) = self.pop_due(cx.now) {
            let partition = match &timer {
                GroupTimer::Session(group, _) | GroupTimer::Join(group) | GroupTimer::Sync(group) => {
                    self.partition_of(group)
                }
                GroupTimer::Write(token) => match self.writes.get(token) {
                    Some(partition) => *partition,
                    None => continue,
                },
            };
            self.on_shard(cx, partition, |shard, turn| {
                shard.on_timer(turn, timer);
                None
            });
        }
    }

    fn pop_due(&mut self, now: Time) -> Option<GroupTimer> {
        if self.timers.next_deadline()? > now { None } else { self.timers.pop_due(now) }
    }

    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Parked answers on this connection have nowhere to go. Members stay until their sessions end.
    pub fn on_closed(&mut self, connection: ConnectionId) {
        let parked = |slot: &Slot| match slot {
            Slot::Loading(_) => false,
            Slot::Active(shard) => shard.waits_on(connection),
        };
        let partitions: Vec<PartitionId> =
            self.slots.iter().filter(|(_, slot)| parked(slot)).map(|(partition, _)| *partition).collect();
        for partition in partitions {
            if let Some(Slot::Active(shard)) = self.slots.get_mut(&partition) {
                shard.forget_connection(connection);
            }
        }
    }
}

/// For the page and the checks.
impl GroupCoordinator {
    pub fn config(&self) -> &GroupConfig {
        &self.config
    }

    /// The partitions that this broker leads, and their state once loaded.
    pub fn partitions(&self) -> impl Iterator<Item = (PartitionId, Option<&Shard>)> {
        self.slots.iter().map(|(partition, slot)| match slot {
            Slot::Loading(_) => (*partition, None),
            Slot::Active(shard) => (*partition, Some(&**shard)),
        })
    }

    /// One loaded partition.
    pub fn shard(&self, partition: PartitionId) -> Option<&Shard> {
        match self.slots.get(&partition)? {
            Slot::Loading(_) => None,
            Slot::Active(shard) => Some(shard),
        }
    }

    /// All groups of all loaded partitions.
    pub fn groups(&self) -> impl Iterator<Item = &ClassicGroup> {
        self.partitions().filter_map(|(_, shard)| shard).flat_map(|shard| shard.groups.values()).map(|group| &**group)
    }

    pub fn group(&self, group: &str) -> Option<&ClassicGroup> {
        self.shard(self.partition_of(group))?.groups.get(group).map(|group| &**group)
    }

    /// The group's committed offsets.
    pub fn offsets(&self, group: &str) -> Option<&GroupOffsets> {
        self.shard(self.partition_of(group))?.offsets.get(group).map(|offsets| &**offsets)
    }

    pub fn committed(&self, group: &str, partition: &TopicPartition) -> Option<&CommittedOffset> {
        self.offsets(group)?.get(partition)
    }

    /// When the member is dropped unless it is heard of.
    pub fn session_deadline(&self, group: &GroupId, member_id: &Str) -> Option<Time> {
        self.timers.deadline(&GroupTimer::Session(group.clone(), member_id.clone()))
    }

    /// When the group's join phase ends at the latest.
    pub fn join_deadline(&self, group: &GroupId) -> Option<Time> {
        self.timers.deadline(&GroupTimer::Join(group.clone()))
    }

    /// When members that have not synced are dropped.
    pub fn sync_deadline(&self, group: &GroupId) -> Option<Time> {
        self.timers.deadline(&GroupTimer::Sync(group.clone()))
    }

    /// All timers as they stand.
    pub fn timers(&self) -> &TimerTable<GroupTimer> {
        &self.timers
    }

    /// `group.initial.rebalance.delay.ms`, for the countdown on the page.
    pub fn initial_rebalance_delay(&self) -> Span {
        self.config.settings.initial_rebalance_delay
    }

    /// Requests that wait: joins and syncs for their group, the rest for a write.
    pub fn parked(&self) -> u32 {
        self.partitions().filter_map(|(_, shard)| shard).map(Shard::parked).sum()
    }
}

//! One partition of `__consumer_offsets` as its coordinator holds it in memory: groups, committed
//! offsets, and writes that are not committed yet (`CoordinatorRuntime`, `GroupCoordinatorShard`).
//!
//! An answer that rests on the state waits until everything written so far is committed. Offsets
//! become visible only then; a refused write leaves no trace.

use crate::group::ClassicGroup;
use crate::join::JoinCall;
use crate::offsets::CommittedOffset;
use crate::records::{self, Replayed};
use crate::turn::{AfterWrite, GroupTimer, GroupWrite, Turn, join_error, write_error};
use ::records::Batch;
use api::{
    HeartbeatRequest, HeartbeatResponse, LeaveGroupRequest, LeaveGroupResponse, OffsetCommitResponse,
    OffsetFetchRequest, OffsetFetchResponse, Response, SyncGroupRequest,
};
use base::{ConnectionId, ErrorCode, FlatMap, GroupId, LeaderEpoch, Shared, TopicPartition};
use port::{Fact, ReplyTo};
use std::collections::VecDeque;

/// Committed offsets of one group.
pub type GroupOffsets = FlatMap<TopicPartition, CommittedOffset>;

/// The state behind one partition of `__consumer_offsets`.
#[derive(Clone, Debug, Hash)]
pub struct Shard {
    pub(crate) epoch: LeaderEpoch,
    pub(crate) groups: FlatMap<GroupId, Shared<ClassicGroup>>,
    pub(crate) offsets: FlatMap<GroupId, Shared<GroupOffsets>>,
    /// In the order of the log.
    pub(crate) pending: VecDeque<PendingWrite>,
}

/// A write that the log has, but that is not committed yet.
#[derive(Clone, Debug, Hash)]
pub(crate) struct PendingWrite {
    pub token: u64,
    pub then: AfterWrite,
    /// Answers that wait for this write.
    pub waiting: Vec<(ReplyTo, Deferred)>,
}

/// An answer that is sent once everything written before it is committed.
#[derive(Clone, Debug, Hash)]
pub(crate) enum Deferred {
    Heartbeat(ErrorCode),
    Leave(LeaveGroupResponse),
    Commit(OffsetCommitResponse),
    /// Looked up when it is answered.
    Fetch(OffsetFetchRequest),
}

impl Deferred {
    fn succeed(self, shard: &Shard) -> Response {
        match self {
            Deferred::Heartbeat(error) => Response::Heartbeat(HeartbeatResponse { error }),
            Deferred::Leave(response) => Response::LeaveGroup(response),
            Deferred::Commit(response) => Response::OffsetCommit(response),
            Deferred::Fetch(request) => Response::OffsetFetch(shard.fetch(&request)),
        }
    }

    /// A fetch has no code for "not available" and is sent to look for its coordinator again.
    fn fail(self, error: ErrorCode) -> Response {
        let error = write_error(error);
        match self {
            Deferred::Heartbeat(_) => Response::Heartbeat(HeartbeatResponse { error }),
            Deferred::Leave(_) => Response::LeaveGroup(LeaveGroupResponse { error, members: Vec::new() }),
            Deferred::Commit(mut response) => {
                response.partitions.iter_mut().for_each(|(_, _, each)| *each = error);
                Response::OffsetCommit(response)
            }
            Deferred::Fetch(_) => {
                let lost = error == ErrorCode::CoordinatorNotAvailable;
                let error = if lost { ErrorCode::NotCoordinator } else { error };
                Response::OffsetFetch(OffsetFetchResponse { error, partitions: Vec::new() })
            }
        }
    }
}

impl Shard {
    pub(crate) fn new(epoch: LeaderEpoch) -> Shard {
        Shard { epoch, groups: FlatMap::new(), offsets: FlatMap::new(), pending: VecDeque::new() }
    }

    /// Under which leadership of the partition this state was built.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    pub fn groups(&self) -> &FlatMap<GroupId, Shared<ClassicGroup>> {
        &self.groups
    }

    /// Committed offsets by group.
    pub fn offsets(&self) -> &FlatMap<GroupId, Shared<GroupOffsets>> {
        &self.offsets
    }

    /// Writes that are not committed yet.
    pub fn pending_writes(&self) -> u32 {
        self.pending.len() as u32
    }

    /// Reads one batch of the log. What this coordinator cannot read, it skips.
    pub(crate) fn replay(&mut self, batch: &Batch) {
        if batch.is_control() {
            return;
        }
        for record in batch.records().unwrap_or_default() {
            let Some(key) = &record.key else { continue };
            if let Ok(replayed) = records::read(key, record.value.as_ref()) {
                self.apply(replayed);
            }
        }
    }

    fn apply(&mut self, replayed: Replayed) {
        match replayed {
            Replayed::Group(id, Some(group)) => {
                self.groups.insert(id, Shared::new(*group));
            }
            Replayed::Group(id, None) => {
                self.groups.remove(&id);
            }
            Replayed::Offset(group, partition, Some(offset)) => {
                // Offsets without a group: somebody keeps them here without being a member.
                let simple = || Shared::new(ClassicGroup::empty(group.clone(), offset.commit_time));
                self.groups.entry(group.clone()).or_insert_with(simple);
                self.offsets.entry(group).or_default().insert(partition, offset);
            }
            Replayed::Offset(group, partition, None) => {
                if let Some(offsets) = self.offsets.get_mut(&group) {
                    offsets.remove(&partition);
                    if offsets.is_empty() {
                        self.offsets.remove(&group);
                    }
                }
            }
        }
    }

    pub(crate) fn on_loaded(&mut self, turn: &mut Turn<'_, '_>) {
        for group in self.groups.values_mut() {
            group.on_loaded(turn);
        }
    }

    /// A group is created by the first join without a member id, and written at once.
    pub(crate) fn join(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>) {
        let id = &call.request.group;
        let is_new = !self.groups.contains_key(id);
        if is_new && !call.request.member_id.is_empty() {
            let response = join_error(&call.request.member_id, ErrorCode::UnknownMemberId);
            return turn.cx.respond(call.reply, Response::JoinGroup(response));
        }
        let wall = turn.cx.wall;
        let group = self.groups.entry(id.clone()).or_insert_with(|| Shared::new(ClassicGroup::empty(id.clone(), wall)));
        group.join(turn, call);
        if is_new && turn.writes.is_empty() {
            let records = vec![records::empty_group_record(id)];
            turn.writes.push(GroupWrite { records, then: AfterWrite::GroupCreated { group: id.clone() } });
        }
    }

    pub(crate) fn sync(&mut self, turn: &mut Turn<'_, '_>, reply: ReplyTo, request: &SyncGroupRequest) {
        match self.groups.get_mut(&request.group) {
            Some(group) => group.sync(turn, reply, request),
            None => {
                let response = crate::turn::sync_error(ErrorCode::UnknownMemberId);
                turn.cx.respond(reply, Response::SyncGroup(response));
            }
        }
    }

    pub(crate) fn heartbeat(&self, turn: &mut Turn<'_, '_>, request: &HeartbeatRequest) -> Deferred {
        let group = self.groups.get(&request.group);
        Deferred::Heartbeat(group.map_or(ErrorCode::UnknownMemberId, |group| group.heartbeat(turn, request)))
    }

    pub(crate) fn leave(&mut self, turn: &mut Turn<'_, '_>, request: &LeaveGroupRequest) -> Deferred {
        let members = match self.groups.get_mut(&request.group) {
            Some(group) => group.leave(turn, request),
            None => {
                let unknown = ErrorCode::UnknownMemberId;
                let leaving = request.members.iter();
                leaving.map(|each| (each.member_id.clone(), each.group_instance_id.clone(), unknown)).collect()
            }
        };
        Deferred::Leave(LeaveGroupResponse { error: ErrorCode::None, members })
    }

    /// A write has been handed to the log.
    pub(crate) fn await_write(&mut self, turn: &mut Turn<'_, '_>, token: u64, then: AfterWrite) {
        turn.set_timer(GroupTimer::Write(token), turn.config.settings.commit_timeout);
        self.pending.push_back(PendingWrite { token, then, waiting: Vec::new() });
    }

    pub(crate) fn on_timer(&mut self, turn: &mut Turn<'_, '_>, timer: GroupTimer) {
        match timer {
            GroupTimer::Session(group, member_id) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_session_timer(turn, &member_id);
                }
            }
            GroupTimer::Join(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_join_timer(turn);
                }
            }
            GroupTimer::Sync(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_sync_timer(turn);
                }
            }
            GroupTimer::Write(token) => self.write_timed_out(turn, token),
        }
    }

    /// Sends the answer now, or when the last write so far is committed.
    pub(crate) fn answer(&mut self, turn: &mut Turn<'_, '_>, reply: ReplyTo, deferred: Deferred) {
        match self.pending.back_mut() {
            None => {
                let response = deferred.succeed(self);
                turn.cx.respond(reply, response);
            }
            Some(write) => {
                write.waiting.push((reply, deferred));
                let timer = GroupTimer::Write(write.token);
                if turn.timers.deadline(&timer).is_none() {
                    turn.set_timer(timer, turn.config.settings.commit_timeout);
                }
            }
        }
    }

    /// A write is committed, or the log refused it.
    pub(crate) fn finish_write(&mut self, turn: &mut Turn<'_, '_>, token: u64, result: Result<(), ErrorCode>) {
        let Some(at) = self.pending.iter().position(|write| write.token == token) else { return };
        let Some(write) = self.pending.remove(at) else { return };
        turn.cancel_timer(&GroupTimer::Write(token));
        match result {
            Ok(()) => self.written(turn, write.then),
            Err(error) => {
                if let AfterWrite::GroupCreated { group } = &write.then {
                    self.forget_group(turn, &group.clone(), error);
                } else {
                    self.not_written(turn, &write.then, error);
                }
            }
        }
        for (reply, deferred) in write.waiting {
            let response = match result {
                Ok(()) => deferred.succeed(self),
                Err(error) => deferred.fail(error),
            };
            turn.cx.respond(reply, response);
        }
    }

    fn written(&mut self, turn: &mut Turn<'_, '_>, then: AfterWrite) {
        match then {
            AfterWrite::GroupCreated { .. } | AfterWrite::Nothing => {}
            AfterWrite::Assignment { group, generation, assignment } => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.assignment_written(turn, generation, Ok(&assignment));
                }
            }
            AfterWrite::StaticMemberReplaced { group, replaced } => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.static_member_written(turn, &replaced, Ok(()));
                }
            }
            AfterWrite::OffsetsRemoved { offsets } => {
                for (group, partition) in offsets {
                    self.apply(Replayed::Offset(group, partition, None));
                }
            }
            AfterWrite::OffsetsCommitted { group, member_id, offsets } => {
                let committed = self.offsets.entry(group.clone()).or_default();
                for (partition, offset) in offsets {
                    let (group, partition_too, member) = (&group, partition.clone(), &member_id);
                    turn.cx.fact(|| Fact::OffsetCommitted {
                        group: group.clone(),
                        partition: partition_too,
                        offset: offset.offset,
                        member: member.clone(),
                    });
                    committed.insert(partition, offset);
                }
            }
        }
    }

    fn not_written(&mut self, turn: &mut Turn<'_, '_>, then: &AfterWrite, error: ErrorCode) {
        match then {
            AfterWrite::Assignment { group, generation, .. } => {
                if let Some(group) = self.groups.get_mut(group) {
                    group.assignment_written(turn, *generation, Err(error));
                }
            }
            AfterWrite::StaticMemberReplaced { group, replaced } => {
                if let Some(group) = self.groups.get_mut(group) {
                    group.static_member_written(turn, replaced, Err(error));
                }
            }
            AfterWrite::GroupCreated { .. }
            | AfterWrite::OffsetsCommitted { .. }
            | AfterWrite::OffsetsRemoved { .. }
            | AfterWrite::Nothing => {}
        }
    }

    /// The group exists nowhere but here; whoever joined it has to begin again.
    fn forget_group(&mut self, turn: &mut Turn<'_, '_>, group: &GroupId, error: ErrorCode) {
        if let Some(mut group) = self.groups.remove(group) {
            group.fail_parked(turn, write_error(error));
        }
    }

    /// Nobody waits longer for this write. It stays in the log and may still be committed.
    pub(crate) fn write_timed_out(&mut self, turn: &mut Turn<'_, '_>, token: u64) {
        let Some(at) = self.pending.iter().position(|write| write.token == token) else { return };
        let write = &mut self.pending[at];
        let waiting = std::mem::take(&mut write.waiting);
        // Offsets become visible whenever the write is committed, and a group stays.
        let told = match &write.then {
            AfterWrite::Assignment { .. } | AfterWrite::StaticMemberReplaced { .. } => {
                std::mem::replace(&mut write.then, AfterWrite::Nothing)
            }
            AfterWrite::GroupCreated { .. }
            | AfterWrite::OffsetsCommitted { .. }
            | AfterWrite::OffsetsRemoved { .. }
            | AfterWrite::Nothing => AfterWrite::Nothing,
        };
        self.not_written(turn, &told, ErrorCode::RequestTimedOut);
        for (reply, deferred) in waiting {
            turn.cx.respond(reply, deferred.fail(ErrorCode::RequestTimedOut));
        }
    }

    /// Everybody who waits is sent to look for the new coordinator.
    pub(crate) fn unload(&mut self, turn: &mut Turn<'_, '_>) {
        for write in std::mem::take(&mut self.pending) {
            turn.cancel_timer(&GroupTimer::Write(write.token));
            for (reply, deferred) in write.waiting {
                turn.cx.respond(reply, deferred.fail(ErrorCode::NotCoordinator));
            }
        }
        for group in self.groups.values_mut() {
            group.fail_parked(turn, ErrorCode::NotCoordinator);
        }
    }

    /// Requests that wait here for their answers.
    pub fn parked(&self) -> u32 {
        let behind_writes: usize = self.pending.iter().map(|write| write.waiting.len()).sum();
        behind_writes as u32
            + self.groups.values().map(|group| group.awaiting_join() + group.awaiting_sync()).sum::<u32>()
    }

    pub(crate) fn waits_on(&self, connection: ConnectionId) -> bool {
        let behind_a_write =
            |write: &PendingWrite| write.waiting.iter().any(|(reply, _)| reply.connection == connection);
        self.pending.iter().any(behind_a_write) || self.groups.values().any(|group| group.is_parked_on(connection))
    }

    pub(crate) fn forget_connection(&mut self, connection: ConnectionId) {
        for write in &mut self.pending {
            write.waiting.retain(|(reply, _)| reply.connection != connection);
        }
        for group in self.groups.values_mut().filter(|group| group.is_parked_on(connection)) {
            group.forget_connection(connection);
        }
    }
}

//! Classic groups and offsets as a [`Machine`]: the groups as they live, which no record keeps whole, beside
//! the image of one partition of `__consumer_offsets`.
//!
//! Members, rounds and parked joins change at once, as in Kafka's `ClassicGroup`; what is to survive is
//! decided here and written by nobody but the records. Kafka: `GroupCoordinatorShard`.

use crate::config::GroupConfig;
use crate::group::ClassicGroup;
use crate::image::{GroupImage, GroupMetadata, GroupRecord};
use crate::join::JoinCall;
use crate::partition::partition_for;
use crate::records;
use crate::runtime::{Awaiting, Decision, KeyValue, Machine, Scope, TimerPlace, Write};
use crate::turn::{AfterWrite, GroupTimer, GroupWrite, Turn, join_error, sync_error, write_error};
use api::{
    DeleteGroupsResponse, HeartbeatRequest, HeartbeatResponse, LeaveGroupRequest, LeaveGroupResponse,
    OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest,
    OffsetFetchResponse, Response, SyncGroupRequest,
};
use base::{ConnectionId, ErrorCode, FlatMap, GroupId, PartitionId, Shared, Span, Str, Timestamp, TopicId};
use bytes::Bytes;
use port::{KafkaFact, ReplyTo};

/// The living groups of one partition.
#[derive(Clone, Debug, Default, Hash)]
pub struct Groups {
    pub(crate) groups: FlatMap<GroupId, Shared<ClassicGroup>>,
}

/// What may be asked of a partition's groups.
#[derive(Clone, Debug)]
pub enum GroupOrder<'a> {
    Join(JoinCall<'a>),
    Sync(ReplyTo, &'a SyncGroupRequest),
    Heartbeat(ReplyTo, &'a HeartbeatRequest),
    Leave(ReplyTo, &'a LeaveGroupRequest),
    /// The answer says already of some partitions that they are refused.
    Commit(ReplyTo, &'a OffsetCommitRequest, OffsetCommitResponse),
    Fetch(ReplyTo, &'a OffsetFetchRequest),
    TopicsDeleted(&'a [(Str, TopicId)]),
    /// The answer says already of some groups that they are not here.
    Delete(ReplyTo, &'a [GroupId], DeleteGroupsResponse),
    /// The answer says already of some partitions that they are refused.
    DeleteOffsets(ReplyTo, &'a OffsetDeleteRequest, OffsetDeleteResponse),
}

/// An answer that is sent once everything written before it is committed.
#[derive(Clone, Debug, Hash)]
pub enum Deferred {
    Heartbeat(ErrorCode),
    Leave(LeaveGroupResponse),
    Commit(OffsetCommitResponse),
    Fetch(OffsetFetchResponse),
    DeleteGroups(DeleteGroupsResponse),
    OffsetDelete(OffsetDeleteResponse),
}

impl Deferred {
    fn succeed(self) -> Response {
        match self {
            Deferred::Heartbeat(error) => Response::Heartbeat(HeartbeatResponse { error }),
            Deferred::Leave(response) => Response::LeaveGroup(response),
            Deferred::Commit(response) => Response::OffsetCommit(response),
            Deferred::Fetch(response) => Response::OffsetFetch(response),
            Deferred::DeleteGroups(response) => Response::DeleteGroups(response),
            Deferred::OffsetDelete(response) => Response::OffsetDelete(response),
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
            Deferred::DeleteGroups(mut response) => {
                let written = response.groups.iter_mut().filter(|(_, each)| !each.is_error());
                written.for_each(|(_, each)| *each = error);
                Response::DeleteGroups(response)
            }
            Deferred::OffsetDelete(_) => Response::OffsetDelete(OffsetDeleteResponse { error, partitions: Vec::new() }),
        }
    }
}

impl Machine for Groups {
    type Config = GroupConfig;
    type Image = GroupImage;
    type Record = GroupRecord;
    type Request<'a> = GroupOrder<'a>;
    type Reply = Deferred;
    type After = AfterWrite;
    type Timer = GroupTimer;

    fn encode(record: &GroupRecord) -> KeyValue {
        records::encode(record)
    }

    fn decode(key: &Bytes, value: Option<&Bytes>) -> Option<GroupRecord> {
        records::read(key, value).ok()
    }

    fn apply(image: &mut GroupImage, record: &GroupRecord) {
        image.apply(record);
    }

    fn decide(
        &mut self,
        scope: &mut Scope<'_, '_, Groups>,
        ahead: &GroupImage,
        order: GroupOrder<'_>,
    ) -> Decision<Groups> {
        let mut turn = Turn::of(scope);
        let reply = match order {
            GroupOrder::Join(call) => {
                self.join(&mut turn, call);
                None
            }
            GroupOrder::Sync(to, request) => {
                self.sync(&mut turn, to, request);
                None
            }
            GroupOrder::Heartbeat(to, request) => Some((to, self.heartbeat(&mut turn, request))),
            GroupOrder::Leave(to, request) => Some((to, self.leave(&mut turn, request))),
            GroupOrder::Commit(to, request, refused) => Some((to, self.commit(&mut turn, request, refused))),
            GroupOrder::Fetch(to, request) => Some((to, Deferred::Fetch(ahead.fetch(request)))),
            GroupOrder::TopicsDeleted(deleted) => {
                ahead.remove_offsets_of(&mut turn, deleted);
                None
            }
            GroupOrder::Delete(to, groups, absent) => Some((to, self.delete(&mut turn, ahead, groups, absent))),
            GroupOrder::DeleteOffsets(to, request, refused) => {
                Some((to, self.delete_offsets(&mut turn, ahead, request, refused)))
            }
        };
        let reply = reply.map(|(to, reply)| Awaiting { to, reply });
        Decision { reply, ..turn.decision() }
    }

    fn fire(&mut self, scope: &mut Scope<'_, '_, Groups>, _ahead: &GroupImage, timer: GroupTimer) -> Decision<Groups> {
        let mut turn = Turn::of(scope);
        match timer {
            GroupTimer::Session(group, member_id) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_session_timer(&mut turn, &member_id);
                }
            }
            GroupTimer::Join(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_join_timer(&mut turn);
                }
            }
            GroupTimer::Sync(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.on_sync_timer(&mut turn);
                }
            }
            GroupTimer::Write(token) => panic!("the timer of write {token} is the runtime's"),
        }
        turn.decision()
    }

    /// Sessions begin now.
    fn loaded(
        &mut self,
        scope: &mut Scope<'_, '_, Groups>,
        partition: PartitionId,
        image: &GroupImage,
    ) -> Decision<Groups> {
        let living = |(id, group): (&GroupId, &Shared<GroupMetadata>)| {
            (id.clone(), Shared::new(ClassicGroup::of(id.clone(), group)))
        };
        self.groups = image.groups().iter().map(living).collect();
        let groups = self.groups.len() as u32;
        scope.cx.fact(|| KafkaFact::CoordinatorLoaded { partition, groups });
        let mut turn = Turn::of(scope);
        for group in self.groups.values_mut() {
            group.on_loaded(&mut turn);
        }
        turn.decision()
    }

    fn unloaded(&mut self, scope: &mut Scope<'_, '_, Groups>) {
        let mut turn = Turn::of(scope);
        for group in self.groups.values_mut() {
            group.fail_parked(&mut turn, ErrorCode::NotCoordinator);
        }
    }

    fn committed(&mut self, scope: &mut Scope<'_, '_, Groups>, write: Write<Groups>) -> Decision<Groups> {
        let mut turn = Turn::of(scope);
        match write.then {
            AfterWrite::Nothing => {}
            AfterWrite::Assignment { group, generation, assignment } => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.assignment_written(&mut turn, generation, Ok(&assignment));
                }
            }
            AfterWrite::StaticMemberReplaced { group, replaced } => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.static_member_written(&mut turn, &replaced, Ok(()));
                }
            }
            AfterWrite::OffsetsCommitted { member_id } => {
                for record in &write.records {
                    tell_committed(&mut turn, record, &member_id);
                }
            }
        }
        turn.decision()
    }

    /// A group that is in no record exists nowhere but here: whoever joined it has to begin again. Of the others
    /// the round under way is what a record cannot give back.
    fn lost(
        &mut self,
        scope: &mut Scope<'_, '_, Groups>,
        ahead: &GroupImage,
        write: Write<Groups>,
        error: ErrorCode,
    ) -> Decision<Groups> {
        let mut turn = Turn::of(scope);
        for id in write.records.iter().map(GroupRecord::group).filter(|id| !ahead.groups().contains_key(*id)) {
            if let Some(mut group) = self.groups.remove(id) {
                group.fail_parked(&mut turn, write_error(error));
            }
        }
        self.restore(ahead, &write.records);
        self.undo(&mut turn, &write.then, error);
        turn.decision()
    }

    /// Offsets become visible whenever the write is committed, and a group stays.
    fn overdue(&mut self, scope: &mut Scope<'_, '_, Groups>, then: &mut AfterWrite) -> Decision<Groups> {
        let mut turn = Turn::of(scope);
        let told = match then {
            AfterWrite::Assignment { .. } | AfterWrite::StaticMemberReplaced { .. } => std::mem::take(then),
            AfterWrite::OffsetsCommitted { .. } | AfterWrite::Nothing => AfterWrite::Nothing,
        };
        self.undo(&mut turn, &told, ErrorCode::RequestTimedOut);
        turn.decision()
    }

    fn answer(reply: Deferred, result: Result<(), ErrorCode>) -> Response {
        match result {
            Ok(()) => reply.succeed(),
            Err(error) => reply.fail(error),
        }
    }

    fn write_timeout(config: &GroupConfig) -> Span {
        config.settings.commit_timeout
    }

    fn place(config: &GroupConfig, timer: &GroupTimer) -> TimerPlace {
        match timer {
            GroupTimer::Session(group, _) | GroupTimer::Join(group) | GroupTimer::Sync(group) => {
                TimerPlace::Shard(partition_for(group, config.settings.offsets_topic_partitions))
            }
            GroupTimer::Write(token) => TimerPlace::Write(*token),
        }
    }

    fn parked(&self) -> u32 {
        self.groups.values().map(|group| group.awaiting_join() + group.awaiting_sync()).sum()
    }

    fn waits_on(&self, connection: ConnectionId) -> bool {
        self.groups.values().any(|group| group.is_parked_on(connection))
    }

    fn forget_connection(&mut self, connection: ConnectionId) {
        for group in self.groups.values_mut().filter(|group| group.is_parked_on(connection)) {
            group.forget_connection(connection);
        }
    }
}

impl Groups {
    /// By id.
    pub fn groups(&self) -> &FlatMap<GroupId, Shared<ClassicGroup>> {
        &self.groups
    }

    /// A group is created by the first join without a member id, and written at once.
    fn join(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>) {
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
            // `newEmptyGroupMetadataRecord`
            let begins = Shared::new(GroupMetadata::simple(Timestamp(-1)));
            let records = vec![GroupRecord::Group(id.clone(), Some(begins))];
            turn.writes.push(GroupWrite { records, then: AfterWrite::Nothing });
        }
    }

    fn sync(&mut self, turn: &mut Turn<'_, '_>, reply: ReplyTo, request: &SyncGroupRequest) {
        match self.groups.get_mut(&request.group) {
            Some(group) => group.sync(turn, reply, request),
            None => {
                let response = sync_error(ErrorCode::UnknownMemberId);
                turn.cx.respond(reply, Response::SyncGroup(response));
            }
        }
    }

    fn heartbeat(&self, turn: &mut Turn<'_, '_>, request: &HeartbeatRequest) -> Deferred {
        let group = self.groups.get(&request.group);
        Deferred::Heartbeat(group.map_or(ErrorCode::UnknownMemberId, |group| group.heartbeat(turn, request)))
    }

    fn leave(&mut self, turn: &mut Turn<'_, '_>, request: &LeaveGroupRequest) -> Deferred {
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

    /// Rounds that waited for a write which was not committed, or not in time.
    fn undo(&mut self, turn: &mut Turn<'_, '_>, then: &AfterWrite, error: ErrorCode) {
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
            AfterWrite::OffsetsCommitted { .. } | AfterWrite::Nothing => {}
        }
    }
}

fn tell_committed(turn: &mut Turn<'_, '_>, record: &GroupRecord, member: &Str) {
    if let GroupRecord::Offset(group, partition, Some(committed)) = record {
        turn.cx.fact(|| KafkaFact::OffsetCommitted {
            group: group.clone(),
            partition: partition.clone(),
            offset: committed.offset,
            member: member.clone(),
        });
    }
}

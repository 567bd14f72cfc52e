//! What a group is given for the length of one call, and what it may leave behind: answers and
//! facts through `Cx`, timers, and writes to its partition's log with what is to happen afterwards.

use crate::config::GroupConfig;
use crate::groups::Groups;
use crate::member::Member;
use crate::runtime::{Decision, Scope, Write, WriteTimer};
use api::{JoinGroupResponse, Response, SyncGroupResponse};
use base::{ErrorCode, FlatMap, GroupId, Span, Str, TimerKey, TimerTable};
use bytes::Bytes;
use port::{Cx, ReplyTo};

/// What the coordinator waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupTimer {
    /// A member's session, a pending member id's life, or a new member's wait in the join phase.
    Session(GroupId, Str),
    /// The join phase of a group ends.
    Join(GroupId),
    /// Members that have not synced by then are removed.
    Sync(GroupId),
    /// The answers to a write do not wait longer (`offsets.commit.timeout.ms`).
    Write(u64),
}

impl TimerKey for GroupTimer {}

/// Time, dice, outbox, settings and timers for one call, and the writes that it asks for.
pub(crate) struct Turn<'a, 'b> {
    pub cx: &'a mut Cx<'b>,
    pub config: &'a GroupConfig,
    pub timers: &'a mut TimerTable<GroupTimer>,
    pub writes: Vec<GroupWrite>,
}

impl From<WriteTimer> for GroupTimer {
    fn from(WriteTimer(token): WriteTimer) -> GroupTimer {
        GroupTimer::Write(token)
    }
}

impl<'b> Turn<'_, 'b> {
    /// A turn in which nothing was written yet.
    pub fn of<'a>(scope: &'a mut Scope<'_, 'b, Groups>) -> Turn<'a, 'b> {
        Turn { cx: scope.cx, config: scope.config, timers: scope.timers, writes: Vec::new() }
    }

    /// What the turn came to, without an answer.
    pub fn decision(self) -> Decision<Groups> {
        Decision { writes: self.writes, reply: None }
    }

    pub fn set_timer(&mut self, timer: GroupTimer, after: Span) {
        let at = self.cx.now + after;
        self.timers.set(timer, at);
    }

    pub fn cancel_timer(&mut self, timer: &GroupTimer) {
        self.timers.cancel(timer);
    }

    /// `group.max.size`, in members.
    pub fn size_max(&self) -> u32 {
        self.config.settings.group_max_size.max(0) as u32
    }

    /// A member asks again while its former request waits: that one is never answered (`ClassicGroup.updateMember`).
    pub fn abandon(&mut self, parked: Option<Parked>) {
        if let Some(reply) = parked.and_then(|parked| parked.reply) {
            self.cx.abandon(reply);
        }
    }

    /// Answers a parked request, if its connection still lives.
    pub fn answer(&mut self, parked: Parked, response: Response) {
        if let Some(reply) = parked.reply {
            self.cx.respond(reply, response);
        }
    }
}

/// A request that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parked {
    /// `None` when its connection is gone: the coordinator does not notice that before it answers,
    /// so the member still counts as waiting (Kafka mutes the socket).
    pub reply: Option<ReplyTo>,
}

/// Records of `__consumer_offsets`, to be written as one batch.
pub(crate) type GroupWrite = Write<Groups>;

/// What else happens once a write is committed or lost. What its records say, the image does by itself.
#[derive(Clone, Debug, Default, Hash)]
pub enum AfterWrite {
    /// Nobody waits: the group is new, it has lost its last member, offsets went with their topic, or those who
    /// waited were told already that it took too long.
    #[default]
    Nothing,
    /// The leader's assignment: handed to the members, or everybody rejoins.
    Assignment { group: GroupId, generation: i32, assignment: FlatMap<Str, Bytes> },
    /// A static member came back under a new member id.
    StaticMemberReplaced { group: GroupId, replaced: Box<Replaced> },
    /// Offsets become visible.
    OffsetsCommitted { member_id: Str },
}

/// What is needed to confirm or to undo the replacement of a static member. The log does not have all of the
/// member that was: of its protocols only the one that the group uses.
#[derive(Clone, Debug, Hash)]
pub struct Replaced {
    /// The member under its old id; nothing of it is parked.
    pub(crate) before: Member,
    pub(crate) new_member_id: Str,
    pub(crate) old_leader: Str,
    pub(crate) api_version: i16,
}

/// What a member is told when the log refused a write
/// (`CoordinatorOperationExceptionHelper.handleOperationException`).
pub(crate) fn write_error(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::UnknownTopicOrPartition
        | ErrorCode::NotEnoughReplicas
        | ErrorCode::NotEnoughReplicasAfterAppend
        | ErrorCode::RequestTimedOut => ErrorCode::CoordinatorNotAvailable,
        ErrorCode::NotLeaderOrFollower | ErrorCode::KafkaStorageError => ErrorCode::NotCoordinator,
        ErrorCode::RecordListTooLarge | ErrorCode::MessageTooLarge | ErrorCode::InvalidFetchSize => {
            ErrorCode::UnknownServerError
        }
        other => other,
    }
}

/// A JoinGroup answer that only says what went wrong.
pub(crate) fn join_error(member_id: &str, error: ErrorCode) -> JoinGroupResponse {
    JoinGroupResponse {
        error,
        generation: -1,
        protocol_type: None,
        protocol: Some("".into()),
        leader: "".into(),
        skip_assignment: false,
        member_id: member_id.into(),
        members: Vec::new(),
    }
}

/// A SyncGroup answer that only says what went wrong.
pub(crate) fn sync_error(error: ErrorCode) -> SyncGroupResponse {
    SyncGroupResponse { error, protocol_type: None, protocol: None, assignment: Bytes::new() }
}

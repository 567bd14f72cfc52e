//! What a group is given for the length of one call, and what it may leave behind: answers and
//! facts through `Cx`, timers, and writes to its partition's log with what is to happen afterwards.

use crate::config::GroupConfig;
use crate::offsets::CommittedOffset;
use api::{JoinGroupResponse, Response, SyncGroupResponse};
use base::{ErrorCode, FlatMap, GroupId, Span, Str, TimerTable, TopicPartition};
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

/// Time, dice, outbox, settings and timers for one call, and the writes that it asks for.
pub(crate) struct Turn<'a, 'b> {
    pub cx: &'a mut Cx<'b>,
    pub config: &'a GroupConfig,
    pub timers: &'a mut TimerTable<GroupTimer>,
    pub writes: Vec<GroupWrite>,
}

impl Turn<'_, '_> {
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

/// One record of `__consumer_offsets` or several, to be written as one batch.
#[derive(Clone, Debug)]
pub(crate) struct GroupWrite {
    pub records: Vec<(Bytes, Option<Bytes>)>,
    pub then: AfterWrite,
}

/// What happens once a write is committed or has failed.
#[derive(Clone, Debug, Hash)]
pub(crate) enum AfterWrite {
    /// The first record of a group; when it fails the group is forgotten.
    GroupCreated { group: GroupId },
    /// Nobody waits: the group has lost its last member, or was told already that it took too long.
    Nothing,
    /// The leader's assignment: handed to the members, or everybody rejoins.
    Assignment { group: GroupId, generation: i32, assignment: FlatMap<Str, Bytes> },
    /// A static member came back under a new member id.
    StaticMemberReplaced { group: GroupId, replaced: Box<Replaced> },
    /// Offsets of topics that are gone.
    OffsetsRemoved { offsets: Vec<(GroupId, TopicPartition)> },
    /// Offsets become visible.
    OffsetsCommitted { group: GroupId, member_id: Str, offsets: Vec<(TopicPartition, CommittedOffset)> },
}

/// What is needed to confirm or to undo the replacement of a static member.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Replaced {
    pub instance_id: Str,
    pub old_member_id: Str,
    pub new_member_id: Str,
    pub old_leader: Str,
    pub old_protocols: Vec<(Str, Bytes)>,
    pub old_session_timeout: Span,
    pub old_rebalance_timeout: Span,
    pub api_version: i16,
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

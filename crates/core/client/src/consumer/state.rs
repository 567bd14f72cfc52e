//! What a consumer knows: its place in the group and, per partition, where it reads. Kafka:
//! `AbstractCoordinator.Generation` and `MemberState`, `SubscriptionState`.

use api::JoinGroupMember;
use base::{BrokerId, ErrorCode, FlatMap, LeaderEpoch, Offset, Str, Time, TopicPartition};
use bytes::Bytes;
use port::{Compact, Cx, Work};
use records::{Batch, Compression, Record};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Where a member stands between two generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupPhase {
    Unjoined,
    /// Commits what was consumed before it gives its partitions back.
    CommittingBeforeJoin,
    /// JoinGroup waits for the whole group.
    Joining,
    /// The group's leader waits for metadata of the others' topics.
    Assigning,
    /// SyncGroup waits for the leader's plan.
    Syncing,
    Stable,
}

/// Membership in a classic group.
#[derive(Clone, Debug, Hash)]
pub struct Membership {
    pub phase: GroupPhase,
    pub coordinator: Option<BrokerId>,
    /// Empty until the coordinator gave one.
    pub member_id: Str,
    /// −1: none.
    pub generation: i32,
    pub is_leader: bool,
    /// The assignor that the group chose.
    pub protocol: Option<Str>,
    /// The group must be joined (again) at the next poll.
    pub rejoin: bool,
    pub(crate) finding_coordinator: bool,
    /// Partitions were given back; the next step is JoinGroup.
    pub(crate) prepared: bool,
    pub(crate) heartbeat_in_flight: bool,
    pub(crate) heartbeat_due: bool,
    /// To the leader only: everybody's subscription.
    pub(crate) members: Vec<JoinGroupMember>,
    /// Metadata updates seen when the leader began to wait for another.
    pub(crate) updates_before: u64,
    /// Partition counts that the leader's plan was made for.
    pub(crate) planned_for: Option<FlatMap<Str, u32>>,
    pub(crate) failures: u32,
    /// `close` is to send LeaveGroup also as a static member.
    pub(crate) gives_up_place: bool,
}

impl Membership {
    /// Nobody's member yet: the first poll joins.
    pub(crate) fn new() -> Membership {
        Membership {
            phase: GroupPhase::Unjoined,
            coordinator: None,
            member_id: "".into(),
            generation: -1,
            is_leader: false,
            protocol: None,
            rejoin: true,
            finding_coordinator: false,
            prepared: false,
            heartbeat_in_flight: false,
            heartbeat_due: false,
            members: Vec::new(),
            gives_up_place: false,
            updates_before: 0,
            planned_for: None,
            failures: 0,
        }
    }
}

/// Where a partition is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// The group's committed offset is being asked for.
    Initialising,
    /// There is none, or it is out of range: auto.offset.reset decides.
    Resetting,
    /// A new leader is asked whether what was read is still there (KIP-320).
    Validating(FetchPosition),
    At(FetchPosition),
}

impl Position {
    /// The position, found valid or not.
    pub(crate) fn known(self) -> Option<FetchPosition> {
        match self {
            Position::Initialising | Position::Resetting => None,
            Position::Validating(position) | Position::At(position) => Some(position),
        }
    }
}

/// `SubscriptionState.FetchPosition`: an offset, and what it takes to find out whether it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchPosition {
    /// The next offset to hand out.
    pub offset: Offset,
    /// Epoch of the last record before it; −1 unknown.
    pub offset_epoch: LeaderEpoch,
    /// The leader's epoch as it was when the position was last found valid.
    pub leader_epoch: LeaderEpoch,
}

/// A batch whose records have been read, so that many small polls do not read it again and again (Kafka:
/// `CompletedFetch.records`). It follows from the batch and is no state of its own.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    base: Offset,
    records: Arc<Vec<Record>>,
    next: usize,
}

impl Opened {
    /// The batch's records from `offset` on; a control batch has none for the application.
    ///
    /// # Errors
    /// When the batch cannot be read.
    pub(crate) fn read(cx: &mut Cx<'_>, batch: &Batch, offset: Offset) -> Result<Opened, ErrorCode> {
        let (records, bytes) = if batch.is_control() { (Vec::new(), 0) } else { batch.unpacked()? };
        if batch.compression() != Compression::None {
            cx.work(Work::Decompress(batch.compression()), bytes);
        }
        let next = records.iter().take_while(|record| record.offset < offset).count();
        Ok(Opened { base: batch.base_offset(), records: Arc::new(records), next })
    }

    /// Does it go on with this batch at this offset?
    pub(crate) fn goes_on(&self, batch: &Batch, offset: Offset) -> bool {
        let (first, rest) = self.records.split_at(self.next);
        let goes_before = first.last().is_none_or(|record| record.offset < offset);
        self.base == batch.base_offset() && goes_before && rest.first().is_none_or(|record| record.offset >= offset)
    }

    /// The next record, if there is one.
    pub(crate) fn next(&mut self) -> Option<Record> {
        let record = self.records.get(self.next)?.clone();
        self.next += 1;
        Some(record)
    }

    /// Has all of the batch been handed out?
    pub(crate) fn is_done(&self) -> bool {
        self.next == self.records.len()
    }
}

/// Nothing: digests see the batch and the position.
impl Hash for Opened {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// One assigned partition.
#[derive(Clone, Debug, Hash)]
pub struct PartitionState {
    pub position: Position,
    /// The last offset that the group acknowledged as committed by this member.
    pub committed: Option<Offset>,
    /// As the last fetch answer said.
    pub high_watermark: Option<Offset>,
    /// Fetched and not yet handed out.
    pub(crate) buffer: VecDeque<Batch>,
    /// The first of them, where a poll has taken a part of it.
    pub(crate) opened: Option<Opened>,
    /// A question about the position is in flight; of fetches [`Assigned`](super::assigned::Assigned) knows.
    pub(crate) asking: bool,
    /// After an error nothing is asked before this instant.
    pub(crate) not_before: Time,
}

impl PartitionState {
    /// Just assigned: the coordinator has to say where the group stands.
    pub(crate) fn new() -> PartitionState {
        PartitionState {
            position: Position::Initialising,
            committed: None,
            high_watermark: None,
            buffer: VecDeque::new(),
            opened: None,
            asking: false,
            not_before: Time::ZERO,
        }
    }

    /// The next offset to hand out, once it is known.
    pub fn offset(&self) -> Option<Offset> {
        match self.position {
            Position::Initialising | Position::Resetting => None,
            Position::Validating(position) | Position::At(position) => Some(position.offset),
        }
    }

    /// Is it known where to read?
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.position, Position::At(_))
    }

    /// Batches fetched and not yet handed out.
    pub fn buffered_batches(&self) -> u32 {
        self.buffer.len() as u32
    }

    /// Records between the position and the visible end, as far as is known.
    pub fn lag(&self) -> Option<i64> {
        Some(self.high_watermark?.since(self.offset()?).max(0))
    }
}

/// A record that the application got; kept for whoever looks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveredRecord {
    pub partition: TopicPartition,
    pub offset: Offset,
    pub key: Option<Bytes>,
    pub value: Option<Compact>,
    pub at: Time,
}

/// What the application is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Application {
    /// Inside `poll`.
    Polling,
    /// Works on the records of the last poll.
    Processing,
    /// Inside `close`: commits, then leaves the group.
    Closing(CloseStep),
    /// The process has ended.
    Closed,
    /// Inside `commitSync`.
    Committing,
    /// Waits for its store, or to write there again.
    Writing,
}

/// How far `close` has come. Each step waits for its answer, and the whole for `CLOSE_TIMEOUT` at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseStep {
    /// Nothing has been done yet.
    Begin,
    /// Waits for the last commit.
    Committing,
    /// Has said that it goes.
    Leaving,
}

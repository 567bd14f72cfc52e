//! What Kafka's nodes and clients tell. What the world tells, and the enums that several facts share, are in `fact`.

use crate::{
    BatchClosing, ChangeCause, Chosen, CrashAt, FenceReason, GroupState, LeaveReason, OnFailedWrite, OperatorAnswer,
    PositionLoss, QuorumRole, RecordRef, Refuser, Written,
};
use api::ApiKey;
use base::{BrokerId, ErrorCode, GroupId, LeaderEpoch, Offset, PartitionId, Span, Str, Time, TopicPartition};
use records::Trace;

/// What Kafka's nodes and clients tell, and what an operator asked of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KafkaFact {
    /// Somebody has asked for leaders from outside the ISR of these partitions; of all when none is named. Records may
    /// be lost by it.
    UncleanElectionAsked {
        partitions: Vec<TopicPartition>,
    },
    /// Somebody has asked for the preferred leaders of these partitions; of all when none is named.
    PreferredElectionAsked {
        partitions: Vec<TopicPartition>,
    },
    /// Somebody has asked for this topic.
    TopicAsked {
        topic: Str,
    },
    TopicDeletionAsked {
        topic: Str,
    },
    PartitionsAsked {
        topic: Str,
    },

    // Quorum.
    QuorumRoleChanged {
        role: QuorumRole,
        epoch: LeaderEpoch,
        leader: Option<BrokerId>,
    },
    VoteGranted {
        candidate: BrokerId,
        epoch: LeaderEpoch,
        pre_vote: bool,
    },
    VoteRejected {
        candidate: BrokerId,
        epoch: LeaderEpoch,
        pre_vote: bool,
    },
    MetadataAppended {
        offset: Offset,
        count: u32,
        summary: Str,
    },
    MetadataCommitted {
        high_watermark: Offset,
    },
    MetadataTruncated {
        from: Offset,
        to: Offset,
    },

    // Active controller.
    BecameActiveController {
        epoch: LeaderEpoch,
    },
    ResignedController {
        epoch: LeaderEpoch,
    },
    BrokerRegistered {
        broker: BrokerId,
        broker_epoch: i64,
    },
    BrokerUnfenced {
        broker: BrokerId,
    },
    BrokerFenced {
        broker: BrokerId,
        reason: FenceReason,
        last_contact: Option<Time>,
    },
    /// The controller created a topic because `client` (its client.id) had asked, through a broker.
    TopicCreated {
        topic: Str,
        partitions: i32,
        /// Replicas of each partition.
        copies: u32,
        client: Str,
    },
    TopicDeleted {
        topic: Str,
        client: Str,
    },
    /// The topic has more partitions than before.
    PartitionsAdded {
        topic: Str,
        from: i32,
        to: i32,
        client: Str,
    },
    /// The controller decided; brokers learn of it by replaying the record.
    PartitionChanged {
        partition: TopicPartition,
        /// What brought it about; `None`: a request that is no reason by itself.
        cause: Option<ChangeCause>,
        /// How the new leader was found, when there is another one than before.
        chosen: Option<Chosen>,
        old_leader: Option<BrokerId>,
        leader: Option<BrokerId>,
        leader_epoch: LeaderEpoch,
        partition_epoch: i32,
        old_isr: Vec<BrokerId>,
        isr: Vec<BrokerId>,
        elr: Vec<BrokerId>,
    },

    // Brokers.
    MetadataUpdated {
        offset: Offset,
    },
    /// The broker has replayed the decision and starts to lead.
    BecameLeader {
        partition: TopicPartition,
        epoch: LeaderEpoch,
        start_offset: Offset,
        previous_leader: Option<BrokerId>,
    },
    BecameFollower {
        partition: TopicPartition,
        epoch: LeaderEpoch,
        leader: Option<BrokerId>,
        /// Where its own log ends: what it has on its disk.
        log_end: Offset,
    },
    /// A leader wrote a batch.
    Appended {
        partition: TopicPartition,
        base: Offset,
        last: Offset,
        epoch: LeaderEpoch,
        /// Of the whole batch.
        bytes: u32,
        /// Whose records they are, when producers of this world sent them.
        records: Option<Trace>,
    },
    /// A follower wrote a batch.
    Replicated {
        partition: TopicPartition,
        base: Offset,
        last: Offset,
        epoch: LeaderEpoch,
    },
    /// A repeated batch was recognised and not written again.
    DuplicateIgnored {
        partition: TopicPartition,
        base: Offset,
        last: Offset,
    },
    HighWatermarkAdvanced {
        partition: TopicPartition,
        from: Offset,
        to: Offset,
    },
    Truncated {
        partition: TopicPartition,
        from: Offset,
        to: Offset,
        leader_epoch: LeaderEpoch,
    },
    IsrChangeProposed {
        partition: TopicPartition,
        from: Vec<BrokerId>,
        to: Vec<BrokerId>,
    },
    IsrChanged {
        partition: TopicPartition,
        isr: Vec<BrokerId>,
    },
    /// A request was refused; the sentence is Kafka's where it has one.
    Refused {
        api: ApiKey,
        error: ErrorCode,
        message: Str,
    },
    ControlledShutdownStarted,
    /// No controller took the broker's registration within initial.broker.registration.timeout.ms: it ends.
    RegistrationGaveUp,
    /// A client wants to know about a topic that does not exist; the broker has the controller create it
    /// (auto.create.topics.enable).
    TopicWanted {
        topic: Str,
        client: Str,
    },

    // Group coordinator.
    CoordinatorLoaded {
        partition: PartitionId,
        groups: u32,
    },
    CoordinatorUnloaded {
        partition: PartitionId,
    },
    GroupStateChanged {
        group: GroupId,
        state: GroupState,
        generation: i32,
    },
    MemberJoined {
        group: GroupId,
        member: Str,
        client: Str,
    },
    MemberLeft {
        group: GroupId,
        member: Str,
        client: Str,
        reason: LeaveReason,
    },
    /// The coordinator took a commit and writes it; it becomes valid with `OffsetCommitted`.
    OffsetCommitAccepted {
        group: GroupId,
        member: Str,
        /// As the member sent it; −1 from outside the group.
        generation: i32,
    },
    OffsetCommitted {
        group: GroupId,
        partition: TopicPartition,
        offset: Offset,
        member: Str,
    },

    // Producer.
    RecordSent {
        record: RecordRef,
        partition: TopicPartition,
        key: Option<Str>,
    },
    /// `send` itself failed: the record never came into a batch.
    SendFailed {
        record: RecordRef,
        topic: Str,
        error: ErrorCode,
    },
    /// A batch left for its leader; `attempt` counts from 1, and the first one says why the batch closed.
    BatchSent {
        partition: TopicPartition,
        records: Trace,
        attempt: u32,
        closed: Option<BatchClosing>,
    },
    /// Success was reported to the application. The offset is −1 with acks=0.
    RecordsAcked {
        partition: TopicPartition,
        records: Trace,
        base: Offset,
        acks_all: bool,
    },
    RecordsFailed {
        partition: TopicPartition,
        records: Trace,
        by: Refuser,
        error: ErrorCode,
    },
    /// A client's view of the cluster changed.
    ClientMetadataUpdated {
        stale_leaders: u32,
    },

    // Consumer.
    /// This member may read the partition from now on.
    PartitionAssigned {
        group: GroupId,
        partition: TopicPartition,
        generation: i32,
    },
    PartitionRevoked {
        group: GroupId,
        partition: TopicPartition,
        lost: bool,
    },
    /// `poll` gave the record to the application.
    Delivered {
        group: GroupId,
        partition: TopicPartition,
        offset: Offset,
        record: Option<RecordRef>,
        key: Option<Str>,
    },
    CommitAcked {
        group: GroupId,
        partition: TopicPartition,
        offset: Offset,
    },
    CommitFailed {
        group: GroupId,
        error: ErrorCode,
    },
    /// There is no position to go on from; auto.offset.reset decides, or the logs where they part.
    PositionLost {
        partition: TopicPartition,
        why: PositionLoss,
    },
    /// The consumer goes on from here.
    OffsetReset {
        partition: TopicPartition,
        to: Offset,
    },
    /// The consumer was too slow between two polls (max.poll.interval.ms) and left.
    PollIntervalExceeded {
        group: GroupId,
        after: Span,
    },
    /// A client's application ended with an error that it could not go on from.
    ClientFailed {
        /// Kafka's name: of the error code, or of the exception where no code stands for it.
        error: Str,
        /// The exception's own sentence.
        message: Str,
    },

    // Any process that was asked something.
    OperatorAnswered {
        ticket: u64,
        answer: OperatorAnswer,
    },

    // The application around a consumer.
    /// It has done its work on the record.
    Worked {
        group: GroupId,
        partition: TopicPartition,
        offset: Offset,
    },
    /// The row of a record was written into a store outside Kafka.
    RowWritten {
        sink: Str,
        partition: TopicPartition,
        offset: Offset,
        how: Written,
    },
    /// `commitSync` threw, or the callback of `commitAsync` was given an exception; the application goes on.
    CommitThrew {
        group: GroupId,
        /// The exception's name.
        error: Str,
        message: Str,
    },
    /// The position was moved because the application wanted it so; `from` where it was, if that was known.
    Sought {
        group: GroupId,
        partition: TopicPartition,
        from: Option<Offset>,
        to: Offset,
    },
    ReadingPaused {
        group: GroupId,
        partition: TopicPartition,
    },
    ReadingResumed {
        group: GroupId,
        partition: TopicPartition,
    },
    /// From now on each record takes so much work.
    WorkChanged {
        group: GroupId,
        work: Span,
    },
    /// The process dies at a commit, as it was told to, or at a write that failed.
    Crashed {
        group: GroupId,
        at: CrashAt,
    },
    /// A store outside Kafka has not taken the row of a record, and what the program does then.
    WriteFailed {
        group: GroupId,
        sink: Str,
        partition: TopicPartition,
        offset: Offset,
        then: OnFailedWrite,
        /// Among those of this program that failed since a row was taken, from 1 on.
        attempt: u32,
    },
}

impl KafkaFact {
    /// The partition that it speaks of, if it is one.
    pub fn partition(&self) -> Option<&TopicPartition> {
        use KafkaFact as Of;
        match self {
            Of::PartitionChanged { partition, .. }
            | Of::BecameLeader { partition, .. }
            | Of::BecameFollower { partition, .. }
            | Of::Appended { partition, .. }
            | Of::Replicated { partition, .. }
            | Of::DuplicateIgnored { partition, .. }
            | Of::HighWatermarkAdvanced { partition, .. }
            | Of::Truncated { partition, .. }
            | Of::IsrChangeProposed { partition, .. }
            | Of::IsrChanged { partition, .. }
            | Of::OffsetCommitted { partition, .. }
            | Of::RecordSent { partition, .. }
            | Of::BatchSent { partition, .. }
            | Of::RecordsAcked { partition, .. }
            | Of::RecordsFailed { partition, .. }
            | Of::PartitionAssigned { partition, .. }
            | Of::PartitionRevoked { partition, .. }
            | Of::Delivered { partition, .. }
            | Of::CommitAcked { partition, .. }
            | Of::PositionLost { partition, .. }
            | Of::OffsetReset { partition, .. }
            | Of::Worked { partition, .. }
            | Of::RowWritten { partition, .. }
            | Of::WriteFailed { partition, .. }
            | Of::Sought { partition, .. }
            | Of::ReadingPaused { partition, .. }
            | Of::ReadingResumed { partition, .. } => Some(partition),
            Of::CommitThrew { .. } | Of::WorkChanged { .. } | Of::Crashed { .. } => None,
            Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } | Of::TopicAsked { .. } => None,
            Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } | Of::QuorumRoleChanged { .. } => None,
            Of::VoteGranted { .. } | Of::VoteRejected { .. } | Of::MetadataAppended { .. } => None,
            Of::MetadataCommitted { .. } | Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } => None,
            Of::ResignedController { .. } | Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } => None,
            Of::BrokerFenced { .. } | Of::TopicCreated { .. } | Of::TopicDeleted { .. } => None,
            Of::PartitionsAdded { .. } | Of::MetadataUpdated { .. } | Of::Refused { .. } => None,
            Of::ControlledShutdownStarted | Of::RegistrationGaveUp | Of::TopicWanted { .. } => None,
            Of::CoordinatorLoaded { .. } | Of::CoordinatorUnloaded { .. } | Of::GroupStateChanged { .. } => None,
            Of::MemberJoined { .. } | Of::MemberLeft { .. } | Of::OffsetCommitAccepted { .. } => None,
            Of::SendFailed { .. } | Of::ClientMetadataUpdated { .. } | Of::CommitFailed { .. } => None,
            Of::PollIntervalExceeded { .. } | Of::ClientFailed { .. } | Of::OperatorAnswered { .. } => None,
        }
    }

    /// The group that it speaks of, if it is one.
    pub fn group(&self) -> Option<&GroupId> {
        use KafkaFact as Of;
        match self {
            Of::GroupStateChanged { group, .. }
            | Of::MemberJoined { group, .. }
            | Of::MemberLeft { group, .. }
            | Of::OffsetCommitAccepted { group, .. }
            | Of::OffsetCommitted { group, .. }
            | Of::PartitionAssigned { group, .. }
            | Of::PartitionRevoked { group, .. }
            | Of::Delivered { group, .. }
            | Of::CommitAcked { group, .. }
            | Of::CommitFailed { group, .. }
            | Of::PollIntervalExceeded { group, .. }
            | Of::Worked { group, .. }
            | Of::CommitThrew { group, .. }
            | Of::Sought { group, .. }
            | Of::ReadingPaused { group, .. }
            | Of::ReadingResumed { group, .. }
            | Of::WorkChanged { group, .. }
            | Of::WriteFailed { group, .. }
            | Of::Crashed { group, .. } => Some(group),
            Of::RowWritten { .. } => None,
            Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } | Of::TopicAsked { .. } => None,
            Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } | Of::QuorumRoleChanged { .. } => None,
            Of::VoteGranted { .. } | Of::VoteRejected { .. } | Of::MetadataAppended { .. } => None,
            Of::MetadataCommitted { .. } | Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } => None,
            Of::ResignedController { .. } | Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } => None,
            Of::BrokerFenced { .. } | Of::TopicCreated { .. } | Of::TopicDeleted { .. } => None,
            Of::PartitionsAdded { .. } | Of::PartitionChanged { .. } | Of::MetadataUpdated { .. } => None,
            Of::BecameLeader { .. } | Of::BecameFollower { .. } | Of::Appended { .. } | Of::Replicated { .. } => None,
            Of::DuplicateIgnored { .. } | Of::HighWatermarkAdvanced { .. } | Of::Truncated { .. } => None,
            Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } | Of::Refused { .. } => None,
            Of::ControlledShutdownStarted | Of::RegistrationGaveUp | Of::TopicWanted { .. } => None,
            Of::CoordinatorLoaded { .. } | Of::CoordinatorUnloaded { .. } | Of::RecordSent { .. } => None,
            Of::SendFailed { .. } | Of::BatchSent { .. } | Of::RecordsAcked { .. } | Of::RecordsFailed { .. } => None,
            Of::ClientMetadataUpdated { .. } | Of::PositionLost { .. } | Of::OffsetReset { .. } => None,
            Of::ClientFailed { .. } | Of::OperatorAnswered { .. } => None,
        }
    }
}

//! Which kinds of facts a step reported, noted once for all checks: most steps report nothing that most checks are about.

use crate::invariants::Reported;
use port::{Fact, KafkaFact, QuorumRole};

/// What some check looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LeaderMade,
    FollowerMade,
    Replicated,
    /// A high watermark rose, or a log was cut.
    CommittedMoved,
    RecordsAcked,
    QuorumLed,
    Assigned,
    CommitTaken,
    /// A controller changed or created partitions.
    Decided,
    Fenced,
    MetadataCommitted,
}

/// Kinds of facts, each there or not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kinds(u16);

impl Kinds {
    pub(crate) fn of(facts: &[Reported]) -> Kinds {
        let mut kinds = Kinds::default();
        for (_, _, fact) in facts {
            let Fact::Kafka(fact) = fact else { continue };
            // No check is about it.
            let Some(kind) = kind_of(fact) else { continue };
            kinds.0 |= 1 << kind as u16;
        }
        kinds
    }

    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u16 & 1 == 1
    }
}

/// What a check looks for in it, if one does.
fn kind_of(fact: &KafkaFact) -> Option<Kind> {
    Some(match fact {
        KafkaFact::BecameLeader { .. } => Kind::LeaderMade,
        KafkaFact::BecameFollower { .. } => Kind::FollowerMade,
        KafkaFact::Replicated { .. } => Kind::Replicated,
        KafkaFact::HighWatermarkAdvanced { .. } | KafkaFact::Truncated { .. } => Kind::CommittedMoved,
        KafkaFact::RecordsAcked { .. } => Kind::RecordsAcked,
        KafkaFact::QuorumRoleChanged { role: QuorumRole::Leader, .. } => Kind::QuorumLed,
        KafkaFact::PartitionAssigned { .. } => Kind::Assigned,
        KafkaFact::OffsetCommitAccepted { .. } => Kind::CommitTaken,
        KafkaFact::PartitionChanged { .. } | KafkaFact::TopicCreated { .. } => Kind::Decided,
        KafkaFact::BrokerFenced { .. } => Kind::Fenced,
        KafkaFact::MetadataCommitted { .. } => Kind::MetadataCommitted,
        // No check is about these.
        KafkaFact::UncleanElectionAsked { .. }
        | KafkaFact::PreferredElectionAsked { .. }
        | KafkaFact::TopicAsked { .. }
        | KafkaFact::TopicDeletionAsked { .. }
        | KafkaFact::PartitionsAsked { .. }
        | KafkaFact::QuorumRoleChanged { .. }
        | KafkaFact::VoteGranted { .. }
        | KafkaFact::VoteRejected { .. }
        | KafkaFact::MetadataAppended { .. }
        | KafkaFact::MetadataTruncated { .. }
        | KafkaFact::BecameActiveController { .. }
        | KafkaFact::ResignedController { .. }
        | KafkaFact::BrokerRegistered { .. }
        | KafkaFact::BrokerUnfenced { .. }
        | KafkaFact::TopicDeleted { .. }
        | KafkaFact::PartitionsAdded { .. }
        | KafkaFact::MetadataUpdated { .. }
        | KafkaFact::Appended { .. }
        | KafkaFact::DuplicateIgnored { .. }
        | KafkaFact::IsrChangeProposed { .. }
        | KafkaFact::IsrChanged { .. }
        | KafkaFact::Refused { .. }
        | KafkaFact::ControlledShutdownStarted
        | KafkaFact::RegistrationGaveUp
        | KafkaFact::TopicWanted { .. }
        | KafkaFact::CoordinatorLoaded { .. }
        | KafkaFact::CoordinatorUnloaded { .. }
        | KafkaFact::GroupStateChanged { .. }
        | KafkaFact::MemberJoined { .. }
        | KafkaFact::MemberLeft { .. }
        | KafkaFact::OffsetCommitted { .. }
        | KafkaFact::RecordSent { .. }
        | KafkaFact::SendFailed { .. }
        | KafkaFact::BatchSent { .. }
        | KafkaFact::RecordsFailed { .. }
        | KafkaFact::ClientMetadataUpdated { .. }
        | KafkaFact::PartitionRevoked { .. }
        | KafkaFact::Delivered { .. }
        | KafkaFact::CommitAcked { .. }
        | KafkaFact::CommitFailed { .. }
        | KafkaFact::PositionLost { .. }
        | KafkaFact::OffsetReset { .. }
        | KafkaFact::PollIntervalExceeded { .. }
        | KafkaFact::ClientFailed { .. }
        | KafkaFact::Worked { .. }
        | KafkaFact::RowWritten { .. }
        | KafkaFact::CommitThrew { .. }
        | KafkaFact::Sought { .. }
        | KafkaFact::ReadingPaused { .. }
        | KafkaFact::ReadingResumed { .. }
        | KafkaFact::WorkChanged { .. }
        | KafkaFact::Crashed { .. }
        | KafkaFact::WriteFailed { .. }
        | KafkaFact::OperatorAnswered { .. } => return None,
    })
}

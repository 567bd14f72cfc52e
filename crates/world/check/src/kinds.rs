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
            let kind = match fact {
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
                _no_check_is_about_it => continue,
            };
            kinds.0 |= 1 << kind as u16;
        }
        kinds
    }

    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u16 & 1 == 1
    }
}

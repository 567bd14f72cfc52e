//! The kinds of facts by name, for whoever writes or reads them as text: transcripts, `see` lines, the command line.

use crate::{Fact, KafkaFact, WorldFact};

/// Lists every kind once: a kind that is missing here does not compile.
macro_rules! kinds {
    ($facts:ident: $($kind:ident)*) => {
        impl $facts {
            /// Every kind's name, in the order of the enum.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($kind),)*];

            /// Its own kind's name.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $($facts::$kind { .. } => stringify!($kind),)*
                }
            }
        }
    };
}

impl Fact {
    /// What processes of other families tell has one kind here; its own name is theirs.
    const OTHER: &'static str = "Other";

    /// Every kind's name: the world's, then Kafka's.
    pub fn kinds() -> impl Iterator<Item = &'static str> + Clone {
        WorldFact::KINDS.iter().chain(KafkaFact::KINDS).copied()
    }

    /// Its own kind's name.
    pub const fn kind(&self) -> &'static str {
        match self {
            Fact::World(fact) => fact.kind(),
            Fact::Kafka(fact) => fact.kind(),
            Fact::Other(_) => Fact::OTHER,
        }
    }
}

kinds! { WorldFact:
    ProcessStarted ProcessStopped ProcessPaused ProcessResumed ConnectionOpened ConnectionClosed MessageLost
    ConnectionRefused LinkCut LinkHealed MessagesHeld MessagesToBeLost ChosenMessageLost LinkReset StopRequested PowerLost
    StoreChanged
}

kinds! { KafkaFact:
    UncleanElectionAsked
    PreferredElectionAsked TopicAsked TopicDeletionAsked PartitionsAsked QuorumRoleChanged VoteGranted VoteRejected
    MetadataAppended MetadataCommitted MetadataTruncated BecameActiveController ResignedController BrokerRegistered
    BrokerUnfenced BrokerFenced TopicCreated TopicDeleted PartitionsAdded PartitionChanged MetadataUpdated
    BecameLeader BecameFollower Appended Replicated DuplicateIgnored HighWatermarkAdvanced Truncated
    IsrChangeProposed IsrChanged Refused ControlledShutdownStarted RegistrationGaveUp TopicWanted CoordinatorLoaded
    CoordinatorUnloaded GroupStateChanged MemberJoined MemberLeft OffsetCommitAccepted OffsetCommitted RecordSent
    SendFailed BatchSent RecordsAcked RecordsFailed ClientMetadataUpdated PartitionAssigned PartitionRevoked
    Delivered CommitAcked CommitFailed PositionLost OffsetReset PollIntervalExceeded ClientFailed OperatorAnswered
    Worked RowWritten CommitThrew Sought ReadingPaused ReadingResumed WorkChanged Crashed
    WriteFailed
}

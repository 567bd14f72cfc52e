//! The kinds of facts by name, for whoever writes or reads them as text: transcripts, `see` lines, the command line.

use crate::Fact;

/// Lists every kind once: a kind of [`Fact`] that is missing here does not compile.
macro_rules! kinds {
    ($($kind:ident)*) => {
        impl Fact {
            /// Every kind's name, in the order of the enum.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($kind),)*];

            /// Its own kind's name.
            pub const fn kind(&self) -> &'static str {
                match self {
                    $(Fact::$kind { .. } => stringify!($kind),)*
                }
            }
        }
    };
}

kinds! {
    ProcessStarted ProcessStopped ProcessPaused ProcessResumed ConnectionOpened ConnectionClosed MessageLost
    ConnectionRefused LinkCut LinkHealed MessagesHeld MessagesToBeLost ChosenMessageLost LinkReset StopRequested PowerLost
    UncleanElectionAsked
    PreferredElectionAsked TopicAsked TopicDeletionAsked PartitionsAsked QuorumRoleChanged VoteGranted VoteRejected
    MetadataAppended MetadataCommitted MetadataTruncated BecameActiveController ResignedController BrokerRegistered
    BrokerUnfenced BrokerFenced TopicCreated TopicDeleted PartitionsAdded PartitionChanged MetadataUpdated
    BecameLeader BecameFollower Appended Replicated DuplicateIgnored HighWatermarkAdvanced Truncated
    IsrChangeProposed IsrChanged Refused ControlledShutdownStarted RegistrationGaveUp TopicWanted CoordinatorLoaded
    CoordinatorUnloaded GroupStateChanged MemberJoined MemberLeft OffsetCommitAccepted OffsetCommitted RecordSent
    SendFailed BatchSent RecordsAcked RecordsFailed ClientMetadataUpdated PartitionAssigned PartitionRevoked
    Delivered CommitAcked CommitFailed PositionLost OffsetReset PollIntervalExceeded ClientFailed OperatorAnswered
}

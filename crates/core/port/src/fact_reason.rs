//! Why things came about, as the one who decides knows it. Parts of facts.

use base::{BrokerId, Offset};

/// Which way nothing passes on a link that was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutWay {
    Both,
    /// From the process that reports it to its peer; the other way is as it was.
    Onward,
}

/// Why the active controller changed a partition: what it had heard, or which of its periodic tasks was due
/// (`ReplicationControlManager`, `QuorumController`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeCause {
    /// This broker sent no heartbeat for broker.session.timeout.ms.
    SessionExpired(BrokerId),
    /// This broker wants to stop and hands over what it has (controlled shutdown).
    ShutDown(BrokerId),
    /// This broker was let in; what had no leader was tried again.
    CameIn(BrokerId),
    /// This broker registered anew while it still counted as in sync.
    Restarted(BrokerId),
    /// The partition's leader asked for another ISR (AlterPartition).
    LeaderAsked(BrokerId),
    /// An operator asked for preferred leaders (ElectLeaders).
    PreferredAsked,
    /// An operator asked for leaders from out of sync (ElectLeaders).
    UncleanAsked,
    /// The periodic look at who is not led by its first replica (leader.imbalance.check.interval.seconds).
    PreferredDue,
    /// The periodic look at leaderless partitions of topics with unclean.leader.election.enable
    /// (unclean.leader.election.interval.ms).
    UncleanDue,
}

/// From where a new leader was taken (`PartitionChangeBuilder.electLeader`; KIP-966).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chosen {
    /// From the ISR: it has all that was committed.
    InSync,
    /// From the eligible leader replicas, as the ISR was empty: it has all that was committed.
    Eligible,
    /// The last leader that was known, as nobody was left in ISR and ELR: records may be missing.
    LastKnown,
    /// Out of sync: records may be missing.
    OutOfSync,
}

/// Why a consumer has no position in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PositionLoss {
    /// The group never committed an offset there, or it is gone.
    NeverCommitted,
    /// The log does not hold this offset (OFFSET_OUT_OF_RANGE).
    OutOfRange(Offset),
    /// A new leader never had the records before this offset (KIP-320).
    Truncated(Offset),
}

/// Why no more records join a batch that a producer sends (`RecordAccumulator.batchReady`, `drain`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchClosing {
    /// Another record would not fit: batch.size.
    Full,
    /// It has waited linger.ms.
    Linger,
    /// Another batch goes to the same leader, and it goes along.
    Along,
    /// buffer.memory is used up, and a `send` waits for it.
    Exhausted,
    /// The producer is being closed, which flushes.
    Flush,
}

impl BatchClosing {
    /// All of them, in their order.
    pub const ALL: [BatchClosing; 5] =
        [BatchClosing::Full, BatchClosing::Linger, BatchClosing::Along, BatchClosing::Exhausted, BatchClosing::Flush];

    /// As texts spell it.
    pub const fn word(self) -> &'static str {
        match self {
            BatchClosing::Full => "full",
            BatchClosing::Linger => "linger",
            BatchClosing::Along => "along",
            BatchClosing::Exhausted => "exhausted",
            BatchClosing::Flush => "flush",
        }
    }
}

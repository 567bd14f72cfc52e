//! A producer's card: what it sends, what it is waiting for, whom it believes to lead.

use base::{Span, Time};

use super::{BatchesView, BrokerId, End, Glyph, ProcessId, Str, Tone, TopicPartition};

/// What a line of a producer's card says; its words are made from this alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The process is not there.
    Stopped,
    /// It hangs.
    Hangs,
    /// So many of its records, waiting or in flight, are for a partition whose leader, as the producer knows it, cannot
    /// answer; no other such partition has more.
    Waits { records: u64, partition: TopicPartition },
    /// That leader, which is still the decided one, is out of the producer's reach in this way.
    Unreachable { leader: BrokerId, end: End },
    /// That leader is out of reach, and by now another is decided, or none: the producer has not heard of it.
    Stale { leader: BrokerId },
    /// The producer knows of no leader of that partition.
    KnowsNoLeader,
    /// First sequence numbers of the batches that are in flight, the first few, and how many more there are.
    InFlight { sequences: Vec<i32>, more: usize },
    /// So many batches are in flight that have no sequence numbers (enable.idempotence=false).
    Unnumbered { batches: usize },
    /// So many records were acknowledged since it started.
    Acked(u64),
    /// These of its keys go to that partition, as many partitions as the producer knows of.
    Target { keys: Vec<Glyph>, partition: TopicPartition },
    /// A `send` waits for memory since then.
    Blocked { since: Time },
    /// An application that was told how to send is done: so many records, in so long.
    Took { records: u64, time: Span },
    /// It has not heard of its topic's partitions.
    NoTargetYet { topic: Str },
}

/// One line of a card, with its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    pub text: String,
    pub tone: Tone,
    pub strong: bool,
}

/// A producer. `lines` has at most two entries; they sit in reserved places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerView {
    pub process: ProcessId,
    pub name: String,
    pub sends: String,
    pub keys: Vec<Glyph>,
    /// `acks=all`; empty without details.
    pub acks: String,
    /// What each of `lines` says.
    pub said: Vec<Status>,
    pub lines: Vec<StatusLine>,
    /// Somebody has set `batch.size` or `buffer.memory`: its batches have a place of their own, whatever they do.
    pub sets_batches: bool,
    /// How its batches fill, where that is to be seen.
    pub batches: Option<BatchesView>,
    pub stopped: bool,
    pub selected: bool,
    /// What a screen reader says.
    pub label: String,
}

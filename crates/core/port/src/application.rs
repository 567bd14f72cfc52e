//! What the application around a consumer may be told to do while it runs, and what it writes down. The consumer itself
//! has these as methods (`KafkaConsumer.seek`, `pause`, `commitSync`); when they are called is the application's choice.

use crate::Compact;
use base::{Offset, Span, Str, Timestamp, TopicPartition};
use bytes::Bytes;

/// A call that the application makes as soon as it is back in its poll loop: a consumer is no thing for two threads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsumerCall {
    /// `seek`, `seekToBeginning`, `seekToEnd`, or `offsetsForTimes` and then `seek`. No partitions: all that it has.
    Seek { partitions: Vec<TopicPartition>, to: SeekTo },
    /// `pause`: neither fetched nor handed out. No partitions: all that it has.
    Pause(Vec<TopicPartition>),
    /// `resume`.
    Resume(Vec<TopicPartition>),
    /// `commitSync` with an offset of the application's own choice.
    Commit { partition: TopicPartition, offset: Offset },
    /// No call of Kafka's: from now on the work takes so long per record.
    Work(Span),
    /// Nor this: the process dies at its next commit.
    Crash(CrashAt),
}

impl ConsumerCall {
    /// What Kafka's documentation calls it; ours where it is none of Kafka's.
    pub const fn name(&self) -> &'static str {
        match self {
            ConsumerCall::Seek { to: SeekTo::Offset(_) | SeekTo::Time(_), .. } => "seek",
            ConsumerCall::Seek { to: SeekTo::Begin, .. } => "seekToBeginning",
            ConsumerCall::Seek { to: SeekTo::End, .. } => "seekToEnd",
            ConsumerCall::Pause(_) => "pause",
            ConsumerCall::Resume(_) => "resume",
            ConsumerCall::Commit { .. } => "commitSync",
            ConsumerCall::Work(_) => "work",
            ConsumerCall::Crash(_) => "crash",
        }
    }

    /// The partitions that it names.
    pub fn partitions(&self) -> &[TopicPartition] {
        match self {
            ConsumerCall::Seek { partitions, .. }
            | ConsumerCall::Pause(partitions)
            | ConsumerCall::Resume(partitions) => partitions,
            ConsumerCall::Commit { partition, .. } => std::slice::from_ref(partition),
            ConsumerCall::Work(_) | ConsumerCall::Crash(_) => &[],
        }
    }
}

/// Where to read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeekTo {
    Offset(Offset),
    Begin,
    End,
    /// At the first record that is not older; at the end where there is none.
    Time(Timestamp),
}

/// When the process dies: around the next commit, whoever makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CrashAt {
    /// Instead of sending it.
    BeforeCommit,
    /// With the answer that it was taken.
    AfterCommit,
    /// A store has not taken a row, and nobody catches the exception.
    FailedWrite,
}

/// What a program does when a store does not take its row. Kafka has no word in that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnFailedWrite {
    /// The exception ends it.
    Die,
    /// It waits a while and writes again, and does not poll meanwhile.
    Retry,
    /// It goes on with the next record.
    Skip,
}

/// How a store outside Kafka stands. One that takes rows at once has none of this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StoreCondition {
    /// From the call to the row, and to the answer.
    pub time: Span,
    /// Out of order: it answers, and takes nothing.
    pub is_down: bool,
}

/// What a call that writes brings at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// The row is taken.
    Done,
    /// The caller waits: [`Event::Stored`](crate::Event::Stored) follows.
    Waits,
}

/// What makes two rows of a store the same row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// Nothing: each write is a row.
    None,
    /// Topic, partition and offset.
    Offset,
    /// The record's key; a record without one goes by its offset.
    Key,
}

/// A record that an application has worked on, as it writes it into a store outside Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// The store's name.
    pub sink: Str,
    pub id: RowId,
    pub partition: TopicPartition,
    pub offset: Offset,
    pub key: Option<Bytes>,
    pub value: Option<Compact>,
}

/// What a store did with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Written {
    New,
    /// One more row of a record that has one.
    Again,
    /// There is a row with this id: it is what it was.
    Same,
    /// The store is full.
    Refused,
}

//! A key and where it lies: what the card beside a pointed thing says, and the answer to which partition a key would hit.

use base::{BrokerId, LeaderEpoch, Offset, PartitionId, ProcessId, Str, Timestamp, TopicPartition};
use client::partitioner::{crc32, fnv1a, hash_code, murmur2, partition_for_hash_code, partition_for_key, to_positive};
use config::PartitionerClass;

use super::{Glyph, PropertyView, StatusLine};

/// How a key's partition is reckoned, with the numbers of a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHash {
    /// As Java holds it, signed.
    pub murmur2: i32,
    /// Without the sign bit.
    pub positive: u32,
    /// How many partitions it is divided among.
    pub partitions: u32,
    pub partition: PartitionId,
}

impl KeyHash {
    /// By the producer's own partitioner; `None` where there are no partitions.
    pub fn of(key: &[u8], partitions: u32) -> Option<KeyHash> {
        let hash = murmur2(key);
        let reckon = || KeyHash {
            murmur2: hash,
            positive: to_positive(hash),
            partitions,
            partition: partition_for_key(key, partitions),
        };
        (partitions > 0).then(reckon)
    }

    /// The reckoning in two lines: `murmur2(order-1) = …` and `& 0x7fffffff = …, % 3 = 1`.
    pub fn lines(&self, key: &str) -> [String; 2] {
        let KeyHash { murmur2, positive, partitions, partition } = self;
        [format!("murmur2({key}) = {murmur2}"), format!("& 0x7fffffff = {positive}, % {partitions} = {partition}")]
    }
}

/// How a key's partition is reckoned by a class for lessons that goes by `String.hashCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JavaHash {
    /// As Java holds it, signed.
    pub hash: i32,
    /// How many partitions it is divided among.
    pub partitions: u32,
    pub partition: PartitionId,
}

impl JavaHash {
    /// By the producer's own rule; `None` where there are no partitions.
    pub fn of(key: &[u8], partitions: u32) -> Option<JavaHash> {
        let reckon =
            || JavaHash { hash: hash_code(key), partitions, partition: partition_for_hash_code(key, partitions) };
        (partitions > 0).then(reckon)
    }

    /// The reckoning in two lines: `"order-1".hashCode() = …` and `% 3 = -2`.
    pub fn lines(&self, key: &str) -> [String; 2] {
        let JavaHash { hash, partitions, partition } = self;
        [format!("\"{key}\".hashCode() = {hash}"), format!("% {partitions} = {partition}")]
    }

    /// The partition, unless the producer refuses its number.
    pub fn place(&self) -> Option<PartitionId> {
        (self.partition >= 0).then_some(self.partition)
    }
}

/// How a key's partition is reckoned by librdkafka, with its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherSum {
    /// What librdkafka calls the sum.
    pub name: &'static str,
    pub sum: u32,
    /// How many partitions it is divided among.
    pub partitions: u32,
    pub partition: PartitionId,
}

impl OtherSum {
    /// By the sum of that class; `None`: it sums no keys, or there are no partitions.
    pub fn of(class: PartitionerClass, key: &[u8], partitions: u32) -> Option<OtherSum> {
        let (name, sum) = match class {
            PartitionerClass::Consistent | PartitionerClass::ConsistentRandom => ("crc32", crc32(key)),
            PartitionerClass::Fnv1a | PartitionerClass::Fnv1aRandom => ("fnv1a", fnv1a(key)),
            PartitionerClass::BuiltIn
            | PartitionerClass::RoundRobin
            | PartitionerClass::HashCode
            | PartitionerClass::PerRecordRotation
            | PartitionerClass::PerBatchSticky
            | PartitionerClass::Table
            | PartitionerClass::Prefix
            | PartitionerClass::Murmur2
            | PartitionerClass::Random => return None,
        };
        let partition = sum.checked_rem(partitions)? as PartitionId;
        Some(OtherSum { name, sum, partitions, partition })
    }

    /// The reckoning: `crc32(order-1) = …` and `% 3 = 1`.
    pub fn lines(&self, key: &str) -> [String; 2] {
        let OtherSum { name, sum, partitions, partition } = self;
        [format!("{name}({key}) = {sum}"), format!("% {partitions} = {partition}")]
    }
}

/// The entry of a producer's own table that a key goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableEntry {
    /// The whole key, or how it begins.
    pub start: Str,
    pub by_prefix: bool,
    pub partition: PartitionId,
    /// How many the topic has.
    pub partitions: u32,
}

impl TableEntry {
    /// The entry as it was written, and by what rule: `app.partitions: eu-… → 0`.
    pub fn lines(&self) -> [String; 1] {
        let TableEntry { start, by_prefix, partition, .. } = self;
        [format!("app.partitions: {start}{} → {partition}", if *by_prefix { "…" } else { "" })]
    }

    /// The partition, unless the topic has no such one.
    pub fn place(&self) -> Option<PartitionId> {
        u32::try_from(self.partition).is_ok_and(|partition| partition < self.partitions).then_some(self.partition)
    }
}

/// How a record's partition is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chooser {
    /// By the hash of its key.
    Key(KeyHash),
    /// The producer looks at no key (`partitioner.ignore.keys`); where it sends now, once it has sent anything.
    Ignored { producer: ProcessId, current: Option<PartitionId> },
    /// By the hash that Java's `String` has, as the producer's class for lessons does.
    JavaHash(JavaHash),
    /// By a sum of its key that is librdkafka's.
    Sum(OtherSum),
    /// No key, or none that counts: anywhere (a class).
    Anywhere { producer: ProcessId },
    /// By a table of the producer's application, as a class for lessons does.
    Table(TableEntry),
    /// Each record to the next partition with a leader (a class); which one is next, where that is settled.
    Turns { producer: ProcessId, next: Option<PartitionId> },
    /// No key, and a class stays with a partition until a batch is opened there.
    PerBatch { producer: ProcessId, current: Option<PartitionId> },
    /// No key: about `batch_size` bytes go to one partition, then another is drawn.
    Sticky { producer: ProcessId, batch_size: u32, current: Option<PartitionId> },
    /// No key, and whose record it is cannot be told.
    Keyless,
    /// A key, and nobody knows how many partitions its topic has.
    Unknown,
}

/// How many; not every log is read to its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    All(u64),
    AtLeast(u64),
}

/// What a broker has of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// Below its own high watermark.
    Committed,
    /// At or above its own high watermark.
    AboveMark,
    /// On the disk of a broker that is down.
    OnDisk,
    /// On the disk of a broker that runs and has not opened it yet.
    Unopened,
    /// Its log does not reach so far, or starts later.
    Missing,
    /// Another record lies at this offset.
    Another,
}

/// How far a group is with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadState {
    /// This member was given it, and still remembers.
    By(ProcessId),
    /// Its position is behind it: read, or passed over.
    Past,
    /// So many others come before it.
    Before(u64),
    /// Nobody in it knows a position.
    Unknown,
}

/// A record in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    pub partition: TopicPartition,
    pub offset: Offset,
    pub epoch: LeaderEpoch,
    pub timestamp: Timestamp,
    /// Bytes of key and value; `None`: null.
    pub sizes: [Option<usize>; 2],
    /// All replicas in the order of the assignment.
    pub copies: Vec<(BrokerId, CopyState)>,
    /// All groups whose members subscribe to the topic, by name.
    pub readers: Vec<(Str, ReadState)>,
}

/// What is known of a pointed key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// `None`: no key.
    pub key: Option<Vec<u8>>,
    pub topic: Str,
    pub chooser: Chooser,
    /// Records of this topic with this key (or all without one) in the leaders' logs.
    pub here: Counted,
    /// Those in requests to brokers that have not arrived.
    pub on_its_way: u64,
    /// Where it is sent to, of a message that travels to a broker.
    pub bound_for: Option<TopicPartition>,
    /// The record itself, where one is pointed at that lies in a log.
    pub record: Option<RecordFacts>,
}

/// The card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCardView {
    pub facts: KeyFacts,
    pub glyph: Glyph,
    /// The key, or that there is none.
    pub title: String,
    /// "3 here, 1 on its way"
    pub count: String,
    /// The reckoning; empty without one.
    pub formula: Vec<String>,
    /// Where the key goes, and why.
    pub sentences: Vec<String>,
    /// The record's own numbers.
    pub rows: Vec<PropertyView>,
    /// Its copies, then its readers.
    pub lines: Vec<StatusLine>,
    /// All of it in one breath, for those who hear it.
    pub label: String,
}

/// Where a key would go in one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhereRow {
    pub topic: Str,
    pub chooser: Chooser,
    /// Its partition, where the key decides.
    pub partition: Option<TopicPartition>,
    pub leader: Option<BrokerId>,
    /// The reckoning; empty without one.
    pub formula: Vec<String>,
    /// "orders-1, led by 2", or that nobody can say yet.
    pub sentence: String,
    /// Producers that reckon otherwise, each in a sentence.
    pub notes: Vec<String>,
}

/// The answer to "which partition would this key hit?".
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WhereView {
    /// The topic that was asked for first, then all others by name.
    pub rows: Vec<WhereRow>,
    /// How many topics are not told of; empty where all are.
    pub more: String,
    /// Where there is nothing to say of any topic: why.
    pub nothing: String,
}

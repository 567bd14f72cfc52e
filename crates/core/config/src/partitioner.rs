//! Which class chooses a producer's partitions (`partitioner.class`): Kafka's own, and for lessons the rules of older
//! clients and of study notes, which carry our name because 4.3.0 has no such classes, and librdkafka's, which kcat and many
//! clients go by. The rules themselves are the client's.

use base::Str;

/// A producer's `partitioner.class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartitionerClass {
    /// None: keys by their hash, records without one sticky and adaptive (KIP-794).
    BuiltIn,
    /// `RoundRobinPartitioner`: each record to the next partition that has a leader, whatever its key.
    RoundRobin,
    /// For lessons: `key.hashCode() % partitions`, as study notes have it, also where that is negative; records without a key as
    /// built in.
    HashCode,
    /// For lessons: keys by their hash, each record without one to the next partition (`DefaultPartitioner` up to 2.3).
    PerRecordRotation,
    /// For lessons: keys by their hash, records without one stay until a batch is opened (`DefaultPartitioner` from 2.4 to
    /// 3.2, KIP-480).
    PerBatchSticky,
    /// For lessons, a class as somebody might write it: keys of a table to the partition that it says (`app.partitions`), all
    /// others as built in.
    Table,
    /// For lessons: the same by how a key begins; the longest beginning counts.
    Prefix,
    /// librdkafka's `consistent`: keys by their CRC-32; no key is an empty one, so that all records without go to one partition.
    Consistent,
    /// librdkafka's `consistent_random`, its default: the same, and an empty key is none; records without one as built in.
    ConsistentRandom,
    /// librdkafka's `murmur2`: keys by their hash as built in; no key is an empty one. Its `murmur2_random` is the built-in rule.
    Murmur2,
    /// librdkafka's `fnv1a`, as Sarama has it: keys by their FNV-1a; no key is an empty one.
    Fnv1a,
    /// librdkafka's `fnv1a_random`: the same, and records without a key as built in.
    Fnv1aRandom,
    /// librdkafka's `random`: each record anywhere, whatever its key.
    Random,
}

impl PartitionerClass {
    /// All that can be named.
    pub const NAMED: [PartitionerClass; 12] = [
        PartitionerClass::RoundRobin,
        PartitionerClass::HashCode,
        PartitionerClass::PerRecordRotation,
        PartitionerClass::PerBatchSticky,
        PartitionerClass::Table,
        PartitionerClass::Prefix,
        PartitionerClass::Consistent,
        PartitionerClass::ConsistentRandom,
        PartitionerClass::Murmur2,
        PartitionerClass::Fnv1a,
        PartitionerClass::Fnv1aRandom,
        PartitionerClass::Random,
    ];

    /// As the setting spells it; `None`: by leaving the setting out.
    pub const fn class(self) -> Option<&'static str> {
        match self {
            PartitionerClass::BuiltIn => None,
            PartitionerClass::RoundRobin => Some("org.apache.kafka.clients.producer.RoundRobinPartitioner"),
            PartitionerClass::HashCode => Some("blumfeld.HashCodePartitioner"),
            PartitionerClass::PerRecordRotation => Some("blumfeld.PerRecordRotationPartitioner"),
            PartitionerClass::PerBatchSticky => Some("blumfeld.PerBatchStickyPartitioner"),
            PartitionerClass::Table => Some("blumfeld.TablePartitioner"),
            PartitionerClass::Prefix => Some("blumfeld.PrefixPartitioner"),
            PartitionerClass::Consistent => Some("librdkafka.consistent"),
            PartitionerClass::ConsistentRandom => Some("librdkafka.consistent_random"),
            PartitionerClass::Murmur2 => Some("librdkafka.murmur2"),
            PartitionerClass::Fnv1a => Some("librdkafka.fnv1a"),
            PartitionerClass::Fnv1aRandom => Some("librdkafka.fnv1a_random"),
            PartitionerClass::Random => Some("librdkafka.random"),
        }
    }

    /// The one of that class.
    pub(crate) fn of(class: &str) -> Option<PartitionerClass> {
        PartitionerClass::NAMED.into_iter().find(|each| each.class() == Some(class))
    }

    /// Does it go by a table of the application?
    pub fn has_table(self) -> bool {
        matches!(self, PartitionerClass::Table | PartitionerClass::Prefix)
    }

    /// What was set; nothing is the built-in one.
    pub(crate) fn read(class: Option<Str>) -> Result<PartitionerClass, Str> {
        let Some(class) = class else { return Ok(PartitionerClass::BuiltIn) };
        PartitionerClass::of(&class).ok_or(class)
    }
}

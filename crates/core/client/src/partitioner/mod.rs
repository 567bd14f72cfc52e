//! Which partition a record goes to (semantics 3.1): by its key's hash, or sticky for records
//! without a key. An explicit partition is the caller's business and never comes here. Kafka:
//! `BuiltInPartitioner`; what a `partitioner.class` chooses is in `classes`.

mod classes;
mod librdkafka;
mod murmur2;
mod sticky;
pub mod table;
#[cfg(test)]
mod tests;

pub use classes::{Chosen, PerBatchSticky, Turn};
pub use librdkafka::{crc32, fnv1a};
pub use murmur2::{murmur2, to_positive};
pub use sticky::{Boundary, LoadTable, Partitions, StickyPartitioner};

use base::{PartitionId, Str, java_string_hash};
use config::PartitionerClass;

/// The partition of a record with a key. `partitions` counts all of the topic's partitions, also
/// those without a leader; an empty key is a key.
///
/// # Panics
/// When there are no partitions.
pub fn partition_for_key(key: &[u8], partitions: u32) -> PartitionId {
    assert!(partitions > 0, "a topic has at least one partition");
    (to_positive(murmur2(key)) % partitions) as PartitionId
}

/// `String.hashCode` of a key, by which study notes choose a partition and Kafka does not; bytes that are no text are
/// replaced as a `String` of them would.
pub fn hash_code(key: &[u8]) -> i32 {
    java_string_hash(&String::from_utf8_lossy(key))
}

/// The partition of a record with a key by [`hash_code`], for lessons: `key.hashCode() % partitions` as study notes write it,
/// which is negative for half of all keys. The producer refuses those.
///
/// # Panics
/// When there are no partitions.
pub fn partition_for_hash_code(key: &[u8], partitions: u32) -> PartitionId {
    assert!(partitions > 0, "a topic has at least one partition");
    let partitions = i32::try_from(partitions).unwrap_or(i32::MAX);
    hash_code(key) % partitions
}

/// The key that a class goes by. Three of librdkafka's sum no key as an empty one (`rd_kafka_msg_partitioner_consistent`).
pub fn counted_key(class: PartitionerClass, key: Option<&[u8]>) -> Option<&[u8]> {
    match class {
        PartitionerClass::Consistent | PartitionerClass::Murmur2 | PartitionerClass::Fnv1a => {
            Some(key.unwrap_or_default())
        }
        PartitionerClass::BuiltIn
        | PartitionerClass::RoundRobin
        | PartitionerClass::HashCode
        | PartitionerClass::PerRecordRotation
        | PartitionerClass::PerBatchSticky
        | PartitionerClass::Table
        | PartitionerClass::Prefix
        | PartitionerClass::ConsistentRandom
        | PartitionerClass::Fnv1aRandom
        | PartitionerClass::Random => key,
    }
}

/// The partition of a record with a key by a class with its table (`app.partitions`); `None`: the class looks at no key.
///
/// # Panics
/// When there are no partitions.
pub fn partition_of_key(
    (class, entries): (PartitionerClass, &[(Str, PartitionId)]),
    key: &[u8],
    partitions: u32,
) -> Option<PartitionId> {
    match class {
        PartitionerClass::HashCode => Some(partition_for_hash_code(key, partitions)),
        PartitionerClass::RoundRobin | PartitionerClass::Random => None,
        PartitionerClass::ConsistentRandom if key.is_empty() => None,
        PartitionerClass::Consistent | PartitionerClass::ConsistentRandom => {
            Some((crc32(key) % partitions) as PartitionId)
        }
        PartitionerClass::Fnv1a | PartitionerClass::Fnv1aRandom => Some((fnv1a(key) % partitions) as PartitionId),
        PartitionerClass::Murmur2 => Some(partition_for_key(key, partitions)),
        PartitionerClass::BuiltIn
        | PartitionerClass::PerRecordRotation
        | PartitionerClass::PerBatchSticky
        | PartitionerClass::Table
        | PartitionerClass::Prefix => {
            let entry = table::entry(class, entries, key).map(|(_, partition)| *partition);
            Some(entry.unwrap_or_else(|| partition_for_key(key, partitions)))
        }
    }
}

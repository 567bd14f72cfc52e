//! Which partition a record goes to (semantics 3.1): by its key's hash, or sticky for records
//! without a key. An explicit partition is the caller's business and never comes here. Kafka:
//! `BuiltInPartitioner`.

mod murmur2;
mod sticky;

pub use murmur2::{murmur2, to_positive};
pub use sticky::{Boundary, LoadTable, Partitions, StickyPartitioner};

use base::PartitionId;

/// The partition of a record with a key. `partitions` counts all of the topic's partitions, also
/// those without a leader; an empty key is a key.
///
/// # Panics
/// When there are no partitions.
pub fn partition_for_key(key: &[u8], partitions: u32) -> PartitionId {
    assert!(partitions > 0, "a topic has at least one partition");
    (to_positive(murmur2(key)) % partitions) as PartitionId
}

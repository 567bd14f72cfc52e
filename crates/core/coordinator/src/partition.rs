//! Which partition of an internal topic keeps a name: Java's `String.hashCode`, made positive with
//! `Utils.abs`, modulo the number of partitions (`GroupCoordinatorService.partitionFor`,
//! semantics §12). Transactional ids use the same rule.

use base::{PartitionId, java_string_hash};

/// Kafka's `Utils.abs`: the absolute value, except that the smallest integer becomes 0.
pub fn kafka_abs(number: i32) -> i32 {
    number.checked_abs().unwrap_or(0)
}

/// The partition of `__consumer_offsets` that keeps `name` when the topic has `count` partitions.
///
/// # Panics
/// When `count` is not positive.
pub fn partition_for(name: &str, count: i32) -> PartitionId {
    assert!(count > 0, "an internal topic has partitions");
    kafka_abs(java_string_hash(name)) % count
}

/// Sorts names into the order in which a Java `HashMap` with these keys iterates. Kafka breaks the
/// tie between two protocols with equally many votes by that order.
pub(crate) fn in_java_map_order<T>(entries: &mut [T], name: impl Fn(&T) -> &str) {
    let mut capacity = 16_u32;
    while entries.len() as u32 * 4 > capacity * 3 {
        capacity *= 2;
    }
    base::sort_by_key(entries, |entry| {
        let hash = java_string_hash(name(entry)) as u32;
        (hash ^ (hash >> 16)) & (capacity - 1)
    });
}

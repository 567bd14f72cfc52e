//! Partitioners by a table, as somebody might write one for a producer of his own (`Partitioner`). Kafka has none such; for
//! lessons there are two, by whole keys and by how keys begin.

use base::{PartitionId, Str};
use config::PartitionerClass;

/// The entry that a key goes by: the first with that key, or the one with the longest beginning. `None`: the table does not
/// know the key, which then goes by its hash.
pub fn entry<'a>(
    class: PartitionerClass,
    table: &'a [(Str, PartitionId)],
    key: &[u8],
) -> Option<&'a (Str, PartitionId)> {
    match class {
        PartitionerClass::Table => table.iter().find(|(whole, _)| whole.as_bytes() == key),
        PartitionerClass::Prefix => {
            let begins = table.iter().filter(|(start, _)| key.starts_with(start.as_bytes()));
            // The first of those that are equally long.
            begins.rev().max_by_key(|(start, _)| start.len())
        }
        PartitionerClass::BuiltIn
        | PartitionerClass::RoundRobin
        | PartitionerClass::HashCode
        | PartitionerClass::PerRecordRotation
        | PartitionerClass::PerBatchSticky
        | PartitionerClass::Consistent
        | PartitionerClass::ConsistentRandom
        | PartitionerClass::Murmur2
        | PartitionerClass::Fnv1a
        | PartitionerClass::Fnv1aRandom
        | PartitionerClass::Random => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_by_its_entry() {
        let table = [("eu-".into(), 0), ("eu-vip-".into(), 2), ("us-".into(), 1), ("eu-".into(), 7)];
        let found = |class, key: &str| entry(class, &table, key.as_bytes()).map(|(_, partition)| *partition);
        assert_eq!(found(PartitionerClass::Prefix, "eu-4"), Some(0));
        assert_eq!(found(PartitionerClass::Prefix, "eu-vip-4"), Some(2));
        assert_eq!(found(PartitionerClass::Prefix, "asia-1"), None);
        assert_eq!(found(PartitionerClass::Table, "us-"), Some(1));
        assert_eq!(found(PartitionerClass::Table, "us-1"), None);
        assert_eq!(found(PartitionerClass::BuiltIn, "us-"), None);
    }
}

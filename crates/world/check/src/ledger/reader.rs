//! What one group's applications have been given.

use super::blocks::Blocks;
use base::{FlatMap, Offset, ProcessId, Shared, Str, TopicPartition};
use port::RecordRef;

/// One group's progress.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Reader {
    delivered: u64,
    duplicated: u64,
    reordered: u64,
    /// The newest index given, plus one, by producer and partition.
    newest: FlatMap<(ProcessId, TopicPartition), u64>,
    /// The offset after the last that was given, by partition.
    next: FlatMap<TopicPartition, Offset>,
    /// Bit per record of a producer, 64 to a word: has the group been given it?
    given: FlatMap<ProcessId, Shared<Blocks<u64>>>,
}

/// How a delivery looks to the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// It had been given the record before.
    pub again: bool,
    /// For the first time, but after a later one.
    pub late: bool,
}

impl Reader {
    /// Deliveries, duplicates and inversions.
    pub(super) fn totals(&self) -> (u64, u64, u64) {
        (self.delivered, self.duplicated, self.reordered)
    }

    /// The group was given what lies at the offset.
    pub(super) fn reached(&mut self, partition: &TopicPartition, offset: Offset) {
        self.go_on(partition, offset.plus(1));
    }

    /// The group has been given, or has skipped, all before the offset.
    pub(super) fn go_on(&mut self, partition: &TopicPartition, to: Offset) {
        match self.next.get_mut(partition) {
            Some(next) => *next = (*next).max(to),
            None => drop(self.next.insert(partition.clone(), to)),
        }
    }

    /// The offset after the last that the group was given or skipped.
    pub(super) fn next(&self, partition: &TopicPartition) -> Offset {
        self.next.get(partition).copied().unwrap_or(Offset::ZERO)
    }

    /// The same of all partitions.
    pub(super) fn all_next(&self) -> impl Iterator<Item = (&TopicPartition, Offset)> {
        self.next.iter().map(|(partition, next)| (partition, *next))
    }

    /// Was it given this record?
    pub(super) fn was_given(&self, record: RecordRef) -> bool {
        let (word, bit) = (record.index / 64, 1u64 << (record.index % 64));
        self.given.get(&record.producer).and_then(|given| given.look(word)).is_some_and(|given| given & bit != 0)
    }

    /// The topic is gone, and its name may be used again.
    pub(super) fn forget(&mut self, topic: &Str) {
        self.next.retain(|partition, _| partition.topic != *topic);
    }

    /// Was it given before, and did a later one of the same producer come first?
    pub(super) fn delivered(&mut self, partition: &TopicPartition, record: RecordRef) -> Seen {
        let newest = self.newest.entry((record.producer, partition.clone())).or_default();
        let overtaken = record.index + 1 < *newest;
        *newest = (*newest).max(record.index + 1);
        let (word, bit) = (record.index / 64, 1u64 << (record.index % 64));
        let given = self.given.entry(record.producer).or_default().at(word);
        let seen = Seen { again: *given & bit != 0, late: overtaken && *given & bit == 0 };
        *given |= bit;
        self.delivered += u64::from(!seen.again);
        self.duplicated += u64::from(seen.again);
        self.reordered += u64::from(seen.late);
        seen
    }
}

//! In which order each reader was given records, held against the order in which their producers sent them. A log keeps one
//! order for each partition; a reader of several partitions gets them as its fetches come back.
//!
//! A producer's records have the numbers of their sending. Two producers have no order in common but time, so nothing is
//! compared across them.

use base::{FlatMap, Offset, ProcessId, Shared, Str, Time, TopicPartition};
use port::{Fact, KafkaFact, RecordRef};
use std::collections::VecDeque;

/// Arrivals that are kept of each reader.
pub const KEPT: usize = 24;

/// How an arrival stands to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// After all that were sent before it and came to this reader.
    Due,
    /// After one of its producer that was sent later, by way of another partition.
    Overtaken,
    /// After a later one of its producer and of its own partition.
    OvertakenInPartition,
    /// The reader was given this offset before.
    Again,
    /// Nobody knows any more when it was sent.
    Unknown,
}

/// A record that an application was given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arrival {
    pub at: Time,
    pub partition: TopicPartition,
    pub offset: Offset,
    pub key: Option<Str>,
    /// Whose record it is, and which of those; from 0.
    pub record: Option<RecordRef>,
    pub turn: Turn,
}

/// What one reader was given.
#[derive(Clone, Debug, Default)]
pub struct Strip {
    newest: VecDeque<Arrival>,
    /// The newest record that came, plus one, of each producer and of each of its partitions.
    sent: FlatMap<ProcessId, u64>,
    sent_to: FlatMap<(ProcessId, TopicPartition), u64>,
    /// The offset after the last that came, by partition.
    next: FlatMap<TopicPartition, Offset>,
    overtaken: u64,
    overtaken_in_partition: u64,
}

impl Strip {
    /// The newest arrivals, oldest first.
    pub fn newest(&self) -> impl ExactSizeIterator<Item = &Arrival> {
        self.newest.iter()
    }

    /// Records that came after a later one of their producer.
    pub fn inversions(&self) -> u64 {
        self.overtaken + self.overtaken_in_partition
    }

    /// Those of them whose later one was of the same partition.
    pub fn inversions_in_partitions(&self) -> u64 {
        self.overtaken_in_partition
    }

    fn turn(&mut self, partition: &TopicPartition, offset: Offset, record: Option<RecordRef>) -> Turn {
        let next = self.next.entry(partition.clone()).or_default();
        let is_again = offset < *next;
        *next = offset.plus(1).max(*next);
        let Some(record) = record else { return if is_again { Turn::Again } else { Turn::Unknown } };
        let sent = self.sent.entry(record.producer).or_default();
        let sent_to = self.sent_to.entry((record.producer, partition.clone())).or_default();
        let (late, late_in_partition) = (record.index + 1 < *sent, record.index + 1 < *sent_to);
        *sent = (*sent).max(record.index + 1);
        *sent_to = (*sent_to).max(record.index + 1);
        match (is_again, late_in_partition, late) {
            (true, ..) => Turn::Again,
            (false, true, _) => Turn::OvertakenInPartition,
            (false, false, true) => Turn::Overtaken,
            (false, false, false) => Turn::Due,
        }
    }

    fn note(&mut self, arrival: Arrival) {
        match arrival.turn {
            Turn::Overtaken => self.overtaken += 1,
            Turn::OvertakenInPartition => self.overtaken_in_partition += 1,
            Turn::Due | Turn::Again | Turn::Unknown => {}
        }
        if self.newest.len() == KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(arrival);
    }
}

/// The strips of all readers. Cloning costs pointers.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    strips: FlatMap<ProcessId, Shared<Strip>>,
}

impl Arrivals {
    /// Does the fact concern it?
    pub fn concerns(fact: &Fact) -> bool {
        matches!(fact, Fact::Kafka(KafkaFact::Delivered { .. }))
    }

    /// Takes note of what a reader was given.
    pub fn note(&mut self, (at, reader): (Time, ProcessId), fact: &Fact) {
        // Nothing else is an arrival.
        let Fact::Kafka(KafkaFact::Delivered { partition, offset, record, key, .. }) = fact else { return };
        let (partition, key, offset, record) = (partition.clone(), key.clone(), *offset, *record);
        let strip = self.strips.entry(reader).or_default();
        let turn = strip.turn(&partition, offset, record);
        strip.note(Arrival { at, partition, offset, key, record, turn });
    }

    /// What a reader was given; `None`: nothing yet.
    pub fn of(&self, reader: ProcessId) -> Option<&Strip> {
        self.strips.get(&reader).map(|strip| &**strip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEB: ProcessId = ProcessId(7);
    const APP: ProcessId = ProcessId(8);
    const READER: ProcessId = ProcessId(9);

    fn given(to: &mut Arrivals, (partition, offset): (i32, i64), (producer, index): (ProcessId, u64)) {
        let fact = Fact::Kafka(KafkaFact::Delivered {
            group: "readers".into(),
            partition: TopicPartition::new("orders", partition),
            offset: Offset(offset),
            record: Some(RecordRef { producer, index }),
            key: None,
        });
        to.note((Time::ZERO, READER), &fact);
    }

    fn turns(arrivals: &Arrivals) -> Vec<Turn> {
        arrivals.of(READER).expect("something came").newest().map(|arrival| arrival.turn).collect()
    }

    #[test]
    fn what_overtakes_is_told_apart_by_partition() {
        let mut arrivals = Arrivals::default();
        given(&mut arrivals, (2, 0), (WEB, 1));
        given(&mut arrivals, (1, 0), (WEB, 0));
        given(&mut arrivals, (2, 1), (WEB, 3));
        given(&mut arrivals, (2, 2), (WEB, 2));
        given(&mut arrivals, (1, 1), (APP, 0));
        given(&mut arrivals, (2, 1), (WEB, 3));
        let wanted = [Turn::Due, Turn::Overtaken, Turn::Due, Turn::OvertakenInPartition, Turn::Due, Turn::Again];
        assert_eq!(turns(&arrivals), wanted);
        let strip = arrivals.of(READER).expect("something came");
        assert_eq!((strip.inversions(), strip.inversions_in_partitions()), (2, 1));
    }

    #[test]
    fn old_arrivals_make_room_and_stay_counted() {
        let mut arrivals = Arrivals::default();
        for offset in 0..100 {
            given(&mut arrivals, (0, offset), (WEB, 99 - offset as u64));
        }
        let strip = arrivals.of(READER).expect("something came");
        assert_eq!((strip.newest().len(), strip.inversions()), (KEPT, 99));
    }
}

//! The client oracle: what producers were promised and what readers got.
//!
//! It listens to facts and to nothing else, so it never changes a run. Every claim about
//! reliability on the page is one of its numbers.

use base::{GroupId, Offset, ProcessId, Shared, Time, TopicPartition};
use port::{Fact, RecordRef};
use records::Trace;
use std::collections::BTreeMap;

/// Records per shared block.
const BLOCK: usize = 256;

/// The seven numbers, over all producers and groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Records given to producers by their applications.
    pub sent: u64,
    /// Records whose success was reported to the application.
    pub acked: u64,
    /// Records below a high watermark: readable, and safe while elections are clean.
    pub committed: u64,
    /// Deliveries to applications, each record counted once per group.
    pub delivered: u64,
    /// Deliveries of a record that the group had been given before.
    pub duplicated: u64,
    /// Acknowledged records that the partition's leader does not have.
    pub lost: u64,
    /// Deliveries of a record after a later one of the same producer and partition.
    pub reordered: u64,
    /// Records whose failure was reported to the application.
    pub failed: u64,
}

/// Everything the oracle knows. Cloning is cheap.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    counts: Counts,
    producers: BTreeMap<ProcessId, Shared<Blocks<Entry>>>,
    partitions: BTreeMap<TopicPartition, Shared<Placed>>,
    groups: BTreeMap<GroupId, Shared<Reader>>,
    /// The first time anything was lost, and where.
    first_loss: Option<(Time, TopicPartition, Offset)>,
}

/// A growing table in shared blocks: a snapshot costs pointers, a write copies one block.
#[derive(Clone, Debug, Hash)]
struct Blocks<T> {
    blocks: Vec<Shared<Vec<T>>>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { blocks: Vec::new() }
    }
}

impl<T: Clone + Default> Blocks<T> {
    fn at(&mut self, index: u64) -> &mut T {
        let (block, place) = (index as usize / BLOCK, index as usize % BLOCK);
        while self.blocks.len() <= block {
            self.blocks.push(Shared::new(vec![T::default(); BLOCK]));
        }
        &mut self.blocks[block][place]
    }

    fn get(&self, index: u64) -> Option<&T> {
        self.blocks.get(index as usize / BLOCK)?.get(index as usize % BLOCK)
    }
}

#[derive(Clone, Copy, Debug, Default, Hash)]
struct Entry {
    acked: bool,
    committed: bool,
    lost: bool,
    /// Bit per group: has it been given this record?
    delivered_to: u64,
}

/// What the current leader of a partition holds, by offset, above what can no longer change.
#[derive(Clone, Debug, Default, Hash)]
struct Placed {
    records: Blocks<Option<RecordRef>>,
    /// The offset after the last one written.
    end: Offset,
    high_watermark: Offset,
}

impl Placed {
    fn between(&self, from: Offset, to: Offset) -> impl Iterator<Item = (Offset, RecordRef)> {
        let at = |offset: i64| Some((Offset(offset), (*self.records.get(offset as u64)?)?));
        (from.0.max(0)..to.0.max(0)).filter_map(at)
    }
}

/// One group's progress.
#[derive(Clone, Debug, Default, Hash)]
struct Reader {
    bit: u32,
    delivered: u64,
    duplicated: u64,
    reordered: u64,
    /// The newest index given, by producer and partition.
    newest: BTreeMap<(ProcessId, TopicPartition), u64>,
}

impl Ledger {
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Deliveries, duplicates and inversions of one group.
    pub fn group(&self, group: &str) -> Option<(u64, u64, u64)> {
        self.groups.get(group).map(|reader| (reader.delivered, reader.duplicated, reader.reordered))
    }

    /// When and where an acknowledged record was first found missing.
    pub fn first_loss(&self) -> Option<&(Time, TopicPartition, Offset)> {
        self.first_loss.as_ref()
    }

    /// Takes note of a fact.
    pub fn note(&mut self, at: Time, fact: &Fact) {
        match fact {
            Fact::RecordSent { record, .. } => {
                self.counts.sent += 1;
                self.with_entry(*record, |_, _| {});
            }
            Fact::RecordsAcked { records, .. } => self.each(records, |counts, entry| {
                counts.acked += u64::from(!entry.acked);
                entry.acked = true;
            }),
            Fact::RecordsFailed { records, .. } => self.each(records, |counts, _| counts.failed += 1),
            Fact::Appended { partition, base, records: Some(records), .. } => self.placed(partition, *base, records),
            Fact::HighWatermarkAdvanced { partition, to, .. } => self.committed_up_to(partition, *to),
            Fact::BecameLeader { partition, start_offset, .. } => self.cut(at, partition, *start_offset),
            Fact::Delivered { group, partition, offset, record, .. } => {
                // A broker that restarted knows only bytes; what lies at the offset is known here.
                if let Some(record) = record.or_else(|| self.record_at(partition, *offset)) {
                    self.delivered(group, partition, record);
                }
            }
            _everything_else_is_not_about_records => {}
        }
    }

    fn record_at(&self, partition: &TopicPartition, offset: Offset) -> Option<RecordRef> {
        *self.partitions.get(partition)?.records.get(offset.0.try_into().ok()?)?
    }

    fn each(&mut self, records: &Trace, mut act: impl FnMut(&mut Counts, &mut Entry)) {
        for index in records.indexes.iter() {
            self.with_entry(RecordRef { producer: records.producer, index: *index }, &mut act);
        }
    }

    fn with_entry(&mut self, record: RecordRef, act: impl FnOnce(&mut Counts, &mut Entry)) {
        let entries = self.producers.entry(record.producer).or_default();
        act(&mut self.counts, entries.at(record.index));
    }

    fn placed(&mut self, partition: &TopicPartition, base: Offset, records: &Trace) {
        if !self.partitions.contains_key(partition) {
            self.partitions.insert(partition.clone(), Shared::default());
        }
        for (offset, index) in (base.0..).zip(records.indexes.iter()) {
            let record = RecordRef { producer: records.producer, index: *index };
            if let Some(placed) = self.partitions.get_mut(partition) {
                *placed.records.at(offset as u64) = Some(record);
                placed.end = Offset(offset + 1);
            }
            self.with_entry(record, |counts, entry| {
                counts.lost -= u64::from(entry.lost);
                entry.lost = false;
            });
        }
    }

    fn committed_up_to(&mut self, partition: &TopicPartition, high_watermark: Offset) {
        let Some(placed) = self.partitions.get_mut(partition) else { return };
        if high_watermark <= placed.high_watermark {
            return;
        }
        let newly: Vec<RecordRef> =
            placed.between(placed.high_watermark, high_watermark).map(|(_, record)| record).collect();
        placed.high_watermark = high_watermark;
        for record in newly {
            self.with_entry(record, |counts, entry| {
                counts.committed += u64::from(!entry.committed);
                entry.committed = true;
            });
        }
    }

    /// A new leader's log ends here: what lay beyond is not on it.
    fn cut(&mut self, at: Time, partition: &TopicPartition, end: Offset) {
        let Some(placed) = self.partitions.get_mut(partition) else { return };
        if placed.end <= end {
            return;
        }
        let gone: Vec<(Offset, RecordRef)> = placed.between(end, placed.end).collect();
        for (offset, _) in &gone {
            *placed.records.at(offset.0 as u64) = None;
        }
        placed.end = end;
        placed.high_watermark = placed.high_watermark.min(end);
        for (offset, record) in gone {
            let mut lost = false;
            self.with_entry(record, |counts, entry| {
                lost = entry.acked && !entry.lost;
                entry.lost |= lost;
                counts.lost += u64::from(lost);
            });
            if lost && self.first_loss.is_none() {
                self.first_loss = Some((at, partition.clone(), offset));
            }
        }
    }

    fn delivered(&mut self, group: &GroupId, partition: &TopicPartition, record: RecordRef) {
        let next_bit = self.groups.len() as u32;
        let reader = self
            .groups
            .entry(group.clone())
            .or_insert_with(|| Shared::new(Reader { bit: next_bit % 64, ..Reader::default() }));
        let bit = 1u64 << reader.bit;
        let newest = reader.newest.entry((record.producer, partition.clone())).or_default();
        let late = record.index + 1 < *newest;
        *newest = (*newest).max(record.index + 1);
        let mut again = false;
        self.with_entry(record, |counts, entry| {
            again = entry.delivered_to & bit != 0;
            entry.delivered_to |= bit;
            counts.delivered += u64::from(!again);
            counts.duplicated += u64::from(again);
            counts.reordered += u64::from(late && !again);
        });
        if let Some(reader) = self.groups.get_mut(group) {
            reader.delivered += u64::from(!again);
            reader.duplicated += u64::from(again);
            reader.reordered += u64::from(late && !again);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::LeaderEpoch;

    const PRODUCER: ProcessId = ProcessId(9);

    fn partition() -> TopicPartition {
        TopicPartition::new("orders", 0)
    }

    fn trace(indexes: &[u64]) -> Trace {
        Trace { producer: PRODUCER, indexes: indexes.into() }
    }

    fn sent_and_written(count: u64) -> Ledger {
        let mut ledger = Ledger::default();
        for index in 0..count {
            let record = RecordRef { producer: PRODUCER, index };
            ledger.note(Time(index), &Fact::RecordSent { record, partition: partition(), key: None });
            let (base, last) = (Offset(index as i64), Offset(index as i64));
            let records = Some(trace(&[index]));
            ledger.note(
                Time(index),
                &Fact::Appended { partition: partition(), base, last, epoch: LeaderEpoch(0), records },
            );
        }
        ledger
    }

    fn delivery(index: u64) -> Fact {
        let record = Some(RecordRef { producer: PRODUCER, index });
        Fact::Delivered { group: "g".into(), partition: partition(), offset: Offset(index as i64), record, key: None }
    }

    #[test]
    fn an_acked_record_that_the_new_leader_lacks_is_lost() {
        let mut ledger = sent_and_written(3);
        ledger.note(
            Time(5),
            &Fact::RecordsAcked {
                partition: partition(),
                records: trace(&[0, 1, 2]),
                base: Offset(0),
                acks_all: false,
            },
        );
        ledger.note(Time(6), &Fact::HighWatermarkAdvanced { partition: partition(), from: Offset(0), to: Offset(2) });
        let leader = Fact::BecameLeader {
            partition: partition(),
            epoch: LeaderEpoch(1),
            start_offset: Offset(2),
            previous_leader: None,
        };
        ledger.note(Time(7), &leader);
        let counts = ledger.counts();
        assert_eq!((counts.sent, counts.acked, counts.committed, counts.lost), (3, 3, 2, 1));
        assert_eq!(ledger.first_loss().map(|(at, _, offset)| (*at, *offset)), Some((Time(7), Offset(2))));
    }

    #[test]
    fn a_second_delivery_is_a_duplicate_and_an_older_one_is_reordered() {
        let mut ledger = sent_and_written(3);
        for index in [0, 2, 1, 2] {
            ledger.note(Time(9), &delivery(index));
        }
        let counts = ledger.counts();
        assert_eq!((counts.delivered, counts.duplicated, counts.reordered), (3, 1, 1));
        assert_eq!(ledger.group("g"), Some((3, 1, 1)));
    }
}

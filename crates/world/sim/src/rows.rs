//! Stores outside Kafka, into which applications write what they have worked on: a database in the eyes of a lesson. They
//! survive every crash, take a row at once unless `stores` says otherwise, and know nothing of offsets that were committed. A store is bounded: it counts
//! all that was written, but keeps only the newest rows to look at.

use crate::sink::FactSink;
use crate::world::World;
use base::{FlatMap, Offset, ProcessId, Seldom, Shared, Str, Time, TopicPartition};
use bytes::Bytes;
use port::{Fact, KafkaFact, Row, RowId, Written};
use std::collections::VecDeque;

/// By name.
pub(crate) type Sinks = Shared<FlatMap<Str, Shared<Sink>>>;

/// Rows that are kept to be looked at.
const KEPT: usize = 32;
/// Ids that a store knows; stretches of offsets that it keeps apart. Beyond that it is full.
const MOST: usize = 10_000;
/// Stores that a world has.
const STORES: usize = 16;

/// One store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sink {
    id: RowId,
    rows: u64,
    writes: u64,
    refused: u64,
    /// Writes that it did not take because it was out of order; they are none of the above.
    failed: Seldom<u64>,
    /// How often each record was written, by stretches of offsets, ascending.
    stretches: FlatMap<TopicPartition, Vec<Stretch>>,
    /// By key: how often the row was written.
    keys: FlatMap<Bytes, u64>,
    newest: VecDeque<KeptRow>,
}

/// Records from `from` to before `to` were each written so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stretch {
    pub from: Offset,
    pub to: Offset,
    pub times: u32,
}

/// A row as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeptRow {
    pub at: Time,
    /// Who wrote it.
    pub by: ProcessId,
    pub row: Row,
    pub how: Written,
}

impl Sink {
    fn new(id: RowId) -> Sink {
        let (stretches, keys, newest) = (FlatMap::new(), FlatMap::new(), VecDeque::new());
        Sink { id, rows: 0, writes: 0, refused: 0, failed: Seldom(0), stretches, keys, newest }
    }

    /// What makes two rows the same; whoever wrote first has said so.
    pub fn id(&self) -> RowId {
        self.id
    }
    /// Rows that it has.
    pub fn rows(&self) -> u64 {
        self.rows
    }
    /// Times that somebody wrote a row.
    pub fn writes(&self) -> u64 {
        self.writes
    }
    /// Writes that found the row there and left it as it was.
    pub fn same(&self) -> u64 {
        self.writes - self.rows - self.refused
    }
    /// Writes that found the store full.
    pub fn refused(&self) -> u64 {
        self.refused
    }
    /// Writes that failed, because it was out of order.
    pub fn failed(&self) -> u64 {
        *self.failed
    }
    /// The newest rows, oldest first.
    pub fn newest(&self) -> impl DoubleEndedIterator<Item = &KeptRow> {
        self.newest.iter()
    }
    /// How often records were written, by partition.
    pub fn stretches(&self) -> impl Iterator<Item = (&TopicPartition, &[Stretch])> {
        self.stretches.iter().map(|(partition, stretches)| (partition, &stretches[..]))
    }

    /// Records that have more rows than one.
    pub fn twice(&self) -> u64 {
        if self.id != RowId::None {
            return 0;
        }
        let all = self.stretches.values().flatten();
        all.filter(|stretch| stretch.times > 1).map(|stretch| stretch.to.since(stretch.from) as u64).sum()
    }

    /// How often the record was written.
    pub fn times(&self, partition: &TopicPartition, offset: Offset) -> u32 {
        // Nobody has written anything of it.
        let Some(stretches) = self.stretches.get(partition) else { return 0 };
        let at = stretches.partition_point(|stretch| stretch.to <= offset);
        stretches.get(at).filter(|stretch| stretch.from <= offset).map_or(0, |stretch| stretch.times)
    }

    /// Stretches of offsets before `end` of which nothing was written, ascending.
    pub fn holes(&self, partition: &TopicPartition, end: Offset) -> Vec<(Offset, Offset)> {
        let (mut holes, mut next) = (Vec::new(), Offset::ZERO);
        for stretch in self.stretches.get(partition).into_iter().flatten() {
            if next < stretch.from.min(end) {
                holes.push((next, stretch.from.min(end)));
            }
            next = next.max(stretch.to);
        }
        if next < end {
            holes.push((next, end));
        }
        holes
    }

    /// Takes a row, and says what it did with it.
    fn take(&mut self, row: &Row) -> Written {
        let before = self.times(&row.partition, row.offset);
        self.writes += 1;
        let by_key = row.key.as_ref().filter(|_| self.id == RowId::Key);
        let is_new_key = by_key.is_some_and(|key| !self.keys.contains_key(key));
        let stretches = self.stretches.get_or_insert_with(row.partition.clone(), Vec::new);
        if is_new_key && self.keys.len() >= MOST || !count(stretches, row.offset) {
            self.refused += 1;
            return Written::Refused;
        }
        let how = match (self.id, by_key) {
            (RowId::None, _) if before > 0 => Written::Again,
            (RowId::None, _) => Written::New,
            (RowId::Offset, _) | (RowId::Key, None) if before > 0 => Written::Same,
            (RowId::Offset, _) | (RowId::Key, None) => Written::New,
            (RowId::Key, Some(key)) => {
                *self.keys.get_or_insert_with(key.clone(), u64::default) += 1;
                if is_new_key { Written::New } else { Written::Same }
            }
        };
        self.rows += u64::from(matches!(how, Written::New | Written::Again));
        how
    }
}

/// One more time; false where there are too many stretches.
fn count(stretches: &mut Vec<Stretch>, offset: Offset) -> bool {
    if stretches.len() > MOST {
        return false;
    }
    let at = stretches.partition_point(|stretch| stretch.to <= offset);
    let end = offset.plus(1);
    match stretches.get(at).copied().filter(|stretch| stretch.from <= offset) {
        None => stretches.insert(at, Stretch { from: offset, to: end, times: 1 }),
        Some(found) => {
            let parts = [
                Stretch { to: offset, ..found },
                Stretch { from: offset, to: end, times: found.times.saturating_add(1) },
                Stretch { from: end, ..found },
            ];
            stretches.splice(at..=at, parts.into_iter().filter(|part| part.from < part.to));
        }
    }
    // Neighbours that were written as often are one.
    let first = at.saturating_sub(1);
    for next in (first + 1..(first + 5).min(stretches.len())).rev() {
        let (left, right) = (stretches[next - 1], stretches[next]);
        if left.to == right.from && left.times == right.times {
            stretches[next - 1].to = right.to;
            stretches.remove(next);
        }
    }
    true
}

impl World {
    /// A row comes into its store at an instant.
    pub(crate) fn write_row(&mut self, (at, by): (Time, ProcessId), row: &Row, facts: &mut impl FactSink) {
        let how = self.sink_for(row).map_or(Written::Refused, |sink| {
            let how = sink.take(row);
            if sink.newest.len() == KEPT {
                sink.newest.pop_front();
            }
            sink.newest.push_back(KeptRow { at, by, row: row.clone(), how });
            how
        });
        let (sink, partition, offset) = (row.sink.clone(), row.partition.clone(), row.offset);
        facts.fact(at, by, Fact::Kafka(KafkaFact::RowWritten { sink, partition, offset, how }));
    }

    /// A write finds its store out of order. Whoever waits for it tells of that.
    pub(crate) fn fail_row(&mut self, row: &Row) {
        if let Some(sink) = self.sink_for(row) {
            sink.failed.0 += 1;
        }
    }

    /// The store that the row is for; `None` where there are too many.
    fn sink_for(&mut self, row: &Row) -> Option<&mut Sink> {
        if !self.sinks.contains_key(&row.sink) && self.sinks.len() >= STORES {
            return None;
        }
        Some(&mut **self.sinks.get_or_insert_with(row.sink.clone(), || Shared::new(Sink::new(row.id))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};
    use std::collections::BTreeMap;

    fn row(id: RowId, offset: i64, key: Option<u32>) -> Row {
        let key = key.map(|key| Bytes::from(key.to_string()));
        let partition = TopicPartition::new("t", 0);
        Row { sink: "db".into(), id, partition, offset: Offset(offset), key, value: None }
    }

    /// Against a plain list of what was written.
    #[test]
    fn a_store_counts_what_was_done_twice_or_never() {
        for seed in 0..200 {
            let mut dice = Rng::new(seed, 2);
            for id in [RowId::None, RowId::Offset, RowId::Key] {
                let (mut sink, mut times) = (Sink::new(id), BTreeMap::<i64, u32>::new());
                let mut keys = BTreeMap::<u32, u32>::new();
                for _ in 0..60 {
                    let (offset, key) = (i64::from(dice.below(20)), dice.below(8));
                    let known = match id {
                        RowId::Key => keys.contains_key(&key),
                        RowId::None | RowId::Offset => times.contains_key(&offset),
                    };
                    let how = sink.take(&row(id, offset, Some(key)));
                    let wanted = match (known, id) {
                        (false, _) => Written::New,
                        (true, RowId::None) => Written::Again,
                        (true, RowId::Offset | RowId::Key) => Written::Same,
                    };
                    assert_eq!(how, wanted, "seed {seed}");
                    *times.entry(offset).or_default() += 1;
                    *keys.entry(key).or_default() += 1;
                    assert!(
                        times
                            .iter()
                            .all(|(at, count)| { sink.times(&row(id, *at, None).partition, Offset(*at)) == *count })
                    );
                }
                let partition = row(id, 0, None).partition;
                let rows = match id {
                    RowId::None => 60,
                    RowId::Offset => times.len(),
                    RowId::Key => keys.len(),
                };
                let twice = times.values().filter(|count| **count > 1).count();
                assert_eq!((sink.rows(), sink.writes()), (rows as u64, 60));
                assert_eq!(sink.twice(), if id == RowId::None { twice as u64 } else { 0 });
                let never: Vec<i64> = (0..25).filter(|at| !times.contains_key(at)).collect();
                let holes = sink.holes(&partition, Offset(25));
                assert_eq!(holes.iter().flat_map(|(from, to)| from.0..to.0).collect::<Vec<_>>(), never);
                let stretches = &sink.stretches[&partition];
                assert!(stretches.windows(2).all(|pair| {
                    pair[0].to <= pair[1].from && (pair[0].to < pair[1].from || pair[0].times != pair[1].times)
                }));
            }
        }
    }

    #[test]
    fn a_store_is_full_at_some_time() {
        let mut sink = Sink::new(RowId::Key);
        for number in 0..=MOST as u32 {
            sink.take(&row(RowId::Key, i64::from(number), Some(number)));
        }
        assert_eq!((sink.rows(), sink.refused()), (MOST as u64, 1));
        assert_eq!(sink.take(&row(RowId::Key, 0, Some(0))), Written::Same, "what it knows it still knows");
    }
}

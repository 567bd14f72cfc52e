//! Where every batch of one segment lies. The newest entries are as they are; older ones are packed, 16 to a chunk that
//! snapshots share and that never changes, and unpacked one by one for whoever looks so far back. Of a closed segment all
//! are packed.
//!
//! It knows nothing of other segments: with its segment it is closed, cut and dropped ([`crate::segment`]). Kafka keeps a
//! sparse index file per segment instead (`OffsetIndex`); lookups give the same batches.

use crate::packed_entries::{Chunk, Unpacked};
use base::{Chain, LeaderEpoch, Offset, Shared, Timestamp};
use port::Extent;
use records::{Batch, Trace};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// Entries per packed chunk; as many of the newest at least are not packed.
pub(crate) const CHUNK: usize = 16;

/// One batch: what a reader needs to know before reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchEntry {
    pub base_offset: Offset,
    pub last_offset: Offset,
    pub leader_epoch: LeaderEpoch,
    pub max_timestamp: Timestamp,
    pub record_count: i32,
    /// Which of their producer's records these are; lost when the process restarts.
    pub trace: Option<Trace>,
    /// Where the bytes are.
    pub extent: Extent,
}

impl BatchEntry {
    pub(crate) fn of(batch: &Batch, extent: Extent) -> BatchEntry {
        BatchEntry {
            base_offset: batch.base_offset(),
            last_offset: batch.last_offset(),
            leader_epoch: batch.leader_epoch(),
            max_timestamp: batch.max_timestamp(),
            record_count: batch.record_count(),
            trace: batch.trace().cloned(),
            extent,
        }
    }

    /// Bytes.
    pub fn size(&self) -> u32 {
        self.extent.length
    }
}

/// Everything but the trace, which is no state of the node.
impl Hash for BatchEntry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.base_offset, self.last_offset, self.leader_epoch, self.max_timestamp, self.extent).hash(state);
    }
}

/// All batches of a segment in offset order.
#[derive(Clone, Debug, Default)]
pub(crate) struct SegmentIndex {
    packed: Chain<Chunk>,
    /// Fewer than two chunks' worth.
    tail: Shared<Vec<BatchEntry>>,
}

/// The zero is where an index over all segments said what it had forgotten. It stays, so that states of logs of one
/// segment, which old links name, are the same still.
impl Hash for SegmentIndex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.packed, &self.tail, Offset::ZERO).hash(state);
    }
}

impl SegmentIndex {
    pub(crate) fn push(&mut self, entry: BatchEntry) {
        let tail = &mut *self.tail;
        if tail.capacity() < 2 * CHUNK && tail.len() == tail.capacity() {
            tail.reserve_exact(CHUNK);
        }
        tail.push(entry);
        if tail.len() == 2 * CHUNK {
            let newest = tail.split_off(CHUNK);
            self.packed.push(Chunk::new(tail));
            *tail = newest;
        }
    }

    /// Entries from the batch on that holds `offset`, or else the next one after it.
    pub(crate) fn from(&self, offset: Offset) -> Entries<'_> {
        let ends_before = |entry: &BatchEntry| entry.last_offset < offset;
        // Most reads are at the end.
        let at_the_end = self.packed.is_empty() || self.tail.first().is_some_and(|first| first.base_offset <= offset);
        let next = match at_the_end {
            true => self.packed.len(),
            false => self.packed.partition_point(|chunk| chunk.last_offset() < offset),
        };
        let tail = &self.tail[place_near_end(&self.tail, ends_before)..];
        Entries { packed: &self.packed, next, open: None, tail: tail.iter(), from: offset }
    }

    /// Forgets every batch that holds `offset` or lies after it.
    pub(crate) fn truncate(&mut self, offset: Offset) {
        let cut = |entries: &mut Vec<BatchEntry>| {
            let kept = entries.partition_point(|entry| entry.last_offset < offset);
            entries.truncate(kept);
        };
        cut(&mut self.tail);
        while self.tail.is_empty()
            && let Some(chunk) = self.packed.pop()
        {
            let mut entries: Vec<BatchEntry> = chunk.entries_from(Offset::UNDEFINED).collect();
            cut(&mut entries);
            self.tail = Shared::new(entries);
        }
    }

    /// Nothing will be added for long: everything is packed. [`truncate`](Self::truncate) opens it again.
    pub(crate) fn seal(&mut self) {
        let tail = std::mem::take(&mut self.tail).into_inner();
        tail.chunks(CHUNK).for_each(|entries| self.packed.push(Chunk::new(entries)));
    }
}

/// Batches in order: packed ones are made anew, the newest are lent.
#[derive(Clone, Debug)]
pub(crate) struct Entries<'a> {
    packed: &'a Chain<Chunk>,
    /// The chunk after the open one.
    next: usize,
    open: Option<Unpacked<'a>>,
    tail: std::slice::Iter<'a, BatchEntry>,
    from: Offset,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Cow<'a, BatchEntry>;

    fn next(&mut self) -> Option<Cow<'a, BatchEntry>> {
        loop {
            if let Some(entry) = self.open.as_mut().and_then(Unpacked::next) {
                return Some(Cow::Owned(entry));
            }
            // What is not packed comes after what is.
            let Some(chunk) = self.packed.get(self.next) else { break };
            self.open = Some(chunk.entries_from(self.from));
            self.next += 1;
        }
        self.tail.next().map(Cow::Borrowed)
    }
}

/// A partition point that is probably one of the last: these are looked at before searching.
fn place_near_end(entries: &[BatchEntry], ends_before: impl Fn(&BatchEntry) -> bool) -> usize {
    const NEAR: usize = 3;
    let near = entries.iter().rev().take(NEAR).take_while(|entry| !ends_before(entry)).count();
    let rest = entries.len() - near;
    if near < NEAR { rest } else { entries[..rest].partition_point(ends_before) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, ProcessId, Rng};
    use port::FileId;

    /// The next batch of a log: now and then with a gap, another epoch, a new file or no trace.
    fn next_entry(rng: &mut Rng, last: Option<&BatchEntry>) -> BatchEntry {
        let gap = if rng.below(9) == 0 { i64::from(rng.below(1_000)) } else { 0 };
        let base = last.map_or(0, |last| last.last_offset.0 + 1) + gap;
        let count = 1 + i64::from(rng.below(4));
        let epoch = last.map_or(0, |last| last.leader_epoch.0) + i32::from(rng.below(20) == 0);
        let rolls = rng.below(30) == 0;
        let length = 61 + rng.below(300);
        let (file, position) = match last.filter(|_| !rolls) {
            Some(last) => (last.extent.file, last.extent.position + u64::from(last.extent.length)),
            None => (FileId(rng.below(1 << 31)), 0),
        };
        let traced = rng.below(5) > 0;
        let records = if rng.below(9) == 0 { rng.below(6) } else { count as u32 };
        let indexes = (0..records).map(|_| u64::from(rng.below(90)) + base as u64).collect();
        BatchEntry {
            base_offset: Offset(base),
            last_offset: Offset(base + count - 1),
            leader_epoch: LeaderEpoch(epoch),
            max_timestamp: Timestamp(if rng.below(9) == 0 { -1 } else { 1_767_225_600_000 + base }),
            record_count: records as i32,
            trace: traced.then(|| Trace { producer: ProcessId(rng.below(u32::MAX)), indexes }),
            extent: Extent { file, position, length },
        }
    }

    fn check(index: &SegmentIndex, plain: &[BatchEntry], rng: &mut Rng) {
        let end = plain.last().map_or(0, |last| last.last_offset.0 as u32 + 3);
        let from = Offset(i64::from(rng.below(end + 1)));
        let expected = plain.iter().filter(|entry| entry.last_offset >= from);
        assert!(index.from(from).map(Cow::into_owned).eq(expected.cloned()), "from {from}");
    }

    #[test]
    fn every_batch_is_found_packed_or_not() {
        for seed in 0..60 {
            let mut rng = Rng::new(seed, 3);
            let (mut index, mut plain) = (SegmentIndex::default(), Vec::<BatchEntry>::new());
            for _ in 0..600 {
                let some = plain.get(rng.below(plain.len() as u32 + 1) as usize).map(|entry| entry.base_offset);
                match (rng.below(150), some) {
                    (0 | 1, Some(offset)) => {
                        index.truncate(offset);
                        plain.retain(|entry| entry.last_offset < offset);
                    }
                    (2, _) => index.seal(),
                    _grows => {
                        let entry = next_entry(&mut rng, plain.last());
                        index.push(entry.clone());
                        plain.push(entry);
                    }
                }
                check(&index, &plain, &mut rng);
            }
            assert!(index.from(Offset::ZERO).map(Cow::into_owned).eq(plain));
        }
    }
}

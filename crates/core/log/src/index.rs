//! Where every batch of a log lies. A sealed chunk of 64 entries is shared between snapshots and never
//! changes; only the small tail is copied when a snapshot's log is written to.
//!
//! Kafka keeps sparse index files instead; lookups give the same batches.

use base::{LeaderEpoch, Offset, Shared, Timestamp};
use port::Extent;
use records::{Batch, Trace};
use std::hash::{Hash, Hasher};

/// Entries per sealed chunk.
const CHUNK: usize = 64;

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

/// All batches of a log in offset order.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct BatchIndex {
    /// Never empty chunks, all but perhaps the first of [`CHUNK`] entries.
    sealed: Shared<Vec<Shared<Vec<BatchEntry>>>>,
    tail: Shared<Vec<BatchEntry>>,
}

impl BatchIndex {
    pub(crate) fn push(&mut self, entry: BatchEntry) {
        let tail = &mut *self.tail;
        tail.push(entry);
        if tail.len() == CHUNK {
            self.sealed.push(std::mem::take(&mut self.tail));
        }
    }

    /// Entries from the batch on that holds `offset`, or else the next one after it.
    pub(crate) fn from(&self, offset: Offset) -> impl Iterator<Item = &BatchEntry> + Clone {
        let (chunk, within) = self.position(offset);
        let (first, rest) = match self.sealed.get(chunk) {
            Some(first) => (&first[within..], &self.sealed[chunk + 1..]),
            None => (&self.tail[within..], &[][..]),
        };
        let tail = if chunk < self.sealed.len() { &self.tail[..] } else { &[] };
        first.iter().chain(rest.iter().flat_map(|chunk| chunk.iter())).chain(tail)
    }

    /// Chunk (the tail comes after the sealed ones) and place of the first batch that ends at or
    /// after `offset`.
    fn position(&self, offset: Offset) -> (usize, usize) {
        let ends_before = |entry: &BatchEntry| entry.last_offset < offset;
        // Most reads are at the end.
        let at_the_end = self.tail.first().is_some_and(|first| first.base_offset <= offset);
        if at_the_end {
            return (self.sealed.len(), place_near_end(&self.tail, ends_before));
        }
        let chunk = self.sealed.partition_point(|chunk| chunk.last().is_none_or(ends_before));
        let entries = self.sealed.get(chunk).unwrap_or(&self.tail);
        (chunk, entries.partition_point(ends_before))
    }

    /// Forgets every batch that holds `offset` or lies after it.
    pub(crate) fn truncate(&mut self, offset: Offset) {
        let (chunk, within) = self.position(offset);
        if chunk < self.sealed.len() {
            let mut tail = self.sealed[chunk].clone();
            self.sealed.truncate(chunk);
            tail.truncate(within);
            self.tail = tail;
        } else {
            self.tail.truncate(within);
        }
    }

    /// Forgets every batch that ends before `offset`.
    pub(crate) fn drop_before(&mut self, offset: Offset) {
        let (chunk, within) = self.position(offset);
        self.sealed.drain(..chunk);
        match self.sealed.first_mut() {
            Some(first) => drop(first.drain(..within)),
            None => drop(self.tail.drain(..within)),
        }
    }
}

/// A partition point that is probably one of the last: these are looked at before searching.
fn place_near_end(entries: &[BatchEntry], ends_before: impl Fn(&BatchEntry) -> bool) -> usize {
    const NEAR: usize = 3;
    let near = entries.iter().rev().take(NEAR).take_while(|entry| !ends_before(entry)).count();
    let rest = entries.len() - near;
    if near < NEAR { rest } else { entries[..rest].partition_point(ends_before) }
}

//! Index entries in a few bytes each: what differs from the entry before, as varints.

use crate::index::BatchEntry;
use base::{Digest, LeaderEpoch, Offset, ProcessId, Timestamp};
use port::{Extent, FileId};
use records::Trace;
use records::varint::{put_varlong, take_varlong};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// More bytes than an entry usually takes.
const USUAL: usize = 16;

/// Some batches in a row. Never changes.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    last_offset: Offset,
    digest: Digest,
    /// Where traces begin.
    numbers: u32,
    bytes: Arc<[u8]>,
}

/// The entries without their traces, which are no state of the node.
impl Hash for Chunk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Chunk {
    pub(crate) fn new(entries: &[BatchEntry]) -> Chunk {
        let (mut bytes, mut before) = (Vec::with_capacity(USUAL * entries.len()), Before::default());
        entries.iter().for_each(|entry| before.put(&mut bytes, entry));
        let (numbers, digest) = (bytes.len() as u32, Digest::of_run(&bytes));
        entries.iter().for_each(|entry| before.put_trace(&mut bytes, entry));
        let last_offset = entries.last().map_or(Offset::UNDEFINED, |last| last.last_offset);
        Chunk { last_offset, digest, numbers, bytes: bytes.into() }
    }

    pub(crate) fn last_offset(&self) -> Offset {
        self.last_offset
    }

    /// Those that do not end before `from`.
    pub(crate) fn entries_from(&self, from: Offset) -> Unpacked<'_> {
        let (rest, traces) = self.bytes.split_at(self.numbers as usize);
        Unpacked { rest, traces, before: Before::default(), from }
    }
}

/// The entries of a chunk, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Unpacked<'a> {
    rest: &'a [u8],
    traces: &'a [u8],
    before: Before,
    from: Offset,
}

impl Iterator for Unpacked<'_> {
    type Item = BatchEntry;

    fn next(&mut self) -> Option<BatchEntry> {
        while !self.rest.is_empty() {
            if let Some(entry) = self.before.take((&mut self.rest, &mut self.traces), self.from) {
                return Some(entry);
            }
        }
        None
    }
}

/// What the entry before leaves to expect.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    next_offset: i64,
    epoch: i32,
    timestamp: i64,
    file: u32,
    end: u64,
    length: u32,
    index: u64,
}

impl Before {
    fn put(&mut self, bytes: &mut Vec<u8>, entry: &BatchEntry) {
        let (base, span) = (entry.base_offset.0, entry.last_offset.0.wrapping_sub(entry.base_offset.0));
        let unusual = [
            base.wrapping_sub(self.next_offset),
            i64::from(entry.record_count).wrapping_sub(span.wrapping_add(1)),
            i64::from(entry.leader_epoch.0) - i64::from(self.epoch),
            i64::from(entry.extent.file.0) - i64::from(self.file),
            entry.extent.position.wrapping_sub(self.end) as i64,
        ];
        let is_unusual = unusual.iter().any(|number| *number != 0);
        put(bytes, span << 1 | i64::from(is_unusual));
        if is_unusual {
            unusual.into_iter().for_each(|number| put(bytes, number));
        }
        put(bytes, entry.max_timestamp.0.wrapping_sub(self.timestamp));
        put(bytes, i64::from(entry.extent.length) - i64::from(self.length));
        self.after(entry);
    }

    fn put_trace(&mut self, bytes: &mut Vec<u8>, entry: &BatchEntry) {
        let Some(trace) = &entry.trace else { return put(bytes, 0) };
        let span = entry.last_offset.0.wrapping_sub(entry.base_offset.0);
        let usual = trace.indexes.len() as i64 == span.wrapping_add(1);
        put(bytes, (i64::from(trace.producer.0) + 1) << 1 | i64::from(!usual));
        if !usual {
            put(bytes, trace.indexes.len() as i64);
        }
        for index in trace.indexes.iter() {
            put(bytes, index.wrapping_sub(self.index) as i64);
            self.index = *index;
        }
    }

    fn after(&mut self, entry: &BatchEntry) {
        self.next_offset = entry.last_offset.0.wrapping_add(1);
        self.epoch = entry.leader_epoch.0;
        self.timestamp = entry.max_timestamp.0;
        self.file = entry.extent.file.0;
        self.end = entry.extent.position.wrapping_add(u64::from(entry.extent.length));
        self.length = entry.extent.length;
    }

    /// The next entry, unless it ends before `from`.
    fn take(&mut self, (rest, traces): (&mut &[u8], &mut &[u8]), from: Offset) -> Option<BatchEntry> {
        let head = number(rest);
        let (span, is_unusual) = (head >> 1, head & 1 != 0);
        let [base, count, epoch, file, position] = if is_unusual { [(); 5].map(|()| number(rest)) } else { [0; 5] };
        let base_offset = self.next_offset.wrapping_add(base);
        let timestamp = self.timestamp.wrapping_add(number(rest));
        let length = i64::from(self.length) + number(rest);
        let last_offset = Offset(base_offset.wrapping_add(span));
        let is_wanted = last_offset >= from;
        let trace = self.take_trace(traces, span, is_wanted.then(Vec::new));
        let entry = BatchEntry {
            base_offset: Offset(base_offset),
            last_offset,
            leader_epoch: LeaderEpoch((i64::from(self.epoch) + epoch) as i32),
            max_timestamp: Timestamp(timestamp),
            record_count: count.wrapping_add(span.wrapping_add(1)) as i32,
            trace,
            extent: Extent {
                file: FileId((i64::from(self.file) + file) as u32),
                position: self.end.wrapping_add(position as u64),
                length: length as u32,
            },
        };
        self.after(&entry);
        is_wanted.then_some(entry)
    }

    /// The trace, if there is one and its indexes are wanted.
    fn take_trace(&mut self, rest: &mut &[u8], span: i64, mut wanted: Option<Vec<u64>>) -> Option<Trace> {
        let head = number(rest);
        if head == 0 {
            return None;
        }
        let count = if head & 1 == 0 { span.wrapping_add(1) } else { number(rest) };
        for _ in 0..count {
            self.index = self.index.wrapping_add(number(rest) as u64);
            if let Some(indexes) = &mut wanted {
                indexes.push(self.index);
            }
        }
        let producer = ProcessId(((head >> 1) - 1) as u32);
        wanted.map(|indexes| Trace { producer, indexes: indexes.into() })
    }
}

/// Most numbers are small.
fn put(bytes: &mut Vec<u8>, number: i64) {
    match number {
        -64..64 => bytes.push((number << 1 ^ number >> 63) as u8),
        _large => put_varlong(bytes, number),
    }
}

fn number(rest: &mut &[u8]) -> i64 {
    take_varlong(rest).expect("what was packed here can be unpacked")
}

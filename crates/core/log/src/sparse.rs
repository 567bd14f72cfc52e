//! How Kafka finds an offset in a log: the file by its name, the nearest entry of that file's sparse offset index, then the
//! batches from there on. This log does not need it (it keeps every batch's place, see [`crate::index`]); it is worked out
//! for whoever looks, from the batches that lie there. Kafka: `LogSegment.append`, `recover`, `OffsetIndex.lookup`,
//! `FileRecords.searchForOffsetWithSize`.

use crate::index::BatchEntry;
use crate::log::Log;
use crate::segment::Segment;
use base::Offset;

/// An entry of a `.index` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexEntry {
    /// The last offset of the batch that lies there.
    pub offset: Offset,
    /// Bytes from the start of the `.log` file.
    pub position: u64,
}

/// The way to one offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// By which the file is named: the largest that is not above the offset.
    pub segment: Offset,
    /// Entries of its index up to the batch that is found.
    pub entries: u64,
    /// The largest entry that is not above the offset; `None`: reading begins with the file.
    pub entry: Option<IndexEntry>,
    /// Batches whose headers are read, with the one that is found.
    pub walked: u64,
    /// Bytes that were stepped over on the way.
    pub passed: u64,
    /// Batches from the start of the file on up to that one: what would be walked without an index.
    pub batches: u64,
    /// The batch that holds the offset.
    pub found: BatchEntry,
}

impl Log {
    /// How Kafka would find `offset`, with `interval` as `index.interval.bytes`. `None` where no batch holds it.
    ///
    /// Entries are reckoned as a recovery writes them, batch by batch. A broker that appends several batches at once may
    /// have written fewer.
    pub fn look_up(&self, offset: Offset, interval: u64) -> Option<LookUp> {
        let segment = self.segments().rfind(|segment| segment.base_offset <= offset)?;
        let mut way = Way { interval, offset, entries: 0, entry: None, since: 0, walked: 0, batches: 0 };
        let found = segment.batches_from(segment.base_offset).find(|batch| way.reaches(batch))?.into_owned();
        (found.base_offset <= offset).then(|| way.ended(segment, found))
    }
}

/// What is known of a segment on the way through it.
struct Way {
    interval: u64,
    offset: Offset,
    entries: u64,
    entry: Option<IndexEntry>,
    /// Bytes since the last entry.
    since: u64,
    walked: u64,
    batches: u64,
}

impl Way {
    /// Goes on to a batch: does the way end there?
    fn reaches(&mut self, batch: &BatchEntry) -> bool {
        if self.since > self.interval {
            self.since = 0;
            self.entries += 1;
            if batch.last_offset <= self.offset {
                self.entry = Some(IndexEntry { offset: batch.last_offset, position: batch.extent.position });
                self.walked = 0;
            }
        }
        self.since += u64::from(batch.size());
        self.batches += 1;
        self.walked += 1;
        batch.last_offset >= self.offset
    }

    fn ended(self, segment: &Segment, found: BatchEntry) -> LookUp {
        let from = self.entry.map_or(0, |entry| entry.position);
        LookUp {
            segment: segment.base_offset,
            entries: self.entries,
            entry: self.entry,
            walked: self.walked,
            passed: found.extent.position - from,
            batches: self.batches,
            found,
        }
    }
}

//! One file of a log and what has to be known of it without reading it, above all where each batch lies. Who has a
//! segment has its index: both are closed, cut and dropped together. Kafka: `LogSegment`.

use crate::index::{BatchEntry, Entries, SegmentIndex};
use base::{Offset, Timestamp};
use port::{FileId, Store, StoreError};
use records::Batch;
use std::borrow::Cow;

/// A stretch of a log in one file, named by the offset that it begins with. Cheap to clone.
#[derive(Clone, Debug, Hash)]
pub struct Segment {
    pub base_offset: Offset,
    pub file: FileId,
    /// Bytes.
    pub size: u64,
    /// Max timestamp of its first batch: the age of the segment counts from here.
    pub first_timestamp: Option<Timestamp>,
    /// Largest timestamp of any record in it.
    pub largest_timestamp: Option<Timestamp>,
    /// The node's wall clock when it was made; stands in where records carry no timestamps.
    pub created: Timestamp,
    index: SegmentIndex,
}

/// `<20 digits>.log` in the log's directory.
pub(crate) fn file_name(directory: &str, base_offset: Offset) -> String {
    // Made for every replica, and nearly always of the offset 0.
    if base_offset == Offset::ZERO {
        return [directory, "/00000000000000000000.log"].concat();
    }
    format!("{directory}/{:020}.log", base_offset.0)
}

/// Behind the name of a file that is no longer the log's (`LogFileUtils.DELETED_FILE_SUFFIX`).
const DELETED: &str = ".deleted";

/// Removes the files of segments that are no longer the log's. All are renamed first, so that whoever finds the folder
/// after a failure in between finds no hole in the log (`LocalLog.deleteSegmentFiles`, which removes them after
/// `file.delete.delay.ms`; here at once).
///
/// # Errors
/// When the disk fails.
pub(crate) fn delete_files(
    store: &mut dyn Store,
    directory: &str,
    bases: impl Iterator<Item = Offset>,
) -> Result<(), StoreError> {
    let mut renamed = Vec::new();
    for base in bases {
        let name = file_name(directory, base);
        let deleted = [&name, DELETED].concat();
        store.rename(&name, &deleted)?;
        renamed.push(deleted);
    }
    renamed.iter().try_for_each(|name| store.remove(name))
}

/// Is it the name of a file that was to be removed?
pub(crate) fn is_deleted(name: &str) -> bool {
    name.ends_with(DELETED)
}

/// The base offset that a file's name states, if it is a segment's.
pub(crate) fn base_offset_of(name: &str) -> Option<Offset> {
    let (_, file) = name.rsplit_once('/')?;
    let digits = file.strip_suffix(".log")?;
    (digits.len() == 20).then(|| digits.parse().ok().map(Offset))?
}

impl Segment {
    pub(crate) fn new(base_offset: Offset, file: FileId, created: Timestamp) -> Segment {
        let index = SegmentIndex::default();
        Segment { base_offset, file, size: 0, first_timestamp: None, largest_timestamp: None, created, index }
    }

    /// Takes note of a batch that now lies at the end of the file.
    pub(crate) fn note(&mut self, entry: BatchEntry) {
        self.measure(&entry);
        self.index.push(entry);
    }

    fn measure(&mut self, entry: &BatchEntry) {
        if self.size == 0 {
            self.first_timestamp = Some(entry.max_timestamp);
        }
        self.size += u64::from(entry.size());
        self.largest_timestamp = self.largest_timestamp.max(Some(entry.max_timestamp));
    }

    pub(crate) fn entries_from(&self, from: Offset) -> Entries<'_> {
        self.index.from(from)
    }

    /// Its batches from the one on that holds `from`, or else from the next one after it, without reading them.
    pub fn batches_from(&self, from: Offset) -> impl Iterator<Item = Cow<'_, BatchEntry>> + Clone {
        self.entries_from(from)
    }

    /// Another segment is written to from now on.
    pub(crate) fn close(&mut self) {
        self.index.seal();
    }

    /// Forgets every batch that holds `offset` or lies after it. The file is its owner's to cut, to [`size`](Self::size).
    pub(crate) fn cut(&mut self, offset: Offset) {
        self.index.truncate(offset);
        (self.size, self.first_timestamp, self.largest_timestamp) = (0, None, None);
        let index = self.index.clone();
        index.from(self.base_offset).for_each(|entry| self.measure(&entry));
    }

    /// Must a new segment be made before `batch` is appended?
    pub(crate) fn must_roll(&self, batch: &Batch, limits: RollLimits, wall: Timestamp) -> bool {
        if self.size == 0 {
            return false;
        }
        let too_large = self.size as i64 > limits.segment_bytes - i64::from(batch.size());
        let age = match self.first_timestamp.filter(|first| first.0 >= 0) {
            Some(first) => batch.max_timestamp().0.saturating_sub(first.0),
            None => wall.0 - self.created.0,
        };
        let too_far = batch.last_offset().since(self.base_offset) > i64::from(i32::MAX);
        too_large || age > limits.segment_ms || too_far
    }

    /// The time that retention looks at.
    pub(crate) fn retention_timestamp(&self) -> Timestamp {
        self.largest_timestamp.filter(|largest| largest.0 >= 0).unwrap_or(self.created)
    }
}

/// `segment.bytes` and `segment.ms`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RollLimits {
    pub(crate) segment_bytes: i64,
    pub(crate) segment_ms: i64,
}

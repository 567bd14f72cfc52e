//! Reading whole batches between two bounds. Kafka: `UnifiedLog.read`, `LogSegment.read`.

use crate::append::JOINED_UP_TO;
use crate::index::BatchEntry;
use crate::log::Log;
use crate::read_error::ReadError;
use base::Offset;
use port::{Extent, Mutant, Store};
use records::{Batch, PREFIX_SIZE};

/// What a fetch gets from one log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FetchData {
    /// Whole batches; the first may begin before the offset that was asked for.
    pub batches: Vec<Batch>,
    /// Bytes of all of them.
    pub size: u64,
}

/// How much to read.
#[derive(Clone, Copy, Debug)]
pub struct ReadLimits {
    pub max_bytes: u64,
    /// Exclusive: log end for followers, high watermark or last stable offset for consumers.
    pub up_to: Offset,
    pub first_batch: FirstBatch,
}

/// May the first batch exceed the byte limit, so that a reader always gets on?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FirstBatch {
    Always,
    WithinLimit,
}

impl Log {
    /// Batches from the one that holds `from` on, not crossing the end of its segment.
    ///
    /// # Errors
    /// [`ReadError::OutOfRange`] when `from` lies below the log start or above the log end; when a batch is corrupt or
    /// the disk fails.
    pub fn read(&self, store: &dyn Store, from: Offset, limits: ReadLimits) -> Result<FetchData, ReadError> {
        let (start, end) = (self.log_start, self.log_end);
        if from < start || from > end {
            return Err(ReadError::OutOfRange { asked: from, start, end });
        }
        let mut data = FetchData::default();
        for entry in self.entries_from(from).in_one_segment() {
            let size = data.size + u64::from(entry.size());
            let goes_first = data.batches.is_empty() && limits.first_batch == FirstBatch::Always;
            if entry.last_offset >= limits.up_to || (size > limits.max_bytes && !goes_first) {
                break;
            }
            data.batches.push(read_batch(store, &entry)?);
            data.size = size;
        }
        Ok(data)
    }

    /// Would a read between the two offsets find a batch? `from` lies before the log end.
    pub fn has_batch_between(&self, from: Offset, up_to: Offset) -> bool {
        // Every offset before the log end lies in a batch, or before one.
        if up_to == self.log_end && !self.config.switches.breaks(Mutant::SegmentIndexOffByOne) {
            return true;
        }
        self.entries_from(from).next().is_some_and(|first| first.last_offset < up_to)
    }

    /// How many bytes a read between the two offsets would find, not reading them: what decides
    /// whether a parked fetch has enough.
    pub fn bytes_between(&self, from: Offset, up_to: Offset, enough: u64) -> u64 {
        let mut size = 0;
        for entry in self.entries_from(from).take_while(|entry| entry.last_offset < up_to) {
            size += u64::from(entry.size());
            if size >= enough {
                break;
            }
        }
        size
    }

    /// Every batch from the one that holds `from` to the log end: how internal topics are loaded.
    pub fn replay<'a>(
        &'a self,
        store: &'a dyn Store,
        from: Offset,
    ) -> impl Iterator<Item = Result<Batch, ReadError>> + 'a {
        self.entries_from(from).map(|entry| read_batch(store, &entry))
    }

    /// One batch that the index lists.
    ///
    /// # Errors
    /// When it is corrupt or the disk fails.
    pub fn read_batch(&self, store: &dyn Store, entry: &BatchEntry) -> Result<Batch, ReadError> {
        read_batch(store, entry)
    }
}

/// Larger batches may lie in two pieces, the prefix apart: what is behind it is asked for alone, so
/// that a store in memory need not join them.
pub(crate) fn read_batch(store: &dyn Store, entry: &BatchEntry) -> Result<Batch, ReadError> {
    let prefix = PREFIX_SIZE as u32;
    let is_joined = entry.size() <= JOINED_UP_TO;
    let extent = match is_joined {
        true => entry.extent,
        false => Extent {
            position: entry.extent.position + u64::from(prefix),
            length: entry.extent.length - prefix,
            ..entry.extent
        },
    };
    let bytes = store.read(extent)?;
    let batch = match is_joined {
        true => Batch::trusted(bytes),
        false => Batch::trusted_behind_prefix(entry.base_offset, entry.leader_epoch, bytes),
    };
    let batch = batch.map_err(ReadError::corrupt(entry.base_offset))?;
    Ok(batch.with_trace(entry.trace.clone()))
}

//! Reading whole batches between two bounds. Kafka: `UnifiedLog.read`, `LogSegment.read`.

use crate::index::BatchEntry;
use crate::log::Log;
use base::{ErrorCode, Offset};
use port::Store;
use records::{Batch, Chunk};

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
    /// `OffsetOutOfRange` when `from` lies below the log start or above the log end;
    /// `KafkaStorageError` when the disk fails.
    pub fn read(&self, store: &dyn Store, from: Offset, limits: ReadLimits) -> Result<FetchData, ErrorCode> {
        if from < self.log_start || from > self.log_end {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let mut data = FetchData::default();
        let mut entries = self.index.from(from).take_while(|entry| entry.last_offset < limits.up_to).peekable();
        let Some(segment) = entries.peek().map(|first| first.extent.file) else { return Ok(data) };
        for entry in entries.take_while(|entry| entry.extent.file == segment) {
            let size = data.size + u64::from(entry.size());
            let goes_first = data.batches.is_empty() && limits.first_batch == FirstBatch::Always;
            if size > limits.max_bytes && !goes_first {
                break;
            }
            data.batches.push(read_batch(store, entry)?);
            data.size = size;
        }
        Ok(data)
    }

    /// How many bytes a read between the two offsets would find, not reading them: what decides
    /// whether a parked fetch has enough.
    pub fn bytes_between(&self, from: Offset, up_to: Offset, enough: u64) -> u64 {
        let mut size = 0;
        for entry in self.index.from(from).take_while(|entry| entry.last_offset < up_to) {
            size += u64::from(entry.size());
            if size >= enough {
                break;
            }
        }
        size
    }

    /// One batch that the index lists.
    ///
    /// # Errors
    /// `KafkaStorageError` when the disk fails.
    pub fn read_batch(&self, store: &dyn Store, entry: &BatchEntry) -> Result<Batch, ErrorCode> {
        read_batch(store, entry)
    }
}

pub(crate) fn read_batch(store: &dyn Store, entry: &BatchEntry) -> Result<Batch, ErrorCode> {
    match store.read(entry.extent) {
        Ok(Chunk::Memory(bytes)) => Ok(Batch::trusted(bytes)?.with_trace(entry.trace.clone())),
        // A disk that lends files to the kernel is not read through here.
        Ok(Chunk::File { .. }) | Err(_) => Err(ErrorCode::KafkaStorageError),
    }
}

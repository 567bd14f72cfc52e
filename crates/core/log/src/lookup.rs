//! Offsets by time (ListOffsets). Kafka: `UnifiedLog.fetchOffsetByTimestamp`.

use crate::index::BatchEntry;
use crate::log::Log;
use crate::read::read_batch;
use crate::read_error::ReadError;
use base::{LeaderEpoch, Offset, Timestamp};
use port::Store;

/// A record found by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimestampAndOffset {
    pub timestamp: Timestamp,
    pub offset: Offset,
    pub leader_epoch: LeaderEpoch,
}

impl Log {
    /// The first record at or after the log start whose timestamp is `target` or later.
    ///
    /// # Errors
    /// When the batch cannot be read or decoded.
    pub fn offset_for_timestamp(
        &self,
        store: &dyn Store,
        target: Timestamp,
    ) -> Result<Option<TimestampAndOffset>, ReadError> {
        for entry in self.entries_from(self.log_start).filter(|entry| entry.max_timestamp >= target) {
            if let Some(found) = first_in(store, &entry, (target, self.log_start))? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The first record that carries the largest timestamp of what is in the log's files (ListOffsets −3), also where records
    /// before a later log start were deleted.
    ///
    /// # Errors
    /// When the batch cannot be read or decoded.
    pub fn offset_of_max_timestamp(&self, store: &dyn Store) -> Result<Option<TimestampAndOffset>, ReadError> {
        let entries = || self.entries_from(Offset::ZERO);
        let largest = entries().map(|entry| entry.max_timestamp).max();
        match largest.and_then(|largest| entries().find(|entry| entry.max_timestamp == largest)) {
            Some(entry) => first_in(store, &entry, (entry.max_timestamp, Offset::ZERO)),
            None => Ok(None),
        }
    }
}

/// The first record of a batch that is so young and not before that offset.
fn first_in(
    store: &dyn Store,
    entry: &BatchEntry,
    (target, from): (Timestamp, Offset),
) -> Result<Option<TimestampAndOffset>, ReadError> {
    let batch = read_batch(store, entry)?;
    let records = batch.records().map_err(ReadError::corrupt(entry.base_offset))?;
    let found = records.iter().find(|record| record.timestamp >= target && record.offset >= from);
    Ok(found.map(|record| TimestampAndOffset {
        timestamp: record.timestamp,
        offset: record.offset,
        leader_epoch: entry.leader_epoch,
    }))
}

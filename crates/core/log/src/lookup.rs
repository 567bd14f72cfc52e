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
            if let Some(found) = self.first_in(store, &entry, target)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The first record that carries the log's largest timestamp (ListOffsets −3).
    ///
    /// # Errors
    /// When the batch cannot be read or decoded.
    pub fn offset_of_max_timestamp(&self, store: &dyn Store) -> Result<Option<TimestampAndOffset>, ReadError> {
        let entries = self.entries_from(self.log_start);
        match entries.map(|entry| entry.max_timestamp).max() {
            Some(largest) => self.offset_for_timestamp(store, largest),
            None => Ok(None),
        }
    }

    fn first_in(
        &self,
        store: &dyn Store,
        entry: &BatchEntry,
        target: Timestamp,
    ) -> Result<Option<TimestampAndOffset>, ReadError> {
        let batch = read_batch(store, entry)?;
        let records = batch.records().map_err(ReadError::corrupt(entry.base_offset))?;
        let found = records.iter().find(|record| record.timestamp >= target && record.offset >= self.log_start);
        Ok(found.map(|record| TimestampAndOffset {
            timestamp: record.timestamp,
            offset: record.offset,
            leader_epoch: entry.leader_epoch,
        }))
    }
}

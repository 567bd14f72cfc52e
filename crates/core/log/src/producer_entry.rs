//! What is remembered of one producer in one partition. Kafka: `ProducerStateEntry`.

use base::{Offset, Timestamp};
use records::increment_sequence;

/// Batches remembered per producer, so that a retry of any in flight is recognised.
const RETAINED_BATCHES: usize = 5;

/// One of a producer's last batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchMetadata {
    pub last_sequence: i32,
    pub last_offset: Offset,
    /// Offsets (and sequence numbers) after the first one.
    pub offset_delta: i32,
    pub timestamp: Timestamp,
}

impl BatchMetadata {
    pub fn first_offset(&self) -> Offset {
        self.last_offset.plus(-i64::from(self.offset_delta))
    }

    pub fn first_sequence(&self) -> i32 {
        // 2^31 values in a ring: going back is going almost around.
        increment_sequence(self.last_sequence, -self.offset_delta)
    }
}

/// One producer id's state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerEntry {
    /// −1: none seen yet.
    pub epoch: i16,
    /// Of the last marker; −1: none seen.
    pub coordinator_epoch: i32,
    pub last_timestamp: Timestamp,
    /// Where its open transaction began.
    pub transaction_start: Option<Offset>,
    /// The last batches of this epoch, oldest first, at most 5.
    pub batches: Vec<BatchMetadata>,
}

impl Default for ProducerEntry {
    fn default() -> Self {
        let last_timestamp = Timestamp(-1);
        ProducerEntry { epoch: -1, coordinator_epoch: -1, last_timestamp, transaction_start: None, batches: Vec::new() }
    }
}

impl ProducerEntry {
    /// −1 when no batch of the current epoch is remembered.
    pub fn first_sequence(&self) -> i32 {
        self.batches.first().map_or(-1, BatchMetadata::first_sequence)
    }

    /// −1 when no batch of the current epoch is remembered.
    pub fn last_sequence(&self) -> i32 {
        self.batches.last().map_or(-1, |batch| batch.last_sequence)
    }

    /// −1 when no batch of the current epoch is remembered.
    pub fn first_data_offset(&self) -> Offset {
        self.batches.first().map_or(Offset::UNDEFINED, BatchMetadata::first_offset)
    }

    /// −1 when no batch of the current epoch is remembered.
    pub fn last_data_offset(&self) -> Offset {
        self.batches.last().map_or(Offset::UNDEFINED, |batch| batch.last_offset)
    }

    /// The remembered batch with exactly these first and last sequence numbers.
    pub(crate) fn duplicate_of(&self, first_sequence: i32, last_sequence: i32) -> Option<BatchMetadata> {
        let same =
            |batch: &&BatchMetadata| batch.last_sequence == last_sequence && batch.first_sequence() == first_sequence;
        self.batches.iter().find(same).copied()
    }

    /// Another epoch begins with no batches remembered.
    pub(crate) fn enter_epoch(&mut self, epoch: i16) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.batches.clear();
        }
    }

    pub(crate) fn remember(&mut self, batch: BatchMetadata) {
        if self.batches.len() == RETAINED_BATCHES {
            self.batches.remove(0);
        }
        self.batches.push(batch);
        self.last_timestamp = batch.timestamp;
    }
}

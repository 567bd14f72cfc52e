//! The log itself: what it holds in memory, and the three offsets that bound what may be read.
//!
//! Appending, reading, truncating, recovering and retention are in files of their own.

mod verify;

use crate::config::LogConfig;
use crate::divergence::{DivergingEpoch, TruncationStep, diverging_epoch, truncation_step};
use crate::index::BatchEntry;
use crate::leader_epochs::{EpochEndOffset, LeaderEpochCache};
use crate::producers::ProducerState;
use crate::read_error::ReadError;
use crate::segment::Segment;
use base::{LeaderEpoch, Offset, Shared, Str};
use port::{FileId, Store, StoreError};
use std::borrow::Cow;

/// One partition's log. Cheap to clone; clones share everything until one is written to.
#[derive(Clone, Debug, Hash)]
pub struct Log {
    pub(crate) directory: Str,
    pub(crate) config: Shared<LogConfig>,
    /// All segments but the last, oldest first.
    pub(crate) closed: Shared<Vec<Segment>>,
    pub(crate) active: Segment,
    pub(crate) epochs: LeaderEpochCache,
    pub(crate) producers: ProducerState,
    pub(crate) log_start: Offset,
    pub(crate) log_end: Offset,
    pub(crate) high_watermark: Offset,
    /// Everything before it is known to survive a power-off.
    pub(crate) recovery_point: Offset,
}

impl Log {
    /// The folder of its files within the store, `orders-1`.
    pub fn directory(&self) -> &Str {
        &self.directory
    }

    pub fn config(&self) -> &LogConfig {
        &self.config
    }

    pub fn set_config(&mut self, config: LogConfig) {
        self.config = Shared::new(config);
    }

    /// The first offset that may be read.
    pub fn log_start(&self) -> Offset {
        self.log_start
    }

    /// LEO: the next offset to be written.
    pub fn log_end(&self) -> Offset {
        self.log_end
    }

    /// HW: the first offset that is not known to be committed. Never above the log end.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// LSO: up to here every transaction is decided. The high watermark when none is open.
    pub fn last_stable_offset(&self) -> Offset {
        let unstable = self.producers.first_unstable_offset();
        unstable.map_or(self.high_watermark, |first| first.min(self.high_watermark))
    }

    pub fn epochs(&self) -> &LeaderEpochCache {
        &self.epochs
    }

    pub fn producers(&self) -> &ProducerState {
        &self.producers
    }

    /// For transaction verification and expiry, which the broker drives.
    pub fn producers_mut(&mut self) -> &mut ProducerState {
        &mut self.producers
    }

    /// The epoch of the last record: what a follower's fetch carries. −1 when none is known.
    pub fn latest_epoch(&self) -> LeaderEpoch {
        self.epochs.latest_epoch().unwrap_or(LeaderEpoch::UNDEFINED)
    }

    /// Where `epoch` ends in this log (OffsetForLeaderEpoch).
    pub fn end_offset_for_epoch(&self, epoch: LeaderEpoch) -> Option<EpochEndOffset> {
        self.epochs.end_offset_for(epoch, self.log_end)
    }

    /// This log as a leader's: does the follower's part from it? See [`diverging_epoch`].
    ///
    /// # Errors
    /// [`ReadError::OutOfRange`], as there.
    pub fn diverging_epoch(
        &self,
        last_fetched_epoch: LeaderEpoch,
        fetch_offset: Offset,
    ) -> Result<Option<DivergingEpoch>, ReadError> {
        diverging_epoch(&self.epochs, self.log_start, self.log_end, last_fetched_epoch, fetch_offset)
    }

    /// This log as a follower's: where to cut after the leader's word. See [`truncation_step`].
    pub fn truncation_step(&self, leader: DivergingEpoch) -> TruncationStep {
        truncation_step(leader, self.end_offset_for_epoch(leader.epoch), self.log_end, self.high_watermark)
    }

    /// A new leader notes its epoch at its log end before anything else (`Partition.makeLeader`).
    pub fn assign_epoch(&mut self, epoch: LeaderEpoch) {
        self.epochs.assign(epoch, self.log_end);
    }

    /// Up to here everything survives a power-off.
    pub fn recovery_point(&self) -> Offset {
        self.recovery_point
    }

    /// Makes everything survive a power-off: quorum voters before they answer, brokers when they stop
    /// in order. Partition logs are otherwise flushed only when a segment is closed.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn flush(&mut self, store: &mut dyn Store) -> Result<(), StoreError> {
        if self.recovery_point < self.log_end {
            store.flush(self.active.file)?;
            self.recovery_point = self.log_end;
        }
        Ok(())
    }

    /// Up to here everything survives a power-off for certain, by the bytes of each file that its disk has flushed. The
    /// recovery point may lie before it: who flushes files past their log (a quorum's voter) does not move it.
    pub fn flushed_up_to(&self, flushed: impl Fn(FileId) -> u64) -> Offset {
        for segment in self.segments() {
            let bytes = flushed(segment.file);
            if bytes < segment.size {
                let mut batches = segment.batches_from(segment.base_offset);
                let first = batches.find(|batch| batch.extent.position + u64::from(batch.size()) > bytes);
                return first.map_or(self.log_end, |batch| batch.base_offset);
            }
        }
        self.log_end
    }

    /// All segments, oldest first; the last one is active.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        self.closed.iter().chain(std::iter::once(&self.active))
    }

    /// The batches from the one that holds `from` on, without reading them.
    pub fn batches_from(&self, from: Offset) -> impl Iterator<Item = Cow<'_, BatchEntry>> + Clone {
        self.entries_from(from)
    }

    /// Bytes in all segments.
    pub fn size(&self) -> u64 {
        self.segments().map(|segment| segment.size).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.log_start == self.log_end
    }

    /// A follower takes over its leader's high watermark, as far as its own log reaches; it may move
    /// back. Returns whether it moved. Kafka: `UnifiedLog.updateHighWatermark`.
    pub fn update_high_watermark(&mut self, leaders: Offset) -> bool {
        let before = self.high_watermark;
        // Not `clamp`, which panics when a log is about to be cut below its start.
        self.high_watermark = leaders.max(self.log_start).min(self.log_end);
        self.producers.on_high_watermark(self.high_watermark);
        self.high_watermark != before
    }

    /// A leader's high watermark only rises. Returns whether it did.
    /// Kafka: `UnifiedLog.maybeIncrementHighWatermark`.
    pub fn raise_high_watermark(&mut self, to: Offset) -> bool {
        assert!(to <= self.log_end, "high watermark {to} above log end {}", self.log_end);
        to > self.high_watermark && self.update_high_watermark(to)
    }

    /// Moves the log start up (DeleteRecords, the leader's log start, retention). Returns whether it
    /// moved; files go at the next retention check.
    ///
    /// # Errors
    /// [`ReadError::OutOfRange`] above the high watermark: uncommitted records are not deleted.
    pub fn raise_log_start(&mut self, to: Offset) -> Result<bool, ReadError> {
        if to > self.high_watermark {
            return Err(ReadError::OutOfRange { asked: to, start: self.log_start, end: self.high_watermark });
        }
        if to <= self.log_start {
            return Ok(false);
        }
        self.log_start = to;
        self.epochs.truncate_from_start(to);
        self.producers.on_log_start(to);
        Ok(true)
    }
}

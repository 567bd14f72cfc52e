//! Appending: a leader gives a batch its place, a follower takes it as it comes.
//! Kafka: `UnifiedLog.append`.

use crate::index::BatchEntry;
use crate::log::Log;
use crate::producers::{AppendOrigin, CompletedTransaction, ProducerAppend, ProducerVerdict};
use crate::segment::{RollLimits, Segment, file_name};
use crate::snapshot;
use crate::validate::validate;
use base::{ErrorCode, LeaderEpoch, Offset, Timestamp};
use port::{Store, StoreError};
use records::Batch;

/// Up to this many bytes a patched batch is written as one piece: copying it once costs less than
/// two pieces cost every reader. Larger ones are never copied.
pub(crate) const JOINED_UP_TO: u32 = 1 << 10;

/// The circumstances of an append.
#[derive(Clone, Copy, Debug)]
pub struct AppendOptions {
    pub origin: AppendOrigin,
    /// The node's wall clock.
    pub wall: Timestamp,
    /// `transaction.version` that came with a marker (WriteTxnMarkers ≥ 2); otherwise 0.
    pub transaction_version: i16,
}

impl AppendOptions {
    pub fn new(origin: AppendOrigin, wall: Timestamp) -> AppendOptions {
        AppendOptions { origin, wall, transaction_version: 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppendOutcome {
    Appended,
    /// An idempotent producer's retry: the offsets are those of the first time.
    Duplicate,
    /// A follower was given a batch from a later leader than the one it follows; it waits.
    Ignored,
}

/// Where the records are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AppendInfo {
    pub outcome: AppendOutcome,
    pub first_offset: Offset,
    pub last_offset: Offset,
    /// Set when the broker stamps records (`message.timestamp.type=LogAppendTime`).
    pub log_append_time: Option<Timestamp>,
    /// The transaction that the batch, a marker, ended.
    pub completed: Option<CompletedTransaction>,
}

impl Log {
    /// Gives `batch` the next offsets and `epoch`, and appends it.
    ///
    /// # Errors
    /// What validation (§4) and producer state refuse; `KafkaStorageError` when the disk fails. The
    /// log is unchanged then.
    pub fn append_as_leader(
        &mut self,
        store: &mut dyn Store,
        batch: &Batch,
        epoch: LeaderEpoch,
        options: AppendOptions,
    ) -> Result<AppendInfo, ErrorCode> {
        validate(batch, &self.config, options.origin, options.wall)?;
        let stamps = self.config.log_append_time && !batch.is_control();
        let log_append_time = stamps.then_some(options.wall);
        let placed = match log_append_time {
            Some(now) => batch.with_log_append_time(now).assign(self.log_end, epoch),
            None => batch.assign(self.log_end, epoch),
        };
        let producer = match self.check_producer(&placed, options)? {
            ProducerVerdict::Duplicate(original) => {
                return Ok(duplicate(original.first_offset(), original.last_offset));
            }
            ProducerVerdict::Accept(producer) => producer,
        };
        self.write(store, &placed, options.wall)?;
        let completed = producer.and_then(|producer| self.producers.apply(&producer));
        Ok(AppendInfo { log_append_time, completed, ..appended(&placed) })
    }

    /// Appends a replicated batch as it is: offsets, epoch and checksum are the leader's.
    /// `leader_epoch` is that of the leader being followed.
    ///
    /// # Errors
    /// `OffsetOutOfRange` when the batch begins before the log end; `KafkaStorageError` when the disk
    /// fails. The log is unchanged then.
    pub fn append_as_follower(
        &mut self,
        store: &mut dyn Store,
        batch: &Batch,
        leader_epoch: LeaderEpoch,
        wall: Timestamp,
    ) -> Result<AppendInfo, ErrorCode> {
        if batch.base_offset() < self.log_end {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        if batch.leader_epoch() > leader_epoch {
            return Ok(AppendInfo { outcome: AppendOutcome::Ignored, ..appended(batch) });
        }
        let options = AppendOptions::new(AppendOrigin::Replication, wall);
        let verdict = self.check_producer(batch, options)?;
        self.write(store, batch, wall)?;
        let completed = match verdict {
            ProducerVerdict::Accept(Some(producer)) => self.producers.apply(&producer),
            ProducerVerdict::Accept(None) | ProducerVerdict::Duplicate(_) => None,
        };
        Ok(AppendInfo { completed, ..appended(batch) })
    }

    fn check_producer(&self, batch: &Batch, options: AppendOptions) -> Result<ProducerVerdict, ErrorCode> {
        match ProducerAppend::of(batch, options.transaction_version)? {
            Some(append) => self.producers.check(append, options.origin),
            None => Ok(ProducerVerdict::Accept(None)),
        }
    }

    fn write(&mut self, store: &mut dyn Store, batch: &Batch, wall: Timestamp) -> Result<(), ErrorCode> {
        let limits = RollLimits { segment_bytes: self.config.segment_bytes, segment_ms: self.config.segment_ms };
        if self.active.must_roll(batch, limits, wall) {
            self.roll(store, wall).map_err(|_| ErrorCode::KafkaStorageError)?;
        }
        let written = match batch.size() {
            ..=JOINED_UP_TO => store.append(self.active.file, &[batch.bytes()]),
            _ => store.append(self.active.file, &batch.parts()),
        };
        let extent = written.map_err(|_| ErrorCode::KafkaStorageError)?;
        self.note(BatchEntry::of(batch, extent));
        Ok(())
    }

    /// Takes note of a batch that lies in the active segment's file.
    pub(crate) fn note(&mut self, entry: BatchEntry) {
        self.epochs.assign(entry.leader_epoch, entry.base_offset);
        self.log_end = entry.last_offset.plus(1);
        self.active.note(entry);
    }

    /// Closes the active segment and begins a new one at the log end, with a snapshot of the producers that there are,
    /// so that whoever opens the log need not read what lies before (`UnifiedLog.roll`).
    ///
    /// # Errors
    /// When the store does not open the new file.
    pub fn roll(&mut self, store: &mut dyn Store, wall: Timestamp) -> Result<(), StoreError> {
        if self.active.size == 0 && self.active.base_offset == self.log_end {
            return Ok(());
        }
        self.flush(store)?;
        let file = store.open(&file_name(&self.directory, self.log_end))?;
        snapshot::write(store, &self.directory, self.log_end, self.producers.all())?;
        self.begin_segment(Segment::new(self.log_end, file, wall));
        Ok(())
    }

    /// Closes the active segment; `next` is written to from now on.
    pub(crate) fn begin_segment(&mut self, next: Segment) {
        let mut closed = std::mem::replace(&mut self.active, next);
        closed.close();
        self.closed.push(closed);
    }
}

fn appended(batch: &Batch) -> AppendInfo {
    AppendInfo {
        outcome: AppendOutcome::Appended,
        first_offset: batch.base_offset(),
        last_offset: batch.last_offset(),
        log_append_time: None,
        completed: None,
    }
}

fn duplicate(first_offset: Offset, last_offset: Offset) -> AppendInfo {
    let outcome = AppendOutcome::Duplicate;
    AppendInfo { outcome, first_offset, last_offset, log_append_time: None, completed: None }
}

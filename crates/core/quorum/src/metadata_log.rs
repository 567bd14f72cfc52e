//! The metadata partition's log as the quorum uses it: voters flush before they answer, an empty log's
//! last epoch is 0, and a truncation below the high watermark is refused.
//!
//! Everything else is [`log::Log`]. Kafka: `KafkaMetadataLog`.

use api::EpochEndOffset;
use base::{ErrorCode, LeaderEpoch, Offset, Str, Timestamp};
use log::{AppendOptions, AppendOrigin, AppendOutcome, FirstBatch, Log, LogConfig, LogSetup, ReadLimits, Shutdown};
use port::{METADATA_BATCH_MAX, Store, StoreError};
use records::{Batch, Record};

/// Where the log and `quorum-state` lie in the store.
pub const METADATA_DIRECTORY: &str = "__cluster_metadata-0";

/// Must what is written survive a power-off before it is acknowledged?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Durability {
    Flushed,
    Written,
}

/// The log of `__cluster_metadata-0`.
#[derive(Clone, Debug, Hash)]
pub struct MetadataLog {
    log: Log,
    durability: Durability,
}

impl MetadataLog {
    /// Opened as an observer's; see [`set_durability`](Self::set_durability).
    pub(crate) fn open(store: &mut dyn Store, wall: Timestamp, segment_bytes: i32) -> Result<MetadataLog, StoreError> {
        let setup = LogSetup {
            directory: Str::from(METADATA_DIRECTORY),
            config: LogConfig {
                max_message_bytes: METADATA_BATCH_MAX as i64,
                segment_bytes: i64::from(segment_bytes),
                ..LogConfig::default()
            },
            log_start: Offset::ZERO,
            // Not checkpointed: a leader of this lifetime tells it.
            high_watermark: Offset::ZERO,
            shutdown: Shutdown::Unclean,
            wall,
        };
        Ok(MetadataLog { log: Log::open(store, setup)?, durability: Durability::Written })
    }

    /// A leader counts on what a voter says it has, so that is on disk first; an observer fetches again what it loses
    /// (`KafkaRaftClient.appendAsFollower` flushes for voters).
    pub(crate) fn set_durability(&mut self, durability: Durability) {
        self.durability = durability;
    }

    /// The log as any other is kept.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// LEO: the next offset to be written.
    pub fn end(&self) -> Offset {
        self.log.log_end()
    }

    /// The epoch of the last record; 0 in an empty log.
    pub fn last_epoch(&self) -> LeaderEpoch {
        self.log.latest_epoch().max(LeaderEpoch(0))
    }

    /// What is below has been stored by a majority and stays.
    pub(crate) fn set_high_watermark(&mut self, to: Offset) {
        self.log.update_high_watermark(to);
    }

    /// Gives `batch` its place and makes it durable. Returns the offset of its last record.
    pub(crate) fn append_as_leader(
        &mut self,
        store: &mut dyn Store,
        batch: &Batch,
        epoch: LeaderEpoch,
        wall: Timestamp,
    ) -> Result<Offset, ErrorCode> {
        let options = AppendOptions::new(AppendOrigin::RaftLeader, wall);
        let info = self.log.append_as_leader(store, batch, epoch, options)?;
        self.flush(store)?;
        Ok(info.last_offset)
    }

    /// Appends what the leader of `epoch` sent, as far as it continues this log, and makes it durable.
    pub(crate) fn append_as_follower(
        &mut self,
        store: &mut dyn Store,
        batches: &[Batch],
        epoch: LeaderEpoch,
        wall: Timestamp,
    ) -> Result<(), ErrorCode> {
        for batch in batches {
            // An answer that was overtaken by a truncation does not fit on; it is asked for again.
            let continues = batch.base_offset() == self.end() && batch.leader_epoch() >= self.last_epoch();
            if !continues || batch.last_offset_delta() < 0 {
                break;
            }
            let info = self.log.append_as_follower(store, batch, epoch, wall)?;
            if info.outcome != AppendOutcome::Appended {
                break;
            }
        }
        self.flush(store)
    }

    /// Unlike a partition's log this one is flushed before it counts: a quorum has no ISR to fall back on.
    fn flush(&mut self, store: &mut dyn Store) -> Result<(), ErrorCode> {
        match (self.durability, self.log.segments().next_back()) {
            (Durability::Flushed, Some(active)) => store.flush(active.file).map_err(|_| ErrorCode::KafkaStorageError),
            (Durability::Written, _) | (Durability::Flushed, None) => Ok(()),
        }
    }

    /// Whole batches from `from` on, up to the log end.
    pub(crate) fn read(&self, store: &dyn Store, from: Offset, max_bytes: u64) -> Result<Vec<Batch>, ErrorCode> {
        let max_bytes = max_bytes.min(METADATA_BATCH_MAX);
        let limits = ReadLimits { max_bytes, up_to: self.end(), first_batch: FirstBatch::Always };
        Ok(self.log.read(store, from, limits)?.batches)
    }

    /// The data records of the whole batches between `from` and `high_watermark`, with their leaders'
    /// epochs, and the offset after the last of these batches.
    #[allow(clippy::type_complexity)]
    pub(crate) fn records_between(
        &self,
        store: &dyn Store,
        from: Offset,
        high_watermark: Offset,
    ) -> Result<(Vec<(LeaderEpoch, Record)>, Offset), ErrorCode> {
        let mut next = from;
        let mut found = Vec::new();
        for entry in self.log.batches_from(from).take_while(|entry| entry.last_offset < high_watermark) {
            let batch = self.log.read_batch(store, &entry)?;
            next = batch.next_offset();
            if !batch.is_control() {
                found.extend(batch.records()?.into_iter().map(|record| (batch.leader_epoch(), record)));
            }
        }
        Ok((found, next))
    }

    /// The leader's check of a fetch: where the follower's log parts from this one, if it does.
    /// Kafka: `ReplicatedLog.validateOffsetAndEpoch`.
    pub(crate) fn divergence(&self, fetch_offset: Offset, last_fetched_epoch: LeaderEpoch) -> Option<EpochEndOffset> {
        if fetch_offset == Offset::ZERO {
            return None;
        }
        let epochs = self.log.epochs();
        let checked = log::diverging_epoch(epochs, self.log.log_start(), self.end(), last_fetched_epoch, fetch_offset);
        match checked {
            Ok(diverging) => diverging.map(|at| EpochEndOffset { epoch: at.epoch, end_offset: at.end }),
            // An epoch that this log never saw: it parts at our end at the latest.
            Err(_) => Some(EpochEndOffset { epoch: self.last_epoch(), end_offset: self.end() }),
        }
    }

    /// Where this log would have to end after the leader's word that the logs part at `leader`.
    pub(crate) fn truncation_point(&self, leader: EpochEndOffset) -> Offset {
        let own = self.log.end_offset_for_epoch(leader.epoch);
        let leader = log::EpochEndOffset { epoch: leader.epoch, end: leader.end_offset };
        log::truncation_step(leader, own, self.end(), self.log.high_watermark()).offset
    }

    /// What was never committed and another leader has otherwise.
    pub(crate) fn truncate(&mut self, store: &mut dyn Store, to: Offset) -> Result<(), ErrorCode> {
        self.log.truncate_to(store, to).map_err(|_| ErrorCode::KafkaStorageError)?;
        self.flush(store)
    }
}

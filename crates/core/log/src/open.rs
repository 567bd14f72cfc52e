//! Opening a log: what the store holds is found again by walking over the batch headers.
//!
//! Kafka reads index files instead and walks only behind the recovery point; the result is the same. Producers come from
//! the newest snapshot and the batches behind it. Kafka: `LogLoader`.

use crate::config::LogConfig;
use crate::index::BatchEntry;
use crate::leader_epochs::LeaderEpochCache;
use crate::log::Log;
use crate::producers::ProducerState;
use crate::segment::{Segment, base_offset_of, delete_files, file_name, is_deleted};
use base::{Offset, Shared, Str, Timestamp};
use port::{Extent, FileId, Store, StoreError};
use records::{Batch, BatchHeader, HEADER_SIZE, OFFSET_AND_LENGTH};

/// How the process ended last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// In order: every batch is whole.
    Clean,
    /// Checksums of the last segment are checked and the log is cut at the first bad batch.
    Unclean,
}

/// What is known of a log before it is opened.
#[derive(Clone, Debug)]
pub struct LogSetup {
    /// Its folder in the store: `orders-1`.
    pub directory: Str,
    pub config: LogConfig,
    /// From `log-start-offset-checkpoint`; 0 when there is none.
    pub log_start: Offset,
    /// From `replication-offset-checkpoint`; 0 when there is none.
    pub high_watermark: Offset,
    pub shutdown: Shutdown,
    /// The node's wall clock.
    pub wall: Timestamp,
}

impl Log {
    /// Opens the log in `setup.directory`, or makes an empty one.
    ///
    /// # Errors
    /// When the disk fails. Damaged batches are no error: the log ends before them.
    pub fn open(store: &mut dyn Store, setup: LogSetup) -> Result<Log, StoreError> {
        let prefix = format!("{}/", setup.directory);
        let names = store.list(&prefix);
        // What was to be removed when the process ended (`LogLoader.removeTempFilesAndCollectSwapFiles`).
        names.iter().filter(|name| is_deleted(name)).try_for_each(|name| store.remove(name))?;
        let bases: Vec<Offset> = names.iter().filter_map(|name| base_offset_of(name)).collect();
        let first = bases.first().copied().unwrap_or(setup.log_start);
        let file = store.open(&file_name(&setup.directory, first))?;
        let mut log = Log {
            directory: setup.directory,
            config: Shared::new(setup.config),
            closed: Shared::default(),
            active: Segment::new(first, file, setup.wall),
            epochs: LeaderEpochCache::default(),
            producers: ProducerState::default(),
            log_start: setup.log_start.max(first),
            log_end: first,
            high_watermark: setup.high_watermark,
            recovery_point: first,
        };
        log.recover(store, &bases, setup.shutdown)?;
        // An unclean stop may have left less than the checkpoint of the log start knows of.
        if log.log_end < log.log_start {
            log.truncate_fully_and_start_at(store, log.log_start, None)?;
        }
        log.epochs.truncate_from_start(log.log_start);
        log.epochs.truncate_from_end(log.log_end);
        log.reload_producers(store)?;
        log.update_high_watermark(setup.high_watermark);
        // What recovery has kept is written back, as Kafka does.
        log.flush(store)?;
        Ok(log)
    }

    /// Walks all segments; what follows a damaged one goes.
    fn recover(&mut self, store: &mut dyn Store, bases: &[Offset], shutdown: Shutdown) -> Result<(), StoreError> {
        for (at, &base) in bases.iter().enumerate() {
            if at > 0 {
                let file = store.open(&file_name(&self.directory, base))?;
                self.begin_segment(Segment::new(base, file, self.active.created));
                self.log_end = self.log_end.max(base);
            }
            let checks = shutdown == Shutdown::Unclean && at + 1 == bases.len();
            if !self.recover_segment(store, checks)? {
                delete_files(store, &self.directory, bases[at + 1..].iter().copied())?;
                break;
            }
        }
        Ok(())
    }

    /// Notes every sound batch of the active segment's file and cuts the rest off. Returns whether all
    /// were sound.
    fn recover_segment(&mut self, store: &mut dyn Store, checks_crc: bool) -> Result<bool, StoreError> {
        let file = self.active.file;
        let length = store.len(file)?;
        while let Some(found) = batch_at(store, file, self.active.size, length)? {
            let is_sound = found.header.base_offset >= self.log_end
                && found.header.last_offset_delta >= 0
                && (!checks_crc || checksum_holds(store, found.extent)?);
            if !is_sound {
                break;
            }
            self.note(found.entry());
        }
        let is_whole = self.active.size == length;
        if !is_whole {
            store.truncate(file, self.active.size)?;
        }
        Ok(is_whole)
    }
}

struct Found {
    header: BatchHeader,
    extent: Extent,
}

impl Found {
    fn entry(&self) -> BatchEntry {
        BatchEntry {
            base_offset: self.header.base_offset,
            last_offset: self.header.last_offset(),
            leader_epoch: self.header.leader_epoch,
            max_timestamp: self.header.max_timestamp,
            record_count: self.header.record_count,
            trace: None,
            extent: self.extent,
        }
    }
}

/// The batch that begins at `position`, if a whole one does.
fn batch_at(store: &dyn Store, file: FileId, position: u64, length: u64) -> Result<Option<Found>, StoreError> {
    if position + HEADER_SIZE as u64 > length {
        return Ok(None);
    }
    let front = store.read(Extent { file, position, length: HEADER_SIZE as u32 })?;
    // What is not even a header was cut off in the middle by whatever stopped the broker; `None` ends the log there.
    let Some(header) = BatchHeader::parse(&front) else { return Ok(None) };
    let size = i64::from(header.batch_length) + OFFSET_AND_LENGTH as i64;
    // A negative length: the bytes are no batch.
    let Ok(size) = u32::try_from(size) else { return Ok(None) };
    let fits = size as usize >= HEADER_SIZE && position + u64::from(size) <= length && header.magic == 2;
    Ok(fits.then_some(Found { header, extent: Extent { file, position, length: size } }))
}

fn checksum_holds(store: &dyn Store, extent: Extent) -> Result<bool, StoreError> {
    Ok(Batch::verify(store.read(extent)?).is_ok())
}

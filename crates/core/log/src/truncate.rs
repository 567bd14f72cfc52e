//! Cutting a log's end off, or all of it. Kafka: `UnifiedLog.truncateTo`,
//! `UnifiedLog.truncateFullyAndStartAt`.

use crate::log::Log;
use crate::producers::{ProducerAppend, ProducerState};
use crate::read::read_batch;
use crate::segment::{Segment, delete_files, file_name};
use crate::snapshot::{self, Producers};
use base::{Offset, Timestamp};
use port::{Mutant, Store, StoreError};

impl Log {
    /// Makes `offset` the log end. A batch that holds it goes as a whole. Returns whether anything was
    /// to cut. Below the first segment the log begins anew at `offset`.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn truncate_to(&mut self, store: &mut dyn Store, offset: Offset) -> Result<bool, StoreError> {
        if offset >= self.log_end {
            // A leader that wrote nothing left its epoch at the log end; the next leader may not know
            // it (`UnifiedLog.truncateTo` always cuts the epochs).
            self.epochs.truncate_from_end(self.log_end);
            return Ok(false);
        }
        let first_base = self.segments().next().map_or(offset, |first| first.base_offset);
        if offset < first_base {
            self.truncate_fully_and_start_at(store, offset, None)?;
            return Ok(true);
        }
        let mut gone = Vec::new();
        while self.active.base_offset > offset {
            let previous = self.closed.pop().expect("the first segment begins no later");
            gone.push(std::mem::replace(&mut self.active, previous).base_offset);
        }
        delete_files(store, &self.directory, gone.into_iter())?;
        self.active.cut(offset);
        store.truncate(self.active.file, self.active.size)?;
        self.log_end = offset;
        self.log_start = self.log_start.min(offset);
        self.recovery_point = self.recovery_point.min(offset);
        self.epochs.truncate_from_end(offset);
        if !self.config.switches.breaks(Mutant::ProducersNotReloaded) {
            self.reload_producers(store)?;
        }
        self.update_high_watermark(self.high_watermark);
        Ok(true)
    }

    /// What the log knows of its producers, from the newest snapshot within it and the batches behind that. Those that
    /// lie outside go: Kafka drops the one at the log start too (`ProducerStateManager.truncateAndReload`,
    /// `UnifiedLog.rebuildProducerState`).
    pub(crate) fn reload_producers(&mut self, store: &mut dyn Store) -> Result<(), StoreError> {
        let (start, end) = (self.log_start, self.log_end);
        snapshot::remove(store, &self.directory, |at| at > end || at <= start)?;
        let (from, known) = snapshot::newest(store, &self.directory).unwrap_or((start, Producers::default()));
        assert!(from <= end, "a snapshot at {from} of a log that ends at {end}");
        let mut producers = ProducerState::restored(known);
        for entry in self.entries_from(from) {
            // What cannot be read now will fail its reader; it is no reason to stop here.
            let Ok(batch) = read_batch(store, &entry) else { continue };
            if let Ok(Some(append)) = ProducerAppend::of(&batch, 0) {
                producers.apply(&append);
            }
        }
        self.producers = producers;
        Ok(())
    }

    /// Throws everything away and begins at `offset`; the log start too, unless another is given.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn truncate_fully_and_start_at(
        &mut self,
        store: &mut dyn Store,
        offset: Offset,
        log_start: Option<Offset>,
    ) -> Result<(), StoreError> {
        let created: Timestamp = self.active.created;
        delete_files(store, &self.directory, self.segments().map(|segment| segment.base_offset))?;
        snapshot::remove(store, &self.directory, |_| true)?;
        let file = store.open(&file_name(&self.directory, offset))?;
        self.closed = Default::default();
        self.active = Segment::new(offset, file, created);
        self.epochs.clear();
        self.producers.clear();
        self.log_start = log_start.unwrap_or(offset);
        self.log_end = offset;
        self.recovery_point = offset;
        self.update_high_watermark(self.high_watermark);
        Ok(())
    }
}

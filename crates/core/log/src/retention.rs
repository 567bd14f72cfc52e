//! Deleting old segments (`cleanup.policy=delete`). The broker calls this every
//! `log.retention.check.interval.ms`. Kafka: `UnifiedLog.deleteOldSegments`.

use crate::log::Log;
use crate::segment::{Segment, delete_files};
use crate::snapshot;
use base::{Offset, Timestamp};
use port::{Store, StoreError};

impl Log {
    /// Deletes, oldest first, the segments that lie below the log start, exceed `retention.bytes` or
    /// are older than `retention.ms`; never above the high watermark. Returns how many went.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn delete_old_segments(&mut self, store: &mut dyn Store, wall: Timestamp) -> Result<u32, StoreError> {
        let log_start = self.log_start;
        let mut deleted = self.delete_while(store, wall, |_, next| next.is_some_and(|base| base <= log_start))?;
        if !self.config.is_deleting {
            return Ok(deleted);
        }
        let (bytes, ms) = (self.config.retention_bytes, self.config.retention_ms);
        if bytes >= 0 {
            let mut surplus = self.size() as i64 - bytes;
            deleted += self.delete_while(store, wall, |segment, _| {
                surplus -= segment.size as i64;
                surplus >= 0
            })?;
        }
        if ms >= 0 {
            let is_old = |segment: &Segment, _| wall.0 - segment.retention_timestamp().0 > ms;
            deleted += self.delete_while(store, wall, is_old)?;
        }
        Ok(deleted)
    }

    /// `must_go` sees a segment and the base offset of the one after it.
    fn delete_while(
        &mut self,
        store: &mut dyn Store,
        wall: Timestamp,
        mut must_go: impl FnMut(&Segment, Option<Offset>) -> bool,
    ) -> Result<u32, StoreError> {
        let next_bases = self.segments().skip(1).map(|next| Some(next.base_offset)).chain([None]);
        let may_go = |(segment, next): &(&Segment, Option<Offset>)| {
            let is_committed = self.high_watermark >= next.unwrap_or(self.log_end);
            let is_last_and_empty = next.is_none() && segment.size == 0;
            is_committed && !is_last_and_empty && must_go(segment, *next)
        };
        let count = self.segments().zip(next_bases).take_while(may_go).count();
        if count > self.closed.len() {
            self.roll(store, wall)?;
        }
        let gone: Vec<Segment> = self.closed.drain(..count).collect();
        if gone.is_empty() {
            return Ok(0);
        }
        // The log lets go of them first, so that it stands also where the disk fails.
        self.begin_at_first_segment();
        delete_files(store, &self.directory, gone.iter().map(|segment| segment.base_offset))?;
        snapshot::remove(store, &self.directory, |at| gone.iter().any(|segment| segment.base_offset == at))?;
        Ok(gone.len() as u32)
    }

    fn begin_at_first_segment(&mut self) {
        let first = self.segments().next().expect("the active segment stays").base_offset;
        let raised = self.raise_log_start(first);
        assert!(raised.is_ok(), "segments above the high watermark are never deleted");
    }
}

//! Deleting old segments (`cleanup.policy=delete`). The broker calls this every
//! `log.retention.check.interval.ms`. Kafka: `UnifiedLog.deleteOldSegments`; files go at once here, not
//! after `file.delete.delay.ms`.

use crate::log::Log;
use crate::segment::{Segment, file_name};
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
        let segments: Vec<Segment> = self.segments().copied().collect();
        let count = (0..segments.len())
            .take_while(|&at| {
                let next = segments.get(at + 1).map(|next| next.base_offset);
                let is_committed = self.high_watermark >= next.unwrap_or(self.log_end);
                let is_last_and_empty = next.is_none() && segments[at].size == 0;
                is_committed && !is_last_and_empty && must_go(&segments[at], next)
            })
            .count();
        if count == segments.len() {
            self.roll(store, wall)?;
        }
        for segment in &segments[..count] {
            store.remove(&file_name(&self.directory, segment.base_offset))?;
        }
        if count > 0 {
            let gone = &segments[..count];
            snapshot::remove(store, &self.directory, |at| gone.iter().any(|segment| segment.base_offset == at))?;
        }
        self.closed.drain(..count);
        self.forget_deleted();
        Ok(count as u32)
    }

    fn forget_deleted(&mut self) {
        let Some(first) = self.segments().next().map(|segment| segment.base_offset) else { return };
        self.index.drop_before(first);
        let raised = self.raise_log_start(first);
        assert!(raised.is_ok(), "segments above the high watermark are never deleted");
    }
}

//! Which leader wrote which stretch of a log: for every leader epoch the offset where it began.
//!
//! Followers and leaders compare these lists to find where two logs part (KIP-101, KIP-279). Kafka:
//! `LeaderEpochFileCache`; its checkpoint file is not needed because the epochs stand in the batches.

use base::{LeaderEpoch, Offset, Shared};

/// A leader's reign: its number and the first offset that it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EpochEntry {
    pub epoch: LeaderEpoch,
    pub start: Offset,
}

/// An epoch and the offset after its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EpochEndOffset {
    pub epoch: LeaderEpoch,
    pub end: Offset,
}

/// The list of reigns, both numbers strictly rising. Cheap to clone.
#[derive(Clone, Debug, Default, Hash)]
pub struct LeaderEpochCache {
    entries: Shared<Vec<EpochEntry>>,
}

impl LeaderEpochCache {
    pub fn entries(&self) -> &[EpochEntry] {
        &self.entries
    }

    pub fn latest(&self) -> Option<EpochEntry> {
        self.entries.last().copied()
    }

    pub fn latest_epoch(&self) -> Option<LeaderEpoch> {
        self.latest().map(|entry| entry.epoch)
    }

    /// Notes that `epoch` begins at `start`. Entries that the new one contradicts go: later epochs,
    /// later starts. An epoch that is already the latest keeps its earlier start. Undefined epochs
    /// and offsets are not noted.
    pub fn assign(&mut self, epoch: LeaderEpoch, start: Offset) {
        let known = self.latest().is_some_and(|last| last.epoch == epoch && start >= last.start);
        if known || epoch.0 < 0 || start.0 < 0 {
            return;
        }
        while self.latest().is_some_and(|last| last.epoch >= epoch || last.start >= start) {
            self.entries.pop();
        }
        self.entries.push(EpochEntry { epoch, start });
    }

    /// The log now ends at `end`: reigns that begin there or later go.
    pub fn truncate_from_end(&mut self, end: Offset) {
        while end.0 >= 0 && self.latest().is_some_and(|last| last.start >= end) {
            self.entries.pop();
        }
    }

    /// The log now begins at `start`: older reigns go, the one that covers it begins there.
    pub fn truncate_from_start(&mut self, start: Offset) {
        let removed = self.count_from(|entry| entry.start <= start);
        // No reign began at or before `start`: all of them lie behind it and stay.
        let Some(last_removed) = removed.checked_sub(1) else { return };
        if self.entries[last_removed].start == start && last_removed == 0 {
            return;
        }
        self.entries.drain(..last_removed);
        self.entries[0].start = start;
    }

    pub fn clear(&mut self) {
        self.entries = Shared::default();
    }

    /// Where `epoch` ends in this log whose end is `log_end`: the largest epoch not above it, and
    /// the start of the one after. `None` when the log cannot tell (later epoch, no epochs).
    pub fn end_offset_for(&self, epoch: LeaderEpoch, log_end: Offset) -> Option<EpochEndOffset> {
        if epoch == LeaderEpoch::UNDEFINED {
            return None;
        }
        if self.latest_epoch() == Some(epoch) {
            return Some(EpochEndOffset { epoch, end: log_end });
        }
        let above = self.count_from(|entry| entry.epoch <= epoch);
        let next = self.entries.get(above)?;
        // Before the first known epoch: whatever it wrote ended where the first known one begins.
        let floor = self.previous_epoch(next.epoch).unwrap_or(epoch);
        Some(EpochEndOffset { epoch: floor, end: next.start })
    }

    /// The largest epoch below `epoch`.
    pub fn previous_epoch(&self, epoch: LeaderEpoch) -> Option<LeaderEpoch> {
        let below = self.count_from(|entry| entry.epoch < epoch).checked_sub(1)?;
        Some(self.entries[below].epoch)
    }

    /// The smallest epoch above `epoch`.
    pub fn next_epoch(&self, epoch: LeaderEpoch) -> Option<LeaderEpoch> {
        let above = self.count_from(|entry| entry.epoch <= epoch);
        self.entries.get(above).map(|entry| entry.epoch)
    }

    /// The epoch in which `offset` was or would be written.
    pub fn epoch_for_offset(&self, offset: Offset) -> Option<LeaderEpoch> {
        let covering = self.count_from(|entry| entry.start <= offset).checked_sub(1)?;
        Some(self.entries[covering].epoch)
    }

    /// Where `epoch` began, if it is in the list.
    pub fn start_of(&self, epoch: LeaderEpoch) -> Option<Offset> {
        let found = self.entries.binary_search_by_key(&epoch, |entry| entry.epoch).ok()?;
        Some(self.entries[found].start)
    }

    /// How many entries from the front satisfy `holds`, which must be monotone.
    fn count_from(&self, holds: impl Fn(&EpochEntry) -> bool) -> usize {
        self.entries.partition_point(holds)
    }
}

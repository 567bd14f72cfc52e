//! The batches of a log across its segments. Which segment holds an offset is looked up once; then they follow each
//! other.

use crate::index::{BatchEntry, Entries};
use crate::log::Log;
use crate::segment::Segment;
use base::Offset;
use port::Mutant;
use std::borrow::Cow;

/// Batches in order, each as its segment's index has it.
#[derive(Clone, Debug)]
pub(crate) struct LogEntries<'a> {
    open: Entries<'a>,
    /// Closed segments after the one that is open.
    closed: std::slice::Iter<'a, Segment>,
    /// Unless it is the open one.
    active: Option<&'a Segment>,
}

impl<'a> Iterator for LogEntries<'a> {
    type Item = Cow<'a, BatchEntry>;

    fn next(&mut self) -> Option<Cow<'a, BatchEntry>> {
        loop {
            if let Some(entry) = self.open.next() {
                return Some(entry);
            }
            let segment = self.closed.next().or_else(|| self.active.take())?;
            self.open = segment.entries_from(segment.base_offset);
        }
    }
}

impl Log {
    /// Entries from the batch on that holds `from`, or else from the next one after it.
    pub(crate) fn entries_from(&self, from: Offset) -> LogEntries<'_> {
        let from = if self.config.switches.breaks(Mutant::SegmentIndexOffByOne) { from.plus(1) } else { from };
        // Most logs have one segment, and most reads are at the end.
        if from >= self.active.base_offset || self.closed.is_empty() {
            return LogEntries { open: self.active.entries_from(from), closed: [].iter(), active: None };
        }
        let holds = self.closed.partition_point(|segment| segment.base_offset <= from).saturating_sub(1);
        let (first, later) = self.closed[holds..].split_first().expect("there are closed segments");
        LogEntries { open: first.entries_from(from), closed: later.iter(), active: Some(&self.active) }
    }
}

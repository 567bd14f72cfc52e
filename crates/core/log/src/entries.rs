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

impl<'a> LogEntries<'a> {
    /// Those that lie in the same segment as the first.
    pub(crate) fn in_one_segment(mut self) -> impl Iterator<Item = Cow<'a, BatchEntry>> {
        let first = self.next();
        first.into_iter().chain(self.open)
    }

    /// The first batch of the segments that have not been opened.
    fn next_segments(&mut self) -> Option<Cow<'a, BatchEntry>> {
        loop {
            let segment = self.closed.next().or_else(|| self.active.take())?;
            self.open = segment.entries_from(segment.base_offset);
            if let Some(entry) = self.open.next() {
                return Some(entry);
            }
        }
    }
}

impl<'a> Iterator for LogEntries<'a> {
    type Item = Cow<'a, BatchEntry>;

    #[inline]
    fn next(&mut self) -> Option<Cow<'a, BatchEntry>> {
        self.open.next().or_else(|| self.next_segments())
    }
}

impl Log {
    /// Entries from the batch on that holds `from`, or else from the next one after it.
    #[inline]
    pub(crate) fn entries_from(&self, from: Offset) -> LogEntries<'_> {
        let from = if self.config.switches.breaks(Mutant::SegmentIndexOffByOne) { from.plus(1) } else { from };
        // Most logs have one segment, and most reads are at the end.
        let (first, closed) = match from >= self.active.base_offset {
            true => (&self.active, &[][..]),
            false => self.closed_from(from),
        };
        let active = (!std::ptr::eq(first, &self.active)).then_some(&self.active);
        LogEntries { open: first.entries_from(from), closed: closed.iter(), active }
    }

    /// The segment that holds `from`, or else the next one after it, and the closed segments behind that.
    fn closed_from(&self, from: Offset) -> (&Segment, &[Segment]) {
        let holds = self.closed.partition_point(|segment| segment.base_offset <= from).saturating_sub(1);
        self.closed[holds..].split_first().unwrap_or((&self.active, &[]))
    }
}

//! What a producer's watcher wants to know of its past: how long its application took, how its batches closed, what
//! compression did, how long `send` was blocked. Nothing that the producer does depends on it, so digests pass it by.

use base::{Span, Time};
use port::BatchClosing;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// When the application called `send` for its first record.
    pub began: Option<Time>,
    /// When it heard of the end of a record last.
    pub ended: Option<Time>,
    /// Records of the application that have ended well.
    pub acked: u64,
    /// …that have ended badly.
    pub failed: u64,
    /// Batches by why they closed, in the order of [`BatchClosing::ALL`].
    pub closings: [u64; BatchClosing::ALL.len()],
    /// Bytes of batches before and after compression; zero where none was compressed.
    pub packed: Packed,
    /// `send` calls that did not return at once, and have returned since.
    pub blocked: Blocked,
}

/// Bytes of whole batches, heads included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Uncompressed.
    pub plain: u64,
    /// As they were sent.
    pub sent: u64,
}

/// Calls that waited for metadata or memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocked {
    pub calls: u64,
    /// Of all of them.
    pub total: Span,
    pub longest: Span,
}

/// A batch that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedBatch {
    pub at: Time,
    pub why: BatchClosing,
    pub records: u32,
    /// Bytes before compression.
    pub size: u32,
}

impl Course {
    /// From the first `send` to the last answer; `None`: there was no answer yet.
    pub fn took(&self) -> Option<Span> {
        Some(self.ended?.since(self.began?))
    }

    /// A blocked call has returned, or its time is over.
    pub(crate) fn returned(&mut self, after: Span) {
        let Blocked { calls, total, longest } = &mut self.blocked;
        *calls += 1;
        *total = *total + after;
        *longest = after.max(*longest);
    }

    /// Batches that closed for that reason.
    pub fn closed(&self, why: BatchClosing) -> u64 {
        self.closings[why as usize]
    }
}

//! What is due when: one queue for the whole world.

use base::{ProcessId, Time};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Entries by time; at one instant arrivals in the order they were made, then deadlines by process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
}

/// Something that is due. What comes of it is looked up then: the world may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) at: Time,
    rank: u32,
    sequence: u64,
    pub(crate) due: Due,
}

/// No two have one sequence number.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.cmp(&other.at).then_with(|| (self.rank, self.sequence).cmp(&(other.rank, other.sequence)))
    }
}

/// The heap asks only these: mostly the instants tell.
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    fn lt(&self, other: &Self) -> bool {
        self.at < other.at || (self.at == other.at && self.cmp(other).is_lt())
    }

    fn le(&self, other: &Self) -> bool {
        !other.lt(self)
    }

    fn gt(&self, other: &Self) -> bool {
        other.lt(self)
    }

    fn ge(&self, other: &Self) -> bool {
        !self.lt(other)
    }
}

/// What is due. Entries are never taken back; those that are void by then are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Due {
    /// The next message of a connection's lane arrives. `message` is its number on that lane.
    Arrival { connection: u32, lane: u8, message: u64 },
    /// An attempt to connect reaches the other side, or gives up.
    Connecting { connection: u32 },
    /// The one who asked learns that the connection is open.
    Connected { connection: u32 },
    /// A stalled or healed lane works again.
    Release { connection: u32, lane: u8 },
    /// One end learns that the connection is over.
    Closing { connection: u32, end: u8 },
    /// A busy process is free again and takes what waits.
    Free { process: ProcessId, life: u32 },
    /// A process asked to be called.
    Deadline { process: ProcessId, life: u32 },
    /// A store outside Kafka is done with a write.
    Stored { write: u64 },
}

impl Agenda {
    /// Equal instants keep the order in which they were added.
    pub(crate) fn add(&mut self, at: Time, due: Due) {
        let rank = match due {
            Due::Arrival { .. }
            | Due::Connecting { .. }
            | Due::Connected { .. }
            | Due::Release { .. }
            | Due::Stored { .. }
            | Due::Closing { .. } => 0,
            Due::Free { process, .. } => 1 + process.0,
            Due::Deadline { process, .. } => 1_000_000 + process.0,
        };
        self.sequence += 1;
        self.heap.push(Reverse(Entry { at, rank, sequence: self.sequence, due }));
    }

    /// The earliest.
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// When the next entry is due. It may turn out to be void.
    pub(crate) fn next_time(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }
}

/// The heap's inner order depends on history; what is due does not.
impl std::hash::Hash for Agenda {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let mut entries: Vec<Entry> = self.heap.iter().map(|Reverse(entry)| *entry).collect();
        base::sort(&mut entries);
        entries.hash(state);
    }
}

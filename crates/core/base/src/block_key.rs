//! Keys of maps in blocks, and finding them by number where they have one.

use crate::{
    BrokerId, ConnectionId, LeaderEpoch, Offset, ProcessId, ProducerId, Str, Time, TopicId, TopicIdPartition,
    TopicPartition,
};
use std::cmp::Ordering;

/// A key that may know how far it is from another one, so that a place is guessed before it is searched: the partitions
/// of a topic mostly lie side by side.
pub trait BlockKey: Ord {
    /// How many keys there may be from `first` to this one, where they are numbers: as many lie between them at most.
    /// `None`: `first` is greater, or nobody knows.
    fn steps_from(&self, _first: &Self) -> Option<usize> {
        None
    }

    /// What tells it from its neighbours, so that each is remembered by itself. 0: nobody knows.
    fn number(&self) -> usize {
        0
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl BlockKey for $kind {
            fn steps_from(&self, first: &Self) -> Option<usize> {
                usize::try_from(self.checked_sub(*first)?).ok()
            }

            fn number(&self) -> usize {
                *self as usize
            }
        }
    )*};
}

macro_rules! plain {
    ($($kind:ty),*) => {$(impl BlockKey for $kind {})*};
}

numbers!(u32, u64, i32, i64);
plain!(str, Str, BrokerId, ConnectionId, LeaderEpoch, Offset, ProcessId, ProducerId, Time, TopicId);

impl<A: Ord, B: BlockKey> BlockKey for (A, B) {
    fn number(&self) -> usize {
        self.1.number()
    }
}

impl<A: Ord, B: Ord, C: Ord> BlockKey for (A, B, C) {}

impl BlockKey for TopicIdPartition {
    fn steps_from(&self, first: &Self) -> Option<usize> {
        if self.topic == first.topic { self.partition.steps_from(&first.partition) } else { None }
    }

    fn number(&self) -> usize {
        self.partition as usize
    }
}

impl BlockKey for TopicPartition {
    fn steps_from(&self, first: &Self) -> Option<usize> {
        if self.topic == first.topic { self.partition.steps_from(&first.partition) } else { None }
    }

    fn number(&self) -> usize {
        self.partition as usize
    }
}

/// Where `key` is in an ordered list of `len`, or where it would have to be: guessed first, searched otherwise.
pub(crate) fn seek<'a, K: BlockKey + ?Sized + 'a>(
    len: usize,
    key: &K,
    at: impl Fn(usize) -> &'a K,
) -> Result<usize, usize> {
    let (mut low, mut high) = (0, len);
    if let Some(guess) = guess(len, key, &at) {
        match at(guess).cmp(key) {
            Ordering::Equal => return Ok(guess),
            Ordering::Less => low = guess + 1,
            Ordering::Greater => high = guess,
        }
        // A block may begin between two of them: then the next is mostly greater.
        if low > 0 && low < high {
            match at(low).cmp(key) {
                Ordering::Equal => return Ok(low),
                Ordering::Less => low += 1,
                Ordering::Greater => return Err(low),
            }
        }
    }
    while low < high {
        // What is looked for or added is often what comes last.
        let middle = if high == len { len - 1 } else { low + (high - low) / 2 };
        match at(middle).cmp(key) {
            Ordering::Equal => return Ok(middle),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    Err(low)
}

/// Where a key probably is: as far from the first and the last as the numbers say.
fn guess<'a, K: BlockKey + ?Sized + 'a>(len: usize, key: &K, at: &impl Fn(usize) -> &'a K) -> Option<usize> {
    let last = len.checked_sub(1)?;
    let (before, after) = (key.steps_from(at(0)), at(last).steps_from(key));
    match (before, after) {
        (Some(before), Some(after)) if before + after <= last => Some(before),
        // Wide ones would not fit into the product on a small machine.
        (Some(before), Some(after)) if before < 1 << 16 => Some(before * last / (before + after)),
        (Some(before), None) => Some(before.min(last)),
        (None, Some(after)) => Some(last - after.min(last)),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

//! Ordered maps and sets in one piece of memory.
//!
//! They order, hash and iterate as `BTreeMap` and `BTreeSet` do, so one can stand for the other.
//! With the tens to hundreds of entries that a node has, a binary search in one vector beats a walk
//! through tree nodes, nothing is allocated per entry, and a clone is one copy. They are also much less
//! code: a tree is compiled anew for each pair of types, several kilobytes each time, and the page carries
//! all of it. Adding in the middle of thousands is not what they are for: that is [`BlockMap`](crate::BlockMap).

mod entry;
mod map;
mod set;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use map::FlatMap;
pub use set::FlatSet;

use std::ops::{Bound, Range, RangeBounds};

/// Where `key` is in an ordered list of `len`, or where it would have to be; `order` tells how the
/// element at a place compares with it.
pub(crate) fn search(len: usize, mut order: impl FnMut(usize) -> std::cmp::Ordering) -> Result<usize, usize> {
    let (mut low, mut high) = (0, len);
    while low < high {
        // What is looked for or added is often what comes last.
        let middle = if high == len { len - 1 } else { low + (high - low) / 2 };
        match order(middle) {
            std::cmp::Ordering::Equal => return Ok(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Err(low)
}

/// The places of the keys within `bounds`, given where a key is or would be.
fn places<Q: ?Sized>(
    len: usize,
    bounds: &impl RangeBounds<Q>,
    place: impl Fn(&Q) -> Result<usize, usize>,
) -> Range<usize> {
    let at = |key, past: bool| place(key).map_or_else(|at| at, |at| at + usize::from(past));
    let start = match bounds.start_bound() {
        Bound::Included(key) => at(key, false),
        Bound::Excluded(key) => at(key, true),
        Bound::Unbounded => 0,
    };
    let end = match bounds.end_bound() {
        Bound::Included(key) => at(key, true),
        Bound::Excluded(key) => at(key, false),
        Bound::Unbounded => len,
    };
    start..end
}

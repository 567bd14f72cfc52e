//! Ordered maps and sets in one piece of memory.
//!
//! They order, hash and iterate as `BTreeMap` and `BTreeSet` do, so one can stand for the other.
//! With the tens to hundreds of entries that a node has, a binary search in one vector beats a walk
//! through tree nodes, nothing is allocated per entry, and a clone is one copy. They are also much less
//! code: a tree is compiled anew for each pair of types, several kilobytes each time, and the page carries
//! all of it. Adding in the middle of thousands is not what they are for.

mod entry;
mod map;
mod set;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use map::FlatMap;
pub use set::FlatSet;

use std::cmp::Ordering;
use std::hint::select_unpredictable;
use std::ops::{Bound, Range, RangeBounds};

/// Where `key` is in an ordered list of `len`, or where it would have to be; `order` tells how the
/// element at a place compares with it.
fn search(len: usize, mut order: impl FnMut(usize) -> Ordering) -> Result<usize, usize> {
    // What is looked for or added is often what comes last.
    let Some(last) = len.checked_sub(1) else { return Err(0) };
    match order(last) {
        Ordering::Less => return Err(len),
        Ordering::Equal => return Ok(last),
        Ordering::Greater => {}
    }
    // Which half comes next is a coin toss that no processor foresees: a choice of numbers, not of ways.
    let (mut low, mut size) = (0, last);
    while size > 1 {
        let half = size / 2;
        low = select_unpredictable(order(low + half).is_gt(), low, low + half);
        size -= half;
    }
    if size == 0 {
        return Err(0);
    }
    match order(low) {
        Ordering::Less => Err(low + 1),
        Ordering::Equal => Ok(low),
        Ordering::Greater => Err(low),
    }
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

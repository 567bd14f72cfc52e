//! Sorting in little code.
//!
//! std's sorts are compiled anew for each list type and each order: five to ten kilobytes of code every time,
//! all of which the page carries. Here only the comparison and the moving of elements are; what decides the order
//! of a long list is compiled once.

use std::cmp::Ordering;

/// Up to here nothing is allocated.
const SHORT: usize = 24;

/// Puts a list in order; equal elements stay as they were.
pub fn sort_by<T>(list: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    if list.len() > SHORT {
        let is_after = &mut |one: u32, other: u32| order(&list[one as usize], &list[other as usize]).is_gt();
        let places = merge_sorted(list.len() as u32, is_after);
        return arrange(list, &places);
    }
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 && order(&list[at - 1], &list[at]).is_gt() {
            list.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Moves the element that is at `places[at]` to `at`, for all places.
fn arrange<T>(list: &mut [T], places: &[u32]) {
    for at in 0..list.len() {
        let mut from = places[at] as usize;
        // What was at an earlier place has been swapped to where that place's element came from.
        while from < at {
            from = places[from] as usize;
        }
        list.swap(at, from);
    }
}

/// The numbers below `len` in order: a stable merge sort from below.
fn merge_sorted(len: u32, is_after: &mut dyn FnMut(u32, u32) -> bool) -> Vec<u32> {
    let mut from: Vec<u32> = (0..len).collect();
    let mut into = Vec::with_capacity(from.len());
    let mut width = 1;
    while width < from.len() {
        into.clear();
        for pair in from.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(one), Some(other)) = (left.first(), right.first()) {
                let side = if is_after(*one, *other) { &mut right } else { &mut left };
                into.push(side[0]);
                *side = &side[1..];
            }
            into.extend_from_slice(left);
            into.extend_from_slice(right);
        }
        std::mem::swap(&mut from, &mut into);
        width *= 2;
    }
    from
}

/// The same by a key of each element.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(list, |one, other| key(one).cmp(&key(other)));
}

/// The same by the elements' own order.
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draw, Rng};

    #[test]
    fn sorts_as_std_does() {
        let mut rng = Rng::new(1, 1);
        for length in 0..90 {
            let mut own: Vec<(u32, u32)> = (0..length).map(|number| (rng.below(9), number)).collect();
            let mut std = own.clone();
            sort_by_key(&mut own, |(key, _)| *key);
            std.sort_by_key(|(key, _)| *key);
            assert_eq!(own, std);
            sort(&mut own);
            std.sort();
            assert_eq!(own, std);
        }
    }
}

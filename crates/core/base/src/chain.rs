//! A long list in shared runs: a snapshot of it costs a pointer, and writing after a snapshot copies one run at most.
//! For what a log consists of: it grows at the end, is cut there, and is dropped from the front.

use crate::Shared;
use std::hash::{Hash, Hasher};

/// Elements per shared run.
const RUN: usize = 16;

/// A run that is full is shared by every copy of the chain.
type Run<T> = Shared<Vec<T>>;

/// The list. Elements are numbered from the front, from 0. A short one takes no more than it must: a cluster has tens of
/// thousands of files and logs, most of them empty.
#[derive(Clone, Debug)]
pub struct Chain<T> {
    /// Runs of [`RUN`] elements; `None`: none so far.
    full: Option<Shared<Vec<Run<T>>>>,
    /// Fewer than [`RUN`].
    last: Option<Run<T>>,
    /// Elements at the front of the first run that have been dropped.
    dropped: usize,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain { full: None, last: None, dropped: 0 }
    }
}

impl<T> Chain<T> {
    /// Runs that are not appended to.
    fn full(&self) -> &[Run<T>] {
        self.full.as_ref().map_or(&[], |full| full)
    }

    /// The one that is.
    fn last_run(&self) -> &[T] {
        self.last.as_ref().map_or(&[], |last| last)
    }

    pub fn len(&self) -> usize {
        self.full().len() * RUN + self.last_run().len() - self.dropped
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        let place = index + self.dropped;
        match self.full().get(place / RUN) {
            Some(run) => run.get(place % RUN),
            None => self.last_run().get(place - self.full().len() * RUN),
        }
    }

    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Elements from an index on.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> + Clone {
        (index..self.len()).map_while(|index| self.get(index))
    }

    /// How many elements from the front on satisfy the predicate, which holds for none after those.
    pub fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&holds) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl<T: Clone> Chain<T> {
    /// Copies one run, and when that is full the pointers to the others.
    pub fn push(&mut self, element: T) {
        let last = self.last.get_or_insert_default();
        last.push(element);
        if last.len() == RUN {
            self.full.get_or_insert_default().extend(self.last.take());
        }
    }

    /// The last element; a run that was full is opened for it.
    pub fn pop(&mut self) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        if self.last_run().is_empty() {
            self.last = self.full.as_mut()?.pop();
        }
        let popped = self.last.as_mut()?.pop();
        if self.is_empty() {
            *self = Chain::default();
        }
        popped
    }

    /// Puts another element in the place of one that is there.
    pub fn set(&mut self, index: usize, element: T) {
        let place = index + self.dropped;
        let is_full = place / RUN < self.full().len();
        let run = match &mut self.full {
            Some(full) if is_full => &mut full[place / RUN],
            Some(_) | None => self.last.as_mut().expect("an element that is there"),
        };
        run[place % RUN] = element;
    }

    /// Keeps the first `length` elements.
    pub fn truncate(&mut self, length: usize) {
        while self.len() > length {
            self.pop();
        }
    }

    /// Drops the first `count` elements.
    pub fn drop_front(&mut self, count: usize) {
        if count >= self.len() {
            *self = Chain::default();
            return;
        }
        self.dropped += count;
        let runs = (self.dropped / RUN).min(self.full().len());
        if runs > 0
            && let Some(full) = &mut self.full
        {
            full.drain(..runs);
            self.dropped -= runs * RUN;
        }
    }
}

/// The elements and their number, whatever runs they lie in.
impl<T: Hash> Hash for Chain<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter_from(0).for_each(|element| element.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Draw, Rng};

    #[test]
    fn it_is_a_list_whatever_is_done_to_it() {
        for seed in 0..40 {
            let mut rng = Rng::new(seed, 1);
            let (mut chain, mut plain) = (Chain::default(), Vec::new());
            for number in 0..600u32 {
                match rng.below(12) {
                    0 => assert_eq!(chain.pop(), plain.pop()),
                    1 if !plain.is_empty() => {
                        let at = rng.below(plain.len() as u32) as usize;
                        chain.set(at, number);
                        plain[at] = number;
                    }
                    2 if number % 5 == 0 => {
                        let keep = plain.len().saturating_sub(rng.below(70) as usize);
                        chain.truncate(keep);
                        plain.truncate(keep);
                    }
                    3 if number % 5 == 0 => {
                        let count = (rng.below(70) as usize).min(plain.len());
                        chain.drop_front(count);
                        plain.drain(..count);
                    }
                    _grows => {
                        chain.push(number);
                        plain.push(number);
                    }
                }
                let from = rng.below(plain.len() as u32 + 2) as usize;
                assert!(chain.iter_from(from).eq(plain.iter().skip(from)));
                assert_eq!((chain.len(), chain.last(), chain.get(plain.len())), (plain.len(), plain.last(), None));
            }
            assert_eq!(Digest::of(&chain), Digest::of(&plain));
        }
    }

    #[test]
    fn a_snapshot_stays_as_it_was() {
        let mut chain = Chain::default();
        (0..100).for_each(|number| chain.push(number));
        let before = chain.clone();
        chain.set(3, 7);
        chain.truncate(50);
        assert!(before.iter_from(0).copied().eq(0..100));
        assert_eq!(chain.partition_point(|number| *number < 20), 20);
    }
}

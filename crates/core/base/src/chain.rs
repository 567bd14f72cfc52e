//! A long list in shared runs: a snapshot of it costs a pointer, and writing after a snapshot copies one run and a few
//! dozen pointers, however long the list is. For what a log consists of: it grows at the end and is cut there.

use crate::Shared;
use std::hash::{Hash, Hasher};

/// Elements per shared run.
const RUN: usize = 16;
/// Runs per shared group of them, and so elements.
const GROUP: usize = 16;
const GROUP_ELEMENTS: usize = GROUP * RUN;

/// A run that is full is shared by every copy of the chain.
type Run<T> = Shared<Vec<T>>;

/// The list. Elements are numbered from the front, from 0. A short one takes no more than it must: a cluster has tens of
/// thousands of files and logs, most of them empty.
#[derive(Clone, Debug)]
pub struct Chain<T> {
    /// Runs of [`RUN`] elements; `None`: none so far.
    full: Option<Shared<Full<T>>>,
    /// Fewer than [`RUN`].
    last: Option<Run<T>>,
}

/// Runs that are not appended to.
#[derive(Clone, Debug)]
struct Full<T> {
    /// Each of [`GROUP`] runs. A flat list of all runs would be copied with the first write after every snapshot.
    groups: Vec<Shared<Vec<Run<T>>>>,
    /// The newest: fewer than two groups of them, so that a list that is cut and grows again seldom makes a group anew.
    runs: Vec<Run<T>>,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain { full: None, last: None }
    }
}

impl<T> Default for Full<T> {
    fn default() -> Self {
        Full { groups: Vec::new(), runs: Vec::new() }
    }
}

impl<T> Full<T> {
    /// Elements in all runs.
    fn len(&self) -> usize {
        self.groups.len() * GROUP_ELEMENTS + self.runs.len() * RUN
    }

    fn get(&self, place: usize) -> Option<&T> {
        let run = match self.groups.get(place / GROUP_ELEMENTS) {
            Some(group) => group.get(place % GROUP_ELEMENTS / RUN),
            None => self.runs.get(place / RUN - self.groups.len() * GROUP),
        };
        run?.get(place % RUN)
    }
}

impl<T: Clone> Full<T> {
    fn push(&mut self, run: Run<T>) {
        if self.runs.len() + 1 == 2 * GROUP {
            self.groups.push(Shared::new(self.runs.drain(..GROUP).collect()));
        }
        self.runs.push(run);
    }

    fn pop(&mut self) -> Option<Run<T>> {
        if self.runs.is_empty() {
            self.runs = self.groups.pop()?.into_inner();
        }
        self.runs.pop()
    }

    /// The run with that element, to be written to.
    fn run_of(&mut self, place: usize) -> Option<&mut Run<T>> {
        let first = self.groups.len() * GROUP;
        match self.groups.get_mut(place / GROUP_ELEMENTS) {
            Some(group) => group.get_mut(place % GROUP_ELEMENTS / RUN),
            None => self.runs.get_mut(place / RUN - first),
        }
    }
}

impl<T> Chain<T> {
    /// Elements that lie in full runs.
    fn full(&self) -> usize {
        self.full.as_ref().map_or(0, |full| full.len())
    }

    /// Those in the run that is appended to.
    fn last_run(&self) -> &[T] {
        self.last.as_ref().map_or(&[], |last| last)
    }

    pub fn len(&self) -> usize {
        self.full() + self.last_run().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        match index.checked_sub(self.full()) {
            Some(place) => self.last_run().get(place),
            None => self.full.as_ref()?.get(index),
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
    /// Copies one run, and when that is full a few pointers to others.
    pub fn push(&mut self, element: T) {
        let last = self.last.get_or_insert_default();
        last.push(element);
        if last.len() == RUN
            && let Some(run) = self.last.take()
        {
            self.full.get_or_insert_default().push(run);
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
        let full = self.full();
        let run = match &mut self.full {
            Some(runs) if index < full => runs.run_of(index),
            Some(_) | None => self.last.as_mut(),
        };
        run.expect("an element that is there")[index % RUN] = element;
    }

    /// Keeps the first `length` elements.
    pub fn truncate(&mut self, length: usize) {
        while self.len() > length {
            self.pop();
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
            for number in 0..2_400u32 {
                match rng.below(12) {
                    0 => assert_eq!(chain.pop(), plain.pop()),
                    1 if !plain.is_empty() => {
                        let at = rng.below(plain.len() as u32) as usize;
                        chain.set(at, number);
                        plain[at] = number;
                    }
                    2 if number % 20 == 0 => {
                        let keep = plain.len().saturating_sub(rng.below(70) as usize);
                        chain.truncate(keep);
                        plain.truncate(keep);
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
        (0..1_000).for_each(|number| chain.push(number));
        let before = chain.clone();
        chain.set(3, 7);
        chain.set(900, 7);
        chain.truncate(50);
        assert!(before.iter_from(0).copied().eq(0..1_000));
        assert_eq!(chain.partition_point(|number| *number < 20), 20);
    }
}

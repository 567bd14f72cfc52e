//! A growing table in shared blocks: a snapshot costs pointers, a write copies one block. Old blocks whose entries have
//! all become equal, as they do when all went well, are that one entry.

use base::Shared;
use std::hash::{Hash, Hasher};

/// Entries per block.
const BLOCK: usize = 256;
/// So many of the newest blocks are looked at again whenever one begins: entries settle a while after they are written.
const SETTLING: usize = 8;
/// Old blocks in a shared run of them: a snapshot of a table with thousands of blocks costs a pointer per run.
const RUN: usize = 32;

/// Entries by index; those never written are the default.
#[derive(Clone, Debug)]
pub(super) struct Blocks<T> {
    /// Each of [`RUN`] blocks.
    old: Vec<Shared<Vec<Block<T>>>>,
    /// Fewer than two runs, and more than those that still settle once there is an old one.
    new: Vec<Block<T>>,
}

/// Most records end alike, so that one entry stands for a whole block of them.
#[derive(Clone, Debug)]
enum Block<T> {
    All(T),
    Each(Shared<Vec<T>>),
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { old: Vec::new(), new: Vec::new() }
    }
}

impl<T: Clone + Default + PartialEq> Blocks<T> {
    /// To be changed: a block that was settled becomes one of single entries again.
    pub(super) fn at(&mut self, index: u64) -> &mut T {
        let (block, place) = (index as usize / BLOCK, index as usize % BLOCK);
        while self.len() <= block {
            self.settle();
            self.begin_block();
        }
        match block.checked_sub(self.old.len() * RUN) {
            Some(new) => self.new[new].at(place),
            None => self.old[block / RUN][block % RUN].at(place),
        }
    }

    /// An entry as it is; `None`: so far nothing was written.
    pub(super) fn look(&self, index: u64) -> Option<T> {
        let (block, place) = (index as usize / BLOCK, index as usize % BLOCK);
        let found = match block.checked_sub(self.old.len() * RUN) {
            Some(new) => self.new.get(new)?,
            None => &self.old[block / RUN][block % RUN],
        };
        Some(match found {
            Block::All(entry) => entry.clone(),
            Block::Each(entries) => entries[place].clone(),
        })
    }

    fn len(&self) -> usize {
        self.old.len() * RUN + self.new.len()
    }

    fn begin_block(&mut self) {
        if self.new.len() + 1 == 2 * RUN {
            self.old.push(Shared::new(self.new.drain(..RUN).collect()));
        }
        self.new.push(Block::All(T::default()));
    }

    /// Only the newest blocks change much; older ones are looked at again when they do.
    fn settle(&mut self) {
        let from = self.new.len().saturating_sub(SETTLING);
        for block in &mut self.new[from..] {
            // Settled before.
            let Block::Each(entries) = block else { continue };
            if entries.iter().all(|entry| *entry == entries[0]) {
                *block = Block::All(entries[0].clone());
            }
        }
    }
}

impl<T> Blocks<T> {
    /// All, in order.
    fn iter(&self) -> impl Iterator<Item = &Block<T>> {
        self.old.iter().flat_map(|run| run.iter()).chain(&self.new)
    }
}

impl<T: Clone> Block<T> {
    fn at(&mut self, place: usize) -> &mut T {
        if let Block::All(entry) = self {
            *self = Block::Each(Shared::new(vec![entry.clone(); BLOCK]));
        }
        match self {
            Block::Each(entries) => &mut entries[place],
            Block::All(_) => unreachable!("made into single entries just now"),
        }
    }
}

/// The entries, however they are kept.
impl<T: Hash> Hash for Blocks<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for block in self.iter() {
            for place in 0..BLOCK {
                match block {
                    Block::All(entry) => entry.hash(state),
                    Block::Each(entries) => entries[place].hash(state),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng, StableHasher};

    #[test]
    fn entries_are_what_was_written_last() {
        let mut rng = Rng::new(1, 1);
        let (mut blocks, mut plain) = (Blocks::<u64>::default(), Vec::new());
        for step in 0..60_000u64 {
            let index = u64::from(rng.below(step as u32 / 2 + 1));
            let value = u64::from(rng.below(30) == 0);
            plain.resize(plain.len().max(index as usize + 1), 0);
            (*blocks.at(index), plain[index as usize]) = (value, value);
            let probe = u64::from(rng.below(step as u32 / 2 + 1));
            let expected = plain.get(probe as usize).copied().unwrap_or_default();
            assert_eq!(*blocks.clone().at(probe), expected);
        }
        assert!(blocks.old.len() > 1, "old runs are written to as well");
        let mut flat = StableHasher::default();
        let padded = plain.len().next_multiple_of(BLOCK);
        plain.resize(padded, 0);
        plain.iter().for_each(|entry| entry.hash(&mut flat));
        let mut own = StableHasher::default();
        blocks.hash(&mut own);
        assert_eq!(own.finish(), flat.finish(), "what is hashed are the entries, in whatever runs they lie");
    }

    /// A snapshot stays as it was, whatever is written afterwards, into old blocks too.
    #[test]
    fn a_snapshot_stays_as_it_was() {
        let mut blocks = Blocks::<u64>::default();
        (0..100_000).for_each(|index| *blocks.at(index) = index);
        let mut before = blocks.clone();
        for index in [0, 300, 50_000, 99_999] {
            *blocks.at(index) = 7;
            assert_eq!((*before.at(index), *blocks.at(index)), (index, 7));
        }
    }

    #[test]
    fn settled_entries_are_one() {
        let mut blocks = Blocks::<u64>::default();
        (0..100_000).for_each(|index| *blocks.at(index) = 7);
        let each = blocks.iter().filter(|block| matches!(block, Block::Each(_))).count();
        assert!(each <= 1, "{each}");
    }
}

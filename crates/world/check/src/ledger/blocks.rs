//! A growing table in shared blocks: a snapshot costs pointers, a write copies one block. Old blocks whose entries have
//! all become equal, as they do when all went well, are that one entry.

use base::Shared;
use std::hash::{Hash, Hasher};

/// Entries per block.
const BLOCK: usize = 256;
/// So many of the newest blocks are looked at again whenever one begins: entries settle a while after they are written.
const SETTLING: usize = 8;

/// Entries by index; those never written are the default.
#[derive(Clone, Debug)]
pub(super) struct Blocks<T> {
    blocks: Vec<Block<T>>,
}

/// Most records end alike, so that one entry stands for a whole block of them.
#[derive(Clone, Debug)]
enum Block<T> {
    All(T),
    Each(Shared<Vec<T>>),
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { blocks: Vec::new() }
    }
}

impl<T: Clone + Default + PartialEq> Blocks<T> {
    /// To be changed: a block that was settled becomes one of single entries again.
    pub(super) fn at(&mut self, index: u64) -> &mut T {
        let (block, place) = (index as usize / BLOCK, index as usize % BLOCK);
        while self.blocks.len() <= block {
            self.settle();
            self.blocks.push(Block::All(T::default()));
        }
        self.blocks[block].at(place)
    }

    /// Only the newest blocks change much; older ones are looked at again when they do.
    fn settle(&mut self) {
        let from = self.blocks.len().saturating_sub(SETTLING);
        for block in &mut self.blocks[from..] {
            // Settled before.
            let Block::Each(entries) = block else { continue };
            if entries.iter().all(|entry| *entry == entries[0]) {
                *block = Block::All(entries[0].clone());
            }
        }
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
        for block in &self.blocks {
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
    use base::{Draw, Rng};

    #[test]
    fn entries_are_what_was_written_last() {
        let mut rng = Rng::new(1, 1);
        let (mut blocks, mut plain) = (Blocks::<u64>::default(), Vec::new());
        for step in 0..20_000u64 {
            let index = u64::from(rng.below(step as u32 / 2 + 1));
            let value = u64::from(rng.below(30) == 0);
            plain.resize(plain.len().max(index as usize + 1), 0);
            (*blocks.at(index), plain[index as usize]) = (value, value);
            let probe = u64::from(rng.below(step as u32 / 2 + 1));
            let expected = plain.get(probe as usize).copied().unwrap_or_default();
            assert_eq!(*blocks.clone().at(probe), expected);
        }
    }

    #[test]
    fn settled_entries_are_one() {
        let mut blocks = Blocks::<u64>::default();
        (0..100_000).for_each(|index| *blocks.at(index) = 7);
        let each = blocks.blocks.iter().filter(|block| matches!(block, Block::Each(_))).count();
        assert!(each <= 1, "{each}");
    }
}

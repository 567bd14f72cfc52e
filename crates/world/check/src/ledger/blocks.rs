//! A growing table in shared blocks: a snapshot costs pointers, a write copies one block.

use base::Shared;

/// Entries per shared block.
const BLOCK: usize = 256;

/// Entries by index; those never written are the default.
#[derive(Clone, Debug, Hash)]
pub(super) struct Blocks<T> {
    blocks: Vec<Shared<Vec<T>>>,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Blocks { blocks: Vec::new() }
    }
}

impl<T: Clone + Default> Blocks<T> {
    pub(super) fn at(&mut self, index: u64) -> &mut T {
        let (block, place) = (index as usize / BLOCK, index as usize % BLOCK);
        while self.blocks.len() <= block {
            self.blocks.push(Shared::new(vec![T::default(); BLOCK]));
        }
        &mut self.blocks[block][place]
    }

    pub(super) fn get(&self, index: u64) -> Option<&T> {
        self.blocks.get(index as usize / BLOCK)?.get(index as usize % BLOCK)
    }
}

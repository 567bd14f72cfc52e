//! An ordered set in shared blocks: to [`BlockMap`] what `FlatSet` is to `FlatMap`, and it hashes as that does.

use crate::{BlockKey, BlockMap};
use std::borrow::Borrow;

/// Sorted blocks without duplicates.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BlockSet<K> {
    keys: BlockMap<K, ()>,
}

impl<K> Default for BlockSet<K> {
    fn default() -> Self {
        BlockSet { keys: BlockMap::default() }
    }
}

/// Reads as a set, like `BTreeSet`.
impl<K: std::fmt::Debug> std::fmt::Debug for BlockSet<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<K> BlockSet<K> {
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.keys.keys()
    }
}

impl<K: BlockKey + Clone> BlockSet<K> {
    pub fn contains<Q: BlockKey + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.contains_key(key)
    }

    /// Was it new?
    pub fn insert(&mut self, key: K) -> bool {
        self.keys.insert_new(key, ())
    }

    pub fn clear(&mut self) {
        self.keys.clear();
    }

    /// Was it there?
    pub fn remove<Q: BlockKey + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.remove(key).is_some()
    }
}

impl<K: BlockKey + Clone> Extend<K> for BlockSet<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| {
            self.insert(key);
        });
    }
}

impl<K: BlockKey + Clone> FromIterator<K> for BlockSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = BlockSet::default();
        set.extend(keys);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, FlatSet};

    #[test]
    fn it_is_a_flat_set_to_whoever_looks() {
        let numbers = (0..500u32).map(|at| at * 37 % 211);
        let (mut blocks, mut flat) = (BlockSet::from_iter(numbers.clone()), FlatSet::from_iter(numbers));
        assert!(!blocks.insert(5) && blocks.contains(&5));
        for key in 0..100 {
            assert_eq!(blocks.remove(&key), flat.remove(&key));
        }
        assert!(blocks.iter().eq(flat.iter()) && blocks.len() == flat.len());
        assert_eq!((Digest::of(&blocks), format!("{blocks:?}")), (Digest::of(&flat), format!("{flat:?}")));
    }
}

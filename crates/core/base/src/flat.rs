//! Ordered maps and sets in one piece of memory, for the hot path.
//!
//! They order, hash and iterate as `BTreeMap` and `BTreeSet` do, so one can stand for the other.
//! With the tens to hundreds of entries that a node has, a binary search in one vector beats a walk
//! through tree nodes, nothing is allocated per entry, and a clone is one copy. Adding in the middle
//! of thousands is not what they are for.

use std::collections::btree_map::BTreeMap;

/// A sorted vector of keys with values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlatMap<K, V> {
    entries: Vec<(K, V)>,
}

/// A sorted vector without duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlatSet<K> {
    keys: Vec<K>,
}

impl<K, V> Default for FlatMap<K, V> {
    fn default() -> Self {
        FlatMap { entries: Vec::new() }
    }
}

impl<K, V> FlatMap<K, V> {
    pub const fn new() -> FlatMap<K, V> {
        FlatMap { entries: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.entries.first().map(|(key, value)| (key, value))
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.entries.is_empty()).then(|| self.entries.remove(0))
    }

    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keeps(key, value));
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

impl<K: Ord, V> FlatMap<K, V> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        // What is added last is often what comes last.
        if self.entries.last().is_none_or(|(last, _)| last < key) {
            return Err(self.entries.len());
        }
        self.entries.binary_search_by(|(each, _)| each.cmp(key))
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|at| &self.entries[at].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place(key).ok().map(|at| &mut self.entries[at].1)
    }

    /// Puts a value in; gives back what was there under this key.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// The value under this key, made first if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (key, make()));
                at
            }
        };
        &mut self.entries[at].1
    }
}

/// # Panics
/// When there is no such key.
impl<K: Ord, V> std::ops::Index<&K> for FlatMap<K, V> {
    type Output = V;
    fn index(&self, key: &K) -> &V {
        self.get(key).expect("a key that is known to be there")
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for FlatMap<K, V> {
    /// As with a `BTreeMap`, the last of several values under one key stays.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        FlatMap { entries: BTreeMap::from_iter(entries).into_iter().collect() }
    }
}

impl<K: Ord, V> Extend<(K, V)> for FlatMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| {
            self.insert(key, value);
        });
    }
}

impl<K, V> IntoIterator for FlatMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a FlatMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(key, value)| (key, value))
    }
}

impl<'a, K, V> IntoIterator for &'a mut FlatMap<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = std::iter::Map<std::slice::IterMut<'a, (K, V)>, fn(&'a mut (K, V)) -> (&'a K, &'a mut V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }
}

impl<K> Default for FlatSet<K> {
    fn default() -> Self {
        FlatSet { keys: Vec::new() }
    }
}

impl<K> FlatSet<K> {
    pub const fn new() -> FlatSet<K> {
        FlatSet { keys: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, K> {
        self.keys.iter()
    }

    pub fn clear(&mut self) {
        self.keys.clear();
    }
}

impl<K: Ord> FlatSet<K> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        if self.keys.last().is_none_or(|last| last < key) {
            return Err(self.keys.len());
        }
        self.keys.binary_search(key)
    }

    pub fn contains(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Was it new?
    pub fn insert(&mut self, key: K) -> bool {
        match self.place(&key) {
            Ok(_) => false,
            Err(at) => {
                self.keys.insert(at, key);
                true
            }
        }
    }

    /// Was it there?
    pub fn remove(&mut self, key: &K) -> bool {
        self.place(key).map(|at| self.keys.remove(at)).is_ok()
    }
}

impl<K> IntoIterator for FlatSet<K> {
    type Item = K;
    type IntoIter = std::vec::IntoIter<K>;
    fn into_iter(self) -> Self::IntoIter {
        self.keys.into_iter()
    }
}

impl<'a, K> IntoIterator for &'a FlatSet<K> {
    type Item = &'a K;
    type IntoIter = std::slice::Iter<'a, K>;
    fn into_iter(self) -> Self::IntoIter {
        self.keys.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Draw, Rng};

    #[test]
    fn a_flat_map_is_a_tree_map_to_whoever_looks() {
        let mut rng = Rng::new(1, 1);
        let (mut flat, mut tree) = (FlatMap::new(), BTreeMap::new());
        for step in 0..2_000u32 {
            let key = rng.below(60);
            match rng.below(4) {
                0 => assert_eq!(flat.remove(&key), tree.remove(&key)),
                1 => assert_eq!(flat.get_or_insert_with(key, || step), tree.entry(key).or_insert(step)),
                2 => assert_eq!(flat.get(&key), tree.get(&key)),
                _ => assert_eq!(flat.insert(key, step), tree.insert(key, step)),
            }
            assert_eq!((flat.len(), flat.first_key_value()), (tree.len(), tree.first_key_value()));
        }
        assert!(flat.iter().eq(tree.iter()));
        assert_eq!(Digest::of(&flat), Digest::of(&tree));
    }

    #[test]
    fn a_flat_set_keeps_order_and_no_duplicates() {
        let mut set = FlatSet::new();
        assert_eq!([5, 1, 3, 5, 4].map(|key| set.insert(key)), [true, true, true, false, true]);
        assert_eq!((set.remove(&3), set.remove(&3), set.contains(&4)), (true, false, true));
        assert!(set.iter().eq(&[1, 4, 5]));
    }
}

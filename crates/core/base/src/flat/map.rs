//! A map as a vector in the order of its keys.

use super::{Entry, OccupiedEntry, VacantEntry, places, search};
use std::borrow::Borrow;
use std::ops::{Range, RangeBounds};

/// A sorted vector of keys with values.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlatMap<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> Default for FlatMap<K, V> {
    fn default() -> Self {
        FlatMap { entries: Vec::new() }
    }
}

/// Reads as a map, like `BTreeMap`.
impl<K: std::fmt::Debug, V: std::fmt::Debug> std::fmt::Debug for FlatMap<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
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

    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> + ExactSizeIterator {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.entries.into_iter().map(|(key, _)| key)
    }

    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.entries.into_iter().map(|(_, value)| value)
    }

    /// What is at a place in the order of keys.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn at(&self, place: usize) -> (&K, &V) {
        let (key, value) = &self.entries[place];
        (key, value)
    }

    /// The same, to change the value.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn at_mut(&mut self, place: usize) -> (&K, &mut V) {
        let (key, value) = &mut self.entries[place];
        (key, value)
    }

    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.entries.first().map(|(key, value)| (key, value))
    }

    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.entries.last().map(|(key, value)| (key, value))
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.entries.is_empty()).then(|| self.entries.remove(0))
    }

    pub fn pop_last(&mut self) -> Option<(K, V)> {
        self.entries.pop()
    }

    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keeps(key, value));
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

impl<K: Ord, V> FlatMap<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        search(self.entries.len(), |at| self.entries[at].0.borrow().cmp(key))
    }

    /// The place of a key in the order of keys, for [`FlatMap::at`], until something is put in or taken out.
    pub fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok()
    }

    /// The same for a key that is at one of these places if it is there at all: nowhere else is it looked for.
    pub fn find_within<Q: Ord + ?Sized>(&self, key: &Q, places: Range<usize>) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        let entries = self.entries.get(places.start..places.end.min(self.entries.len()))?;
        let found = search(entries.len(), |at| entries[at].0.borrow().cmp(key)).ok()?;
        Some(places.start + found)
    }

    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &self.entries[at].1)
    }

    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
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

    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// Looks a key up once, to read, change, add or take out what is under it.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.place(&key);
        let entries = &mut self.entries;
        match place {
            Ok(at) => Entry::Occupied(OccupiedEntry { entries, at }),
            Err(at) => Entry::Vacant(VacantEntry { entries, at, key }),
        }
    }

    /// The value under this key, made first if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        self.entry(key).or_insert_with(make)
    }

    /// The entries whose keys are within bounds, in order.
    pub fn range<Q, R>(&self, bounds: R) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator + Clone
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
        R: RangeBounds<Q>,
    {
        let places = places(self.len(), &bounds, |key| self.place(key));
        self.entries[places].iter().map(|(key, value)| (key, value))
    }

    /// Keeps the entries below `key` and gives the others away.
    pub fn split_off<Q: Ord + ?Sized>(&mut self, key: &Q) -> FlatMap<K, V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).unwrap_or_else(|at| at);
        FlatMap { entries: self.entries.split_off(at) }
    }

    /// Moves everything over from another map, whose values win.
    pub fn append(&mut self, other: &mut FlatMap<K, V>) {
        self.extend(std::mem::take(other));
    }
}

/// # Panics
/// When there is no such key.
impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> std::ops::Index<&Q> for FlatMap<K, V> {
    type Output = V;
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("a key that is known to be there")
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for FlatMap<K, V> {
    /// As with a `BTreeMap`, the last of several values under one key stays.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = FlatMap::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for FlatMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Draw, Rng};
    use std::collections::BTreeMap;

    #[test]
    fn a_flat_map_is_a_tree_map_to_whoever_looks() {
        let mut rng = Rng::new(1, 1);
        let (mut flat, mut tree) = (FlatMap::new(), BTreeMap::new());
        for step in 0..2_000u32 {
            let key = rng.below(60);
            match rng.below(6) {
                0 => assert_eq!(flat.remove(&key), tree.remove(&key)),
                1 => assert_eq!(flat.get_or_insert_with(key, || step), tree.entry(key).or_insert(step)),
                2 => assert_eq!(flat.get(&key), tree.get(&key)),
                3 => assert_eq!(flat.entry(key).or_default(), tree.entry(key).or_default()),
                4 => assert!(flat.range(key..key + 9).eq(tree.range(key..key + 9))),
                _ => assert_eq!(flat.insert(key, step), tree.insert(key, step)),
            }
            assert_eq!((flat.len(), flat.first_key_value()), (tree.len(), tree.first_key_value()));
        }
        assert!(flat.iter().eq(tree.iter()));
        assert_eq!(Digest::of(&flat), Digest::of(&tree));
        assert_eq!(format!("{flat:?}"), format!("{tree:?}"));
        assert!(flat.split_off(&30).iter().eq(tree.split_off(&30).iter()));
        assert!(flat.range(..=20).eq(tree.range(..=20)) && flat.range(21..).eq(tree.range(21..)));
    }

    #[test]
    fn the_last_of_several_values_under_one_key_stays() {
        let map: FlatMap<&str, i32> = [("b", 1), ("a", 2), ("b", 3)].into();
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&"a", &2), (&"b", &3)]);
        assert_eq!((map["b"], map.get("c")), (3, None));
    }
}

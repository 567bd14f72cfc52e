//! A set as a vector in order.

use super::search;
use std::borrow::Borrow;

/// A sorted vector without duplicates.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlatSet<K> {
    keys: Vec<K>,
}

impl<K> Default for FlatSet<K> {
    fn default() -> Self {
        FlatSet { keys: Vec::new() }
    }
}

/// Reads as a set, like `BTreeSet`.
impl<K: std::fmt::Debug> std::fmt::Debug for FlatSet<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
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

    pub fn first(&self) -> Option<&K> {
        self.keys.first()
    }

    pub fn last(&self) -> Option<&K> {
        self.keys.last()
    }

    pub fn pop_first(&mut self) -> Option<K> {
        (!self.keys.is_empty()).then(|| self.keys.remove(0))
    }

    pub fn retain(&mut self, keeps: impl FnMut(&K) -> bool) {
        self.keys.retain(keeps);
    }

    pub fn clear(&mut self) {
        self.keys.clear();
    }
}

impl<K: Ord> FlatSet<K> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        search(self.keys.len(), |at| self.keys[at].borrow().cmp(key))
    }

    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
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
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).map(|at| self.keys.remove(at)).is_ok()
    }

    /// Moves everything over from another set.
    pub fn append(&mut self, other: &mut FlatSet<K>) {
        self.extend(std::mem::take(other));
    }

    pub fn is_subset(&self, other: &FlatSet<K>) -> bool {
        self.keys.iter().all(|key| other.contains(key))
    }

    pub fn is_disjoint(&self, other: &FlatSet<K>) -> bool {
        !self.keys.iter().any(|key| other.contains(key))
    }

    /// What is in both, in order.
    pub fn intersection<'a>(&'a self, other: &'a FlatSet<K>) -> impl Iterator<Item = &'a K> + Clone {
        self.keys.iter().filter(|key| other.contains(*key))
    }

    /// What is here and not there, in order.
    pub fn difference<'a>(&'a self, other: &'a FlatSet<K>) -> impl Iterator<Item = &'a K> + Clone {
        self.keys.iter().filter(|key| !other.contains(*key))
    }
}

impl<K: Ord> FromIterator<K> for FlatSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = FlatSet::new();
        set.extend(keys);
        set
    }
}

impl<K: Ord, const N: usize> From<[K; N]> for FlatSet<K> {
    fn from(keys: [K; N]) -> Self {
        keys.into_iter().collect()
    }
}

impl<K: Ord> Extend<K> for FlatSet<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        keys.into_iter().for_each(|key| {
            self.insert(key);
        });
    }
}

impl<'a, K: Ord + Copy + 'a> Extend<&'a K> for FlatSet<K> {
    fn extend<I: IntoIterator<Item = &'a K>>(&mut self, keys: I) {
        self.extend(keys.into_iter().copied());
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
    use std::collections::BTreeSet;

    #[test]
    fn a_flat_set_keeps_order_and_no_duplicates() {
        let mut set = FlatSet::new();
        assert_eq!([5, 1, 3, 5, 4].map(|key| set.insert(key)), [true, true, true, false, true]);
        assert_eq!((set.remove(&3), set.remove(&3), set.contains(&4)), (true, false, true));
        assert!(set.iter().eq(&[1, 4, 5]));
        assert_eq!(format!("{set:?}"), format!("{:?}", BTreeSet::from([5, 4, 1])));
    }

    #[test]
    fn sets_compare() {
        let (one, other) = (FlatSet::from([3, 1, 2]), FlatSet::from([2, 3, 4]));
        assert!(one.intersection(&other).eq(&[2, 3]) && one.difference(&other).eq(&[1]));
        assert!(!one.is_subset(&other) && FlatSet::from([4]).is_disjoint(&one));
    }
}

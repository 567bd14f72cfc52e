//! An ordered map in shared blocks, for what grows to thousands of entries: putting one in or taking one out moves one
//! block, and writing after a snapshot copies one block and the list of blocks.
//!
//! It orders, hashes and iterates as [`FlatMap`](crate::FlatMap) does, so that one can stand for the other without a
//! digest changing. For tens of entries that map is smaller and faster; for thousands it moves, or copies after a
//! snapshot, all of them for each change.

use crate::block_key::{BlockKey, seek};
use crate::{Shared, Witness};
use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;

/// Entries that a block holds at most.
const FULL: usize = 64;

/// Up to `FULL` entries in order, shared by every copy of the map until one of them changes.
type Block<K, V> = Shared<Vec<(K, V)>>;

/// Sorted blocks of keys with values.
pub struct BlockMap<K, V> {
    /// All keys of one are below those of the next. None is empty, but for a single one that was emptied.
    blocks: Shared<Vec<Block<K, V>>>,
    len: usize,
    found: LastFound,
}

/// Where keys were found last, a place for each remainder of their numbers: the same few partitions are asked for again and
/// again. It is looked at before anything is searched, and perhaps wrong; nobody can tell it from outside.
#[derive(Default)]
struct LastFound([AtomicU16; LastFound::PLACES]);

impl LastFound {
    const PLACES: usize = 16;

    fn get<K: BlockKey + ?Sized>(&self, key: &K) -> (usize, usize) {
        let place = usize::from(self.0[key.number() % LastFound::PLACES].load(Relaxed));
        (place / FULL, place % FULL)
    }

    fn set<K: BlockKey + ?Sized>(&self, key: &K, (block, at): (usize, usize)) {
        if let Ok(place) = u16::try_from(block * FULL + at) {
            self.0[key.number() % LastFound::PLACES].store(place, Relaxed);
        }
    }
}

/// Where a key is, or would be put in: a block and a place in it.
type Found = Result<(usize, usize), (usize, usize)>;

/// Has seen a map, as a [`Witness`] has a value.
#[derive(Clone, Debug)]
pub struct BlockWitness<K, V>(Witness<Vec<Block<K, V>>>);

impl<K, V> BlockWitness<K, V> {
    /// Is this the map that was seen, unchanged?
    pub fn saw(&self, map: &BlockMap<K, V>) -> bool {
        self.0.saw(&map.blocks)
    }
}

impl<K, V> Default for BlockMap<K, V> {
    fn default() -> Self {
        BlockMap { blocks: Shared::default(), len: 0, found: LastFound::default() }
    }
}

impl<K, V> Clone for BlockMap<K, V> {
    fn clone(&self) -> Self {
        BlockMap { blocks: self.blocks.clone(), len: self.len, found: LastFound::default() }
    }
}

/// Reads as a map, like `BTreeMap`.
impl<K: std::fmt::Debug, V: std::fmt::Debug> std::fmt::Debug for BlockMap<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for BlockMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && (self.same(other) || self.iter().eq(other.iter()))
    }
}

impl<K: Eq, V: Eq> Eq for BlockMap<K, V> {}

/// The entries and their number, whatever blocks they lie in.
impl<K: Hash, V: Hash> Hash for BlockMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len);
        self.blocks.iter().for_each(|block| Hash::hash_slice(block, state));
    }
}

impl<K, V> BlockMap<K, V> {
    pub fn new() -> BlockMap<K, V> {
        BlockMap::default()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Are both the very same? A quick "nothing changed" test.
    pub fn same(&self, other: &BlockMap<K, V>) -> bool {
        self.blocks.same(&other.blocks)
    }

    /// Knows this very map again, until something is put in, taken out or changed.
    pub fn witness(&self) -> BlockWitness<K, V> {
        BlockWitness(self.blocks.witness())
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.blocks.iter().flat_map(|block| block.iter()).map(|(key, value)| (key, value))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> BlockMap<K, V> {
    /// The block, and the place in it.
    fn place<Q: BlockKey + ?Sized>(&self, key: &Q) -> Found
    where
        K: Borrow<Q>,
    {
        if self.len == 0 {
            return Err((0, 0));
        }
        let blocks = &**self.blocks;
        let (block, at) = self.found.get(key);
        if blocks.get(block).and_then(|block| block.get(at)).is_some_and(|(found, _)| found.borrow() == key) {
            return Ok((block, at));
        }
        let place = self.search(key);
        if let Ok(found) = place {
            self.found.set(key, found);
        }
        place
    }

    fn search<Q: BlockKey + ?Sized>(&self, key: &Q) -> Found
    where
        K: Borrow<Q>,
    {
        let blocks = &**self.blocks;
        let block = match blocks.len() {
            1 => 0,
            many => match seek(many, key, |at| blocks[at][0].0.borrow()) {
                Ok(block) => return Ok((block, 0)),
                Err(0) => return Err((0, 0)),
                Err(after) => after - 1,
            },
        };
        let entries = &**blocks[block];
        match seek(entries.len(), key, |at| entries[at].0.borrow()) {
            Ok(at) => Ok((block, at)),
            Err(at) => Err((block, at)),
        }
    }

    pub fn contains_key<Q: BlockKey + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    pub fn get<Q: BlockKey + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|(block, at)| &self.blocks[block][at].1)
    }

    /// The entries from `key` on, in order.
    pub fn iter_from<Q: BlockKey + ?Sized>(&self, key: &Q) -> impl Iterator<Item = (&K, &V)> + Clone
    where
        K: Borrow<Q>,
    {
        let (block, at) = self.place(key).unwrap_or_else(|place| place);
        let entries = self.blocks[block..].iter().flat_map(|block| block.iter());
        entries.skip(at).map(|(key, value)| (key, value))
    }
}

impl<K: Ord, V> BlockMap<K, V> {
    /// The entries of all blocks that an earlier copy does not have: what was put in or changed since then, and its
    /// neighbours.
    pub fn changed_since<'a>(&'a self, earlier: &'a BlockMap<K, V>) -> impl Iterator<Item = (&'a K, &'a V)> {
        let first = |block: &'a Block<K, V>| block.first().map(|(key, _)| key);
        let mut old = earlier.blocks.iter().peekable();
        let is_new = move |block: &&'a Block<K, V>| {
            while old.next_if(|old| first(old) < first(block)).is_some() {}
            !old.peek().is_some_and(|old| old.same(block))
        };
        self.blocks.iter().filter(is_new).flat_map(|block| block.iter()).map(|(key, value)| (key, value))
    }
}

impl<K: BlockKey + Clone, V: Clone> BlockMap<K, V> {
    pub fn get_mut<Q: BlockKey + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (block, at) = self.place(key).ok()?;
        Some(&mut self.blocks[block][at].1)
    }

    /// All entries, to be changed; those of an older snapshot stay as they are.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        let blocks = self.blocks.iter_mut();
        blocks.flat_map(|block| block.iter_mut()).map(|(key, value)| (&*key, value))
    }

    /// Puts a value in; gives back what was there under this key.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok((block, at)) => Some(std::mem::replace(&mut self.blocks[block][at].1, value)),
            Err(place) => {
                self.put(place, (key, value));
                self.len += 1;
                None
            }
        }
    }

    /// The value under this key, made first if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&key);
        if let Ok((block, at)) = place {
            return &mut self.blocks[block][at].1;
        }
        self.insert(key.clone(), make());
        self.get_mut(&key).expect("it was just put there")
    }

    /// Puts a value in where there is none; was there none?
    pub(crate) fn insert_new(&mut self, key: K, value: V) -> bool {
        // The key is there: a set keeps the first of equals.
        let Err(place) = self.place(&key) else { return false };
        self.found.set(&key, place);
        self.put(place, (key, value));
        self.len += 1;
        true
    }

    /// A full block is halved, unless the entry comes behind it: what comes in order fills its blocks.
    fn put(&mut self, (block, at): (usize, usize), entry: (K, V)) {
        let blocks = &mut *self.blocks;
        if blocks.is_empty() {
            return blocks.push(Shared::new(vec![entry]));
        }
        let has_room = |block: Option<&Block<K, V>>| block.is_some_and(|block| block.len() < FULL);
        if has_room(blocks.get(block)) {
            blocks[block].insert(at, entry);
        } else if at == FULL && has_room(blocks.get(block + 1)) {
            blocks[block + 1].insert(0, entry);
        } else if at == FULL {
            // What comes in order fills its blocks.
            blocks.insert(block + 1, Shared::new(vec![entry]));
        } else {
            let mut upper = blocks[block].split_off(FULL / 2);
            match at.checked_sub(FULL / 2) {
                Some(at) if at > 0 => upper.insert(at, entry),
                Some(_) | None => blocks[block].insert(at, entry),
            }
            blocks.insert(block + 1, Shared::new(upper));
        }
    }

    /// Takes out what is under the key.
    pub fn remove<Q: BlockKey + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (block, at) = self.place(key).ok()?;
        let (_, value) = self.blocks[block].remove(at);
        self.len -= 1;
        self.tidy(block);
        Some(value)
    }

    pub fn clear(&mut self) {
        if self.len > 0 {
            self.blocks.truncate(1);
            self.blocks[0].clear();
            self.len = 0;
        }
    }

    /// Blocks that have become small are joined, so that there are never many.
    fn tidy(&mut self, block: usize) {
        let blocks = &mut *self.blocks;
        if blocks[block].is_empty() {
            // What is emptied is mostly filled again.
            if blocks.len() > 1 {
                blocks.remove(block);
            }
            return;
        }
        let is_small =
            |first: usize| blocks.get(first + 1).is_some_and(|next| blocks[first].len() + next.len() <= FULL / 2);
        let joined = [Some(block), block.checked_sub(1)].into_iter().flatten().find(|first| is_small(*first));
        if let Some(first) = joined {
            let next = blocks.remove(first + 1).into_inner();
            blocks[first].extend(next);
        }
    }
}

impl<K: BlockKey + Clone, V: Clone> FromIterator<(K, V)> for BlockMap<K, V> {
    /// As with a `BTreeMap`, the last of several values under one key stays.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = BlockMap::new();
        entries.into_iter().for_each(|(key, value)| {
            map.insert(key, value);
        });
        map
    }
}

/// # Panics
/// When there is no such key.
impl<K: Ord + Borrow<Q>, Q: BlockKey + ?Sized, V> std::ops::Index<&Q> for BlockMap<K, V> {
    type Output = V;
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("a key that is known to be there")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Draw, FlatMap, Rng};

    fn is_sound<K: Ord, V>(map: &BlockMap<K, V>) -> bool {
        let sizes = map.blocks.iter().map(|block| block.len());
        let keys: Vec<&K> = map.keys().collect();
        sizes.clone().all(|size| (1..=FULL).contains(&size) || map.is_empty() && map.blocks.len() == 1)
            && sizes.sum::<usize>() == map.len()
            && keys.windows(2).all(|pair| pair[0] < pair[1])
    }

    #[test]
    fn it_is_a_flat_map_to_whoever_looks() {
        for seed in 0..20 {
            let mut rng = Rng::new(seed, 1);
            let (mut blocks, mut flat) = (BlockMap::new(), FlatMap::new());
            let keys = 10 + rng.below(1_000);
            for step in 0..3_000u32 {
                // It grows, and shrinks in the end.
                let (key, act) = (rng.below(keys), rng.below(if step < 2_000 { 4 } else { 8 }));
                match act {
                    0 | 1 => assert_eq!(blocks.insert(key, step), flat.insert(key, step)),
                    2 => assert_eq!(blocks.get_or_insert_with(key, || step), flat.get_or_insert_with(key, || step)),
                    3 => assert_eq!(blocks.get_mut(&key), flat.get_mut(&key)),
                    4 if key == 0 => {
                        blocks.clear();
                        flat.clear();
                    }
                    _removes => assert_eq!(blocks.remove(&key), flat.remove(&key)),
                }
                assert_eq!((blocks.len(), blocks.get(&key)), (flat.len(), flat.get(&key)));
            }
            let from = rng.below(keys + 2);
            assert!(blocks.iter_from(&from).eq(flat.range(from..)) && blocks.iter().eq(flat.iter()));
            assert!(is_sound(&blocks));
            assert_eq!(Digest::of(&blocks), Digest::of(&flat));
            assert_eq!(format!("{blocks:?}"), format!("{flat:?}"));
        }
    }

    #[test]
    fn it_stays_in_few_blocks_in_whatever_order_it_grows_and_shrinks() {
        let orders: [fn(u32) -> u32; 4] = [
            |at| at,
            |at| 9_999 - at,
            |at| at * 7_919 % 10_000,
            |at| if at % 2 == 0 { at / 2 } else { 9_999 - at / 2 },
        ];
        for order in orders {
            let mut map = BlockMap::new();
            (0..10_000).for_each(|at| assert_eq!(map.insert(order(at), at), None));
            assert!(is_sound(&map) && map.blocks.len() <= 2 * 10_000 / FULL + 2, "{}", map.blocks.len());
            (0..9_900).for_each(|at| assert_eq!(map.remove(&order(at)), Some(at)));
            assert!(is_sound(&map) && map.blocks.len() <= 4 * 100 / FULL + 3, "{}", map.blocks.len());
        }
    }

    #[test]
    fn a_snapshot_stays_as_it_was_and_a_change_copies_one_block() {
        let mut map: BlockMap<u32, u32> = (0..6_400).map(|key| (key, key)).collect();
        let before = map.clone();
        assert!(map.same(&before));
        map.insert(3_000, 7);
        map.remove(&3_001);
        assert_eq!((before.get(&3_000), before.get(&3_001), map.get(&3_000)), (Some(&3_000), Some(&3_001), Some(&7)));
        let own = |block: &&Block<u32, u32>| !before.blocks.iter().any(|old| old.same(block));
        assert_eq!(map.blocks.iter().filter(own).count(), 1);
        map.insert(5_000, 7);
        assert_eq!(map.changed_since(&before).filter(|(key, value)| before.get(key) != Some(value)).count(), 2);
        assert!(map.changed_since(&before).count() <= 2 * FULL && map.changed_since(&map.clone()).count() == 0);
        assert!(map.changed_since(&BlockMap::new()).eq(map.iter()));
    }
}

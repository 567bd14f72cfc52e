//! A place in a [`FlatMap`](super::FlatMap) that was looked up once, taken or free.

/// What was found under a key.
#[derive(Debug)]
pub enum Entry<'a, K, V> {
    Occupied(OccupiedEntry<'a, K, V>),
    Vacant(VacantEntry<'a, K, V>),
}

/// There is a value.
#[derive(Debug)]
pub struct OccupiedEntry<'a, K, V> {
    pub(super) entries: &'a mut Vec<(K, V)>,
    pub(super) at: usize,
}

/// There is none yet.
#[derive(Debug)]
pub struct VacantEntry<'a, K, V> {
    pub(super) entries: &'a mut Vec<(K, V)>,
    pub(super) at: usize,
    pub(super) key: K,
}

impl<'a, K, V> Entry<'a, K, V> {
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        match self {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(make()),
        }
    }

    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value if there is one.
    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Entry::Occupied(known) = &mut self {
            change(known.get_mut());
        }
        self
    }
}

impl<'a, K, V> OccupiedEntry<'a, K, V> {
    pub fn get(&self) -> &V {
        &self.entries[self.at].1
    }

    pub fn get_mut(&mut self) -> &mut V {
        &mut self.entries[self.at].1
    }

    pub fn into_mut(self) -> &'a mut V {
        &mut self.entries[self.at].1
    }

    /// Takes the value out.
    pub fn remove(self) -> V {
        self.entries.remove(self.at).1
    }
}

impl<'a, K, V> VacantEntry<'a, K, V> {
    pub fn insert(self, value: V) -> &'a mut V {
        self.entries.insert(self.at, (self.key, value));
        &mut self.entries[self.at].1
    }
}

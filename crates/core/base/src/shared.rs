//! A pointer that shares until written: cloning a world costs pointers, not data.

use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Weak};

/// An `Arc` that copies on write and compares by pointer. Writing through it (`DerefMut`) clones
/// the value first if anybody else holds it, so an older snapshot never changes.
#[derive(Debug, Default)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Shared<T> {
        Shared(Arc::new(value))
    }

    /// Knows this very value again, without holding it: whoever writes through the pointer afterwards makes another of it.
    pub fn witness(&self) -> Witness<T> {
        Witness(Arc::downgrade(&self.0))
    }

    /// Do both point at the very same value? A quick "nothing changed" test.
    pub fn same(&self, other: &Shared<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Has seen a value. It costs no copy of it when it is written to: what nobody else holds is moved, not cloned, and its
/// place is not given to another value while a witness is there.
#[derive(Debug)]
pub struct Witness<T>(Weak<T>);

impl<T> Witness<T> {
    /// Is this the value that was seen, unchanged?
    pub fn saw(&self, value: &Shared<T>) -> bool {
        std::ptr::eq(self.0.as_ptr(), Arc::as_ptr(&value.0))
    }
}

impl<T> Clone for Witness<T> {
    fn clone(&self) -> Self {
        Witness(Weak::clone(&self.0))
    }
}

impl<T> Default for Witness<T> {
    /// Has seen nothing.
    fn default() -> Self {
        Witness(Weak::new())
    }
}

impl<T: Clone> Shared<T> {
    /// The value itself, without copying when nobody else holds it.
    pub fn into_inner(self) -> T {
        Arc::unwrap_or_clone(self.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}
impl<T> Eq for Shared<T> {}

impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Shared::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_knows_what_was_written_to_from_what_was_not() {
        let mut now = Shared::new(vec![1]);
        let seen = now.witness();
        assert!(seen.saw(&now) && seen.saw(&now.clone()) && !seen.saw(&Shared::new(vec![1])));
        now.push(2);
        assert!(!seen.saw(&now));
        assert!(now.witness().saw(&now) && !Witness::default().saw(&now));
        // Also where a snapshot keeps the value as it was.
        let (seen, before) = (now.witness(), now.clone());
        now.push(3);
        assert!(seen.saw(&before) && !seen.saw(&now));
    }

    #[test]
    fn writing_leaves_an_older_snapshot_alone() {
        let mut now = Shared::new(vec![1]);
        let before = now.clone();
        assert!(now.same(&before));
        now.push(2);
        assert_eq!((before.len(), now.len()), (1, 2));
        assert!(!now.same(&before));
    }
}

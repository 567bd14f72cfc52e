//! A part of the state that most runs have nothing in.

use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

/// Counts in digests only where it differs from its default, so that runs which know nothing of it are the runs that they
/// always were.
///
/// ```
/// use base::{Digest, Seldom};
/// assert_eq!(Digest::of(&(1, Seldom(0))), Digest::of(&1));
/// assert_ne!(Digest::of(&(1, Seldom(7))), Digest::of(&1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seldom<T>(pub T);

impl<T: Hash + Default + PartialEq> Hash for Seldom<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.0 != T::default() {
            self.0.hash(state);
        }
    }
}

impl<T> Deref for Seldom<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Seldom<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

//! What follows from other state and is kept so that nobody has to look for it again.

use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

/// No state of its own: digests pass it by. Whoever keeps it sees to it that it is right, and asserts it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aside<T>(pub T);

/// Of two states that are equal what stands aside is equal, too.
impl<T> PartialEq for Aside<T> {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
impl<T> Eq for Aside<T> {}

impl<T> Hash for Aside<T> {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl<T> Deref for Aside<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aside<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

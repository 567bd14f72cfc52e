//! Bytes made small while nobody looks at them: LZ4, and LZ4 once more where its output repeats as much as what it was
//! made of. It cannot say more than 255 bytes in one, so that a megabyte of one letter is four thousand equal bytes.
//! Two machines may squeeze differently; nothing of it leaves the process or is compared.

use lz4_flex::block;
use std::borrow::Cow;

/// Whoever was made so many times smaller repeats itself so much that a second pass is worth its time.
const REPETITIVE: usize = 16;

/// How bytes were made small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Squeezed {
    /// Not at all.
    No,
    Once,
    /// And how many bytes there were in between.
    Twice(u32),
}

impl Squeezed {
    /// The bytes as they are kept; the shortest of all ways.
    pub(crate) fn pack(plain: &[u8]) -> (Squeezed, Cow<'_, [u8]>) {
        let once = block::compress(plain);
        if once.len() >= plain.len() {
            return (Squeezed::No, Cow::Borrowed(plain));
        }
        if once.len() * REPETITIVE <= plain.len() {
            let twice = block::compress(&once);
            if twice.len() < once.len() {
                return (Squeezed::Twice(once.len() as u32), Cow::Owned(twice));
            }
        }
        (Squeezed::Once, Cow::Owned(once))
    }

    /// What [`pack`](Self::pack) was given; it was so many bytes.
    pub(crate) fn unpack(self, packed: &[u8], length: usize) -> Cow<'_, [u8]> {
        let open =
            |bytes: &[u8], length| block::decompress(bytes, length).expect("what was packed here can be unpacked");
        match self {
            Squeezed::No => Cow::Borrowed(packed),
            Squeezed::Once => Cow::Owned(open(packed, length)),
            Squeezed::Twice(between) => Cow::Owned(open(&open(packed, between as usize), length)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};

    #[test]
    fn whatever_was_packed_comes_out_again() {
        let mut rng = Rng::new(3, 1);
        let mut draw =
            |length: usize, letters: u32| -> Vec<u8> { (0..length).map(|_| rng.below(letters) as u8).collect() };
        let repeating = |period: usize| -> Vec<u8> { (0..1_000_000).map(|at| (at % period) as u8).collect() };
        let texts =
            [Vec::new(), draw(7, 256), draw(5_000, 256), draw(5_000, 3), repeating(1), repeating(26), repeating(251)];
        for plain in texts {
            let (how, packed) = Squeezed::pack(&plain);
            assert!(packed.len() <= plain.len());
            assert_eq!(how.unpack(&packed, plain.len()), plain, "{how:?}");
        }
    }

    #[test]
    fn a_megabyte_that_repeats_itself_takes_less_than_a_hundred_bytes() {
        let value: Vec<u8> = (0..1_000_000).map(|at| b'a' + (at % 26) as u8).collect();
        let (how, packed) = Squeezed::pack(&value);
        assert!(matches!(how, Squeezed::Twice(_)) && packed.len() < 100, "{how:?} {}", packed.len());
    }
}

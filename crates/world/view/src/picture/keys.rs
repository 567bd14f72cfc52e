//! Which glyph a key has and which hue a topic: by first appearance in the run, so that neither ever changes and every
//! reader of a link sees the same. Whatever comes later than there are glyphs or places is told by its name.

use lab::Firsts;

use super::Look;
use crate::Glyph;

/// Topics' hues: four in turn, and slate for internal ones.
const HUES: u64 = 4;
const INTERNAL: u8 = 4;

impl Look<'_> {
    /// The key's glyph.
    pub(super) fn glyph(&self, key: &[u8]) -> Glyph {
        let key = String::from_utf8_lossy(key);
        let place = self.account.firsts.and_then(|firsts| firsts.key(&key));
        Glyph::of_key(place.map_or_else(|| by_name(&key) % Firsts::KEYS as u64, |place| place as u64) as u32)
    }

    /// The glyph of a record with this key, or without one.
    pub(super) fn glyph_of(&self, key: Option<&[u8]>) -> Glyph {
        key.map_or(Glyph::Keyless, |key| self.glyph(key))
    }

    /// The topic's hue.
    pub(super) fn hue(&self, topic: &str) -> u8 {
        if metadata::topic_name::is_internal(topic) {
            return INTERNAL;
        }
        let place = self.account.firsts.and_then(|firsts| firsts.topic(topic));
        (place.map_or_else(|| by_name(topic), |place| place as u64) % HUES) as u8
    }
}

/// The same number for the same name, everywhere (FNV-1a).
fn by_name(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)) >> 17
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_keys_have_a_place_as_there_are_glyphs() {
        let glyphs: Vec<Glyph> = (0..Firsts::KEYS as u32).map(Glyph::of_key).collect();
        assert!((1..glyphs.len()).all(|index| !glyphs[..index].contains(&glyphs[index])));
        assert_eq!(Glyph::of_key(Firsts::KEYS as u32), glyphs[0]);
    }
}

//! An adaptive range coder (as LZMA's): each bit costs what it tells. Rows of a link are mostly small
//! numbers with habits, and a general packer spends two bits more on each of them than this.
//!
//! A reader that runs out of bytes goes on with zeros and says so; what it read before is right.

use super::bytes::ReadError;

/// Probabilities have 11 bits; they move by a sixteenth.
const BITS: u32 = 11;
/// Fast enough for links of twenty rows, where a slower coder would have learnt nothing by the end.
const ADAPT: u32 = 4;
/// Below this the range is widened by a byte.
const NARROW: u32 = 1 << 24;

/// What is being coded: each has its own habits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Which command.
    Command,
    /// A byte of a command that is spelt out.
    Spelling,
    /// A unit of time.
    Unit,
    /// Does the unit change?
    UnitChanges,
    /// A time: its length in bits…
    TimeLength,
    /// …and the bits after the first.
    TimeBits,
}

/// As many as `Field` has.
const FIELDS: usize = 6;
/// Probabilities per field: a tree of 8 bits, or 64 lengths with 8 prefixes each.
const STATES: usize = 512;

/// What has been learnt so far, the same on both sides.
struct Model(Vec<u16>);

impl Model {
    /// Nothing is known: both bits are as likely.
    fn new() -> Model {
        Model(vec![1 << (BITS - 1); FIELDS * STATES])
    }

    /// The probability of a zero there.
    fn state(&mut self, field: Field, context: usize) -> &mut u16 {
        &mut self.0[field as usize * STATES + context]
    }
}

/// Moves towards what was seen.
fn learn(probability: &mut u16, bit: u32) {
    if bit == 0 {
        *probability += ((1 << BITS) - *probability) >> ADAPT;
    } else {
        *probability -= *probability >> ADAPT;
    }
}

/// LZMA's: `low` and `range` say which numbers are left, `held` and `pending` which bytes a carry may still change.
pub(crate) struct Encoder {
    model: Model,
    low: u64,
    range: u32,
    held: u8,
    pending: u64,
    bytes: Vec<u8>,
}

impl Encoder {
    /// All numbers are left.
    pub(crate) fn new() -> Encoder {
        Encoder { model: Model::new(), low: 0, range: u32::MAX, held: 0, pending: 1, bytes: Vec::new() }
    }

    /// One bit, as dear as it is unlikely.
    pub(crate) fn bit(&mut self, field: Field, context: usize, bit: u32) {
        let probability = self.model.state(field, context);
        let bound = (self.range >> BITS) * u32::from(*probability);
        learn(probability, bit);
        if bit == 0 {
            self.range = bound;
        } else {
            self.low += u64::from(bound);
            self.range -= bound;
        }
        self.widen();
    }

    /// Bits without habits.
    pub(crate) fn plain(&mut self, value: u64, bits: u32) {
        for place in (0..bits).rev() {
            self.range >>= 1;
            self.low += u64::from(self.range) * (value >> place & 1);
            self.widen();
        }
    }

    /// Eight bits from the top, each in the light of those before it.
    pub(crate) fn byte(&mut self, field: Field, byte: u8) {
        let mut context = 1;
        for place in (0..8).rev() {
            let bit = u32::from(byte) >> place & 1;
            self.bit(field, context, bit);
            context = context << 1 | bit as usize;
        }
    }

    /// A number: its length in bits, then its bits; the first three of them have habits.
    pub(crate) fn time(&mut self, value: u64) {
        let length = 64 - value.leading_zeros();
        self.byte(Field::TimeLength, length as u8);
        let mut context = 1;
        let below = length.saturating_sub(1);
        for place in (below.saturating_sub(3)..below).rev() {
            let bit = (value >> place & 1) as u32;
            self.bit(Field::TimeBits, (length as usize & 63) * 8 + context, bit);
            context = context << 1 | bit as usize;
        }
        self.plain(value, below.saturating_sub(3));
    }

    /// Five bytes decide about everything that was coded.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        (0..5).for_each(|_| self.shift());
        // The first byte is always zero.
        self.bytes.split_off(1)
    }

    /// What the top byte can no longer change is written.
    fn widen(&mut self) {
        while self.range < NARROW {
            self.range <<= 8;
            self.shift();
        }
    }

    /// A byte goes out as soon as no carry can reach it.
    fn shift(&mut self) {
        let carry = (self.low >> 32) as u8;
        if self.low < 0xff00_0000 || carry > 0 {
            for index in 0..self.pending {
                self.bytes.push(if index == 0 { self.held } else { 0xff }.wrapping_add(carry));
            }
            self.pending = 0;
            self.held = (self.low >> 24) as u8;
        }
        self.pending += 1;
        self.low = (self.low & 0x00ff_ffff) << 8;
    }
}

/// Learns the same from the same bits, and so always knows as much as the encoder did.
pub(crate) struct Decoder<'a> {
    model: Model,
    bytes: &'a [u8],
    at: usize,
    range: u32,
    code: u32,
}

impl<'a> Decoder<'a> {
    /// The first four bytes are looked at ahead.
    pub(crate) fn new(bytes: &'a [u8]) -> Decoder<'a> {
        let mut decoder = Decoder { model: Model::new(), bytes, at: 0, range: u32::MAX, code: 0 };
        (0..4).for_each(|_| decoder.shift());
        decoder
    }

    /// How many bytes it has looked at.
    pub(crate) fn position(&self) -> usize {
        self.at.min(self.bytes.len())
    }

    /// Did it want more bytes than there are?
    pub(crate) fn overran(&self) -> bool {
        self.at > self.bytes.len()
    }

    /// On which side of the bound the code lies.
    pub(crate) fn bit(&mut self, field: Field, context: usize) -> u32 {
        let probability = self.model.state(field, context);
        let bound = (self.range >> BITS) * u32::from(*probability);
        let bit = u32::from(self.code >= bound);
        learn(probability, bit);
        if bit == 0 {
            self.range = bound;
        } else {
            self.code -= bound;
            self.range -= bound;
        }
        self.widen();
        bit
    }

    /// See `Encoder::plain`.
    pub(crate) fn plain(&mut self, bits: u32) -> u64 {
        let mut value = 0;
        for _ in 0..bits {
            self.range >>= 1;
            let bit = u32::from(self.code >= self.range);
            self.code -= self.range * bit;
            value = value << 1 | u64::from(bit);
            self.widen();
        }
        value
    }

    /// See `Encoder::byte`.
    pub(crate) fn byte(&mut self, field: Field) -> u8 {
        let mut context = 1;
        for _ in 0..8 {
            context = context << 1 | self.bit(field, context) as usize;
        }
        context as u8
    }

    /// See `Encoder::time`. A length that no number has comes from damaged bytes.
    pub(crate) fn time(&mut self) -> Result<u64, ReadError> {
        let length = u32::from(self.byte(Field::TimeLength));
        if length > 64 {
            return Err(ReadError::Nonsense);
        }
        let (below, mut context) = (length.saturating_sub(1), 1);
        let mut value = u64::from(length > 0);
        for _ in 0..below.min(3) {
            let bit = self.bit(Field::TimeBits, (length as usize & 63) * 8 + context);
            context = context << 1 | bit as usize;
            value = value << 1 | u64::from(bit);
        }
        let rest = below.saturating_sub(3);
        Ok(value << rest | self.plain(rest))
    }

    /// As the encoder, at the same bits.
    fn widen(&mut self) {
        while self.range < NARROW {
            self.range <<= 8;
            self.shift();
        }
    }

    /// Behind the end there are zeros; see `overran`.
    fn shift(&mut self) {
        self.code = self.code << 8 | u32::from(self.bytes.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};

    #[test]
    fn everything_comes_back() {
        let mut rng = Rng::new(1, 1);
        for _ in 0..200 {
            let items: Vec<(u8, u64)> = (0..rng.below(200))
                .map(|_| (rng.below(256) as u8, u64::from(rng.below(u32::MAX)) >> rng.below(32)))
                .collect();
            let mut encoder = Encoder::new();
            for (byte, time) in &items {
                encoder.byte(Field::Command, *byte);
                encoder.time(*time);
                encoder.plain(*time & 0xffff, 16);
                encoder.bit(Field::UnitChanges, 0, u32::from(*byte) & 1);
            }
            encoder.time(u64::MAX);
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            for (byte, time) in &items {
                assert_eq!(decoder.byte(Field::Command), *byte);
                assert_eq!(decoder.time(), Ok(*time));
                assert_eq!(decoder.plain(16), *time & 0xffff);
                assert_eq!(decoder.bit(Field::UnitChanges, 0), u32::from(*byte) & 1);
            }
            assert_eq!(decoder.time(), Ok(u64::MAX));
            assert!(!decoder.overran());
        }
    }
}

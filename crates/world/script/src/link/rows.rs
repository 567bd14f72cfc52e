//! The commands of a link, row by row, and the sums that tell where a damaged one ends. What a single command
//! looks like in bytes is `codec`'s, what a link consists of its parent's.

use super::bytes::{ReadError, Reader, Writer};
use super::codec;
use super::coder::{Decoder, Encoder, Field};
use crate::PlacedCommand;
use crate::limits::{LONGEST_RUN, SPELLED};
use base::{Digest, FlatMap, Str, Time};
use sim::Command;

/// Bits of a time that is not worth a change of unit.
const SHORT: u32 = 14;

/// One row per command: which command (spelt out the first time), and when. Times are counted from
/// the command before, in a unit that is a power of ten nanoseconds and changes rarely; 0 means
/// "right after it".
pub(super) struct Rows {
    /// Different commands, with how many bytes spell them.
    commands: Vec<(Command, usize)>,
    /// Where those of a digest are among them, for the writer.
    places: FlatMap<Digest, Vec<u64>>,
    /// Bytes that all rows together would take, spelled out.
    spelled: usize,
    exponent: u8,
    /// Did the unit change in the row before?
    changed: u32,
    last: Time,
    /// Of everything so far.
    pub(super) sum: u32,
}

impl Rows {
    /// The head is part of the sums: rows of another world do not fit it.
    pub(super) fn new(head: &[u8]) -> Rows {
        let sum = records::crc32c(head);
        let (commands, places) = (Vec::new(), FlatMap::new());
        Rows { commands, places, spelled: 0, exponent: 0, changed: 0, last: Time::ZERO, sum }
    }

    /// Bytes that spell all commands so far, each as often as it is done.
    pub(super) fn spelled(&self) -> usize {
        self.spelled
    }

    /// One byte of the sum over everything so far.
    pub(super) fn check(&self) -> u64 {
        u64::from(self.sum & 0xff)
    }

    /// Adds a row to the sum.
    fn add(&mut self, placed: &PlacedCommand, index: u64, spelling: &[u8]) {
        let mut bytes = self.sum.to_le_bytes().to_vec();
        bytes.extend_from_slice(&placed.after.0.to_le_bytes());
        bytes.extend_from_slice(&index.to_le_bytes());
        bytes.extend_from_slice(spelling);
        self.sum = records::crc32c(&bytes);
        self.last = placed.at();
    }

    /// Which command, then how long after the last one.
    pub(super) fn write(&mut self, coder: &mut Encoder, writer: &mut Writer, placed: &PlacedCommand) {
        let index = self.place_of(&placed.command);
        writer.bytes.clear();
        write_small(coder, Field::Command, index);
        if index == 0 {
            codec::write(writer, &placed.command);
            write_small(coder, Field::Spelling, writer.bytes.len() as u64);
            writer.bytes.iter().for_each(|byte| coder.byte(Field::Spelling, *byte));
            let places = self.places.entry(Digest::of(&placed.command)).or_default();
            self.commands.push((placed.command.clone(), writer.bytes.len()));
            places.push(self.commands.len() as u64);
        }
        let place = if index == 0 { self.commands.len() } else { index as usize } - 1;
        self.spelled += self.commands[place].1;
        let exponent = self.exponent_for(placed.after);
        let changes = u32::from(exponent != self.exponent);
        coder.bit(Field::UnitChanges, self.changed as usize, changes);
        if changes == 1 {
            coder.byte(Field::Unit, exponent);
        }
        (self.exponent, self.changed) = (exponent, changes);
        let unit = 10u64.pow(u32::from(exponent));
        coder.time(if placed.after <= self.last { 0 } else { placed.after.0 / unit - self.last.0 / unit });
        self.add(placed, index, &writer.bytes);
    }

    /// The number of a command that has been spelt out before, from 1; 0: it has not.
    fn place_of(&self, command: &Command) -> u64 {
        let places = self.places.get(&Digest::of(command));
        let is_it = |place: &&u64| self.commands[**place as usize - 1].0 == *command;
        places.and_then(|places| places.iter().find(is_it)).copied().unwrap_or(0)
    }

    /// The next row. What is read before an error is right, so that a link that was cut off still plays that far.
    pub(super) fn read(&mut self, coder: &mut Decoder<'_>, names: &mut Vec<Str>) -> Result<PlacedCommand, ReadError> {
        let index = read_small(coder, Field::Command)?;
        let mut spelling = Vec::new();
        if index == 0 {
            let length = read_small(coder, Field::Spelling)?;
            if length > SPELLED as u64 {
                return Err(ReadError::Nonsense);
            }
            for _ in 0..length {
                spelling.push(coder.byte(Field::Spelling));
                ensure(coder)?;
            }
            let mut reader = Reader::resume(&spelling, std::mem::take(names));
            self.commands.push((codec::read(&mut reader)?, spelling.len()));
            if reader.position() != spelling.len() {
                return Err(ReadError::Nonsense);
            }
            *names = reader.into_names();
        }
        let place = if index == 0 { self.commands.len() } else { index as usize } - 1;
        let (command, length) = self.commands.get(place).ok_or(ReadError::Nonsense)?;
        // A command that is repeated costs a link two bytes, but the reader a whole command each time.
        self.spelled += length;
        if self.spelled > SPELLED {
            return Err(ReadError::Nonsense);
        }
        let command = command.clone();
        let after = self.read_time(coder)?;
        ensure(coder)?;
        let placed = PlacedCommand { after, command };
        self.add(&placed, index, &spelling);
        Ok(placed)
    }

    /// Never before the row before, and never beyond the longest run.
    fn read_time(&mut self, coder: &mut Decoder<'_>) -> Result<Time, ReadError> {
        self.changed = coder.bit(Field::UnitChanges, self.changed as usize);
        if self.changed == 1 {
            self.exponent = coder.byte(Field::Unit);
        }
        if self.exponent > 12 {
            return Err(ReadError::Nonsense);
        }
        let unit = 10u64.pow(u32::from(self.exponent));
        let after = match coder.time()? {
            0 => self.last,
            units => {
                let units = (self.last.0 / unit).checked_add(units).ok_or(ReadError::Nonsense)?;
                Time(units.checked_mul(unit).ok_or(ReadError::Nonsense)?)
            }
        };
        if after < self.last || after > LONGEST_RUN { Err(ReadError::Nonsense) } else { Ok(after) }
    }

    /// The unit of before if it fits, the largest that does otherwise.
    fn exponent_for(&self, after: Time) -> u8 {
        let fits = |exponent: u8| {
            let unit = 10u64.pow(u32::from(exponent));
            after.0.is_multiple_of(unit) && after.0 / unit > self.last.0 / unit
        };
        let short = |exponent: u8| (after.0 - self.last.0) / 10u64.pow(u32::from(exponent)) < 1 << SHORT;
        if after <= self.last || (fits(self.exponent) && short(self.exponent)) {
            return self.exponent;
        }
        (0..=12).rev().find(|exponent| fits(*exponent)).unwrap_or(0)
    }
}

/// A number that is usually small: one byte, or 255 and the rest of it.
fn write_small(coder: &mut Encoder, field: Field, value: u64) {
    coder.byte(field, value.min(255) as u8);
    if value >= 255 {
        coder.plain(value - 255, 24);
    }
}

/// See `write_small`.
fn read_small(coder: &mut Decoder<'_>, field: Field) -> Result<u64, ReadError> {
    let value = match coder.byte(field) {
        255 => 255 + coder.plain(24),
        byte => u64::from(byte),
    };
    ensure(coder)?;
    Ok(value)
}

/// Are these really the next bits?
pub(super) fn right(coder: &mut Decoder<'_>, expected: u64, bits: u32) -> Result<(), ReadError> {
    let given = coder.plain(bits);
    ensure(coder)?;
    if given == expected { Ok(()) } else { Err(ReadError::Nonsense) }
}

/// Zeros behind the end are no rows.
fn ensure(coder: &Decoder<'_>) -> Result<(), ReadError> {
    if coder.overran() { Err(ReadError::End) } else { Ok(()) }
}

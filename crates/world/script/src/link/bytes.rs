//! Numbers and names in a link: LEB128 numbers, zigzag for signed ones, and names that are spelt
//! once and counted afterwards. A reader never trusts a length.

use crate::limits::{SETTINGS, TEXT};
use base::{FlatMap, Str};

/// Names that need not be spelt out. Part of the format: only ever extended at the end.
const KNOWN: &[&str] = &[
    "",
    "orders",
    "payments",
    "web",
    "app",
    "shop",
    "billing",
    "billing-1",
    "billing-2",
    "billing-3",
    "1",
    "2",
    "3",
    "4",
    "5",
    "c1",
    "c2",
    "c3",
    "order-1",
    "order-2",
    "order-3",
    "order-4",
    "order-5",
    "acks",
    "all",
    "0",
    "min.insync.replicas",
    "linger.ms",
    "enable.idempotence",
    "retries",
    "session.timeout.ms",
    "true",
    "false",
    "unclean.leader.election.enable",
    "replica.lag.time.max.ms",
    "broker.session.timeout.ms",
    "auto.offset.reset",
    "earliest",
    "latest",
    "none",
    "group.instance.id",
    "enable.auto.commit",
    "batch.size",
    "compression.type",
    "retention.ms",
    "segment.bytes",
    "cleanup.policy",
    "compact",
    "delete",
    "billing-4",
    "admin",
    "blumfeld",
    "opening",
    "topic-1",
    "producer-1",
    "consumer-1",
    "group-1",
    "A",
    "B",
    "C",
    "hello",
    "acks=all",
    "-1",
    "6000",
    "10000",
    "45000",
];
/// Why bytes could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// They end too early.
    End,
    /// They mean nothing.
    Nonsense,
}

/// Writes what a `Reader` reads. It remembers names, so that each is spelt once in a link.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    names: FlatMap<Str, u64>,
}

impl Writer {
    /// A form or an opcode.
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// LEB128: seven bits a byte, the least first, the top bit for "more follow".
    pub(crate) fn number(&mut self, value: u64) {
        self.wide(u128::from(value));
    }

    /// Beyond 64 bits only for the largest optional number.
    fn wide(&mut self, mut value: u128) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Zigzag, so that −1 takes one byte.
    pub(crate) fn signed(&mut self, value: i64) {
        self.number((value << 1 ^ value >> 63) as u64);
    }

    /// 0 for none, else zigzag and one more.
    pub(crate) fn optional_signed(&mut self, value: Option<i64>) {
        self.optional_number(value.map(|value| (value << 1 ^ value >> 63) as u64));
    }

    /// Eight bytes, the least first: a seed has no small values to favour.
    pub(crate) fn fixed(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A name: its number, or 0 and its spelling the first time.
    pub(crate) fn name(&mut self, name: &Str) {
        let known = KNOWN.iter().position(|known| **known == **name).map(|index| index as u64);
        let own = self.names.get(name).map(|index| KNOWN.len() as u64 + index);
        if let Some(number) = known.or(own) {
            return self.number(number + 1);
        }
        self.number(0);
        self.number(name.len() as u64);
        self.bytes.extend_from_slice(name.as_bytes());
        self.names.insert(name.clone(), self.names.len() as u64);
    }

    /// A flag, then the name.
    pub(crate) fn optional(&mut self, name: Option<&Str>) {
        self.byte(u8::from(name.is_some()));
        name.into_iter().for_each(|name| self.name(name));
    }

    /// 0 for none.
    pub(crate) fn optional_number(&mut self, value: Option<u64>) {
        // Numbers are moved up by one, the largest of all beyond its 64 bits.
        self.wide(value.map_or(0, |value| u128::from(value) + 1));
    }

    /// Count, then each.
    pub(crate) fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Writer, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| each(self, item));
    }

    /// Name and value in turn, in order of names.
    pub(crate) fn settings(&mut self, settings: &FlatMap<Str, Str>) {
        self.number(settings.len() as u64);
        for (name, value) in settings {
            self.name(name);
            self.name(value);
        }
    }
}

/// Reads what somebody claims to be a link: every length is checked before anything is made of it.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    names: Vec<Str>,
}

impl<'a> Reader<'a> {
    /// From the beginning, with no name known but those of the format.
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0, names: Vec::new() }
    }

    /// Goes on with the names of an earlier reader.
    pub(crate) fn resume(bytes: &'a [u8], names: Vec<Str>) -> Reader<'a> {
        Reader { bytes, at: 0, names }
    }

    /// For the next reader of the same link.
    pub(crate) fn into_names(self) -> Vec<Str> {
        self.names
    }

    /// How many bytes are read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8, ReadError> {
        let byte = *self.bytes.get(self.at).ok_or(ReadError::End)?;
        self.at += 1;
        Ok(byte)
    }

    /// In as few bytes as it needs: a number that is padded is nonsense, so that each link has one spelling.
    pub(crate) fn number(&mut self) -> Result<u64, ReadError> {
        u64::try_from(self.wide()?).map_err(|_| ReadError::Nonsense)
    }

    /// A number of up to 70 bits, in as few bytes as it needs.
    fn wide(&mut self) -> Result<u128, ReadError> {
        let mut value = 0u128;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if byte == 0 && shift > 0 { Err(ReadError::Nonsense) } else { Ok(value) };
            }
        }
        Err(ReadError::Nonsense)
    }

    /// A number that must fit its type.
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, ReadError> {
        T::try_from(self.number()?).map_err(|_| ReadError::Nonsense)
    }

    /// See `Writer::signed`.
    pub(crate) fn signed<T: TryFrom<i64>>(&mut self) -> Result<T, ReadError> {
        let value = self.number()?;
        T::try_from(unfold(value)).map_err(|_| ReadError::Nonsense)
    }

    /// See `Writer::optional_signed`.
    pub(crate) fn optional_signed<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, ReadError> {
        let value = self.optional_number::<u64>()?.map(unfold);
        value.map(T::try_from).transpose().map_err(|_| ReadError::Nonsense)
    }

    /// See `Writer::fixed`.
    pub(crate) fn fixed(&mut self) -> Result<u64, ReadError> {
        let bytes = self.take(8)?;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// 0 or 1; anything else was not written by us.
    pub(crate) fn flag(&mut self) -> Result<bool, ReadError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _neither => Err(ReadError::Nonsense),
        }
    }

    /// By its number, or spelt out.
    pub(crate) fn name(&mut self) -> Result<Str, ReadError> {
        let number = self.number()?;
        let Some(index) = number.checked_sub(1) else { return self.new_name() };
        let index = usize::try_from(index).map_err(|_| ReadError::Nonsense)?;
        match KNOWN.get(index) {
            Some(known) => Ok(Str::from(*known)),
            None => self.names.get(index - KNOWN.len()).cloned().ok_or(ReadError::Nonsense),
        }
    }

    /// See `Writer::optional`.
    pub(crate) fn optional(&mut self) -> Result<Option<Str>, ReadError> {
        if self.flag()? { self.name().map(Some) } else { Ok(None) }
    }

    /// See `Writer::optional_number`.
    pub(crate) fn optional_number<T: TryFrom<u64>>(&mut self) -> Result<Option<T>, ReadError> {
        match self.wide()?.checked_sub(1) {
            None => Ok(None),
            Some(value) => {
                let value = u64::try_from(value).map_err(|_| ReadError::Nonsense)?;
                T::try_from(value).map(Some).map_err(|_| ReadError::Nonsense)
            }
        }
    }

    /// At most so many: the count is looked at before any memory is taken for it.
    pub(crate) fn list<T>(
        &mut self,
        most: usize,
        mut each: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let count = self.number()?;
        if count > most as u64 {
            return Err(ReadError::Nonsense);
        }
        (0..count).map(|_| each(self)).collect()
    }

    /// No name twice.
    pub(crate) fn settings(&mut self) -> Result<FlatMap<Str, Str>, ReadError> {
        let pairs = self.list(SETTINGS, |reader| Ok((reader.name()?, reader.name()?)))?;
        let count = pairs.len();
        let settings: FlatMap<Str, Str> = pairs.into_iter().collect();
        if settings.len() == count { Ok(settings) } else { Err(ReadError::Nonsense) }
    }

    /// From now on it has a number.
    fn new_name(&mut self) -> Result<Str, ReadError> {
        let length: usize = self.small()?;
        if length > TEXT {
            return Err(ReadError::Nonsense);
        }
        let name: Str = std::str::from_utf8(self.take(length)?).map_err(|_| ReadError::Nonsense)?.into();
        self.names.push(name.clone());
        Ok(name)
    }

    /// So many bytes, if they are there.
    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let end = self.at.checked_add(length).ok_or(ReadError::Nonsense)?;
        let bytes = self.bytes.get(self.at..end).ok_or(ReadError::End)?;
        self.at = end;
        Ok(bytes)
    }
}

/// Zigzag: small numbers of either sign are small.
fn unfold(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

//! Names and numbers that travel, each a type of its own.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An immutable, cheaply cloned name (topic, group, host, client id).
pub type Str = Arc<str>;

/// A consumer group's name.
pub type GroupId = Str;

/// A partition's number within its topic, from 0.
pub type PartitionId = i32;

/// A place in the world (architecture: two names). Two clusters may both have a broker 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProcessId(pub u32);

/// Kafka's `node.id` inside one cluster; brokers and controllers share the number space.
/// `BrokerId::NONE` (−1) is "nobody".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BrokerId(pub i32);

impl BrokerId {
    pub const NONE: BrokerId = BrokerId(-1);

    pub fn is_none(self) -> bool {
        self.0 < 0
    }

    /// `Some(self)` unless it is −1.
    pub fn known(self) -> Option<BrokerId> {
        (self.0 >= 0).then_some(self)
    }
}

/// One end's number for a connection. A process numbers what it opens even; its driver numbers
/// what it accepts odd. The two ends of one connection have different numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ConnectionId(pub u64);

/// An address that a process can connect to: host and port, as in `advertised.listeners`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    pub host: Str,
    pub port: u16,
}

/// Which of a broker's listeners, counted from 0 in the order of `listeners`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListenerIndex(pub u8);

impl ListenerIndex {
    /// The only one of most brokers.
    pub const FIRST: ListenerIndex = ListenerIndex(0);
}

/// Runs of brokers with one listener keep the digests that they had before there were several.
impl Hash for ListenerIndex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if *self != ListenerIndex::FIRST {
            self.0.hash(state);
        }
    }
}

/// Where a broker is reached, by the name of its listener (`advertised.listeners`). In the order in which it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints(Vec<(Str, Endpoint)>);

/// As [`ListenerIndex`]: one that is called as Kafka calls it by itself counts as its address alone.
impl Hash for Endpoints {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0.as_slice() {
            [(name, endpoint)] if **name == *Endpoints::PLAINTEXT => endpoint.hash(state),
            several => several.hash(state),
        }
    }
}

impl Endpoints {
    /// What Kafka calls a listener without security that nobody has named.
    pub const PLAINTEXT: &'static str = "PLAINTEXT";

    /// The address of the listener that nobody has named.
    pub fn plaintext(endpoint: Endpoint) -> Endpoints {
        Endpoints(vec![(Endpoints::PLAINTEXT.into(), endpoint)])
    }

    pub fn new(named: Vec<(Str, Endpoint)>) -> Endpoints {
        Endpoints(named)
    }

    /// By the listener's name; `None`: there it is not reached.
    pub fn of(&self, listener: &str) -> Option<&Endpoint> {
        self.0.iter().find(|(name, _)| **name == *listener).map(|(_, endpoint)| endpoint)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Endpoint)> {
        self.0.iter().map(|(name, endpoint)| (name, endpoint))
    }

    /// Has it listeners that somebody has named?
    pub fn are_named(&self) -> bool {
        !matches!(self.0.as_slice(), [(name, _)] if **name == *Endpoints::PLAINTEXT)
    }
}

/// A topic's 128-bit id (KIP-516). Zero is "no topic".
///
/// Packed: aligned to 16 bytes it would make everything that holds one a quarter larger, and wasm's allocator
/// has a slow path for such lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(Rust, packed(8))]
pub struct TopicId(pub u128);

impl TopicId {
    pub const ZERO: TopicId = TopicId(0);
    /// The reserved id of `__cluster_metadata`.
    pub const METADATA: TopicId = TopicId(1);

    /// The id that Kafka prints so: 22 digits of URL-safe base64 without padding. `None` for anything else.
    pub fn parse(text: &str) -> Option<TopicId> {
        let mut id = 0;
        for (index, byte) in text.bytes().enumerate() {
            let digit = DIGITS.iter().position(|digit| *digit == byte)? as u128;
            let shift = 122 - 6 * index as i32;
            if shift < -4 || (shift < 0 && digit & 15 != 0) {
                return None;
            }
            id |= if shift >= 0 { digit << shift } else { digit >> -shift };
        }
        (text.len() == 22).then_some(TopicId(id))
    }
}

/// Base64 as in URLs.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A partition as the hot path names it: topic id and number; ordered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TopicIdPartition {
    pub topic: TopicId,
    pub partition: PartitionId,
}

/// What deriving would give, but with equal topics as the likely case: every lookup of the hot path
/// compares partitions of one topic.
impl Ord for TopicIdPartition {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self.topic == other.topic { self.partition.cmp(&other.partition) } else { self.topic.cmp(&other.topic) }
    }
}

impl PartialOrd for TopicIdPartition {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A partition as people and clients name it: topic name and number; ordered so, displays as `orders-1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicPartition {
    pub topic: Str,
    pub partition: PartitionId,
}

/// What deriving would give; names that are the very same are not read.
impl Ord for TopicPartition {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let partitions = || self.partition.cmp(&other.partition);
        if Arc::ptr_eq(&self.topic, &other.topic) {
            return partitions();
        }
        self.topic.cmp(&other.topic).then_with(partitions)
    }
}

impl PartialOrd for TopicPartition {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A position in a log. As an end it is exclusive: the next offset to be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Offset(pub i64);

impl Offset {
    pub const ZERO: Offset = Offset(0);
    /// −1 on the wire: unknown or undefined.
    pub const UNDEFINED: Offset = Offset(-1);

    /// The offset `count` places later.
    pub fn plus(self, count: i64) -> Offset {
        Offset(self.0 + count)
    }

    /// How many offsets lie between `earlier` and this one; negative when it is not earlier.
    pub fn since(self, earlier: Offset) -> i64 {
        self.0 - earlier.0
    }
}

/// The number of a leader's reign over one partition, or of a quorum leader's over the metadata log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LeaderEpoch(pub i32);

impl LeaderEpoch {
    /// −1 on the wire: unknown, not checked.
    pub const UNDEFINED: LeaderEpoch = LeaderEpoch(-1);
}

/// An idempotent producer's identity, handed out by brokers. −1 is "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProducerId(pub i64);

impl ProducerId {
    pub const NONE: ProducerId = ProducerId(-1);
}

impl Default for ProducerId {
    fn default() -> Self {
        ProducerId::NONE
    }
}

impl TopicPartition {
    pub fn new(topic: impl Into<Str>, partition: PartitionId) -> TopicPartition {
        TopicPartition { topic: topic.into(), partition }
    }
}

macro_rules! display_number {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
display_number!(ProcessId BrokerId ConnectionId Offset LeaderEpoch ProducerId);

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// As `advertised.listeners` has them, the only unnamed one as its address.
impl fmt::Display for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, endpoint)) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            if self.are_named() {
                write!(f, "{comma}{name}://{endpoint}")?;
            } else {
                endpoint.fmt(f)?;
            }
        }
        Ok(())
    }
}

/// Kafka's own text form of a topic id: URL-safe base64 of its 16 bytes, 22 characters.
impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 22 digits of 6 bits cover 132 bits: the last digit carries 2 bits followed by 4 zeros.
        let digit = |index: usize| {
            let shift = 122 - 6 * index as i32;
            let digit = if shift >= 0 { self.0 >> shift } else { self.0 << -shift };
            DIGITS[(digit & 63) as usize]
        };
        let text: [u8; 22] = std::array::from_fn(digit);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::TopicId;

    #[test]
    fn topic_ids_are_read_as_they_are_printed() {
        for id in [0, 1, 7, u128::MAX, 0x0123_4567_89ab_cdef_fedc_ba98_7654_3210] {
            assert_eq!(TopicId::parse(&TopicId(id).to_string()), Some(TopicId(id)));
        }
        let (short, long, odd) = ("AAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB");
        assert_eq!([short, long, odd, "AAAAAAAAAAAAAAAAAAAA+A", ""].map(TopicId::parse), [None; 5]);
    }
}

//! The 61 bytes at the front of a record batch v2, field by field. Nothing is checked here beyond
//! the length; [`crate::Batch`] does the checking. Kafka: `DefaultRecordBatch`.

use crate::compression::Compression;
use base::{LeaderEpoch, Offset, ProducerId, Timestamp};

/// Bytes of a batch without its records.
pub const HEADER_SIZE: usize = 61;
/// Bytes before what the length field counts: base offset and the length itself.
pub const OFFSET_AND_LENGTH: usize = 12;
/// Bytes that a leader may patch without a new checksum: base offset, length, leader epoch.
pub const PREFIX_SIZE: usize = 16;
/// The checksum covers everything from here to the end.
pub(crate) const CRC_COVERS_FROM: usize = 21;
/// The only record format that 4.x writes.
pub(crate) const MAGIC: u8 = 2;

pub(crate) mod attribute {
    pub(crate) const COMPRESSION: i16 = 0b111;
    pub(crate) const LOG_APPEND_TIME: i16 = 1 << 3;
    pub(crate) const TRANSACTIONAL: i16 = 1 << 4;
    pub(crate) const CONTROL: i16 = 1 << 5;
    pub(crate) const DELETE_HORIZON: i16 = 1 << 6;
}

/// Who set the records' timestamps (`message.timestamp.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TimestampType {
    /// The producer.
    #[default]
    CreateTime,
    /// The leader, at append; then every record has the batch's max timestamp.
    LogAppendTime,
}

/// Every header field as it stands in the bytes, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BatchHeader {
    /// Offset of the first record's slot; producers send 0.
    pub base_offset: Offset,
    /// Bytes after this field: the whole batch is 12 more.
    pub batch_length: i32,
    /// Written by the leader at append; producers send −1.
    pub leader_epoch: LeaderEpoch,
    pub magic: u8,
    /// CRC-32C of bytes 21 to the end.
    pub crc: u32,
    pub attributes: i16,
    pub last_offset_delta: i32,
    /// The first record's timestamp, or the delete horizon when attribute bit 6 is set.
    pub base_timestamp: Timestamp,
    pub max_timestamp: Timestamp,
    pub producer_id: ProducerId,
    pub producer_epoch: i16,
    pub base_sequence: i32,
    pub record_count: i32,
}

impl BatchHeader {
    /// Reads the first 61 bytes; `None` when there are fewer.
    pub fn parse(bytes: &[u8]) -> Option<BatchHeader> {
        let header: &[u8; HEADER_SIZE] = bytes.first_chunk()?;
        Some(BatchHeader {
            base_offset: Offset(long(header, 0)),
            batch_length: int(header, 8),
            leader_epoch: LeaderEpoch(int(header, 12)),
            magic: header[16],
            crc: int(header, 17) as u32,
            attributes: short(header, 21),
            last_offset_delta: int(header, 23),
            base_timestamp: Timestamp(long(header, 27)),
            max_timestamp: Timestamp(long(header, 35)),
            producer_id: ProducerId(long(header, 43)),
            producer_epoch: short(header, 51),
            base_sequence: int(header, 53),
            record_count: int(header, 57),
        })
    }

    /// The 61 bytes again.
    pub fn to_bytes(&self) -> [u8; HEADER_SIZE] {
        let mut bytes = [0; HEADER_SIZE];
        bytes[0..8].copy_from_slice(&self.base_offset.0.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.batch_length.to_be_bytes());
        bytes[12..16].copy_from_slice(&self.leader_epoch.0.to_be_bytes());
        bytes[16] = self.magic;
        bytes[17..21].copy_from_slice(&self.crc.to_be_bytes());
        bytes[21..23].copy_from_slice(&self.attributes.to_be_bytes());
        bytes[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        bytes[27..35].copy_from_slice(&self.base_timestamp.0.to_be_bytes());
        bytes[35..43].copy_from_slice(&self.max_timestamp.0.to_be_bytes());
        bytes[43..51].copy_from_slice(&self.producer_id.0.to_be_bytes());
        bytes[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        bytes[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        bytes[57..61].copy_from_slice(&self.record_count.to_be_bytes());
        bytes
    }

    /// `None` for the codec numbers 5 to 7, which nothing uses.
    pub fn compression(&self) -> Option<Compression> {
        Compression::from_id(self.attributes & attribute::COMPRESSION)
    }

    pub fn timestamp_type(&self) -> TimestampType {
        match self.attributes & attribute::LOG_APPEND_TIME {
            0 => TimestampType::CreateTime,
            _ => TimestampType::LogAppendTime,
        }
    }

    /// The last offset the batch covers; compaction may have removed its record.
    pub fn last_offset(&self) -> Offset {
        Offset(self.base_offset.0.wrapping_add(i64::from(self.last_offset_delta)))
    }

    /// −1 when the batch has no sequence; wraps from the largest number to 0.
    pub fn last_sequence(&self) -> i32 {
        self.sequence_at(self.last_offset_delta)
    }

    /// The sequence number of the record at `offset_delta`; −1 when the batch has none.
    pub(crate) fn sequence_at(&self, offset_delta: i32) -> i32 {
        sequence_at(self.base_sequence, offset_delta)
    }

    /// When tombstones and markers of this batch may go (KIP-534); set by compaction.
    pub fn delete_horizon(&self) -> Option<Timestamp> {
        (self.attributes & attribute::DELETE_HORIZON != 0).then_some(self.base_timestamp)
    }
}

/// The sequence number of the record at `offset_delta` of a batch that begins with `base`; −1 when the batch has none.
pub(crate) fn sequence_at(base: i32, offset_delta: i32) -> i32 {
    if base < 0 { -1 } else { increment_sequence(base, offset_delta) }
}

/// A sequence number `increment` later; after 2147483647 comes 0.
pub fn increment_sequence(sequence: i32, increment: i32) -> i32 {
    sequence.wrapping_add(increment) & i32::MAX
}

pub(crate) fn short(bytes: &[u8], at: usize) -> i16 {
    i16::from_be_bytes(run(bytes, at))
}

pub(crate) fn int(bytes: &[u8], at: usize) -> i32 {
    i32::from_be_bytes(run(bytes, at))
}

pub(crate) fn long(bytes: &[u8], at: usize) -> i64 {
    i64::from_be_bytes(run(bytes, at))
}

/// The bytes of one field, looked at once.
#[inline]
fn run<const LENGTH: usize>(bytes: &[u8], at: usize) -> [u8; LENGTH] {
    *bytes[at..].first_chunk().expect("whoever reads a field has seen that the header is there")
}

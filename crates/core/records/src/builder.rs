//! Writing a batch, byte for byte as `MemoryRecordsBuilder` writes it (uncompressed; compressed
//! bytes are our encoders' own and decode to the same records).

use crate::batch::{Batch, Trace};
use crate::compression::{Compression, compress};
use crate::control::ControlType;
use crate::header::{BatchHeader, HEADER_SIZE, MAGIC, attribute};
use crate::record::{Body, Header};
use base::{ErrorCode, LeaderEpoch, Offset, ProducerId, Timestamp};
use bytes::Bytes;

/// A record that has no place in a log yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct NewRecord {
    pub timestamp: Timestamp,
    pub key: Option<Bytes>,
    /// `None` is a tombstone.
    pub value: Option<Bytes>,
    pub headers: Vec<Header>,
}

/// Collects records and makes a [`Batch`] of them.
///
/// ```
/// use base::Timestamp;
/// use records::{BatchBuilder, NewRecord};
/// let value = Some("hello".into());
/// let batch = BatchBuilder::new().record(&NewRecord { timestamp: Timestamp(7), value, ..Default::default() }).build();
/// assert_eq!(batch.records().unwrap()[0].value.as_deref(), Some(&b"hello"[..]));
/// ```
#[derive(Clone, Debug, Hash)]
pub struct BatchBuilder {
    header: BatchHeader,
    compression: Compression,
    trace: Option<Trace>,
    next_offset: Offset,
    /// Room for the header, then the records; empty before the first one.
    bytes: Vec<u8>,
}

/// What a batch of a few records takes.
const FIRST_ROOM: usize = 256;

impl Default for BatchBuilder {
    fn default() -> Self {
        BatchBuilder::new()
    }
}

impl BatchBuilder {
    /// As a producer begins: offset 0, leader epoch −1, no producer id, uncompressed, CreateTime.
    pub fn new() -> BatchBuilder {
        let header = BatchHeader {
            base_offset: Offset::ZERO,
            batch_length: 0,
            leader_epoch: LeaderEpoch::UNDEFINED,
            magic: MAGIC,
            crc: 0,
            attributes: 0,
            last_offset_delta: -1,
            base_timestamp: Timestamp(-1),
            max_timestamp: Timestamp(-1),
            producer_id: ProducerId::NONE,
            producer_epoch: -1,
            base_sequence: -1,
            record_count: 0,
        };
        let (compression, next_offset) = (Compression::None, Offset::ZERO);
        BatchBuilder { header, compression, trace: None, next_offset, bytes: Vec::new() }
    }

    /// Where the batch begins and under which leader. To be called before the first record.
    pub fn at(mut self, base_offset: Offset, leader_epoch: LeaderEpoch) -> BatchBuilder {
        assert!(self.header.record_count == 0, "the place of a batch is set before its records");
        self.header.base_offset = base_offset;
        self.header.leader_epoch = leader_epoch;
        self.next_offset = base_offset;
        self
    }

    /// An idempotent producer's identity and the sequence number of the first record.
    pub fn producer(mut self, id: ProducerId, epoch: i16, base_sequence: i32) -> BatchBuilder {
        self.header.producer_id = id;
        self.header.producer_epoch = epoch;
        self.header.base_sequence = base_sequence;
        self
    }

    /// Marks the batch as part of a transaction.
    pub fn transactional(mut self) -> BatchBuilder {
        self.header.attributes |= attribute::TRANSACTIONAL;
        self
    }

    /// # Errors
    /// `UnsupportedCompressionType` when this build has no such codec (zstd in the page).
    pub fn compression(mut self, codec: Compression) -> Result<BatchBuilder, ErrorCode> {
        if !codec.is_available() {
            return Err(ErrorCode::UnsupportedCompressionType);
        }
        self.compression = codec;
        Ok(self)
    }

    /// Every record gets the broker's time instead of its own.
    pub fn log_append_time(mut self, now: Timestamp) -> BatchBuilder {
        self.header.attributes |= attribute::LOG_APPEND_TIME;
        self.header.max_timestamp = now;
        self
    }

    pub fn trace(mut self, trace: Option<Trace>) -> BatchBuilder {
        self.trace = trace;
        self
    }

    /// A control batch's one record: kind and value (markers: [`crate::EndTransactionMarker`]).
    pub fn control(mut self, kind: ControlType, value: Bytes, timestamp: Timestamp) -> BatchBuilder {
        self.header.attributes |= attribute::CONTROL;
        let (key, value) = (Some(kind.key()), Some(value));
        self.record(&NewRecord { timestamp, key, value, headers: Vec::new() })
    }

    /// Appends a record at the next offset.
    pub fn record(mut self, record: &NewRecord) -> BatchBuilder {
        self.append(record);
        self
    }

    /// Appends a record at the next offset.
    pub fn append(&mut self, record: &NewRecord) {
        self.append_at(self.next_offset, record);
    }

    /// Appends a record at an offset of its own; compaction leaves such gaps.
    pub fn append_at(&mut self, offset: Offset, record: &NewRecord) {
        assert!(offset >= self.next_offset, "offsets in a batch rise");
        if self.header.record_count == 0 {
            self.header.base_timestamp = record.timestamp;
            self.bytes.reserve(FIRST_ROOM);
            self.bytes.resize(HEADER_SIZE, 0);
        }
        let body = self.body(offset, record);
        body.write(&mut self.bytes);
        self.header.last_offset_delta = offset.since(self.header.base_offset) as i32;
        self.header.record_count += 1;
        self.next_offset = offset.plus(1);
        if self.header.attributes & attribute::LOG_APPEND_TIME == 0 {
            self.header.max_timestamp = self.header.max_timestamp.max(record.timestamp);
        }
    }

    fn body<'a>(&self, offset: Offset, record: &'a NewRecord) -> Body<'a> {
        Body {
            timestamp_delta: record.timestamp.0.wrapping_sub(self.header.base_timestamp.0),
            offset_delta: offset.since(self.header.base_offset) as i32,
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: &record.headers,
        }
    }

    /// How large the batch is now, uncompressed, in bytes.
    pub fn size(&self) -> u32 {
        self.bytes.len().max(HEADER_SIZE) as u32
    }

    /// How much larger `record` would make the batch, uncompressed, in bytes.
    pub fn size_of(&self, record: &NewRecord) -> u32 {
        let first = self.header.record_count == 0;
        let mut body = self.body(self.next_offset, record);
        if first {
            body.timestamp_delta = 0;
        }
        body.size_with_length()
    }

    pub fn record_count(&self) -> u32 {
        self.header.record_count as u32
    }

    /// The batch, with length and checksum.
    ///
    /// # Panics
    /// Without any record: Kafka never writes such a batch except in compaction.
    pub fn build(mut self) -> Batch {
        assert!(self.header.record_count > 0, "a batch has at least one record");
        self.header.attributes |= self.compression.id();
        let bytes = match self.compression {
            Compression::None => self.bytes,
            Compression::Gzip | Compression::Snappy | Compression::Lz4 | Compression::Zstd => {
                let compressed = compress(self.compression, self.bytes.split_off(HEADER_SIZE));
                self.bytes.extend_from_slice(&compressed);
                self.bytes
            }
        };
        Batch::with_header(self.header, bytes).with_trace(self.trace)
    }
}

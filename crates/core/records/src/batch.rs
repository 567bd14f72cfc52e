//! One record batch: its bytes, checked once, with offset and leader epoch patched beside them.
//!
//! Bytes are immutable and shared; [`Batch::assign`] replaces only two numbers that lie before what
//! the checksum covers, so payload is never copied between producer, leader, follower and consumer.

use crate::checksum::crc32c;
use crate::compression::{Compression, decompress};
use crate::control::ControlType;
use crate::header::{self, BatchHeader, CRC_COVERS_FROM, HEADER_SIZE, OFFSET_AND_LENGTH, PREFIX_SIZE, TimestampType};
use crate::header::{attribute, int, long, short};
use crate::record::{Record, decode_records};
use base::{ErrorCode, LeaderEpoch, Offset, ProcessId, ProducerId, Timestamp};
use bytes::Bytes;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The ledger's side channel: which of its producer's records these are, by the running number that
/// each got when it was made, from 0. A batch holds one partition's records, so numbers may have
/// gaps. Bytes do not show it; equality and `Hash` of a batch ignore it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace {
    pub producer: ProcessId,
    /// One per record of the batch, in order.
    pub indexes: Arc<[u64]>,
}

impl Trace {
    /// The running number of the record whose offset is `offset_delta` after the batch's first.
    pub fn index_at(&self, offset_delta: i64) -> Option<u64> {
        self.indexes.get(usize::try_from(offset_delta).ok()?).copied()
    }
}

/// A record batch v2 whose length, format and checksum are known to be right. Cheap to clone.
#[derive(Clone)]
pub struct Batch {
    /// The batch as it came, or all of it but the prefix. A prefix may be older than the two fields below.
    origin: Bytes,
    /// How many bytes of the batch `origin` lacks at the front: 0 or [`PREFIX_SIZE`].
    missing: u8,
    base_offset: Offset,
    leader_epoch: LeaderEpoch,
    trace: Option<Trace>,
}

impl Batch {
    /// Checks foreign bytes: exactly one batch, format 2, a codec that exists, the right checksum.
    ///
    /// # Errors
    /// `CorruptMessage` for a wrong length, an unknown format or a wrong checksum; `InvalidRecord`
    /// for the formats 0 and 1 and for more than one batch (`ProduceRequest.validateRecords`);
    /// `UnsupportedCompressionType` for the codec numbers 5 to 7.
    pub fn verify(bytes: Bytes) -> Result<Batch, ErrorCode> {
        let batch = Batch::trusted(bytes)?;
        if crc32c(batch.behind(CRC_COVERS_FROM)) != batch.crc() {
            return Err(ErrorCode::CorruptMessage);
        }
        Ok(batch)
    }

    /// Takes bytes that this process itself has verified before (its own log): everything but the
    /// checksum is looked at.
    ///
    /// # Errors
    /// As [`Batch::verify`], without the checksum.
    pub fn trusted(bytes: Bytes) -> Result<Batch, ErrorCode> {
        let front = bytes.first_chunk::<PREFIX_SIZE>().ok_or(ErrorCode::CorruptMessage)?;
        let size = i64::from(int(front, 8)) + OFFSET_AND_LENGTH as i64;
        let (base_offset, leader_epoch) = (Offset(long(front, 0)), LeaderEpoch(int(front, 12)));
        let magic = *bytes.get(PREFIX_SIZE).ok_or(ErrorCode::CorruptMessage)?;
        check_magic(magic)?;
        if size < HEADER_SIZE as i64 || size > bytes.len() as i64 {
            return Err(ErrorCode::CorruptMessage);
        }
        if size < bytes.len() as i64 {
            return Err(ErrorCode::InvalidRecord);
        }
        Batch { origin: bytes, missing: 0, base_offset, leader_epoch, trace: None }.with_known_codec()
    }

    /// Takes the part of a batch behind its first 16 bytes, from this process's own log, with the offset
    /// and epoch that the log's index has for it. Nothing is copied, whatever pieces the log consists of.
    ///
    /// # Errors
    /// As [`Batch::trusted`].
    pub fn trusted_behind_prefix(
        base_offset: Offset,
        leader_epoch: LeaderEpoch,
        body: Bytes,
    ) -> Result<Batch, ErrorCode> {
        if body.len() < HEADER_SIZE - PREFIX_SIZE {
            return Err(ErrorCode::CorruptMessage);
        }
        check_magic(body[0])?;
        let missing = PREFIX_SIZE as u8;
        Batch { origin: body, missing, base_offset, leader_epoch, trace: None }.with_known_codec()
    }

    fn with_known_codec(self) -> Result<Batch, ErrorCode> {
        match Compression::from_id(self.attributes() & attribute::COMPRESSION) {
            Some(_) => Ok(self),
            None => Err(ErrorCode::UnsupportedCompressionType),
        }
    }

    /// The same batch at another place in a log: new base offset and leader epoch, same payload,
    /// same checksum, same trace.
    pub fn assign(&self, base_offset: Offset, leader_epoch: LeaderEpoch) -> Batch {
        Batch { base_offset, leader_epoch, ..self.clone() }
    }

    /// The same batch with the ledger's side channel set.
    pub fn with_trace(self, trace: Option<Trace>) -> Batch {
        Batch { trace, ..self }
    }

    /// The same batch stamped by the broker (`message.timestamp.type=LogAppendTime`): type bit, max
    /// timestamp and, since both are covered by it, checksum are new, so the payload is copied.
    pub fn with_log_append_time(&self, now: Timestamp) -> Batch {
        let mut header = self.header();
        header.attributes |= attribute::LOG_APPEND_TIME;
        header.max_timestamp = now;
        Batch::from_parts(header, self.behind(HEADER_SIZE)).with_trace(self.trace.clone())
    }

    /// Puts header and records together; length and checksum are computed.
    pub(crate) fn from_parts(header: BatchHeader, records: &[u8]) -> Batch {
        let mut bytes = Vec::with_capacity(HEADER_SIZE + records.len());
        bytes.resize(HEADER_SIZE, 0);
        bytes.extend_from_slice(records);
        Batch::with_header(header, bytes)
    }

    /// Writes the header into the room before the records; length and checksum are computed.
    pub(crate) fn with_header(mut header: BatchHeader, mut bytes: Vec<u8>) -> Batch {
        header.batch_length = (bytes.len() - OFFSET_AND_LENGTH) as i32;
        bytes[..HEADER_SIZE].copy_from_slice(&header.to_bytes());
        let crc = crc32c(&bytes[CRC_COVERS_FROM..]);
        bytes[17..CRC_COVERS_FROM].copy_from_slice(&crc.to_be_bytes());
        let Ok(batch) = Batch::trusted(bytes.into()) else { unreachable!("a header that this crate wrote is sound") };
        batch
    }

    /// The bytes from `at` on, which must not lie in the prefix.
    fn behind(&self, at: usize) -> &[u8] {
        &self.origin[at - usize::from(self.missing)..]
    }

    fn prefix(&self) -> [u8; PREFIX_SIZE] {
        let mut prefix = [0; PREFIX_SIZE];
        prefix[0..8].copy_from_slice(&self.base_offset.0.to_be_bytes());
        prefix[8..12].copy_from_slice(&(self.size() as i32 - OFFSET_AND_LENGTH as i32).to_be_bytes());
        prefix[12..16].copy_from_slice(&self.leader_epoch.0.to_be_bytes());
        prefix
    }

    /// Is `origin` the whole batch as it is now?
    fn is_whole(&self, prefix: &[u8; PREFIX_SIZE]) -> bool {
        self.missing == 0 && self.origin.starts_with(prefix)
    }

    /// The batch as one piece. Copies only when it was patched and never written since.
    pub fn bytes(&self) -> Bytes {
        let prefix = self.prefix();
        if self.is_whole(&prefix) {
            return self.origin.clone();
        }
        [&prefix, self.behind(PREFIX_SIZE)].concat().into()
    }

    /// The batch as two pieces, for a gathering write: payload is never copied. The second piece is
    /// empty when the first is the whole batch.
    pub fn parts(&self) -> [Bytes; 2] {
        let prefix = self.prefix();
        if self.is_whole(&prefix) {
            return [self.origin.clone(), Bytes::new()];
        }
        [Bytes::copy_from_slice(&prefix), self.origin.slice(PREFIX_SIZE - usize::from(self.missing)..)]
    }

    /// All header fields at once.
    pub fn header(&self) -> BatchHeader {
        let Some(header) = BatchHeader::parse(&self.header_bytes()) else { unreachable!("61 bytes are enough") };
        header
    }

    /// The 61 header bytes, patched.
    pub fn header_bytes(&self) -> [u8; HEADER_SIZE] {
        let mut bytes = [0; HEADER_SIZE];
        bytes[..PREFIX_SIZE].copy_from_slice(&self.prefix());
        bytes[PREFIX_SIZE..].copy_from_slice(&self.behind(PREFIX_SIZE)[..HEADER_SIZE - PREFIX_SIZE]);
        bytes
    }

    /// What follows the header, compressed as it is.
    pub fn payload(&self) -> Bytes {
        self.origin.slice(HEADER_SIZE - usize::from(self.missing)..)
    }

    /// The whole batch in bytes.
    pub fn size(&self) -> u32 {
        self.origin.len() as u32 + u32::from(self.missing)
    }

    pub fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }
    pub fn base_offset(&self) -> Offset {
        self.base_offset
    }
    pub fn last_offset(&self) -> Offset {
        Offset(self.base_offset.0.wrapping_add(i64::from(self.last_offset_delta())))
    }
    /// The offset after the last one: where the next batch begins.
    pub fn next_offset(&self) -> Offset {
        Offset(self.last_offset().0.wrapping_add(1))
    }
    pub fn last_offset_delta(&self) -> i32 {
        int(self.behind(23), 0)
    }
    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }
    pub fn crc(&self) -> u32 {
        int(self.behind(17), 0) as u32
    }
    pub fn attributes(&self) -> i16 {
        short(self.behind(21), 0)
    }
    pub fn compression(&self) -> Compression {
        let Some(codec) = Compression::from_id(self.attributes() & attribute::COMPRESSION) else {
            unreachable!("checked when constructed")
        };
        codec
    }
    pub fn timestamp_type(&self) -> TimestampType {
        match self.attributes() & attribute::LOG_APPEND_TIME {
            0 => TimestampType::CreateTime,
            _ => TimestampType::LogAppendTime,
        }
    }
    pub fn is_transactional(&self) -> bool {
        self.attributes() & attribute::TRANSACTIONAL != 0
    }
    pub fn is_control(&self) -> bool {
        self.attributes() & attribute::CONTROL != 0
    }
    /// The first record's timestamp (or the delete horizon, when there is one).
    pub fn base_timestamp(&self) -> Timestamp {
        Timestamp(long(self.behind(27), 0))
    }
    pub fn max_timestamp(&self) -> Timestamp {
        Timestamp(long(self.behind(35), 0))
    }
    pub fn producer_id(&self) -> ProducerId {
        ProducerId(long(self.behind(43), 0))
    }
    pub fn producer_epoch(&self) -> i16 {
        short(self.behind(51), 0)
    }
    /// −1: the batch has no sequence.
    pub fn base_sequence(&self) -> i32 {
        int(self.behind(53), 0)
    }
    /// −1: the batch has no sequence. Wraps from the largest number to 0.
    pub fn last_sequence(&self) -> i32 {
        header::sequence_at(self.base_sequence(), self.last_offset_delta())
    }
    pub fn has_producer_id(&self) -> bool {
        self.producer_id().0 > ProducerId::NONE.0
    }
    /// As the header says; what the payload holds is known after [`Batch::records`].
    pub fn record_count(&self) -> i32 {
        int(self.behind(57), 0)
    }
    pub fn delete_horizon(&self) -> Option<Timestamp> {
        self.header().delete_horizon()
    }

    /// Decodes every record, decompressing if needed (at most [`crate::MAX_UNCOMPRESSED`] bytes).
    /// Uncompressed keys and values share the batch's bytes.
    ///
    /// # Errors
    /// `InvalidRecord` when the records are not what the header says; `CorruptMessage` when they do
    /// not decompress; `UnsupportedCompressionType` for zstd where that codec is not built in.
    pub fn records(&self) -> Result<Vec<Record>, ErrorCode> {
        self.unpacked().map(|(records, _)| records)
    }

    /// As [`records`](Self::records), and how many bytes they take uncompressed.
    ///
    /// # Errors
    /// As there.
    pub fn unpacked(&self) -> Result<(Vec<Record>, u64), ErrorCode> {
        let payload = decompress(self.compression(), self.payload())?;
        Ok((decode_records(&self.header(), &payload)?, payload.len() as u64))
    }

    /// What a control batch says; `None` for data, and for kinds that 4.3.0 does not know.
    pub fn control_type(&self) -> Option<ControlType> {
        if !self.is_control() {
            return None;
        }
        let records = self.records().ok()?;
        ControlType::from_key(records.first()?.key.as_ref()?)
    }
}

/// Formats 0 and 1 are refused in another way than formats that never were.
fn check_magic(magic: u8) -> Result<(), ErrorCode> {
    match magic {
        header::MAGIC => Ok(()),
        0 | 1 => Err(ErrorCode::InvalidRecord),
        3.. => Err(ErrorCode::CorruptMessage),
    }
}

impl PartialEq for Batch {
    fn eq(&self, other: &Batch) -> bool {
        self.prefix() == other.prefix() && self.behind(PREFIX_SIZE) == other.behind(PREFIX_SIZE)
    }
}
impl Eq for Batch {}

/// The header stands for the batch: its checksum covers the payload.
impl Hash for Batch {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.header_bytes());
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("offsets", &(self.base_offset.0..=self.last_offset().0))
            .field("epoch", &self.leader_epoch.0)
            .field("records", &self.record_count())
            .field("size", &self.size())
            .field("trace", &self.trace)
            .finish()
    }
}

//! The record batch v2 as bytes: check, read, patch, build and compress.
//!
//! A [`Batch`] is a handle on bytes that are never copied: a leader patches offset and epoch in the
//! prefix that the checksum does not cover. What a log is, and which batches it accepts, is not
//! known here. Kafka: `DefaultRecordBatch`, `DefaultRecord`, `MemoryRecordsBuilder`.

mod batch;
mod builder;
mod checksum;
mod compression;
mod control;
mod header;
mod reading;
mod record;
pub mod varint;

pub use batch::{Batch, Trace};
pub use builder::{BatchBuilder, NewRecord};
pub use checksum::crc32c;
pub use compression::{Compression, MAX_UNCOMPRESSED};
pub use control::{ControlType, EndTransactionMarker};
pub use header::{BatchHeader, HEADER_SIZE, OFFSET_AND_LENGTH, PREFIX_SIZE, TimestampType, increment_sequence};
pub use reading::{Batches, batches, split_first};
pub use record::{Header, Record};

//! A piece of a log: bytes in memory, or a place in a file that a native server hands to the kernel
//! without reading it.

use crate::batch::Batch;
use crate::reading::batches;
use base::ErrorCode;
use bytes::Bytes;

/// Where a stretch of log bytes is to be had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Chunk {
    /// The bytes themselves.
    Memory(Bytes),
    /// `length` bytes from `position` in the file that the driver knows by this number.
    File { file: u64, position: u64, length: u64 },
}

impl Chunk {
    /// Length in bytes, wherever they are.
    pub fn size(&self) -> u64 {
        match self {
            Chunk::Memory(bytes) => bytes.len() as u64,
            Chunk::File { length, .. } => *length,
        }
    }

    /// The bytes, if they are in memory.
    pub fn in_memory(&self) -> Option<&Bytes> {
        match self {
            Chunk::Memory(bytes) => Some(bytes),
            Chunk::File { .. } => None,
        }
    }
}

/// Every batch of the chunks that are in memory, in order, each verified. Chunks in files are the
/// driver's to read and are passed over.
pub fn batches_in(chunks: &[Chunk]) -> impl Iterator<Item = Result<Batch, ErrorCode>> + '_ {
    chunks.iter().filter_map(Chunk::in_memory).flat_map(|bytes| batches(bytes.clone()))
}

//! Cutting a stretch of bytes into batches. Kafka: `ByteBufferLogInputStream`.

use crate::batch::Batch;
use crate::header::{HEADER_SIZE, OFFSET_AND_LENGTH, int};
use base::ErrorCode;
use bytes::Bytes;

/// The first batch and what follows it; `None` when not even one whole batch is there (a fetch
/// answer may end in the middle of one).
///
/// # Errors
/// As [`Batch::verify`]; a length that no batch can have is `CorruptMessage`.
pub fn split_first(bytes: &Bytes) -> Result<Option<(Batch, Bytes)>, ErrorCode> {
    // A cut batch at the end of a fetch answer: the next fetch brings all of it.
    let Some(size) = first_size(bytes)? else { return Ok(None) };
    let batch = Batch::verify(bytes.slice(..size))?;
    Ok(Some((batch, bytes.slice(size..))))
}

fn first_size(bytes: &[u8]) -> Result<Option<usize>, ErrorCode> {
    if bytes.len() < OFFSET_AND_LENGTH {
        return Ok(None);
    }
    let size = i64::from(int(bytes, 8)) + OFFSET_AND_LENGTH as i64;
    if size < HEADER_SIZE as i64 {
        return Err(ErrorCode::CorruptMessage);
    }
    Ok(usize::try_from(size).ok().filter(|&size| size <= bytes.len()))
}

/// Every whole batch in `bytes`, verified. Ends after the first bad one, and silently before a
/// batch that is cut short.
pub fn batches(bytes: Bytes) -> Batches {
    Batches { rest: bytes }
}

/// See [`batches`].
#[derive(Clone, Debug)]
pub struct Batches {
    rest: Bytes,
}

impl Batches {
    /// What has not been cut yet: after the end, a partial batch or nothing.
    pub fn rest(&self) -> &Bytes {
        &self.rest
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, ErrorCode>;

    fn next(&mut self) -> Option<Self::Item> {
        match split_first(&self.rest) {
            Ok(None) => None,
            Ok(Some((batch, rest))) => {
                self.rest = rest;
                Some(Ok(batch))
            }
            Err(error) => {
                self.rest = Bytes::new();
                Some(Err(error))
            }
        }
    }
}

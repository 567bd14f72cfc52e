//! One record inside a batch, and how a batch's records are read. Kafka: `DefaultRecord`.

use crate::header::{BatchHeader, TimestampType};
use crate::varint::{put_varint, put_varlong, take_varint, take_varlong, varint_size, varlong_size};
use base::{ErrorCode, Offset, Str, Timestamp};
use bytes::Bytes;

/// A decoded record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub offset: Offset,
    pub timestamp: Timestamp,
    /// −1 when the batch has no sequence.
    pub sequence: i32,
    pub key: Option<Bytes>,
    /// `None` is a tombstone.
    pub value: Option<Bytes>,
    pub headers: Vec<Header>,
}

/// A record header. Keys may repeat and be empty, but not be absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    pub key: Str,
    pub value: Option<Bytes>,
}

/// No record is shorter: one byte each for length, attributes, two deltas, three lengths.
const MIN_RECORD_SIZE: usize = 7;

/// Reads exactly the records that the header announces.
///
/// # Errors
/// `InvalidRecord` when there are fewer or more bytes than that.
pub(crate) fn decode_records(header: &BatchHeader, payload: &Bytes) -> Result<Vec<Record>, ErrorCode> {
    let count = usize::try_from(header.record_count).map_err(|_| ErrorCode::InvalidRecord)?;
    if count > payload.len() / MIN_RECORD_SIZE {
        return Err(ErrorCode::InvalidRecord);
    }
    let mut records = Vec::with_capacity(count);
    let mut rest: &[u8] = payload;
    for _ in 0..count {
        let length = take_varint(&mut rest)?;
        let body = take(&mut rest, length)?;
        records.push(decode_record(header, Source { whole: payload, rest: body })?);
    }
    if rest.is_empty() { Ok(records) } else { Err(ErrorCode::InvalidRecord) }
}

fn decode_record(header: &BatchHeader, mut body: Source<'_>) -> Result<Record, ErrorCode> {
    // The attributes byte is unused.
    take(&mut body.rest, 1)?;
    let timestamp_delta = take_varlong(&mut body.rest)?;
    let offset_delta = take_varint(&mut body.rest)?;
    let key = body.nullable()?;
    let value = body.nullable()?;
    let headers = body.headers()?;
    if !body.rest.is_empty() {
        return Err(ErrorCode::InvalidRecord);
    }
    let timestamp = match header.timestamp_type() {
        TimestampType::CreateTime => Timestamp(header.base_timestamp.0.wrapping_add(timestamp_delta)),
        TimestampType::LogAppendTime => header.max_timestamp,
    };
    let offset = Offset(header.base_offset.0.wrapping_add(i64::from(offset_delta)));
    Ok(Record { offset, timestamp, sequence: header.sequence_at(offset_delta), key, value, headers })
}

/// What is left of one record, with the buffer that keys and values are slices of.
struct Source<'a> {
    whole: &'a Bytes,
    rest: &'a [u8],
}

impl Source<'_> {
    fn nullable(&mut self) -> Result<Option<Bytes>, ErrorCode> {
        let length = take_varint(&mut self.rest)?;
        // Any negative length is null, as in Kafka.
        if length < 0 {
            return Ok(None);
        }
        Ok(Some(self.whole.slice_ref(take(&mut self.rest, length)?)))
    }

    fn headers(&mut self) -> Result<Vec<Header>, ErrorCode> {
        let count = usize::try_from(take_varint(&mut self.rest)?).map_err(|_| ErrorCode::InvalidRecord)?;
        // Two length bytes each at least: an absurd count must not reserve memory.
        if count > self.rest.len() / 2 {
            return Err(ErrorCode::InvalidRecord);
        }
        (0..count).map(|_| self.header()).collect()
    }

    fn header(&mut self) -> Result<Header, ErrorCode> {
        let length = take_varint(&mut self.rest)?;
        let key = String::from_utf8_lossy(take(&mut self.rest, length)?).into();
        Ok(Header { key, value: self.nullable()? })
    }
}

fn take<'a>(input: &mut &'a [u8], length: i32) -> Result<&'a [u8], ErrorCode> {
    let taken = usize::try_from(length).ok().and_then(|length| input.split_at_checked(length));
    let (front, rest) = taken.ok_or(ErrorCode::InvalidRecord)?;
    *input = rest;
    Ok(front)
}

/// A record to be written, with its places relative to the batch.
pub(crate) struct Body<'a> {
    pub(crate) timestamp_delta: i64,
    pub(crate) offset_delta: i32,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: Option<&'a [u8]>,
    pub(crate) headers: &'a [Header],
}

impl Body<'_> {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, self.size() as i32);
        out.push(0);
        put_varlong(out, self.timestamp_delta);
        put_varint(out, self.offset_delta);
        put_nullable(out, self.key);
        put_nullable(out, self.value);
        put_varint(out, self.headers.len() as i32);
        for header in self.headers {
            put_nullable(out, Some(header.key.as_bytes()));
            put_nullable(out, header.value.as_deref());
        }
    }

    /// Bytes of the record after its own length field.
    fn size(&self) -> u32 {
        let headers: u32 = self
            .headers
            .iter()
            .map(|header| nullable_size(Some(header.key.as_bytes())) + nullable_size(header.value.as_deref()))
            .sum();
        1 + varlong_size(self.timestamp_delta)
            + varint_size(self.offset_delta)
            + nullable_size(self.key)
            + nullable_size(self.value)
            + varint_size(self.headers.len() as i32)
            + headers
    }

    /// Bytes that [`Body::write`] appends.
    pub(crate) fn size_with_length(&self) -> u32 {
        let size = self.size();
        size + varint_size(size as i32)
    }
}

fn put_nullable(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => put_varint(out, -1),
        Some(bytes) => {
            put_varint(out, bytes.len() as i32);
            out.extend_from_slice(bytes);
        }
    }
}

fn nullable_size(bytes: Option<&[u8]>) -> u32 {
    match bytes {
        None => varint_size(-1),
        Some(bytes) => varint_size(bytes.len() as i32) + bytes.len() as u32,
    }
}

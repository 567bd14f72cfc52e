//! The codecs of record batches: gzip, snappy (xerial framing, as Java clients write it, or raw), lz4
//! (frame format) and, where built in, zstd. Decompression is bounded and never trusts a length
//! field. Kafka: `CompressionType` and `org.apache.kafka.common.compress`.

use crate::checksum::crc32;
use crate::header::int;
use base::ErrorCode;
use bytes::Bytes;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

mod lz4;

/// The most that one batch may hold uncompressed, in bytes: a small hostile batch must not take the
/// memory of the page.
pub const MAX_UNCOMPRESSED: usize = 64 << 20;

/// Attribute bits 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Compression {
    #[default]
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

impl Compression {
    pub const ALL: [Compression; 5] =
        [Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

    /// The number in the attributes.
    pub const fn id(self) -> i16 {
        self as i16
    }

    /// `None` for 5 to 7, which nothing uses.
    pub fn from_id(id: i16) -> Option<Compression> {
        Compression::ALL.into_iter().find(|codec| codec.id() == id)
    }

    /// As `compression.type` spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Snappy => "snappy",
            Compression::Lz4 => "lz4",
            Compression::Zstd => "zstd",
        }
    }

    /// Can this build read and write it?
    pub const fn is_available(self) -> bool {
        match self {
            Compression::None | Compression::Gzip | Compression::Snappy | Compression::Lz4 => true,
            Compression::Zstd => cfg!(feature = "zstd"),
        }
    }
}

/// # Errors
/// `CorruptMessage` for data that is no such stream or too large; `UnsupportedCompressionType` for
/// zstd where it is not built in.
pub(crate) fn decompress(codec: Compression, data: Bytes) -> Result<Bytes, ErrorCode> {
    let plain = match codec {
        Compression::None => return Ok(data),
        Compression::Gzip => gunzip(&data),
        Compression::Snappy => unsnap(&data),
        Compression::Lz4 => lz4::unpack(&data),
        Compression::Zstd if codec.is_available() => unzstd(&data),
        Compression::Zstd => return Err(ErrorCode::UnsupportedCompressionType),
    };
    plain.map(Bytes::from).ok_or(ErrorCode::CorruptMessage)
}

pub(crate) fn compress(codec: Compression, plain: Vec<u8>) -> Vec<u8> {
    match codec {
        Compression::None => plain,
        Compression::Gzip => gzip(&plain),
        Compression::Snappy => snap_xerial(&plain),
        Compression::Lz4 => lz4::pack(&plain),
        Compression::Zstd => zstd(&plain),
    }
}

/// RFC 1952: ten bytes of header, optional fields, a deflate stream, CRC-32 and length.
fn gunzip(data: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = data.split_first_chunk::<10>()?;
    // Magic number and method: anything else is no gzip stream, which the caller answers as a corrupt batch.
    let &[0x1f, 0x8b, 8, flags, ..] = head else { return None };
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    // File name and comment, each ended by a zero byte.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|&byte| byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    let (deflated, trailer) = rest.split_last_chunk::<8>()?;
    let plain = decompress_to_vec_with_limit(deflated, MAX_UNCOMPRESSED).ok()?;
    let expected = [crc32(&plain).to_le_bytes(), (plain.len() as u32).to_le_bytes()].concat();
    (expected == trailer).then_some(plain)
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    // No flags, no time; the operating system byte as Java writes it.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    out.extend_from_slice(&compress_to_vec(plain, 6));
    out.extend_from_slice(&crc32(plain).to_le_bytes());
    out.extend_from_slice(&(plain.len() as u32).to_le_bytes());
    out
}

/// `snappy-java` frames: magic, two version numbers of 4 bytes, then blocks with their length.
const XERIAL_MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
const XERIAL_HEADER: usize = 16;
/// The block size of `snappy-java`, in bytes.
const XERIAL_BLOCK: usize = 32 << 10;

fn unsnap(data: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    if !data.starts_with(&XERIAL_MAGIC) {
        unsnap_block(data, &mut plain)?;
        return Some(plain);
    }
    let mut rest = data.get(XERIAL_HEADER..)?;
    while !rest.is_empty() {
        let (_, after) = rest.split_first_chunk::<4>()?;
        let (block, next) = after.split_at_checked(usize::try_from(int(rest, 0)).ok()?)?;
        unsnap_block(block, &mut plain)?;
        rest = next;
    }
    Some(plain)
}

fn unsnap_block(block: &[u8], plain: &mut Vec<u8>) -> Option<()> {
    // The best a snappy element does is 64 bytes out of 3: a length field that promises more lies.
    let length = snap::raw::decompress_len(block).ok()?;
    if length > MAX_UNCOMPRESSED - plain.len() || length > block.len().saturating_mul(64) {
        return None;
    }
    let start = plain.len();
    plain.resize(start + length, 0);
    let written = snap::raw::Decoder::new().decompress(block, &mut plain[start..]).ok()?;
    (written == length).then_some(())
}

fn snap_xerial(plain: &[u8]) -> Vec<u8> {
    let mut out = XERIAL_MAGIC.to_vec();
    out.extend_from_slice(&1i32.to_be_bytes());
    out.extend_from_slice(&1i32.to_be_bytes());
    for block in plain.chunks(XERIAL_BLOCK) {
        // Not `expect`: the library's errors as text would be a kilobyte of code for what cannot be.
        let Ok(packed) = snap::raw::Encoder::new().compress_vec(block) else {
            unreachable!("a block of 32 KiB is never too large")
        };
        out.extend_from_slice(&(packed.len() as i32).to_be_bytes());
        out.extend_from_slice(&packed);
    }
    out
}

#[cfg(feature = "zstd")]
fn read_bounded(source: impl std::io::Read) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut plain = Vec::new();
    source.take(MAX_UNCOMPRESSED as u64 + 1).read_to_end(&mut plain).ok()?;
    (plain.len() <= MAX_UNCOMPRESSED).then_some(plain)
}

/// One frame after another, as long as there is data.
#[cfg(feature = "zstd")]
fn unzstd(data: &[u8]) -> Option<Vec<u8>> {
    let mut rest = data;
    let mut plain = Vec::new();
    while !rest.is_empty() {
        let decoder = ruzstd::decoding::StreamingDecoder::new(&mut rest).ok()?;
        plain.append(&mut read_bounded(decoder)?);
        if plain.len() > MAX_UNCOMPRESSED {
            return None;
        }
    }
    Some(plain)
}

#[cfg(not(feature = "zstd"))]
fn unzstd(_: &[u8]) -> Option<Vec<u8>> {
    None
}

#[cfg(feature = "zstd")]
fn zstd(plain: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(plain, ruzstd::encoding::CompressionLevel::Fastest)
}

#[cfg(not(feature = "zstd"))]
fn zstd(_: &[u8]) -> Vec<u8> {
    unreachable!("BatchBuilder::compression refuses what this build cannot write")
}

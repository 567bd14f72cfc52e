//! The LZ4 frame, as far as Kafka reads and writes it: version 1, independent blocks. The blocks themselves are
//! `lz4_flex`'s; its reader of frames also knows what Kafka refuses, and weighed three kilobytes of the page.
//! Kafka: `Lz4BlockInputStream`, `Lz4BlockOutputStream`.

use super::MAX_UNCOMPRESSED;
use lz4_flex::block;
use xxhash_rust::xxh32::xxh32;

const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// What Kafka writes: the magic, version 1 with independent blocks of at most 64 KiB, and the checksum of these two
/// bytes.
const HEADER: [u8; 7] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
/// Two bytes less than 64 KiB: the library hashes larger blocks by the machine's word, so that 32 and 64 bits would give
/// different bytes.
const BLOCK: usize = u16::MAX as usize - 1;
/// Marks a block that is stored as it is, because it would not become smaller.
const STORED: u32 = 1 << 31;
/// The best that a byte of a block does is to lengthen a match by 255.
const BEST_RATIO: usize = 255;

/// Version 1 with independent blocks, and the bits of which it takes no other value.
const FIXED_FLAGS: u8 = 0b1110_0011;
const FLAGS: u8 = 0b0110_0000;
const BLOCK_CHECKSUM: u8 = 1 << 4;
const CONTENT_SIZE: u8 = 1 << 3;
const CONTENT_CHECKSUM: u8 = 1 << 2;

/// The content of one frame; what comes after it is not looked at. `None` if it is no frame that Kafka reads, is cut
/// off, fails a checksum of header or block, or holds more than [`MAX_UNCOMPRESSED`] bytes. Like Kafka, it lets the
/// content's size and checksum stand as they are: the batch has its own.
pub(super) fn unpack(data: &[u8]) -> Option<Vec<u8>> {
    let (frame, mut rest) = Frame::read(data)?;
    let mut plain = Vec::new();
    loop {
        let (size, after) = word(rest)?;
        if size == 0 {
            // The content's checksum.
            return (frame.flags & CONTENT_CHECKSUM == 0 || after.len() >= 4).then_some(plain);
        }
        let (kept, after) = after.split_at_checked((size & !STORED) as usize)?;
        rest = if frame.flags & BLOCK_CHECKSUM == 0 { after } else { check(kept, after)? };
        frame.append(kept, size, &mut plain)?;
    }
}

/// What the header of a frame says.
struct Frame {
    flags: u8,
    /// The most bytes that a block may hold, packed or not.
    most: usize,
}

impl Frame {
    fn read(data: &[u8]) -> Option<(Frame, &[u8])> {
        let rest = data.strip_prefix(&MAGIC)?;
        // The frame ends inside its header: the batch is corrupt.
        let &[flags, sizes, ..] = rest else { return None };
        if flags & FIXED_FLAGS != FLAGS || sizes & 0b1000_1111 != 0 {
            return None;
        }
        let most = match sizes >> 4 {
            size @ 4..=7 => 1 << (8 + 2 * size),
            _ => return None,
        };
        let (described, rest) = rest.split_at_checked(if flags & CONTENT_SIZE == 0 { 2 } else { 10 })?;
        let (&checksum, rest) = rest.split_first()?;
        (checksum == (xxh32(described, 0) >> 8) as u8).then_some((Frame { flags, most }, rest))
    }

    /// Adds a block's content, which was kept under `size`.
    fn append(&self, kept: &[u8], size: u32, plain: &mut Vec<u8>) -> Option<()> {
        let (start, room) = (plain.len(), self.most.min(MAX_UNCOMPRESSED - plain.len()));
        if kept.len() > self.most {
            return None;
        }
        if size & STORED != 0 {
            plain.extend_from_slice(kept);
            return (kept.len() <= room).then_some(());
        }
        // As much as it can become and no more: many small blocks must not cost a large one each.
        plain.resize(start + room.min(kept.len() * BEST_RATIO), 0);
        let written = block::decompress_into(kept, &mut plain[start..]).ok()?;
        plain.truncate(start + written);
        Some(())
    }
}

/// What comes after a checksum of `bytes` at the start of `rest`, if it is right.
fn check<'a>(bytes: &[u8], rest: &'a [u8]) -> Option<&'a [u8]> {
    let (checksum, after) = word(rest)?;
    (checksum == xxh32(bytes, 0)).then_some(after)
}

fn word(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*word), rest))
}

/// The frame that Kafka writes.
pub(super) fn pack(plain: &[u8]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    for block in plain.chunks(BLOCK) {
        let packed = block::compress(block);
        let is_smaller = packed.len() < block.len();
        let (kept, mark) = if is_smaller { (&packed[..], 0) } else { (block, STORED) };
        out.extend_from_slice(&(kept.len() as u32 | mark).to_le_bytes());
        out.extend_from_slice(kept);
    }
    out.extend_from_slice(&0u32.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame with this header after the magic, one stored block "kafka" and `after`.
    fn frame(described: &[u8], after: &[u8]) -> Vec<u8> {
        let checksum = (xxh32(described, 0) >> 8) as u8;
        let block = [&(5 | STORED).to_le_bytes()[..], b"kafka"].concat();
        [&MAGIC[..], described, &[checksum], &block, after].concat()
    }

    fn end() -> [u8; 4] {
        0u32.to_le_bytes()
    }

    #[test]
    fn what_is_packed_comes_back() {
        for length in [0, 1, 13, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let plain: Vec<u8> = (0..length).map(|at| (at * at / 700) as u8).collect();
            assert_eq!(unpack(&pack(&plain)), Some(plain));
        }
        assert_eq!(HEADER[6], (xxh32(&HEADER[4..6], 0) >> 8) as u8);
    }

    #[test]
    fn optional_parts_are_read() {
        assert_eq!(unpack(&frame(&[0x60, 0x40], &end())).as_deref(), Some(&b"kafka"[..]));
        let sized = [&[0x68, 0x70][..], &5u64.to_le_bytes()].concat();
        assert_eq!(unpack(&frame(&sized, &end())).as_deref(), Some(&b"kafka"[..]));
        let summed = [end(), [1, 2, 3, 4]].concat();
        assert_eq!(unpack(&frame(&[0x64, 0x40], &summed)).as_deref(), Some(&b"kafka"[..]));
        assert_eq!(unpack(&frame(&[0x64, 0x40], &end())), None, "its checksum is cut off");
        let checked = [xxh32(b"kafka", 0).to_le_bytes(), end()].concat();
        assert_eq!(unpack(&frame(&[0x70, 0x40], &checked)).as_deref(), Some(&b"kafka"[..]));
        let wrong = [end(), end()].concat();
        assert_eq!(unpack(&frame(&[0x70, 0x40], &wrong)), None, "the block's checksum is another");
    }

    #[test]
    fn what_kafka_refuses_is_refused() {
        for described in [
            [0x40, 0x40],
            [0x20, 0x40],
            [0xa0, 0x40],
            [0x61, 0x40],
            [0x62, 0x40],
            [0x60, 0x30],
            [0x60, 0xc0],
            [0x60, 0x41],
        ] {
            assert_eq!(unpack(&frame(&described, &end())), None, "{described:x?}");
        }
        let mut header = frame(&[0x60, 0x40], &end());
        header[6] ^= 1;
        assert_eq!(unpack(&header), None);
        let whole = pack(&[7; 1000]);
        assert!((0..whole.len()).all(|cut| unpack(&whole[..cut]).is_none()));
    }

    #[test]
    fn a_block_may_not_hold_more_than_the_header_says() {
        let packed = block::compress(&[0; 70_000]);
        let large = [&HEADER[..], &(packed.len() as u32).to_le_bytes(), &packed, &end()].concat();
        assert_eq!(unpack(&large), None);
        let stored = [&HEADER[..], &(70_000 | STORED).to_le_bytes(), &[1; 70_000], &end()].concat();
        assert_eq!(unpack(&stored), None);
    }
}

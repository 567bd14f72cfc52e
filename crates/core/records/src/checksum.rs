//! CRC-32C (Castagnoli) of record batches, and the CRC-32 that gzip's trailer carries.
//!
//! Sixteen tables take sixteen bytes a round. They are computed at first use, because tables in a
//! program do not compress.

use std::sync::LazyLock;

/// Reflected polynomials.
const CASTAGNOLI: u32 = 0x82f6_3b78;
const GZIP: u32 = 0xedb8_8320;

type Tables = [[u32; 256]; 16];

static CRC32C: LazyLock<Box<Tables>> = LazyLock::new(|| tables(CASTAGNOLI));
static CRC32: LazyLock<Box<Tables>> = LazyLock::new(|| tables(GZIP));

/// The CRC-32C of `bytes`, as Kafka's batch header carries it.
///
/// ```
/// assert_eq!(records::crc32c(b"123456789"), 0xe306_9283);
/// ```
pub fn crc32c(bytes: &[u8]) -> u32 {
    !update(!0, bytes, &CRC32C)
}

/// The CRC-32 of gzip and zip.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !update(!0, bytes, &CRC32)
}

fn update(start: u32, bytes: &[u8], tables: &Tables) -> u32 {
    let (blocks, tail) = bytes.as_chunks::<16>();
    let crc = blocks.iter().fold(start, |crc, block| sixteen_bytes(crc, block, tables));
    tail.iter().fold(crc, |crc, &byte| tables[0][usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

/// Table k holds the effect of a byte that is k bytes before the end of the block.
#[inline]
fn sixteen_bytes(crc: u32, block: &[u8; 16], tables: &Tables) -> u32 {
    let mut mixed = *block;
    for (byte, of_crc) in mixed.iter_mut().zip(crc.to_le_bytes()) {
        *byte ^= of_crc;
    }
    mixed.iter().rev().zip(tables).fold(0, |crc, (&byte, table)| crc ^ table[usize::from(byte)])
}

fn tables(polynomial: u32) -> Box<Tables> {
    let mut tables = Box::new([[0u32; 256]; 16]);
    for byte in 0..256u32 {
        let shift = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ polynomial } else { crc >> 1 };
        tables[0][byte as usize] = (0..8).fold(byte, |crc, _| shift(crc));
    }
    for slice in 1..tables.len() {
        for byte in 0..256 {
            let previous = tables[slice - 1][byte];
            tables[slice][byte] = tables[0][usize::from(previous as u8)] ^ (previous >> 8);
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_of_both_polynomials() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32c(b""), 0);
    }

    #[test]
    fn slices_agree_with_one_byte_at_a_time() {
        let bytes: Vec<u8> = (0..300u32).map(|each| (each * 7) as u8).collect();
        for length in 0..bytes.len() {
            let slow =
                bytes[..length].iter().fold(!0u32, |crc, &byte| CRC32C[0][usize::from(crc as u8 ^ byte)] ^ (crc >> 8));
            assert_eq!(crc32c(&bytes[..length]), !slow);
        }
    }
}

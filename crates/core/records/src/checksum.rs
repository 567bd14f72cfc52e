//! CRC-32C (Castagnoli) of record batches, and the CRC-32 that gzip's trailer carries.
//!
//! Natively eight tables take eight bytes a round; in the page one table of 1 KB has to do, because
//! tables do not compress.

#[cfg(not(target_arch = "wasm32"))]
const SLICES: usize = 8;
#[cfg(target_arch = "wasm32")]
const SLICES: usize = 1;

/// Reflected polynomials.
const CASTAGNOLI: u32 = 0x82f6_3b78;
const GZIP: u32 = 0xedb8_8320;

static CRC32C: [[u32; 256]; SLICES] = tables::<SLICES>(CASTAGNOLI);
static CRC32: [[u32; 256]; 1] = tables::<1>(GZIP);

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

fn update<const N: usize>(start: u32, bytes: &[u8], tables: &[[u32; 256]; N]) -> u32 {
    let mut crc = start;
    let mut tail = bytes;
    if N == 8 {
        let (blocks, rest) = bytes.as_chunks::<8>();
        for block in blocks {
            crc = eight_bytes(crc, block, tables);
        }
        tail = rest;
    }
    for &byte in tail {
        crc = tables[0][usize::from(crc as u8 ^ byte)] ^ (crc >> 8);
    }
    crc
}

/// Table k holds the effect of a byte that is k bytes before the end of the block.
#[inline]
fn eight_bytes<const N: usize>(crc: u32, block: &[u8; 8], tables: &[[u32; 256]; N]) -> u32 {
    let low = crc ^ u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
    let [a, b, c, d] = low.to_le_bytes();
    let at = |table: usize, byte: u8| tables[table][usize::from(byte)];
    at(7, a) ^ at(6, b) ^ at(5, c) ^ at(4, d) ^ at(3, block[4]) ^ at(2, block[5]) ^ at(1, block[6]) ^ at(0, block[7])
}

const fn tables<const N: usize>(polynomial: u32) -> [[u32; 256]; N] {
    let mut tables = [[0u32; 256]; N];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ polynomial } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut slice = 1;
    while slice < N {
        let mut byte = 0;
        while byte < 256 {
            let previous = tables[slice - 1][byte];
            tables[slice][byte] = tables[0][(previous & 0xff) as usize] ^ (previous >> 8);
            byte += 1;
        }
        slice += 1;
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

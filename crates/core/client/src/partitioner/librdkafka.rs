//! The sums of keys by which librdkafka chooses partitions (`rdkafka_msg.c`): CRC-32 as zlib has it (`rdcrc32.c`), and FNV-1a as
//! Sarama takes it (`rdfnv1a.c`). Its `murmur2` is Kafka's own.

/// Reflected CRC-32 with the polynomial of zlib. Keys are short, so that no table is worth its bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// FNV-1a of 32 bits without its sign.
pub fn fnv1a(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(0x811C_9DC5_u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (sum as i32).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `unittest_fnv1a` of librdkafka, and CRC-32's check value.
    #[test]
    fn sums_are_librdkafkas() {
        for (key, sum) in FNV {
            assert_eq!(fnv1a(key.as_bytes()), *sum, "{key}");
        }
        for (key, sum) in [("123456789", 0xCBF4_3926), ("", 0), ("a", 0xE8B7_BE43)] {
            assert_eq!(crc32(key.as_bytes()), sum, "{key}");
        }
    }

    const FNV: &[(&str, u32)] = &[
        ("kafka", 0x0d33_c4e1),
        ("giberish123456789", 0x77a5_8295),
        ("1234", 0x023b_dd03),
        ("234", 0x2dea_3cd2),
        ("34", 0x740f_a83e),
        ("4", 0x310c_a263),
        ("PreAmbleWillBeRemoved,ThePrePartThatIs", 0x65cb_d69c),
        ("", 0x7ee3_623b),
    ];
}

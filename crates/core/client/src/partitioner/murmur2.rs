//! The hash of record keys: 32-bit murmur2 with Kafka's seed. Kafka: `Utils.murmur2`.

/// `Utils.murmur2`: the constants of Austin Appleby's MurmurHash2 and a seed that Kafka has chosen. Every client that
/// is to agree on partitions needs the same.
const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;
const SHIFT: u32 = 24;

/// The hash as Java holds it, signed.
pub fn murmur2(data: &[u8]) -> i32 {
    let mut hash = SEED ^ data.len() as u32;
    let (blocks, tail) = data.as_chunks::<4>();
    for block in blocks {
        let mut word = u32::from_le_bytes(*block).wrapping_mul(MULTIPLIER);
        word ^= word >> SHIFT;
        hash = hash.wrapping_mul(MULTIPLIER) ^ word.wrapping_mul(MULTIPLIER);
    }
    if !tail.is_empty() {
        for (index, byte) in tail.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * index);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MULTIPLIER);
    (hash ^ (hash >> 15)) as i32
}

/// Kafka's `toPositive`: the sign bit is cut off, which is not the absolute value.
pub fn to_positive(number: i32) -> u32 {
    (number & i32::MAX) as u32
}

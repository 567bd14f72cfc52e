//! What Kafka takes from Java's own library and everybody can see: where names go.

/// Java's `String.hashCode`: over UTF-16 units, wrapping. Kafka chooses partitions of its internal topics by it, and no
/// record's.
pub fn java_string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

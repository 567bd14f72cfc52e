//! Variable-length integers: 7 bits a byte, least significant group first, high bit = "more".
//!
//! Signed ones are zig-zag coded first (0, −1, 1, −2 → 0, 1, 2, 3). Kafka: `ByteUtils`.

use base::ErrorCode;

/// Appends a signed 32-bit number, zig-zag coded: 1 to 5 bytes.
pub fn put_varint(out: &mut Vec<u8>, value: i32) {
    put_unsigned_varint(out, zig_zag_32(value));
}

/// Appends a signed 64-bit number, zig-zag coded: 1 to 10 bytes.
pub fn put_varlong(out: &mut Vec<u8>, value: i64) {
    let mut rest = zig_zag_64(value);
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Appends an unsigned 32-bit number: 1 to 5 bytes.
pub fn put_unsigned_varint(out: &mut Vec<u8>, value: u32) {
    let mut rest = value;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// How many bytes [`put_varint`] takes.
pub fn varint_size(value: i32) -> u32 {
    size_of_bits(64 - u64::from(zig_zag_32(value)).leading_zeros())
}

/// How many bytes [`put_varlong`] takes.
pub fn varlong_size(value: i64) -> u32 {
    size_of_bits(64 - zig_zag_64(value).leading_zeros())
}

/// How many bytes [`put_unsigned_varint`] takes.
pub fn unsigned_varint_size(value: u32) -> u32 {
    size_of_bits(32 - value.leading_zeros())
}

/// Takes a zig-zag coded 32-bit number off the front of `input`.
///
/// # Errors
/// `InvalidRecord` when the input ends too early or the number has more than 5 bytes.
pub fn take_varint(input: &mut &[u8]) -> Result<i32, ErrorCode> {
    let raw = take_unsigned_varint(input)?;
    Ok((raw >> 1) as i32 ^ -((raw & 1) as i32))
}

/// Takes an unsigned 32-bit number off the front of `input`. Bits beyond 32 are dropped, as Kafka does.
///
/// # Errors
/// `InvalidRecord` when the input ends too early or the number has more than 5 bytes.
#[inline]
pub fn take_unsigned_varint(input: &mut &[u8]) -> Result<u32, ErrorCode> {
    if let Some((&first, rest)) = input.split_first()
        && first < 0x80
    {
        *input = rest;
        return Ok(u32::from(first));
    }
    take_long(input, 5).map(|raw| raw as u32)
}

/// Takes a zig-zag coded 64-bit number off the front of `input`.
///
/// # Errors
/// `InvalidRecord` when the input ends too early or the number has more than 10 bytes.
#[inline]
pub fn take_varlong(input: &mut &[u8]) -> Result<i64, ErrorCode> {
    let raw = take_long(input, 10)?;
    Ok((raw >> 1) as i64 ^ -((raw & 1) as i64))
}

fn take_long(input: &mut &[u8], max_bytes: usize) -> Result<u64, ErrorCode> {
    let mut value = 0u64;
    for (index, &byte) in input.iter().take(max_bytes).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *input = &input[index + 1..];
            return Ok(value);
        }
    }
    Err(ErrorCode::InvalidRecord)
}

fn zig_zag_32(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

fn zig_zag_64(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn size_of_bits(bits: u32) -> u32 {
    bits.max(1).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_or_too_short_numbers_are_refused() {
        for input in [&[][..], &[0x80], &[0xff, 0xff, 0xff, 0xff, 0xff, 0x01]] {
            assert_eq!(take_varint(&mut &input[..]), Err(ErrorCode::InvalidRecord));
        }
        assert_eq!(take_varlong(&mut &[0xffu8; 11][..]), Err(ErrorCode::InvalidRecord));
    }

    #[test]
    fn sizes_are_those_of_the_bytes() {
        for shift in 0..64 {
            for value in [1i64 << shift, -(1i64 << shift.min(62)), (1i64 << shift).wrapping_sub(1)] {
                let mut out = Vec::new();
                put_varlong(&mut out, value);
                assert_eq!(out.len() as u32, varlong_size(value));
                assert_eq!(take_varlong(&mut &out[..]), Ok(value));
                out.clear();
                put_varint(&mut out, value as i32);
                assert_eq!(out.len() as u32, varint_size(value as i32));
                out.clear();
                put_unsigned_varint(&mut out, value as u32);
                assert_eq!(out.len() as u32, unsigned_varint_size(value as u32));
            }
        }
    }
}

//! Base64 for addresses (RFC 4648 section 5, without padding).

/// RFC 4648 §5: those that no address has to escape.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Without padding: the length says it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// The bytes of the digits up to the first character that is none, and how many digits those were.
pub(crate) fn decode(text: &str) -> (Vec<u8>, usize) {
    let (mut bytes, mut bits, mut held, mut taken) = (Vec::new(), 0u32, 0u32, 0);
    for byte in text.bytes() {
        // Whatever follows a link in a text is no part of it.
        let Some(digit) = digit(byte) else { break };
        taken += 1;
        bits = bits << 6 | digit;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    (bytes, taken)
}

/// `None`: no digit.
fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _no_digit => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..=256 {
            assert_eq!(decode(&encode(&bytes[..length])).0, &bytes[..length]);
        }
        assert_eq!(encode(b"\xfb\xff"), "-_8");
        assert_eq!(decode("AA A"), (vec![0], 2));
    }
}

//! Changes a text a little, as a mail program, a tired person or an attacker would.

use base::{Draw, Rng};

/// Numbers at the ends of what somebody might keep them in.
const NUMBERS: [&str; 17] = [
    "0",
    "-1",
    "1",
    "00",
    "255",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551615ns",
    "18446744073709551616",
    "1e309",
    "0.000000001",
    "NaN",
];
const PIECES: [&str; 24] = [
    "%", "%25", "%00", "+", "&", "#", "?", "=", ",", "/", "\\", "\"", "'", "\0", "\n", "\r\n", " ", "\u{feff}", "值",
    "💥", "@", ":", "--", "ns",
];

/// One of a list that is not empty.
pub fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.below(from.len() as u32) as usize]
}

/// The text after one to six changes; `others` are of its kind.
pub fn mutate(rng: &mut Rng, text: &str, others: &[&str]) -> String {
    let mut text: Vec<u8> = text.as_bytes().to_vec();
    for _ in 0..1 + rng.below(6) {
        change(rng, &mut text, others);
        text.truncate(1 << 17);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Bytes of no meaning, or letters of none.
pub fn noise(rng: &mut Rng) -> String {
    let length = rng.below(200);
    let any: Vec<u8> = (0..length).map(|_| rng.below(256) as u8).collect();
    if rng.chance(1, 2) {
        return String::from_utf8_lossy(&any).into_owned();
    }
    any.iter().map(|byte| char::from(b' ' + byte % 95)).collect()
}

/// The same for bytes that are no text.
pub fn change(rng: &mut Rng, text: &mut Vec<u8>, others: &[&str]) {
    let at = rng.below(text.len() as u32 + 1) as usize;
    let end = (at + 1 + rng.below(12) as usize).min(text.len());
    match rng.below(9) {
        0 if at < text.len() => text[at] ^= 1 << rng.below(8),
        1 if at < text.len() => text[at] = rng.below(256) as u8,
        2 => drop(text.drain(at.min(end)..end)),
        3 => {
            let again: Vec<u8> = text[at.min(end)..end].repeat(1 + rng.below(40) as usize);
            text.splice(at..at, again);
        }
        4 => text.truncate(at),
        5 => insert(text, at, pick(rng, &PIECES)),
        6 => replace_number(rng, text, at),
        7 if !others.is_empty() => {
            let other = pick(rng, others).as_bytes();
            let from = rng.below(other.len() as u32 + 1) as usize;
            text.truncate(at);
            text.extend_from_slice(&other[from..]);
        }
        _ => insert(text, at, pick(rng, &NUMBERS)),
    }
}

fn insert(text: &mut Vec<u8>, at: usize, piece: &str) {
    text.splice(at..at, piece.bytes());
}

/// The next number in the text becomes an extreme one.
fn replace_number(rng: &mut Rng, text: &mut Vec<u8>, from: usize) {
    let Some(start) = text[from..].iter().position(u8::is_ascii_digit).map(|at| at + from) else { return };
    let length = text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.splice(start..start + length, pick(rng, &NUMBERS).bytes());
}

//! Floating-point numbers as decimal text and back, exactly.
//!
//! Settings are the only place where Kafka's text has such numbers. std does this faster and with tables of
//! twenty kilobytes, all of which the page would carry; here plain long arithmetic does it.

use std::cmp::Ordering;

/// More significant digits than any rounding can depend on.
const DIGITS: usize = 800;

/// A natural number of any size: 32 bits at a time, the lowest first, no zeros at the end.
#[derive(Clone)]
struct Natural(Vec<u32>);

impl Natural {
    /// A number that fits.
    fn of(value: u64) -> Natural {
        let mut number = Natural(vec![value as u32, (value >> 32) as u32]);
        number.trim();
        number
    }

    /// Two numbers that are equal look equal.
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Its length; 0 for zero.
    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |high| self.0.len() as i32 * 32 - high.leading_zeros() as i32)
    }

    /// times `factor`, plus `add`
    fn scale(&mut self, factor: u32, add: u32) {
        let mut carry = u64::from(add);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Powers of ten are what decimals differ by from binary.
    fn times_ten_to(mut self, power: i32) -> Natural {
        (0..power).for_each(|_| self.scale(10, 0));
        self
    }

    /// times two to `bits`
    fn shifted(&self, bits: i32) -> Natural {
        let mut number = Natural(vec![0; bits.max(0) as usize / 32]);
        number.0.extend_from_slice(&self.0);
        number.scale(1 << (bits.max(0) % 32), 0);
        number.trim();
        number
    }

    /// By length first: there are no zeros at the end.
    fn compare(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// What is taken away is not larger.
    fn subtract(&mut self, other: &Natural) {
        let mut borrow = 0;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let less = i64::from(*limb) - i64::from(other.0.get(at).copied().unwrap_or(0)) - borrow;
            *limb = less as u32;
            borrow = i64::from(less < 0);
        }
        self.trim();
    }

    /// The quotient, which has at most 64 bits, and whether something is left.
    fn divided_by(mut self, divisor: &Natural) -> (u64, bool) {
        let mut quotient = 0;
        for bit in (0..64).rev() {
            let part = divisor.shifted(bit);
            if self.compare(&part) != Ordering::Less {
                self.subtract(&part);
                quotient |= 1 << bit;
            }
        }
        (quotient, !self.0.is_empty())
    }
}

/// Reads digits with a sign, a point and an exponent, rounding to the nearest number; ties go to even.
pub fn parse_double(text: &str) -> Option<f64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let value = nearest(&digits[zeros..], exponent.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX)));
    Some(if negative { -value } else { value })
}

/// Far more than any number needs is as good as any.
fn read_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0_i32, |sum, byte| sum.saturating_mul(10).saturating_add(i32::from(byte - b'0')));
    let size = size.min(1_000_000_000);
    Some(if text.starts_with('-') { -size } else { size })
}

/// `digits` (the first is not zero) times ten to `exponent`.
fn nearest(digits: &[u8], exponent: i32) -> f64 {
    let place = (digits.len() as i32).saturating_add(exponent);
    if digits.is_empty() || place < -330 {
        return 0.0;
    }
    if place > 310 {
        return f64::INFINITY;
    }
    if digits.len() <= 15 && (-22..=22).contains(&exponent) {
        // Both are numbers without rounding, so that one operation rounds once.
        let number = digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0')) as f64;
        let power = (0..exponent.abs()).fold(1.0, |power, _| power * 10.0);
        return if exponent < 0 { number / power } else { number * power };
    }
    let kept = digits.len().min(DIGITS);
    let mut number = Natural(Vec::new());
    digits[..kept].iter().for_each(|digit| number.scale(10, u32::from(digit - b'0')));
    // What is cut off only matters by being there.
    number.scale(10, u32::from(digits[kept..].iter().any(|digit| *digit != b'0')));
    let exponent = place - kept as i32 - 1;
    let (over, under) = (number.times_ten_to(exponent), Natural::of(1).times_ten_to(-exponent));
    // The quotient shall have 63 or 64 bits.
    let shift = 63 - (over.bits() - under.bits());
    let (quotient, rest) = over.shifted(shift).divided_by(&under.shifted(-shift));
    rounded(quotient, rest, -shift)
}

/// The number nearest to `quotient` (and a bit, with `rest`) times two to `exponent`.
fn rounded(quotient: u64, rest: bool, exponent: i32) -> f64 {
    let bits = 64 - quotient.leading_zeros() as i32;
    let subnormal = (-1022 - (bits - 1 + exponent)).max(0);
    let dropped = (bits - 53 + subnormal).min(65);
    let (quotient, half) = (u128::from(quotient), 1_u128 << (dropped - 1));
    let (mut kept, low) = (quotient >> dropped, quotient & (2 * half - 1));
    if low > half || (low == half && (rest || kept % 2 == 1)) {
        kept += 1;
    }
    // In two steps, because the power alone may be too small for a number.
    let power = exponent + dropped;
    kept as f64 * power_of_two(power / 2) * power_of_two(power - power / 2)
}

/// For exponents of normal numbers.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// The fewest significant digits that read back as `value`, which is positive and finite, and the power of ten
/// of the first one.
fn shortest(value: f64) -> (Vec<u8>, i32) {
    let (fraction, raised) = (value.to_bits() & ((1 << 52) - 1), (value.to_bits() >> 52) as i32);
    let (mantissa, power) = if raised == 0 { (fraction, -1074) } else { (fraction | (1 << 52), raised - 1075) };
    let number = Natural::of(mantissa);
    // Never above the true place and at most one below it, or two where the estimate's slope adds up.
    let mut place = (((number.bits() - 1 + power) * 1233) >> 12) - 1;
    let (digits, rest) = loop {
        let over = number.clone().times_ten_to(17 - place).shifted(power);
        let (digits, rest) = over.divided_by(&Natural::of(1).times_ten_to(place - 17).shifted(-power));
        if digits < 1_000_000_000_000_000_000 {
            break (digits, rest);
        }
        place += 1;
    };
    // 17 digits tell any number from its neighbours; the eighteenth is for rounding.
    for cut in (1..18).rev() {
        let unit = 10_u64.pow(cut);
        let (kept, low) = (digits / unit, digits % unit);
        let up = 2 * low > unit || (2 * low == unit && (rest || kept % 2 == 1));
        let text = (kept + u64::from(up)).to_string();
        let trimmed = text.trim_end_matches('0').as_bytes();
        let first = place + text.len() as i32 - (18 - cut as i32);
        if cut == 1 || nearest(trimmed, first + 1 - trimmed.len() as i32) == value {
            return (trimmed.to_vec(), first);
        }
    }
    (vec![b'0'], 0)
}

/// The shortest text that reads back as the same number, without exponent: `0.5`, `100`, `0.00001`.
pub fn plain_double(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    match value.abs() {
        size if size.is_nan() => "NaN".to_owned(),
        size if size.is_infinite() => format!("{sign}inf"),
        0.0 => format!("{sign}0"),
        size => {
            let (digits, first) = shortest(size);
            let mut text = String::from(sign);
            (first..0).for_each(|at| text.push_str(if at == first { "0." } else { "0" }));
            for (at, digit) in digits.iter().enumerate() {
                if at as i32 == first + 1 && at > 0 {
                    text.push('.');
                }
                text.push(char::from(*digit));
            }
            (digits.len() as i32..=first).for_each(|_| text.push('0'));
            text
        }
    }
}

/// The same with one digit before the point and an exponent: `1.5`, `-5`.
pub fn scientific_double(value: f64) -> (String, i32) {
    if value == 0.0 || !value.is_finite() {
        return (plain_double(value), 0);
    }
    let (digits, first) = shortest(value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (at, digit) in digits.iter().enumerate() {
        if at == 1 {
            text.push('.');
        }
        text.push(char::from(*digit));
    }
    (text, first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rng;

    fn same(text: &str) {
        let (own, std) = (parse_double(text), text.parse::<f64>().ok());
        assert_eq!(own.map(f64::to_bits), std.map(f64::to_bits), "{text}: {own:?} {std:?}");
    }

    #[test]
    fn reads_as_std_does() {
        for text in ["0", "-0.0", "1", "0.5", ".5", "5.", "-1e3", "1E+2", "0.1", "9007199254740993", "1e22", "1e23"] {
            same(text);
        }
        for text in ["", ".", "e5", "1e", "--1", "1.2.3", "0x1", "1e5.0", "+-1", " 1"] {
            same(text);
        }
        for text in ["5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308"] {
            same(text);
        }
        for text in ["1.7976931348623157e308", "1.7976931348623159e308", "1e400", "1e-400", "0e999999999999"] {
            same(text);
        }
        same(&format!("1.{}1e-5", "0".repeat(900)));
    }

    #[test]
    fn reads_and_writes_any_number() {
        let mut rng = Rng::new(7, 7);
        for _ in 0..2_000 {
            let value = f64::from_bits(rng.below_u64(u64::MAX)).abs();
            if value.is_finite() {
                same(&format!("{value:e}"));
                same(&format!("{value:.3e}"));
                assert_eq!(plain_double(value), value.to_string());
                let (digits, exponent) = scientific_double(value);
                assert_eq!(format!("{digits}e{exponent}"), format!("{value:e}"));
            }
        }
        for value in [1.0, 0.5, 0.1, 100.0, 123.456, 1e7, 1e21, 1e-7, 5e-324, f64::MAX, 0.3, 2.5e-3, 1024.0, -3.25, 0.0]
        {
            assert_eq!(plain_double(value), value.to_string());
        }
    }
}

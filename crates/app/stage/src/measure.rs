//! How wide words are. The page ships no fonts, so this measures with the widest of the common ones (DejaVu Sans, read
//! from its own tables): what fits here fits with Segoe UI, San Francisco, Roboto and Inter too.

use crate::mark::Spelling;

/// Advances of ASCII from the space on, in hundredths of the size.
const PLAIN: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69,
    62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64,
    60, 82, 60, 60, 53, 64, 34, 64, 84,
];
const STRONG: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40,
    84, 84, 84, 59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111,
    78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60,
    48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];
/// Every letter is as wide.
const MONO: f64 = 0.61;
/// Ideographs, full-width punctuation, arrows and the ellipsis; other alphabets are narrower.
const WIDE: f64 = 1.0;
const OTHER: f64 = 0.84;

/// A text's width in stage units.
pub fn width(text: &str, spelling: Spelling) -> f64 {
    text.chars().map(|letter| advance(letter, spelling)).sum::<f64>() * spelling.size.units()
}

/// In parts of the font size. Fonts differ a little, so places are chosen with some room.
fn advance(letter: char, spelling: Spelling) -> f64 {
    if letter >= '\u{2e80}' || letter == '…' {
        return if spelling.mono && letter == '…' { MONO } else { WIDE };
    }
    if spelling.mono {
        return MONO;
    }
    let table = if spelling.strong { &STRONG } else { &PLAIN };
    let place = (letter as usize).wrapping_sub(' ' as usize);
    table.get(place).map_or(OTHER, |hundredths| f64::from(*hundredths) / 100.0)
}

/// The text itself where it fits, else as much of its beginning as fits with "…"; empty where not even that does.
pub fn fit(text: &str, spelling: Spelling, most: f64) -> String {
    if width(text, spelling) <= most {
        return text.to_owned();
    }
    cut(text, spelling, most)
}

/// As much of a text's beginning as fits with "…" behind it; empty where not even the sign does.
pub fn cut(text: &str, spelling: Spelling, most: f64) -> String {
    let size = spelling.size.units();
    let mut left = most - advance('…', spelling) * size;
    if left < 0.0 {
        return String::new();
    }
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        left -= advance(letter, spelling) * size;
        if left < 0.0 {
            break;
        }
        end = at + letter.len_utf8();
    }
    format!("{}…", text[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::Size;

    #[test]
    fn what_fits_is_whole_and_what_does_not_ends_with_a_sign() {
        let small = Spelling::of(Size::Small);
        assert_eq!(fit("Broker 2", small, 100.0), "Broker 2");
        let cut = fit("Broker 2 leads nothing at all", small, 100.0);
        assert!(cut.ends_with('…') && width(&cut, small) <= 100.0, "{cut}");
        assert_eq!(fit("Broker", small, 3.0), "");
        assert_eq!(fit("没有消费者读取", small, 40.0), "没有…");
    }

    #[test]
    fn strong_words_are_wider_and_chinese_is_square() {
        let small = Spelling::of(Size::Small);
        assert!(width("leads", small.strong()) > width("leads", small));
        assert_eq!(width("分区", small), 24.0);
        assert!((width("orders-0", small.mono()) - 8.0 * 0.61 * 12.0).abs() < 1e-9);
    }
}

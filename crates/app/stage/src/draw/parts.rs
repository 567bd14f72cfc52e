//! Small pieces that several parts of the stage share.

use view::{Tone, TopicPartition};

use crate::geometry::{Area, point};
use crate::mark::{Mark, Spelling, Words};
use crate::measure;

/// A line of text in at most `most` units: shortened with "…" where it is longer, and the whole kept for whoever points
/// at it.
pub fn text(x: f64, y: f64, spelling: Spelling, words: &str, most: f64) -> Mark {
    let text = measure::fit(words, spelling, most);
    let whole = if text == words { String::new() } else { words.to_owned() };
    Mark::Text(Words { at: point(x, y), spelling, text, whole })
}

/// A box with rounded corners.
pub fn rect(area: Area, radius: f64, class: &'static str) -> Mark {
    Mark::Box { area, radius, class }
}

/// The class that colours a word.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "i2",
        Tone::Quiet => "i3",
        Tone::Good => "f-ok",
        Tone::Warning => "f-warn",
        Tone::Bad => "f-bad",
        Tone::Metadata => "f-meta",
    }
}

/// A topic's hue class.
pub fn hue(index: u8) -> &'static str {
    ["t0", "t1", "t2", "t3", "t4"][usize::from(index.min(4))]
}

/// A text where there is one.
pub fn texts(x: f64, y: f64, spelling: Spelling, words: &str, most: f64) -> Option<Mark> {
    let mark = text(x, y, spelling, words, most);
    if let Mark::Text(words) = &mark
        && words.text.is_empty()
    {
        return None;
    }
    Some(mark)
}

/// A partition's name in at most `most` units: its number is never cut, and the beginning of its topic stays.
pub fn partition_name(x: f64, y: f64, spelling: Spelling, partition: &TopicPartition, most: f64) -> Mark {
    let whole = partition.to_string();
    if measure::width(&whole, spelling) <= most {
        return text(x, y, spelling, &whole, most);
    }
    let number = format!("-{}", partition.partition);
    let topic = measure::cut(&partition.topic, spelling, most - measure::width(&number, spelling));
    Mark::Text(Words { at: point(x, y), spelling, text: format!("{topic}{number}"), whole })
}

/// Words in at most so many lines, broken where words end; what does not fit into the last line is shortened.
pub fn lines(words: &str, spelling: Spelling, most: f64, count: usize) -> Vec<Words> {
    let mut lines = Vec::new();
    let mut left = words.trim();
    while !left.is_empty() && lines.len() < count {
        let end = if lines.len() + 1 == count { left.len() } else { first_line(left, spelling, most) };
        let text = measure::fit(left[..end].trim_end(), spelling, most);
        let cut = text.ends_with('…') && !left[..end].ends_with('…');
        let whole = if cut { words.to_owned() } else { String::new() };
        lines.push(Words { at: point(0.0, 0.0), spelling, text, whole });
        left = left[end..].trim_start();
    }
    lines
}

/// Where the first line ends: after as many words, or ideographs, as fit; after the first word if none does.
fn first_line(words: &str, spelling: Spelling, most: f64) -> usize {
    let mut end = 0;
    let (mut first, mut wide_before) = (None, false);
    for (at, letter) in words.char_indices().chain([(words.len(), ' ')]) {
        // Chinese breaks on either side of a sign, but not before a mark that closes what stands before it.
        let is_wide = letter >= '\u{2e80}';
        let breaks = letter == ' ' || ((is_wide || wide_before) && !"，。、；：！？）”".contains(letter));
        wide_before = is_wide;
        if breaks && at > 0 {
            if measure::width(&words[..at], spelling) > most {
                break;
            }
            end = at;
        }
        first = if breaks && at > 0 { first.or(Some(at)) } else { first };
    }
    if end == 0 { first.unwrap_or(words.len()) } else { end }
}

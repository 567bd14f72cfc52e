//! Small pieces that several parts of the stage share.

use view::Tone;

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

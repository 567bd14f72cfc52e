//! Words over the stage.

use base::Span;

use crate::{End, Headline};

/// The headline's words, and what to try.
pub struct HeadlineText {
    /// One or two sentences for a headline.
    pub say: fn(&Headline) -> String,
    pub try_before: &'static str,
    /// After the sign that stops a broker.
    pub try_stop: &'static str,
    /// After the sign that starts one.
    pub try_start: &'static str,
}

/// `9 s`, `9.3 s`, `300 ms`.
pub(crate) fn duration(span: Span) -> String {
    let milliseconds = span.as_millis();
    match (milliseconds, milliseconds % 1_000 / 100) {
        (0..1_000, _) => format!("{milliseconds} ms"),
        (_, 0) => format!("{} s", milliseconds / 1_000),
        (_, tenth) => format!("{}.{tenth} s", milliseconds / 1_000),
    }
}

/// Killed, powered off, stopped, hangs, cut off: which of five words.
pub(super) fn of_end(end: End, words: [&'static str; 5]) -> &'static str {
    words[match end {
        End::Killed => 0,
        End::PoweredOff => 1,
        End::Stopped => 2,
        End::Hangs => 3,
        End::CutOff => 4,
    }]
}

//! Words of two branches side by side.

use crate::{Compared, Measure, Pair, Part, Str};

/// Titles, columns and sentences of the comparison.
pub struct CompareText {
    /// The one sentence over both, with their names.
    pub say: fn(&Compared, &[Str; 2]) -> String,
    pub measure: fn(Measure) -> &'static str,
    /// What two values mean.
    pub pair: fn(&Pair, &[Str; 2]) -> String,
    /// A part of what was sent.
    pub part: fn(Part, &str) -> String,
    pub comma: &'static str,
    pub semicolon: &'static str,
    /// Names with both numbers, all equal.
    pub no_difference: fn(&str) -> String,
    /// Two numbers.
    pub and: fn(&str, &str) -> String,
    /// An act that only the other has.
    pub without: fn(&str) -> String,
    pub as_it_was: &'static str,
    pub done_at: fn(&str) -> String,
    pub not_done: fn(&str) -> String,
    pub difference: fn(&str, &str) -> String,
    pub nothing_done: &'static str,
    /// Where somebody last watched the named branch.
    pub unwatched: fn(&str, &str) -> String,
    /// The event's number.
    pub first_difference: fn(&str) -> String,
    pub go_to_difference: &'static str,
    /// Who, and what it reports.
    pub reports: fn(&str, &str) -> String,
    /// Nothing at that instant; when, who and what comes next.
    pub not_yet: fn(&str, &str) -> String,
    pub nothing_more: &'static str,
    pub looking: fn(&str) -> String,
    pub alike: fn(&str) -> String,
    pub past_forgotten: &'static str,
    pub drawn_short: fn(&str) -> String,
    pub copy: &'static str,
    pub copied: &'static str,
    /// The instant of the copied ledger.
    pub ledger_at: fn(&str) -> String,
    pub one_clock: &'static str,
    pub only_one: &'static str,
    /// The button that shows both, and its whole name, which begins the same.
    pub both: fn(&str, &str) -> String,
    pub both_label: fn(&str) -> String,
}

//! Words of two branches side by side.

/// Titles, columns and sentences of the comparison.
pub struct CompareText {
    /// Both names and the instant.
    pub title: fn(&str, &str, &str) -> String,
    pub parted: fn(&str) -> String,
    pub difference: fn(&str, &str) -> String,
    pub nothing_done: &'static str,
    /// Branch, instant, partition, offset.
    pub lost: fn(&str, &str, &str, i64) -> String,
    pub nothing_lost: &'static str,
    pub same: &'static str,
    /// A branch that is still being replayed, and how far it is.
    pub behind: fn(&str, &str) -> String,
    pub only_one: &'static str,
    /// The button that shows both, and its whole name, which begins the same.
    pub both: fn(&str, &str) -> String,
    pub both_label: fn(&str) -> String,
}

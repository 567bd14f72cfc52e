//! What one reader was given, in the order in which it came, with the numbers of sending.

use super::Glyph;

/// One record that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalCell {
    /// Which of its producer's records it is, from 1; empty where nobody knows.
    pub number: String,
    /// Its partition, `-1`.
    pub partition: String,
    pub hue: u8,
    pub glyph: Glyph,
    /// A later one came first.
    pub late: bool,
    /// It came before.
    pub again: bool,
    /// All of it in words.
    pub label: String,
}

/// A reader's strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalsView {
    /// Oldest first.
    pub cells: Vec<ArrivalCell>,
    /// What the numbers are.
    pub caption: String,
    /// How many came after a later one, and how many of those within a partition.
    pub sum: String,
    pub has_inversions: bool,
}

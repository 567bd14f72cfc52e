//! Two branches side by side: their ledgers at one instant, what was done in each, and what came of it.

use super::Tone;

/// One number in both branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareRow {
    pub name: &'static str,
    pub first: String,
    pub second: String,
    /// The second less the first, with its sign; empty where they are equal.
    pub difference: String,
    pub tone: Tone,
    /// The number's meaning in one sentence.
    pub meaning: &'static str,
}

/// One branch: its name, and what was done in it since they parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareSide {
    pub name: String,
    /// Command lines with their instants, or one sentence that nothing was done.
    pub acts: Vec<String>,
    pub shown: bool,
}

/// Both branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareView {
    pub title: String,
    pub parted: String,
    pub sides: [CompareSide; 2],
    /// "B − A".
    pub difference: String,
    pub rows: Vec<CompareRow>,
    /// What came of it, in sentences, each with its tone.
    pub verdicts: Vec<(Tone, String)>,
}

//! A sketch beside the run: what readers would have to bear if the broker pushed.

/// One reader in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SketchRow {
    pub reader: String,
    /// "5/s"
    pub can: String,
    /// What it is given now, by its own fetches.
    pub pulls: String,
    /// Everything pushed as it is written: "62 %", or "+3/s".
    pub pushed: String,
    pub too_much: bool,
    /// Everything pushed at the slowest reader's pace.
    pub slowly: String,
}

/// The sketch. It says itself that it is none of Kafka's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SketchView {
    pub title: &'static str,
    pub columns: [&'static str; 5],
    pub rows: Vec<SketchRow>,
    pub note: &'static str,
}

//! One record opened: its numbers, its bytes as they lie in the log, and what Kafka's own records say.

use base::Offset;

use super::{PropertyView, SectionView, Thing};

/// Bytes as people read them: eight in a row, with the letters beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexLine {
    /// Where the row begins, `0008`.
    pub at: String,
    /// `6f 72 64 65`
    pub hex: String,
    /// Letters of ASCII; a dot for every other byte.
    pub letters: String,
}

/// A key, a value or a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BytesView {
    /// "Key", or the header's own.
    pub title: String,
    /// "7 B", or `null`.
    pub size: String,
    /// As UTF-8; empty where the bytes are none.
    pub text: String,
    pub lines: Vec<HexLine>,
    /// How many bytes are not shown; empty where all are.
    pub more: String,
}

/// A record that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentsView {
    pub offset: Offset,
    /// "offset 12"
    pub title: String,
    /// Timestamp, epochs, sequence, batch.
    pub rows: Vec<PropertyView>,
    /// Of Kafka's own records: key and value by their schemas' fields.
    pub decoded: Vec<SectionView>,
    /// Key, value, then the headers.
    pub bytes: Vec<BytesView>,
    /// How Kafka finds it: file, index, batches. Only of a record that was chosen.
    pub way: Vec<String>,
    /// What comes of trying to change it, and of putting one before it: a title and a refusal each.
    pub tries: Vec<(&'static str, String)>,
    /// The records beside it in this log.
    pub before: Option<Thing>,
    pub after: Option<Thing>,
}

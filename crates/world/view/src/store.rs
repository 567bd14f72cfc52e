//! A store outside Kafka, into which consumers' programs write what they have worked on (`app.sink`), as it stands on the
//! stage: how much it has, and what of it twice or never. Its rows are the inspector's.

use super::{ProcessId, Str};

/// A store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreView {
    pub name: Str,
    /// Whose programs are set to write there, running or not, in the order in which they were added.
    pub writers: Vec<ProcessId>,
    /// Their groups, by name.
    pub groups: Vec<Str>,
    pub rows: u64,
    /// Records with more rows than one.
    pub twice: u64,
    /// Records that will have no row; none is counted while a program has some in its hands.
    pub never: u64,
    /// "12 rows".
    pub rows_text: String,
    /// "1 twice, none never".
    pub text: String,
    /// That it is no part of Kafka.
    pub outside: &'static str,
    /// How it stands, where it does not take rows at once: "200 ms a row", "out of order, 1 program waits".
    pub stands: String,
    pub is_down: bool,
    /// What a screen reader says.
    pub label: String,
}

impl StoreView {
    /// Has it more or less than it should?
    pub fn is_wrong(&self) -> bool {
        self.twice + self.never > 0
    }
}

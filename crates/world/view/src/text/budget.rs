//! Words for a budget that is used up: which one, through whom, and what would help.

/// The card at a budget.
pub struct BudgetText {
    /// Its title, and the sentence with how much was used.
    pub events: (&'static str, fn(&str) -> String),
    pub disks: (&'static str, fn(&str) -> String),
    pub world: (&'static str, fn(&str) -> String),
    pub history: (&'static str, fn(&str) -> String),
    pub memory: (&'static str, fn(&str) -> String),
    /// Events, and the instant at which they happened.
    pub standstill: (&'static str, fn(&str, &str) -> String),
    /// Producer, records.
    pub by_producer: fn(&str, &str) -> String,
    /// Topic, bytes of all its copies.
    pub by_topic: fn(&str, &str) -> String,
    pub by_nobody: &'static str,
    pub thin_past: &'static str,
    /// The instant before which nobody can go back.
    pub without_rewinding: fn(&str) -> String,
    pub smaller_values: fn(&str) -> String,
    pub shorter_retention: fn(&str) -> String,
    pub go_on: &'static str,
    /// For who wants to go back further than he can.
    pub rewinds_to: fn(&str) -> String,
}

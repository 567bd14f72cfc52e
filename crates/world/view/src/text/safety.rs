//! Words for steps that are unsafe, and what each safety check says.

/// The card at an unsafe step.
pub struct SafetyText {
    pub title: &'static str,
    pub lost: &'static str,
    /// Partition, offset, instant.
    pub lost_at: fn(&str, i64, &str) -> String,
    /// Partition, instant: the record never got an offset.
    pub lost_unwritten: fn(&str, &str) -> String,
    pub lost_check: &'static str,
    pub broken: &'static str,
    /// What the check of that number (`R12`, `K1`) says.
    pub promise: fn(&str) -> &'static str,
    /// The check's name, or what it says.
    pub check: fn(&str) -> String,
    pub go_on: &'static str,
    pub step_before: &'static str,
    pub fork_before: &'static str,
    /// When it happened, for who stands later.
    pub since: fn(&str) -> String,
}

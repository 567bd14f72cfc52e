//! Words for the program around a consumer and for its store.

use client::consumer::Commits;
use port::{ConsumerCall, CrashAt, Written};

/// The end, how far the position is from it, and how far what is committed.
pub type Left<'a> = (i64, i64, &'a str);

/// What the inspector says of a program.
pub struct AppText {
    pub commits: &'static str,
    pub commit_policy: fn(Commits) -> &'static str,
    /// After so many records.
    pub every: fn(u64) -> String,
    pub work: &'static str,
    pub in_hand: &'static str,
    pub crash: &'static str,
    pub crash_at: fn(CrashAt) -> &'static str,
    pub paused: &'static str,
    /// Position, committed, and the rest as far as it is known: end, records-lag, and LAG as it is written.
    pub reads: fn(&str, &str, Option<Left<'_>>) -> String,
    /// On a button.
    pub call: fn(&ConsumerCall) -> String,
    pub store: fn(&str) -> String,
    /// On its card: rows; records that have several, and that will have none; that Kafka knows nothing of it.
    pub store_rows: fn(u64) -> String,
    pub store_told: fn(u64, u64) -> String,
    pub outside: &'static str,
    pub rows: &'static str,
    pub twice: &'static str,
    pub never: &'static str,
    pub same: &'static str,
    pub written: fn(Written) -> &'static str,
}

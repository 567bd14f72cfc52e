//! Words for the program around a consumer and for its store.

use client::consumer::Commits;
use port::{ConsumerCall, CrashAt, OnFailedWrite, StoreCondition, Written};
use sim::WorldCommand;

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
    /// How it stands, where it does not take rows at once; programs that wait for it.
    pub store_stands: fn(StoreCondition, usize) -> String,
    /// On a button.
    pub store_act: fn(&WorldCommand) -> String,
    /// What the program does when a write fails.
    pub on_error: &'static str,
    pub on_error_does: fn(OnFailedWrite) -> &'static str,
    pub failed_writes: &'static str,
    pub stands: &'static str,
    pub rows: &'static str,
    pub twice: &'static str,
    pub never: &'static str,
    pub same: &'static str,
    pub written: fn(Written) -> &'static str,
}

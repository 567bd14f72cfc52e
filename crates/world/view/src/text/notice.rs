//! Words of the cards about links and kept experiments, and one plain sentence for what was refused.

use base::ErrorCode;
use script::cli::Lack;
use script::shell::ShellError;
use sim::CommandError;

/// Titles, sentences and buttons of the cards.
pub struct NoticeText {
    pub foreign: (&'static str, &'static str),
    pub future: fn(u64) -> (String, String),
    pub other_rules: fn(u64) -> (String, String),
    /// How many steps can be read, and of how many.
    pub truncated: fn(u64, Option<u64>) -> (String, String),
    pub damaged: fn(u64, u64, Option<u64>) -> (String, String),
    pub too_large: fn(&str, u64) -> (String, String),
    pub unknown_scenario: fn(&str) -> (String, String),
    pub matches: fn(&str, &str) -> (String, String),
    pub differs: fn(&str, &str) -> (String, String),
    pub stopped: fn(&str, &str) -> (String, String),
    pub unchecked: fn(&str) -> (String, String),
    /// Events of a run that was kept or handed on without hashes.
    pub unhashed: fn(&str) -> (String, String),
    /// Of what a link would hold too much.
    pub not_shared: fn(&str, u64) -> (String, String),
    /// An act's verb, how often it was done, and the bytes that all of them take.
    pub leave_out: fn(&str, u64, &str) -> String,
    pub saved: (&'static str, &'static str),
    pub play_readable: fn(u64) -> String,
    pub open_saved: &'static str,
    pub list_kept: &'static str,
    pub paste_again: &'static str,
    pub share_link: &'static str,
    pub keep_scene: &'static str,
    pub understood: &'static str,
}

/// One plain sentence after Kafka's own words, or in place of them.
pub struct RefusalText {
    pub of_kafka: fn(ErrorCode) -> &'static str,
    pub of_world: fn(&CommandError) -> String,
    /// A command lists more than any link holds.
    pub beyond: fn(&str, u64) -> String,
    /// The longest run is over.
    pub the_end: &'static str,
    /// What the terminal's shell does not take.
    pub of_shell: fn(&ShellError) -> String,
    /// A tool of Kafka's, what it is asked for, and why that is not here.
    pub not_here: fn(&str, &str, Lack) -> String,
    /// A file of a node that only tools read.
    pub no_text: fn(&str) -> String,
    /// How a line is written today.
    pub instead: fn(&str) -> String,
    pub sent: fn(&str, i64) -> String,
    pub done: &'static str,
    pub later: &'static str,
    /// Records that a console consumer was given and does not print.
    pub unseen: fn(u64) -> String,
}

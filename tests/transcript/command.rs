//! The text line of commands, as the page and the terminal spell them.

pub use lab::command::{parse, parse_span};

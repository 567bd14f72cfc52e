//! The text line of commands, as the page and the terminal spell them.

pub use script::{parse, parse_span};

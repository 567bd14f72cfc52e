//! The text line of commands, as the page and the terminal spell them.

#[path = "../../crates/world/lab/src/command/span.rs"]
mod span;
#[path = "../../crates/world/lab/src/command/text.rs"]
mod text;

pub use span::parse_span;
pub use text::parse;

//! One command, four spellings: a gesture makes the value, and here are its text line, its JSON and
//! its bytes in a link; plus Kafka's own command lines, which become the same values.

pub mod cli;
pub mod link;
mod span;
pub mod text;

pub use sim::Command;
pub use span::{parse_span, span_text};
pub use text::{TextError, parse, print};

//! What a run is made of, in words: one command in its spellings (a text line, Kafka's own command lines, the bytes of a
//! link), the scenario that says what happens by itself and what must come of it, and the one table of what all of them
//! may hold. Nothing here runs anything.

mod ask;
mod brief;
mod call;
pub mod claim;
pub mod cli;
pub mod describe;
pub mod file;
pub mod glossary;
pub mod limits;
pub mod link;
pub mod logged;
mod near;
pub mod notes;
mod placed;
pub mod png;
pub mod scenario;
pub mod shell;
mod span;
pub mod text;
mod world_rows;

pub use brief::{brief, brief_sentence};
pub use claim::{Claim, claims};
pub use glossary::Glossary;
pub use near::nearest;
pub use placed::PlacedCommand;
pub use scenario::{Choices, Document, Lesson, Mark, Mistake, Problem, Scenario, See, Unspelled};
pub use sim::{Command, KafkaCommand, WorldCommand};
pub use span::{parse_span, span_text};
pub use text::{Fixed, TextError, parse, print, words};

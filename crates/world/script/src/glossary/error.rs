//! What is wrong with a glossary, in words.

use crate::near;
use base::Str;
use std::fmt;

/// One mistake and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryError {
    /// From 1, both; a line is judged as a whole.
    pub line: u32,
    pub column: u32,
    pub problem: GlossaryProblem,
    /// Right words that could have been meant, the likeliest first.
    pub nearest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GlossaryProblem {
    /// The first line is not the version.
    NoVersion,
    /// So many bytes; it is not read.
    TooLong(usize),
    /// More of these than are read.
    TooMany(&'static str),
    /// Neither the beginning of a term, nor of a section, nor a named line.
    NoLine(String),
    NoSection(String),
    /// No line has this name here.
    NoName(String),
    /// It stands there already.
    Twice(&'static str),
    /// A term lacks this.
    Missing {
        term: Str,
        what: &'static str,
    },
    /// Another term has this name.
    Taken(String),
    /// More letters than a card has room for.
    Letters {
        term: Str,
        is: usize,
        most: usize,
    },
}

impl fmt::Display for GlossaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)?;
        near::tell(f, &self.nearest)
    }
}

impl std::error::Error for GlossaryError {}

impl fmt::Display for GlossaryProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GlossaryProblem::NoVersion => f.write_str("a glossary begins with the line 'blumfeld glossary 1'"),
            GlossaryProblem::TooLong(bytes) => write!(f, "{bytes} bytes are more than a glossary may have"),
            GlossaryProblem::TooMany(what) => write!(f, "there are too many {what}"),
            GlossaryProblem::NoLine(text) => write!(f, "'{text}' begins no term, no section and no line of one"),
            GlossaryProblem::NoSection(text) => write!(f, "there is no section '{text}': write == en or == zh"),
            GlossaryProblem::NoName(word) => write!(f, "there is no line '{word}' here"),
            GlossaryProblem::Twice(what) => write!(f, "{what} stands here twice"),
            GlossaryProblem::Missing { term, what } => write!(f, "'{term}' has no {what}"),
            GlossaryProblem::Taken(name) => write!(f, "'{name}' is the name of a term above already"),
            GlossaryProblem::Letters { term, is, most } => {
                write!(f, "what is said of '{term}' has {is} letters, {most} fit")
            }
        }
    }
}

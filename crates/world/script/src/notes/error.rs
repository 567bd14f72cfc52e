//! What is wrong with a text of notes, in words.

use super::Number;
use crate::near;
use std::fmt;

/// One mistake and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteError {
    /// From 1, both; the column counts characters.
    pub line: u32,
    pub column: u32,
    pub problem: NoteProblem,
    /// Right words that could have been meant, the likeliest first.
    pub nearest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteProblem {
    /// The first line is not the version.
    NoVersion,
    /// So many bytes; it is not read.
    TooLong(usize),
    /// More of these than are read.
    TooMany(&'static str),
    /// Neither the beginning of a note, nor of a section, nor a named line.
    NoLine(String),
    /// Not a row of the list of claims.
    NoNumber(String),
    /// Numbers rise.
    NotRising(Number),
    /// No line has this name here.
    NoName(String),
    /// The line of this name does not take this word.
    NoWord {
        of: &'static str,
        word: String,
    },
    /// It stands there already.
    Twice(&'static str),
    /// A note lacks this.
    Missing {
        number: Number,
        what: &'static str,
    },
    /// A note has this, and nothing that it could be about.
    Needless {
        number: Number,
        what: &'static str,
    },
    /// More characters than a card has room for.
    Letters {
        of: &'static str,
        is: usize,
        most: usize,
    },
    /// Not the name of a lesson.
    NoLesson(String),
    NoEra(String),
    NoRelease(String),
    EraBackwards(String),
    /// What the verdict says of the releases is not what the era says.
    Unlike {
        verdict: &'static str,
        era: String,
    },
    /// No note has that number.
    NoNote(Number),
    /// That note does not name this one.
    OneSided(Number),
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)?;
        near::tell(f, &self.nearest)
    }
}

impl std::error::Error for NoteError {}

impl fmt::Display for NoteProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoteProblem::NoVersion => f.write_str("notes begin with the line 'blumfeld notes 1'"),
            NoteProblem::TooLong(bytes) => write!(f, "{bytes} bytes are more than notes may have"),
            NoteProblem::TooMany(what) => write!(f, "there are too many {what}"),
            NoteProblem::NoLine(text) => write!(f, "'{text}' begins no note, no section and no line of one"),
            NoteProblem::NoNumber(text) => write!(f, "'{text}' is not a number such as 40 or 53b"),
            NoteProblem::NotRising(number) => write!(f, "numbers rise, and {number} comes after one that is not lower"),
            NoteProblem::NoName(word) => write!(f, "there is no line '{word}' here"),
            NoteProblem::NoWord { of, word } => write!(f, "{of} does not take '{word}'"),
            NoteProblem::Twice(what) => write!(f, "{what} stands here twice"),
            NoteProblem::Missing { number, what } => write!(f, "note {number} has no {what}"),
            NoteProblem::Needless { number, what } => write!(f, "note {number} has {what}, and nothing to be run"),
            NoteProblem::Letters { of, is, most } => write!(f, "{of} has {is} characters, {most} fit"),
            NoteProblem::NoLesson(text) => write!(f, "'{text}' is not the name of a lesson"),
            NoteProblem::NoEra(text) => {
                write!(f, "'{text}' is not an era such as never, always, since 3.3, up to 2.3 or 2.4 to 3.2")
            }
            NoteProblem::NoRelease(word) => write!(f, "there was no release '{word}'"),
            NoteProblem::EraBackwards(text) => write!(f, "'{text}' ends before it begins"),
            NoteProblem::Unlike { verdict, era } => write!(f, "what is {verdict} cannot be so {era}"),
            NoteProblem::NoNote(number) => write!(f, "there is no note {number}"),
            NoteProblem::OneSided(number) => write!(f, "note {number} does not name this one in turn"),
        }
    }
}

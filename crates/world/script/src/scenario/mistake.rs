//! What is wrong with a text: the line, the column, the word, and the right ones that are nearest.

use crate::TextError;
use crate::brief::{brief, brief_sentence};
use crate::claim::ClaimProblem;
use crate::near::{self, nearest};
use crate::text::{IN, VERBS, options};
use base::Str;

/// One thing that is wrong with a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1, both; the column counts characters.
    pub line: u32,
    pub column: u32,
    pub problem: Problem,
    /// Right words that could have been meant, the likeliest first, three at most.
    pub nearest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The first line does not say which version of the format this is.
    NoVersion(String),
    /// More characters than a text may have.
    TooLarge(usize),
    /// Neither a header, nor a command, nor a `see` line.
    NoLine(String),
    /// Scenarios have no header of that name.
    NoHeader(String),
    /// Headers stand above the first command.
    LateHeader(String),
    /// It can be said once.
    Twice(String),
    /// A header's value is not what it takes.
    BadHeader {
        name: String,
        value: String,
    },
    /// A word of a header's value is none of those that it takes.
    NoWord {
        name: &'static str,
        word: String,
    },
    BadTime(String),
    /// No run lasts as long.
    TooLate(String),
    /// Times never go back.
    Backwards,
    Command(TextError),
    /// A line of one of Kafka's tools that nothing comes of here; the words are English.
    Tool(Str),
    /// A server setting is unknown or its value is refused; the words are Kafka's.
    Setting {
        word: String,
        message: Str,
    },
    /// The cluster that the headers describe cannot be.
    Cluster(Str),
    Claim(ClaimProblem),
    /// No name for a mark.
    BadMark(String),
    NoMark(String),
    /// Nothing is varied under that name.
    NoVary(String),
    /// It is not varied to that value.
    NoValue {
        name: String,
        value: String,
    },
    /// What may be varied is bounded.
    TooVaried,
    Question(AskedWrongly),
    /// Word sections are `en` and `zh`.
    NoSection(String),
    /// No line of words begins so.
    NoWordLine(String),
    Lack(Lacking),
}

/// What is wrong with a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedWrongly {
    /// No form of a question.
    Form(String),
    /// There is no choice of that number.
    Choice(String),
}

/// What a reader would miss or stumble over, though the text can be read and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// A lesson has these words in both languages.
    Words {
        section: &'static str,
        what: String,
    },
    /// So many letters, where so many fit.
    Long {
        what: String,
        letters: usize,
        most: usize,
    },
    /// The question has so many choices and the section has so many sentences for them.
    Choices {
        asked: usize,
        worded: usize,
    },
    /// The glossary does not know it.
    Term(String),
    TooManyTerms(usize),
    /// No claim of that number was ever written down.
    Claim(u32),
    /// Nothing in the run is looked at.
    NoSee,
}

impl Mistake {
    pub(crate) fn new(line: u32, column: u32, problem: Problem) -> Mistake {
        let nearest = problem.near();
        Mistake { line, column, problem, nearest }
    }

    /// At the problem's word, looked for in the line as it was written, from a byte on.
    pub(crate) fn found(line: u32, (written, from): (&str, usize), problem: Problem) -> Mistake {
        let at = locate(written, from, problem.word());
        let column = written.get(..at).unwrap_or_default().chars().count() + 1;
        Mistake::new(line, u32::try_from(column).unwrap_or(u32::MAX), problem)
    }

    pub(crate) fn near(mut self, words: Vec<String>) -> Mistake {
        self.nearest = words;
        self
    }

    /// The word that is wrong; empty where something is missing.
    pub fn word(&self) -> &str {
        self.problem.word()
    }
}

/// The byte at which a word stands, as a word of its own if it can be.
fn locate(written: &str, from: usize, word: &str) -> usize {
    let first = written.len() - written.trim_start().len();
    let from = if written.is_char_boundary(from) { from.max(first) } else { first };
    let tail = written.get(from..).unwrap_or_default();
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '-');
    let whole = tail.match_indices(word).find(|(at, found)| {
        !is_part(tail[..*at].chars().next_back()) && !is_part(tail[at + found.len()..].chars().next())
    });
    let found = if word.is_empty() { None } else { whole.map(|(at, _)| at).or_else(|| tail.find(word)) };
    // What is not there was put in by its value.
    from + found.or_else(|| tail.find('$').filter(|_| !word.is_empty())).unwrap_or(0)
}

impl Problem {
    /// The word that is wrong, as it was written.
    pub fn word(&self) -> &str {
        match self {
            Problem::NoVersion(word)
            | Problem::NoLine(word)
            | Problem::NoHeader(word)
            | Problem::LateHeader(word)
            | Problem::Twice(word)
            | Problem::BadTime(word)
            | Problem::TooLate(word)
            | Problem::BadMark(word)
            | Problem::NoMark(word)
            | Problem::NoVary(word)
            | Problem::NoSection(word)
            | Problem::NoWordLine(word)
            | Problem::NoWord { word, .. }
            | Problem::Setting { word, .. }
            | Problem::BadHeader { value: word, .. }
            | Problem::NoValue { value: word, .. }
            | Problem::Question(AskedWrongly::Form(word) | AskedWrongly::Choice(word))
            | Problem::Lack(Lacking::Term(word)) => word,
            Problem::Command(error) => match error {
                TextError::UnknownVerb(word) | TextError::Bad { value: word, .. } | TextError::Extra { word, .. } => {
                    word
                }
                TextError::Missing { verb, .. } => verb,
                TextError::Anywhere(_) => IN,
                TextError::Empty | TextError::Quotes | TextError::Fixed(_) => "",
            },
            Problem::Claim(problem) => problem.word(),
            Problem::TooLarge(_)
            | Problem::Backwards
            | Problem::Cluster(_)
            | Problem::Tool(_)
            | Problem::TooVaried
            | Problem::Lack(_) => "",
        }
    }

    fn near(&self) -> Vec<String> {
        match self {
            Problem::NoVersion(word) => nearest(word, ["blumfeld 1"]),
            Problem::NoLine(word) => nearest(word, super::headers().chain(verbs())),
            Problem::NoHeader(word) => nearest(word, super::headers()),
            Problem::Command(TextError::UnknownVerb(word)) => nearest(word, verbs()),
            Problem::Command(TextError::Extra { verb, word }) => nearest(word, options(verb)),
            Problem::Claim(problem) => problem.nearest(),
            Problem::Setting { word, .. } => settings(word),
            Problem::BadHeader { name, value } if name == "scene" => nearest(value, super::Scenario::builtins()),
            Problem::NoWord { name, word } => nearest(word, super::values_of(name)),
            Problem::NoSection(word) => nearest(word, super::sections::TAGS),
            Problem::NoWordLine(word) => nearest(word, super::sections::names()),
            Problem::BadHeader { .. }
            | Problem::Command(_)
            | Problem::LateHeader(_)
            | Problem::TooLarge(_)
            | Problem::Twice(_)
            | Problem::BadTime(_)
            | Problem::TooLate(_)
            | Problem::Backwards
            | Problem::Cluster(_)
            | Problem::Tool(_)
            | Problem::BadMark(_)
            | Problem::NoMark(_)
            | Problem::NoVary(_)
            | Problem::NoValue { .. }
            | Problem::TooVaried
            | Problem::Question(_)
            | Problem::Lack(_) => Vec::new(),
        }
    }
}

/// What a line of the body may begin with.
fn verbs() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|(verb, _)| *verb).chain(super::BODY)
}

fn settings(word: &str) -> Vec<String> {
    let known = config::key(config::Scope::Broker, word).is_some();
    let names = config::keys(config::Scope::Broker).iter().map(|key| key.name);
    if known { Vec::new() } else { nearest(word, names) }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)?;
        near::tell(f, &self.nearest)
    }
}

impl std::error::Error for Mistake {}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::NoVersion(word) => write!(f, "the first line says 'blumfeld 1', not '{}'", brief(word)),
            Problem::TooLarge(most) => write!(f, "a text has at most {most} bytes; what follows is not read"),
            Problem::NoLine(text) => write!(f, "'{}' is neither a header nor a command", brief(text)),
            Problem::NoHeader(name) => write!(f, "there is no header '{}'", brief(name)),
            Problem::LateHeader(name) => write!(f, "the header '{}' belongs above the first command", brief(name)),
            Problem::Twice(name) => write!(f, "'{}' is said twice", brief(name)),
            Problem::BadHeader { name, value } => write!(f, "{} does not take '{}'", brief(name), brief(value)),
            Problem::NoWord { name, word } => write!(f, "{} does not know '{}'", brief(name), brief(word)),
            Problem::BadTime(text) => write!(f, "'{}' is not a time such as @2s", brief(text)),
            Problem::TooLate(text) => write!(f, "'{}' is more than the week that a run may last", brief(text)),
            Problem::Backwards => f.write_str("this is earlier than the line before"),
            Problem::Command(error) => error.fmt(f),
            Problem::Setting { message, .. } | Problem::Cluster(message) | Problem::Tool(message) => {
                brief_sentence(message).fmt(f)
            }
            Problem::Claim(problem) => problem.fmt(f),
            Problem::BadMark(name) => {
                write!(f, "a mark is named by small letters, digits and hyphens, not '{}'", brief(name))
            }
            Problem::NoMark(name) => write!(f, "there is no mark '{}'", brief(name)),
            Problem::NoVary(name) => write!(f, "nothing is varied under the name '{}'", brief(name)),
            Problem::NoValue { name, value } => write!(f, "{} is not varied to '{}'", brief(name), brief(value)),
            Problem::TooVaried => f.write_str("at most three things are varied, with nine values together"),
            Problem::Question(AskedWrongly::Form(text)) => {
                write!(f, "'{}' asks nothing that can be answered", brief(text))
            }
            Problem::Question(AskedWrongly::Choice(text)) => write!(f, "there is no choice '{}'", brief(text)),
            Problem::NoSection(tag) => write!(f, "there are no words in '{}'", brief(tag)),
            Problem::NoWordLine(name) => write!(f, "'{}' is no line of words", brief(name)),
            Problem::Lack(lacking) => lacking.fmt(f),
        }
    }
}

impl std::fmt::Display for Lacking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Lacking::Words { section, what } => write!(f, "'{}' is missing in {section}", brief(what)),
            Lacking::Long { what, letters, most } => {
                write!(f, "'{}' has {letters} letters, at most {most} fit", brief(what))
            }
            Lacking::Choices { asked, worded } => write!(f, "{asked} choices are asked for and {worded} are worded"),
            Lacking::Term(term) => write!(f, "the glossary does not know '{}'", brief(term)),
            Lacking::TooManyTerms(most) => write!(f, "at most {most} terms are explained"),
            Lacking::Claim(number) => write!(f, "there is no claim {number}"),
            Lacking::NoSee => f.write_str("no line says what must be seen"),
        }
    }
}

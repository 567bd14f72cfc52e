//! A scenario as text, in the one dialect that page, command line and tests read: header lines, then commands at their
//! instants, and `see` lines that say what must be so then. It states causes only; what should come of them stands in
//! `see` lines, which [`crate::claims`] reads and tests check.
//!
//! ```text
//! title: A leader dies
//! seed: 7
//! brokers: 3
//! controllers: 3
//! latency: 5ms
//! jitter: 1ms
//! set: replica.lag.time.max.ms=10000
//! open: 20s
//! @8s create-topic orders partitions=3 rf=3
//! +500ms add-producer web orders
//! @30s kill 2; kill c1
//! @45s see leader orders-0 is 3 [semantics 7.3]
//! @60s
//! ```
//!
//! `scene: opening` goes on from a built-in scenario. `@30s` is an instant of the run, `+500ms` so much after the line above; a line without either belongs to the instant of
//! the line above. Several commands of one line go between semicolons, `remember` keeps what nodes know for later `see`
//! lines, and a time alone lets time pass. What stands below a line `----` happened once and is not read.

mod choices;
mod clusters;
mod complete;
mod document;
mod draft;
mod lesson;
mod lint;
mod mistake;
mod node;
mod print;
mod question;
mod sections;
mod typed;

pub use choices::{Choices, Condition, Vary};
pub use complete::{Hint, MOST_OFFERS, Offer, OfferKind, complete, settings};
pub use document::{BodyLine, Document, Header, LONGEST_TEXT, MOST_MISTAKES};
pub use lesson::{Asked, Lesson, Varied};
pub(crate) use lint::letters;
pub use mistake::{AskedWrongly, Lacking, Mistake, Problem};
pub use node::endpoint;
pub use print::Unspelled;
pub use question::{Answer, Asks, Question, Refuted};
pub use sections::{Entry, Section};

use crate::PlacedCommand;
use crate::claim::COUNTS;
use crate::link::Origin;
use crate::text::VERBS;
use crate::{print, span_text};
use base::{FlatMap, Str, Time};
use draft::{Draft, Line};
use sim::Setup;

/// Scenarios that links may name, by id.
const BUILTIN: &[(&str, &str)] = &[("opening", include_str!("opening.txt"))];
/// Divides what a person wrote from what a run made of it.
pub(crate) const END: &str = "----";
/// Headers that a run does not need.
const LESSON_HEADERS: [&str; 11] =
    ["id", "course", "topic", "refs", "claims", "vary", "tally", "show", "allow", "predict", "check"];
/// What a line of the body may begin with besides a command.
const BODY: [&str; 4] = ["see", "mark", "remember", "when"];
/// Where the library puts what it has.
pub const TOPICS: [&str; 12] = [
    "log",
    "keys",
    "groups",
    "commits",
    "roles",
    "acks",
    "loss",
    "rebalance",
    "retention",
    "duplicates",
    "flow",
    "operations",
];
/// Options of the page that a text may set.
const SHOWN: [&str; 6] = ["row", "select", "view", "tempo", "hide", "cluster"];
/// Kinds of acts that a reader may be allowed, as the page's option `allow` names them; commands have their own names.
const ALLOWED: [&str; 6] = ["kill", "produce", "join", "topic", "broker", "fault"];

/// A cluster, a seed, what is done to it and when its scene opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Built-in scenarios have one; links name them by it.
    pub id: Option<Str>,
    pub title: Str,
    pub seed: u64,
    pub setup: Setup,
    pub commands: Vec<PlacedCommand>,
    /// The line of each command, from 1; 0 for those of the scene that it goes on from.
    pub lines: Vec<u32>,
    /// Where the scene opens.
    pub opens_at: Time,
    /// The last line's instant.
    pub ends_at: Time,
    /// The other headers by name, for whoever knows them (`title-zh`, `known-failure`, `source`).
    pub headers: FlatMap<String, String>,
    /// What is looked at on the way, in order.
    pub sees: Vec<See>,
    /// Instants with names, in order.
    pub marks: Vec<Mark>,
    /// Lines of Kafka's tools among the commands, in order.
    pub typed: Vec<Typed>,
}

/// A line of one of Kafka's tools, as a person types it in a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub at: Time,
    /// So many of the scenario's commands go before it.
    pub after_commands: usize,
    /// Which of the commands is what it asks for; a line that is refused asks for none.
    pub asks: Option<usize>,
    /// Its commands end before this one: what makes its client goes before what it asks, what else comes through its pipe
    /// behind it.
    pub until_commands: usize,
    /// From 1.
    pub line: u32,
    pub text: String,
}

/// A `see` line or `remember` as it was written; [`crate::claims`] reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct See {
    /// Everything up to this instant has happened.
    pub at: Time,
    /// So many of the scenario's commands go before it.
    pub after_commands: usize,
    /// From 1.
    pub line: u32,
    /// Of the text's first character, from 1.
    pub column: u32,
    pub text: String,
}

/// An instant with a name: a lesson's run pauses there, and links lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub name: Str,
    /// Everything up to this instant has happened.
    pub at: Time,
    /// So many of the scenario's commands go before it.
    pub after_commands: usize,
    /// From 1; 0 for the two that have none.
    pub line: u32,
}

/// The names of all headers.
fn headers() -> impl Iterator<Item = &'static str> {
    draft::HEADERS.into_iter().chain(LESSON_HEADERS)
}

/// The words that a header takes, of those that take words.
fn values_of(name: &str) -> impl Iterator<Item = &'static str> {
    let (words, commands): (&[&str], &[(&str, &str)]) = match name {
        "topic" => (&TOPICS, &[]),
        "tally" => (COUNTS, &[]),
        "show" => (&SHOWN, &[]),
        "allow" => (&ALLOWED, VERBS),
        _no_words => (&[], &[]),
    };
    words.iter().copied().chain(commands.iter().map(|(verb, _)| *verb))
}

impl Scenario {
    /// The first scene: three controllers, three brokers, three producers, three consumers, alive.
    pub fn opening() -> Scenario {
        Scenario::builtin("opening").expect("it is built in")
    }

    /// A scenario of this build by its id.
    pub fn builtin(id: &str) -> Option<Scenario> {
        let (id, text) = BUILTIN.iter().find(|(known, _)| *known == id)?;
        // Its lines alone: the page's first picture waits for this, and nothing in it is varied or worded.
        let mut draft = Draft::default();
        let lines = (1..).zip(text.lines()).skip(1);
        lines.for_each(|(number, line)| draft.line(&Line::plain(number, line)));
        let (mut scenario, _none) = draft.finish();
        scenario.id = Some((*id).into());
        Some(scenario)
    }

    /// The ids of this build's scenarios.
    pub fn builtins() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(id, _)| *id)
    }

    /// Where a link to a run of this scenario says that it starts, if acts with these indices are left out of it. One
    /// that no build knows by name is a setup, and its acts are spelt out.
    pub fn origin(&self, without: Vec<u32>) -> Origin {
        match &self.id {
            Some(id) if without.is_empty() => Origin::Scenario(id.clone()),
            Some(id) => Origin::Without(id.clone(), without),
            None => Origin::Setup(Box::new(self.setup.clone())),
        }
    }

    /// Reads a scenario's text, with the first values of what it varies. It need not say its version, so that a few
    /// lines are a scenario too.
    ///
    /// # Errors
    /// The first thing that is wrong; [`Document::read`] tells all of them.
    pub fn parse(text: &str) -> Result<Scenario, Mistake> {
        let (document, mistakes) = Document::fragment(text);
        if let Some(first) = mistakes.into_iter().next() {
            return Err(first);
        }
        document.scenario(&document.first()).map_err(|mistakes| {
            let first = mistakes.into_iter().next();
            first.unwrap_or_else(|| Mistake::new(1, 1, Problem::NoLine(String::new())))
        })
    }

    /// The mark of that name; `start` is the very beginning, `end` the last line's instant.
    pub fn mark(&self, name: &str) -> Option<Mark> {
        let bound = |at, after_commands| Some(Mark { name: name.into(), at, after_commands, line: 0 });
        match name {
            "start" => bound(Time::ZERO, 0),
            "end" => bound(self.ends_at, self.commands.len()),
            _named => self.marks.iter().find(|mark| &*mark.name == name).cloned(),
        }
    }

    /// The commands as lines that [`parse`](Self::parse) reads.
    pub fn script(commands: &[PlacedCommand]) -> String {
        let line = |placed: &PlacedCommand| format!("@{} {}\n", span_text(placed.after.0), print(&placed.command));
        commands.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests;

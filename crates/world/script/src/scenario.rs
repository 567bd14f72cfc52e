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

mod draft;
mod print;

use crate::PlacedCommand;
use crate::link::Origin;
use crate::{TextError, print, span_text};
use base::{FlatMap, Str, Time};
use draft::Draft;
pub use print::Unspelled;
use sim::Setup;

/// Scenarios that links may name, by id.
const BUILTIN: &[(&str, &str)] = &[("opening", include_str!("opening.txt"))];
/// Divides what a person wrote from what a run made of it.
const END: &str = "----";

/// A cluster, a seed, what is done to it and when its scene opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Built-in scenarios have one; links name them by it.
    pub id: Option<Str>,
    pub title: Str,
    pub seed: u64,
    pub setup: Setup,
    pub commands: Vec<PlacedCommand>,
    /// Where the scene opens.
    pub opens_at: Time,
    /// The last line's instant.
    pub ends_at: Time,
    /// The other headers by name, for whoever knows them (`title-zh`, `known-failure`, `source`).
    pub headers: FlatMap<String, String>,
    /// What is looked at on the way, in order.
    pub sees: Vec<See>,
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

/// What is wrong with a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// From 1.
    pub line: u32,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Neither a header, nor a command, nor a `see` line.
    NoLine(String),
    /// Scenarios have no header of that name.
    NoHeader(String),
    /// A header's value is not what it takes.
    BadHeader {
        name: String,
        value: String,
    },
    BadTime(String),
    /// No run lasts as long.
    TooLate(String),
    /// Times never go back.
    Backwards,
    Command(TextError),
    /// A server setting is unknown or its value is refused; the words are Kafka's.
    Setting(Str),
}

impl std::fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::NoLine(text) => write!(f, "'{text}' is neither a header nor a command"),
            Problem::NoHeader(name) => write!(f, "there is no header '{name}'"),
            Problem::BadHeader { name, value } => write!(f, "{name} does not take '{value}'"),
            Problem::BadTime(text) => write!(f, "'{text}' is not a time such as @2s"),
            Problem::TooLate(text) => write!(f, "'{text}' is more than the week that a run may last"),
            Problem::Backwards => f.write_str("this is earlier than the line before"),
            Problem::Command(error) => error.fmt(f),
            Problem::Setting(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// The first scene: three controllers, three brokers, three producers, three consumers, alive.
    pub fn opening() -> Scenario {
        Scenario::builtin("opening").expect("it is built in")
    }

    /// A scenario of this build by its id.
    pub fn builtin(id: &str) -> Option<Scenario> {
        let (id, text) = BUILTIN.iter().find(|(known, _)| *known == id)?;
        let mut scenario = Scenario::parse(text).expect("its own test reads it");
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

    /// Reads a scenario's text.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        let mut draft = Draft::default();
        let mut number = 0;
        for (line, text) in (1..).zip(text.lines()).take_while(|(_, text)| text.trim_end() != END) {
            number = line;
            draft.line(line, text).map_err(|problem| ScenarioError { line, problem })?;
        }
        draft.finish().map_err(|problem| ScenarioError { line: number, problem })
    }

    /// The commands as lines that [`parse`](Self::parse) reads.
    pub fn script(commands: &[PlacedCommand]) -> String {
        let line = |placed: &PlacedCommand| format!("@{} {}\n", span_text(placed.after.0), print(&placed.command));
        commands.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opening_scene_is_read() {
        let scenario = Scenario::opening();
        assert!(scenario.commands.len() >= 7);
        let again = Scenario::script(&scenario.commands);
        assert_eq!(Scenario::parse(&again).map(|read| read.commands), Ok(scenario.commands));
    }

    /// Lines follow each other as in a story: relative times, several commands at one instant, looks between them.
    #[test]
    fn lines_are_placed() {
        let text = "title: t\n\n@8s create-topic orders\n+500ms add-producer web orders; send web 'a; b'\nsend web c\n\
                    see answer is done [why]\nremember\n+1s see lost 0\n@20s\n----\n@1s nonsense\n";
        let scenario = Scenario::parse(text).expect("read");
        let places: Vec<(u64, String)> =
            scenario.commands.iter().map(|placed| (placed.after.0, print(&placed.command))).collect();
        let second = 1_000_000_000;
        let expected = [
            (8 * second, "create-topic orders"),
            (8 * second + 500_000_000, "add-producer web orders"),
            (8 * second + 500_000_001, "send web 'a; b'"),
            (8 * second + 500_000_002, "send web c"),
        ];
        assert_eq!(places, expected.map(|(at, line)| (at, line.to_owned())));
        let sees: Vec<(u64, usize, u32, u32, &str)> = scenario
            .sees
            .iter()
            .map(|see| (see.at.0, see.after_commands, see.line, see.column, see.text.as_str()))
            .collect();
        let first = 8 * second + 500_000_003;
        let expected = [
            (first, 4, 6, 5, "answer is done [why]"),
            (first, 4, 7, 1, "remember"),
            (9 * second + 500_000_000, 4, 8, 9, "lost 0"),
        ];
        assert_eq!(sees, expected);
        assert_eq!(scenario.ends_at, Time(20 * second));
    }

    /// A look is one part of a line, as commands are; its source may hold semicolons and an apostrophe.
    #[test]
    fn looks_and_commands_share_a_line() {
        let text = "@8s see lost 0 [Kafka's own; KIP-966]; kill 1; see lost 0; remember; start 1\n";
        let scenario = Scenario::parse(text).expect("read");
        let commands: Vec<String> = scenario.commands.iter().map(|placed| print(&placed.command)).collect();
        assert_eq!(commands, ["kill 1", "start 1"]);
        let sees: Vec<(&str, usize)> = scenario.sees.iter().map(|see| (&*see.text, see.after_commands)).collect();
        assert_eq!(sees, [("lost 0 [Kafka's own; KIP-966]", 0), ("lost 0", 1), ("remember", 1)]);
    }

    #[test]
    fn a_scenario_goes_on_from_a_scene() {
        let opening = Scenario::opening();
        let scenario = Scenario::parse("scene: opening\nset: num.partitions=2\n@24s kill 2\n").expect("read");
        assert_eq!(scenario.commands.len(), opening.commands.len() + 1);
        assert_eq!(scenario.commands[..opening.commands.len()], opening.commands);
        assert_eq!((scenario.seed, scenario.setup), (opening.seed, opening.setup.with("num.partitions", "2")));
        assert!(Scenario::parse("scene: opening\n@1s kill 2\n").is_err(), "the scene's acts go first");
    }

    #[test]
    fn wrong_lines_are_named() {
        for (text, words) in [
            ("hello", "line 1: 'hello' is neither a header nor a command"),
            ("seed: x", "line 1: seed does not take 'x'"),
            ("scene: nowhere", "line 1: scene does not take 'nowhere'"),
            ("sead: 7", "line 1: there is no header 'sead'"),
            ("kill 1; explode", "line 1: there is no command 'explode'; 'help' lists them"),
            ("@1s kill 1; ; kill 2", "line 1: the line is empty"),
            ("+soon kill 1", "line 1: 'soon' is not a time such as @2s"),
            (
                "set: log.flush.interval.ms=1000",
                "line 1: log.flush.interval.ms=1000 is not taken: Logs here are flushed only when a segment closes.",
            ),
            ("@soon kill 1", "line 1: 'soon' is not a time such as @2s"),
            (
                "@18446744073709551615ns kill 1",
                "line 1: '18446744073709551615ns' is more than the week that a run may last",
            ),
            ("open: 169h", "line 1: '169h' is more than the week that a run may last"),
            ("@2s kill 1\n@1s kill 2", "line 2: this is earlier than the line before"),
            ("brokers: 3\n@2s explode", "line 2: there is no command 'explode'; 'help' lists them"),
            ("controllers: 0", "line 1: a cluster needs a controller and a broker"),
            ("brokers: 0", "line 1: a cluster needs a controller and a broker"),
            ("brokers: 2147483647", "line 1: brokers does not take '2147483647'"),
            ("set: num.partitions=2000000000", "line 1: at most 5000 partitions fit into one world"),
        ] {
            assert_eq!(Scenario::parse(text).map(drop).map_err(|error| error.to_string()), Err(words.to_owned()));
        }
    }
}

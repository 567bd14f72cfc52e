//! A scenario as text: header lines, then commands at their instants. It states causes only; what
//! should come of them is asserted by `see` lines, which tests read.
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
//! @0s create-topic orders partitions=3 rf=3
//! @30s kill 2
//! see …
//! ```

use crate::PlacedCommand;
use crate::limits::LONGEST_RUN;
use crate::link::Origin;
use crate::{TextError, parse, parse_span, print, span_text};
use base::{FlatMap, Span, Str, Time};
use port::Feature;
use sim::Setup;

const OPENING: &str = include_str!("opening.txt");
/// `latency` and `jitter` take at most so much.
const SLOWEST_LINK: Span = Span::from_secs(1);
/// The most nodes of one kind to start with; separate controllers are numbered from 101 on.
const MOST_NODES: i32 = 100;

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
    /// Other headers by name, for whoever knows them (`title-zh`, `known-failure`).
    pub headers: FlatMap<String, String>,
    /// `see` lines: after which instant, and the text.
    pub sees: Vec<(Time, String)>,
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
    /// Neither a header, nor a command at an instant, nor a `see` line.
    NoLine(String),
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
        write!(f, "line {}: ", self.line)?;
        match &self.problem {
            Problem::NoLine(text) => write!(f, "'{text}' is neither a header nor a command"),
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
        let mut scenario = Scenario::parse(OPENING).expect("its own test reads it");
        scenario.id = Some("opening".into());
        scenario
    }

    /// A scenario of this build by its id.
    pub fn builtin(id: &str) -> Option<Scenario> {
        (id == "opening").then(Scenario::opening)
    }

    /// Where a link to a run of this scenario says that it starts.
    pub fn origin(&self) -> Origin {
        match &self.id {
            Some(id) => Origin::Scenario(id.clone()),
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
        for (line, text) in (1..).zip(text.lines()) {
            number = line;
            draft.line(text.trim()).map_err(|problem| ScenarioError { line, problem })?;
        }
        draft.finish().map_err(|problem| ScenarioError { line: number, problem })
    }

    /// The commands as lines that [`parse`](Self::parse) reads.
    pub fn script(commands: &[PlacedCommand]) -> String {
        let line = |placed: &PlacedCommand| format!("@{} {}\n", span_text(placed.after.0), print(&placed.command));
        commands.iter().map(line).collect()
    }
}

#[derive(Default)]
struct Draft {
    headers: FlatMap<String, String>,
    settings: FlatMap<Str, Str>,
    commands: Vec<PlacedCommand>,
    sees: Vec<(Time, String)>,
    now: Time,
}

impl Draft {
    fn line(&mut self, line: &str) -> Result<(), Problem> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(timed) = line.strip_prefix('@') {
            return self.command(timed);
        }
        if let Some(see) = line.strip_prefix("see ") {
            self.sees.push((self.now, see.trim().to_owned()));
            return Ok(());
        }
        let (name, value) = line.split_once(':').ok_or_else(|| Problem::NoLine(line.to_owned()))?;
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        if name != "set" {
            self.headers.insert(name, value);
            return Ok(());
        }
        let (key, setting) = value.split_once('=').ok_or_else(|| bad(&name, &value))?;
        self.settings.insert(key.trim().into(), setting.trim().into());
        config::BrokerConfig::resolve(&self.settings).map(drop).map_err(|error| Problem::Setting(error.message))
    }

    fn command(&mut self, timed: &str) -> Result<(), Problem> {
        let (time, line) = timed.split_once(char::is_whitespace).unwrap_or((timed, ""));
        let after = early_enough(parse_span(time).ok_or_else(|| Problem::BadTime(time.to_owned()))?, time)?;
        if after < self.now {
            return Err(Problem::Backwards);
        }
        self.now = after;
        let command = parse(line).map_err(Problem::Command)?;
        let free = self.commands.last().map_or(Time::ZERO, PlacedCommand::at);
        self.commands.push(PlacedCommand { after: after.max(free), command });
        Ok(())
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str, otherwise: T) -> Result<T, Problem> {
        let Some(value) = self.headers.remove(name) else { return Ok(otherwise) };
        value.parse().map_err(|_| bad(name, &value))
    }

    fn span(&mut self, name: &str, otherwise: Span) -> Result<Span, Problem> {
        let Some(value) = self.headers.remove(name) else { return Ok(otherwise) };
        match parse_span(&value).filter(|nanos| Span(*nanos) <= SLOWEST_LINK) {
            Some(nanos) => Ok(Span(nanos)),
            None => Err(bad(name, &value)),
        }
    }

    fn finish(mut self) -> Result<Scenario, Problem> {
        let combined: i32 = self.number("combined", 0)?;
        let (brokers, controllers) = (self.number("brokers", 3)?, self.number("controllers", 3)?);
        // Before any is made.
        for (name, count) in [("combined", combined), ("brokers", brokers), ("controllers", controllers)] {
            if !(0..=MOST_NODES).contains(&count) {
                return Err(bad(name, &count.to_string()));
            }
        }
        let mut setup = if combined > 0 { Setup::combined(combined) } else { Setup::new(brokers, controllers) };
        if let Some(value) = self.headers.remove("elr") {
            match &*value {
                "on" => {}
                "off" => drop(setup.features.remove(&Feature::EligibleLeaderReplicas)),
                _neither => return Err(bad("elr", &value)),
            }
        }
        setup.network.latency = self.span("latency", setup.network.latency)?;
        setup.network.jitter = self.span("jitter", setup.network.jitter)?;
        setup.overrides = std::mem::take(&mut self.settings);
        setup.check().map_err(|error| Problem::Setting(error.to_string().into()))?;
        let seed = self.number("seed", 1)?;
        let opens_at = match self.headers.remove("open") {
            Some(text) => early_enough(parse_span(&text).ok_or_else(|| bad("open", &text))?, &text)?,
            None => self.commands.last().map_or(Time::ZERO, PlacedCommand::at),
        };
        let title = self.headers.remove("title").unwrap_or_default().into();
        let Draft { headers, commands, sees, .. } = self;
        Ok(Scenario { id: None, title, seed, setup, commands, opens_at, headers, sees })
    }
}

/// As far as a link may reach.
fn early_enough(nanos: u64, text: &str) -> Result<Time, Problem> {
    if nanos > LONGEST_RUN.0 { Err(Problem::TooLate(text.to_owned())) } else { Ok(Time(nanos)) }
}

fn bad(name: &str, value: &str) -> Problem {
    Problem::BadHeader { name: name.to_owned(), value: value.to_owned() }
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

    #[test]
    fn wrong_lines_are_named() {
        for (text, words) in [
            ("hello", "line 1: 'hello' is neither a header nor a command"),
            ("seed: x", "line 1: seed does not take 'x'"),
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

//! Options as argparse4j reads them, for the tools that use it: `kafka-cluster`, `kafka-metadata-quorum` and
//! `kafka-producer-perf-test`. A complaint stands behind the tool's usage.

use super::output::Printed;
use super::{Output, Refusal};

/// A tool, or one of its sub-commands: what it is called in complaints, and where its texts are kept.
#[derive(Clone, Copy)]
pub(crate) struct Parser {
    pub(crate) tool: &'static str,
    /// Names with `=` where a value must follow and `+` where several may; a short form stands before its long one:
    /// `b/bootstrap-server=`.
    pub(crate) table: &'static str,
    /// The texts of its help and of its usage.
    pub(crate) help: &'static str,
    pub(crate) usage: &'static str,
}

/// What was given.
pub(crate) struct Arguments {
    parser: Parser,
    given: Vec<(&'static str, Vec<String>)>,
    /// Words without an option, up to the first sub-command.
    pub(crate) command: Option<String>,
    /// All that stands behind it.
    pub(crate) rest: Vec<String>,
}

impl Parser {
    /// `ArgumentParser.handleError`.
    pub(crate) fn error(self, words: &str) -> Refusal {
        let mut output = Output::default();
        output.lines.push(Printed::Options(self.usage));
        let words = format!("{}: error: {words}", self.tool);
        output.err(&*words).exit(1);
        Refusal::Said(words, output)
    }

    /// `--help`.
    fn help(self) -> Refusal {
        let mut output = Output::default();
        output.lines.push(Printed::Options(self.help));
        Refusal::Told(output)
    }

    fn rows(self) -> impl Iterator<Item = (&'static str, &'static str, char)> {
        self.table.split(' ').map(|row| {
            let (name, takes) = match row.strip_suffix(['=', '+']) {
                Some(name) => (name, if row.ends_with('+') { '+' } else { '=' }),
                None => (row, ' '),
            };
            let (short, name) = name.split_once('/').unwrap_or(("", name));
            (name, short, takes)
        })
    }

    /// Reads options up to a sub-command; where there is none to come, no other word may stand there.
    pub(crate) fn read(self, line: &[String], expected: Expected) -> Result<Arguments, Refusal> {
        let mut arguments = Arguments { parser: self, given: Vec::new(), command: None, rest: Vec::new() };
        let mut words = line.iter().peekable();
        while let Some(word) = words.next() {
            if word == "--help" || word == "-h" {
                return Err(self.help());
            }
            if !word.starts_with('-') {
                if expected == Expected::Nothing {
                    return Err(self.error(&format!("unrecognized arguments: '{word}'")));
                }
                arguments.command = Some(word.clone());
                arguments.rest = words.cloned().collect();
                break;
            }
            let (typed, attached) = word.split_once('=').map_or((word.as_str(), None), |(a, b)| (a, Some(b)));
            let is_meant = |(name, short, _): &(&str, &str, char)| {
                typed.strip_prefix("--") == Some(*name)
                    || (!short.is_empty() && typed.strip_prefix('-') == Some(*short))
            };
            let Some((name, short, takes)) = self.rows().find(is_meant) else {
                return Err(self.error(&format!("unrecognized arguments: '{typed}'")));
            };
            let mut values: Vec<String> = attached.map(str::to_owned).into_iter().collect();
            let most = match takes {
                ' ' => 0,
                '=' => 1,
                _several => usize::MAX,
            };
            while values.len() < most && words.peek().is_some_and(|next| !next.starts_with('-') || is_number(next)) {
                values.extend(words.next().cloned());
            }
            if values.is_empty() && takes != ' ' {
                let called = if short.is_empty() { format!("--{name}") } else { format!("--{name}/-{short}") };
                return Err(self.error(&format!("argument {called}: expected one argument")));
            }
            arguments.given.push((name, values));
        }
        Ok(arguments)
    }
}

/// What may stand between options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    SubCommand,
    Nothing,
}

/// A negative number is a value.
fn is_number(word: &str) -> bool {
    base::parse_double(word).is_some()
}

impl Arguments {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// The last one wins.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let given = self.given.iter().rev().find(|(given, _)| *given == name);
        given.and_then(|(_, values)| values.first()).map(String::as_str)
    }

    /// One of two servers, and not both.
    pub(crate) fn servers(&self, [one, other]: [&str; 2]) -> Result<(), Refusal> {
        let long = |called: &str| called.split('/').next().unwrap_or_default().trim_start_matches('-').to_owned();
        match (self.has(&long(one)), self.has(&long(other))) {
            (true, true) => Err(self.parser.error(&format!("argument {other}: not allowed with argument {one}"))),
            (false, false) => Err(self.parser.error(&format!("one of the arguments {one} {other} is required"))),
            (true, false) | (false, true) => Ok(()),
        }
    }
}

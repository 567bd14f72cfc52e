//! The program `blumfeld`: what the page does, without a page. It replays links and scenarios, runs random faults and
//! measures the engine.
//!
//! It leaves with 0 when all is well, with 1 when something was found or failed, with 2 when it was asked wrongly.

mod bench;
mod fuzz;
mod journal;
mod meters;
mod own;
mod poster;
mod replay;
mod texts;

use lexopt::prelude::*;
use lexopt::{Arg, Parser};
use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "\
blumfeld <command>

  replay LINK|FILE|-   runs a shared link, or a scenario's text, and says whether it is the run that was shared
      --events WHICH   what is told on the way: none, major (usual) or all
      --until TIME     how far a scenario runs, as in 90s; a link says so itself
      --json           one object instead of lines
  journal LINK|FILE|-  who sent what to whom in such a run, when, and what became of it
      --from TIME      from there on, as in 2s; else from the beginning
      --until TIME     up to there; else to the run's end
      --api NAME       requests and responses of that API only, as in Fetch
      --node NAME      to that process or from it only, as in broker-1 or web
      --cluster ID     of that cluster only
      --lang en|zh     the language of all that is told
      --json           one object a message and line
  meters LINK|FILE|-   what monitoring would tell of such a run, as CSV: one row for each 200 ms, or for the sample that a
                       long run has
      --from TIME      from there on; else from the beginning
      --until TIME     up to there; else to the run's end
      --meter WORDS    instead what one reads at the end, as in \"TotalTimeMs request=Produce p99 over=10s\"
      --lang en|zh     the language of what has no sample
  run FILE…            plays scenarios' texts, for every choice of what they vary: the story, the ledger, and what of
                       their see lines holds; leaves with 1 if one does not, with 2 if a text cannot be read
      --with NAME=VALUE  one run instead, with this value; the first of what is not named
      --lang en|zh     the language of all that is told
      --json           one object a line and run
      --all            every fact instead of the story, and how each process ended
  lint FILE…           what is wrong with texts, each with its line and column, and what a lesson lacks; leaves with 1
                       if anything is
      --lang en|zh     its language
  poster FILE… --to FOLDER
                       draws a small picture of each text's run, as ID.svg
  import FILE…         reads what a cluster of your own says: kafka-topics --describe, kafka-consumer-groups --describe,
                       reassignment JSON, server.properties, docker-compose, Strimzi; prints the run that stands in that
                       state, and on standard error what was understood, kept, assumed and not reached; leaves with 1
                       where something is not reached
      --anonymise      topics, groups, clients and racks by numbers
      --say ANSWER     instead of what is assumed: controllers 1, brokers 5, up 4, at-work GROUP; may be repeated
      --title TEXT     the run's title
      --lang en|zh     the language of the report
  export LINK|FILE     what such a run comes to, as Kafka's tools print it
      --to FOLDER      instead as files: described.txt, server-N.properties, docker-compose.yaml, strimzi.yaml,
                       reassignment.json and repeat.sh, which repeats the run on a real Kafka
      --anonymise      topics, groups, clients, hosts, racks, keys and values by numbers, the same in all files
  fuzz                 random faults with every safety check on; then everything heals and must live
      --seeds N        how many runs (200)
      --first S        the first run's seed (1)
      --flavour KIND   one kind of faults: everything, controllers, replication, groups, votes, loss
      --jobs N         how many at a time (2)
      --mutants        instead: every planted bug must be caught; --seeds says within how many runs (400)
  bench [NAME]         measures the engine natively: engine/quiet, engine/ledger, engine/large, engine/snapshot,
                       engine/history, engine/BROKERS/PARTITIONS[/GROUPS], engine/grid, rewind, memory/quiet,
                       memory/busy, memory/load, memory/hose, event, pace, view

A failing run is printed as a link, which the page and `replay` open, and as the command lines that it needs.";

/// How a command ended.
pub enum Ending {
    Well,
    /// Something was found; it has been said.
    Found,
}

/// Why a command could not do its work.
pub enum Failure {
    /// It was asked wrongly.
    Usage(String),
    /// A text that cannot be read; a line for everything that is wrong with it.
    Text(String),
    Other(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Other(error)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Other(error.into())
    }
}

fn main() -> ExitCode {
    match run(Parser::from_env()) {
        Ok(Ending::Well) => ExitCode::SUCCESS,
        Ok(Ending::Found) => ExitCode::FAILURE,
        Err(Failure::Usage(what)) => {
            eprintln!("blumfeld: {what}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Text(lines)) => {
            eprintln!("{lines}");
            ExitCode::from(2)
        }
        // Whoever reads our lines has seen enough.
        Err(Failure::Other(error)) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(Failure::Other(error)) => {
            eprintln!("blumfeld: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// By the first word.
fn run(mut parser: Parser) -> Result<Ending, Failure> {
    let command = match parser.next()? {
        None => return Err(Failure::Usage("what shall it do?".to_owned())),
        Some(Short('h') | Long("help")) => "help".to_owned(),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "replay" => replay::run(parser),
        "journal" => journal::run(parser),
        "meters" => meters::run(parser),
        "run" => texts::run(parser),
        "lint" => texts::lint(parser),
        "poster" => poster::run(parser),
        "import" => own::import(parser),
        "export" => own::export(parser),
        "fuzz" => fuzz::run(parser),
        "bench" => bench(parser),
        "help" => {
            writeln!(std::io::stdout(), "{USAGE}")?;
            Ok(Ending::Well)
        }
        unknown => Err(Failure::Usage(format!("there is no command '{unknown}'"))),
    }
}

/// Which of the benches.
fn bench(mut parser: Parser) -> Result<Ending, Failure> {
    let name = match parser.next()? {
        None => String::new(),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    nothing_more(&mut parser)?;
    if !bench::is_known(&name) {
        return Err(Failure::Usage(format!("there is no measurement '{name}'")));
    }
    bench::run(&name);
    Ok(Ending::Well)
}

/// What is not understood is not passed over.
fn nothing_more(parser: &mut Parser) -> Result<(), Failure> {
    match parser.next()? {
        None => Ok(()),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// The value of a number option, in bounds.
pub fn number(parser: &mut Parser, name: &str, least: u64) -> Result<u64, Failure> {
    let text = parser.value()?.string()?;
    let number = text.parse().ok().filter(|number| *number >= least);
    number.ok_or_else(|| Failure::Usage(format!("--{name} needs a number from {least} on, not '{text}'")))
}

/// What an option or a word is that nobody expected.
pub fn unexpected(argument: Arg<'_>) -> Failure {
    argument.unexpected().into()
}

/// `blumfeld replay … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

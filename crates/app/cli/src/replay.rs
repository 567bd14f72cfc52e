//! `blumfeld replay`: runs a link or a scenario's text from its first event to its end, and says what came of it: what
//! happened, both digests, the ledger, and whether it is the run that was shared.
//!
//! It drives `lab::Run` itself, without branches and checkpoints: a second way to the same state beside the page's.

mod player;
mod report;
mod source;

pub use source::{Source, lesson_of};

use crate::{Ending, Failure, unexpected};
use lexopt::Parser;
use lexopt::prelude::*;
use player::Player;
use script::parse_span;
use std::io::{BufWriter, Write};

/// What is told on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    None,
    Major,
    All,
}

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Lines,
    Json,
}

/// Plays a link or a text to its end and says what came of it.
pub fn run(mut parser: Parser) -> Result<Ending, Failure> {
    let (mut named, mut events, mut until, mut form) = (None, None, None, Form::Lines);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("events") => events = Some(which(&parser.value()?.string()?)?),
            Long("until") => until = Some(time(&parser.value()?.string()?)?),
            Long("json") => form = Form::Json,
            Value(name) if named.is_none() => named = Some(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    let Some(named) = named else { return Err(Failure::Usage("replay needs a link or a file".to_owned())) };
    let source = Source::open(&named, until)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let usual = if form == Form::Json { Events::None } else { Events::Major };
    let mut player = Player::new(&source, events.unwrap_or(usual));
    player.play(&mut out)?;
    let report = report::Report::of(&source, &player);
    match form {
        Form::Lines => write!(out, "{report}")?,
        Form::Json => writeln!(out, "{}", report.json())?,
    }
    out.flush()?;
    Ok(if report.is_well() { Ending::Well } else { Ending::Found })
}

/// Which facts are printed.
fn which(text: &str) -> Result<Events, Failure> {
    match text {
        "none" => Ok(Events::None),
        "major" => Ok(Events::Major),
        "all" => Ok(Events::All),
        _another => Err(Failure::Usage(format!("--events takes none, major or all, not '{text}'"))),
    }
}

/// A time as commands spell it.
fn time(text: &str) -> Result<base::Time, Failure> {
    let nanos = parse_span(text).filter(|nanos| *nanos > 0);
    let nanos = nanos.ok_or_else(|| Failure::Usage(format!("--until needs a time such as 90s, not '{text}'")))?;
    Ok(base::Time(nanos))
}

//! `blumfeld meters`: what monitoring would tell of a link's or a scenario's run, told by running it (decision 047).

use crate::replay::Source;
use crate::{Ending, Failure, unexpected};
use base::Time;
use lab::budget::Budget;
use lab::{Allowance, Branch, Metering};
use lexopt::Parser;
use lexopt::prelude::*;
use script::parse_span;
use sim::ClusterIndex;
use sim::meters::Asked;
use std::io::Write;
use view::picture::meters::{EVERYTHING, Seen, csv, lines, misread};
use view::text::Language;

/// What is asked for, as it was typed.
#[derive(Default)]
struct Options {
    named: Option<String>,
    from: Option<Time>,
    until: Option<Time>,
    meter: Option<String>,
    language: Language,
}

pub fn run(parser: Parser) -> Result<Ending, Failure> {
    let options = read(parser)?;
    let Some(named) = &options.named else { return Err(Failure::Usage("meters needs a link or a file".to_owned())) };
    let text = options.language.text();
    let asked = match &options.meter {
        Some(words) => {
            let words: Vec<&str> = words.split_whitespace().collect();
            let asked = Asked::read(&words, parse_span);
            Some(asked.map_err(|wrong| Failure::Usage(misread(&wrong, text)))?)
        }
        None => None,
    };
    let source = Source::open(named, None)?;
    let end = options.until.filter(|until| source.expected.is_none() && *until > source.end).unwrap_or(source.end);
    let until = options.until.unwrap_or(end).min(end);
    let branch = Branch::new(&source.setup, source.seed, source.commands.clone());
    let mut metering = Metering::of(&branch, Time::ZERO);
    if !metering.go_on(&branch, until, &mut Allowance::events(Budget::default().events)) {
        return Err(Failure::Other(anyhow::anyhow!("more events than a run may have, at {}", metering.at())));
    }
    let mut out = std::io::stdout().lock();
    if asked.is_some() {
        lines(&metering, until, asked.as_ref(), text).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        return Ok(Ending::Well);
    }
    let seen = Seen { metering: &metering, cluster: ClusterIndex::FIRST, now: until, end: until, marks: &[] };
    let from = options.from.unwrap_or(Time::ZERO);
    out.write_all(csv(&seen, &EVERYTHING(), (from, until), text).as_bytes())?;
    Ok(Ending::Well)
}

fn read(mut parser: Parser) -> Result<Options, Failure> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("from") => options.from = Some(time("from", &parser.value()?.string()?)?),
            Long("until") => options.until = Some(time("until", &parser.value()?.string()?)?),
            Long("meter") => options.meter = Some(parser.value()?.string()?),
            Long("lang") => options.language = Language::from_tag(&parser.value()?.string()?),
            Value(name) if options.named.is_none() => options.named = Some(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    Ok(options)
}

fn time(option: &str, text: &str) -> Result<Time, Failure> {
    let nanos = parse_span(text);
    let nanos = nanos.ok_or_else(|| Failure::Usage(format!("--{option} needs a time such as 90s, not '{text}'")))?;
    Ok(Time(nanos))
}

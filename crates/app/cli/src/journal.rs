//! `blumfeld journal`: the messages of a link's or a scenario's run, told by running it (decision 040).

use crate::replay::Source;
use crate::{Ending, Failure, unexpected};
use base::{ProcessId, Time};
use lab::Branch;
use lab::budget::Budget;
use lab::journal::{Asked, Bounds, Filter, Messages, UnknownWord, cluster_named, journal, process_named};
use lexopt::Parser;
use lexopt::prelude::*;
use script::parse_span;
use serde_json::{Value, json};
use sim::World;
use sim::journal::{Outcome, Refused, Standing, Told};
use std::io::{BufWriter, Write};
use view::picture::spacetime::{journal_lines, no_journal, unknown_word};
use view::text::Language;

/// More messages than anybody reads, and as many as fit into memory with ease.
const MESSAGES: usize = 1_000_000;

/// What is asked for, as it was typed.
#[derive(Default)]
struct Options {
    named: Option<String>,
    from: Option<Time>,
    until: Option<Time>,
    api: Option<String>,
    node: Option<String>,
    cluster: Option<String>,
    language: Language,
    json: bool,
}

pub fn run(parser: Parser) -> Result<Ending, Failure> {
    let options = read(parser)?;
    let Some(named) = &options.named else { return Err(Failure::Usage("journal needs a link or a file".to_owned())) };
    // How far a scenario is played is asked for by `--until`; a link says it itself, and a part of it can be asked for.
    let source = Source::open(named, None)?;
    let end = options.until.filter(|until| source.expected.is_none() && *until > source.end).unwrap_or(source.end);
    let branch = Branch::new(&source.setup, source.seed, source.commands.clone());
    let asked = Asked {
        from: options.from.unwrap_or(Time::ZERO),
        until: options.until.unwrap_or(end),
        filter: Filter::default(),
    };
    let text = options.language.text();
    let bounds = Bounds { events: Budget::default().events, messages: MESSAGES };
    // Processes are found by name in the run's last world: clients come on the way.
    let mut messages = journal(&branch, end, &asked, bounds).map_err(|why| refused(no_journal(&why, text)))?;
    messages.asked.filter = options.filter(&messages.world)?;
    let Messages { told, world, asked } = &mut messages;
    told.retain(|told| asked.filter.takes(told, world));
    let mut out = BufWriter::new(std::io::stdout().lock());
    if options.json {
        messages.told.iter().try_for_each(|told| writeln!(out, "{}", object(told, &messages)))?;
    } else {
        let (head, lines) = journal_lines(&messages, text);
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out, "{head}")?;
    }
    out.flush()?;
    Ok(Ending::Well)
}

fn read(mut parser: Parser) -> Result<Options, Failure> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("from") => options.from = Some(time("from", &parser.value()?.string()?)?),
            Long("until") => options.until = Some(time("until", &parser.value()?.string()?)?),
            Long("api") => options.api = Some(parser.value()?.string()?),
            Long("node") => options.node = Some(parser.value()?.string()?),
            Long("cluster") => options.cluster = Some(parser.value()?.string()?),
            Long("lang") => options.language = Language::from_tag(&parser.value()?.string()?),
            Long("json") => options.json = true,
            Value(name) if options.named.is_none() => options.named = Some(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    Ok(options)
}

impl Options {
    fn filter(&self, world: &World) -> Result<Filter, Failure> {
        let text = self.language.text();
        let unknown = |word: UnknownWord| refused(unknown_word(&word, text));
        let api = self
            .api
            .as_ref()
            .map(|name| world.message_kind(&name.as_str().into()).map_err(|_| unknown(UnknownWord::Api(name.clone()))));
        let process = self
            .node
            .as_ref()
            .map(|name| process_named(world, name).ok_or_else(|| unknown(UnknownWord::Process(name.clone()))));
        let cluster = self
            .cluster
            .as_ref()
            .map(|name| cluster_named(world, name).ok_or_else(|| unknown(UnknownWord::Cluster(name.clone()))));
        Ok(Filter { api: api.transpose()?, process: process.transpose()?, cluster: cluster.transpose()? })
    }
}

fn refused(sentence: String) -> Failure {
    Failure::Other(anyhow::Error::msg(sentence))
}

fn time(option: &str, text: &str) -> Result<Time, Failure> {
    let nanos = parse_span(text);
    let nanos = nanos.ok_or_else(|| Failure::Usage(format!("--{option} needs a time such as 90s, not '{text}'")))?;
    Ok(Time(nanos))
}

fn object(told: &Told, messages: &Messages) -> Value {
    let world = &messages.world;
    let name = |process: ProcessId| world.slot(process).map(|slot| slot.name.to_string());
    let cluster = world.cluster(world.cluster_of(told.from)).map(|cluster| cluster.plan().cluster_id.to_string());
    let (outcome, end) = match told.standing(messages.asked.until) {
        Standing::UnderWay => ("underWay", None),
        Standing::Held => ("held", None),
        Standing::Ended(end, outcome) => (word(outcome), Some(end.0)),
    };
    json!({
        "cluster": cluster,
        "from": name(told.from),
        "to": told.to.and_then(name),
        "api": told.kind.name(),
        "kind": if told.is_request { "request" } else { "response" },
        "version": told.version,
        "bytes": told.bytes,
        "connection": told.connection,
        "correlationId": told.correlation_id,
        "sentNanos": told.sent.0,
        "dueNanos": told.due.0,
        "outcome": outcome,
        "endNanos": end,
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Arrived => "arrived",
        Outcome::Lost => "lost",
        Outcome::Unread => "unread",
        Outcome::Reset => "reset",
        Outcome::Refused(Refused::Over) => "refused",
        Outcome::Refused(Refused::Unheard) => "unheard",
    }
}

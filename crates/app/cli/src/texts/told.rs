//! A run that was played, as lines and as JSON.

use play::{Look, Outcome, Player, Tool};
use script::Choices;
use serde_json::{Map, Value as Json, json};
use session::texts::told;
use std::io::{Result, Write};
use view::report;
use view::text::Language;

/// How a run is told.
pub struct Telling {
    pub language: Language,
    pub form: Form,
    pub facts: Facts,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Lines,
    Json,
}

/// Which facts are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// The page's story.
    Story,
    /// Every one that a transcript tells.
    All,
}

/// One run.
pub fn tell(out: &mut impl Write, run: (&str, &Choices), player: &Player, telling: &Telling) -> Result<()> {
    match telling.form {
        Form::Lines => lines(out, run, player, telling),
        Form::Json => writeln!(out, "{}", object(run, player, telling)),
    }
}

fn lines(out: &mut impl Write, (named, choices): (&str, &Choices), player: &Player, telling: &Telling) -> Result<()> {
    writeln!(out, "{}", format!("== {named} {choices}").trim_end())?;
    match telling.facts {
        Facts::All => write!(out, "{}", player.happened())?,
        Facts::Story => {
            told(player, telling.language)
                .iter()
                .try_for_each(|(at, words)| writeln!(out, "{:>9}  {words}", at.to_string()))?;
            let counts = player.ledger.counts().named();
            let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
            writeln!(out, "{}", report::ledger_line(&counts, telling.language))?;
        }
    }
    player.tools().iter().try_for_each(|tool| typed(out, tool, player))?;
    player.looks().iter().try_for_each(|look| writeln!(out, "{}", report::look_line(look, telling.language)))?;
    for reading in player.readings() {
        writeln!(out, "{}", report::reading_line(reading, telling.language))?;
    }
    player.failure().map_or(Ok(()), |failure| writeln!(out, "{}", report::stopped_line(failure, telling.language)))
}

/// A line of one of Kafka's tools, and below it what it has printed; that is English in every language.
fn typed(out: &mut impl Write, tool: &Tool, player: &Player) -> Result<()> {
    writeln!(out, "{:>9}  $ {}", tool.at.to_string(), tool.text)?;
    let lines = tool.printed(&player.sight()).plain();
    lines.iter().filter(|line| !line.is_empty()).try_for_each(|line| writeln!(out, "             {line}"))
}

/// States are for programs, in every language.
fn state(look: &Look, language: Language) -> (&'static str, Option<String>) {
    match &look.outcome {
        Outcome::Holds => ("held", None),
        Outcome::Waits => ("not run", None),
        Outcome::Fails(instead) => ("failed", Some(view::instead(instead, language))),
    }
}

fn object((named, choices): (&str, &Choices), player: &Player, telling: &Telling) -> Json {
    let with: Map<String, Json> = choices.pairs().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let counts = player.ledger.counts().named();
    let ledger: Map<String, Json> = counts.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
    let reads = player.readings().iter().map(|reading| {
        let words = reading.words.as_ref().and_then(|words| words.as_ref().ok());
        json!({ "subject": reading.subject, "mark": reading.mark, "value": words })
    });
    let story =
        told(player, telling.language).into_iter().map(|(at, text)| json!({ "at": at.to_string(), "text": text }));
    json!({
        "file": named,
        "with": with,
        "ok": player.is_well(),
        "stopped": player.failure().map(|failure| view::stopped(failure, telling.language)),
        "events": player.world.events(),
        "run": player.digest().to_string(),
        "ledger": ledger,
        "typed": player.tools().iter().map(|tool| tool_json(tool, player)).collect::<Vec<Json>>(),
        "see": player.looks().iter().map(|look| seen(look, telling.language)).collect::<Vec<Json>>(),
        "read": reads.collect::<Vec<Json>>(),
        "story": story.collect::<Vec<Json>>(),
    })
}

fn tool_json(tool: &Tool, player: &Player) -> Json {
    let output = tool.printed(&player.sight());
    json!({ "at": tool.at.to_string(), "line": tool.text, "printed": output.plain(), "exit": output.exit })
}

fn seen(look: &Look, language: Language) -> Json {
    let (state, instead) = state(look, language);
    json!({
        "line": look.line,
        "column": look.column,
        "atNanos": look.at.0,
        "text": look.text,
        "source": look.source,
        "state": state,
        "instead": instead,
    })
}

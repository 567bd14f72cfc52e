//! One's own cluster: `blumfeld import` reads what its tools and files say and gives the run that stands in that state;
//! `blumfeld export` writes what a run comes to for Kafka's own tools.

use crate::replay::Source;
use crate::texts::language;
use crate::{Ending, Failure, unexpected};
use anyhow::{Context, Result};
use import::{Answer, Imported, LONGEST, Naming, Trial, export, import_answered};
use lexopt::Parser;
use lexopt::prelude::*;
use sim::{ClusterIndex, NoFacts, World};
use std::io::{Read, Write};
use view::importing::{ReportKind, ReportLine, report_lines, unreached_lines};
use view::text::Language;

/// Events that a trial may take.
const MOST_EVENTS: u64 = 5_000_000;

/// What was asked for.
#[derive(Default)]
struct Options {
    files: Vec<String>,
    title: String,
    naming: Naming,
    answers: Vec<Answer>,
    language: Language,
    to: Option<String>,
}

/// The report goes to standard error, the text to standard output, so that it can be kept or handed on.
pub fn import(mut parser: Parser) -> Result<Ending, Failure> {
    let mut options = Options { title: "My cluster".to_owned(), ..Options::default() };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("title") => options.title = parser.value()?.string()?,
            Long("anonymise") => options.naming = Naming::Neutral,
            Long("say") => {
                let words = parser.value()?.string()?;
                let known = "controllers 1, 3 or 5, brokers N, up NODE, at-work GROUP";
                let unknown = |_none| Failure::Usage(format!("'{words}' is no answer; there are: {known}"));
                options.answers.push(words.parse().map_err(unknown)?);
            }
            Long("lang") => options.language = language(&parser.value()?.string()?)?,
            Value(name) => options.files.push(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    if options.files.is_empty() {
        return Err(Failure::Usage("import needs a file, or - for what is typed".to_owned()));
    }
    let texts = options.files.iter().map(|name| Ok((name.clone(), text_of(name)?))).collect::<Result<Vec<_>>>()?;
    let named = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let imported = import_answered(named, &options.title, options.naming, &options.answers);
    report(&imported, options.language)
}

fn text_of(name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    // One more than is taken, so that what is too long is told as such.
    let most = LONGEST as u64 + 1;
    if name == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(name).with_context(|| format!("'{name}' cannot be read"))?;
        file.take(most).read_to_end(&mut bytes).with_context(|| format!("'{name}' cannot be read"))?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Says what became of each line and whether the run leads to the state.
fn report(imported: &Imported, language: Language) -> Result<Ending, Failure> {
    let mut told = std::io::stderr().lock();
    let mut tell = |line: &ReportLine| {
        let sign = match line.kind {
            ReportKind::Sum => "",
            ReportKind::Kept => "? ",
            ReportKind::Assumed => "= ",
            ReportKind::Unreached | ReportKind::Refused => "! ",
        };
        let place = line.line.map_or_else(String::new, |number| format!("{}:{number}: ", line.file));
        writeln!(told, "{sign}{place}{}", line.words)
    };
    report_lines(&imported.report, language).iter().try_for_each(&mut tell)?;
    imported.scenario.setup.check().map_err(|why| Failure::Text((language.text().refusal.of_world)(&why)))?;
    let text = imported.scenario.text().map_err(|why| Failure::Text(why.to_string()))?;
    let mut trial = Trial::new(&imported.scenario, MOST_EVENTS);
    while trial.go(100_000) {}
    let unreached = unreached_lines(&trial.unreached(), language);
    unreached.iter().try_for_each(&mut tell)?;
    write!(std::io::stdout(), "{text}")?;
    Ok(if unreached.is_empty() { Ending::Well } else { Ending::Found })
}

/// What a link's or a text's run comes to, for Kafka's tools.
pub fn export(mut parser: Parser) -> Result<Ending, Failure> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("to") => options.to = Some(parser.value()?.string()?),
            Long("anonymise") => options.naming = Naming::Neutral,
            Value(name) if options.files.is_empty() => options.files.push(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    let Some(named) = options.files.first() else {
        return Err(Failure::Usage("export needs a link or a file".to_owned()));
    };
    let source = Source::open(named, None)?;
    let mut world = World::new(&source.setup, source.seed);
    for placed in &source.commands {
        world.run_until(placed.after, &mut NoFacts);
        world.apply_at(placed.after, &placed.command, &mut NoFacts).map_err(|why| anyhow::anyhow!("{why}"))?;
    }
    world.run_until(source.end, &mut NoFacts);
    let cluster = world.cluster(ClusterIndex::FIRST).context("a world has a cluster")?;
    let run = export::Run::of(&cluster, source.commands);
    let run = match options.naming {
        Naming::AsGiven => run,
        Naming::Neutral => run.neutral(),
    };
    let Some(folder) = options.to else {
        write!(std::io::stdout(), "{}", run.described())?;
        return Ok(Ending::Well);
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("'{folder}' cannot be made"))?;
    for file in run.written() {
        let path = std::path::Path::new(&folder).join(&file.name);
        std::fs::write(&path, &file.text).with_context(|| format!("'{}' cannot be written", path.display()))?;
        writeln!(std::io::stdout(), "{}", path.display())?;
    }
    Ok(Ending::Well)
}

//! Transcripts: every file of `tests/scenarios` is a small experiment that reads like a story.
//!
//! Above the line `----` stand commands at their times and what must be seen then, each with the
//! place that says so; these lines are written before the first run. Below it stands what happened,
//! fact by fact, and how it ended, node by node. `BLESS=1` writes the part below anew and never
//! touches the part above. `SCENARIO=name` runs one file. Each file runs twice and must come out
//! the same; all safety checks are on. A file with `known-failure: why` fails once it passes.

#[path = "transcript/command.rs"]
mod command;
#[path = "transcript/facts.rs"]
mod facts;
#[path = "transcript/player.rs"]
mod player;
#[path = "transcript/rows.rs"]
mod rows;
#[path = "transcript/script.rs"]
mod script;
#[path = "transcript/see.rs"]
mod see;
#[path = "transcript/subject.rs"]
mod subject;

use player::Played;
use script::Script;
use std::path::{Path, PathBuf};

/// Every file needs at least so many `see` lines.
const LEAST_SEEN: usize = 3;

#[test]
fn every_scenario_goes_as_its_transcript_says() {
    let files = files();
    assert!(!files.is_empty(), "no scenarios");
    let outcomes: Vec<(String, Result<String, String>)> = files.iter().map(|path| (name(path), check(path))).collect();
    for (name, outcome) in &outcomes {
        match outcome {
            Ok(words) => println!("{name}: {words}"),
            Err(error) => println!("{name}: FAILED\n{error}"),
        }
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(name, _)| name.as_str()).collect();
    println!("transcripts: ran {} of {}", outcomes.len() - failed.len(), outcomes.len());
    assert!(failed.is_empty(), "{} failed: {}", failed.len(), failed.join(", "));
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let wanted = std::env::var("SCENARIO").ok();
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter(|path| wanted.as_ref().is_none_or(|wanted| name(path) == *wanted))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Runs one file. What it says when all is well.
fn check(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let script = Script::parse(&text)?;
    if script.seen() < LEAST_SEEN {
        return Err(format!("  only {} see lines; {LEAST_SEEN} are the least", script.seen()));
    }
    let began = std::time::Instant::now();
    let played = player::play(&script)?;
    let took = began.elapsed();
    let again = player::play(&script)?;
    if (played.digest, &played.happened) != (again.digest, &again.happened) {
        return Err("  two runs of the same scenario differ".into());
    }
    if std::env::var_os("SHOW").is_some() {
        println!("{}", played.happened);
    }
    verdict(&script, &played)?;
    bless_or_compare(path, &script, &played)?;
    Ok(format!(
        "{} commands, {} seen, {} events, {} ms{}",
        script.commands(),
        script.seen(),
        played.events,
        took.as_millis(),
        script.known_failure.as_ref().map(|why| format!(", fails as known: {why}")).unwrap_or_default()
    ))
}

/// Are all `see` lines true, or at least one false where that is known?
fn verdict(script: &Script, played: &Played) -> Result<(), String> {
    match (&script.known_failure, played.wrong.is_empty()) {
        (None, true) | (Some(_), false) => Ok(()),
        (None, false) => Err(played.wrong.join("\n")),
        (Some(why), true) => Err(format!("  it passes now; take away 'known-failure: {why}'")),
    }
}

fn bless_or_compare(path: &Path, script: &Script, played: &Played) -> Result<(), String> {
    if script.blessed == played.happened {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        let text = format!("{}{}\n{}", script.above, script::LINE, played.happened);
        return std::fs::write(path, text).map_err(|error| error.to_string());
    }
    Err(difference(&script.blessed, &played.happened))
}

/// The first line that differs, with its surroundings.
fn difference(blessed: &str, happened: &str) -> String {
    let (blessed, happened): (Vec<&str>, Vec<&str>) = (blessed.lines().collect(), happened.lines().collect());
    let same = blessed.iter().zip(&happened).take_while(|(a, b)| a == b).count();
    let show = |lines: &[&str], sign: &str| -> Vec<String> {
        lines.iter().skip(same).take(5).map(|line| format!("  {sign} {line}")).collect()
    };
    let mut words = vec![format!("  line {} below the line differs (BLESS=1 writes it anew)", same + 1)];
    words.extend(show(&blessed, "-"));
    words.extend(show(&happened, "+"));
    words.join("\n")
}

//! Transcripts: every file of `tests/scenarios` is a small experiment that reads like a story.
//!
//! Above the line `----` stands a scenario (`script::Scenario`) with what must be seen in it, each with the
//! place that says so; these lines are written before the first run. Below it stands what happened,
//! fact by fact, and how it ended, node by node. `BLESS=1` writes the part below anew and never
//! touches the part above. `SCENARIO=name` runs one file. Each file runs twice and must come out
//! the same; all safety checks are on. A file with `known-failure: why` fails once it passes.

use play::{Outcome, Player};
use script::claim::Cited;
use script::{Claim, Document, Scenario, claims};
use std::path::{Path, PathBuf};

/// Divides what a person wrote from what was blessed.
const LINE: &str = "----";
/// Every file needs at least so many `see` lines.
const LEAST_SEEN: usize = 3;

#[test]
fn every_scenario_goes_as_its_transcript_says() {
    let files = files("scenarios");
    assert!(!files.is_empty(), "no scenarios");
    let outcomes: Vec<(String, Result<String, String>)> = files.iter().map(|path| (name(path), check(path))).collect();
    report("transcripts", &outcomes);
}

/// What public cases of people who run Kafka came to, on a real cluster or by its rules (`scenarios/cases/README.md`).
#[test]
fn every_public_case_comes_out_right() {
    let files = files("scenarios/cases");
    let outcomes: Vec<(String, Result<String, String>)> =
        files.iter().map(|path| (name(path), check_case(path))).collect();
    report("cases", &outcomes);
}

/// Scenarios that links name show what they say.
#[test]
fn every_built_in_scenario_comes_out_right() {
    let play = |id: &'static str| {
        let scenario = Scenario::builtin(id).ok_or("it is not there")?;
        claimed(scenario).map(|played| format!("{} events", played.world.events()))
    };
    report("built in", &Scenario::builtins().map(|id| (id.to_owned(), play(id))).collect::<Vec<_>>());
}

fn report(what: &str, outcomes: &[(String, Result<String, String>)]) {
    for (name, outcome) in outcomes {
        match outcome {
            Ok(words) => println!("{name}: {words}"),
            Err(error) => println!("{name}: FAILED\n{error}"),
        }
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(name, _)| name.as_str()).collect();
    println!("{what}: ran {} of {}", outcomes.len() - failed.len(), outcomes.len());
    assert!(failed.is_empty(), "{} failed: {}", failed.len(), failed.join(", "));
}

fn check_case(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let scenario = read(&text)?;
    if scenario.title.is_empty() || !scenario.headers.contains_key("source") {
        return Err("  a case has a title and a source".into());
    }
    let played = claimed(scenario)?;
    Ok(format!("{} seen, {} events", played.looks().len(), played.world.events()))
}

/// What a text runs, or everything that is wrong with it.
fn read(text: &str) -> Result<Scenario, String> {
    let told = |mistakes: Vec<script::Mistake>| {
        mistakes.iter().map(|mistake| format!("  {mistake}")).collect::<Vec<_>>().join("\n")
    };
    let document = Document::parse(text).map_err(told)?;
    document.scenario(&document.first()).map_err(told)
}

/// Plays a scenario of which everything that it claims must be so.
fn claimed(scenario: Scenario) -> Result<Player, String> {
    let played = play(scenario)?;
    if played.looks().is_empty() {
        return Err("  it claims nothing".into());
    }
    if std::env::var_os("SHOW").is_some() {
        println!("{}", played.happened());
    }
    let wrong = wrong(&played);
    if wrong.is_empty() { Ok(played) } else { Err(wrong.join("\n")) }
}

/// Plays it to its end, which it must come to.
fn play(scenario: Scenario) -> Result<Player, String> {
    let played = Player::new(scenario).map_err(|mistake| format!("  {mistake}"))?.to_end();
    match played.failure() {
        Some(failure) => Err(format!("  {failure}")),
        None => Ok(played),
    }
}

/// The claims that were not so, each with what was there instead.
fn wrong(played: &Player) -> Vec<String> {
    let told = played.looks().iter().filter_map(|look| match &look.outcome {
        Outcome::Holds => None,
        Outcome::Waits => Some(format!("  line {}: nobody looked", look.line)),
        Outcome::Fails(instead) => Some(format!("  line {}, {}: see {}: {instead}", look.line, look.at, look.text)),
    });
    told.collect()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
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

/// One file: what a person wrote and what was blessed.
struct Transcript {
    scenario: Scenario,
    claims: Vec<Cited>,
    /// What stands above the dividing line, as it was read.
    above: String,
    /// What stands below it.
    blessed: String,
}

impl Transcript {
    fn parse(text: &str) -> Result<Transcript, String> {
        let (above, blessed) = match text.split_once(&format!("\n{LINE}\n")) {
            Some((above, blessed)) => (format!("{above}\n"), blessed.to_owned()),
            None => (format!("{}\n", text.trim_end()), String::new()),
        };
        let scenario = read(&above)?;
        let claims = claims(&scenario).map_err(|error| format!("  {error}"))?;
        if scenario.title.is_empty() {
            return Err("  there is no title".into());
        }
        let uncited = |(_, cited): &(_, &Cited)| cited.claim != Claim::Remember && cited.source.is_none();
        match scenario.sees.iter().zip(&claims).find(uncited) {
            Some((see, _)) => Err(format!("  line {}: a see line ends with [where it is written]", see.line)),
            None => Ok(Transcript { scenario, claims, above, blessed }),
        }
    }

    fn seen(&self) -> usize {
        self.claims.iter().filter(|cited| cited.claim != Claim::Remember).count()
    }

    fn known_failure(&self) -> Option<&String> {
        self.scenario.headers.get("known-failure")
    }
}

/// Runs one file. What it says when all is well.
fn check(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let transcript = Transcript::parse(&text)?;
    let seen = transcript.seen();
    if seen < LEAST_SEEN {
        return Err(format!("  only {seen} see lines; {LEAST_SEEN} are the least"));
    }
    let began = std::time::Instant::now();
    let played = play(transcript.scenario.clone())?;
    let took = began.elapsed();
    let again = play(transcript.scenario.clone())?;
    let happened = played.happened();
    if (played.digest(), &happened) != (again.digest(), &again.happened()) {
        return Err("  two runs of the same scenario differ".into());
    }
    if std::env::var_os("SHOW").is_some() {
        println!("{happened}");
    }
    verdict(&transcript, &wrong(&played))?;
    bless_or_compare(path, &transcript, &happened)?;
    Ok(format!(
        "{} commands, {seen} seen, {} events, {} ms{}",
        transcript.scenario.commands.len(),
        played.world.events(),
        took.as_millis(),
        transcript.known_failure().map(|why| format!(", fails as known: {why}")).unwrap_or_default()
    ))
}

/// Are all `see` lines true, or at least one false where that is known?
fn verdict(transcript: &Transcript, wrong: &[String]) -> Result<(), String> {
    match (transcript.known_failure(), wrong.is_empty()) {
        (None, true) | (Some(_), false) => Ok(()),
        (None, false) => Err(wrong.join("\n")),
        (Some(why), true) => Err(format!("  it passes now; take away 'known-failure: {why}'")),
    }
}

fn bless_or_compare(path: &Path, transcript: &Transcript, happened: &str) -> Result<(), String> {
    if transcript.blessed == happened {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        let text = format!("{}{LINE}\n{happened}", transcript.above);
        return std::fs::write(path, text).map_err(|error| error.to_string());
    }
    Err(difference(&transcript.blessed, happened))
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

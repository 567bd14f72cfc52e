//! Every lesson of `www/lessons`, and every text of `www/claims`, can be read, lacks nothing (no card of a term either), plays for every choice of what it varies, shows what its
//! `see` lines say, and answers what it asks. `LESSON=m12` runs one. An empty folder is no failure: lessons are written
//! beside the program.

use play::{Outcome, Player, number_in};
use script::scenario::{Asks, Question};
use script::{Choices, Document, Glossary, Mistake};
use std::path::{Path, PathBuf};

/// What terms' cards say.
const GLOSSARY: &str = include_str!("../www/glossary/glossary.txt");

#[test]
fn every_lesson_shows_what_it_says() {
    let files = files();
    let mut failed = Vec::new();
    for path in &files {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match judge(path, &name) {
            Ok(words) => println!("{name}: {words}"),
            Err(why) => failed.push(format!("{name}:\n{why}")),
        }
    }
    println!("lessons: {} of {}", files.len() - failed.len(), files.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What the editor begins with can be run as it is, and holds.
#[test]
fn blank_texts_hold() {
    for name in ["blank", "lesson"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../www/editor/templates/{name}.txt"));
        let text = std::fs::read_to_string(path).expect("a template");
        let document = Document::parse(&text).unwrap_or_else(|mistakes| panic!("{name}:\n{}", told(&mistakes)));
        assert_eq!(document.lint(&|_| true), [], "{name}");
        assert!(document.title("en") != document.title("zh") && !document.title("zh").is_empty(), "{name}");
        let seen = play(&document, &document.first()).unwrap_or_else(|why| panic!("{name}:\n{why}"));
        assert!(seen > 0, "{name} shows nothing");
    }
}

fn files() -> Vec<PathBuf> {
    let folders = ["../www/lessons", "../www/claims"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let wanted = std::env::var("LESSON").ok();
    let entries = folders.into_iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter(|path| {
            wanted.as_ref().is_none_or(|wanted| path.file_stem().is_some_and(|stem| stem == wanted.as_str()))
        })
        .collect();
    files.sort();
    files
}

fn judge(path: &Path, name: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let document = Document::parse(&text).map_err(|mistakes| told(&mistakes))?;
    let glossary = Glossary::read(GLOSSARY, &["en", "zh"]).map_err(|_| "  the glossary cannot be read".to_owned())?;
    let lacking = document.lint(&|term| glossary.find(term).is_some());
    if !lacking.is_empty() {
        return Err(told(&lacking));
    }
    let only_shows = path.parent().is_some_and(|folder| folder.ends_with("claims"));
    if only_shows == (document.predict.is_some() || document.check.is_some()) {
        return Err("  a lesson asks, a claim's text only shows".into());
    }
    if document.id.as_deref() != Some(name) {
        return Err(format!("  its id is {:?}", document.id));
    }
    let printed = document.to_string();
    if Document::parse(&printed).map(|again| again.to_string()).as_ref() != Ok(&printed) {
        return Err("  what is printed of it is another text".into());
    }
    let choices = document.choices();
    let mut seen = 0;
    for choices in &choices {
        seen += play(&document, choices)?;
    }
    Ok(format!("{} runs, {seen} seen", choices.len()))
}

fn told(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("  {mistake}")).collect::<Vec<_>>().join("\n")
}

/// One run: every claim holds, and the questions about it have answers.
fn play(document: &Document, choices: &Choices) -> Result<usize, String> {
    let scenario = document.scenario(choices).map_err(|mistakes| told(&mistakes))?;
    let mut player = Player::new(scenario).map_err(|mistake| told(&[mistake]))?;
    let questions = [&document.predict, &document.check].into_iter().flatten();
    let asked: Vec<&Question> = questions.filter(|question| document.asked_with(question) == *choices).collect();
    for question in &asked {
        if let Some(lacking) = question.marks().find(|mark| player.scenario().mark(mark).is_none()) {
            return Err(format!("  {choices}: there is no mark '{lacking}'"));
        }
        if let Some((subject, mark)) = question.reads() {
            player.read_at(mark, subject);
        }
    }
    let player = player.to_end();
    if let Some(failure) = player.failure() {
        return Err(format!("  {choices}: {failure}"));
    }
    let wrong = player.looks().iter().filter_map(|look| match &look.outcome {
        Outcome::Holds => None,
        Outcome::Waits => Some(format!("  {choices}: line {}: nobody looked", look.line)),
        Outcome::Fails(instead) => Some(format!("  {choices}: line {}, {}: {instead}", look.line, look.at)),
    });
    let wrong: Vec<String> = wrong.collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    answered(&player, &asked)?;
    Ok(player.looks().len())
}

fn answered(player: &Player, asked: &[&Question]) -> Result<(), String> {
    let reading = asked.iter().filter(|question| question.reads().is_some());
    for (question, reading) in reading.zip(player.readings()) {
        let words = match &reading.words {
            Some(Ok(words)) => words,
            Some(Err(why)) => return Err(format!("  line {}: {why}", question.line)),
            None => return Err(format!("  line {}: the run has not come to '{}'", question.line, reading.mark)),
        };
        let is_answer = match question.asks {
            Asks::Number(_) => number_in(words).is_some(),
            Asks::Name(_) => words != "none",
            Asks::Choice { .. } => true,
        };
        if !is_answer {
            return Err(format!("  line {}: '{words}' is no answer", question.line));
        }
    }
    Ok(())
}

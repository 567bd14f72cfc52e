//! Scenarios' texts for editors: what is wrong, what may stand at a place, what a run comes to. Columns and lengths count
//! as JavaScript does (UTF-16), from 1.

use crate::given;
use lab::Counts;
use play::{Look, Outcome, Player, Tool};
use script::scenario::{Offer, complete};
use script::{Document, Mistake};
use serde::Serialize;
use session::texts::{glossary, told};
use view::program::Impossible;
use view::report::Severity;
use view::text::Language;

/// What is wrong with a text, and how it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub problems: Vec<ProblemAt>,
    pub title: String,
}

/// One thing that is wrong, at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProblemAt {
    pub line: u32,
    pub column: u32,
    /// Of the wrong word; 0 where the place itself is what is wrong.
    pub length: u32,
    pub message: String,
    /// `error`, or `remark` for what stops nobody.
    pub severity: &'static str,
    pub nearest: Vec<String>,
}

/// A word that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    pub text: String,
    pub kind: &'static str,
    pub hint: String,
}

/// What a text's run came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ran {
    /// It came to its end and all that it claims was so.
    pub ok: bool,
    pub sees: Vec<Seen>,
    pub story: Vec<Told>,
    /// Lines of Kafka's tools, and what each has printed.
    pub typed: Vec<TypedLine>,
    /// Names of the ledger's counts and the counts.
    #[serde(serialize_with = "as_object")]
    pub ledger: Vec<(&'static str, u64)>,
    /// Why it did not come to its end.
    pub stopped: Option<String>,
    pub events: u64,
    pub digest: String,
}

/// What came of a `see` line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub line: u32,
    pub ok: bool,
    /// `held`, `failed`, or `notRun` where the run stopped before.
    pub outcome: &'static str,
    /// The claim where it held or was not come to, else what was there instead.
    pub said: String,
    pub at_seconds: f64,
}

/// A line of one of Kafka's tools.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TypedLine {
    pub at_seconds: f64,
    pub line: String,
    /// On both streams, up to the end of the run.
    pub printed: Vec<String>,
    pub exit: u8,
}

/// A sentence of the story.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub at_seconds: f64,
    pub said: String,
}

/// Everything that is wrong with a text; where nothing is, what it lacks as a lesson.
pub fn check(text: &str, language: Language) -> Checked {
    let (document, mut mistakes) = Document::read(text);
    if mistakes.is_empty() {
        let glossary = glossary();
        mistakes = document.lint(&|term| glossary.find(term).is_some());
    }
    let problems = mistakes.iter().map(|mistake| problem(text, mistake, language)).collect();
    let tag = match language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    Checked { problems, title: document.title(tag).to_string() }
}

fn problem(text: &str, mistake: &Mistake, language: Language) -> ProblemAt {
    let written = text.lines().nth(mistake.line.saturating_sub(1) as usize).unwrap_or_default();
    let column = mistake.column.saturating_sub(1) as usize;
    let before: String = written.chars().take(column).collect();
    let there = written.get(before.len()..).unwrap_or_default();
    // The whole line is wrong where it is too long to be one word; what was put in by its value stands there as a name.
    let word = if there.starts_with(mistake.word()) {
        mistake.word()
    } else {
        there.split_whitespace().next().unwrap_or_default()
    };
    ProblemAt {
        line: mistake.line,
        column: units(&before) + 1,
        length: units(word),
        message: view::mistake(&mistake.problem, language),
        severity: Severity::of(mistake).name(),
        nearest: mistake.nearest.clone(),
    }
}

/// As JavaScript counts.
fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// What may stand before a column of a line.
pub fn completions(text: &str, line: u32, column: u32, language: Language) -> Vec<Completion> {
    let written = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
    let mut left = column.saturating_sub(1) as usize;
    let before: String = written
        .chars()
        .take_while(|letter| {
            let fits = left >= letter.len_utf16();
            left = left.saturating_sub(letter.len_utf16());
            fits
        })
        .collect();
    let offers = complete(text, line, &before).into_iter();
    let told = |offer: Offer| {
        let hint = view::hint(&offer, language);
        Completion { text: offer.text, kind: offer.kind.name(), hint }
    };
    offers.map(told).collect()
}

/// Plays a text to its end, with the first of what it varies, or these values.
///
/// # Errors
/// Its first mistake.
pub fn run(text: &str, with: &[(String, String)], language: Language) -> Result<Ran, Impossible> {
    let scenario = given::scenario(text, with)?;
    let mistaken = |first: Mistake| Impossible::Text { first: Box::new(first), count: 1 };
    let player = Player::new(scenario).map_err(mistaken)?.to_end();
    let counts: Counts = player.ledger.counts();
    let story = told(&player, language).into_iter();
    Ok(Ran {
        ok: player.is_well(),
        sees: player.looks().iter().map(|look| seen(look, language)).collect(),
        story: story.map(|(at, said)| Told { at_seconds: seconds(at), said }).collect(),
        typed: player.tools().iter().map(|tool| typed(tool, &player)).collect(),
        ledger: counts.named().into_iter().collect(),
        stopped: player.failure().map(|failure| view::stopped(failure, language)),
        events: player.world.events(),
        digest: player.digest().to_string(),
    })
}

fn seen(look: &Look, language: Language) -> Seen {
    let (outcome, said) = match &look.outcome {
        Outcome::Holds => ("held", look.text.clone()),
        Outcome::Fails(instead) => ("failed", view::instead(instead, language)),
        Outcome::Waits => ("notRun", look.text.clone()),
    };
    Seen { line: look.line, ok: outcome == "held", outcome, said, at_seconds: seconds(look.at) }
}

fn typed(tool: &Tool, player: &Player) -> TypedLine {
    let output = tool.printed(&player.sight());
    TypedLine { at_seconds: seconds(tool.at), line: tool.text.clone(), printed: output.plain(), exit: output.exit }
}

fn seconds(at: base::Time) -> f64 {
    at.0 as f64 / 1e9
}

fn as_object<S: serde::Serializer>(pairs: &[(&'static str, u64)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().copied())
}

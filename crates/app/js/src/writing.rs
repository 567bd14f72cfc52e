//! What the scenario editor asks besides: when each line of a text is, the link that holds it or its run, what a link
//! holds as a text again, and the lines that put it into a page, from the table that Share uses.

use crate::given;
use base::Time;
use script::Document;
use script::file::{self, FileError};
use script::link::{Broken, Link, lesson};
use serde::Serialize;
use session::visit::AskError;
use view::program::Impossible;
use view::share::{Embedding, HEIGHTS, HOSTS, Wish};
use view::text::Language;

/// Lines of a text that stand at an instant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineTime {
    /// From 1.
    pub line: u32,
    pub at_seconds: f64,
}

/// What may be copied into other pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippets {
    pub hosts: Vec<Snippet>,
    /// Pixels that are offered.
    pub heights: [u16; 3],
}

/// The lines for one kind of page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    pub name: &'static str,
    pub text: String,
}

/// Where the acts, marks and `see` lines of a text stand, in the order of its lines: everything up to then has happened. Each
/// line comes once.
///
/// # Errors
/// The text's first mistake.
pub fn line_times(text: &str) -> Result<Vec<LineTime>, Impossible> {
    // An editor's text says its version, as its check demands, though a run would do without.
    let (document, mistakes) = Document::read(text);
    let scenario = match mistakes.is_empty() {
        true => document.scenario(&document.first()).map_err(given::mistaken)?,
        false => return Err(given::mistaken(mistakes)),
    };
    script::claims(&scenario).map_err(|first| given::mistaken(vec![first]))?;
    let acts = scenario.lines.iter().zip(&scenario.commands).map(|(line, placed)| (*line, placed.after));
    let sees = scenario.sees.iter().map(|see| (see.line, see.at));
    let marks = scenario.marks.iter().map(|mark| (mark.line, mark.at));
    let mut times: Vec<(u32, Time)> = acts.chain(sees).chain(marks).filter(|(line, _)| *line > 0).collect();
    base::sort(&mut times);
    times.dedup_by_key(|(line, _)| *line);
    Ok(times.into_iter().map(|(line, at)| LineTime { line, at_seconds: at.0 as f64 / 1e9 }).collect())
}

/// The run of a text as `#b1.…`, from its beginning and without its words.
///
/// # Errors
/// The text's first mistake, or what no link holds.
pub fn run_link(text: &str, language: Language) -> Result<String, Impossible> {
    let said = language.text();
    let link = file::read(text.as_bytes()).map_err(|error| match error {
        FileError::Line(first) => given::mistaken(vec![first]),
        error => Impossible::Unlinked((said.share.file_error)(&error)),
    })?;
    let fragment = link.text().map_err(|error| {
        let view = view::picture::of_too_long(&error, said);
        Impossible::Unlinked(format!("{}. {}", view.title, view.text))
    })?;
    Ok(format!("#{}", fragment.trim_start_matches('#')))
}

/// A whole text as `#t1.…`, with its words and questions. What is handed out can be opened.
///
/// # Errors
/// The text's first mistake, or it is longer than a link holds.
pub fn text_link(text: &str, language: Language) -> Result<String, Impossible> {
    line_times(text)?;
    run_link(text, language)?;
    let refusal = &language.text().refusal;
    lesson::of_text(text).map_err(|beyond| Impossible::Unlinked((refusal.beyond)(beyond.what, beyond.limit)))
}

/// What a link holds as a text that can be written on: its text, or its run with a title.
///
/// # Errors
/// It cannot be read, or no text describes it.
pub fn link_text(link: &str, title: &str, language: Language) -> Result<String, Impossible> {
    let said = language.text();
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    let of_link = |error: AskError| Impossible::Link(error.sentence(said));
    if fragment.len() > session::visit::LONGEST_LINK as usize {
        return Err(of_link(AskError::TooLong));
    }
    let broken = |error: Broken| of_link(AskError::Link(Box::new(FileError::Link(Box::new(error)))));
    if lesson::is_text(fragment) {
        return lesson::read_text(fragment).map_err(|error| broken(error.into()));
    }
    let run = Link::read(fragment).map_err(broken)?;
    let scenario = file::scenario_of(&run, title).ok_or(script::Unspelled::Cluster);
    let text = scenario.and_then(|scenario| scenario.text());
    text.map_err(|error| Impossible::Link((said.share.unspelled)(&error)))
}

/// The lines for every kind of page, as Share writes them.
pub fn snippets(link: &str, title: &str, language: Language, height: u16) -> Snippets {
    let embedding = Embedding { link, title, language, wish: Wish::default(), height };
    let hosts = HOSTS.iter().map(|host| Snippet { name: host.name(), text: host.snippet(&embedding) });
    Snippets { hosts: hosts.collect(), heights: HEIGHTS }
}

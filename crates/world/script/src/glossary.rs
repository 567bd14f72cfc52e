//! The glossary: what Kafka's words mean, a term with its source and a sentence or two in each language.
//!
//! One text holds them all (`www/glossary/glossary.txt`); a visit fetches that of its language, in which the other's sections
//! are left out. It explains words and proves nothing: whether a sentence is so is a matter of lessons and notes.
//!
//! ```
//! let text = "blumfeld glossary 1\nterm ISR\nsource: KIP-966\n== en\nalso: in-sync replicas\nsays: Who keeps up.\n";
//! let glossary = script::Glossary::read(text, &["en"]).expect("a glossary");
//! assert_eq!(glossary.find("In-Sync Replicas").map(|term| &*term.name), Some("ISR"));
//! ```

mod error;
#[cfg(test)]
mod tests;

use crate::near::nearest;
use base::Str;
pub use error::{GlossaryError, GlossaryProblem};

/// Bytes of a glossary; one that is longer is not read.
pub const LONGEST: usize = 128 << 10;
/// Terms of a glossary, and mistakes that are told of it.
pub const MOST: usize = 200;
/// Other names of a term in one language.
const NAMES: usize = 8;
const VERSION: &str = "blumfeld glossary 1";
/// Languages, and how many letters of each an explanation may have.
const LANGUAGES: [(&str, usize); 2] = [("en", 160), ("zh", 80)];
const HEADERS: &[&str] = &["source"];
const LINES: &[&str] = &["name", "also", "says"];

/// All terms, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Glossary {
    pub terms: Vec<Term>,
}

/// A word of Kafka's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As it is called in English, which names it here.
    pub name: Str,
    /// Where it is written: KIP, class, setting, chapter of the documentation.
    pub source: Str,
    pub said: Vec<Said>,
}

/// A term in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `en` or `zh`.
    pub language: &'static str,
    /// What it is called on the page.
    pub name: Str,
    /// What else it is called.
    pub also: Vec<Str>,
    pub says: Str,
}

impl Glossary {
    /// Reads a glossary whose terms have words in each of these languages.
    ///
    /// # Errors
    /// Everything that is wrong with it, at most [`MOST`] mistakes.
    pub fn read(text: &str, languages: &[&str]) -> Result<Glossary, Vec<GlossaryError>> {
        let mut reader = Reader::default();
        reader.text(text);
        reader.judge(languages);
        if reader.mistakes.is_empty() {
            return Ok(Glossary { terms: reader.drafts.into_iter().map(|draft| draft.term).collect() });
        }
        let mut mistakes = reader.mistakes;
        base::sort_by_key(&mut mistakes, |mistake| (mistake.line, mistake.column));
        Err(mistakes)
    }

    /// The term of that name, or with that other name, in any language; capital letters do not matter.
    pub fn find(&self, name: &str) -> Option<&Term> {
        let wanted = name.trim().to_lowercase();
        self.terms.iter().find(|term| term.names().any(|known| known.to_lowercase() == wanted))
    }
}

impl Term {
    /// Its words in a language.
    pub fn in_language(&self, language: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.language == language)
    }

    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        std::iter::once(&self.name)
            .chain(self.said.iter().flat_map(|said| std::iter::once(&said.name).chain(&said.also)))
    }
}

struct Draft {
    line: u32,
    term: Term,
}

#[derive(Default)]
struct Reader {
    drafts: Vec<Draft>,
    /// Lines below a term that cannot be read belong to none.
    is_lost: bool,
    mistakes: Vec<GlossaryError>,
}

impl Reader {
    fn say(&mut self, line: u32, problem: GlossaryProblem) {
        self.near(line, problem, Vec::new());
    }

    fn near(&mut self, line: u32, problem: GlossaryProblem, nearest: Vec<String>) {
        if self.mistakes.len() < MOST {
            self.mistakes.push(GlossaryError { line, column: 1, problem, nearest });
        }
    }

    fn text(&mut self, text: &str) {
        if text.len() > LONGEST {
            return self.say(1, GlossaryProblem::TooLong(text.len()));
        }
        let mut lines = (1..).zip(text.lines());
        if lines.next().is_none_or(|(_, first)| first.trim() != VERSION) {
            self.say(1, GlossaryProblem::NoVersion);
        }
        for (line, written) in lines {
            let written = written.trim();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            if let Some(name) = written.strip_prefix("term ") {
                self.begin(line, name.trim());
            } else if !self.is_lost {
                self.inside(line, written);
            }
        }
    }

    fn begin(&mut self, line: u32, name: &str) {
        self.is_lost = self.drafts.len() == MOST;
        if self.is_lost {
            return self.say(line, GlossaryProblem::TooMany("terms"));
        }
        let term = Term { name: name.into(), source: Str::default(), said: Vec::new() };
        self.drafts.push(Draft { line, term });
    }

    fn inside(&mut self, line: u32, written: &str) {
        let Some(draft) = self.drafts.last_mut() else {
            return self.say(line, GlossaryProblem::NoLine(short(written)));
        };
        if let Some(tag) = written.strip_prefix("==") {
            let tag = tag.trim();
            let Some((language, _)) = LANGUAGES.iter().find(|(known, _)| *known == tag) else {
                return self.near(
                    line,
                    GlossaryProblem::NoSection(short(tag)),
                    nearest(tag, LANGUAGES.map(|(name, _)| name)),
                );
            };
            if draft.term.in_language(language).is_some() {
                return self.say(line, GlossaryProblem::Twice(language));
            }
            // What has no name of its own there is called as in English.
            let name = draft.term.name.clone();
            return draft.term.said.push(Said { language, name, also: Vec::new(), says: Str::default() });
        }
        let Some((name, value)) = written.split_once(':') else {
            return self.say(line, GlossaryProblem::NoLine(short(written)));
        };
        self.named(line, name.trim(), value.trim());
    }

    /// A line of the last term, or of its last section.
    fn named(&mut self, line: u32, name: &str, value: &str) {
        let draft = self.drafts.last_mut().expect("`inside` has found one");
        let known = if draft.term.said.is_empty() { HEADERS } else { LINES };
        let Some(known) = known.iter().find(|one| **one == name) else {
            let near = nearest(name, known.iter().copied());
            return self.near(line, GlossaryProblem::NoName(short(name)), near);
        };
        let term = &mut draft.term;
        let place = match (*known, term.said.last_mut()) {
            ("name", Some(said)) => &mut said.name,
            ("says", Some(said)) => &mut said.says,
            ("also", Some(said)) => {
                let names = value.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
                said.also = names.map(Str::from).collect();
                let is_long = said.also.len() > NAMES;
                if is_long {
                    self.say(line, GlossaryProblem::TooMany("names"));
                }
                return;
            }
            (_source, _) => &mut term.source,
        };
        // A section is called as its term is until it says otherwise.
        if place.is_empty() || (*known == "name" && *place == term.name) {
            *place = value.into();
        } else {
            self.say(line, GlossaryProblem::Twice(known));
        }
    }

    /// What a term lacks, and names that two terms have.
    fn judge(&mut self, languages: &[&str]) {
        let drafts = std::mem::take(&mut self.drafts);
        let mut taken: base::FlatMap<String, usize> = base::FlatMap::default();
        for (index, Draft { line, term }) in drafts.iter().enumerate() {
            if term.source.is_empty() {
                self.say(*line, GlossaryProblem::Missing { term: term.name.clone(), what: "source" });
            }
            for language in languages.iter().filter(|language| term.in_language(language).is_none()) {
                self.say(*line, GlossaryProblem::Missing { term: term.name.clone(), what: section(language) });
            }
            for said in &term.said {
                self.judge_words(*line, &term.name, said);
            }
            for name in term.names() {
                if *taken.entry(name.to_lowercase()).or_insert(index) != index {
                    self.say(*line, GlossaryProblem::Taken(short(name)));
                }
            }
        }
        self.drafts = drafts;
    }

    fn judge_words(&mut self, line: u32, term: &Str, said: &Said) {
        if said.says.is_empty() {
            self.say(line, GlossaryProblem::Missing { term: term.clone(), what: "says" });
        }
        let most = LANGUAGES.iter().find(|(known, _)| *known == said.language).map_or(0, |(_, most)| *most);
        let is = crate::scenario::letters(&said.says, said.language);
        if is > most {
            self.say(line, GlossaryProblem::Letters { term: term.clone(), is, most });
        }
    }
}

fn section(language: &str) -> &'static str {
    if language == "zh" { "section '== zh'" } else { "section '== en'" }
}

/// What is quoted of a line that nobody knows.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

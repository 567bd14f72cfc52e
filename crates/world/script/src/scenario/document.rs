//! A text as it was read: its headers, the lines of its body with their places, its questions and its words. For each
//! choice of what is varied it is one scenario.

mod read;
mod written;

pub(super) use read::VERSION;

use super::choices::{self, Choices, Condition, Vary};
use super::draft::{Draft, Line, Wrong};
use super::question::Question;
use super::sections::Section;
use super::{Mistake, Problem, Scenario};
use crate::near::nearest;
use base::Str;

/// Bytes of a text: twice what a link's commands may take, because lines are easier to read than to pack.
pub const LONGEST_TEXT: usize = 2 * crate::limits::SPELLED;
/// So many mistakes of one text are told.
pub const MOST_MISTAKES: usize = 200;

/// A scenario's text, understood. What is wrong with it is told beside it, so that the rest can be used.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Document {
    /// Every header in its order, as it was written.
    pub headers: Vec<Header>,
    pub body: Vec<BodyLine>,
    pub sections: Vec<Section>,
    /// The name in links and files.
    pub id: Option<Str>,
    /// Its place in the course, from 1.
    pub course: Option<u32>,
    /// Where the library puts it.
    pub topic: Option<Str>,
    /// Where it is written what this teaches.
    pub refs: Vec<Str>,
    /// Numbers of the claims that it tests.
    pub claims: Vec<u32>,
    pub vary: Vec<Vary>,
    /// Names of the ledger's counts.
    pub tally: Vec<Str>,
    /// Options of the page and their values.
    pub show: Vec<(Str, Str)>,
    /// What a reader may do; everything where it does not say.
    pub allow: Option<Vec<Str>>,
    pub predict: Option<Question>,
    pub check: Option<Question>,
    /// A few lines without a version open behind their last act.
    is_fragment: bool,
}

/// `NAME: VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// From 1.
    pub line: u32,
    pub name: String,
    pub value: String,
    written: String,
}

/// One line of what is done and looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyLine {
    /// From 1.
    pub line: u32,
    pub written: String,
    /// With which values it is there.
    pub when: Vec<Condition>,
    /// The byte where what is done begins, behind `when …:`.
    from: usize,
}

impl Document {
    /// Reads a text whose first line says the version.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of its lines.
    pub fn parse(text: &str) -> Result<Document, Vec<Mistake>> {
        match Document::read(text) {
            (document, mistakes) if mistakes.is_empty() => Ok(document),
            (_, mistakes) => Err(mistakes),
        }
    }

    /// Reads a text as far as it can be read, and says what is wrong with the rest.
    pub fn read(text: &str) -> (Document, Vec<Mistake>) {
        read::Reader::whole(text)
    }

    /// The same of a text that need not say its version.
    pub(super) fn fragment(text: &str) -> (Document, Vec<Mistake>) {
        read::Reader::fragment(text)
    }

    /// Does it teach: has it words besides a title, or a question?
    pub fn is_lesson(&self) -> bool {
        let words = self.sections.iter().flat_map(|section| &section.entries).any(|entry| entry.name != "title");
        words || self.predict.is_some() || self.check.is_some()
    }

    /// Every choice of what is varied; the first is what it opens with. One without values where nothing is.
    pub fn choices(&self) -> Vec<Choices> {
        choices::all(&self.vary)
    }

    /// What it opens with.
    pub fn first(&self) -> Choices {
        self.choices().swap_remove(0)
    }

    /// The values that a question is about.
    pub fn asked_with(&self, question: &Question) -> Choices {
        self.first().under(&question.when)
    }

    /// The choice with these values, and the first ones of what is not named.
    ///
    /// # Errors
    /// Something is not varied, or not to that value.
    pub fn choose(&self, wanted: &[(String, String)]) -> Result<Choices, Mistake> {
        choices::choose(&self.vary, wanted)
    }

    /// The words of a language.
    pub fn section(&self, tag: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.tag == tag)
    }

    /// What it is called in a language (`en` or `zh`), in the other one where it has no such title.
    pub fn title(&self, tag: &str) -> Str {
        let header = |name: &str| self.headers.iter().find(|header| header.name == name).map(|header| &*header.value);
        let worded = |tag: &str| self.section(tag).map(|section| section.text("title")).filter(|text| !text.is_empty());
        let (own, other) = if tag == "zh" { ("title-zh", "en") } else { ("title", "zh") };
        let found = worded(tag).or_else(|| header(own).map(Str::from));
        found.or_else(|| worded(other)).or_else(|| header("title").map(Str::from)).unwrap_or_default()
    }

    /// Is there a mark of that name, for any choice?
    pub fn has_mark(&self, name: &str) -> bool {
        ["start", "end"].contains(&name) || self.marks().any(|mark| mark == name)
    }

    /// The names of its marks, in the order of the text; a name may come again for another choice.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        let parts = self.body.iter().flat_map(|line| line.text().split(';'));
        parts.filter_map(|part| {
            let part = part.trim();
            let behind =
                if part.starts_with(['@', '+']) { part.split_once(' ').map_or("", |(_, rest)| rest) } else { part };
            behind.trim().strip_prefix("mark ").map(str::trim).filter(|name| super::draft::is_mark(name))
        })
    }

    /// What is run for one choice.
    ///
    /// # Errors
    /// Everything that is wrong with the run.
    pub fn scenario(&self, choices: &Choices) -> Result<Scenario, Vec<Mistake>> {
        let (scenario, wrong) = self.attempt(choices);
        if wrong.is_empty() { Ok(scenario) } else { Err(wrong) }
    }

    /// As much of it as can be read.
    pub(super) fn attempt(&self, choices: &Choices) -> (Scenario, Vec<Mistake>) {
        let (mut draft, mut wrong) = (Draft::default(), Vec::new());
        for header in self.headers.iter().filter(|header| super::draft::HEADERS.contains(&&*header.name)) {
            let value = self.put_in(choices, (header.line, &header.written), &header.value, &mut wrong);
            if let Some(problem) = value.and_then(|value| draft.header(header.line, &header.name, &value).err()) {
                wrong.push(Mistake::found(header.line, (&header.written, 0), problem));
            }
        }
        for line in self.body.iter().filter(|line| choices.fit(&line.when)) {
            // `put_in` has noted what is wrong with it.
            let Some(text) = self.put_in(choices, (line.line, &line.written), line.text(), &mut wrong) else {
                continue;
            };
            let written = &line.written;
            draft.line(&Line { number: line.line, written, text: &text, from: line.from });
            if wrong.len() + draft.mistakes() >= MOST_MISTAKES {
                break;
            }
        }
        let (scenario, more) = draft.finish();
        wrong.extend(more.into_iter().map(|more| self.place(more)));
        (self.titled(scenario), wrong)
    }

    fn put_in<'a>(
        &self,
        choices: &Choices,
        (line, written): (u32, &str),
        text: &'a str,
        wrong: &mut Vec<Mistake>,
    ) -> Option<std::borrow::Cow<'a, str>> {
        let put = choices.put_in(text).map_err(|name| {
            let near = nearest(&name, self.vary.iter().map(|vary| &*vary.name));
            wrong.push(Mistake::found(line, (written, 0), Problem::NoVary(name)).near(near));
        });
        put.ok()
    }

    /// Where it opens, and what it is called: words of sections go before the headers that scenarios without words have.
    fn titled(&self, mut scenario: Scenario) -> Scenario {
        let said = |name: &str| self.headers.iter().find(|header| header.name == name);
        if !self.is_fragment && said("open").is_none() {
            let scene = said("scene").and_then(|header| Scenario::builtin(&header.value));
            scenario.opens_at = scene.map_or(base::Time::ZERO, |scene| scene.opens_at);
        }
        scenario.title = self.title("en");
        if let Some(section) = self.section("zh").filter(|section| section.find("title", None).is_some()) {
            scenario.headers.insert("title-zh".to_owned(), section.text("title").to_string());
        }
        scenario
    }

    /// Where in the text something is wrong.
    fn place(&self, wrong: Wrong) -> Mistake {
        let body = self.body.iter().find(|line| line.line == wrong.line).map(|line| &line.written);
        let header = || self.headers.iter().find(|header| header.line == wrong.line).map(|header| &header.written);
        let written = body.or_else(header).map_or("", String::as_str);
        Mistake::found(wrong.line, (written, wrong.at), wrong.problem)
    }
}

impl BodyLine {
    /// What is done, without `when …:`.
    pub fn text(&self) -> &str {
        self.written.get(self.from..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;

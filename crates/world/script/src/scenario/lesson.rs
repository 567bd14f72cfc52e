//! A lesson's words in one language, as whoever shows it needs them.

use super::sections::{Entry, Section};
use super::{Document, Vary};
use base::Str;

/// What a lesson says in one language; what is not written is empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lesson {
    pub title: Str,
    /// What can be told afterwards.
    pub goal: Str,
    /// What stands there before play.
    pub before: Str,
    pub predict: Asked,
    /// The answer to `predict` with its reason.
    pub right: Str,
    /// What the run shows against an answer, by the number of the choice, from 1.
    pub wrong: Vec<(u32, Str)>,
    /// The same for all other answers.
    pub otherwise: Str,
    pub check: Asked,
    /// The answer to `check`, and what to take along.
    pub why: Str,
    /// What there is to see at each mark.
    pub marks: Vec<(Str, Str)>,
    pub varied: Vec<Varied>,
    /// What the glossary explains.
    pub terms: Vec<Str>,
}

/// A question in words.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Asked {
    pub text: Str,
    pub choices: Vec<Str>,
}

/// What something that is varied is called, and each of its values, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Varied {
    pub name: Str,
    pub called: Str,
    pub values: Vec<Str>,
}

impl Lesson {
    /// What the run shows against this answer; for choices their number from 1.
    pub fn against(&self, choice: Option<u32>) -> &Str {
        let own = self.wrong.iter().find(|(number, _)| Some(*number) == choice);
        own.map_or(&self.otherwise, |(_, text)| text)
    }

    /// What there is to see at a mark.
    pub fn at(&self, mark: &str) -> Option<&Str> {
        self.marks.iter().find(|(name, _)| **name == *mark).map(|(_, text)| text)
    }
}

impl Document {
    /// Its words in a language (`en` or `zh`), if there is such a section.
    pub fn lesson(&self, tag: &str) -> Option<Lesson> {
        let section = self.section(tag)?;
        let keyed = |name: &'static str| {
            section.entries.iter().filter(move |entry| entry.name == name).filter_map(|entry| {
                let key = entry.key.clone()?;
                Some((key, entry.text.as_str().into()))
            })
        };
        Some(Lesson {
            title: section.text("title"),
            goal: section.text("goal"),
            before: section.text("before"),
            predict: asked(section.find("predict", None)),
            right: section.text("right"),
            wrong: keyed("wrong").filter_map(|(key, text)| Some((key.parse().ok()?, text))).collect(),
            otherwise: section.text("wrong"),
            check: asked(section.find("check", None)),
            why: section.text("why"),
            marks: keyed("mark").collect(),
            varied: self.vary.iter().map(|vary| varied(section, vary)).collect(),
            terms: terms(section),
        })
    }
}

fn asked(entry: Option<&Entry>) -> Asked {
    entry.map(|entry| Asked { text: entry.text.as_str().into(), choices: strs(&entry.choices) }).unwrap_or_default()
}

fn varied(section: &Section, vary: &Vary) -> Varied {
    let entry = section.find("vary", Some(&vary.name));
    let called = entry.map(|entry| entry.text.as_str()).filter(|text| !text.is_empty());
    let words = entry.map(|entry| strs(&entry.choices)).filter(|words| words.len() == vary.values.len());
    Varied {
        name: vary.name.clone(),
        called: called.map_or_else(|| vary.name.clone(), Str::from),
        values: words.unwrap_or_else(|| vary.values.clone()),
    }
}

/// The names between commas, of either language.
pub(super) fn terms(section: &Section) -> Vec<Str> {
    let text = section.text("terms");
    let names = text.split([',', '，', '、']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(Str::from).collect()
}

fn strs(texts: &[String]) -> Vec<Str> {
    texts.iter().map(|text| text.as_str().into()).collect()
}

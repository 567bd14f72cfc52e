//! The words of a lesson: one section per language, each line with its name.

use super::Problem;
use base::Str;

/// The languages that sections are written in.
pub(super) const TAGS: [&str; 2] = ["en", "zh"];

/// What a line of words is: how it is named, and how many letters fit, in English and in Chinese.
pub(super) struct Form {
    pub name: &'static str,
    key: Key,
    pub most: [usize; 2],
    /// Of each `- …` below it; none may stand there where nothing fits.
    pub each: [usize; 2],
}

/// Does a name stand behind the line's name?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    None,
    Maybe,
    Needed,
}

const fn form(name: &'static str, key: Key, most: [usize; 2], each: [usize; 2]) -> Form {
    Form { name, key, most, each }
}

pub(super) const FORMS: [Form; 11] = [
    form("title", Key::None, [60, 30], [0, 0]),
    form("goal", Key::None, [120, 60], [0, 0]),
    form("before", Key::None, [260, 130], [0, 0]),
    form("predict", Key::None, [140, 70], [80, 40]),
    form("mark", Key::Needed, [90, 45], [0, 0]),
    form("vary", Key::Needed, [40, 20], [40, 20]),
    form("wrong", Key::Maybe, [180, 90], [0, 0]),
    form("right", Key::None, [240, 120], [0, 0]),
    form("check", Key::None, [200, 100], [100, 50]),
    form("why", Key::None, [320, 160], [0, 0]),
    form("terms", Key::None, [usize::MAX, usize::MAX], [0, 0]),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|form| form.name)
}

/// Does a name stand behind this one?
pub(super) fn is_keyed(name: &str) -> bool {
    FORMS.iter().any(|form| form.name == name && form.key == Key::Needed)
}

/// The words of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `en` or `zh`.
    pub tag: &'static str,
    /// From 1.
    pub line: u32,
    pub entries: Vec<Entry>,
}

/// One line of words, with what goes on below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 1.
    pub line: u32,
    /// `title`, `mark`, …
    pub name: &'static str,
    /// The mark, what is varied, the number of a choice.
    pub key: Option<Str>,
    pub text: String,
    /// What begins with a hyphen below it.
    pub choices: Vec<String>,
}

impl Section {
    pub(super) fn new(line: u32, tag: &str) -> Result<Section, Problem> {
        let known = TAGS.into_iter().find(|known| *known == tag);
        let tag = known.ok_or_else(|| Problem::NoSection(tag.to_owned()))?;
        Ok(Section { tag, line, entries: Vec::new() })
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, line: u32, written: &str) -> Result<(), Problem> {
        let text = written.trim();
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        if written.starts_with("  ") || written.starts_with('\t') {
            return self.go_on(text);
        }
        if let Some(choice) = text.strip_prefix("- ") {
            return self.choice(choice.trim());
        }
        let entry = entry(line, text)?;
        if self.find(entry.name, entry.key.as_deref()).is_some() {
            let name = if entry.key.is_some() { entry.key.as_deref() } else { Some(entry.name) };
            return Err(Problem::Twice(name.unwrap_or_default().to_owned()));
        }
        self.entries.push(entry);
        Ok(())
    }

    fn go_on(&mut self, text: &str) -> Result<(), Problem> {
        let entry = self.entries.last_mut().ok_or_else(|| Problem::NoWordLine(text.to_owned()))?;
        join(entry.choices.last_mut().unwrap_or(&mut entry.text), text);
        Ok(())
    }

    fn choice(&mut self, text: &str) -> Result<(), Problem> {
        let takes = |entry: &&mut Entry| FORMS.iter().any(|form| form.name == entry.name && form.each[0] > 0);
        let entry = self.entries.last_mut().filter(takes).ok_or_else(|| Problem::NoWordLine(format!("- {text}")))?;
        entry.choices.push(text.to_owned());
        Ok(())
    }

    pub fn find(&self, name: &str, key: Option<&str>) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name && entry.key.as_deref() == key)
    }

    pub(super) fn text(&self, name: &str) -> Str {
        self.find(name, None).map(|entry| entry.text.as_str().into()).unwrap_or_default()
    }
}

impl Entry {
    /// Its name and what stands behind it: `mark waits`.
    pub fn title(&self) -> String {
        self.key.as_ref().map_or_else(|| self.name.to_owned(), |key| format!("{} {key}", self.name))
    }
}

/// Lines of Chinese are joined without a space, where no letters of ours meet.
fn join(text: &mut String, more: &str) {
    let is_wide = |letter: Option<char>| letter.is_some_and(|letter| !letter.is_ascii());
    let is_tight = is_wide(text.chars().next_back()) && is_wide(more.chars().next());
    if !text.is_empty() && !is_tight {
        text.push(' ');
    }
    text.push_str(more);
}

/// `NAME: TEXT` or `NAME KEY: TEXT`.
fn entry(line: u32, text: &str) -> Result<Entry, Problem> {
    let (head, rest) = text.split_once(':').unwrap_or((text, ""));
    let first = || Problem::NoWordLine(head.split_whitespace().next().unwrap_or_default().to_owned());
    let words: Vec<&str> = head.split_whitespace().collect();
    let (name, key) = match words.as_slice() {
        [name] => (*name, None),
        [name, key] => (*name, Some(Str::from(*key))),
        _more => return Err(first()),
    };
    let form = FORMS.iter().find(|form| form.name == name).ok_or_else(first)?;
    let fits = match form.key {
        Key::None => key.is_none(),
        Key::Maybe => true,
        Key::Needed => key.is_some(),
    };
    if !fits || !text.contains(':') {
        return Err(Problem::NoWordLine(head.to_owned()));
    }
    Ok(Entry { line, name: form.name, key, text: rest.trim().to_owned(), choices: Vec::new() })
}

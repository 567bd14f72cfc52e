//! What a reader of a lesson would miss or stumble over, though the text can be read and run.

use super::sections::{Entry, FORMS, Form, Section, TAGS};
use super::{Asks, Document, Lacking, Mistake, Problem, Question, lesson};
use crate::claim::Claim;

/// Names that the glossary explains for one lesson.
const MOST_TERMS: usize = 10;
/// The last claim that was written down.
const LAST_CLAIM: u32 = 90;
/// What every text with words says in both languages…
const NEEDED: [&str; 3] = ["title", "goal", "before"];
/// …and what a lesson says besides. A text with none of it asks nothing: it only shows.
const ASKING: [&str; 4] = ["predict", "right", "check", "why"];

impl Document {
    /// It has a question, or words for one.
    fn asks(&self) -> bool {
        let words = self.sections.iter().flat_map(|section| &section.entries);
        let worded = words.into_iter().any(|entry| ASKING.contains(&entry.name) || entry.name == "wrong");
        worded || self.predict.is_some() || self.check.is_some()
    }

    /// What is missing or too long. `knows` says whether the glossary has a term.
    pub fn lint(&self, knows: &dyn Fn(&str) -> bool) -> Vec<Mistake> {
        let mut lint = Lint { document: self, found: Vec::new() };
        lint.claims();
        self.sections.iter().for_each(|section| lint.section(section, knows));
        if self.is_lesson() {
            TAGS.iter().for_each(|tag| lint.lesson(tag));
        }
        base::sort_by_key(&mut lint.found, |mistake| (mistake.line, mistake.column));
        lint.found.truncate(super::MOST_MISTAKES);
        lint.found
    }
}

struct Lint<'a> {
    document: &'a Document,
    found: Vec<Mistake>,
}

impl Lint<'_> {
    fn say(&mut self, line: u32, lacking: Lacking) {
        self.found.push(Mistake::new(line, 1, Problem::Lack(lacking)));
    }

    fn line_of(&self, name: &str) -> u32 {
        self.document.headers.iter().find(|header| header.name == name).map_or(1, |header| header.line)
    }

    fn claims(&mut self) {
        let line = self.line_of("claims");
        for number in self.document.claims.iter().filter(|number| !(1..=LAST_CLAIM).contains(*number)) {
            self.say(line, Lacking::Claim(*number));
        }
        let run = self.document.scenario(&self.document.first());
        let claims = run.ok().and_then(|scenario| crate::claims(&scenario).ok()).unwrap_or_default();
        if !claims.iter().any(|cited| cited.claim != Claim::Remember) {
            self.say(1, Lacking::NoSee);
        }
    }

    fn section(&mut self, section: &Section, knows: &dyn Fn(&str) -> bool) {
        for entry in &section.entries {
            if let Some(form) = FORMS.iter().find(|form| form.name == entry.name) {
                self.lengths(section, entry, form);
            }
        }
        let terms = lesson::terms(section);
        let line = section.find("terms", None).map_or(section.line, |entry| entry.line);
        if terms.len() > MOST_TERMS {
            self.say(line, Lacking::TooManyTerms(MOST_TERMS));
        }
        terms.iter().filter(|term| !knows(term)).for_each(|term| self.say(line, Lacking::Term(term.to_string())));
    }

    fn lengths(&mut self, section: &Section, entry: &Entry, form: &Form) {
        let language = TAGS.iter().position(|tag| *tag == section.tag).unwrap_or(0);
        let mut within = |line: u32, text: &str, most: usize| {
            let letters = letters(text, section.tag);
            if letters > most {
                self.say(line, Lacking::Long { what: entry.title(), letters, most });
            }
        };
        within(entry.line, &entry.text, form.most[language]);
        for choice in &entry.choices {
            within(entry.line, choice, form.each[language]);
        }
    }

    fn lesson(&mut self, tag: &'static str) {
        let Some(section) = self.document.section(tag) else {
            return self.say(1, Lacking::Words { section: tag, what: format!("== {tag}") });
        };
        let asking = if self.document.asks() { &ASKING[..] } else { &[] };
        let mut needed: Vec<(&str, Option<&str>)> = NEEDED.iter().chain(asking).map(|name| (*name, None)).collect();
        let marks: Vec<&str> = self.document.marks().collect();
        needed.extend(marks.iter().map(|mark| ("mark", Some(*mark))));
        for (name, key) in needed {
            if section.find(name, key).is_none_or(|entry| entry.text.is_empty()) {
                let what = key.map_or_else(|| name.to_owned(), |key| format!("{name} {key}"));
                self.say(section.line, Lacking::Words { section: tag, what });
            }
        }
        let document = self.document;
        for (name, question) in [("predict", &document.predict), ("check", &document.check)] {
            match question {
                Some(question) => self.question(section, name, question),
                None if asking.is_empty() => {}
                None => self.say(1, Lacking::Words { section: "the headers", what: name.to_owned() }),
            }
        }
    }

    fn question(&mut self, section: &Section, name: &'static str, question: &Question) {
        let entry = section.find(name, None);
        let (line, worded) = entry.map_or((section.line, 0), |entry| (entry.line, entry.choices.len()));
        let asked = match question.asks {
            Asks::Choice { of, .. } => of as usize,
            Asks::Number(_) | Asks::Name(_) => 0,
        };
        if asked != worded {
            self.say(line, Lacking::Choices { asked, worded });
        }
        // `check` is answered by `why`.
        if name == "predict" && section.find("wrong", None).is_none() {
            self.against(section, question);
        }
    }

    /// Whatever answer can be wrong needs words.
    fn against(&mut self, section: &Section, question: &Question) {
        let missing: Vec<String> = match question.asks {
            Asks::Choice { right, of } => {
                let wrong = (1..=of).filter(|choice| *choice != right).map(|choice| choice.to_string());
                wrong.filter(|choice| section.find("wrong", Some(choice)).is_none()).collect()
            }
            Asks::Number(_) | Asks::Name(_) => vec![String::new()],
        };
        for choice in missing {
            let what = format!("wrong {choice}").trim_end().to_owned();
            self.say(section.line, Lacking::Words { section: section.tag, what });
        }
    }
}

/// How wide a text is, in the letters of its language: of Chinese two letters of ours make one. Marks of code are none.
pub(crate) fn letters(text: &str, tag: &str) -> usize {
    let letters = text.chars().filter(|letter| *letter != '`');
    let (narrow, wide) = letters.fold((0, 0), |(narrow, wide), letter| match letter.is_ascii() {
        true => (narrow + 1, wide),
        false => (narrow, wide + 1),
    });
    if tag == "zh" { wide + usize::div_ceil(narrow, 2) } else { narrow + wide }
}

//! Reads a text from its first line to its last and gathers what is wrong with it.

use super::super::choices::{self, Condition, Vary};
use super::super::clusters::ClusterDraft;
use super::super::draft::{self, header_of};
use super::super::question::Question;
use super::super::sections::Section;
use super::super::{END, Mistake, Problem, values_of};
use super::{BodyLine, Document, Header, LONGEST_TEXT, MOST_MISTAKES};
use crate::claim;
use crate::near::nearest;
use base::Str;
use sim::ClusterPlan;

/// The version of the format that this reads.
pub(in super::super) const VERSION: &str = "blumfeld 1";

/// A text under way.
pub(in super::super) struct Reader {
    document: Document,
    mistakes: Vec<Mistake>,
    stands: Stands,
    /// Where the headers of the cluster begin that was named last.
    cluster: usize,
}

/// Which part of the text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    BeforeVersion,
    Headers,
    Body,
    Words,
    /// In words of a language that there is not.
    Nowhere,
}

impl Reader {
    pub(super) fn whole(text: &str) -> (Document, Vec<Mistake>) {
        Reader::from(Stands::BeforeVersion).text(text)
    }

    pub(super) fn fragment(text: &str) -> (Document, Vec<Mistake>) {
        let says_version = text.trim_start().starts_with("blumfeld ");
        let mut reader = Reader::from(if says_version { Stands::BeforeVersion } else { Stands::Headers });
        reader.document.is_fragment = !says_version;
        reader.text(text)
    }

    fn from(stands: Stands) -> Reader {
        Reader { document: Document::default(), mistakes: Vec::new(), stands, cluster: 0 }
    }

    fn text(mut self, text: &str) -> (Document, Vec<Mistake>) {
        let cut = (0..=LONGEST_TEXT.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let mut last = 1;
        for (number, line) in (1..).zip(text[..cut].lines()).take_while(|(_, line)| line.trim_end() != END) {
            last = number;
            self.line(number, line);
        }
        if cut < text.len() {
            self.mistakes.push(Mistake::new(last, 1, Problem::TooLarge(LONGEST_TEXT)));
        }
        if self.stands == Stands::BeforeVersion {
            self.refuse((1, ""), Problem::NoVersion(String::new()));
        }
        self.questions();
        self.shown_cluster();
        self.conditions();
        self.words();
        self.runs();
        base::sort_by_key(&mut self.mistakes, |mistake| (mistake.line, mistake.column));
        self.mistakes.truncate(MOST_MISTAKES);
        (self.document, self.mistakes)
    }

    fn refuse(&mut self, (line, written): (u32, &str), problem: Problem) {
        self.mistakes.push(Mistake::found(line, (written, 0), problem));
    }

    fn line(&mut self, number: u32, written: &str) {
        let text = written.trim();
        if let Some(tag) = text.strip_prefix("== ").filter(|_| self.stands != Stands::BeforeVersion) {
            return self.section((number, written), tag.trim());
        }
        if self.stands == Stands::Words {
            let section = self.document.sections.last_mut();
            if let Some(problem) = section.and_then(|section| section.line(number, written).err()) {
                self.refuse((number, written), problem);
            }
            return;
        }
        if text.is_empty() || text.starts_with('#') || self.stands == Stands::Nowhere {
            return;
        }
        if self.stands == Stands::BeforeVersion {
            return self.version((number, written));
        }
        match (header_of(text), self.stands) {
            (Some((name, value)), Stands::Headers) => self.header((number, written), name, value),
            (Some((name, _)), _) => self.refuse((number, written), Problem::LateHeader(name.to_owned())),
            (None, _) => {
                self.stands = Stands::Body;
                self.body(number, written);
            }
        }
    }

    fn version(&mut self, (number, written): (u32, &str)) {
        self.stands = Stands::Headers;
        if written.trim() == VERSION {
            return;
        }
        let first: String = written.trim().chars().take(40).collect();
        self.refuse((number, written), Problem::NoVersion(first));
        // The rest is read as this version, so that its mistakes are told too.
        if !written.trim().starts_with("blumfeld") {
            self.line(number, written);
        }
    }

    fn section(&mut self, (number, written): (u32, &str), tag: &str) {
        let twice = self.document.section(tag).is_some();
        let section = if twice { Err(Problem::Twice(tag.to_owned())) } else { Section::new(number, tag) };
        match section {
            Ok(section) => {
                self.stands = Stands::Words;
                self.document.sections.push(section);
            }
            Err(problem) => {
                self.stands = Stands::Nowhere;
                self.refuse((number, written), problem);
            }
        }
    }

    fn header(&mut self, (line, written): (u32, &str), name: &str, value: &str) {
        let again = ["set", "node", "vary", "cluster"].contains(&name);
        // Each cluster has headers of its own.
        let from = if ClusterDraft::takes(name) { self.cluster } else { 0 };
        if !again && self.document.headers[from..].iter().any(|header| header.name == name) {
            return self.refuse((line, written), Problem::Twice(name.to_owned()));
        }
        let result = if draft::HEADERS.contains(&name) { Ok(()) } else { self.lesson_header(line, name, value) };
        let header = Header { line, name: name.to_owned(), value: value.to_owned(), written: written.to_owned() };
        match result {
            Ok(()) => {
                if header.name == "cluster" {
                    self.cluster = self.document.headers.len();
                }
                self.document.headers.push(header);
            }
            Err(problem) => {
                let behind = written.find(':').map_or(0, |at| at + 1);
                let space = written[behind..].len() - written[behind..].trim_start().len();
                let at = if problem.word() == name { 0 } else { behind + space };
                self.mistakes.push(Mistake::found(line, (written, at), problem));
            }
        }
    }

    /// Headers that a run does not need.
    fn lesson_header(&mut self, line: u32, name: &str, value: &str) -> Result<(), Problem> {
        let bad = || Problem::BadHeader { name: name.to_owned(), value: value.to_owned() };
        let document = &mut self.document;
        match name {
            "id" if draft::is_mark(value) => document.id = Some(value.into()),
            "course" => document.course = Some(value.parse().map_err(|_| bad())?),
            "topic" => document.topic = listed("topic", value)?.pop(),
            "refs" => document.refs = parts(value, ';').map(Str::from).collect(),
            "claims" => {
                let numbers = value.split([' ', ',']).filter(|word| !word.is_empty()).map(str::parse);
                document.claims = numbers.collect::<Result<_, _>>().map_err(|_| bad())?;
            }
            "vary" => choices::add(&mut document.vary, Vary::read(line, value)?)?,
            "tally" => document.tally = listed("tally", value)?,
            "show" => document.show = options(value)?,
            "allow" => document.allow = Some(listed("allow", value)?),
            // Both are read when it is known what is varied.
            "predict" | "check" => {}
            "id" => return Err(bad()),
            _unknown => return Err(Problem::NoHeader(name.to_owned())),
        }
        Ok(())
    }

    fn body(&mut self, line: u32, written: &str) {
        self.document.body.push(BodyLine { line, written: written.trim_end().to_owned(), when: Vec::new(), from: 0 });
    }

    /// `predict` and `check`, when everything that is varied is known.
    fn questions(&mut self) {
        for header in self.document.headers.clone() {
            let question = match &*header.name {
                "predict" => &mut self.document.predict,
                "check" => &mut self.document.check,
                _other => continue,
            };
            match Question::read(header.line, &self.document.vary, &header.value) {
                Ok(read) => *question = Some(read),
                Err((problem, near)) => {
                    let from = header.written.find(':').unwrap_or(0);
                    self.mistakes.push(placed(header.line, (&header.written, from), problem, near));
                }
            }
        }
    }

    /// `show: cluster=west`, when it is known which clusters there are. The first one is called as every first one is.
    fn shown_cluster(&mut self) {
        // The first one is shown where the text does not say.
        let Some((_, shown)) = self.document.show.iter().find(|(name, _)| &**name == "cluster") else { return };
        let headers = &self.document.headers;
        let further = headers.iter().filter(|header| header.name == "cluster").map(|header| &*header.value);
        let first = ClusterPlan::first(1, 1).cluster_id;
        if further.chain([&*first]).any(|name| name == &**shown) {
            return;
        }
        let header = headers.iter().find(|header| header.name == "show").expect("its options were read");
        let from = header.written.find("cluster=").unwrap_or(0);
        let problem = Problem::BadHeader { name: "show".to_owned(), value: format!("cluster={shown}") };
        self.mistakes.push(Mistake::found(header.line, (&header.written, from), problem));
    }

    /// `when NAME=VALUE: …` in front of the body's lines.
    fn conditions(&mut self) {
        for line in &mut self.document.body {
            let text = line.written.trim_start();
            let first = line.written.len() - text.len();
            line.from = first;
            // It holds in every variant.
            let Some(behind) = text.strip_prefix("when ") else { continue };
            let Some((conditions, rest)) = behind.split_once(':') else {
                let problem = Problem::NoLine(text.to_owned());
                self.mistakes.push(Mistake::found(line.line, (&line.written, first), problem));
                line.from = line.written.len();
                continue;
            };
            line.from = line.written.len() - rest.len();
            let read: Result<Vec<Condition>, _> = choices::conditions(&self.document.vary, conditions);
            match read {
                Ok(when) => line.when = when,
                Err((problem, near)) => {
                    self.mistakes.push(placed(line.line, (&line.written, first + "when ".len()), problem, near));
                }
            }
        }
    }

    /// Words speak of marks and of what is varied.
    fn words(&mut self) {
        let document = &self.document;
        let mut wrong = Vec::new();
        for entry in document.sections.iter().flat_map(|section| &section.entries) {
            // Words that are about the whole name nothing that could be missing.
            let Some(key) = &entry.key else { continue };
            let (problem, near) = match entry.name {
                "mark" if !document.has_mark(key) => (Problem::NoMark(key.to_string()), marks_near(document, key)),
                "vary" if !document.vary.iter().any(|vary| vary.name == *key) => {
                    let near = nearest(key, document.vary.iter().map(|vary| &*vary.name));
                    (Problem::NoVary(key.to_string()), near)
                }
                "wrong" if key.parse::<u32>().is_err() => (Problem::NoWordLine(format!("wrong {key}")), Vec::new()),
                _right => continue,
            };
            let written = format!("{} {key}:", entry.name);
            wrong.push(placed(entry.line, (&written, 0), problem, near));
        }
        self.mistakes.extend(wrong);
    }

    /// What is wrong with any run, and whether the questions' marks are there.
    fn runs(&mut self) {
        for choices in self.document.choices() {
            let (scenario, wrong) = self.document.attempt(&choices);
            self.add(wrong);
            if self.mistakes.len() >= MOST_MISTAKES {
                return;
            }
            self.add(scenario.sees.iter().filter_map(|see| claim::of(see).err()).take(MOST_MISTAKES));
        }
        let document = &self.document;
        let asked = [&document.predict, &document.check].into_iter().flatten();
        let mut wrong = Vec::new();
        for question in asked {
            let (run, _told) = document.attempt(&document.asked_with(question));
            let is_there = |mark: &str| run.mark(mark).is_some();
            let header = document.headers.iter().find(|header| header.line == question.line);
            let written = header.map_or("", |header| header.written.as_str());
            let lacking = question.marks().filter(|mark| !is_there(mark));
            wrong.extend(lacking.map(|mark| {
                let near = marks_near(document, mark);
                placed(question.line, (written, 0), Problem::NoMark(mark.to_string()), near)
            }));
        }
        self.add(wrong);
    }

    /// The same mistake of several runs is one.
    fn add(&mut self, mistakes: impl IntoIterator<Item = Mistake>) {
        for mistake in mistakes {
            if self.mistakes.len() >= MOST_MISTAKES {
                return;
            }
            if !self.mistakes.contains(&mistake) {
                self.mistakes.push(mistake);
            }
        }
    }
}

fn placed(line: u32, place: (&str, usize), problem: Problem, near: Vec<String>) -> Mistake {
    let mistake = Mistake::found(line, place, problem);
    if near.is_empty() { mistake } else { mistake.near(near) }
}

fn marks_near(document: &Document, name: &str) -> Vec<String> {
    nearest(name, document.marks().chain(["start", "end"]))
}

fn parts(text: &str, by: char) -> impl Iterator<Item = &str> {
    text.split(by).map(str::trim).filter(|part| !part.is_empty())
}

/// Words of a list that the header knows.
fn listed(name: &'static str, value: &str) -> Result<Vec<Str>, Problem> {
    let words = value.split([' ', ',']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let known = values_of(name).any(|known| known == word);
            if known { Ok(word.into()) } else { Err(Problem::NoWord { name, word: word.to_owned() }) }
        })
        .collect()
}

/// `row=orders-0 tempo=auto`.
fn options(value: &str) -> Result<Vec<(Str, Str)>, Problem> {
    let read = |word: &str| {
        let (option, value) = word.split_once('=').unwrap_or((word, ""));
        let known = values_of("show").any(|known| known == option) && !value.is_empty();
        let wrong = || Problem::NoWord { name: "show", word: option.to_owned() };
        if known { Ok((option.into(), value.into())) } else { Err(wrong()) }
    };
    value.split_whitespace().map(read).collect()
}

/// All headers of [`LESSON_HEADERS`] are read here.
#[cfg(test)]
#[test]
fn every_header_is_read() {
    for name in super::super::LESSON_HEADERS {
        let mut reader = Reader::from(Stands::Headers);
        assert_ne!(reader.lesson_header(1, name, ""), Err(Problem::NoHeader(name.to_owned())), "{name}");
    }
}

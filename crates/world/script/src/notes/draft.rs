//! Reads a text of notes: first its lines into blocks, then each block into a note, then what notes say of each other.
//! What is wrong is collected, and reading goes on behind it.

use super::era::{self, Era, RELEASES};
use super::{
    Capability, LONGEST, Language, MOST, Named, Note, NoteError, NoteProblem, Number, Test, Topic, Verdict, Words,
    lengths,
};
use crate::near::nearest;

const VERSION: &str = "blumfeld notes 1";
/// Lines above the sections of a note.
const HEADERS: &[&str] = &["topic", "verdict", "era", "against", "test", "waits", "source"];
/// Lines of a section.
const SENTENCES: &[&str] = &["claim", "says", "seen"];
/// Entries of one line.
const ENTRIES: usize = 10;
/// Characters of one source, and of a lesson's name.
const SOURCE: usize = 120;
const LESSON: usize = 40;

#[derive(Clone, Copy)]
struct Place {
    line: u32,
    column: u32,
}

/// `NAME: VALUE`, and where the value stands.
struct Line<'a> {
    name: &'static str,
    value: &'a str,
    at: Place,
}

/// What stands between `note N` and the next one.
struct Block<'a> {
    number: Number,
    at: Place,
    headers: Vec<Line<'a>>,
    sections: Vec<Section<'a>>,
}

struct Section<'a> {
    language: Language,
    at: Place,
    lines: Vec<Line<'a>>,
}

#[derive(Default)]
struct Mistakes(Vec<NoteError>);

impl Mistakes {
    fn add(&mut self, at: Place, problem: NoteProblem) {
        self.push(NoteError { line: at.line, column: at.column, problem, nearest: Vec::new() });
    }

    /// One of a word for which these are right.
    fn misspelt(&mut self, at: Place, problem: NoteProblem, (word, right): (&str, &[&'static str])) {
        let nearest = nearest(word, right.iter().copied());
        self.push(NoteError { line: at.line, column: at.column, problem, nearest });
    }

    /// One of a text that is too long.
    fn at_most(&mut self, at: Place, of: &'static str, (text, most): (&str, usize)) {
        let is = text.chars().count();
        if is > most {
            self.add(at, NoteProblem::Letters { of, is, most });
        }
    }

    fn push(&mut self, mistake: NoteError) {
        if self.0.len() < MOST {
            self.0.push(mistake);
        }
    }
}

pub(super) fn read(text: &str, languages: &[Language]) -> Result<Vec<Note>, Vec<NoteError>> {
    let mut mistakes = Mistakes::default();
    if text.len() > LONGEST {
        mistakes.add(Place { line: 1, column: 1 }, NoteProblem::TooLong(text.len()));
        return Err(mistakes.0);
    }
    let blocks = blocks(text, &mut mistakes);
    let notes: Vec<(Note, Place)> = blocks.iter().filter_map(|block| note(block, languages, &mut mistakes)).collect();
    contradictions(&blocks, &notes, &mut mistakes);
    let Mistakes(mut mistakes) = mistakes;
    base::sort_by_key(&mut mistakes, |mistake| (mistake.line, mistake.column));
    if mistakes.is_empty() { Ok(notes.into_iter().map(|(note, _)| note).collect()) } else { Err(mistakes) }
}

/// Where a part of a line begins.
fn place(line: u32, written: &str, part: &str) -> Place {
    let before = part.as_ptr().addr().saturating_sub(written.as_ptr().addr());
    let letters = written.get(..before).unwrap_or_default().chars().count();
    Place { line, column: u32::try_from(letters).unwrap_or(u32::MAX).saturating_add(1) }
}

fn blocks<'a>(text: &'a str, mistakes: &mut Mistakes) -> Vec<Block<'a>> {
    let mut lines = (1..).zip(text.lines());
    if lines.next().is_none_or(|(_, first)| first.trim() != VERSION) {
        mistakes.add(Place { line: 1, column: 1 }, NoteProblem::NoVersion);
    }
    let mut blocks: Vec<Block<'a>> = Vec::new();
    // What stands below a number that cannot be read belongs to no note.
    let mut is_lost = false;
    for (number, written) in lines {
        let line = written.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("note ") {
            if blocks.len() == MOST {
                mistakes.add(place(number, written, line), NoteProblem::TooMany("notes"));
                break;
            }
            let block = begin(place(number, written, name.trim()), name.trim(), blocks.last(), mistakes);
            is_lost = block.is_none();
            blocks.extend(block);
        } else if !is_lost {
            inside(&mut blocks, (number, written), line, mistakes);
        }
    }
    blocks
}

fn begin<'a>(at: Place, name: &str, last: Option<&Block<'_>>, mistakes: &mut Mistakes) -> Option<Block<'a>> {
    let Some(number) = Number::read(name) else {
        mistakes.add(at, NoteProblem::NoNumber(short(name)));
        return None;
    };
    if last.is_some_and(|last| last.number >= number) {
        mistakes.add(at, NoteProblem::NotRising(number));
    }
    Some(Block { number, at, headers: Vec::new(), sections: Vec::new() })
}

/// A line of the last note, or of its last section.
fn inside<'a>(blocks: &mut [Block<'a>], (number, written): (u32, &'a str), line: &'a str, mistakes: &mut Mistakes) {
    let at = place(number, written, line);
    let (Some(block), true) = (blocks.last_mut(), line.starts_with("==") || line.contains(':')) else {
        return mistakes.add(at, NoteProblem::NoLine(short(line)));
    };
    if let Some(name) = line.strip_prefix("==") {
        let name = name.trim();
        let at = place(number, written, name);
        // `word` has noted the mistake.
        let Some(language) = word::<Language>("a section", name, at, mistakes) else { return };
        if block.sections.iter().any(|section| section.language == language) {
            return mistakes.add(at, NoteProblem::Twice(language.name()));
        }
        return block.sections.push(Section { language, at, lines: Vec::new() });
    }
    let (lines, names) = match block.sections.last_mut() {
        Some(section) => (&mut section.lines, SENTENCES),
        None => (&mut block.headers, HEADERS),
    };
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let Some(name) = names.iter().find(|one| **one == name.trim()).copied() else {
        return mistakes.misspelt(at, NoteProblem::NoName(short(name.trim())), (name.trim(), names));
    };
    if lines.iter().any(|line| line.name == name) {
        return mistakes.add(at, NoteProblem::Twice(name));
    }
    let value = value.trim();
    lines.push(Line { name, value, at: place(number, written, value) });
}

/// A value by its name.
fn word<T: Named>(of: &'static str, name: &str, at: Place, mistakes: &mut Mistakes) -> Option<T> {
    let value = T::of(name);
    if value.is_none() {
        let names: Vec<&'static str> = T::NAMES.iter().map(|(name, _)| *name).collect();
        mistakes.misspelt(at, NoteProblem::NoWord { of, word: short(name) }, (name, &names));
    }
    value
}

/// What is quoted of a word that nobody knows.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn note(block: &Block<'_>, languages: &[Language], mistakes: &mut Mistakes) -> Option<(Note, Place)> {
    let topic = needed(block, "topic", mistakes);
    let topic = topic.and_then(|line| word::<Topic>("topic", line.value, line.at, mistakes));
    let verdict = needed(block, "verdict", mistakes);
    let verdict = verdict.and_then(|line| word::<Verdict>("verdict", line.value, line.at, mistakes));
    let era = needed(block, "era", mistakes).and_then(|line| era(line, verdict, mistakes));
    let sources = needed(block, "source", mistakes).map(|line| sources(line, mistakes));
    let waits = waits(block, mistakes);
    let test = test(block, &waits, mistakes);
    let words = sections(block, &test, languages, mistakes);
    let at = block.headers.iter().find(|line| line.name == "against").map_or(block.at, |line| line.at);
    let against = against(block, mistakes);
    let note = Note {
        number: block.number,
        topic: topic?,
        verdict: verdict?,
        era: era?,
        against,
        test,
        waits,
        sources: sources?,
        words,
    };
    Some((note, at))
}

/// The line of that name, if it says something.
fn find<'b, 'a>(block: &'b Block<'a>, name: &str) -> Option<&'b Line<'a>> {
    block.headers.iter().find(|line| line.name == name && !line.value.is_empty())
}

fn needed<'b, 'a>(block: &'b Block<'a>, what: &'static str, mistakes: &mut Mistakes) -> Option<&'b Line<'a>> {
    let found = find(block, what);
    if found.is_none() {
        mistakes.add(block.at, NoteProblem::Missing { number: block.number, what });
    }
    found
}

/// What is wrong was never so, what is dated is over, what is true goes on.
fn era(line: &Line<'_>, verdict: Option<Verdict>, mistakes: &mut Mistakes) -> Option<Era> {
    let era = match Era::read(line.value) {
        Ok(era) => era,
        Err(wrong) => {
            match wrong {
                era::Wrong::Form => mistakes.add(line.at, NoteProblem::NoEra(short(line.value))),
                era::Wrong::Backwards => mistakes.add(line.at, NoteProblem::EraBackwards(short(line.value))),
                era::Wrong::NoRelease(word) => {
                    mistakes.misspelt(line.at, NoteProblem::NoRelease(short(&word)), (&word, RELEASES));
                }
            }
            return None;
        }
    };
    let verdict = verdict?;
    let fits = match verdict {
        Verdict::Wrong => era == Era::Never,
        Verdict::Dated => matches!(era, Era::UpTo(_) | Era::Between(_, _)),
        Verdict::True => matches!(era, Era::Always | Era::Since(_)),
        Verdict::Imprecise => era != Era::Never,
    };
    if !fits {
        mistakes.add(line.at, NoteProblem::Unlike { verdict: verdict.name(), era: era.to_string() });
    }
    Some(era)
}

/// What stands between these marks in a line, with its place; ten entries at most.
fn entries<'a>(line: &Line<'a>, mark: char, mistakes: &mut Mistakes) -> Vec<(&'a str, Place)> {
    let parts = line.value.split(mark).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.take(ENTRIES + 1).collect();
    if parts.len() > ENTRIES {
        mistakes.add(line.at, NoteProblem::TooMany("entries in this line"));
        return Vec::new();
    }
    let placed = |part: &'a str| {
        let inside = place(line.at.line, line.value, part);
        (part, Place { line: line.at.line, column: line.at.column + inside.column - 1 })
    };
    parts.into_iter().map(placed).collect()
}

fn sources(line: &Line<'_>, mistakes: &mut Mistakes) -> Vec<String> {
    let sources = entries(line, ';', mistakes);
    for (source, at) in &sources {
        mistakes.at_most(*at, "a source", (source, SOURCE));
    }
    sources.into_iter().map(|(source, _)| source.to_owned()).collect()
}

fn waits(block: &Block<'_>, mistakes: &mut Mistakes) -> Vec<Capability> {
    // It waits for nothing.
    let Some(line) = find(block, "waits") else { return Vec::new() };
    let names = entries(line, ';', mistakes);
    names.into_iter().filter_map(|(name, at)| word("waits", name, at, mistakes)).collect()
}

/// `hand`, `text`, or the names of lessons; without it the note waits.
fn test(block: &Block<'_>, waits: &[Capability], mistakes: &mut Mistakes) -> Test {
    let Some(line) = find(block, "test") else {
        if waits.is_empty() {
            let what = "test, and nothing that it waits for";
            mistakes.add(block.at, NoteProblem::Missing { number: block.number, what });
        }
        return Test::Later;
    };
    match line.value {
        "hand" => Test::Hand,
        "text" => Test::Text,
        _lessons => {
            let names = entries(line, ' ', mistakes);
            for (name, at) in names.iter().filter(|(name, _)| !is_lesson(name)) {
                mistakes.add(*at, NoteProblem::NoLesson(short(name)));
            }
            Test::Lessons(names.into_iter().map(|(name, _)| name.to_owned()).collect())
        }
    }
}

/// Small letters, digits and hyphens, as in the header `id` of a scenario.
fn is_lesson(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= LESSON && name.bytes().all(letter)
}

fn against(block: &Block<'_>, mistakes: &mut Mistakes) -> Vec<Number> {
    // It replaces nothing.
    let Some(line) = find(block, "against") else { return Vec::new() };
    let names = entries(line, ' ', mistakes);
    let mut numbers = Vec::new();
    for (name, at) in names {
        match Number::read(name) {
            Some(number) => numbers.push(number),
            None => mistakes.add(at, NoteProblem::NoNumber(short(name))),
        }
    }
    numbers
}

fn sections(block: &Block<'_>, test: &Test, languages: &[Language], mistakes: &mut Mistakes) -> Vec<(Language, Words)> {
    for section in block.sections.iter().filter(|section| !languages.contains(&section.language)) {
        let what = "words in a language that is not asked for";
        mistakes.add(section.at, NoteProblem::Needless { number: block.number, what });
    }
    let mut all = Vec::new();
    for language in languages {
        let Some(section) = block.sections.iter().find(|section| section.language == *language) else {
            let what = match language {
                Language::English => "section in English",
                Language::Chinese => "section in Chinese",
            };
            mistakes.add(block.at, NoteProblem::Missing { number: block.number, what });
            continue;
        };
        all.extend(words(block, section, test, mistakes).map(|words| (*language, words)));
    }
    all
}

fn words(block: &Block<'_>, section: &Section<'_>, test: &Test, mistakes: &mut Mistakes) -> Option<Words> {
    let runs = match test {
        Test::Lessons(_) | Test::Hand => true,
        Test::Text | Test::Later => false,
    };
    let most = lengths(section.language);
    let mut sentence = |what: &'static str, most: usize| {
        let line = section.lines.iter().find(|line| line.name == what && !line.value.is_empty())?;
        mistakes.at_most(line.at, what, (line.value, most));
        Some(line)
    };
    let claim = sentence("claim", most.claim);
    let says = sentence("says", most.says);
    let seen = sentence("seen", most.seen);
    let number = block.number;
    for (what, line) in [("claim", claim), ("says", says), ("seen", seen.filter(|_| runs))] {
        if line.is_none() && (runs || what != "seen") {
            mistakes.add(section.at, NoteProblem::Missing { number, what });
        }
    }
    if let Some(line) = seen.filter(|_| !runs) {
        mistakes.add(line.at, NoteProblem::Needless { number, what: "seen" });
    }
    let text = |line: &Line<'_>| line.value.to_owned();
    Some(Words { claim: text(claim?), says: text(says?), seen: seen.map(text) })
}

/// Who contradicts whom is said on both sides.
fn contradictions(blocks: &[Block<'_>], notes: &[(Note, Place)], mistakes: &mut Mistakes) {
    for (note, at) in notes {
        for other in &note.against {
            let named = notes.iter().find(|(one, _)| one.number == *other).map(|(one, _)| &one.against);
            match named {
                Some(against) if *other != note.number && against.contains(&note.number) => {}
                Some(_) => mistakes.add(*at, NoteProblem::OneSided(*other)),
                // One that could not be read is wrong for other reasons.
                None if blocks.iter().any(|block| block.number == *other) => {}
                None => mistakes.add(*at, NoteProblem::NoNote(*other)),
            }
        }
    }
}

//! The notes of "Which note is right?" and the table of what a learner can test (docs/coverage.md) agree with each
//! other, with the lessons that there are, and with the list of claims that must have a card.

use script::Scenario;
use script::notes::{self, Capability, Language, Named, Note, Test, Verdict};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BOTH: &[Language] = &[Language::English, Language::Chinese];
/// Rows whose claim is wrong, dated or imprecise in the notes that this began from.
const DOUBTFUL: &[u8] = &[
    5, 6, 8, 10, 13, 14, 16, 25, 26, 27, 31, 32, 34, 35, 36, 38, 40, 44, 46, 47, 53, 54, 55, 56, 57, 58, 62, 64, 65,
    66, 68, 70, 74, 80, 81, 89,
];
/// Rows about words and the past: a card with a source is all that they can have.
const TEXTS: &[u8] = &[1, 10, 28, 71, 72, 83, 87, 89, 90];
/// Rows in which notes contradict each other.
const PAIRS: &[(&str, &str)] = &[
    ("5", "67"),
    ("8", "42"),
    ("22", "27"),
    ("23", "36"),
    ("26", "31"),
    ("32", "56"),
    ("33", "34"),
    ("40", "41"),
    ("45", "47"),
    ("51", "54"),
    ("53", "53b"),
    ("62", "65"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cards() -> Vec<Note> {
    notes::parse(&read("www/notes/notes.txt"), BOTH).unwrap_or_else(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(|mistake| format!("www/notes/notes.txt: {mistake}")).collect();
        panic!("{}", lines.join("\n"))
    })
}

/// A row of a table of docs/coverage.md, cell by cell.
fn table(title: &str) -> Vec<Vec<String>> {
    let text = read("docs/coverage.md");
    let (_, section) = text.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no part {title}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    section.lines().filter(|line| line.starts_with('|')).skip(2).map(cells).collect()
}

/// What stands between commas; a dash is nothing.
fn list(cell: &str) -> Vec<String> {
    cell.split(',').map(str::trim).filter(|part| *part != "–").map(str::to_owned).collect()
}

fn capability(name: &str) -> Capability {
    Capability::of(name).unwrap_or_else(|| panic!("'{name}' is no capability"))
}

/// Row, lessons, card, what it waits for.
struct Row {
    number: u8,
    lessons: Vec<String>,
    has_card: bool,
    waits: Vec<Capability>,
}

fn rows() -> Vec<Row> {
    let row = |cells: Vec<String>| match &cells[..] {
        [number, _, lessons, card, waits] => Row {
            number: number.parse().unwrap_or_else(|_| panic!("'{number}' is no row")),
            lessons: list(lessons),
            has_card: match &**card {
                "yes" => true,
                "–" => false,
                other => panic!("row {number}: '{other}' is neither yes nor –"),
            },
            waits: list(waits).iter().map(|name| capability(name)).collect(),
        },
        other => panic!("a row has five cells: {other:?}"),
    };
    table("Claims").into_iter().map(row).collect()
}

/// Names of lessons that there are, or that the table of scenarios promises.
fn lessons() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = table("Scenarios").iter().flat_map(|cells| list(&cells[2])).collect();
    names.extend(files().into_iter().map(|(name, _)| name));
    names
}

/// The files of lessons, and of what shows a claim: name and text.
fn files() -> Vec<(String, String)> {
    let folders = ["www/lessons", "www/claims"].map(|folder| fs::read_dir(root().join(folder)).expect("a folder"));
    let paths = folders.into_iter().flatten().map(|entry| entry.expect("a file").path());
    let texts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
    let named = texts.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("a text"))
    });
    named.collect()
}

#[test]
fn every_claim_has_its_place() {
    let rows = rows();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<u8>>(), (1..=90).collect::<Vec<u8>>());
    let (lessons, cards) = (lessons(), cards());
    for Row { number, lessons: named, has_card, waits } in &rows {
        assert!(!named.is_empty() || *has_card || !waits.is_empty(), "row {number} can be tested nowhere");
        for name in named {
            let is_there = lessons.contains(name) || Scenario::builtins().any(|id| id == name);
            assert!(is_there, "row {number} names the lesson {name}, which nobody has or promises");
        }
        let of_row: Vec<&Note> = cards.iter().filter(|note| note.number.row == *number).collect();
        assert_eq!(*has_card, !of_row.is_empty(), "row {number} and its card");
        for note in of_row {
            let tested: &[String] = match &note.test {
                Test::Lessons(names) => names,
                Test::Hand | Test::Text | Test::Later => &[],
            };
            assert!(tested.iter().all(|name| named.contains(name)), "note {} has other lessons", note.number);
            let missing = note.waits.iter().find(|one| !waits.contains(one)).map(|one| one.name());
            assert_eq!(missing, None, "note {} waits for more than its row", note.number);
        }
    }
}

#[test]
fn doubtful_claims_and_texts_have_cards() {
    let cards = cards();
    for row in DOUBTFUL {
        let of_row = || cards.iter().filter(|note| note.number.row == *row);
        assert!(of_row().any(|note| note.verdict != Verdict::True), "row {row} has no card that doubts it");
    }
    for row in TEXTS {
        let mut of_row = cards.iter().filter(|note| note.number.row == *row);
        assert!(of_row.any(|note| note.test == Test::Text), "row {row} has no card that is a text");
    }
    let texts = cards.iter().filter(|note| note.test == Test::Text);
    assert_eq!(texts.count(), TEXTS.len(), "what can be run is no text");
}

/// The parser checks that both sides name each other; here, that all pairs are there, and that both sides can be run.
#[test]
fn contradictions_stand_side_by_side() {
    let mut told = BTreeSet::new();
    for note in cards() {
        let can_be_run = note.against.is_empty() || matches!(note.test, Test::Lessons(_));
        assert!(can_be_run, "note {} contradicts another, and nothing runs it", note.number);
        told.extend(note.against.iter().map(|other| {
            let (first, second) = (note.number.min(*other), note.number.max(*other));
            (first.to_string(), second.to_string())
        }));
    }
    let expected = PAIRS.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
    assert_eq!(told, expected);
}

/// Nobody learns from a list in which everything is wrong.
#[test]
fn there_are_true_notes_among_them() {
    let cards = cards();
    let of = |verdict| cards.iter().filter(|note| note.verdict == verdict).count();
    let counts = [Verdict::Wrong, Verdict::Dated, Verdict::Imprecise, Verdict::True].map(of);
    println!("{} cards: wrong, dated, imprecise, true {counts:?}", cards.len());
    assert!(counts.iter().all(|count| *count * 8 >= cards.len()), "{counts:?}");
}

#[test]
fn every_lesson_of_a_note_is_there_or_promised() {
    let lessons = lessons();
    for note in cards() {
        let Test::Lessons(names) = &note.test else { continue };
        for name in names {
            assert!(lessons.contains(name), "note {} names {name}, which nobody has or promises", note.number);
        }
    }
}

/// A lesson's header `claims` and the table agree.
#[test]
fn lessons_and_claims_name_each_other() {
    let rows = rows();
    for (name, text) in files() {
        let claims = text.lines().find_map(|line| line.strip_prefix("claims:")).unwrap_or_default();
        for claim in claims.split_whitespace() {
            let row = rows.iter().find(|row| row.number.to_string() == claim);
            let row = row.unwrap_or_else(|| panic!("{name} tests claim {claim}, which there is not"));
            assert!(row.lessons.contains(&name), "{name} says that it tests claim {claim}; its row does not name it");
        }
    }
}

#[test]
fn every_scenario_has_its_place() {
    let scenarios = table("Scenarios");
    let names: Vec<String> = scenarios.iter().map(|cells| cells[0].clone()).collect();
    let expected: Vec<String> = (1..=30).map(|number| format!("M{number}")).chain(["matrix".to_owned()]).collect();
    assert_eq!(names, expected);
    for cells in &scenarios {
        let [name, _, lessons, waits] = &cells[..] else { panic!("a scenario has four cells: {cells:?}") };
        let waits: Vec<Capability> = list(waits).iter().map(|name| capability(name)).collect();
        assert!(!list(lessons).is_empty() || !waits.is_empty(), "{name} can be opened nowhere");
        assert!(list(lessons).iter().all(|lesson| *lesson == name.to_lowercase()), "{name} and its lesson");
    }
}

#[test]
fn every_capability_is_explained_once() {
    let names: Vec<String> = table("Capabilities").into_iter().map(|cells| cells[0].clone()).collect();
    let expected: Vec<&str> = Capability::NAMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, expected);
}

/// Chinese has its own punctuation and spacing, English none of it.
#[test]
fn each_language_is_written_as_it_is_written() {
    for note in cards() {
        let english = note.words(Language::English).expect("English");
        let chinese = note.words(Language::Chinese).expect("Chinese");
        for text in [Some(&english.claim), Some(&english.says), english.seen.as_ref()].into_iter().flatten() {
            assert!(text.is_ascii() && text.ends_with('.'), "note {}: {text}", note.number);
        }
        for text in [Some(&chinese.claim), Some(&chinese.says), chinese.seen.as_ref()].into_iter().flatten() {
            assert!(text.ends_with('。'), "note {}: {text}", note.number);
            assert_eq!(crowded(text), None, "note {}: a space between 中文 and other letters: {text}", note.number);
        }
    }
}

/// Where a Chinese character and a Latin letter or digit touch.
fn crowded(text: &str) -> Option<(char, char)> {
    let chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let latin = |letter: char| letter.is_ascii_alphanumeric();
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.into_iter().find(|(one, two)| chinese(*one) && latin(*two) || latin(*one) && chinese(*two))
}

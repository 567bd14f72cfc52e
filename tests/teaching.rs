//! The teacher's guide (`docs/teaching.md`, in both languages) shows nothing that does not work: its lesson can be read, lacks
//! nothing and shows what its `see` lines say; each option of its addresses and elements is in the option table and takes the
//! value; both languages show the same.

use play::{Outcome, Player};
use script::Document;
use session::visit::Visit;

const GUIDES: [(&str, &str); 2] =
    [("en", include_str!("../docs/teaching.md")), ("zh", include_str!("../docs/teaching.zh.md"))];
const TABLE: &str = include_str!("../docs/embedding.md");
const PLAYER: &str = include_str!("../www/player/player.js");

/// What stands in fences of that name.
fn blocks(guide: &str, name: &str) -> Vec<String> {
    let fence = format!("```{name}\n");
    guide.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Addresses' queries, in code and in snippets.
fn queries(guide: &str) -> Vec<String> {
    let starts = guide.match_indices('?').map(|(at, _)| &guide[at + 1..]);
    let query = |rest: &str| rest.split(['`', '"', '#', ' ', '\n']).next().unwrap_or_default().to_owned();
    starts.map(query).filter(|query| query.contains('=')).collect()
}

/// Names and values of the attributes of each player.
fn attributes(guide: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for element in guide.split("<blumfeld-player ").skip(1) {
        let mut rest = element.split('>').next().unwrap_or_default();
        while let Some((name, more)) = rest.split_once("=\"") {
            let (value, more) = more.split_once('"').expect("a value ends");
            found.push((name.trim().to_owned(), value.to_owned()));
            rest = more;
        }
    }
    found
}

fn is_option(name: &str) -> bool {
    let rows = TABLE.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| row.split('|').nth(1))
        .any(|cell| cell.split(',').any(|known| known.trim() == format!("`{name}`")))
}

#[test]
fn the_lesson_of_the_guide_works() {
    for (language, guide) in GUIDES {
        let texts = blocks(guide, "text");
        assert_eq!(texts.len(), 1, "{language}");
        let document = Document::parse(&texts[0]).unwrap_or_else(|mistakes| panic!("{language}: {mistakes:?}"));
        let lacking = document.lint(&|_| true);
        assert!(lacking.is_empty(), "{language}: {lacking:?}");
        for choices in document.choices() {
            let scenario = document.scenario(&choices).expect("a run");
            let player = Player::new(scenario).expect("it begins").to_end();
            assert_eq!(player.failure().map(ToString::to_string), None, "{language}");
            for look in player.looks() {
                assert!(matches!(look.outcome, Outcome::Holds), "{language}: line {}: {:?}", look.line, look.outcome);
            }
            assert!(player.looks().len() >= 3);
        }
    }
}

#[test]
fn every_option_of_the_guide_is_in_the_table_and_takes_its_value() {
    for (language, guide) in GUIDES {
        let queries = queries(guide);
        assert!(queries.len() >= 14, "{language}: {queries:?}");
        for query in &queries {
            for name in query.split('&').filter_map(|pair| pair.split('=').next()) {
                assert!(is_option(name), "{language}: {name} is not in the option table");
            }
            let visit = Visit::read(query);
            assert!(visit.complaints.is_empty(), "{language}: {query}: {:?}", visit.complaints);
        }
        let attributes = attributes(guide);
        assert!(attributes.len() >= 5, "{language}: {attributes:?}");
        for (name, value) in attributes.iter().filter(|(name, _)| name != "id") {
            assert!(is_option(name), "{language}: {name} is not in the option table");
            assert!(PLAYER.contains(&format!("\"{name}\"")), "{language}: the player has no {name}");
            let visit = Visit::read(&format!("{name}={value}"));
            assert!(visit.complaints.is_empty(), "{language}: {name}={value}: {:?}", visit.complaints);
        }
    }
}

#[test]
fn every_event_of_the_guide_is_one_of_the_player() {
    let events = PLAYER.lines().find(|line| line.contains("var EVENTS")).expect("the player names its events");
    for (language, guide) in GUIDES {
        let names: Vec<&str> =
            guide.split("addEventListener(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(names, ["check", "complete"], "{language}");
        assert!(names.iter().all(|name| events.contains(&format!("\"{name}\""))), "{language}: {events}");
    }
}

/// Two guides, one tool: what is to be typed differs in the language alone.
#[test]
fn both_languages_show_the_same() {
    let [(_, english), (_, chinese)] = GUIDES;
    for name in ["text", "sh"] {
        assert_eq!(blocks(english, name), blocks(chinese, name), "{name}");
    }
    let neutral = |guide: &str| {
        let plain = |query: &String| query.replace("lang=zh", "lang=en");
        queries(guide).iter().map(plain).collect::<Vec<_>>()
    };
    assert_eq!(neutral(english), neutral(chinese));
    assert_eq!(blocks(english, "html").len(), blocks(chinese, "html").len());
    let heads = |guide: &str| guide.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(heads(english), heads(chinese));
}

/// Pages that the guide names are built.
#[test]
fn every_page_of_the_guide_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (language, guide) in GUIDES {
        for file in ["scenarios.md", "embedding.md"] {
            assert!(guide.contains(file) && root.join("docs").join(file).is_file(), "{language}: {file}");
        }
        for id in guide.split("?s=").skip(1).filter_map(|rest| rest.split(['&', '`', '"']).next()) {
            assert!(root.join(format!("www/lessons/{id}.txt")).is_file(), "{language}: there is no lesson {id}");
        }
        assert!(
            guide.contains("www/glossary/glossary.txt") && guide.contains(&format!("worksheet/m13.{language}.html"))
        );
    }
    assert!(TABLE.contains("## Options"), "the guide leads there");
}

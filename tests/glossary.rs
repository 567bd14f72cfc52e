//! The glossary (`www/glossary/glossary.txt`) and what uses it agree: lessons and claims name no word that it lacks, it is in
//! step with the words of the documentation, and each language's words are of that language.

use script::{Document, Glossary};
use std::path::Path;

const TEXT: &str = include_str!("../www/glossary/glossary.txt");
const DOCUMENTED: &str = include_str!("../docs/glossary.md");

fn glossary() -> Glossary {
    Glossary::read(TEXT, &["en", "zh"]).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// The rows of the documentation's table: names in English, name in Chinese.
fn documented() -> Vec<(Vec<&'static str>, &'static str)> {
    let rows = DOCUMENTED.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| word "));
    let cells = rows.map(|row| row.split('|').map(str::trim).skip(1).take(2).collect::<Vec<_>>());
    cells.filter_map(|cells| Some((cells.first()?.split(", ").collect(), *cells.get(1)?))).collect()
}

#[test]
fn every_term_of_every_lesson_has_a_card_in_its_language() {
    let glossary = glossary();
    assert!(glossary.terms.len() >= 57, "{}", glossary.terms.len());
    let mut named = 0;
    for folder in ["../www/lessons", "../www/claims"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            let document = Document::parse(&text).expect("a document");
            for tag in ["en", "zh"] {
                for term in document.lesson(tag).map(|lesson| lesson.terms).unwrap_or_default() {
                    let said = glossary.find(&term).and_then(|known| known.in_language(tag));
                    let said = said.unwrap_or_else(|| panic!("{}: {term} has no card in {tag}", path.display()));
                    let names = std::iter::once(&said.name).chain(&said.also);
                    let is_own = names.into_iter().any(|name| name.to_lowercase() == term.to_lowercase());
                    assert!(is_own, "{}: in {tag} it is called {}, not {term}", path.display(), said.name);
                    named += 1;
                }
            }
        }
    }
    assert!(named > 100, "{named}");
}

/// One word, one name in Chinese, wherever it is explained.
#[test]
fn the_documentation_calls_words_alike() {
    let glossary = glossary();
    let mut both = 0;
    for (names, chinese) in documented() {
        let known = names.iter().find_map(|name| glossary.find(name));
        let Some(said) = known.and_then(|term| term.in_language("zh")) else { continue };
        let fits = said.name == chinese.into() || said.also.iter().any(|name| **name == *chinese);
        assert!(fits, "{names:?}: {chinese} in docs/glossary.md, {} on the card", said.name);
        both += 1;
    }
    assert!(both >= 8, "{both} words are in both");
}

#[test]
fn each_language_is_its_own() {
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    for term in glossary().terms {
        let [english, chinese] = ["en", "zh"].map(|tag| term.in_language(tag).expect("both languages"));
        assert!(!is_chinese(&english.says) && !is_chinese(&english.name), "{}", term.name);
        assert!(is_chinese(&chinese.says) && chinese.says.ends_with('。'), "{}: {}", term.name, chinese.says);
        assert!(
            english.says.ends_with('.') && english.says.matches(". ").count() <= 2,
            "{}: {}",
            term.name,
            english.says
        );
        // Half-width signs between Chinese letters.
        let letters: Vec<char> = chinese.says.chars().collect();
        let is_wrong =
            |pair: &[char]| is_chinese(&pair[0].to_string()) && [',', ':', ';', '!', '?', '('].contains(&pair[1]);
        assert!(!letters.windows(2).any(is_wrong), "{}", chinese.says);
    }
}

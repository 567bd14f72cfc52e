//! The notes of "Which note is right?" in the page: `www/notes/notes.txt` (docs/notes.md) holds both languages, a visit
//! fetches the one it reads. Nothing is judged here; the test `notes` reads the text with the page's own parser.

use crate::{page, shell};
use anyhow::{Context, Result};
use std::fs;

const TEXT: &str = "www/notes/notes.txt";
/// Of the built page.
pub const FOLDER: &str = "notes";
/// As sections are called in the text, and files in the page.
const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Writes `notes/en.txt` and `notes/zh.txt` into the built page.
pub fn write() -> Result<()> {
    let text = fs::read_to_string(shell::root().join(TEXT)).with_context(|| format!("cannot read {TEXT}"))?;
    let folder = page::folder().join(FOLDER);
    fs::create_dir_all(&folder)?;
    for language in LANGUAGES {
        let file = folder.join(format!("{language}.txt"));
        fs::write(&file, only(&text, language)).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// The text without the sections in other languages, without remarks and empty lines.
fn only(text: &str, language: &str) -> String {
    let mut section = None;
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with("note ") {
            section = None;
        }
        if let Some(name) = line.strip_prefix("==") {
            section = Some(name.trim());
        }
        if section.is_none_or(|section| section == language) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_left_with_its_own_words() {
        let text = "blumfeld notes 1\n# both\n\nnote 5\ntopic: log\n== en\nclaim: a\n== zh\nclaim: 甲\n\nnote 6\ntopic: flow\n\
                    == zh\nclaim: 乙\n== en\nclaim: b\n";
        let english = "blumfeld notes 1\nnote 5\ntopic: log\n== en\nclaim: a\nnote 6\ntopic: flow\n== en\nclaim: b\n";
        assert_eq!(only(text, "en"), english);
        assert_eq!(only(text, "zh"), english.replace("== en", "== zh").replace(": a", ": 甲").replace(": b", ": 乙"));
    }

    #[test]
    fn the_text_is_there() {
        let text = fs::read_to_string(shell::root().join(TEXT)).expect("a file");
        for language in LANGUAGES {
            assert!(only(&text, language).lines().filter(|line| *line == format!("== {language}")).count() > 50);
        }
    }
}

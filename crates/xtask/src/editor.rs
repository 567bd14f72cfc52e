//! The scenario editor: `editor.html` with its scripts, the whole text of each lesson to start from, and the list of them.
//!
//! Beside it the page of one's own cluster, `own.html`, which is made of the same parts.
//!
//! A page of its own, so that a first visit to the stage fetches nothing of it. It uses the program as any script does
//! (`api`); nothing of a text is understood here.

use crate::library::{self, Lesson};
use anyhow::{Context, Result};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Where it is written.
const FROM: &str = "www/editor";
/// Beside the stage, because it uses the stage's own player and lessons.
pub const PAGE: &str = "editor.html";
/// The folder of what the page fetches.
pub const FOLDER: &str = "editor";
/// The page of one's own cluster, and the folder of what it fetches.
pub const OWN_PAGE: &str = "own.html";
pub const OWN_FOLDER: &str = "own";
/// The colours that it shares with the stage.
const COLOURS: &str = "www/styles/tokens.css";
/// Where the whole texts of lessons lie. The page reads others, in one language each (`lessons/ID.LANGUAGE.txt`).
const LESSONS: &str = "editor/lessons";

/// Writes all of it into the built page.
pub fn write(root: &Path, dist: &Path) -> Result<()> {
    let lessons = library::lessons(root)?;
    for folder in ["editor/templates", LESSONS] {
        fs::create_dir_all(dist.join(folder)).with_context(|| format!("cannot make {folder}"))?;
    }
    copy(&root.join(FROM).join(PAGE), &dist.join(PAGE))?;
    copy(&root.join(COLOURS), &dist.join("editor/tokens.css"))?;
    for folder in ["", "templates"] {
        let from = root.join(FROM).join(folder);
        for entry in fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))? {
            let path = entry?.path();
            let name = path.file_name().context("a file has a name")?;
            if path.is_file() && name != PAGE {
                copy(&path, &dist.join("editor").join(folder).join(name))?;
            }
        }
    }
    own(root, dist)?;
    for lesson in &lessons {
        copy(&root.join(library::LESSONS).join(format!("{}.txt", lesson.id)), &dist.join(place(&lesson.id)))?;
    }
    fs::write(dist.join("editor/lessons.json"), list(&lessons)).context("cannot write editor/lessons.json")?;
    println!("editor: {} lessons to start from", lessons.len());
    Ok(())
}

/// Writes the page of one's own cluster.
fn own(root: &Path, dist: &Path) -> Result<()> {
    let from = root.join("www").join(OWN_FOLDER);
    fs::create_dir_all(dist.join(OWN_FOLDER)).context("cannot make own")?;
    for entry in fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        let to = if name == OWN_PAGE { dist.join(name) } else { dist.join(OWN_FOLDER).join(name) };
        copy(&path, &to)?;
    }
    Ok(())
}

/// The whole text of a lesson.
fn place(id: &str) -> String {
    format!("{LESSONS}/{id}.txt")
}

/// Each lesson's name and titles, in the order of the course.
fn list(lessons: &[Lesson]) -> String {
    let title = |lesson: &Lesson, language| lesson.said(language, "title").unwrap_or_default();
    let rows =
        lessons.iter().map(|lesson| json!({ "id": lesson.id, "en": title(lesson, "en"), "zh": title(lesson, "zh") }));
    serde_json::Value::from(rows.collect::<Vec<_>>()).to_string() + "\n"
}

/// With everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 2] = [include_str!("../../../www/editor/words.js"), include_str!("../../../www/own/words.js")];
    const HTML: [&str; 2] =
        [include_str!("../../../www/editor/editor.html"), include_str!("../../../www/own/own.html")];

    /// Keys and sentences of a language, in order, of both pages.
    fn words(language: &str) -> Vec<(&'static str, &'static str)> {
        WORDS.into_iter().flat_map(|source| words_of(source, language)).collect()
    }

    fn words_of(source: &'static str, language: &str) -> Vec<(&'static str, &'static str)> {
        let (_, behind) = source.split_once(&format!("export const {language} = {{\n")).expect("the language is there");
        let (lines, _) = behind.split_once("\n};").expect("it ends");
        lines.lines().map(|line| line.trim().split_once(": ").expect("a key and its words")).collect()
    }

    /// What is put into a sentence, in order of names.
    fn slots(sentence: &str) -> Vec<&str> {
        let mut slots: Vec<&str> = sentence.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        slots.sort_unstable();
        slots
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (english, chinese) = (words("EN"), words("ZH"));
        assert!(english.len() > 80);
        assert_eq!(english.len(), chinese.len());
        for ((key, said), (other, in_chinese)) in english.iter().zip(&chinese) {
            assert_eq!(key, other);
            assert!(said.len() > 3 && in_chinese.len() > 3, "{key} says nothing");
            assert_eq!(slots(said), slots(in_chinese), "{key}");
        }
    }

    #[test]
    fn chinese_is_chinese() {
        for (key, said) in words("ZH") {
            let is_name = ["language", "broker"].contains(&key);
            assert!(is_name || said.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter)), "{key}: {said}");
            assert!(!said.contains("您"), "{key}: {said}");
        }
    }

    #[test]
    fn what_the_page_names_is_said() {
        for (source, html) in WORDS.into_iter().zip(HTML) {
            let known: Vec<&str> = words_of(source, "EN").into_iter().map(|(key, _)| key).collect();
            let named = html.split("data-say=\"").skip(1).chain(html.split("data-name=\"").skip(1));
            for name in named.filter_map(|part| part.split('"').next()) {
                assert!(known.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn its_policy_lets_nothing_foreign_run() {
        for html in HTML {
            let policy = crate::policy::of(html).expect("it has one");
            assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe-inline"));
            assert!(!policy.contains("'unsafe-eval'") && !html.contains(" style=") && !html.contains(" onclick="));
        }
    }

    #[test]
    fn lessons_are_listed_in_both_languages() {
        let lesson = Lesson::read("m12", "blumfeld 1\n== en\ntitle: \"Who\"?\n== zh\ntitle: 谁？\n");
        let read: serde_json::Value = serde_json::from_str(&list(&[lesson])).expect("JSON");
        assert_eq!(read, json!([{ "id": "m12", "en": "\"Who\"?", "zh": "谁？" }]));
    }
}

//! What the page fetches when somebody asks for it: each lesson's text in one language, and the library's page, which lists
//! them without the program.
//!
//! A lesson's text is taken apart at its language sections, and nothing more of it is understood here than a few lines by
//! name; whether it is right is judged by `tests/lessons`. A language whose section is missing gets the text without words.

mod glossary;
mod html;
mod lesson;
mod notes;
mod paper;
mod words;
mod worksheet;

use crate::oembed::Address;
use anyhow::{Context, Result};
pub use lesson::Lesson;
use std::fs;
use std::path::{Path, PathBuf};
use words::{EN, ZH};

/// Where lessons are written.
pub const LESSONS: &str = "www/lessons";
/// What shows a claim and asks nothing: only the claim's card leads there.
const CLAIMS: &str = "www/claims";
/// Pictures of lessons, drawn from their worlds.
const POSTERS: &str = "www/posters";
/// What people write about Kafka.
const NOTES: &str = "www/notes/notes.txt";
/// What words mean.
const GLOSSARY: &str = "www/glossary/glossary.txt";
/// Files of the library's page, and the colours that it shares with the stage.
const FILES: [&str; 3] = ["www/library/library.css", "www/library/library.js", "www/styles/tokens.css"];

/// How a worksheet looks.
const WORKSHEET_STYLE: &str = "www/library/worksheet.css";
/// Where worksheets stand in the built page; nobody prints without a network, so they are not kept for such times.
pub const WORKSHEETS: &str = "worksheet";

/// Writes all of it into the built page, which will stand at `address`, if that is known.
pub fn write(root: &Path, dist: &Path, address: Option<&Address>) -> Result<()> {
    let lessons = lessons(root)?;
    folder(&dist.join("lessons"))?;
    let claims = texts(&root.join(CLAIMS))?;
    let claims: Vec<Lesson> = claims.iter().map(|(id, text)| Lesson::read(id, text)).collect();
    for lesson in lessons.iter().chain(&claims) {
        for words in [&EN, &ZH] {
            save(
                &dist.join(format!("lessons/{}.{}.txt", lesson.id, words.language)),
                &lesson.in_language(words.language),
            )?;
        }
    }
    folder(&dist.join("posters"))?;
    for lesson in lessons.iter().filter(|lesson| lesson.drawn) {
        let name = format!("{}.svg", lesson.id);
        fs::copy(root.join(POSTERS).join(&name), dist.join("posters").join(&name))
            .with_context(|| format!("cannot copy {name}"))?;
    }
    folder(&dist.join("library"))?;
    for file in FILES {
        let name = Path::new(file).file_name().context("a file has a name")?;
        fs::copy(root.join(file), dist.join("library").join(name)).with_context(|| format!("cannot copy {file}"))?;
    }
    let notes = fs::read_to_string(root.join(NOTES)).with_context(|| format!("cannot read {NOTES}"))?;
    let glossary = fs::read_to_string(root.join(GLOSSARY)).with_context(|| format!("cannot read {GLOSSARY}"))?;
    folder(&dist.join("glossary"))?;
    for words in [&EN, &ZH] {
        let terms = glossary::in_language(&glossary, words.language);
        save(&dist.join(format!("glossary/{}.txt", words.language)), &terms)?;
        save(&dist.join(words.file), &html::page(&lessons, (&notes, &glossary), words))?;
    }
    worksheets(root, &dist.join(WORKSHEETS), address)?;
    println!("library: {} lessons and {} claims in two languages", lessons.len(), claims.len());
    Ok(())
}

/// A worksheet of each lesson in each language.
pub fn worksheets(root: &Path, into: &Path, address: Option<&Address>) -> Result<()> {
    folder(into)?;
    fs::copy(root.join(WORKSHEET_STYLE), into.join(worksheet::STYLE))
        .with_context(|| format!("cannot copy {WORKSHEET_STYLE}"))?;
    for lesson in lessons(root)? {
        for paper in [&paper::EN, &paper::ZH] {
            let page = worksheet::page(&lesson, paper, address.map(Address::site));
            save(&into.join(format!("{}.{}.html", lesson.id, paper.language)), &page)?;
        }
    }
    Ok(())
}

/// All lessons, in the order of the course.
pub fn lessons(root: &Path) -> Result<Vec<Lesson>> {
    let texts = texts(&root.join(LESSONS))?;
    let mut lessons: Vec<Lesson> = texts.iter().map(|(id, text)| Lesson::read(id, text)).collect();
    for lesson in &mut lessons {
        lesson.drawn = root.join(POSTERS).join(format!("{}.svg", lesson.id)).is_file();
    }
    lessons.sort_by_key(Lesson::place);
    Ok(lessons)
}

/// The texts of a folder by their names without ending, in order of names; none where there is no folder.
fn texts(from: &Path) -> Result<Vec<(String, String)>> {
    // No folder, no texts: the caller says which must be there.
    let Ok(entries) = fs::read_dir(from) else { return Ok(Vec::new()) };
    let paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let mut texts = Vec::new();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "txt")) {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        texts.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), text));
    }
    texts.sort();
    Ok(texts)
}

/// With all above it.
fn folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}

/// Under its name in the built page.
fn save(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

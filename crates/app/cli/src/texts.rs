//! Scenarios as files: `blumfeld run` plays them and says what holds, `blumfeld lint` says what is wrong with their text.

mod lint;
mod run;
mod told;

pub use lint::lint;
pub use run::run;

use crate::Failure;
use crate::replay::lesson_of;
use anyhow::{Context, Result};
use script::link::lesson::is_text;
use script::scenario::LONGEST_TEXT;
use script::{Document, Mistake};
use std::io::Read;
use std::path::Path;
use view::report::mistake_at;
use view::text::Language;

/// The text of a file, or of a link that holds one, as it was read, and what is wrong with it.
pub fn read(named: &str) -> Result<(Document, Vec<Mistake>)> {
    if is_text(named) && !Path::new(named).exists() {
        return Ok(Document::read(&lesson_of(named)?));
    }
    let file = std::fs::File::open(named).with_context(|| format!("'{named}' cannot be read"))?;
    let mut bytes = Vec::new();
    // One more than fits, so that what is too long is told as such.
    file.take(LONGEST_TEXT as u64 + 1).read_to_end(&mut bytes).with_context(|| format!("'{named}' cannot be read"))?;
    let is_cut = bytes.len() > LONGEST_TEXT;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // Only the letter at the cut may be half.
        Err(error) if is_cut && error.utf8_error().error_len().is_none() => {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
        Err(_) => anyhow::bail!("'{named}' is no text in UTF-8"),
    };
    let alone = text.trim();
    let is_link = is_text(alone) && !alone.contains(char::is_whitespace);
    Ok(Document::read(&if is_link { lesson_of(alone)? } else { text }))
}

/// A text that cannot be used, with a line for everything that is wrong with it.
pub fn wrong(named: &str, mistakes: &[Mistake], language: Language) -> Failure {
    let lines: Vec<String> =
        mistakes.iter().map(|mistake| format!("{named}: {}", mistake_at(mistake, language))).collect();
    Failure::Text(lines.join("\n"))
}

/// The value of `--lang`.
pub fn language(text: &str) -> Result<Language, Failure> {
    match text {
        "en" => Ok(Language::English),
        "zh" => Ok(Language::Chinese),
        _another => Err(Failure::Usage(format!("--lang takes en or zh, not '{text}'"))),
    }
}

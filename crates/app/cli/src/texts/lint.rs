//! `blumfeld lint`: errors with their places, then what a lesson lacks.

use super::read;
use crate::{Ending, Failure, unexpected};
use lexopt::Parser;
use lexopt::prelude::*;
use session::texts::glossary;
use std::io::Write;
use view::report::{Severity, lint_line};
use view::text::Language;

/// Mistakes with their places; bad if there are any.
pub fn lint(mut parser: Parser) -> Result<Ending, Failure> {
    let (mut files, mut language) = (Vec::new(), Language::English);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("lang") => language = super::language(&parser.value()?.string()?)?,
            Value(name) => files.push(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    if files.is_empty() {
        return Err(Failure::Usage("lint needs a file".to_owned()));
    }
    let glossary = glossary();
    let mut out = std::io::stdout().lock();
    let mut ending = Ending::Well;
    for named in files {
        let (document, mut mistakes) = read(&named)?;
        if mistakes.is_empty() {
            mistakes = document.lint(&|term| glossary.find(term).is_some());
        }
        for mistake in mistakes {
            writeln!(out, "{named}:{}", lint_line(&mistake, language))?;
            match Severity::of(&mistake) {
                Severity::Error => ending = Ending::Found,
                Severity::Remark => {}
            }
        }
    }
    Ok(ending)
}

//! `blumfeld lint`: errors with their places, then what a lesson lacks.

use super::read;
use crate::{Ending, Failure, unexpected};
use lexopt::Parser;
use lexopt::prelude::*;
use script::scenario::Lacking;
use script::{Mistake, Problem};
use session::texts::glossary;
use std::io::Write;

pub fn lint(mut parser: Parser) -> Result<Ending, Failure> {
    let mut files = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
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
            if !say(&mut out, &named, &mistake)? {
                ending = Ending::Found;
            }
        }
    }
    Ok(ending)
}

/// Is it a remark only? Lessons may use words that another glossary explains.
fn say(out: &mut impl Write, named: &str, mistake: &Mistake) -> std::io::Result<bool> {
    let is_remark = matches!(mistake.problem, Problem::Lack(Lacking::Term(_)));
    let kind = if is_remark { "remark" } else { "error" };
    let near = match mistake.nearest.as_slice() {
        [] => String::new(),
        words => format!(" (nearest: {})", words.join(", ")),
    };
    writeln!(out, "{named}:{}:{}: {kind}: {}{near}", mistake.line, mistake.column, mistake.problem)?;
    Ok(is_remark)
}

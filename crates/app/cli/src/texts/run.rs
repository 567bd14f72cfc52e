//! `blumfeld run`: plays a scenario for every choice of what it varies, and tells its story, its ledger and what of its
//! `see` lines holds.

use super::{language, read, told, wrong};
use crate::{Ending, Failure, unexpected};
use lexopt::Parser;
use lexopt::prelude::*;
use play::Player;
use script::{Choices, Document};
use std::io::{BufWriter, Write};
use view::text::Language;

/// Plays each run of each text and compares what it claims.
pub fn run(mut parser: Parser) -> Result<Ending, Failure> {
    let mut telling = told::Telling { language: Language::English, form: told::Form::Lines, facts: told::Facts::Story };
    let (mut files, mut wanted) = (Vec::new(), Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("json") => telling.form = told::Form::Json,
            Long("all") => telling.facts = told::Facts::All,
            Long("lang") => telling.language = language(&parser.value()?.string()?)?,
            Long("with") => wanted.push(pair(&parser.value()?.string()?)?),
            Value(name) => files.push(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    if files.is_empty() {
        return Err(Failure::Usage("run needs a file".to_owned()));
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut ending = Ending::Well;
    for named in files {
        let (document, choices) = runs(&named, &wanted, telling.language)?;
        for choices in choices {
            let player = played((&named, &choices), &document, telling.language)?;
            told::tell(&mut out, (&named, &choices), &player, &telling)?;
            if !player.is_well() {
                ending = Ending::Found;
            }
        }
    }
    out.flush()?;
    Ok(ending)
}

/// `name=value`.
fn pair(text: &str) -> Result<(String, String), Failure> {
    let pair = text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| Failure::Usage(format!("--with needs NAME=VALUE, not '{text}'")))
}

/// A file's runs: all of them, or the one that is asked for.
fn runs(named: &str, wanted: &[(String, String)], language: Language) -> Result<(Document, Vec<Choices>), Failure> {
    let (document, mistakes) = read(named)?;
    if !mistakes.is_empty() {
        return Err(wrong(named, &mistakes, language));
    }
    let choices = if wanted.is_empty() {
        document.choices()
    } else {
        vec![
            document
                .choose(wanted)
                .map_err(|mistake| Failure::Usage(format!("{named}: {}", view::mistake(&mistake.problem, language))))?,
        ]
    };
    Ok((document, choices))
}

fn played((named, choices): (&str, &Choices), document: &Document, language: Language) -> Result<Player, Failure> {
    let scenario = document.scenario(choices).map_err(|mistakes| wrong(named, &mistakes, language))?;
    let mut player = Player::new(scenario).map_err(|mistake| wrong(named, &[mistake], language))?;
    for question in [&document.predict, &document.check].into_iter().flatten() {
        if let Some((subject, mark)) = question.reads() {
            player.read_at(mark, subject);
        }
    }
    Ok(player.to_end())
}

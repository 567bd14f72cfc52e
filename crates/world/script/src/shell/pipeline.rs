//! One pipeline: what is fed, the command, and the filters behind it.

use super::filter::{NAMES, Pipe};
use super::lex::{Op, Place, Token, live, source, tokens, unquoted};
use super::loops::{KEYWORDS, Loop, pipes};
use super::{Budget, MOST, ShellError, feed};

/// A command with what is before and behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// What the command reads, or, where there is no command, what is printed.
    pub feed: Option<String>,
    /// As it was typed, without signs; empty: what is fed is printed. A filter of a file is its name and the file's.
    pub command: String,
    /// What the command's output goes through.
    pub pipe: Pipe,
}

impl Pipeline {
    /// What echo, printf, seq and filters behind them write.
    pub(super) fn written(self, source: &str) -> Result<String, ShellError> {
        match self.feed {
            Some(text) if self.command.is_empty() => Ok(text),
            Some(_) | None => {
                let first = source.split_whitespace().next().unwrap_or_default();
                Err(ShellError::Feed(first.to_owned()))
            }
        }
    }
}

pub(super) fn read(line: &str, own: &[Token], budget: &mut Budget) -> Result<Pipeline, ShellError> {
    let mut stages: Vec<&[Token]> = Vec::new();
    let mut from = 0;
    for at in pipes(own).chain([own.len()]) {
        if at == from {
            return Err(ShellError::Incomplete("|"));
        }
        stages.push(&own[from..at]);
        from = at + 1;
    }
    let mut pipeline = first(line, stages[0], budget)?;
    for stage in &stages[1..] {
        next(line, stage, &mut pipeline)?;
    }
    Ok(pipeline)
}

/// What stands before the first pipe.
fn first(line: &str, stage: &[Token], budget: &mut Budget) -> Result<Pipeline, ShellError> {
    if let Some(own) = Loop::of(line, stage)? {
        return Ok(Pipeline { feed: Some(own.written(budget)?), ..Pipeline::default() });
    }
    if let [only] = stage
        && let Some(inner) = assigned(only.raw(line))
    {
        return read(inner, &tokens(inner)?, budget);
    }
    let Simple { command, words, raw, input } = simple(line, stage)?;
    let name = words[0].as_str();
    if feed::is_feed(name) {
        return Ok(Pipeline { feed: Some(feed::written(name, &words[1..])?), ..Pipeline::default() });
    }
    if !NAMES.contains(&name) {
        if ["ls", "cat"].contains(&name) {
            no_globs(&raw)?;
        }
        return Ok(Pipeline { feed: input, command, pipe: Pipe::default() });
    }
    let mut pipe = Pipe::default();
    let files = pipe.add(&words)?;
    match (files.as_slice(), input) {
        ([file], None) => {
            no_globs(&raw[raw.len() - 1..])?;
            Ok(Pipeline { feed: None, command: format!("{name} {}", shell_words::quote(file)), pipe })
        }
        ([], Some(text)) => Ok(Pipeline { feed: Some(filtered(pipe, &text)), ..Pipeline::default() }),
        ([_, second, ..], _) => {
            let filter = NAMES.into_iter().find(|known| *known == name).unwrap_or_default();
            Err(ShellError::Option { filter, word: second.clone() })
        }
        ([], None) | ([_], Some(_)) => Err(ShellError::Incomplete("|")),
    }
}

const STORAGE: &str = "kafka-storage";

/// What the quickstart assigns to a variable: the line that draws a cluster's id.
fn assigned(raw: &str) -> Option<&str> {
    let (_, value) = raw.split_once('=')?;
    let inner = value.trim_matches('"').strip_prefix("$(")?.strip_suffix(')')?;
    // One within another is nobody's.
    (inner.contains(STORAGE) && !inner.contains("$(")).then_some(inner)
}

/// What stands behind one: a filter, or the command that is fed.
fn next(line: &str, stage: &[Token], pipeline: &mut Pipeline) -> Result<(), ShellError> {
    let begins = stage.first().filter(|token| token.op().is_none()).map(|token| token.raw(line));
    if let Some(word) = begins.filter(|word| *word == "for" || KEYWORDS.contains(word)) {
        return Err(ShellError::Keyword(word.to_owned()));
    }
    let Simple { command, words, raw: _, input } = simple(line, stage)?;
    let name = words[0].as_str();
    if input.is_some() {
        return Err(ShellError::Feed("<<<".to_owned()));
    }
    let is_fed = pipeline.command.is_empty();
    let mut pipe = Pipe::default();
    match name {
        "cat" if words.len() == 1 => {}
        name if NAMES.contains(&name) => {
            let to = if is_fed { &mut pipe } else { &mut pipeline.pipe };
            if let Some(file) = to.add(&words)?.into_iter().next() {
                let filter = NAMES.into_iter().find(|known| *known == name).unwrap_or_default();
                return Err(ShellError::Option { filter, word: file });
            }
            if let Some(text) = pipeline.feed.as_mut().filter(|_| is_fed) {
                *text = filtered(pipe, text);
            }
        }
        _command if is_fed => pipeline.command = command,
        tool if crate::cli::is_tool(tool) => {
            let first = pipeline.command.split_whitespace().next().unwrap_or_default();
            return Err(ShellError::Feed(first.to_owned()));
        }
        other => return Err(ShellError::Filter(other.to_owned())),
    }
    Ok(())
}

/// A text through filters.
fn filtered(mut pipe: Pipe, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().flat_map(|line| pipe.take(line)).collect();
    lines.extend(pipe.end());
    lines.into_iter().map(|line| line + "\n").collect()
}

/// A command without pipes.
struct Simple {
    command: String,
    words: Vec<String>,
    raw: Vec<String>,
    /// Behind `<<<`.
    input: Option<String>,
}

fn simple(line: &str, stage: &[Token]) -> Result<Simple, ShellError> {
    let (mut raw, mut input) = (Vec::new(), None);
    let mut tokens = stage.iter();
    while let Some(token) = tokens.next() {
        let Some(op) = token.op() else {
            raw.push(token.raw(line).to_owned());
            continue;
        };
        let word = tokens.next().filter(|next| next.op().is_none()).ok_or(ShellError::Incomplete(op.text()))?;
        let text = unquoted(word.raw(line))?;
        match op {
            // The shell ends it with a new line.
            Op::HereString => {
                expanded(word.raw(line))?;
                input = Some(text + "\n");
            }
            Op::From | Op::Pipe | Op::And | Op::Semicolon => return Err(ShellError::NoFile(text)),
        }
    }
    if raw.is_empty() {
        return Err(ShellError::Incomplete("<<<"));
    }
    let mut words = Vec::new();
    // Whatever it is given, its answer is the same here.
    let is_storage = raw[0].contains(STORAGE);
    for word in &raw {
        if !is_storage {
            expanded(word)?;
        }
        words.push(unquoted(word)?);
    }
    let command = if input.is_none() { source(line, stage).to_owned() } else { raw.join(" ") };
    if input.as_ref().is_some_and(|text| text.lines().count() > MOST) {
        return Err(ShellError::TooLong(MOST));
    }
    Ok(Simple { command, words, raw, input })
}

/// What a shell would put something else for.
pub(super) fn expanded(raw: &str) -> Result<(), ShellError> {
    for (at, letter, _) in live(raw) {
        let rest = &raw[at + letter.len_utf8()..];
        let named = rest.strip_prefix('{').unwrap_or(rest);
        match letter {
            '`' => return Err(ShellError::Substitution),
            '$' if rest.starts_with('(') => return Err(ShellError::Substitution),
            '$' if named.starts_with(|next: char| next.is_ascii_alphabetic() || next == '_') => {
                let end = named.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(named.len());
                return Err(ShellError::Variable(named[..end].to_owned()));
            }
            _plain => {}
        }
    }
    Ok(())
}

/// There are few files, and each has to be named.
fn no_globs(raw: &[String]) -> Result<(), ShellError> {
    let is_glob = |word: &&String| live(word).any(|(_, letter, place)| place == Place::Bare && "*?[".contains(letter));
    match raw.iter().find(is_glob) {
        Some(word) => Err(ShellError::Glob(word.clone())),
        None => Ok(()),
    }
}

//! A line's words and signs, by bash's rules for quotes. Words stay as they are written: who runs a command reads them again.

use super::ShellError;

/// A sign between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Pipe,
    And,
    Semicolon,
    /// `<<<`
    HereString,
    /// `<`
    From,
}

impl Op {
    pub(super) fn text(self) -> &'static str {
        match self {
            Op::Pipe => "|",
            Op::And => "&&",
            Op::Semicolon => ";",
            Op::HereString => "<<<",
            Op::From => "<",
        }
    }
}

/// A word or a sign, with its place in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) from: usize,
    pub(super) to: usize,
    /// `None`: a word.
    sign: Option<Op>,
    /// A loop begins with it (1) or ends (-1).
    pub(super) depth: i32,
}

impl Token {
    pub(super) fn op(&self) -> Option<Op> {
        self.sign
    }

    pub(super) fn raw(self, line: &str) -> &str {
        &line[self.from..self.to]
    }
}

/// What stands from the first to the last of them.
pub(super) fn source<'l>(line: &'l str, tokens: &[Token]) -> &'l str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &line[first.from..last.to],
        (_, _) => "",
    }
}

/// A word without its quotes.
pub(super) fn unquoted(raw: &str) -> Result<String, ShellError> {
    let words = shell_words::split(raw).map_err(|_| ShellError::Quotes)?;
    Ok(words.into_iter().next().unwrap_or_default())
}

pub(super) fn tokens(line: &str) -> Result<Vec<Token>, ShellError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = line[at..].chars().next() {
        let rest = &line[at..];
        if letter == '\n' {
            let is_between = tokens.last().is_some_and(|last: &Token| last.sign.is_none());
            tokens.extend(is_between.then_some(Token { from: at, to: at + 1, sign: Some(Op::Semicolon), depth: 0 }));
        }
        if letter.is_whitespace() {
            at += letter.len_utf8();
        } else if letter == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some((sign, length)) = sign(rest)? {
            tokens.push(Token { from: at, to: at + length, sign: Some(sign), depth: 0 });
            at += length;
        } else {
            let to = at + word(rest)?;
            // Which stream goes there is said before the sign.
            if line[to..].starts_with('>') {
                return Err(ShellError::Redirect);
            }
            tokens.push(Token { from: at, to, sign: None, depth: 0 });
            at = to;
        }
    }
    super::loops::nest(line, &mut tokens);
    Ok(tokens)
}

/// The sign that a text begins with.
fn sign(rest: &str) -> Result<Option<(Op, usize)>, ShellError> {
    for (text, refused) in [
        ("||", ShellError::Or),
        ("|&", ShellError::Redirect),
        ("&>", ShellError::Redirect),
        (">", ShellError::Redirect),
        ("<(", ShellError::Substitution),
        ("`", ShellError::Substitution),
    ] {
        if rest.starts_with(text) {
            return Err(refused);
        }
    }
    for op in [Op::HereString, Op::And, Op::Pipe, Op::Semicolon] {
        if rest.starts_with(op.text()) {
            return Ok(Some((op, op.text().len())));
        }
    }
    match rest.chars().next() {
        _ if rest.starts_with("<<") => Err(ShellError::HereDocument),
        Some('<') => Ok(Some((Op::From, 1))),
        Some('&') => Err(ShellError::Background),
        _word => Ok(None),
    }
}

/// How long the word is that a text begins with.
fn word(rest: &str) -> Result<usize, ShellError> {
    let (mut quote, mut letters) = (None, rest.char_indices());
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None | Some('"'), '\\') => drop(letters.next()),
            (None | Some('"'), '$') if rest[at..].starts_with("$(") => {
                let end = closing(&rest[at..])?;
                while letters.clone().next().is_some_and(|(next, _)| next < at + end) {
                    letters.next();
                }
            }
            (None, '|' | '&' | ';' | '<' | '>') => return Ok(at),
            (None, letter) if letter.is_whitespace() => return Ok(at),
            _inside => {}
        }
    }
    if quote.is_some() { Err(ShellError::Quotes) } else { Ok(rest.len()) }
}

/// Where the parenthesis of `$(` closes.
fn closing(rest: &str) -> Result<usize, ShellError> {
    let mut depth = 0_u32;
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth <= 1 => return Ok(at + 1),
            ')' => depth -= 1,
            _inside => {}
        }
    }
    Err(ShellError::Substitution)
}

/// Where a text is expanded, that is outside of single quotes and behind no backslash: at each such letter with its place, and
/// whether it stands between double quotes.
pub(super) fn live(text: &str) -> impl Iterator<Item = (usize, char, Place)> + '_ {
    let (mut quote, mut escaped) = (None, false);
    text.char_indices().filter_map(move |(at, letter)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None | Some('"'), '\\') => escaped = true,
            (None, letter) => return Some((at, letter, Place::Bare)),
            (Some('"'), letter) => return Some((at, letter, Place::Quoted)),
            (Some(_), _) => {}
        }
        None
    })
}

/// Where a letter stands that is expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Bare,
    /// Between double quotes.
    Quoted,
}

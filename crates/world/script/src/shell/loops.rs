//! `for i in 1 2 3; do …; done`: its turns as texts, in each of which the variable has its value.

use super::lex::{Op, Place, Token, live, source, unquoted};
use super::{Budget, MOST, MOST_BYTES, ShellError, feed};

/// Words of other constructs.
pub(super) const KEYWORDS: [&str; 11] =
    ["while", "until", "if", "case", "select", "do", "done", "then", "fi", "function", "{"];

/// The tokens up to where a pipeline ends, the sign there, and what stands behind it. A loop's signs are its own.
pub(super) fn pipeline_of(tokens: &[Token]) -> (&[Token], Option<Op>, &[Token]) {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate() {
        match token.op() {
            Some(op @ (Op::Semicolon | Op::And)) if depth <= 0 => {
                return (&tokens[..index], Some(op), &tokens[index + 1..]);
            }
            Some(_) => {}
            None => depth += token.depth,
        }
    }
    (tokens, None, &[])
}

/// The loop that a command is.
pub(super) struct Loop<'l> {
    name: &'l str,
    values: Vec<String>,
    body: &'l str,
}

impl<'l> Loop<'l> {
    /// `None`: it is none.
    pub(super) fn of(line: &'l str, own: &[Token]) -> Result<Option<Loop<'l>>, ShellError> {
        let word = |index: usize| own.get(index).filter(|token| token.op().is_none()).map(|token| token.raw(line));
        match word(0) {
            Some("for") => {}
            Some(other) if KEYWORDS.contains(&other) => return Err(ShellError::Keyword(other.to_owned())),
            Some(_) | None => return Ok(None),
        }
        let (Some(name), Some("in")) = (word(1).filter(|name| is_name(name)), word(2)) else {
            return Err(ShellError::Loop);
        };
        let is_end = |token: &Token| token.op() == Some(Op::Semicolon);
        let end = own.iter().position(is_end).ok_or(ShellError::Loop)?;
        let last = own.len() - 1;
        if word(end + 1) != Some("do") || word(last) != Some("done") || last < end + 3 {
            return Err(ShellError::Loop);
        }
        let inner = &own[end + 2..last];
        let inner =
            if inner.last().is_some_and(is_end) { &inner[..inner.len() - 1] } else { return Err(ShellError::Loop) };
        let mut values = Vec::new();
        for token in &own[3..end] {
            if token.op().is_some() {
                return Err(ShellError::Loop);
            }
            values.extend(value(token.raw(line))?);
            if values.len() > MOST {
                return Err(ShellError::TooLong(MOST));
            }
        }
        Ok(Some(Loop { name, values, body: source(line, inner) }))
    }

    /// Each turn as a text, one after the other, as far as the budget goes.
    pub(super) fn turns(
        &self,
        budget: &mut Budget,
        mut turn: impl FnMut(&str, &mut Budget) -> Result<(), ShellError>,
    ) -> Result<(), ShellError> {
        for value in &self.values {
            let text = substituted(self.body, self.name, value)?;
            budget.spend(text.len())?;
            budget.within(|budget| turn(&text, budget))?;
        }
        Ok(())
    }

    /// What all of its turns write.
    pub(super) fn written(&self, budget: &mut Budget) -> Result<String, ShellError> {
        let mut text = String::new();
        self.turns(budget, |turn, budget| {
            let mut steps = Vec::new();
            super::read(turn, &mut steps, budget)?;
            for step in steps {
                text.push_str(&step.pipeline.written(&step.source)?);
            }
            feed::bounded(&text)
        })?;
        Ok(text)
    }
}

/// A loop that nothing stands behind.
pub(super) fn lone<'l>(line: &'l str, own: &[Token]) -> Result<Option<Loop<'l>>, ShellError> {
    let is_piped = pipes(own).next().is_some();
    if is_piped {
        return Ok(None);
    }
    Loop::of(line, own)
}

/// Where a pipeline's own pipes are.
pub(super) fn pipes(own: &[Token]) -> impl Iterator<Item = usize> + '_ {
    let mut depth = 0_i32;
    own.iter().enumerate().filter_map(move |(index, token)| {
        depth += token.depth;
        (depth <= 0 && token.op() == Some(Op::Pipe)).then_some(index)
    })
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// What a word of a loop's list stands for: itself, `{1..5}`, `$(seq 5)`.
fn value(raw: &str) -> Result<Vec<String>, ShellError> {
    let inner = raw.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
    if let Some(inner) = inner {
        let words = shell_words::split(inner).map_err(|_| ShellError::Quotes)?;
        return match words.split_first() {
            Some((first, words)) if first == "seq" => {
                Ok(feed::written("seq", words)?.lines().map(str::to_owned).collect())
            }
            Some(_) | None => Err(ShellError::Substitution),
        };
    }
    let range = raw.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).and_then(|range| range.split_once(".."));
    if let Some((from, to)) = range
        && let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>())
    {
        let words = if from <= to { vec![from, to] } else { vec![from, -1, to] };
        let words: Vec<String> = words.iter().map(i64::to_string).collect();
        return Ok(feed::written("seq", &words)?.lines().map(str::to_owned).collect());
    }
    super::pipeline::expanded(raw)?;
    Ok(vec![unquoted(raw)?])
}

/// A text in which the variable has its value: `$i` and `${i}` outside of single quotes.
fn substituted(text: &str, name: &str, value: &str) -> Result<String, ShellError> {
    let (mut said, mut from) = (String::new(), 0);
    for (at, _, place) in live(text).filter(|(_, letter, _)| *letter == '$') {
        let rest = &text[at + 1..];
        let braced =
            rest.strip_prefix('{').and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with('}'));
        let behind = rest.strip_prefix(name).map(|rest| rest.chars().next());
        let is_bare = behind.is_some_and(|next| !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_'));
        let length = match (braced, is_bare) {
            (true, _) => name.len() + 3,
            (false, true) => name.len() + 1,
            (false, false) => continue,
        };
        said.push_str(&text[from..at]);
        for letter in value.chars() {
            let special = match place {
                Place::Quoted => "\\\"$`",
                Place::Bare => "\\\"'$`|&;<>()#",
            };
            said.extend(special.contains(letter).then_some('\\'));
            // Between words a new line is a space.
            said.push(if letter == '\n' && matches!(place, Place::Bare) { ' ' } else { letter });
        }
        if said.len() > MOST_BYTES {
            return Err(ShellError::TooLong(MOST));
        }
        from = at + length;
    }
    Ok(said + &text[from..])
}

/// Marks where loops begin and end, by words that stand where a command does.
pub(super) fn nest(line: &str, own: &mut [Token]) {
    let mut is_first = true;
    for token in own {
        let word = token.op().is_none().then(|| token.raw(line));
        token.depth = match word.filter(|_| is_first) {
            Some("for" | "while" | "until" | "if" | "case") => 1,
            Some("done" | "fi" | "esac") => -1,
            Some(_) | None => 0,
        };
        is_first = match (token.op(), word) {
            (Some(Op::Pipe | Op::And | Op::Semicolon), _) => true,
            (Some(Op::HereString | Op::From), _) => false,
            (None, Some("do" | "then" | "else")) => is_first,
            (None, _) => false,
        };
    }
}

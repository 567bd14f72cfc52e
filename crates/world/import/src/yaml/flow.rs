//! Values within a line: texts in quotation marks, lists and maps in brackets.

use super::{BadYaml, DEEPEST, Value, Yaml};

/// Counts brackets, line by line: a text in them is closed when as many were closed as opened.
#[derive(Default)]
pub(super) struct Brackets {
    depth: i32,
    quote: Option<char>,
}

impl Brackets {
    pub(super) fn go_on(&mut self, text: &str) {
        for letter in text.chars() {
            match (self.quote, letter) {
                (None, '"' | '\'') => self.quote = Some(letter),
                (Some(open), _) if open == letter => self.quote = None,
                (None, '[' | '{') => self.depth += 1,
                (None, ']' | '}') => self.depth -= 1,
                _other => {}
            }
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.depth <= 0
    }
}

/// A text in quotation marks, and what stands behind it.
pub(super) fn quoted(text: &str, line: u32) -> Result<(String, &str), BadYaml> {
    let quote = text.chars().next().unwrap_or('"');
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quote == '"' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, letter)) => value.push(letter),
                None => break,
            },
            // Two single quotes are one.
            '\'' if quote == '\'' && letters.peek().is_some_and(|(_, next)| *next == '\'') => {
                letters.next();
                value.push('\'');
            }
            letter if letter == quote => return Ok((value, &text[at + 1..])),
            letter => value.push(letter),
        }
    }
    Err(BadYaml { line, why: "a quotation mark is not closed" })
}

/// A list or a map in brackets, and nothing behind it.
pub(super) fn read(text: &str, line: u32) -> Result<Yaml, BadYaml> {
    let mut reader = Reader { rest: text, line };
    let value = reader.value(0)?;
    if reader.rest.trim().is_empty() { Ok(value) } else { Err(reader.bad("something stands behind the bracket")) }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

impl Reader<'_> {
    fn bad(&self, why: &'static str) -> BadYaml {
        BadYaml { line: self.line, why }
    }

    fn skip(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, depth: u32) -> Result<Yaml, BadYaml> {
        if depth > DEEPEST {
            return Err(self.bad("it is nested too deeply"));
        }
        let value = if self.skip('[') {
            self.list(depth)?
        } else if self.skip('{') {
            self.map(depth)?
        } else {
            Value::Text(self.word(&[',', ']', '}'])?)
        };
        Ok(Yaml { line: self.line, value })
    }

    fn list(&mut self, depth: u32) -> Result<Value, BadYaml> {
        let mut items = Vec::new();
        while !self.skip(']') {
            items.push(self.value(depth + 1)?);
            if !self.skip(',') && !self.rest.starts_with(']') {
                return Err(self.bad("here a comma or a closing bracket should stand"));
            }
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, depth: u32) -> Result<Value, BadYaml> {
        let mut entries = Vec::new();
        while !self.skip('}') {
            let name = self.word(&[':', ',', '}'])?;
            let value =
                if self.skip(':') { self.value(depth + 1)? } else { Yaml { line: self.line, value: Value::None } };
            entries.push((name, value));
            if !self.skip(',') && !self.rest.starts_with('}') {
                return Err(self.bad("here a comma or a closing brace should stand"));
            }
        }
        Ok(Value::Map(entries))
    }

    /// Quoted, or up to one of these.
    fn word(&mut self, ends: &[char]) -> Result<String, BadYaml> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with(['"', '\'']) {
            let (value, rest) = quoted(self.rest, self.line)?;
            self.rest = rest.trim_start();
            return Ok(value);
        }
        let end = self.rest.find(ends).ok_or_else(|| self.bad("a bracket is not closed"))?;
        let (word, rest) = self.rest.split_at(end);
        if word.trim().is_empty() {
            return Err(self.bad("here a value should stand"));
        }
        self.rest = rest;
        Ok(word.trim().to_owned())
    }
}

//! A strict reader of small JSON texts that knows the line of everything: what Kafka's own reader refuses is refused.

/// Deeper nesting is refused.
const DEEPEST: u32 = 32;

/// A value and the line in which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json {
    pub line: u32,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `null`, `true` and `false`.
    Word,
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// Where the text is no JSON, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadJson {
    pub line: u32,
    pub why: &'static str,
}

impl Json {
    /// Reads a text that begins in that line and holds one value.
    pub(crate) fn read(text: &str, line: u32) -> Result<Json, BadJson> {
        let mut reader = Reader { rest: text, line };
        let json = reader.value(0)?;
        reader.space();
        if reader.rest.is_empty() { Ok(json) } else { Err(reader.bad("something stands behind its end")) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            Value::Word | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Json]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Word | Value::Number(_) | Value::Text(_) | Value::Map(_) => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Word | Value::Number(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    pub(crate) fn number(&self) -> Option<i32> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            Value::Word | Value::Text(_) | Value::List(_) | Value::Map(_) => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

impl Reader<'_> {
    fn bad(&self, why: &'static str) -> BadJson {
        BadJson { line: self.line, why }
    }

    fn space(&mut self) {
        let rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let passed = &self.rest[..self.rest.len() - rest.len()];
        self.line += passed.matches('\n').count() as u32;
        self.rest = rest;
    }

    /// Passes over it, if it stands there.
    fn skip(&mut self, mark: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, depth: u32) -> Result<Json, BadJson> {
        if depth > DEEPEST {
            return Err(self.bad("it is nested too deeply"));
        }
        self.space();
        let line = self.line;
        let value = match self.rest.chars().next() {
            Some('{') => Value::Map(self.map(depth)?),
            Some('[') => Value::List(self.list(depth)?),
            Some('"') => Value::Text(self.text()?),
            Some('-' | '0'..='9') => self.number()?,
            Some('a'..='z') => self.word()?,
            Some(_) => return Err(self.bad("here a value should stand")),
            None => return Err(self.bad("it ends too early")),
        };
        Ok(Json { line, value })
    }

    fn map(&mut self, depth: u32) -> Result<Vec<(String, Json)>, BadJson> {
        let mut entries = Vec::new();
        self.skip('{');
        if self.skip('}') {
            return Ok(entries);
        }
        loop {
            self.space();
            if !self.rest.starts_with('"') {
                return Err(self.bad("here a name in quotation marks should stand"));
            }
            let name = self.text()?;
            if !self.skip(':') {
                return Err(self.bad("here a colon should stand"));
            }
            entries.push((name, self.value(depth + 1)?));
            if self.skip('}') {
                return Ok(entries);
            }
            if !self.skip(',') {
                return Err(self.bad("here a comma or a closing brace should stand"));
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Vec<Json>, BadJson> {
        let mut items = Vec::new();
        self.skip('[');
        if self.skip(']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.skip(']') {
                return Ok(items);
            }
            if !self.skip(',') {
                return Err(self.bad("here a comma or a closing bracket should stand"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, BadJson> {
        let is_part = |letter: char| letter.is_ascii_digit() || "+-.eE".contains(letter);
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Value::Number(number.to_owned()))
    }

    fn word(&mut self) -> Result<Value, BadJson> {
        let known = ["null", "true", "false"].into_iter().find_map(|word| self.rest.strip_prefix(word));
        self.rest = known.ok_or_else(|| self.bad("here a value should stand"))?;
        Ok(Value::Word)
    }

    fn text(&mut self) -> Result<String, BadJson> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match letters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, escaped @ ('"' | '\\' | '/'))) => text.push(escaped),
                    // Names of topics have no other letters.
                    Some(_) | None => return Err(self.bad("this escape is not taken here")),
                },
                '\n' => return Err(self.bad("a quotation mark is not closed")),
                letter => text.push(letter),
            }
        }
        Err(self.bad("a quotation mark is not closed"))
    }
}

//! A strict reader of the part of YAML that compose files and Kubernetes resources are written in: blocks of names and
//! items, texts plain, quoted and in blocks, short lists and maps in brackets, anchors with their aliases and `<<`. Each
//! value knows its line. What is not of that part is refused in words, with its line. A whole YAML library would be four
//! times as heavy on the page (docs/decisions/041).

mod flow;
mod lines;

use lines::{Line, Lines};

/// Deeper nesting is refused.
const DEEPEST: u32 = 40;
/// Values of all documents, those that aliases repeat included.
const MOST_VALUES: usize = 20_000;

/// A value and the line in which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Yaml {
    pub line: u32,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing, where a value could stand.
    None,
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(String, Yaml)>),
}

/// Where the text is not of that part, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadYaml {
    pub line: u32,
    pub why: &'static str,
}

impl Yaml {
    /// The documents of a text.
    pub(crate) fn read(text: &str) -> Result<Vec<Yaml>, BadYaml> {
        let mut documents = Vec::new();
        let mut reader = Reader { lines: Lines::read(text)?, anchors: Vec::new(), values: 0 };
        while let Some(line) = reader.lines.next_document() {
            documents.push(reader.block(line, 0)?);
            if let Some(left) = reader.lines.peek() {
                return Err(BadYaml { line: left.number, why: "this line is indented as nothing above it" });
            }
        }
        Ok(documents)
    }

    fn new(line: u32, value: Value) -> Yaml {
        Yaml { line, value }
    }

    /// The value of that name; what `<<` brings in comes after what stands there itself.
    pub(crate) fn get(&self, name: &str) -> Option<&Yaml> {
        let own = self.entries().iter().find(|(known, _)| known == name).map(|(_, value)| value);
        own.or_else(|| self.merged().into_iter().find_map(|other| other.get(name)))
    }

    /// The maps that `<<` brings in.
    fn merged(&self) -> Vec<&Yaml> {
        let merge = self.entries().iter().find(|(known, _)| known == "<<").map(|(_, value)| value);
        match merge.map(|merge| (merge, &merge.value)) {
            Some((_, Value::List(items))) => items.iter().collect(),
            Some((merge, _)) => vec![merge],
            None => Vec::new(),
        }
    }

    /// Names and values as they stand there.
    pub(crate) fn entries(&self) -> &[(String, Yaml)] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::None | Value::Text(_) | Value::List(_) => &[],
        }
    }

    /// Names and values with those that `<<` brings in.
    pub(crate) fn all(&self) -> Vec<(&str, &Yaml)> {
        let own = self.entries().iter().filter(|(name, _)| name != "<<");
        let mut all: Vec<(&str, &Yaml)> = own.map(|(name, value)| (name.as_str(), value)).collect();
        for other in self.merged() {
            for (name, value) in other.all() {
                if !all.iter().any(|(known, _)| *known == name) {
                    all.push((name, value));
                }
            }
        }
        all
    }

    pub(crate) fn items(&self) -> &[Yaml] {
        match &self.value {
            Value::List(items) => items,
            Value::None | Value::Text(_) | Value::Map(_) => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::None | Value::List(_) | Value::Map(_) => None,
        }
    }

    fn size(&self) -> usize {
        let below: usize = match &self.value {
            Value::None => 0,
            // An alias has a copy of it.
            Value::Text(text) => text.len() / 32,
            Value::List(items) => items.iter().map(Yaml::size).sum(),
            Value::Map(entries) => entries.iter().map(|(_, value)| value.size()).sum(),
        };
        1 + below
    }
}

struct Reader<'a> {
    lines: Lines<'a>,
    /// By name, the last of a name counts.
    anchors: Vec<(String, Yaml)>,
    values: usize,
}

fn bad<T>(line: u32, why: &'static str) -> Result<T, BadYaml> {
    Err(BadYaml { line, why })
}

impl<'a> Reader<'a> {
    /// Counts values, so that no text grows beyond all measure by its aliases.
    fn counted(&mut self, yaml: Yaml) -> Result<Yaml, BadYaml> {
        self.values += 1;
        if self.values > MOST_VALUES { bad(yaml.line, "there are too many values") } else { Ok(yaml) }
    }

    /// What begins at that line, which is still to be taken.
    fn block(&mut self, line: Line<'a>, depth: u32) -> Result<Yaml, BadYaml> {
        if depth > DEEPEST {
            return bad(line.number, "it is nested too deeply");
        }
        if line.is_item() {
            self.items(line, depth)
        } else if line.key().is_some() {
            self.map(line, depth)
        } else {
            self.lines.take();
            self.inline((line.number, line.indent), line.text, depth)
        }
    }

    fn items(&mut self, first: Line<'a>, depth: u32) -> Result<Yaml, BadYaml> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.peek().filter(|line| line.indent == first.indent && line.is_item()) {
            self.lines.take();
            let inside = line.item();
            let item = if inside.text.is_empty() {
                self.below(line.number, line.indent, depth)?
            } else if inside.is_item() || inside.key().is_some() {
                // What stands behind the hyphen begins a block of its own, indented as far as it stands.
                self.lines.put_back(inside);
                self.block(inside, depth + 1)?
            } else {
                self.inline((line.number, line.indent), inside.text, depth)?
            };
            items.push(item);
        }
        self.counted(Yaml::new(first.number, Value::List(items)))
    }

    fn map(&mut self, first: Line<'a>, depth: u32) -> Result<Yaml, BadYaml> {
        let mut entries: Vec<(String, Yaml)> = Vec::new();
        while let Some(line) = self.lines.peek().filter(|line| line.indent == first.indent && !line.is_item()) {
            let Some((name, rest)) = line.key() else {
                return bad(line.number, "here a name and a colon should stand");
            };
            self.lines.take();
            if name != "<<" && entries.iter().any(|(known, _)| *known == name) {
                return bad(line.number, "this name stands there twice");
            }
            let value = self.inline((line.number, line.indent), rest, depth)?;
            entries.push((name, value));
        }
        self.counted(Yaml::new(first.number, Value::Map(entries)))
    }

    /// What is indented below a name or a hyphen. Items may stand as far left as the name above them.
    fn below(&mut self, number: u32, indent: usize, depth: u32) -> Result<Yaml, BadYaml> {
        match self.lines.peek() {
            Some(line) if line.indent > indent || line.indent == indent && line.is_item() => {
                self.block(line, depth + 1)
            }
            Some(_) | None => self.counted(Yaml::new(number, Value::None)),
        }
    }

    /// What stands behind a name's colon.
    fn inline(&mut self, at: (u32, usize), text: &str, depth: u32) -> Result<Yaml, BadYaml> {
        let (number, indent) = at;
        if let Some(rest) = text.strip_prefix('&') {
            let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let value = self.inline(at, rest.trim_start(), depth)?;
            self.anchors.retain(|(known, _)| known != name);
            self.anchors.push((name.to_owned(), value.clone()));
            self.values += value.size();
            return self.counted(value);
        }
        if let Some(name) = text.strip_prefix('*') {
            let known = self.anchors.iter().rev().find(|(known, _)| known == name.trim());
            let Some((_, value)) = known else { return bad(number, "nothing above has that anchor") };
            // It is told as of the line that names it.
            let value = value.clone();
            self.values += value.size();
            return self.counted(value);
        }
        match text.chars().next() {
            None => self.below(number, indent, depth),
            Some('|' | '>') => {
                let folded = text.starts_with('>');
                let block = self.lines.literal(indent, folded);
                self.counted(Yaml::new(number, Value::Text(block)))
            }
            Some('[' | '{') => {
                let whole = self.lines.bracketed(text);
                let value = flow::read(&whole, number)?;
                self.values += value.size();
                self.counted(value)
            }
            Some('!' | '%' | '@' | '`' | '?') => bad(number, "tags and other signs of YAML are not taken here"),
            Some('"' | '\'') => {
                let (value, rest) = flow::quoted(text, number)?;
                if !rest.trim().is_empty() {
                    return bad(number, "something stands behind the quotation mark");
                }
                self.counted(Yaml::new(number, Value::Text(value)))
            }
            Some(_) => {
                let mut value = text.to_owned();
                // A plain text may go on in lines that are indented further.
                while let Some(line) = self.lines.peek().filter(|line| line.indent > indent) {
                    if line.key().is_some() {
                        return bad(line.number, "a name stands below a value");
                    }
                    self.lines.take();
                    value.push(' ');
                    value.push_str(line.text);
                }
                self.counted(Yaml::new(number, Value::Text(value)))
            }
        }
    }
}

#[cfg(test)]
mod tests;

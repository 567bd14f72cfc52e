//! The JSON that tools take from a file: objects, arrays, texts and whole numbers, bounded.

use base::Str;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Object(Vec<(Str, Json)>),
    Array(Vec<Json>),
    Text(Str),
    Number(i64),
    /// `true`, `false`, `null`.
    Word(Str),
}

/// Deeper than any tool's file.
const DEPTH: usize = 8;

/// The whole text; `None`: it is no JSON, or deeper than any tool's.
pub(crate) fn parse(text: &str) -> Option<Json> {
    let mut rest = text;
    let value = value(&mut rest, DEPTH)?;
    rest.trim().is_empty().then_some(value)
}

impl Json {
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(fields) => fields.iter().find(|(field, _)| &**field == name).map(|(_, value)| value),
            Json::Array(_) | Json::Text(_) | Json::Number(_) | Json::Word(_) => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&Str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn number(&self) -> Option<i64> {
        if let Json::Number(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn array(&self) -> Option<&[Json]> {
        if let Json::Array(list) = self { Some(list) } else { None }
    }
}

fn take(rest: &mut &str, letter: char) -> Option<()> {
    *rest = rest.trim_start().strip_prefix(letter)?;
    Some(())
}

fn value(rest: &mut &str, depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    match rest.trim_start().chars().next()? {
        '{' => {
            let mut fields = Vec::new();
            list(rest, ('{', '}'), &mut |rest| {
                let name = text(rest)?;
                take(rest, ':')?;
                fields.push((name, value(rest, depth)?));
                Some(())
            })?;
            Some(Json::Object(fields))
        }
        '[' => {
            let mut values = Vec::new();
            list(rest, ('[', ']'), &mut |rest| {
                values.push(value(rest, depth)?);
                Some(())
            })?;
            Some(Json::Array(values))
        }
        '"' => Some(Json::Text(text(rest)?)),
        _number_or_word => {
            *rest = rest.trim_start();
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            *rest = after;
            match word.parse() {
                Ok(number) => Some(Json::Number(number)),
                Err(_) => ["true", "false", "null"].contains(&word).then(|| Json::Word(word.into())),
            }
        }
    }
}

/// Entries between two brackets.
fn list(rest: &mut &str, (open, close): (char, char), entry: &mut dyn FnMut(&mut &str) -> Option<()>) -> Option<()> {
    take(rest, open)?;
    if take(rest, close).is_some() {
        return Some(());
    }
    loop {
        entry(rest)?;
        if take(rest, close).is_some() {
            return Some(());
        }
        take(rest, ',')?;
    }
}

/// A text with its marks, as Jackson writes it.
pub(crate) fn string(text: &str) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            control if control < ' ' => written.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => written.push(plain),
        }
    }
    written + "\""
}

/// Names here have no escapes but of quotation marks and backslashes.
fn text(rest: &mut &str) -> Option<Str> {
    take(rest, '"')?;
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                *rest = &rest[at + 1..];
                return Some(text.into());
            }
            '\\' => text.push(letters.next().map(|(_, escaped)| escaped).filter(|letter| "\"\\/".contains(*letter))?),
            plain => text.push(plain),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_tools_are_read() {
        let json =
            parse(" {\"partitions\": [{\"topic\": \"a\\\"b\", \"partition\": 1, \"offset\": -1}], \"x\": null } ");
        let partitions = json.as_ref().and_then(|json| json.get("partitions")?.array());
        let first = partitions.and_then(<[Json]>::first).expect("one partition");
        assert_eq!(first.get("topic").and_then(Json::text).map(|text| &**text), Some("a\"b"));
        assert_eq!(first.get("offset").and_then(Json::number), Some(-1));
        for bad in ["", "{", "{\"a\"}", "[1,]", "[1 2]", "tru", "\"", &"[".repeat(10_000), "1.5", "{}x"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}

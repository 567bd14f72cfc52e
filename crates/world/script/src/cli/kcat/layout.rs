//! How `kcat` prints a record: by `-f FORMAT`, the value on a line of its own, or as JSON (`format.c`, `json.c`).

use super::{Letters, refused};
use crate::cli::Refusal;
use crate::cli::formatter::Consumed;
use records::TimestampType;

/// A part of a line (`fmt_parse`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Payload,
    PayloadSize,
    Key,
    KeySize,
    Topic,
    Partition,
    Offset,
    Timestamp,
    Headers,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Parts {
        parts: Vec<Part>,
        /// `-Z`: what stands for nothing.
        null: &'static str,
    },
    /// `-J`, with what stands behind each record.
    Json(String),
}

impl Layout {
    /// Of `-f`, `-J`, `-K`, `-D` and `-Z`.
    pub(super) fn of(letters: &Letters) -> Result<Layout, Refusal> {
        let end = delimiter(letters.value('D').unwrap_or("\n"))?;
        if letters.has('J') {
            return Ok(Layout::Json(letters.value('f').map_or(end, unescaped)));
        }
        let usual = match letters.value('K') {
            Some(separator) => format!("%k{}%s{end}", delimiter(separator)?),
            None => format!("%s{end}"),
        };
        let parts = parts(letters.value('f').unwrap_or(&usual))?;
        Ok(Layout::Parts { parts, null: if letters.has('Z') { "NULL" } else { "" } })
    }

    /// Does it show what a mere reading of a log does not bring?
    pub(super) fn needs_all(&self) -> bool {
        match self {
            Layout::Parts { parts, .. } => parts.iter().any(|part| matches!(part, Part::Timestamp | Part::Headers)),
            Layout::Json(_) => true,
        }
    }

    pub(in crate::cli) fn text(&self, given: &Consumed<'_>) -> String {
        match self {
            Layout::Parts { parts, null } => parts.iter().map(|part| part_text(part, given, null)).collect(),
            Layout::Json(end) => json(given) + end,
        }
    }
}

/// `fmt_parse`
fn parts(format: &str) -> Result<Vec<Part>, Refusal> {
    let (mut parts, mut rest) = (Vec::new(), format);
    while let Some((text, behind)) = rest.split_once('%') {
        if !text.is_empty() {
            parts.push(Part::Text(unescaped(text)));
        }
        let letter = behind.chars().next().ok_or_else(|| refused("% ERROR: Empty formatter"))?;
        parts.push(match letter {
            's' => Part::Payload,
            'S' => Part::PayloadSize,
            'k' => Part::Key,
            'K' => Part::KeySize,
            't' => Part::Topic,
            'p' => Part::Partition,
            'o' => Part::Offset,
            'T' => Part::Timestamp,
            'h' => Part::Headers,
            '%' => Part::Text("%".to_owned()),
            // Four bytes that are no text.
            'R' => return Err(super::not_here("-f %R")),
            other => return Err(refused(format!("% ERROR: Unsupported formatter: %{other}"))),
        });
        rest = &behind[letter.len_utf8()..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(unescaped(rest)));
    }
    Ok(parts)
}

/// `fmt_add`: a number may stand behind `\` or `\x`.
fn unescaped(text: &str) -> String {
    let (mut read, mut rest) = (String::new(), text);
    while let Some((plain, behind)) = rest.split_once('\\') {
        read.push_str(plain);
        let (base, behind) = match behind.strip_prefix('x') {
            Some(behind) => (16, behind),
            None => (if behind.starts_with('0') { 8 } else { 10 }, behind),
        };
        let Some(letter) = behind.chars().next() else {
            rest = if base == 16 { "" } else { "\\" };
            break;
        };
        if letter.is_ascii_digit() {
            let (byte, digits) = number(behind, base);
            read.push(byte);
            rest = &behind[digits.max(1)..];
            continue;
        }
        let is_plain = base != 16;
        read.push(match letter {
            't' if is_plain => '\t',
            'n' if is_plain => '\n',
            'r' if is_plain => '\r',
            other => other,
        });
        rest = &behind[letter.len_utf8()..];
    }
    read + rest
}

/// The byte that a text's first digits say, and how many these are (`strtoul`).
fn number(text: &str, base: u32) -> (char, usize) {
    let digits = text.chars().take_while(|letter| letter.is_digit(base));
    let (byte, count) = digits.fold((0_u32, 0), |(sum, count), digit| {
        (sum.wrapping_mul(base).wrapping_add(digit.to_digit(base).unwrap_or_default()), count + 1)
    });
    (char::from(byte as u8), count)
}

/// `parse_delim`
pub(super) fn delimiter(text: &str) -> Result<String, Refusal> {
    let mut text = text.replace("\\n", "\n").replace("\\t", "\t");
    while let Some(at) = text.find("\\x") {
        let (byte, digits) = number(&text[at + 2..], 16);
        if digits == 0 {
            return Err(refused(format!("% ERROR: Delimiter {} expects hex number", &text[at..])));
        }
        text.replace_range(at..at + 2 + digits, &byte.to_string());
    }
    Ok(text)
}

/// One part of `fmt_msg_output_str`.
fn part_text(part: &Part, given: &Consumed<'_>, null: &str) -> String {
    let record = given.record;
    let bytes = |bytes: Option<&[u8]>| match bytes.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => null.to_owned(),
    };
    let size = |bytes: Option<&[u8]>| bytes.map_or(-1, |bytes| bytes.len() as i64).to_string();
    match part {
        Part::Text(text) => text.clone(),
        Part::Payload => bytes(record.value.as_deref()),
        Part::PayloadSize => size(record.value.as_deref()),
        Part::Key => bytes(record.key.as_deref()),
        Part::KeySize => size(record.key.as_deref()),
        Part::Topic => given.partition.topic.to_string(),
        Part::Partition => given.partition.partition.to_string(),
        Part::Offset => record.offset.to_string(),
        Part::Timestamp => record.timestamp.0.to_string(),
        Part::Headers => {
            let value = |value: Option<&[u8]>| value.map_or("NULL".into(), String::from_utf8_lossy).into_owned();
            let one = |header: &records::Header| format!("{}={}", header.key, value(header.value.as_deref()));
            record.headers.iter().map(one).collect::<Vec<_>>().join(",")
        }
    }
}

/// `fmt_msg_output_json`
fn json(given: &Consumed<'_>) -> String {
    let record = given.record;
    let nullable = |bytes: Option<&[u8]>| bytes.map_or_else(|| "null".to_owned(), string);
    let mut text = format!("{{\"topic\":{}", string(given.partition.topic.as_bytes()));
    text += &format!(",\"partition\":{},\"offset\":{}", given.partition.partition, record.offset);
    let kind = match given.stamp {
        TimestampType::CreateTime => "create",
        TimestampType::LogAppendTime => "logappend",
    };
    text += &format!(",\"tstype\":\"{kind}\",\"ts\":{},\"broker\":{}", record.timestamp.0, given.broker.unwrap_or(-1));
    if !record.headers.is_empty() {
        let one = |header: &records::Header| {
            format!("{},{}", string(header.key.as_bytes()), nullable(header.value.as_deref()))
        };
        let headers: Vec<String> = record.headers.iter().map(one).collect();
        text += &format!(",\"headers\":[{}]", headers.join(","));
    }
    text +=
        &format!(",\"key\":{},\"payload\":{}}}", nullable(record.key.as_deref()), nullable(record.value.as_deref()));
    text
}

/// As `yajl_gen_string` writes it.
pub(super) fn string(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for letter in String::from_utf8_lossy(bytes).chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if u32::from(control) < 32 => text.push_str(&format!("\\u{:04X}", u32::from(control))),
            other => text.push(other),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_kcats() {
        for (text, read) in [
            ("a\\tb\\n\\r", "a\tb\n\r"),
            ("\\x41\\x4a!\\65;\\101", "AJ!A;e"),
            ("\\xAB\\q\\\\", "ABq\\"),
            ("end\\", "end\\"),
            ("\\0", "\0"),
        ] {
            assert_eq!(unescaped(text), read, "{text}");
        }
        for (text, read) in
            [("", ""), ("\\n", "\n"), ("\\t\\n\\n", "\t\n\n"), ("\\x54!\\x45\\x53T", "T!EST"), ("\\x30", "0")]
        {
            assert_eq!(delimiter(text).ok(), Some(read.to_owned()), "{text}");
        }
        assert!(delimiter("\\xz").is_err());
        assert_eq!(string("\"a\\b\"\n\u{1}\u{7f}é/".as_bytes()), "\"\\\"a\\\\b\\\"\\n\\u0001\u{7f}é/\"");
    }
}

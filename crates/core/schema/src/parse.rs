//! The schema language. Every schema starts at the left margin, its fields are indented, fields of
//! a struct are indented deeper; `#` opens a comment.
//!
//! ```text
//! Name [key N] versions 0-3 [flexible 2+]
//!   field type[?] [versions 1+] [nullable 2+] [tag 0] [default -1] [ignorable]
//! ```
//! Types: bool int8 int16 uint16 int32 uint32 int64 float64 uuid string bytes struct, `[]` before
//! any of them; `?` says nullable in every version. The texts are part of the program, so a mistake
//! in one is an assert.

use crate::{Field, Kind, Schema, Value, Versions};

/// One line: how far it is indented, and its words.
struct Line {
    indent: usize,
    words: Vec<&'static str>,
}

pub(crate) fn schemas(text: &'static str) -> Vec<Schema> {
    let lines: Vec<Line> = text.lines().filter_map(line).collect();
    let mut position = 0;
    let mut schemas = Vec::new();
    while position < lines.len() {
        schemas.push(schema(&lines, &mut position));
    }
    schemas
}

fn line(text: &'static str) -> Option<Line> {
    let content = text.split('#').next().unwrap_or_default();
    let words: Vec<&str> = content.split_whitespace().collect();
    (!words.is_empty()).then(|| Line { indent: content.len() - content.trim_start().len(), words })
}

fn schema(lines: &[Line], position: &mut usize) -> Schema {
    let head = &lines[*position];
    assert!(head.indent == 0, "a schema starts at the margin: {:?}", head.words);
    *position += 1;
    let mut schema = Schema {
        name: head.words[0],
        key: None,
        versions: Versions::NONE,
        flexible: Versions::NONE,
        fields: Vec::new(),
    };
    for pair in head.words[1..].chunks(2) {
        match pair {
            ["key", number] => schema.key = Some(number.parse().expect("a key is a number")),
            ["versions", range] => schema.versions = versions(range),
            ["flexible", range] => schema.flexible = versions(range),
            other => panic!("{}: {other:?} is not part of the schema language", schema.name),
        }
    }
    schema.fields = fields(lines, position, 0);
    schema
}

/// The fields indented deeper than `outer`.
fn fields(lines: &[Line], position: &mut usize, outer: usize) -> Vec<Field> {
    let mut fields = Vec::new();
    while let Some(line) = lines.get(*position).filter(|line| line.indent > outer) {
        *position += 1;
        let (text, nullable) = match line.words[1].strip_suffix('?') {
            Some(text) => (text, Versions::ALL),
            None => (line.words[1], Versions::NONE),
        };
        let nested = fields_below(lines, position, line.indent);
        let mut field = Field {
            name: line.words[0],
            kind: kind(text, nested),
            versions: Versions::ALL,
            nullable,
            tag: None,
            default: Value::Null,
            ignorable: false,
        };
        let default = options(&mut field, &line.words[2..]);
        field.default = default_value(&field, default);
        fields.push(field);
    }
    fields
}

fn fields_below(lines: &[Line], position: &mut usize, indent: usize) -> Vec<Field> {
    if lines.get(*position).is_some_and(|line| line.indent > indent) {
        fields(lines, position, indent)
    } else {
        Vec::new()
    }
}

/// Reads the words after the type into `field`; returns the default's text.
fn options(field: &mut Field, words: &[&'static str]) -> Option<&'static str> {
    let mut default = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "ignorable" {
            field.ignorable = true;
            continue;
        }
        let argument = words.next().unwrap_or_else(|| panic!("{}: {word} needs an argument", field.name));
        match *word {
            "versions" => field.versions = versions(argument),
            "nullable" => field.nullable = versions(argument),
            "tag" => field.tag = Some(argument.parse().expect("a tag is a number")),
            "default" => default = Some(*argument),
            other => panic!("{}: {other} is not part of the schema language", field.name),
        }
    }
    default
}

fn versions(text: &str) -> Versions {
    let number = |text: &str| text.parse::<i16>().expect("a version is a number");
    match (text.strip_suffix('+'), text.split_once('-')) {
        (Some(first), _) => Versions { first: number(first), last: i16::MAX },
        (None, Some((first, last))) => Versions { first: number(first), last: number(last) },
        (None, None) => Versions { first: number(text), last: number(text) },
    }
}

fn kind(text: &str, nested: Vec<Field>) -> Kind {
    if let Some(element) = text.strip_prefix("[]") {
        return Kind::Array(Box::new(kind(element, nested)));
    }
    match text {
        "bool" => Kind::Bool,
        "int8" => Kind::Int8,
        "int16" => Kind::Int16,
        "uint16" => Kind::Uint16,
        "int32" => Kind::Int32,
        "uint32" => Kind::Uint32,
        "int64" => Kind::Int64,
        "float64" => Kind::Float64,
        "uuid" => Kind::Uuid,
        "string" => Kind::String,
        "bytes" => Kind::Bytes,
        "struct" => Kind::Struct(nested),
        other => panic!("{other} is not a type of the schema language"),
    }
}

/// Kafka's defaults: zero, empty, false, unless the text says otherwise.
fn default_value(field: &Field, text: Option<&'static str>) -> Value {
    let text = match text {
        Some("null") => return Value::Null,
        other => other,
    };
    let number = || text.map_or(0, |text| text.parse::<i64>().expect("a default is a number"));
    let fits = "a default fits its type";
    match &field.kind {
        Kind::Bool => Value::Bool(text == Some("true")),
        Kind::Int8 => Value::Int8(number().try_into().expect(fits)),
        Kind::Int16 => Value::Int16(number().try_into().expect(fits)),
        Kind::Uint16 => Value::Uint16(number().try_into().expect(fits)),
        Kind::Int32 => Value::Int32(number().try_into().expect(fits)),
        Kind::Uint32 => Value::Uint32(number().try_into().expect(fits)),
        Kind::Int64 => Value::Int64(number()),
        Kind::Float64 => Value::Float64(0),
        Kind::Uuid => Value::Uuid(0),
        Kind::String => Value::String(text.unwrap_or_default().into()),
        Kind::Bytes => Value::Bytes(bytes::Bytes::new()),
        Kind::Array(_) => Value::Array(Vec::new()),
        Kind::Struct(fields) => Value::defaults(fields),
    }
}

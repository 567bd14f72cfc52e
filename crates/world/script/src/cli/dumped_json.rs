//! Kafka's own records as `kafka-dump-log` prints them: as the JSON of the generated `JsonConverter`s, on one line as Jackson
//! writes it. It knows schemas, not what records mean.

use super::json::string;
use base::{FlatMap, TopicId};
use bytes::Bytes;
use records::Record;
use schema::{Field, Kind, Schema, Value, consumer_protocol, metadata, offsets};

/// `ClusterMetadataLogMessageParser`.
pub(crate) fn of_metadata(record: &Record) -> String {
    match metadata::read(&record.value.clone().unwrap_or_default()) {
        Ok(read) => {
            let kind = constant(read.schema.name);
            let data = message(read.schema, read.version, &read.value);
            format!("{{\"type\":\"{kind}\",\"version\":{},\"data\":{data}}}", read.version)
        }
        Err(error) => format!("Error at {}, skipping. {error}", record.offset),
    }
}

/// `OffsetsMessageParser`: a key and a value; a kind that is not known has no value.
pub(crate) fn of_group(record: &Record) -> (String, Option<String>) {
    let key = record.key.clone().unwrap_or_default();
    let kind = key.first_chunk::<2>().map_or(-1, |kind| i16::from_be_bytes(*kind));
    let at = record.offset;
    let (schema, value_schema, read) = match offsets::read_key(&key) {
        Ok(offsets::OffsetsKey::OffsetCommit(read)) => {
            (offsets::offset_commit_key(), offsets::offset_commit_value(), read)
        }
        Ok(offsets::OffsetsKey::GroupMetadata(read)) => {
            (offsets::group_metadata_key(), offsets::group_metadata_value(), read)
        }
        Err(schema::SchemaError::UnknownKey { key }) => {
            return (format!("Unknown record type {key} at offset {at}, skipping."), None);
        }
        Err(error) => return (format!("Error at offset {at}, skipping. {error}"), None),
    };
    let key = format!("{{\"type\":\"{kind}\",\"data\":{}}}", message(schema, 0, &read));
    let Some(bytes) = &record.value else { return (key, Some("<DELETE>".to_owned())) };
    match offsets::read_value(value_schema, bytes) {
        Ok((version, value)) => {
            let data = message(value_schema, version, &value);
            (key, Some(format!("{{\"version\":\"{version}\",\"data\":{data}}}")))
        }
        Err(error) => (format!("Error at offset {at}, skipping. {error}"), None),
    }
}

/// A whole message as its converter of that version writes it.
pub(crate) fn message(schema: &Schema, version: i16, value: &Value) -> String {
    fields(&schema.fields, version, value)
}

/// `TopicRecord` is `TOPIC_RECORD`.
fn constant(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// What the version has; tagged fields only where they are not at their default.
fn fields(fields: &[Field], version: i16, value: &Value) -> String {
    let given: FlatMap<&str, &Value> = match value {
        Value::Struct(given) => given.iter().map(|(name, value)| (*name, value)).collect(),
        _null => return "null".to_owned(),
    };
    let of_version = fields.iter().filter(|field| field.versions.contains(version));
    let written = of_version.filter_map(|field| {
        let value = given.get(field.name).copied()?;
        let is_left_out = field.tag.is_some() && *value == field.default;
        (!is_left_out).then(|| format!("\"{}\":{}", field.name, one(field, version, value)))
    });
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

/// What members say to each other travels as bytes inside, and is read (`prepareGroupMetadataValue`).
fn one(field: &Field, version: i16, value: &Value) -> String {
    let inner = match field.name {
        "subscription" => Some(consumer_protocol::subscription()),
        "assignment" => Some(consumer_protocol::assignment()),
        _plain => None,
    };
    if let (Some(schema), Value::Bytes(bytes)) = (inner, value)
        && let Ok((version, value)) = consumer_protocol::read(schema, bytes)
    {
        return message(schema, version.min(schema.versions.last), &value);
    }
    of_kind(&field.kind, version, value)
}

fn of_kind(kind: &Kind, version: i16, value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int8(value) => value.to_string(),
        Value::Int16(value) => value.to_string(),
        Value::Uint16(value) => value.to_string(),
        Value::Int32(value) => value.to_string(),
        Value::Uint32(value) => value.to_string(),
        Value::Int64(value) => value.to_string(),
        Value::Float64(bits) => java_double(f64::from_bits(*bits)),
        Value::Uuid(value) => format!("\"{}\"", TopicId(*value)),
        Value::String(text) => string(text),
        Value::Bytes(bytes) => format!("\"{}\"", base64(bytes)),
        Value::Array(items) => {
            let items = items.iter().map(|item| match kind {
                Kind::Array(element) => of_kind(element, version, item),
                _no_array => of_kind(kind, version, item),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Value::Struct(_) => match kind {
            Kind::Struct(own) => fields(own, version, value),
            _no_struct => "null".to_owned(),
        },
    }
}

/// `Double.toString` of what quotas hold: whole numbers end with `.0`.
fn java_double(value: f64) -> String {
    let text = base::plain_double(value);
    if text.contains('.') { text } else { text + ".0" }
}

/// `BinaryNode`: standard digits, with padding.
fn base64(bytes: &Bytes) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= chunk.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Offset, Timestamp};

    fn record(key: Option<Bytes>, value: Option<Bytes>) -> Record {
        Record { offset: Offset(3), timestamp: Timestamp(0), sequence: -1, key, value, headers: Vec::new() }
    }

    #[test]
    fn records_are_written_as_jackson_writes_them() {
        let topic = Value::record().with("name", "o\"r").with("topicId", TopicId(7));
        let bytes = metadata::write(metadata::topic_record(), 0, &topic).expect("a topic");
        assert_eq!(
            of_metadata(&record(None, Some(bytes))),
            "{\"type\":\"TOPIC_RECORD\",\"version\":0,\"data\":{\"name\":\"o\\\"r\",\"topicId\":\"AAAAAAAAAAAAAAAAAAAABw\"}}"
        );
        let key = Value::record().with("group", "g").with("topic", "o").with("partition", 1);
        let key = offsets::write_key(offsets::offset_commit_key(), &key).expect("a key");
        let value = Value::record().with("offset", 7_i64).with("metadata", "").with("commitTimestamp", 9_i64);
        let value = offsets::write_value(offsets::offset_commit_value(), 4, &value).expect("a value");
        let (key_said, said) = of_group(&record(Some(key.clone()), Some(value)));
        assert_eq!(key_said, "{\"type\":\"1\",\"data\":{\"group\":\"g\",\"topic\":\"o\",\"partition\":1}}");
        assert_eq!(
            said.as_deref(),
            Some(
                "{\"version\":\"4\",\"data\":{\"offset\":7,\"leaderEpoch\":-1,\"metadata\":\"\",\"commitTimestamp\":9}}"
            )
        );
        assert_eq!(of_group(&record(Some(key), None)).1.as_deref(), Some("<DELETE>"));
        let odd = of_group(&record(Some(Bytes::from_static(&[0, 99])), None)).0;
        assert_eq!(odd, "Unknown record type 99 at offset 3, skipping.");
    }

    #[test]
    fn bytes_are_base64() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(&Bytes::from_static(bytes.as_bytes())), text);
        }
    }
}

//! What Kafka's own records say, field by field, by the schemas that wrote them: `__consumer_offsets`, the metadata log,
//! and control records. Fields have Kafka's names.

use base::{Str, TopicId};
use bytes::Bytes;
use metadata::topic_name;
use records::{Batch, ControlType, Record};
use schema::{Schema, SchemaError, Value, consumer_protocol, control, offsets};

use super::{Look, property};
use crate::inspector::METADATA_LOG;
use crate::{PropertyView, SectionView};

/// Fields that are listed of one record; a group may have a thousand members.
const FIELDS: usize = 64;

/// A record's sections; none of what applications write.
pub(super) fn sections(look: &Look<'_>, topic: &str, (batch, record): (&Batch, &Record)) -> Vec<SectionView> {
    match topic {
        _ if batch.is_control() => control_record(look, batch, record),
        METADATA_LOG => vec![metadata_record(look, record)],
        topic_name::GROUP_METADATA => group_record(look, record),
        _an_application => Vec::new(),
    }
}

fn section(title: String, value: &Value) -> SectionView {
    let mut rows = Vec::new();
    walk(&mut rows, "", value);
    SectionView { title, rows }
}

/// Damaged bytes, or a kind that this release does not know: a reader skips it.
fn unread(look: &Look<'_>, title: &str, error: &SchemaError) -> SectionView {
    SectionView { title: title.to_owned(), rows: vec![property(look.text.contents.unread, error)] }
}

fn metadata_record(look: &Look<'_>, record: &Record) -> SectionView {
    let bytes = record.value.clone().unwrap_or_default();
    match schema::metadata::read(&bytes) {
        Ok(read) => section(format!("{} v{}", read.schema.name, read.version), &read.value),
        Err(error) => unread(look, METADATA_LOG, &error),
    }
}

fn control_record(look: &Look<'_>, batch: &Batch, record: &Record) -> Vec<SectionView> {
    let Some(kind) = batch.control_type() else { return Vec::new() };
    let title = kind.name().to_owned();
    let value = record.value.clone().unwrap_or_default();
    match kind {
        ControlType::LeaderChange => match control::read_leader_change(&value) {
            Ok(value) => vec![section(title, &value)],
            Err(error) => vec![unread(look, &title, &error)],
        },
        ControlType::Abort
        | ControlType::Commit
        | ControlType::SnapshotHeader
        | ControlType::SnapshotFooter
        | ControlType::KRaftVersion
        | ControlType::KRaftVoters => vec![SectionView { title, rows: Vec::new() }],
    }
}

/// A commit, or what the coordinator keeps of a group.
fn group_record(look: &Look<'_>, record: &Record) -> Vec<SectionView> {
    let key = record.key.clone().unwrap_or_default();
    let (key_schema, key, value_schema) = match offsets::read_key(&key) {
        Ok(offsets::OffsetsKey::OffsetCommit(key)) => {
            (offsets::offset_commit_key(), key, offsets::offset_commit_value())
        }
        Ok(offsets::OffsetsKey::GroupMetadata(key)) => {
            (offsets::group_metadata_key(), key, offsets::group_metadata_value())
        }
        Err(error) => return vec![unread(look, "key", &error)],
    };
    let value = match &record.value {
        None => {
            SectionView { title: value_schema.name.to_owned(), rows: vec![property("", look.text.contents.removed)] }
        }
        Some(bytes) => read_value(look, value_schema, bytes),
    };
    vec![section(key_schema.name.to_owned(), &key), value]
}

fn read_value(look: &Look<'_>, schema: &Schema, bytes: &Bytes) -> SectionView {
    match offsets::read_value(schema, bytes) {
        Ok((version, value)) => section(format!("{} v{version}", schema.name), &value),
        Err(error) => unread(look, schema.name, &error),
    }
}

/// A value's fields by their paths: `members[0].clientId`. Lists of plain values are one row.
fn walk(rows: &mut Vec<PropertyView>, path: &str, value: &Value) {
    if rows.len() >= FIELDS {
        return;
    }
    match value {
        Value::Struct(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                walk(rows, &path, value);
            }
        }
        Value::Array(items) if items.iter().any(|item| matches!(item, Value::Struct(_))) => {
            for (index, item) in items.iter().enumerate() {
                walk(rows, &format!("{path}[{index}]"), item);
            }
        }
        // What members say to each other travels as bytes inside.
        Value::Bytes(bytes) => match nested(path, bytes) {
            Some(inner) => walk(rows, path, &inner),
            None => rows.push(property(path, format!("{} B", bytes.len()))),
        },
        Value::Null
        | Value::Bool(_)
        | Value::Int8(_)
        | Value::Int16(_)
        | Value::Uint16(_)
        | Value::Int32(_)
        | Value::Uint32(_)
        | Value::Int64(_)
        | Value::Float64(_)
        | Value::Uuid(_)
        | Value::String(_)
        | Value::Array(_) => rows.push(property(path, plain(value))),
    }
}

/// A member's subscription or assignment (`ConsumerProtocol`).
fn nested(path: &str, bytes: &Bytes) -> Option<Value> {
    let schema = match path.rsplit_once('.')?.1 {
        "subscription" => consumer_protocol::subscription(),
        "assignment" => consumer_protocol::assignment(),
        _plain_bytes => return None,
    };
    consumer_protocol::read(schema, bytes).ok().map(|(_, value)| value)
}

fn plain(value: &Value) -> Str {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string().into(),
        Value::Int8(value) => value.to_string().into(),
        Value::Int16(value) => value.to_string().into(),
        Value::Uint16(value) => value.to_string().into(),
        Value::Int32(value) => value.to_string().into(),
        Value::Uint32(value) => value.to_string().into(),
        Value::Int64(value) => value.to_string().into(),
        Value::Float64(bits) => base::plain_double(f64::from_bits(*bits)).into(),
        Value::Uuid(value) => TopicId(*value).to_string().into(),
        Value::String(text) => format!("“{text}”").into(),
        Value::Bytes(bytes) => format!("{} B", bytes.len()).into(),
        Value::Array(items) => {
            let items: Vec<Str> = items.iter().take(FIELDS).map(plain).collect();
            format!("[{}]", items.join(", ")).into()
        }
        Value::Struct(_) => Str::default(),
    }
}

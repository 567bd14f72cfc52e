//! Records of `__consumer_offsets` (semantics 12.7; `GroupCoordinatorRecordSerde`). A key opens with
//! its record type as an int16, a value with its version as an int16; a null value is a tombstone.
//! The core writes offsets with version 4 and groups with version 3, as Kafka 4.3.0 does
//! (`GroupCoordinatorRecordHelpers`).

use crate::{Schema, SchemaError, Value, decode, encode_prefixed};
use bytes::Bytes;
use std::sync::LazyLock;

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| Schema::parse(include_str!("../schemas/offsets.txt")));

/// The version with which offsets are written: flexible, with the topic's id where it is known.
/// (A commit with an expiry of its own, from requests up to version 4, is written with version 1.)
pub const OFFSET_COMMIT_VALUE_VERSION: i16 = 4;
/// The version with which groups are written.
pub const GROUP_METADATA_VALUE_VERSION: i16 = 3;

/// A key of `__consumer_offsets`, by record type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OffsetsKey {
    /// Types 0 and 1: fields `group`, `topic`, `partition`.
    OffsetCommit(Value),
    /// Type 2: field `group`.
    GroupMetadata(Value),
}

/// Fields: `group`, `topic`, `partition`.
pub fn offset_commit_key() -> &'static Schema {
    named("OffsetCommitKey")
}

/// Fields: `offset`, `leaderEpoch`, `metadata`, `commitTimestamp`, `topicId`.
pub fn offset_commit_value() -> &'static Schema {
    named("OffsetCommitValue")
}

/// Field: `group`.
pub fn group_metadata_key() -> &'static Schema {
    named("GroupMetadataKey")
}

/// Fields: `protocolType`, `generation`, `protocol`, `leader`, `currentStateTimestamp`, `members`.
pub fn group_metadata_value() -> &'static Schema {
    named("GroupMetadataValue")
}

/// The bytes of a key: its record type, then the fields. Errors as [`crate::encode`].
pub fn write_key(schema: &Schema, value: &Value) -> Result<Bytes, SchemaError> {
    let key = schema.key.ok_or(SchemaError::UnknownKey { key: -1 })?;
    let mut bytes = key.to_be_bytes().to_vec();
    crate::encode::write(schema, 0, value, &mut bytes)?;
    Ok(bytes.into())
}

/// The bytes of a value: its version, then the fields. Errors as [`crate::encode`].
pub fn write_value(schema: &Schema, version: i16, value: &Value) -> Result<Bytes, SchemaError> {
    encode_prefixed(schema, version, value)
}

/// Reads a key.
///
/// # Errors
/// `UnknownKey` for a record type of a later slice (a reader skips those), or damaged bytes.
pub fn read_key(bytes: &Bytes) -> Result<OffsetsKey, SchemaError> {
    let prefix = bytes.first_chunk::<2>().ok_or(SchemaError::Truncated { field: "record type" })?;
    let body = |schema: &Schema| decode(schema, 0, &bytes.slice(2..)).map(|(value, _)| value);
    match i16::from_be_bytes(*prefix) {
        0 | 1 => body(offset_commit_key()).map(OffsetsKey::OffsetCommit),
        2 => body(group_metadata_key()).map(OffsetsKey::GroupMetadata),
        key => Err(SchemaError::UnknownKey { key: i64::from(key) }),
    }
}

/// Reads a value with its version. Unlike the consumers' own formats, an unknown version is an error.
pub fn read_value(schema: &Schema, bytes: &Bytes) -> Result<(i16, Value), SchemaError> {
    let prefix = bytes.first_chunk::<2>().ok_or(SchemaError::Truncated { field: "version" })?;
    let version = i16::from_be_bytes(*prefix);
    decode(schema, version, &bytes.slice(2..)).map(|(value, _)| (version, value))
}

fn named(name: &str) -> &'static Schema {
    SCHEMAS.iter().find(|schema| schema.name == name).expect("schemas/offsets.txt has this record")
}

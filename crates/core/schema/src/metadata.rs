//! Records of the metadata log and their frame (`MetadataRecordSerde`, KIP-631): unsigned varint
//! frame version 1, unsigned varint api key, unsigned varint version, then the body.
//!
//! ```
//! use schema::{Value, metadata};
//! let bytes = metadata::write(metadata::topic_record(), 0, &Value::record().with("name", "a")).unwrap();
//! let record = metadata::read(&bytes).unwrap();
//! assert_eq!((record.schema.name, record.version), ("TopicRecord", 0));
//! ```

use crate::{Schema, SchemaError, Value, decode, encode};
use bytes::Bytes;
use std::sync::LazyLock;

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| Schema::parse(include_str!("../schemas/metadata.txt")));

/// The frame version that `MetadataRecordSerde` writes and reads.
const FRAME_VERSION: u32 = 1;

/// A record of the metadata log as read from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataRecord {
    pub schema: &'static Schema,
    pub version: i16,
    pub value: Value,
}

/// Every record type, in the order of api keys.
pub fn all() -> &'static [Schema] {
    &SCHEMAS
}

/// The record type with that api key.
pub fn by_key(key: i16) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.key == Some(key))
}

/// The bytes of one record with its frame. Errors as [`crate::encode`].
pub fn write(schema: &Schema, version: i16, value: &Value) -> Result<Bytes, SchemaError> {
    let key = schema.key.ok_or(SchemaError::UnknownKey { key: -1 })?;
    let mut bytes = Vec::with_capacity(64);
    encode::varint(FRAME_VERSION, &mut bytes);
    encode::varint(key as u32, &mut bytes);
    encode::varint(version as u32, &mut bytes);
    encode::write(schema, version, value, &mut bytes)?;
    Ok(bytes.into())
}

/// Reads one record with its frame.
///
/// # Errors
/// Another frame version, an unknown key or version, a damaged body, or bytes behind it.
pub fn read(bytes: &Bytes) -> Result<MetadataRecord, SchemaError> {
    let (schema, version, start) = frame(bytes)?;
    let (value, rest) = decode(schema, version, &bytes.slice(start..))?;
    if rest.is_empty() {
        Ok(MetadataRecord { schema, version, value })
    } else {
        Err(SchemaError::BadLength { field: schema.name, length: bytes.len() as i64 })
    }
}

/// The record's schema and version, and where its body starts.
pub fn frame(bytes: &Bytes) -> Result<(&'static Schema, i16, usize), SchemaError> {
    let mut position = 0;
    let mut next = |field| {
        let (value, length) = decode::read_varint(&bytes[position..], field)?;
        position += length;
        Ok(value)
    };
    let frame = next("frame version")?;
    if frame != FRAME_VERSION {
        return Err(SchemaError::BadLength { field: "frame version", length: i64::from(frame) });
    }
    let key = next("api key")?;
    let version = next("version")?;
    let known = i16::try_from(key).ok().and_then(by_key);
    let schema = known.ok_or(SchemaError::UnknownKey { key: i64::from(key) })?;
    let version = i16::try_from(version)
        .map_err(|_| SchemaError::UnsupportedVersion { schema: schema.name, version: i16::MAX })?;
    Ok((schema, version, position))
}

fn named(name: &str) -> &'static Schema {
    SCHEMAS.iter().find(|schema| schema.name == name).expect("schemas/metadata.txt has this record")
}

/// One function per record type, so that a misspelt name does not compile.
macro_rules! records {
    ($($(#[$doc:meta])* $function:ident $name:literal,)*) => {$(
        $(#[$doc])*
        pub fn $function() -> &'static Schema {
            static SCHEMA: LazyLock<&'static Schema> = LazyLock::new(|| named($name));
            *SCHEMA
        }
    )*};
}

records! {
    /// Api key 0, versions 0-4.
    register_broker_record "RegisterBrokerRecord",
    /// Api key 1, versions 0.
    unregister_broker_record "UnregisterBrokerRecord",
    /// Api key 2, versions 0.
    topic_record "TopicRecord",
    /// Api key 3, versions 0-2.
    partition_record "PartitionRecord",
    /// Api key 4, versions 0.
    config_record "ConfigRecord",
    /// Api key 5, versions 0-2.
    partition_change_record "PartitionChangeRecord",
    /// Api key 7, versions 0.
    fence_broker_record "FenceBrokerRecord",
    /// Api key 8, versions 0.
    unfence_broker_record "UnfenceBrokerRecord",
    /// Api key 9, versions 0.
    remove_topic_record "RemoveTopicRecord",
    /// Api key 12, versions 0.
    feature_level_record "FeatureLevelRecord",
    /// Api key 14, versions 0.
    client_quota_record "ClientQuotaRecord",
    /// Api key 15, versions 0.
    producer_ids_record "ProducerIdsRecord",
    /// Api key 17, versions 0-3.
    broker_registration_change_record "BrokerRegistrationChangeRecord",
    /// Api key 20, versions 0.
    no_op_record "NoOpRecord",
    /// Api key 23, versions 0.
    begin_transaction_record "BeginTransactionRecord",
    /// Api key 24, versions 0.
    end_transaction_record "EndTransactionRecord",
    /// Api key 25, versions 0.
    abort_transaction_record "AbortTransactionRecord",
    /// Api key 27, versions 0.
    register_controller_record "RegisterControllerRecord",
    /// Api key 28, versions 0.
    clear_elr_record "ClearElrRecord",
}

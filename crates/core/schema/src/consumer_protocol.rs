//! What consumers of one group tell each other through the coordinator (`ConsumerProtocol`,
//! semantics 12.7): subscriptions in JoinGroup, assignments in SyncGroup. Version as an int16, then
//! the fields; readers accept newer versions and ignore what follows.

use crate::{Schema, SchemaError, Value, decode_prefixed, encode_prefixed};
use bytes::Bytes;
use std::sync::LazyLock;

pub(crate) static SCHEMAS: LazyLock<Vec<Schema>> =
    LazyLock::new(|| Schema::parse(include_str!("../schemas/embedded.txt")));

/// Fields: `topics`, `userData`, `ownedPartitions` [{`topic`, `partitions`}], `generationId`, `rackId`.
pub fn subscription() -> &'static Schema {
    named("ConsumerProtocolSubscription")
}

/// Fields: `assignedPartitions` [{`topic`, `partitions`}], `userData`.
pub fn assignment() -> &'static Schema {
    named("ConsumerProtocolAssignment")
}

/// The bytes of a subscription or an assignment, in the newest version as Kafka's consumer writes
/// it. Errors as [`crate::encode`].
pub fn write(schema: &Schema, value: &Value) -> Result<Bytes, SchemaError> {
    encode_prefixed(schema, schema.versions.last, value)
}

/// Reads a subscription or an assignment; returns the version that its writer used.
pub fn read(schema: &Schema, bytes: &Bytes) -> Result<(i16, Value), SchemaError> {
    decode_prefixed(schema, bytes)
}

pub(crate) fn named(name: &str) -> &'static Schema {
    SCHEMAS.iter().find(|schema| schema.name == name).expect("schemas/embedded.txt has this format")
}

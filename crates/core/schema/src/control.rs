//! Control records of the quorum: what a new leader appends to open its epoch (KIP-595). The
//! record's key, which says that it is a control record of this type, is the business of `records`.

use crate::{Schema, SchemaError, Value, consumer_protocol, decode, encode};
use base::BrokerId;
use bytes::Bytes;

/// The version that Kafka 4.3.0 writes (`ControlRecordUtils.LEADER_CHANGE_CURRENT_VERSION`).
pub const LEADER_CHANGE_VERSION: i16 = 0;

/// `LeaderChangeMessage`, versions 0 and 1. Fields: `version`, `leaderId`, `voters` and
/// `grantingVoters` [{`voterId`, `voterDirectoryId` from version 1}]. The field `version` stands
/// first and repeats the version written.
pub fn leader_change_message() -> &'static Schema {
    consumer_protocol::named("LeaderChangeMessage")
}

/// The value of the record with which `leader` opens its epoch.
pub fn write_leader_change(leader: BrokerId, voters: &[BrokerId], granting: &[BrokerId]) -> Bytes {
    let list = |ids: &[BrokerId]| ids.iter().map(|id| Value::record().with("voterId", *id)).collect::<Value>();
    let message = Value::record()
        .with("version", LEADER_CHANGE_VERSION)
        .with("leaderId", leader)
        .with("voters", list(voters))
        .with("grantingVoters", list(granting));
    encode(leader_change_message(), LEADER_CHANGE_VERSION, &message).expect("the message fits its own schema")
}

/// Reads such a value, of either version.
pub fn read_leader_change(bytes: &Bytes) -> Result<Value, SchemaError> {
    let prefix = bytes.first_chunk::<2>().ok_or(SchemaError::Truncated { field: "version" })?;
    let (value, _) = decode(leader_change_message(), i16::from_be_bytes(*prefix), bytes)?;
    Ok(value)
}

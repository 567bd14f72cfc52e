//! Control records of the quorum: what a new leader appends to open its epoch (KIP-595).

use crate::{Schema, consumer_protocol};

/// `LeaderChangeMessage`, versions 0 and 1. Fields: `version`, `leaderId`, `voters` and
/// `grantingVoters` [{`voterId`, `voterDirectoryId` from version 1}]. The record's value has no
/// version in front: the field `version` (equal to the version written) is read first.
pub fn leader_change_message() -> &'static Schema {
    consumer_protocol::named("LeaderChangeMessage")
}

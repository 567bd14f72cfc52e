//! Groups and offsets as bytes of `__consumer_offsets` and back (`GroupCoordinatorRecordHelpers`,
//! `GroupCoordinatorRecordSerde`; semantics §12.7). How bytes are laid out is the crate `schema`'s business.

use crate::image::{GroupMetadata, GroupRecord, MemberMetadata};
use crate::offsets::CommittedOffset;
use crate::runtime::KeyValue;
use base::{GroupId, Shared, Span, Str, TopicPartition};
use bytes::Bytes;
use schema::offsets::{
    GROUP_METADATA_VALUE_VERSION, OFFSET_COMMIT_VALUE_VERSION, OffsetsKey, group_metadata_key, group_metadata_value,
    offset_commit_key, offset_commit_value, read_key, read_value, write_key, write_value,
};
use schema::{SchemaError, Value};

/// Longer texts have no place in a record; requests that carry one are refused before.
pub(crate) const TEXT_MAX: usize = 16_000;

const FITS: &str = "a text that is too long was refused with its request";

/// The record's bytes.
pub(crate) fn encode(record: &GroupRecord) -> KeyValue {
    match record {
        GroupRecord::Group(id, group) => (group_key(id), group.as_deref().map(group_value)),
        GroupRecord::Offset(group, partition, offset) => {
            (offset_key(group, partition), offset.as_ref().map(offset_value))
        }
    }
}

/// Version 2 of `GroupMetadataKey`: the version in front tells kinds of keys apart.
fn group_key(group: &GroupId) -> Bytes {
    write_key(group_metadata_key(), &Value::record().with("group", group.clone())).expect(FITS)
}

/// `GroupMetadataValue`: members with subscriptions and assignments, in bytes.
fn group_value(group: &GroupMetadata) -> Bytes {
    let value = Value::record()
        .with("protocolType", group.protocol_type.clone().unwrap_or_default())
        .with("generation", group.generation)
        .with("protocol", group.protocol.clone())
        .with("leader", group.leader.clone())
        .with("currentStateTimestamp", group.state_since)
        .with("members", group.members.iter().map(member_value).collect::<Value>());
    write_value(group_metadata_value(), GROUP_METADATA_VALUE_VERSION, &value).expect(FITS)
}

fn member_value(member: &MemberMetadata) -> Value {
    Value::record()
        .with("memberId", member.id.clone())
        .with("groupInstanceId", member.instance_id.clone())
        .with("clientId", member.client_id.clone())
        .with("clientHost", "")
        .with("rebalanceTimeout", millis(member.rebalance_timeout))
        .with("sessionTimeout", millis(member.session_timeout))
        .with("subscription", member.subscription.clone())
        .with("assignment", member.assignment.clone())
}

fn millis(span: Span) -> i32 {
    i32::try_from(span.as_millis()).unwrap_or(i32::MAX)
}

/// Version 1 of `OffsetCommitKey`.
fn offset_key(group: &GroupId, partition: &TopicPartition) -> Bytes {
    let key = Value::record()
        .with("group", group.clone())
        .with("topic", partition.topic.clone())
        .with("partition", partition.partition);
    write_key(offset_commit_key(), &key).expect(FITS)
}

/// `OffsetCommitValue`.
fn offset_value(offset: &CommittedOffset) -> Bytes {
    let value = Value::record()
        .with("offset", offset.offset)
        .with("leaderEpoch", offset.leader_epoch)
        .with("metadata", offset.metadata.clone())
        .with("commitTimestamp", offset.commit_time)
        .with("topicId", offset.topic_id);
    write_value(offset_commit_value(), OFFSET_COMMIT_VALUE_VERSION, &value).expect(FITS)
}

/// What a record says.
///
/// # Errors
/// The schema's; `UnknownKey` for a record type that this coordinator does not know, which a
/// reader skips.
pub(crate) fn read(key: &Bytes, value: Option<&Bytes>) -> Result<GroupRecord, SchemaError> {
    match read_key(key)? {
        OffsetsKey::OffsetCommit(key) => {
            let offset = match value {
                None => None,
                Some(bytes) => Some(read_offset(&read_value(offset_commit_value(), bytes)?.1)),
            };
            let partition = TopicPartition { topic: key.get("topic"), partition: key.get("partition") };
            Ok(GroupRecord::Offset(key.get("group"), partition, offset))
        }
        OffsetsKey::GroupMetadata(key) => {
            let id: GroupId = key.get("group");
            let group = match value {
                None => None,
                Some(bytes) => Some(Shared::new(read_group(&read_value(group_metadata_value(), bytes)?.1))),
            };
            Ok(GroupRecord::Group(id, group))
        }
    }
}

fn read_offset(value: &Value) -> CommittedOffset {
    CommittedOffset {
        offset: value.get("offset"),
        topic_id: value.get("topicId"),
        leader_epoch: value.get("leaderEpoch"),
        metadata: value.get("metadata"),
        commit_time: value.get("commitTimestamp"),
    }
}

fn read_group(value: &Value) -> GroupMetadata {
    GroupMetadata {
        protocol_type: Some(value.get::<Str>("protocolType")).filter(|name| !name.is_empty()),
        generation: value.get("generation"),
        protocol: value.get("protocol"),
        leader: value.get("leader"),
        state_since: value.get("currentStateTimestamp"),
        members: value.items("members").iter().map(read_member).collect(),
    }
}

fn read_member(value: &Value) -> MemberMetadata {
    let session_timeout: i32 = value.get("sessionTimeout");
    let rebalance_timeout = match value.get::<i32>("rebalanceTimeout") {
        -1 => session_timeout,
        millis => millis,
    };
    MemberMetadata {
        id: value.get("memberId"),
        instance_id: value.get("groupInstanceId"),
        client_id: value.get("clientId"),
        rebalance_timeout: Span::from_millis(rebalance_timeout.max(0) as u64),
        session_timeout: Span::from_millis(session_timeout.max(0) as u64),
        subscription: value.get("subscription"),
        assignment: value.get("assignment"),
    }
}

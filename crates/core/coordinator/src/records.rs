//! Groups and offsets as records of `__consumer_offsets` and back
//! (`GroupCoordinatorRecordHelpers`, `GroupMetadataManager.replay`; semantics §12.7). The bytes are
//! the crate `schema`'s business.

use crate::group::ClassicGroup;
use crate::member::Member;
use crate::offsets::CommittedOffset;
use base::{FlatMap, GroupId, Span, Str, Timestamp, TopicPartition};
use bytes::Bytes;
use port::GroupState;
use schema::offsets::{
    GROUP_METADATA_VALUE_VERSION, OFFSET_COMMIT_VALUE_VERSION, OffsetsKey, group_metadata_key, group_metadata_value,
    offset_commit_key, offset_commit_value, read_key, read_value, write_key, write_value,
};
use schema::{SchemaError, Value};

/// A record's key and value; without a value it is a tombstone.
pub(crate) type KeyValue = (Bytes, Option<Bytes>);

/// What one record of the log says.
#[derive(Debug)]
pub(crate) enum Replayed {
    Group(GroupId, Option<Box<ClassicGroup>>),
    Offset(GroupId, TopicPartition, Option<CommittedOffset>),
}

/// Longer texts have no place in a record; requests that carry one are refused before.
pub(crate) const TEXT_MAX: usize = 16_000;

const FITS: &str = "a text that is too long was refused with its request";

/// The record of the group as it stands.
pub(crate) fn group_record(group: &ClassicGroup) -> KeyValue {
    let assignment = group.members.values().map(|member| (member.id.clone(), member.assignment.clone())).collect();
    group_record_with(group, &assignment)
}

/// The record of the group with an assignment that its members do not have yet.
pub(crate) fn group_record_with(group: &ClassicGroup, assignment: &FlatMap<Str, Bytes>) -> KeyValue {
    let protocol = group.protocol.clone().unwrap_or_default();
    let members = group.members.values().map(|member| {
        let assigned = assignment.get(&member.id).cloned().unwrap_or_default();
        member_value(member, &protocol, assigned)
    });
    let value = Value::record()
        .with("protocolType", group.protocol_type.clone().unwrap_or_default())
        .with("generation", group.generation)
        .with("protocol", group.protocol.clone())
        .with("leader", group.leader.clone())
        .with("currentStateTimestamp", group.state_since)
        .with("members", members.collect::<Value>());
    group_key_value(&group.id, &value)
}

/// The record with which a new group begins (`newEmptyGroupMetadataRecord`).
pub(crate) fn empty_group_record(group: &GroupId) -> KeyValue {
    let value = Value::record()
        .with("protocolType", "")
        .with("generation", 0_i32)
        .with("protocol", None::<Str>)
        .with("leader", None::<Str>)
        .with("currentStateTimestamp", -1_i64)
        .with("members", Vec::<Value>::new());
    group_key_value(group, &value)
}

fn group_key_value(group: &GroupId, value: &Value) -> KeyValue {
    let key = write_key(group_metadata_key(), &Value::record().with("group", group.clone())).expect(FITS);
    let value = write_value(group_metadata_value(), GROUP_METADATA_VALUE_VERSION, value).expect(FITS);
    (key, Some(value))
}

fn member_value(member: &Member, protocol: &str, assignment: Bytes) -> Value {
    Value::record()
        .with("memberId", member.id.clone())
        .with("groupInstanceId", member.instance_id.clone())
        .with("clientId", member.client_id.clone())
        .with("clientHost", "")
        .with("rebalanceTimeout", millis(member.rebalance_timeout))
        .with("sessionTimeout", millis(member.session_timeout))
        .with("subscription", member.metadata(protocol))
        .with("assignment", assignment)
}

fn millis(span: Span) -> i32 {
    i32::try_from(span.as_millis()).unwrap_or(i32::MAX)
}

/// The record of one committed offset.
pub(crate) fn offset_record(group: &GroupId, partition: &TopicPartition, offset: &CommittedOffset) -> KeyValue {
    let value = Value::record()
        .with("offset", offset.offset)
        .with("leaderEpoch", offset.leader_epoch)
        .with("metadata", offset.metadata.clone())
        .with("commitTimestamp", offset.commit_time)
        .with("topicId", offset.topic_id);
    (
        offset_key(group, partition),
        Some(write_value(offset_commit_value(), OFFSET_COMMIT_VALUE_VERSION, &value).expect(FITS)),
    )
}

/// The record that takes a committed offset away.
pub(crate) fn offset_tombstone(group: &GroupId, partition: &TopicPartition) -> KeyValue {
    (offset_key(group, partition), None)
}

fn offset_key(group: &GroupId, partition: &TopicPartition) -> Bytes {
    let key = Value::record()
        .with("group", group.clone())
        .with("topic", partition.topic.clone())
        .with("partition", partition.partition);
    write_key(offset_commit_key(), &key).expect(FITS)
}

/// What a record says.
///
/// # Errors
/// The schema's; `UnknownKey` for a record type that this coordinator does not know, which a
/// reader skips.
pub(crate) fn read(key: &Bytes, value: Option<&Bytes>) -> Result<Replayed, SchemaError> {
    match read_key(key)? {
        OffsetsKey::OffsetCommit(key) => {
            let offset = match value {
                None => None,
                Some(bytes) => Some(read_offset(&read_value(offset_commit_value(), bytes)?.1)),
            };
            let partition = TopicPartition { topic: key.get("topic"), partition: key.get("partition") };
            Ok(Replayed::Offset(key.get("group"), partition, offset))
        }
        OffsetsKey::GroupMetadata(key) => {
            let id: GroupId = key.get("group");
            let group = match value {
                None => None,
                Some(bytes) => Some(Box::new(read_group(&id, &read_value(group_metadata_value(), bytes)?.1))),
            };
            Ok(Replayed::Group(id, group))
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

/// A group with members is taken for Stable, one without for Empty: only finished generations are
/// written.
fn read_group(id: &GroupId, value: &Value) -> ClassicGroup {
    let protocol: Option<Str> = value.get("protocol");
    let members: Vec<Member> =
        (0..).zip(value.items("members")).map(|(ordinal, each)| read_member(each, ordinal, &protocol)).collect();
    let instance_of = |member: &Member| Some((member.instance_id.clone()?, member.id.clone()));
    let mut group = ClassicGroup::empty(id.clone(), value.get::<Timestamp>("currentStateTimestamp"));
    group.state = if members.is_empty() { GroupState::Empty } else { GroupState::Stable };
    group.protocol_type = Some(value.get::<Str>("protocolType")).filter(|name| !name.is_empty());
    group.protocol = protocol;
    group.generation = value.get("generation");
    group.leader = value.get("leader");
    group.next_ordinal = members.len() as u64;
    group.static_members = members.iter().filter_map(instance_of).collect();
    group.members = members.into_iter().map(|member| (member.id.clone(), member)).collect();
    group
}

/// Of the protocols only the selected one is in the log.
fn read_member(value: &Value, ordinal: u64, protocol: &Option<Str>) -> Member {
    let session_timeout: i32 = value.get("sessionTimeout");
    let rebalance_timeout = match value.get::<i32>("rebalanceTimeout") {
        -1 => session_timeout,
        millis => millis,
    };
    Member {
        id: value.get("memberId"),
        instance_id: value.get("groupInstanceId"),
        client_id: value.get("clientId"),
        session_timeout: Span::from_millis(session_timeout.max(0) as u64),
        rebalance_timeout: Span::from_millis(rebalance_timeout.max(0) as u64),
        protocols: protocol.iter().map(|name| (name.clone(), value.get("subscription"))).collect(),
        assignment: value.get("assignment"),
        ordinal,
        is_new: false,
        awaiting_join: None,
        awaiting_sync: None,
    }
}

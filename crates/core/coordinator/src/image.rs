//! What the records of one partition of `__consumer_offsets` say: groups as their last finished generations
//! left them, and committed offsets. A group as it lives, with rounds under way, is `ClassicGroup`.
//!
//! Kafka: `GroupMetadataManager.replay`, `OffsetMetadataManager.replay`; semantics §12.7.

use crate::group::ClassicGroup;
use crate::member::Member;
use crate::offsets::CommittedOffset;
use base::{FlatMap, GroupId, Shared, Span, Str, Timestamp, TopicPartition};
use bytes::Bytes;

/// Committed offsets of one group.
pub type GroupOffsets = FlatMap<TopicPartition, CommittedOffset>;

/// Groups and offsets as their records build them.
#[derive(Clone, Debug, Default, Hash)]
pub struct GroupImage {
    groups: FlatMap<GroupId, Shared<GroupMetadata>>,
    offsets: FlatMap<GroupId, Shared<GroupOffsets>>,
}

/// One change of the image; `None` takes away.
#[derive(Clone, Debug, Hash)]
pub enum GroupRecord {
    Group(GroupId, Option<Shared<GroupMetadata>>),
    Offset(GroupId, TopicPartition, Option<CommittedOffset>),
}

/// A group in the log (`GroupMetadataValue`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupMetadata {
    /// `None`: it only keeps offsets.
    pub protocol_type: Option<Str>,
    pub generation: i32,
    pub protocol: Option<Str>,
    pub leader: Option<Str>,
    /// When the state last changed; −1 unknown.
    pub state_since: Timestamp,
    /// By member id.
    pub members: Vec<MemberMetadata>,
}

/// A member in the log. Of its protocols the log has the selected one only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberMetadata {
    pub id: Str,
    pub instance_id: Option<Str>,
    pub client_id: Str,
    /// In whole milliseconds, as is the session timeout.
    pub rebalance_timeout: Span,
    pub session_timeout: Span,
    pub subscription: Bytes,
    pub assignment: Bytes,
}

impl GroupImage {
    pub fn groups(&self) -> &FlatMap<GroupId, Shared<GroupMetadata>> {
        &self.groups
    }

    /// Committed offsets by group.
    pub fn offsets(&self) -> &FlatMap<GroupId, Shared<GroupOffsets>> {
        &self.offsets
    }

    pub(crate) fn apply(&mut self, record: &GroupRecord) {
        match record {
            GroupRecord::Group(id, Some(group)) => {
                self.groups.insert(id.clone(), group.clone());
            }
            GroupRecord::Group(id, None) => {
                self.groups.remove(id);
            }
            GroupRecord::Offset(group, partition, Some(offset)) => {
                // Offsets without a group: somebody keeps them here without being a member.
                let simple = || Shared::new(GroupMetadata::simple(offset.commit_time));
                self.groups.entry(group.clone()).or_insert_with(simple);
                self.offsets.entry(group.clone()).or_default().insert(partition.clone(), offset.clone());
            }
            GroupRecord::Offset(group, partition, None) => {
                if let Some(offsets) = self.offsets.get_mut(group) {
                    offsets.remove(partition);
                    if offsets.is_empty() {
                        self.offsets.remove(group);
                    }
                }
            }
        }
    }
}

impl GroupRecord {
    /// Whose record it is.
    pub(crate) fn group(&self) -> &GroupId {
        match self {
            GroupRecord::Group(group, _) | GroupRecord::Offset(group, _, _) => group,
        }
    }
}

impl GroupMetadata {
    /// A group without members that begins at generation 0.
    pub(crate) fn simple(state_since: Timestamp) -> GroupMetadata {
        GroupMetadata {
            protocol_type: None,
            generation: 0,
            protocol: None,
            leader: None,
            state_since,
            members: Vec::new(),
        }
    }

    /// The group as it stands, with an assignment that its members may not have yet.
    pub(crate) fn of(group: &ClassicGroup, assignment: impl Fn(&Member) -> Bytes) -> GroupMetadata {
        let protocol = group.protocol.clone().unwrap_or_default();
        let member = |member: &Member| MemberMetadata {
            id: member.id.clone(),
            instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            rebalance_timeout: whole_millis(member.rebalance_timeout),
            session_timeout: whole_millis(member.session_timeout),
            subscription: member.metadata(&protocol),
            assignment: assignment(member),
        };
        GroupMetadata {
            protocol_type: group.protocol_type.clone(),
            generation: group.generation,
            protocol: group.protocol.clone(),
            leader: group.leader.clone(),
            state_since: group.state_since,
            members: group.members.values().map(member).collect(),
        }
    }
}

/// As much of a span as fits into the record's `int32` of milliseconds.
fn whole_millis(span: Span) -> Span {
    Span::from_millis(span.as_millis().min(i32::MAX as u64))
}

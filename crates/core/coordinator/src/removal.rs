//! What an administrator takes away: groups, and offsets of groups that go on (`GroupMetadataManager.createGroupTombstoneRecords`,
//! `OffsetMetadataManager.deleteOffsets`; KIP-229, KIP-496).

use crate::group::ClassicGroup;
use crate::groups::{Deferred, Groups};
use crate::image::{GroupImage, GroupRecord};
use crate::turn::{AfterWrite, GroupWrite, Turn};
use api::{DeleteGroupsResponse, OffsetDeleteRequest, OffsetDeleteResponse};
use base::{ErrorCode, FlatSet, GroupId, Shared, Str, TopicPartition};
use port::GroupState;
use schema::consumer_protocol;

/// The protocol type of consumers.
const CONSUMER: &str = "consumer";

impl ClassicGroup {
    /// May the group be forgotten now (`ClassicGroup.validateDeleteGroup`)?
    fn validate_delete(&self) -> Result<(), ErrorCode> {
        match self.state {
            GroupState::Dead => Err(ErrorCode::GroupIdNotFound),
            GroupState::Stable | GroupState::PreparingRebalance | GroupState::CompletingRebalance => {
                Err(ErrorCode::NonEmptyGroup)
            }
            GroupState::Empty => Ok(()),
        }
    }

    /// May offsets be forgotten while the group goes on? Of groups that are no consumers nobody knows what they read.
    fn validate_offset_delete(&self) -> Result<(), ErrorCode> {
        match self.state {
            GroupState::Dead => Err(ErrorCode::GroupIdNotFound),
            GroupState::Stable | GroupState::PreparingRebalance | GroupState::CompletingRebalance
                if self.protocol_type.as_deref() != Some(CONSUMER) =>
            {
                Err(ErrorCode::NonEmptyGroup)
            }
            GroupState::Stable
            | GroupState::PreparingRebalance
            | GroupState::CompletingRebalance
            | GroupState::Empty => Ok(()),
        }
    }

    /// Topics that members read; `None`: it is being settled, and any topic may be among them
    /// (`ClassicGroup.computeSubscribedTopics`).
    fn subscribed_topics(&self) -> Option<FlatSet<Str>> {
        if self.members.is_empty() {
            return Some(FlatSet::new());
        }
        let protocol = self.protocol.as_ref().filter(|_| self.protocol_type.as_deref() == Some(CONSUMER))?;
        let mut topics = FlatSet::new();
        for member in self.members.values() {
            let bytes = member.metadata(protocol);
            // A subscription that cannot be read says nothing, so that anything may be read.
            let (_, subscription) = consumer_protocol::read(consumer_protocol::subscription(), &bytes).ok()?;
            topics.extend(subscription.get::<Vec<Str>>("topics"));
        }
        Some(topics)
    }

    fn is_subscribed_to(&self, topic: &Str) -> bool {
        let of_unknown = self.protocol_type.as_deref() == Some(CONSUMER);
        self.subscribed_topics().map_or(of_unknown, |topics| topics.contains(topic))
    }
}

impl Groups {
    /// Each group by itself: one that cannot go keeps no other.
    pub(crate) fn delete(
        &mut self,
        turn: &mut Turn<'_, '_>,
        ahead: &GroupImage,
        groups: &[GroupId],
        mut response: DeleteGroupsResponse,
    ) -> Deferred {
        for group in groups {
            let fit = self.groups.get(group).map_or(Err(ErrorCode::GroupIdNotFound), |group| group.validate_delete());
            response.groups.push((group.clone(), fit.err().unwrap_or(ErrorCode::None)));
            if fit.is_ok() {
                self.forget(turn, ahead, group);
            }
        }
        Deferred::DeleteGroups(response)
    }

    /// Its offsets, then the group itself.
    fn forget(&mut self, turn: &mut Turn<'_, '_>, ahead: &GroupImage, id: &GroupId) {
        if let Some(mut group) = self.groups.remove(id) {
            group.fail_parked(turn, ErrorCode::UnknownMemberId);
        }
        let offsets = ahead.offsets().get(id).into_iter().flat_map(|offsets| offsets.keys());
        let mut records: Vec<GroupRecord> =
            offsets.map(|partition| GroupRecord::Offset(id.clone(), partition.clone(), None)).collect();
        records.push(GroupRecord::Group(id.clone(), None));
        turn.writes.push(GroupWrite { records, then: AfterWrite::Nothing });
    }

    /// Offsets of topics that nobody of the group reads. `refused` says already which partitions are not there.
    pub(crate) fn delete_offsets(
        &self,
        turn: &mut Turn<'_, '_>,
        ahead: &GroupImage,
        request: &OffsetDeleteRequest,
        refused: OffsetDeleteResponse,
    ) -> Deferred {
        let group = self.groups.get(&request.group).ok_or(ErrorCode::GroupIdNotFound);
        let group = match group.and_then(|group| group.validate_offset_delete().map(|()| group)) {
            Ok(group) => group,
            Err(error) => return Deferred::OffsetDelete(OffsetDeleteResponse { error, partitions: Vec::new() }),
        };
        let committed = ahead.offsets().get(&request.group);
        let (mut response, mut records) = (refused, Vec::new());
        for partition in &request.partitions {
            let is_read = group.is_subscribed_to(&partition.topic);
            let error = if is_read { ErrorCode::GroupSubscribedToTopic } else { ErrorCode::None };
            response.partitions.push((partition.clone(), error));
            if !is_read && committed.is_some_and(|offsets| offsets.contains_key(partition)) {
                records.push(GroupRecord::Offset(request.group.clone(), partition.clone(), None));
            }
        }
        if !records.is_empty() {
            turn.writes.push(GroupWrite { records, then: AfterWrite::Nothing });
        }
        Deferred::OffsetDelete(response)
    }

    /// A write that forgot groups is lost: they are there as the log still has them.
    pub(crate) fn restore(&mut self, ahead: &GroupImage, lost: &[GroupRecord]) {
        for record in lost {
            let id = match record {
                GroupRecord::Group(id, None) => id,
                GroupRecord::Group(_, Some(_)) | GroupRecord::Offset(..) => continue,
            };
            if let Some(group) = ahead.groups().get(id).filter(|_| !self.groups.contains_key(id)) {
                self.groups.insert(id.clone(), Shared::new(ClassicGroup::of(id.clone(), group)));
            }
        }
    }
}

/// Partitions that the broker does not know.
pub fn unknown_partitions(partitions: Vec<TopicPartition>) -> OffsetDeleteResponse {
    let unknown = |partition| (partition, ErrorCode::UnknownTopicOrPartition);
    OffsetDeleteResponse { error: ErrorCode::None, partitions: partitions.into_iter().map(unknown).collect() }
}

//! Committed offsets: who may commit, what is written, what a fetch sees (`OffsetMetadataManager`,
//! `ClassicGroup.validateOffsetCommit`; semantics §15). Offsets do not expire here.

use crate::config::GroupConfig;
use crate::group::ClassicGroup;
use crate::groups::{Deferred, Groups};
use crate::image::{GroupImage, GroupRecord};
use crate::turn::{AfterWrite, GroupWrite, Turn};
use api::{
    OffsetCommitPartition, OffsetCommitRequest, OffsetCommitResponse, OffsetFetchPartitionResponse, OffsetFetchRequest,
    OffsetFetchResponse,
};
use base::{ErrorCode, GroupId, LeaderEpoch, Offset, PartitionId, Shared, Str, Timestamp, TopicId, TopicPartition};
use port::Mutant;
use port::{GroupState, KafkaFact};

/// A committed offset: the next one to read (`OffsetAndMetadata`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommittedOffset {
    pub offset: Offset,
    /// Zero: it was committed by name alone.
    pub topic_id: TopicId,
    /// −1: unknown.
    pub leader_epoch: LeaderEpoch,
    /// The application's own words.
    pub metadata: Str,
    pub commit_time: Timestamp,
}

/// No topic has a longer name.
const TOPIC_NAME_MAX: usize = 249;

impl ClassicGroup {
    /// May the sender commit for this group now?
    ///
    /// # Errors
    /// `UnknownMemberId`, `FencedInstanceId`, `IllegalGeneration`; `RebalanceInProgress` while the
    /// assignment is being made. During the join phase commits of the old generation are welcome.
    pub(crate) fn validate_commit(&self, request: &OffsetCommitRequest) -> Result<(), ErrorCode> {
        if self.is(GroupState::Dead) {
            return Err(ErrorCode::CoordinatorNotAvailable);
        }
        // An administrator, or a consumer that does not use the group's membership.
        if request.generation < 0 && self.is(GroupState::Empty) {
            return Ok(());
        }
        if request.generation < 0 && request.member_id.is_empty() && request.group_instance_id.is_none() {
            return Err(ErrorCode::UnknownMemberId);
        }
        self.validate_member(&request.member_id, request.group_instance_id.as_ref())?;
        if request.generation != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        if self.is(GroupState::CompletingRebalance) { Err(ErrorCode::RebalanceInProgress) } else { Ok(()) }
    }
}

impl Groups {
    /// Checks a commit and asks for its records to be written. The answer waits for the write, and
    /// says of `refused` partitions what it says already.
    pub(crate) fn commit(
        &mut self,
        turn: &mut Turn<'_, '_>,
        request: &OffsetCommitRequest,
        mut refused: OffsetCommitResponse,
    ) -> Deferred {
        if let Err(error) = self.validate_commit(turn.config, request) {
            refused.partitions.extend(commit_error(request, error).partitions);
            return Deferred::Commit(refused);
        }
        turn.cx.fact(|| KafkaFact::OffsetCommitAccepted {
            group: request.group.clone(),
            member: request.member_id.clone(),
            generation: request.generation,
        });
        let group = self.group_or_simple(turn, &request.group);
        if group.is(GroupState::Stable) || group.is(GroupState::PreparingRebalance) {
            group.rearm_session(turn, &request.member_id);
        }
        let mut response = refused;
        let mut records = Vec::new();
        for each in &request.partitions {
            let error = check_partition(turn.config, each).err().unwrap_or(ErrorCode::None);
            response.partitions.push((each.topic.clone(), each.partition, error));
            if !error.is_error() {
                let partition = TopicPartition { topic: each.topic.clone(), partition: each.partition };
                let offset = committed(each, turn.cx.wall);
                records.push(GroupRecord::Offset(request.group.clone(), partition, Some(offset)));
            }
        }
        if !records.is_empty() {
            let then = AfterWrite::OffsetsCommitted { member_id: request.member_id.clone() };
            turn.writes.push(GroupWrite { records, then });
        }
        Deferred::Commit(response)
    }

    /// A commit counts if it comes from a member of the generation, or from outside of a group that has no members
    /// (`validateOffsetCommit`).
    fn validate_commit(&self, config: &GroupConfig, request: &OffsetCommitRequest) -> Result<(), ErrorCode> {
        if config.switches.breaks(Mutant::CommitWithoutGenerationCheck) {
            return Ok(());
        }
        match self.groups.get(&request.group) {
            Some(group) => group.validate_commit(request),
            None if request.generation < 0 => Ok(()),
            None => Err(ErrorCode::GroupIdNotFound),
        }
    }

    /// A group that is only there to commit offsets comes into being with its first commit.
    fn group_or_simple(&mut self, turn: &Turn<'_, '_>, group: &GroupId) -> &ClassicGroup {
        let wall = turn.cx.wall;
        self.groups.entry(group.clone()).or_insert_with(|| Shared::new(ClassicGroup::empty(group.clone(), wall)))
    }
}

impl GroupImage {
    /// Offsets go with their topic. One that was committed to a later topic of that name stays.
    pub(crate) fn remove_offsets_of(&self, turn: &mut Turn<'_, '_>, deleted: &[(Str, TopicId)]) {
        let is_gone = |partition: &TopicPartition, offset: &CommittedOffset| {
            let is_of = |(name, id): &(Str, TopicId)| {
                *name == partition.topic && (offset.topic_id == *id || offset.topic_id == TopicId::ZERO)
            };
            deleted.iter().any(is_of)
        };
        let mut records = Vec::new();
        for (group, offsets) in self.offsets() {
            let gone = offsets.iter().filter(|(partition, offset)| is_gone(partition, offset));
            records.extend(gone.map(|(partition, _)| GroupRecord::Offset(group.clone(), partition.clone(), None)));
        }
        if !records.is_empty() {
            turn.writes.push(GroupWrite { records, then: AfterWrite::Nothing });
        }
    }

    /// What is committed, once everything that this rests on is. A group that nobody knows has committed nothing, which is no error.
    pub(crate) fn fetch(&self, request: &OffsetFetchRequest) -> OffsetFetchResponse {
        let committed = self.offsets().get(&request.group);
        let partitions = match &request.partitions {
            None => committed
                .into_iter()
                .flat_map(|offsets| offsets.iter())
                .map(|(partition, offset)| fetched(&partition.topic, partition.partition, Some(offset)))
                .collect(),
            Some(wanted) => wanted
                .iter()
                .map(|(topic, partition)| {
                    let key = TopicPartition { topic: topic.clone(), partition: *partition };
                    fetched(topic, *partition, committed.and_then(|offsets| offsets.get(&key)))
                })
                .collect(),
        };
        OffsetFetchResponse { error: ErrorCode::None, partitions }
    }
}

/// offset.metadata.max.bytes.
fn check_partition(config: &GroupConfig, partition: &OffsetCommitPartition) -> Result<(), ErrorCode> {
    if partition.topic.len() > TOPIC_NAME_MAX {
        Err(ErrorCode::InvalidTopicException)
    } else if partition.metadata.len() > config.settings.offset_metadata_max_bytes.clamp(0, i16::MAX.into()) as usize {
        Err(ErrorCode::OffsetMetadataTooLarge)
    } else {
        Ok(())
    }
}

fn committed(partition: &OffsetCommitPartition, commit_time: Timestamp) -> CommittedOffset {
    CommittedOffset {
        offset: partition.offset,
        topic_id: partition.topic_id,
        leader_epoch: partition.leader_epoch,
        metadata: partition.metadata.clone(),
        commit_time,
    }
}

fn fetched(topic: &Str, partition: PartitionId, offset: Option<&CommittedOffset>) -> OffsetFetchPartitionResponse {
    OffsetFetchPartitionResponse {
        topic: topic.clone(),
        partition,
        offset: offset.map_or(Offset::UNDEFINED, |committed| committed.offset),
        leader_epoch: offset.map_or(LeaderEpoch::UNDEFINED, |committed| committed.leader_epoch),
        metadata: offset.map(|committed| committed.metadata.clone()).unwrap_or_default(),
        error: ErrorCode::None,
    }
}

/// The same error for every partition.
pub(crate) fn commit_error(request: &OffsetCommitRequest, error: ErrorCode) -> OffsetCommitResponse {
    let partitions = request.partitions.iter().map(|each| (each.topic.clone(), each.partition, error)).collect();
    OffsetCommitResponse { partitions }
}

//! A leader proposes a new ISR (AlterPartition, semantics 7.4, `V:alter_partition`).
//!
//! The controller writes the ISR in the order in which the leader sends it. Checks run in Kafka's
//! order and the first failure wins.

use crate::View;
use crate::partition_change::{self, Target};
use api::{
    AlterPartitionItem, AlterPartitionRequest, AlterPartitionResponse, AlterPartitionResult, LeaderRecoveryState,
};
use base::{BrokerId, ErrorCode, LeaderEpoch, TopicIdPartition};
use metadata::{MetadataRecord, PartitionRegistration};

/// The records of the proposals that are accepted, and the answer.
pub fn decide(view: View<'_>, request: &AlterPartitionRequest) -> (Vec<MetadataRecord>, AlterPartitionResponse) {
    if let Err(error) = view.check_broker_epoch(request.broker, request.broker_epoch) {
        return (Vec::new(), AlterPartitionResponse { error, partitions: Vec::new() });
    }
    let mut records = Vec::new();
    let decided = request.partitions.iter().map(|item| match propose(view, request.broker, item) {
        Ok((record, result)) => {
            records.extend(record);
            result
        }
        Err(error) => refused(item, error),
    });
    let partitions = decided.collect();
    (records, AlterPartitionResponse { error: ErrorCode::None, partitions })
}

/// The record, if anything changes, and what the leader is told.
type Accepted = (Option<MetadataRecord>, AlterPartitionResult);

/// One partition of the request. What changes nothing is accepted all the same: a leader whose answer was lost asks
/// again (`ReplicationControlManager.alterPartition`).
fn propose(view: View<'_>, sender: BrokerId, item: &AlterPartitionItem) -> Result<Accepted, ErrorCode> {
    let topic = view.image.topic(item.topic).ok_or(ErrorCode::UnknownTopicId)?;
    let id = TopicIdPartition { topic: item.topic, partition: item.partition };
    let partition = view.image.partition(id).ok_or(ErrorCode::UnknownTopicOrPartition)?;
    validate(view, sender, partition, item)?;
    let mut target = Target::of(partition);
    target.isr = item.new_isr.iter().map(|(member, _)| *member).collect();
    target.leader_recovery_state = item.leader_recovery_state;
    let rules = view.rules(topic, view.ordinary_election(&topic.name));
    let acceptable = |id| view.image.is_active(id);
    let Some(change) = partition_change::build(id, partition, target, &rules, &acceptable) else {
        return Ok((None, accepted(item, partition)));
    };
    // The change may complete a reassignment that takes the sender away.
    let taken_over = change.leader.is_some_and(|leader| leader != sender);
    let result = if taken_over {
        refused(item, ErrorCode::NewLeaderElected)
    } else {
        accepted(item, &partition.merged(&change))
    };
    Ok((Some(change.into()), result))
}

/// Kafka's order (`ReplicationControlManager.validateAlterPartitionData`): whose word it is first, then whether it is
/// about the present, then what it says.
fn validate(
    view: View<'_>,
    sender: BrokerId,
    partition: &PartitionRegistration,
    item: &AlterPartitionItem,
) -> Result<(), ErrorCode> {
    if item.leader_epoch > partition.leader_epoch || item.partition_epoch > partition.partition_epoch {
        // The leader has seen more than this controller, which is therefore not active any more.
        return Err(ErrorCode::NotController);
    }
    if item.leader_epoch < partition.leader_epoch {
        return Err(ErrorCode::FencedLeaderEpoch);
    }
    if partition.leader != Some(sender) {
        return Err(ErrorCode::InvalidRequest);
    }
    // Something else changed the partition first. The leader waits for the metadata that says so and judges anew.
    if item.partition_epoch < partition.partition_epoch {
        return Err(ErrorCode::InvalidUpdateVersion);
    }
    let mut members: Vec<BrokerId> = item.new_isr.iter().map(|(member, _)| *member).collect();
    base::sort(&mut members);
    let distinct = members.windows(2).all(|pair| pair[0] != pair[1]);
    let known = members.iter().all(|member| partition.replicas.contains(member));
    if members.is_empty() || !distinct || !known || !members.contains(&sender) {
        return Err(ErrorCode::InvalidRequest);
    }
    // A leader from out of sync is alone until it has recovered, and cannot go back to recovering (KIP-704).
    if item.leader_recovery_state == LeaderRecoveryState::Recovering
        && (members.len() > 1 || partition.leader_recovery_state == LeaderRecoveryState::Recovered)
    {
        return Err(ErrorCode::InvalidRequest);
    }
    // Whoever is fenced or leaving would have to go out of the ISR at once, and might be elected before (KIP-841). Its
    // epoch shows a restart that the leader has not heard of: it may have lost what it had (KIP-903).
    let eligible = |(member, epoch): &(BrokerId, i64)| {
        view.image.broker(*member).is_some_and(|broker| broker.is_active() && (*epoch == -1 || broker.epoch == *epoch))
    };
    if item.new_isr.iter().all(eligible) { Ok(()) } else { Err(ErrorCode::IneligibleReplica) }
}

/// The partition as it is now, which the leader takes over in place of what it proposed.
fn accepted(item: &AlterPartitionItem, partition: &PartitionRegistration) -> AlterPartitionResult {
    AlterPartitionResult {
        topic: item.topic,
        partition: item.partition,
        error: ErrorCode::None,
        leader: partition.leader.unwrap_or(BrokerId::NONE),
        leader_epoch: partition.leader_epoch,
        isr: partition.isr.clone(),
        leader_recovery_state: partition.leader_recovery_state,
        partition_epoch: partition.partition_epoch,
    }
}

/// Nothing but the error: the leader learns the rest from the metadata.
fn refused(item: &AlterPartitionItem, error: ErrorCode) -> AlterPartitionResult {
    AlterPartitionResult {
        topic: item.topic,
        partition: item.partition,
        error,
        leader: BrokerId::NONE,
        leader_epoch: LeaderEpoch::UNDEFINED,
        isr: Vec::new(),
        leader_recovery_state: LeaderRecoveryState::Recovered,
        partition_epoch: -1,
    }
}

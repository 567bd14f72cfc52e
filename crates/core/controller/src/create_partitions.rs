//! A topic gets more partitions (CreatePartitions; semantics 7.7). Existing keys may map elsewhere
//! afterwards; that is the clients' concern.

use crate::configs::Complaint;
use crate::topic_policy::Room;
use crate::topics::{check_assignment, complaint, manual_partition, place_partitions, unknown_topic};
use crate::{Decision, View};
use api::{CreatePartitionsRequest, CreatePartitionsResponse, CreatePartitionsTopic, Response};
use base::{ErrorCode, Rng};
use metadata::{MetadataRecord, PartitionRecord, PartitionRegistration};

/// CreatePartitions: each topic succeeds or fails by itself.
pub(crate) fn decide(view: View<'_>, request: &CreatePartitionsRequest, rng: &mut Rng) -> Decision {
    let mut records = Vec::new();
    let mut topics = Vec::new();
    let mut room = Room::of(view);
    for topic in &request.topics {
        let listed = request.topics.iter().filter(|other| other.name == topic.name).count();
        let grown = if listed > 1 {
            Err(complaint(ErrorCode::InvalidRequest, "Duplicate topic name."))
        } else {
            grow(view, topic, &mut room, rng)
        };
        let (error, message) = match grown {
            Ok(written) => {
                records.extend(written);
                (ErrorCode::None, None)
            }
            Err((error, message)) => (error, Some(message)),
        };
        topics.push((topic.name.clone(), error, message));
    }
    if request.validate_only {
        records.clear();
    }
    Decision { records, response: Response::CreatePartitions(CreatePartitionsResponse { topics }) }
}

/// Only ever more: what lies in a partition can neither move to another nor be dropped.
fn grow(
    view: View<'_>,
    wanted: &CreatePartitionsTopic,
    room: &mut Room,
    rng: &mut Rng,
) -> Result<Vec<MetadataRecord>, Complaint> {
    let topic = view.image.topic_by_name(&wanted.name).ok_or_else(unknown_topic)?;
    let count = topic.partitions.len() as i32;
    if wanted.count == count {
        return Err(complaint(ErrorCode::InvalidPartitions, format!("Topic already has {count} partition(s).")));
    }
    if wanted.count < count {
        let message = format!(
            "The topic {} currently has {count} partition(s); {} would not be an increase.",
            wanted.name, wanted.count
        );
        return Err(complaint(ErrorCode::InvalidPartitions, message));
    }
    let additional = wanted.count - count;
    let factor = topic.partitions.values().next().map_or(1, |partition| partition.replicas.len());
    let partitions = match &wanted.assignments {
        Some(assignments) => {
            if assignments.len() as i32 != additional {
                let message = format!(
                    "Attempted to add {additional} additional partition(s), but only {} assignment(s) were specified.",
                    assignments.len()
                );
                return Err(complaint(ErrorCode::InvalidReplicaAssignment, message));
            }
            let numbered = (count..).zip(assignments);
            let checked = numbered.map(|(number, replicas)| {
                check_assignment(view.image, replicas, Some(factor))?;
                manual_partition(view, number, replicas)
            });
            checked.collect::<Result<Vec<PartitionRegistration>, Complaint>>()?
        }
        None => place_partitions(view, additional, factor as i32, rng)
            .map_err(|reason| complaint(ErrorCode::InvalidReplicationFactor, reason))?,
    };
    room.take(&partitions)?;
    let numbered = (count..).zip(partitions);
    let record = |(partition, registration)| {
        MetadataRecord::Partition(PartitionRecord { topic: topic.id, partition, registration })
    };
    Ok(numbered.map(record).collect())
}

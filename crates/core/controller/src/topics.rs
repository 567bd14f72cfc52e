//! Topics come and go (CreateTopics, DeleteTopics; `ReplicationControlManager`, `ControllerApis`;
//! semantics 7.7). Each topic of a request succeeds or fails by itself; all that succeed are one
//! batch.

use crate::configs::{self, Complaint};
use crate::topic_policy::Room;
use crate::{Decision, View, placement};
use api::{
    CreatableTopic, CreatableTopicResult, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, Refusal, Response,
};
use base::{BrokerId, ErrorCode, FlatMap, Rng, Str, TopicId};
use metadata::{Image, MetadataRecord, PartitionRecord, PartitionRegistration, TopicImage, topic_name};

/// Partitions that one request may create.
const MAX_PARTITIONS_PER_BATCH: i64 = 10_000;
/// The name of the quorum's own log, which is no topic.
const METADATA_TOPIC: &str = "__cluster_metadata";

/// CreateTopics. Topic ids and placement are drawn from `rng`.
pub(crate) fn create(view: View<'_>, request: &CreateTopicsRequest, rng: &mut Rng) -> Decision {
    let allowed = |topic: &&CreatableTopic| check_listed_once(request, topic).is_ok();
    let too_many = total_partitions(view, request.topics.iter().filter(allowed)) > MAX_PARTITIONS_PER_BATCH;
    let mut records = Vec::new();
    let mut topics = Vec::new();
    let mut room = Room::of(view);
    for topic in &request.topics {
        let created = if too_many {
            Err(complaint(ErrorCode::PolicyViolation, "Excessively large number of partitions per request."))
        } else {
            check_listed_once(request, topic).and_then(|()| create_topic(view, topic, &mut room, rng))
        };
        match created {
            Ok((written, result)) => {
                records.extend(written);
                topics.push(result);
            }
            Err((error, message)) => {
                let refusal = Refusal { error, message: Some(message) };
                topics.push(CreatableTopicResult::refused(&topic.name, refusal));
            }
        }
    }
    if request.validate_only {
        records.clear();
    }
    Decision { records, response: Response::CreateTopics(CreateTopicsResponse { topics }) }
}

/// A refusal with its sentence.
pub(crate) fn complaint(error: ErrorCode, message: impl Into<Str>) -> Complaint {
    (error, message.into())
}

/// Counted over the whole request before anything is checked one by one, so that no request takes the controller's
/// thread for long (`ReplicationControlManager.validateTotalNumberOfPartitions`).
fn total_partitions<'a>(view: View<'_>, topics: impl Iterator<Item = &'a CreatableTopic>) -> i64 {
    let count = |topic: &CreatableTopic| match (topic.assignments.len(), topic.num_partitions) {
        (0, -1) => i64::from(view.settings.controller.num_partitions),
        (0, count) => i64::from(count.max(0)),
        (assigned, _) => assigned as i64,
    };
    topics.map(count).sum()
}

/// A topic that is named twice is created by neither (`ReplicationControlManager.createTopics`).
fn check_listed_once(request: &CreateTopicsRequest, topic: &CreatableTopic) -> Result<(), Complaint> {
    if &*topic.name == METADATA_TOPIC {
        let message = format!("Creation of internal topic {METADATA_TOPIC} is prohibited.");
        return Err(complaint(ErrorCode::InvalidRequest, message));
    }
    if request.topics.iter().filter(|other| other.name == topic.name).count() > 1 {
        return Err(complaint(ErrorCode::InvalidRequest, "Duplicate topic name."));
    }
    Ok(())
}

/// The records of a new topic, its partitions and settings, and what the answer says of it.
type Created = (Vec<MetadataRecord>, CreatableTopicResult);

/// One topic: everything about it is checked before anything is written, in Kafka's order of complaints.
fn create_topic(view: View<'_>, topic: &CreatableTopic, room: &mut Room, rng: &mut Rng) -> Result<Created, Complaint> {
    check_name(view.image, &topic.name)?;
    let configs = configs::of_new_topic(view, &topic.name, &topic.configs)?;
    let partitions = if topic.assignments.is_empty() { placed(view, topic, rng)? } else { assigned(view, topic)? };
    room.take(&partitions)?;
    let id = new_topic_id(view.image, rng);
    let result = CreatableTopicResult {
        name: topic.name.clone(),
        topic_id: id,
        error: ErrorCode::None,
        error_message: None,
        num_partitions: partitions.len() as i32,
        replication_factor: partitions.first().map_or(0, |partition| partition.replicas.len()) as i16,
    };
    let mut records = vec![MetadataRecord::Topic { name: topic.name.clone(), id }];
    records.extend(configs);
    let numbered = (0..).zip(partitions);
    records.extend(numbered.map(|(partition, registration)| {
        MetadataRecord::Partition(PartitionRecord { topic: id, partition, registration })
    }));
    Ok((records, result))
}

/// Names that differ by `.` and `_` alone would be one name in Kafka's metrics.
fn check_name(image: &Image, name: &Str) -> Result<(), Complaint> {
    if image.topic_id(name).is_some() {
        return Err(complaint(ErrorCode::TopicAlreadyExists, format!("Topic '{name}' already exists.")));
    }
    let collides =
        |other: &&TopicImage| topic_name::has_collision_chars(name) && topic_name::collides(&other.name, name);
    if let Some(other) = image.topics().find(collides) {
        let message = format!("Topic '{name}' collides with existing topic: {}", other.name);
        return Err(complaint(ErrorCode::InvalidTopicException, message));
    }
    topic_name::validate(name).map_err(|message| complaint(ErrorCode::InvalidTopicException, message))
}

/// A random (version 4) UUID that no topic has.
/// The id tells a topic from an earlier one of the same name, whose leaders and followers may still be about (KIP-516).
fn new_topic_id(image: &Image, rng: &mut Rng) -> TopicId {
    loop {
        let random = rng.next_u128() & !(0xf << 76) & !(0x3 << 62);
        let id = TopicId(random | (0x4 << 76) | (0x2 << 62));
        if image.topic(id).is_none() {
            return id;
        }
    }
}

/// The partitions as the request assigns them by hand.
/// Replicas are taken as they are listed: the first is preferred as leader, and racks are nobody's concern.
fn assigned(view: View<'_>, topic: &CreatableTopic) -> Result<Vec<PartitionRegistration>, Complaint> {
    let by_hand = "A manual partition assignment was specified, but";
    if topic.replication_factor != -1 {
        return Err(complaint(ErrorCode::InvalidRequest, format!("{by_hand} replication factor was not set to -1.")));
    }
    if topic.num_partitions != -1 {
        return Err(complaint(ErrorCode::InvalidRequest, format!("{by_hand} numPartitions was not set to -1.")));
    }
    let mut partitions = FlatMap::new();
    let mut replication_factor = None;
    for (number, replicas) in &topic.assignments {
        if partitions.contains_key(number) {
            let message = format!("Found multiple manual partition assignments for partition {number}");
            return Err(complaint(ErrorCode::InvalidReplicaAssignment, message));
        }
        check_assignment(view.image, replicas, replication_factor)?;
        replication_factor = Some(replicas.len());
        partitions.insert(*number, manual_partition(view, *number, replicas)?);
    }
    let consecutive = (0..).zip(partitions.keys()).all(|(expected, number)| expected == *number);
    if !consecutive {
        let message = "partitions should be a consecutive 0-based integer sequence";
        return Err(complaint(ErrorCode::InvalidReplicaAssignment, message));
    }
    Ok(partitions.into_values().collect())
}

/// A new partition on exactly these replicas; those that are active are in sync.
pub(crate) fn manual_partition(
    view: View<'_>,
    number: i32,
    replicas: &[BrokerId],
) -> Result<PartitionRegistration, Complaint> {
    let partition = new_partition(view, replicas);
    if partition.isr.is_empty() {
        let message = format!(
            "All brokers specified in the manual partition assignment for partition {number} are fenced or in \
             controlled shutdown."
        );
        return Err(complaint(ErrorCode::InvalidReplicaAssignment, message));
    }
    Ok(partition)
}

/// Its ISR are the active replicas in their order, and the first of them leads.
/// A replica on a broker that is down joins the ISR when it has caught up, as any other.
pub(crate) fn new_partition(view: View<'_>, replicas: &[BrokerId]) -> PartitionRegistration {
    let isr = replicas.iter().copied().filter(|id| view.image.is_active(*id)).collect();
    let directories = replicas.iter().map(|id| view.default_directory(*id)).collect();
    PartitionRegistration { directories, ..PartitionRegistration::new(replicas.to_vec(), isr) }
}

/// Checks one manual assignment against the brokers and the replication factor of those before it.
pub(crate) fn check_assignment(
    image: &Image,
    replicas: &[BrokerId],
    replication_factor: Option<usize>,
) -> Result<(), Complaint> {
    let invalid = |message: String| Err(complaint(ErrorCode::InvalidReplicaAssignment, message));
    if replicas.is_empty() {
        return invalid("The manual partition assignment includes an empty replica list.".into());
    }
    let mut sorted = replicas.to_vec();
    base::sort(&mut sorted);
    for (index, id) in sorted.iter().enumerate() {
        if image.broker(*id).is_none() {
            return invalid(format!(
                "The manual partition assignment includes broker {id}, but no such broker is registered."
            ));
        }
        if index > 0 && sorted[index - 1] == *id {
            return invalid(format!("The manual partition assignment includes the broker {id} more than once."));
        }
    }
    match replication_factor.filter(|expected| *expected != replicas.len()) {
        Some(expected) => invalid(format!(
            "The manual partition assignment includes a partition with {} replica(s), but this is not consistent with \
             previous partitions, which have {expected} replica(s).",
            replicas.len()
        )),
        None => Ok(()),
    }
}

/// The partitions as Kafka places them.
fn placed(view: View<'_>, topic: &CreatableTopic, rng: &mut Rng) -> Result<Vec<PartitionRegistration>, Complaint> {
    if topic.replication_factor < -1 || topic.replication_factor == 0 {
        let message = "Replication factor must be larger than 0, or -1 to use the default value.";
        return Err(complaint(ErrorCode::InvalidReplicationFactor, message));
    }
    if topic.num_partitions < -1 || topic.num_partitions == 0 {
        let message = "Number of partitions was set to an invalid non-positive value.";
        return Err(complaint(ErrorCode::InvalidPartitions, message));
    }
    let defaults = &view.settings.controller;
    let count = if topic.num_partitions == -1 { defaults.num_partitions } else { topic.num_partitions };
    let factor = match topic.replication_factor {
        -1 => defaults.default_replication_factor,
        factor => i32::from(factor),
    };
    place_partitions(view, count, factor, rng)
        .map_err(|reason| (ErrorCode::InvalidReplicationFactor, unable_to_replicate(factor, &reason)))
}

/// Kafka's sentence where there are too few brokers.
fn unable_to_replicate(factor: i32, reason: &str) -> Str {
    format!("Unable to replicate the partition {factor} time(s): {reason}").into()
}

/// Places `count` new partitions; an error is the reason in Kafka's words.
pub(crate) fn place_partitions(
    view: View<'_>,
    count: i32,
    factor: i32,
    rng: &mut Rng,
) -> Result<Vec<PartitionRegistration>, String> {
    let placed = placement::place(&view.usable_brokers(), count.max(0) as u32, factor, rng);
    let placed = placed.map_err(|error| error.to_string())?;
    let partitions: Vec<_> = placed.iter().map(|replicas| new_partition(view, replicas)).collect();
    if partitions.iter().any(|partition| partition.isr.is_empty()) {
        return Err("All brokers are currently fenced or in controlled shutdown.".to_owned());
    }
    Ok(partitions)
}

/// DeleteTopics by name.
/// One record is all: settings and partitions go with it, and each broker deletes its own replicas when it reads it.
pub(crate) fn delete(view: View<'_>, request: &DeleteTopicsRequest) -> Decision {
    let mut records = Vec::new();
    let mut topics = Vec::new();
    for name in &request.names {
        let (error, message) = match deletable(view, request, name) {
            Ok(id) => {
                records.push(MetadataRecord::RemoveTopic { id });
                (ErrorCode::None, None)
            }
            Err((error, message)) => (error, Some(message)),
        };
        topics.push((name.clone(), error, message));
    }
    Decision { records, response: Response::DeleteTopics(DeleteTopicsResponse { topics }) }
}

/// The topic's id, if it may be deleted.
fn deletable(view: View<'_>, request: &DeleteTopicsRequest, name: &Str) -> Result<TopicId, Complaint> {
    if !view.settings.controller.delete_topic_enable {
        return Err(complaint(ErrorCode::TopicDeletionDisabled, "Topic deletion is disabled."));
    }
    if request.names.iter().filter(|other| *other == name).count() > 1 {
        return Err(complaint(ErrorCode::InvalidRequest, "Duplicate topic name."));
    }
    view.image.topic_id(name).ok_or_else(unknown_topic)
}

/// Kafka's sentence, whatever was asked of it.
pub(crate) fn unknown_topic() -> Complaint {
    complaint(ErrorCode::UnknownTopicOrPartition, "This server does not host this topic-partition.")
}

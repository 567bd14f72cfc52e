//! What our requests say, field by field as Kafka names them. What a client of 4.3.0 fills with a constant stands here as it
//! does there.

use super::by_topic;
use crate::*;
use base::{Span, Str, TopicId};
use schema::Value;

/// `None`: not laid out.
pub(super) fn body(request: &Request) -> Option<Value> {
    Some(match request {
        Request::Produce(request) => produce(request),
        Request::Fetch(request) => fetch(request),
        Request::ListOffsets(request) => list_offsets(request),
        Request::Metadata(request) => metadata(request),
        Request::OffsetCommit(request) => offset_commit(request),
        Request::OffsetFetch(request) => offset_fetch(request),
        Request::FindCoordinator(request) => Value::record().with("key", request.group.clone()),
        Request::JoinGroup(request) => join_group(request),
        Request::Heartbeat(request) => heartbeat(request),
        Request::LeaveGroup(request) => leave_group(request),
        Request::SyncGroup(request) => sync_group(request),
        Request::ApiVersions(request) => Value::record()
            .with("clientSoftwareName", request.client_software_name.clone())
            .with("clientSoftwareVersion", request.client_software_version.clone()),
        Request::CreateTopics(request) => create_topics(request),
        // Without a transaction its time has no end (`TransactionManager.bumpIdempotentEpochAndResetIdIfNeeded`).
        Request::InitProducerId(request) => Value::record()
            .with("transactionalId", request.transactional_id.clone())
            .with("transactionTimeoutMs", i32::MAX),
        Request::OffsetForLeaderEpoch(request) => epochs(request),
        Request::DescribeGroups(_)
        | Request::DeleteTopics(_)
        | Request::CreatePartitions(_)
        | Request::ElectLeaders(_)
        | Request::IncrementalAlterConfigs(_)
        | Request::Vote(_)
        | Request::BeginQuorumEpoch(_)
        | Request::EndQuorumEpoch(_)
        | Request::AlterPartition(_)
        | Request::BrokerRegistration(_)
        | Request::BrokerHeartbeat(_)
        | Request::AllocateProducerIds(_)
        | Request::Envelope(_)
        | Request::ListGroups(_)
        | Request::DeleteRecords(_)
        | Request::DescribeConfigs(_)
        | Request::DescribeLogDirs(_)
        | Request::DeleteGroups(_)
        | Request::OffsetDelete(_)
        | Request::DescribeQuorum(_)
        | Request::DescribeCluster(_)
        | Request::UnregisterBroker(_)
        | Request::DescribeTopicPartitions(_) => return None,
    })
}

fn millis(span: Span) -> i32 {
    i32::try_from(span.as_millis()).unwrap_or(i32::MAX)
}

fn produce(request: &ProduceRequest) -> Value {
    let part =
        |part: &ProducePartition| Value::record().with("index", part.partition).with("records", part.batch.bytes());
    let topics = by_topic(&request.partitions, |part| part.topic, part, ("topicId", "partitionData"));
    Value::record().with("acks", request.acks.0).with("timeoutMs", millis(request.timeout)).with("topicData", topics)
}

fn fetch(request: &FetchRequest) -> Value {
    let part = |part: &FetchPartition| {
        Value::record()
            .with("partition", part.partition)
            .with("currentLeaderEpoch", part.current_leader_epoch)
            .with("fetchOffset", part.fetch_offset)
            .with("lastFetchedEpoch", part.last_fetched_epoch)
            .with("logStartOffset", part.log_start_offset)
            .with("partitionMaxBytes", part.max_bytes)
    };
    let topics = by_topic(&request.partitions, |part| part.topic, part, ("topicId", "partitions"));
    let number = |part: &(TopicId, i32)| part.1.into();
    let forgotten = by_topic(&request.forgotten, |part| part.0, number, ("topicId", "partitions"));
    let body = Value::record()
        .with("clusterId", request.cluster_id.clone())
        .with("maxWaitMs", millis(request.max_wait))
        .with("minBytes", request.min_bytes)
        .with("maxBytes", request.max_bytes)
        .with("isolationLevel", isolation(request.isolation))
        .with("sessionId", request.session_id)
        .with("sessionEpoch", request.session_epoch)
        .with("topics", topics)
        .with("forgottenTopicsData", forgotten)
        .with("rackId", request.rack.clone().unwrap_or_else(|| "".into()));
    match request.replica {
        Some(replica) => {
            let state = Value::record().with("replicaId", replica.id).with("replicaEpoch", replica.epoch);
            body.with("replicaState", state)
        }
        None => body,
    }
}

fn isolation(level: IsolationLevel) -> i8 {
    match level {
        IsolationLevel::ReadUncommitted => 0,
        IsolationLevel::ReadCommitted => 1,
    }
}

fn list_offsets(request: &ListOffsetsRequest) -> Value {
    let timestamp = |spec: OffsetSpec| match spec {
        OffsetSpec::Latest => -1,
        OffsetSpec::Earliest => -2,
        OffsetSpec::MaxTimestamp => -3,
        OffsetSpec::Timestamp(at) => at.0,
    };
    let part = |part: &ListOffsetsPartition| {
        Value::record()
            .with("partitionIndex", part.partition)
            .with("currentLeaderEpoch", part.current_leader_epoch)
            .with("timestamp", timestamp(part.spec))
    };
    let topics = by_topic(&request.partitions, |part| part.topic.clone(), part, ("name", "partitions"));
    Value::record()
        .with("replicaId", request.replica.map_or(-1, |replica| replica.0))
        .with("isolationLevel", isolation(request.isolation))
        .with("topics", topics)
}

fn metadata(request: &MetadataRequest) -> Value {
    let topic = |topic: &MetadataTopic| match topic {
        MetadataTopic::Name(name) => Value::record().with("name", name.clone()),
        MetadataTopic::Id(id) => Value::record().with("topicId", *id).with("name", None::<Str>),
    };
    let topics = request.topics.as_ref().map(|topics| topics.iter().map(topic).collect::<Vec<Value>>());
    Value::record().with("topics", topics).with("allowAutoTopicCreation", request.allow_auto_topic_creation)
}

fn offset_commit(request: &OffsetCommitRequest) -> Value {
    let part = |part: &OffsetCommitPartition| {
        Value::record()
            .with("partitionIndex", part.partition)
            .with("committedOffset", part.offset)
            .with("committedLeaderEpoch", part.leader_epoch)
            .with("committedMetadata", part.metadata.clone())
    };
    let topics = by_topic(&request.partitions, |part| part.topic.clone(), part, ("name", "partitions"));
    Value::record()
        .with("groupId", request.group.clone())
        .with("generationIdOrMemberEpoch", request.generation)
        .with("memberId", request.member_id.clone())
        .with("groupInstanceId", request.group_instance_id.clone())
        .with("topics", topics)
}

/// Consumers, who name partitions, wait for offsets that are in doubt (KIP-447); tools do not.
fn offset_fetch(request: &OffsetFetchRequest) -> Value {
    let number = |part: &(Str, i32)| part.1.into();
    let grouped =
        |parts: &Vec<(Str, i32)>| by_topic(parts, |part| part.0.clone(), number, ("name", "partitionIndexes"));
    Value::record()
        .with("groupId", request.group.clone())
        .with("topics", request.partitions.as_ref().map(grouped))
        .with("requireStable", request.partitions.is_some())
}

fn join_group(request: &JoinGroupRequest) -> Value {
    let protocol = |(name, metadata): &(Str, bytes::Bytes)| {
        Value::record().with("name", name.clone()).with("metadata", metadata.clone())
    };
    Value::record()
        .with("groupId", request.group.clone())
        .with("sessionTimeoutMs", millis(request.session_timeout))
        .with("rebalanceTimeoutMs", millis(request.rebalance_timeout))
        .with("memberId", request.member_id.clone())
        .with("groupInstanceId", request.group_instance_id.clone())
        .with("protocolType", request.protocol_type.clone())
        .with("protocols", request.protocols.iter().map(protocol).collect::<Vec<Value>>())
        .with("reason", request.reason.clone())
}

fn heartbeat(request: &HeartbeatRequest) -> Value {
    Value::record()
        .with("groupId", request.group.clone())
        .with("generationId", request.generation)
        .with("memberId", request.member_id.clone())
        .with("groupInstanceId", request.group_instance_id.clone())
}

fn leave_group(request: &LeaveGroupRequest) -> Value {
    let member = |member: &LeavingMember| {
        Value::record()
            .with("memberId", member.member_id.clone())
            .with("groupInstanceId", member.group_instance_id.clone())
            .with("reason", member.reason.clone())
    };
    let members: Vec<Value> = request.members.iter().map(member).collect();
    Value::record().with("groupId", request.group.clone()).with("members", members)
}

fn sync_group(request: &SyncGroupRequest) -> Value {
    let part = |(member, assignment): &(Str, bytes::Bytes)| {
        Value::record().with("memberId", member.clone()).with("assignment", assignment.clone())
    };
    Value::record()
        .with("groupId", request.group.clone())
        .with("generationId", request.generation)
        .with("memberId", request.member_id.clone())
        .with("groupInstanceId", request.group_instance_id.clone())
        .with("protocolType", request.protocol_type.clone())
        .with("protocolName", request.protocol.clone())
        .with("assignments", request.assignments.iter().map(part).collect::<Vec<Value>>())
}

fn create_topics(request: &CreateTopicsRequest) -> Value {
    let assigned = |(partition, brokers): &(i32, Vec<base::BrokerId>)| {
        Value::record().with("partitionIndex", *partition).with("brokerIds", brokers.clone())
    };
    let config =
        |(name, value): &(Str, Option<Str>)| Value::record().with("name", name.clone()).with("value", value.clone());
    let topic = |topic: &CreatableTopic| {
        Value::record()
            .with("name", topic.name.clone())
            .with("numPartitions", topic.num_partitions)
            .with("replicationFactor", topic.replication_factor)
            .with("assignments", topic.assignments.iter().map(assigned).collect::<Vec<Value>>())
            .with("configs", topic.configs.iter().map(config).collect::<Vec<Value>>())
    };
    Value::record()
        .with("topics", request.topics.iter().map(topic).collect::<Vec<Value>>())
        .with("timeoutMs", millis(request.timeout))
        .with("validateOnly", request.validate_only)
}

fn epochs(request: &OffsetForLeaderEpochRequest) -> Value {
    let part = |part: &OffsetForLeaderEpochPartition| {
        Value::record()
            .with("partition", part.partition)
            .with("currentLeaderEpoch", part.current_leader_epoch)
            .with("leaderEpoch", part.leader_epoch)
    };
    let topics = by_topic(&request.partitions, |part| part.topic.clone(), part, ("topic", "partitions"));
    Value::record().with("replicaId", request.replica.map_or(-1, |replica| replica.0)).with("topics", topics)
}

//! What our answers say, field by field as Kafka names them; fields that are left out have Kafka's defaults. Nobody is throttled.

use super::{by_topic, endpoints, leader};
use crate::*;
use base::{ErrorCode, Str, Timestamp};
use bytes::Bytes;
use schema::Value;

/// `None`: not laid out.
pub(super) fn body(response: &Response) -> Option<Value> {
    Some(match response {
        Response::Produce(answer) => produce(answer),
        Response::Fetch(answer) => fetch(answer),
        Response::ListOffsets(answer) => list_offsets(answer),
        Response::Metadata(answer) => metadata(answer),
        Response::OffsetCommit(answer) => offset_commit(answer),
        Response::OffsetFetch(answer) => offset_fetch(answer),
        Response::FindCoordinator(answer) => coordinator(answer),
        Response::JoinGroup(answer) => join_group(answer),
        Response::Heartbeat(answer) => Value::record().with("errorCode", answer.error.code()),
        Response::LeaveGroup(answer) => leave_group(answer),
        Response::SyncGroup(answer) => Value::record()
            .with("errorCode", answer.error.code())
            .with("protocolType", answer.protocol_type.clone())
            .with("protocolName", answer.protocol.clone())
            .with("assignment", answer.assignment.clone()),
        Response::ApiVersions(answer) => versions(answer),
        Response::InitProducerId(answer) => Value::record()
            .with("errorCode", answer.error.code())
            .with("producerId", answer.producer_id)
            .with("producerEpoch", answer.producer_epoch),
        Response::OffsetForLeaderEpoch(answer) => epochs(answer),
        Response::CreateTopics(_)
        | Response::DescribeGroups(_)
        | Response::DeleteTopics(_)
        | Response::CreatePartitions(_)
        | Response::ElectLeaders(_)
        | Response::IncrementalAlterConfigs(_)
        | Response::Vote(_)
        | Response::BeginQuorumEpoch(_)
        | Response::EndQuorumEpoch(_)
        | Response::AlterPartition(_)
        | Response::BrokerRegistration(_)
        | Response::BrokerHeartbeat(_)
        | Response::AllocateProducerIds(_)
        | Response::Envelope(_)
        | Response::ListGroups(_)
        | Response::DeleteRecords(_)
        | Response::DescribeConfigs(_)
        | Response::DescribeLogDirs(_)
        | Response::DeleteGroups(_)
        | Response::OffsetDelete(_)
        | Response::DescribeQuorum(_)
        | Response::DescribeCluster(_)
        | Response::UnregisterBroker(_)
        | Response::DescribeTopicPartitions(_) => return None,
    })
}

fn produce(answer: &ProduceResponse) -> Value {
    let part = |part: &ProducePartitionResponse| {
        let body = Value::record()
            .with("index", part.partition)
            .with("errorCode", part.error.code())
            .with("baseOffset", part.base_offset)
            .with("logAppendTimeMs", part.log_append_time.unwrap_or(Timestamp(-1)))
            .with("logStartOffset", part.log_start_offset)
            .with("errorMessage", part.error_message.clone());
        with_leader(body, part.current_leader)
    };
    let topics = by_topic(&answer.partitions, |part| part.topic, part, ("topicId", "partitionResponses"));
    Value::record().with("responses", topics).with("nodeEndpoints", endpoints(&answer.node_endpoints))
}

fn with_leader(body: Value, hint: Option<LeaderIdAndEpoch>) -> Value {
    match leader(hint) {
        Some(hint) => body.with("currentLeader", hint),
        None => body,
    }
}

/// As to readers of uncommitted records: the others are told of aborted transactions, of which there are none.
fn fetch(answer: &FetchResponse) -> Value {
    let part = |part: &FetchPartitionResponse| {
        let batches: Vec<Bytes> = part.records.iter().map(records::Batch::bytes).collect();
        let mut body = Value::record()
            .with("partitionIndex", part.partition)
            .with("errorCode", part.error.code())
            .with("highWatermark", part.high_watermark)
            .with("lastStableOffset", part.last_stable_offset)
            .with("logStartOffset", part.log_start_offset)
            .with("abortedTransactions", Value::Null)
            .with("records", Bytes::from(batches.concat()));
        if let Some(fork) = part.diverging {
            let fork = Value::record().with("epoch", fork.epoch).with("endOffset", fork.end_offset);
            body = body.with("divergingEpoch", fork);
        }
        with_leader(body, part.current_leader)
    };
    let topics = by_topic(&answer.partitions, |part| part.topic, part, ("topicId", "partitions"));
    Value::record()
        .with("errorCode", answer.error.code())
        .with("sessionId", answer.session_id)
        .with("responses", topics)
        .with("nodeEndpoints", endpoints(&answer.node_endpoints))
}

fn list_offsets(answer: &ListOffsetsResponse) -> Value {
    let part = |part: &ListOffsetsPartitionResponse| {
        Value::record()
            .with("partitionIndex", part.partition)
            .with("errorCode", part.error.code())
            .with("timestamp", part.timestamp.unwrap_or(Timestamp(-1)))
            .with("offset", part.offset)
            .with("leaderEpoch", part.leader_epoch)
    };
    let topics = by_topic(&answer.partitions, |part| part.topic.clone(), part, ("name", "partitions"));
    Value::record().with("topics", topics)
}

fn metadata(answer: &MetadataResponse) -> Value {
    let broker = |broker: &MetadataBroker| {
        Value::record()
            .with("nodeId", broker.id)
            .with("host", broker.endpoint.host.clone())
            .with("port", i32::from(broker.endpoint.port))
            .with("rack", broker.rack.clone())
    };
    let part = |part: &PartitionMetadata| {
        Value::record()
            .with("errorCode", part.error.code())
            .with("partitionIndex", part.partition)
            .with("leaderId", part.leader)
            .with("leaderEpoch", part.leader_epoch)
            .with("replicaNodes", part.replicas.clone())
            .with("isrNodes", part.isr.clone())
            .with("offlineReplicas", part.offline_replicas.clone())
    };
    let topic = |topic: &TopicMetadata| {
        Value::record()
            .with("errorCode", topic.error.code())
            .with("name", topic.name.clone())
            .with("topicId", topic.topic_id)
            .with("isInternal", topic.is_internal)
            .with("partitions", topic.partitions.iter().map(part).collect::<Vec<Value>>())
    };
    Value::record()
        .with("brokers", answer.brokers.iter().map(broker).collect::<Vec<Value>>())
        .with("clusterId", answer.cluster_id.clone())
        .with("controllerId", answer.controller_id)
        .with("topics", answer.topics.iter().map(topic).collect::<Vec<Value>>())
}

fn offset_commit(answer: &OffsetCommitResponse) -> Value {
    let part =
        |part: &(Str, i32, ErrorCode)| Value::record().with("partitionIndex", part.1).with("errorCode", part.2.code());
    let topics = by_topic(&answer.partitions, |part| part.0.clone(), part, ("name", "partitions"));
    Value::record().with("topics", topics)
}

fn offset_fetch(answer: &OffsetFetchResponse) -> Value {
    let part = |part: &OffsetFetchPartitionResponse| {
        Value::record()
            .with("partitionIndex", part.partition)
            .with("committedOffset", part.offset)
            .with("committedLeaderEpoch", part.leader_epoch)
            .with("metadata", part.metadata.clone())
            .with("errorCode", part.error.code())
    };
    let topics = by_topic(&answer.partitions, |part| part.topic.clone(), part, ("name", "partitions"));
    Value::record().with("topics", topics).with("errorCode", answer.error.code())
}

/// `FindCoordinatorResponse.prepareOldResponse`: without an error its message is the word NONE.
fn coordinator(answer: &FindCoordinatorResponse) -> Value {
    let (host, port) = match &answer.endpoint {
        Some(endpoint) => (endpoint.host.clone(), i32::from(endpoint.port)),
        None => ("".into(), -1),
    };
    let said = answer.error_message.clone();
    let message = said.or_else(|| (answer.error == ErrorCode::None).then(|| "NONE".into()));
    Value::record()
        .with("errorCode", answer.error.code())
        .with("errorMessage", message)
        .with("nodeId", answer.node)
        .with("host", host)
        .with("port", port)
}

fn join_group(answer: &JoinGroupResponse) -> Value {
    let member = |member: &JoinGroupMember| {
        Value::record()
            .with("memberId", member.member_id.clone())
            .with("groupInstanceId", member.group_instance_id.clone())
            .with("metadata", member.metadata.clone())
    };
    Value::record()
        .with("errorCode", answer.error.code())
        .with("generationId", answer.generation)
        .with("protocolType", answer.protocol_type.clone())
        .with("protocolName", answer.protocol.clone())
        .with("leader", answer.leader.clone())
        .with("skipAssignment", answer.skip_assignment)
        .with("memberId", answer.member_id.clone())
        .with("members", answer.members.iter().map(member).collect::<Vec<Value>>())
}

fn leave_group(answer: &LeaveGroupResponse) -> Value {
    let member = |(id, instance, error): &(Str, Option<Str>, ErrorCode)| {
        Value::record()
            .with("memberId", id.clone())
            .with("groupInstanceId", instance.clone())
            .with("errorCode", error.code())
    };
    let members: Vec<Value> = answer.members.iter().map(member).collect();
    Value::record().with("errorCode", answer.error.code()).with("members", members)
}

fn versions(answer: &ApiVersionsResponse) -> Value {
    let range = |range: &ApiVersionRange| {
        Value::record().with("apiKey", range.key).with("minVersion", range.min).with("maxVersion", range.max)
    };
    let supported = |each: &FeatureLevels| {
        Value::record().with("name", each.name.clone()).with("minVersion", each.min).with("maxVersion", each.max)
    };
    let finalized = |each: &FeatureLevels| {
        Value::record()
            .with("name", each.name.clone())
            .with("maxVersionLevel", each.max)
            .with("minVersionLevel", each.min)
    };
    Value::record()
        .with("errorCode", answer.error.code())
        .with("apiKeys", answer.api_keys.iter().map(range).collect::<Vec<Value>>())
        .with("supportedFeatures", answer.supported_features.iter().map(supported).collect::<Vec<Value>>())
        .with("finalizedFeaturesEpoch", answer.finalized_features_epoch)
        .with("finalizedFeatures", answer.finalized_features.iter().map(finalized).collect::<Vec<Value>>())
}

fn epochs(answer: &OffsetForLeaderEpochResponse) -> Value {
    let part = |(_, partition, error, end): &(Str, i32, ErrorCode, EpochEndOffset)| {
        Value::record()
            .with("errorCode", error.code())
            .with("partition", *partition)
            .with("leaderEpoch", end.epoch)
            .with("endOffset", end.end_offset)
    };
    let topics = by_topic(&answer.partitions, |part| part.0.clone(), part, ("topic", "partitions"));
    Value::record().with("topics", topics)
}

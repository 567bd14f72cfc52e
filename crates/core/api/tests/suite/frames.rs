//! Recorded frames: the schemas read them and write them again byte for byte, and what our structs say of the same contents is
//! laid out as Kafka's classes did it.

use api::wire::{body_schema, frame};
use api::*;
use base::{BrokerId, Endpoint, ErrorCode, ProducerId, Span, Str, TopicId};
use bytes::Bytes;
use records::Batch;
use schema::{Value, decode, encode};

const RECORDED: &str = include_str!("frames.txt");

/// A recorded frame without its length.
struct Recorded {
    api: ApiKey,
    id: &'static str,
    request: Bytes,
    response: Option<Bytes>,
}

fn recorded() -> Vec<Recorded> {
    let lines = RECORDED.lines().filter(|line| !line.starts_with('#'));
    let of = |line: &'static str| {
        let mut words = line.split(' ');
        let mut next = || words.next().expect("four words");
        let (api, id) = (ApiKey::from_name(next()).expect("an api of ours"), next());
        let (request, response) = (hex(next()), Some(next()).filter(|text| *text != "-").map(hex));
        Recorded { api, id, request, response }
    };
    lines.map(of).collect()
}

fn hex(text: &str) -> Bytes {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(digit).collect()
}

/// The correlation id, the client's name and the body.
fn opened(request: &Bytes) -> (i32, Str, Bytes) {
    let correlation_id = i32::from_be_bytes(request[4..8].try_into().expect("four bytes"));
    let length = i16::from_be_bytes(request[8..10].try_into().expect("two bytes")).max(0) as usize;
    let client_id = std::str::from_utf8(&request[10..10 + length]).expect("text").into();
    assert_eq!(request[10 + length], 0, "no tags");
    (correlation_id, client_id, request.slice(11 + length..))
}

fn read(api: ApiKey, suffix: &str, body: &Bytes) -> Value {
    let schema = body_schema(&format!("{}{suffix}", api.name())).expect("it has a schema");
    let (value, rest) = decode(schema, api.row().spoken, body).expect("it can be read");
    assert!(rest.is_empty(), "{api} {suffix}");
    value
}

#[test]
fn bodies_are_written_as_they_were_read() {
    for each in recorded() {
        let row = each.api.row();
        assert_eq!(
            each.request[..4],
            [(each.api as i16).to_be_bytes(), row.spoken.to_be_bytes()].concat(),
            "{}",
            each.id
        );
        let header = if each.api == ApiKey::ApiVersions { 4 } else { 5 };
        let asked = (opened(&each.request).2, "Request");
        for (body, suffix) in std::iter::once(asked).chain(each.response.map(|all| (all.slice(header..), "Response"))) {
            let schema = body_schema(&format!("{}{suffix}", row.name)).expect("it has a schema");
            let value = read(each.api, suffix, &body);
            assert_eq!(encode(schema, row.spoken, &value).expect("it can be written"), body, "{} {suffix}", each.id);
        }
    }
}

fn millis(value: &Value, name: &str) -> Span {
    Span::from_millis(value.get::<i32>(name) as u64)
}

/// Topics' parts, flat as our structs have them.
fn flat<'a>(value: &'a Value, list: &str, parts: &'a str) -> impl Iterator<Item = (&'a Value, &'a Value)> {
    value.items(list).iter().flat_map(move |topic| topic.items(parts).iter().map(move |part| (topic, part)))
}

fn isolation(of: &Value) -> IsolationLevel {
    match of.get::<i8>("isolationLevel") {
        0 => IsolationLevel::ReadUncommitted,
        _committed => IsolationLevel::ReadCommitted,
    }
}

fn asked_produce(of: &Value) -> Request {
    let part = |(topic, part): (&Value, &Value)| ProducePartition {
        topic: topic.get("topicId"),
        partition: part.get("index"),
        batch: Batch::trusted(part.get("records")).expect("a batch"),
    };
    let partitions = flat(of, "topicData", "partitionData").map(part).collect();
    Request::Produce(ProduceRequest { acks: Acks(of.get("acks")), timeout: millis(of, "timeoutMs"), partitions })
}

fn asked_fetch(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    let part = |(topic, part): (&Value, &Value)| FetchPartition {
        topic: topic.get("topicId"),
        partition: part.get("partition"),
        current_leader_epoch: part.get("currentLeaderEpoch"),
        fetch_offset: part.get("fetchOffset"),
        last_fetched_epoch: part.get("lastFetchedEpoch"),
        log_start_offset: part.get("logStartOffset"),
        max_bytes: part.get("partitionMaxBytes"),
    };
    let forgotten = |topic: &Value| {
        let id: TopicId = topic.get("topicId");
        topic.get::<Vec<i32>>("partitions").into_iter().map(move |number| (id, number)).collect::<Vec<_>>()
    };
    Request::Fetch(FetchRequest {
        replica: None,
        cluster_id: maybe("clusterId"),
        max_wait: millis(of, "maxWaitMs"),
        min_bytes: of.get("minBytes"),
        max_bytes: of.get("maxBytes"),
        isolation: isolation(of),
        session_id: of.get("sessionId"),
        session_epoch: of.get("sessionEpoch"),
        partitions: flat(of, "topics", "partitions").map(part).collect(),
        forgotten: of.items("forgottenTopicsData").iter().flat_map(forgotten).collect(),
        rack: Some(text("rackId")),
    })
}

fn asked_metadata(of: &Value) -> Option<Request> {
    let named = |topic: &Value| MetadataTopic::Name(topic.get("name"));
    let topics = (!of.field("topics")?.is_null()).then(|| of.items("topics").iter().map(named).collect());
    let allow_auto_topic_creation = of.get("allowAutoTopicCreation");
    Some(Request::Metadata(MetadataRequest { topics, allow_auto_topic_creation }))
}

fn asked_join_group(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    Request::JoinGroup(JoinGroupRequest {
        group: text("groupId"),
        session_timeout: millis(of, "sessionTimeoutMs"),
        rebalance_timeout: millis(of, "rebalanceTimeoutMs"),
        member_id: text("memberId"),
        group_instance_id: maybe("groupInstanceId"),
        protocol_type: text("protocolType"),
        protocols: of.items("protocols").iter().map(|each| (each.get("name"), each.get("metadata"))).collect(),
        reason: maybe("reason"),
    })
}

fn asked_sync_group(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    Request::SyncGroup(SyncGroupRequest {
        group: text("groupId"),
        generation: of.get("generationId"),
        member_id: text("memberId"),
        group_instance_id: maybe("groupInstanceId"),
        protocol_type: maybe("protocolType"),
        protocol: maybe("protocolName"),
        assignments: of.items("assignments").iter().map(|e| (e.get("memberId"), e.get("assignment"))).collect(),
    })
}

fn asked_heartbeat(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    Request::Heartbeat(HeartbeatRequest {
        group: text("groupId"),
        generation: of.get("generationId"),
        member_id: text("memberId"),
        group_instance_id: maybe("groupInstanceId"),
    })
}

fn asked_leave_group(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let member = |each: &Value| LeavingMember {
        member_id: each.get("memberId"),
        group_instance_id: each.get("groupInstanceId"),
        reason: each.get("reason"),
    };
    let members = of.items("members").iter().map(member).collect();
    Request::LeaveGroup(LeaveGroupRequest { group: text("groupId"), members })
}

fn asked_offset_commit(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    let part = |(topic, part): (&Value, &Value)| OffsetCommitPartition {
        topic: topic.get("name"),
        topic_id: TopicId::ZERO,
        partition: part.get("partitionIndex"),
        offset: part.get("committedOffset"),
        leader_epoch: part.get("committedLeaderEpoch"),
        metadata: part.get::<Option<Str>>("committedMetadata").unwrap_or_else(|| "".into()),
    };
    Request::OffsetCommit(OffsetCommitRequest {
        group: text("groupId"),
        generation: of.get("generationIdOrMemberEpoch"),
        member_id: text("memberId"),
        group_instance_id: maybe("groupInstanceId"),
        partitions: flat(of, "topics", "partitions").map(part).collect(),
    })
}

fn asked_list_offsets(of: &Value) -> Request {
    let spec = |number: i64| match number {
        -1 => OffsetSpec::Latest,
        -2 => OffsetSpec::Earliest,
        -3 => OffsetSpec::MaxTimestamp,
        at => OffsetSpec::Timestamp(base::Timestamp(at)),
    };
    let part = |(topic, part): (&Value, &Value)| ListOffsetsPartition {
        topic: topic.get("name"),
        partition: part.get("partitionIndex"),
        current_leader_epoch: part.get("currentLeaderEpoch"),
        spec: spec(part.get("timestamp")),
    };
    let isolation = isolation(of);
    let partitions = flat(of, "topics", "partitions").map(part).collect();
    Request::ListOffsets(ListOffsetsRequest { replica: None, isolation, partitions })
}

fn asked_api_versions(of: &Value) -> Request {
    let text = |name: &str| of.get::<Str>(name);
    Request::ApiVersions(ApiVersionsRequest {
        client_software_name: text("clientSoftwareName"),
        client_software_version: text("clientSoftwareVersion"),
    })
}

fn asked(api: ApiKey, of: &Value) -> Option<Request> {
    let text = |name: &str| of.get::<Str>(name);
    let maybe = |name: &str| of.get::<Option<Str>>(name);
    Some(match api {
        ApiKey::Produce => asked_produce(of),
        ApiKey::Fetch => asked_fetch(of),
        ApiKey::Metadata => asked_metadata(of)?,
        ApiKey::FindCoordinator => Request::FindCoordinator(FindCoordinatorRequest { group: text("key") }),
        ApiKey::JoinGroup => asked_join_group(of),
        ApiKey::SyncGroup => asked_sync_group(of),
        ApiKey::Heartbeat => asked_heartbeat(of),
        ApiKey::LeaveGroup => asked_leave_group(of),
        ApiKey::OffsetCommit => asked_offset_commit(of),
        ApiKey::ListOffsets => asked_list_offsets(of),
        ApiKey::InitProducerId => {
            Request::InitProducerId(InitProducerIdRequest { transactional_id: maybe("transactionalId") })
        }
        ApiKey::ApiVersions => asked_api_versions(of),
        _not_read_here => return None,
    })
}

/// Fields that our structs have no place for, as another client has filled them.
fn is_ours(api: ApiKey, of: &Value) -> bool {
    match api {
        ApiKey::InitProducerId => of.get::<i32>("transactionTimeoutMs") == i32::MAX,
        ApiKey::Metadata => !of.get::<bool>("includeTopicAuthorizedOperations"),
        ApiKey::FindCoordinator => of.get::<i8>("keyType") == 0,
        ApiKey::ListOffsets => of.get::<i32>("replicaId") == -1,
        ApiKey::Produce => of.get::<Option<Str>>("transactionalId").is_none(),
        _all_of_it => true,
    }
}

#[test]
fn requests_of_ours_are_laid_out_as_kafkas_classes_did_it() {
    let mut same = Vec::new();
    for each in recorded() {
        let (correlation_id, client_id, body) = opened(&each.request);
        let value = read(each.api, "Request", &body);
        let Some(request) = asked(each.api, &value).filter(|_| is_ours(each.api, &value)) else { continue };
        let message =
            KafkaMessage { correlation_id, client_id, version: Version::Spoken, body: Body::Request(request) };
        let frame = frame(&message).expect("it is laid out");
        assert_eq!(frame.bytes[..4], (each.request.len() as i32).to_be_bytes(), "{}", each.id);
        assert_eq!(frame.bytes[4..], each.request[..], "{}", each.id);
        covers(&frame);
        same.push(each.api);
    }
    same.dedup();
    assert!(same.len() >= 12, "{same:?}");
}

/// Each byte is in one span.
fn covers(frame: &wire::Frame) {
    let mut at = 0;
    for span in &frame.spans {
        assert_eq!(span.start, at, "{span:?}");
        at += span.length;
    }
    assert_eq!(at as usize, frame.bytes.len());
}

fn answered_produce(of: &Value) -> Response {
    let part = |(topic, part): (&Value, &Value)| ProducePartitionResponse {
        topic: topic.get("topicId"),
        partition: part.get("index"),
        error: error(part),
        error_message: part.get("errorMessage"),
        base_offset: part.get("baseOffset"),
        log_append_time: None,
        log_start_offset: part.get("logStartOffset"),
        current_leader: None,
    };
    let partitions = flat(of, "responses", "partitionResponses").map(part).collect();
    Response::Produce(ProduceResponse { partitions, node_endpoints: Vec::new() })
}

fn answered_fetch(of: &Value) -> Option<Response> {
    let part = |(topic, part): (&Value, &Value)| {
        let records: Bytes = part.get("records");
        FetchPartitionResponse {
            topic: topic.get("topicId"),
            partition: part.get("partitionIndex"),
            error: error(part),
            high_watermark: part.get("highWatermark"),
            last_stable_offset: part.get("lastStableOffset"),
            log_start_offset: part.get("logStartOffset"),
            diverging: None,
            current_leader: None,
            records: batches(records),
        }
    };
    // Whoever reads committed records only is told of aborted transactions, also where there are none.
    if flat(of, "responses", "partitions")
        .any(|(_, part)| !part.field("abortedTransactions").is_none_or(Value::is_null))
    {
        return None;
    }
    let partitions = flat(of, "responses", "partitions").map(part).collect();
    let (error, session_id) = (error(of), of.get("sessionId"));
    Some(Response::Fetch(FetchResponse { error, session_id, partitions, node_endpoints: Vec::new() }))
}

fn answered_find_coordinator(of: &Value) -> Response {
    Response::FindCoordinator(FindCoordinatorResponse {
        error: error(of),
        error_message: of.get::<Option<Str>>("errorMessage").filter(|text| &**text != "NONE"),
        node: of.get("nodeId"),
        endpoint: (of.get::<i32>("port") >= 0)
            .then(|| Endpoint { host: of.get("host"), port: of.get::<i32>("port") as u16 }),
    })
}

fn answered_init_producer_id(of: &Value) -> Response {
    Response::InitProducerId(InitProducerIdResponse {
        error: error(of),
        producer_id: of.get::<ProducerId>("producerId"),
        producer_epoch: of.get("producerEpoch"),
    })
}

fn answered_sync_group(of: &Value) -> Response {
    Response::SyncGroup(SyncGroupResponse {
        error: error(of),
        protocol_type: of.get("protocolType"),
        protocol: of.get("protocolName"),
        assignment: of.get("assignment"),
    })
}

fn answered_offset_commit(of: &Value) -> Response {
    let part = |(topic, part): (&Value, &Value)| (topic.get("name"), part.get("partitionIndex"), error(part));
    let partitions = flat(of, "topics", "partitions").map(part).collect();
    Response::OffsetCommit(OffsetCommitResponse { partitions })
}

fn answered_metadata(of: &Value) -> Response {
    let broker = |each: &Value| MetadataBroker {
        id: each.get("nodeId"),
        endpoint: Endpoint { host: each.get("host"), port: each.get::<i32>("port") as u16 },
        rack: each.get("rack"),
    };
    let part = |each: &Value| PartitionMetadata {
        error: error(each),
        partition: each.get("partitionIndex"),
        leader: each.get("leaderId"),
        leader_epoch: each.get("leaderEpoch"),
        replicas: each.get("replicaNodes"),
        isr: each.get("isrNodes"),
        offline_replicas: each.get("offlineReplicas"),
    };
    let topic = |each: &Value| TopicMetadata {
        error: error(each),
        name: each.get("name"),
        topic_id: each.get("topicId"),
        is_internal: each.get("isInternal"),
        partitions: each.items("partitions").iter().map(part).collect(),
    };
    Response::Metadata(MetadataResponse {
        brokers: of.items("brokers").iter().map(broker).collect(),
        cluster_id: of.get("clusterId"),
        controller_id: of.get::<BrokerId>("controllerId"),
        topics: of.items("topics").iter().map(topic).collect(),
    })
}

fn answered(api: ApiKey, of: &Value) -> Option<Response> {
    Some(match api {
        ApiKey::Produce => answered_produce(of),
        ApiKey::Fetch => answered_fetch(of)?,
        ApiKey::Heartbeat => Response::Heartbeat(HeartbeatResponse { error: error(of) }),
        ApiKey::FindCoordinator => answered_find_coordinator(of),
        ApiKey::InitProducerId => answered_init_producer_id(of),
        ApiKey::SyncGroup => answered_sync_group(of),
        ApiKey::OffsetCommit => answered_offset_commit(of),
        ApiKey::Metadata => answered_metadata(of),
        _not_read_here => return None,
    })
}

fn error(of: &Value) -> ErrorCode {
    ErrorCode::from_code(of.get("errorCode")).expect("a code of Kafka's")
}

fn batches(mut bytes: Bytes) -> Vec<Batch> {
    let mut batches = Vec::new();
    while bytes.len() > 12 {
        let length = i32::from_be_bytes(bytes[8..12].try_into().expect("four bytes")) as usize + 12;
        batches.push(Batch::trusted(bytes.split_to(length)).expect("a batch"));
    }
    batches
}

#[test]
fn answers_of_ours_are_laid_out_as_kafkas_classes_did_it() {
    let mut same = Vec::new();
    for each in recorded() {
        let Some(response) = each.response.as_ref().filter(|_| each.api != ApiKey::ApiVersions) else { continue };
        let correlation_id = i32::from_be_bytes(response[..4].try_into().expect("four bytes"));
        let Some(answer) = answered(each.api, &read(each.api, "Response", &response.slice(5..))) else { continue };
        let (version, body) = (Version::Spoken, Body::Response(answer));
        let frame = frame(&KafkaMessage { correlation_id, client_id: "".into(), version, body }).expect("laid out");
        assert_eq!(frame.bytes[4..], response[..], "{}", each.id);
        covers(&frame);
        same.push(each.api);
    }
    same.dedup();
    assert!(same.len() >= 8, "{same:?}");
}

#[test]
fn what_is_not_told_truly_is_not_laid_out() {
    let topics = vec![];
    let body = Body::Response(Response::CreateTopics(CreateTopicsResponse { topics }));
    let mut message = KafkaMessage { correlation_id: 1, client_id: "".into(), version: Version::Spoken, body };
    assert_eq!(frame(&message), None);
    let replica = None;
    let partitions = vec![];
    message.body = Body::Request(Request::OffsetForLeaderEpoch(OffsetForLeaderEpochRequest { replica, partitions }));
    assert!(frame(&message).is_some());
    message.version = Version::Other(2);
    assert_eq!(frame(&message), None);
}

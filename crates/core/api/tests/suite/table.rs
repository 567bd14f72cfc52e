//! Every API has one row, and what follows from the row holds.

use api::*;
use base::{BrokerId, Endpoint, Endpoints, ErrorCode, LeaderEpoch, Offset, Span, Str, TopicId, TopicPartition};
use records::Batch;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// One request of each kind, each about two things where it is about several.
fn requests() -> Vec<Request> {
    let samples = [clients(), groups(), administration(), looking(), removing(), controllers()].concat();
    let kinds: BTreeSet<ApiKey> = samples.iter().map(Request::api_key).collect();
    assert_eq!(kinds, ApiKey::ALL.iter().copied().collect(), "one of each kind");
    assert_eq!(kinds.len(), samples.len());
    samples
}

fn batch() -> Batch {
    records::BatchBuilder::new().record(&records::NewRecord::default()).build()
}

fn clients() -> Vec<Request> {
    let (topic, name) = (TopicId(7), || Str::from("orders"));
    let asked = |partition| FetchPartition {
        topic,
        partition,
        current_leader_epoch: LeaderEpoch(3),
        fetch_offset: Offset(5),
        last_fetched_epoch: LeaderEpoch::UNDEFINED,
        log_start_offset: Offset::UNDEFINED,
        max_bytes: 1,
    };
    let offset = |partition| ListOffsetsPartition {
        topic: name(),
        partition,
        current_leader_epoch: LeaderEpoch(3),
        spec: OffsetSpec::Latest,
    };
    let end = |partition| OffsetForLeaderEpochPartition {
        topic: name(),
        partition,
        current_leader_epoch: LeaderEpoch(3),
        leader_epoch: LeaderEpoch(2),
    };
    vec![
        Request::Produce(ProduceRequest {
            acks: Acks::ALL,
            timeout: Span::from_secs(30),
            partitions: [0, 1].map(|partition| ProducePartition { topic, partition, batch: batch() }).into(),
        }),
        Request::Fetch(FetchRequest {
            replica: None,
            cluster_id: None,
            max_wait: Span::from_secs(1),
            min_bytes: 1,
            max_bytes: 1,
            isolation: IsolationLevel::ReadUncommitted,
            session_id: 9,
            session_epoch: 1,
            partitions: [0, 1].map(asked).into(),
            forgotten: Vec::new(),
            rack: None,
        }),
        Request::ListOffsets(ListOffsetsRequest {
            replica: None,
            isolation: IsolationLevel::ReadUncommitted,
            partitions: [0, 1].map(offset).into(),
        }),
        Request::OffsetForLeaderEpoch(OffsetForLeaderEpochRequest {
            replica: None,
            partitions: [0, 1].map(end).into(),
        }),
        Request::Metadata(MetadataRequest {
            topics: Some(vec![MetadataTopic::Name(name()), MetadataTopic::Id(topic)]),
            allow_auto_topic_creation: false,
        }),
        Request::FindCoordinator(FindCoordinatorRequest { group: "readers".into() }),
        Request::InitProducerId(InitProducerIdRequest { transactional_id: None }),
        Request::ApiVersions(software("apache-kafka-java", "4.3.0")),
    ]
}

fn software(name: &str, version: &str) -> ApiVersionsRequest {
    ApiVersionsRequest { client_software_name: name.into(), client_software_version: version.into() }
}

fn groups() -> Vec<Request> {
    let (group, member_id) = (|| "readers".into(), || Str::from("c-1"));
    let committed = |partition| OffsetCommitPartition {
        topic: "orders".into(),
        topic_id: TopicId(7),
        partition,
        offset: Offset(3),
        leader_epoch: LeaderEpoch(1),
        metadata: "".into(),
    };
    vec![
        Request::JoinGroup(JoinGroupRequest {
            group: group(),
            session_timeout: Span::from_secs(45),
            rebalance_timeout: Span::from_secs(300),
            member_id: member_id(),
            group_instance_id: None,
            protocol_type: "consumer".into(),
            protocols: Vec::new(),
            reason: None,
        }),
        Request::SyncGroup(SyncGroupRequest {
            group: group(),
            generation: 1,
            member_id: member_id(),
            group_instance_id: None,
            protocol_type: None,
            protocol: None,
            assignments: Vec::new(),
        }),
        Request::Heartbeat(HeartbeatRequest {
            group: group(),
            generation: 1,
            member_id: member_id(),
            group_instance_id: None,
        }),
        Request::LeaveGroup(LeaveGroupRequest { group: group(), members: Vec::new() }),
        Request::DescribeGroups(DescribeGroupsRequest { groups: vec![group(), "writers".into()] }),
        Request::OffsetCommit(OffsetCommitRequest {
            group: group(),
            generation: 1,
            member_id: member_id(),
            group_instance_id: None,
            partitions: [0, 1].map(committed).into(),
        }),
        Request::OffsetFetch(OffsetFetchRequest { group: group(), partitions: None }),
    ]
}

fn administration() -> Vec<Request> {
    let (timeout, names) = (Span::from_secs(30), ["orders", "returns"].map(Str::from));
    let created = |name: Str| CreatableTopic {
        name,
        num_partitions: 1,
        replication_factor: 1,
        assignments: Vec::new(),
        configs: Vec::new(),
    };
    let grown = |name: Str| CreatePartitionsTopic { name, count: 2, assignments: None };
    vec![
        Request::CreateTopics(CreateTopicsRequest {
            topics: names.clone().map(created).into(),
            timeout,
            validate_only: false,
        }),
        Request::DeleteTopics(DeleteTopicsRequest { names: names.clone().into(), timeout }),
        Request::CreatePartitions(CreatePartitionsRequest {
            topics: names.clone().map(grown).into(),
            timeout,
            validate_only: false,
        }),
        Request::ElectLeaders(ElectLeadersRequest {
            election_type: ElectionType::Preferred,
            partitions: Some(vec![TopicPartition::new("orders", 0), TopicPartition::new("orders", 1)]),
            timeout,
        }),
        Request::IncrementalAlterConfigs(IncrementalAlterConfigsRequest {
            resources: names.map(|name| (ConfigResource::Topic(name), Vec::new())).into(),
            validate_only: false,
        }),
    ]
}

fn looking() -> Vec<Request> {
    let names = || ["orders", "returns"].map(Str::from);
    vec![
        Request::DescribeTopicPartitions(DescribeTopicPartitionsRequest {
            topics: names().into(),
            limit: 2_000,
            cursor: None,
        }),
        Request::DescribeConfigs(DescribeConfigsRequest {
            resources: names().map(|name| (ConfigResource::Topic(name), None)).into(),
            include_synonyms: true,
        }),
        Request::DescribeCluster(DescribeClusterRequest {
            endpoints: EndpointType::Broker,
            include_fenced_brokers: true,
        }),
        Request::DescribeLogDirs(DescribeLogDirsRequest { partitions: None }),
        Request::ListGroups(ListGroupsRequest { states: Vec::new(), types: Vec::new() }),
        Request::DescribeQuorum(DescribeQuorumRequest {}),
    ]
}

fn removing() -> Vec<Request> {
    let partitions = || [0, 1].map(|partition| TopicPartition::new("orders", partition));
    vec![
        Request::DeleteRecords(DeleteRecordsRequest {
            partitions: partitions().map(|partition| (partition, Offset(3))).into(),
            timeout: Span::from_secs(30),
        }),
        Request::DeleteGroups(DeleteGroupsRequest { groups: ["readers", "writers"].map(Str::from).into() }),
        Request::OffsetDelete(OffsetDeleteRequest { group: "readers".into(), partitions: partitions().into() }),
        Request::UnregisterBroker(UnregisterBrokerRequest { broker: BrokerId(7) }),
    ]
}

fn controllers() -> Vec<Request> {
    let (cluster, broker, leader_epoch) = (|| Str::from("cluster"), BrokerId(1), LeaderEpoch(4));
    let endpoint = || Endpoint { host: "b1".into(), port: 9092 };
    vec![
        Request::Vote(VoteRequest {
            cluster_id: cluster(),
            voter: broker,
            candidate: BrokerId(2),
            candidate_epoch: leader_epoch,
            last_offset_epoch: leader_epoch,
            last_offset: Offset(3),
            pre_vote: false,
        }),
        Request::BeginQuorumEpoch(BeginQuorumEpochRequest {
            cluster_id: cluster(),
            voter: broker,
            leader: BrokerId(2),
            leader_epoch,
            leader_endpoint: endpoint(),
        }),
        Request::EndQuorumEpoch(EndQuorumEpochRequest {
            cluster_id: cluster(),
            leader: broker,
            leader_epoch,
            preferred_successors: Vec::new(),
        }),
        Request::AlterPartition(AlterPartitionRequest { broker, broker_epoch: 5, partitions: Vec::new() }),
        Request::BrokerRegistration(BrokerRegistrationRequest {
            broker,
            cluster_id: cluster(),
            incarnation: 1,
            endpoints: Endpoints::plaintext(endpoint()),
            rack: None,
            log_dirs: Vec::new(),
            previous_broker_epoch: -1,
        }),
        Request::BrokerHeartbeat(BrokerHeartbeatRequest {
            broker,
            broker_epoch: 5,
            current_metadata_offset: Offset(3),
            want_fence: false,
            want_shut_down: false,
        }),
        Request::AllocateProducerIds(AllocateProducerIdsRequest { broker, broker_epoch: 5 }),
        Request::Envelope(Box::new(EnvelopeRequest {
            passed: Incoming::new("web".into(), Request::FindCoordinator(FindCoordinatorRequest { group: "g".into() })),
        })),
    ]
}

#[test]
fn every_api_has_one_row() {
    let numbers: BTreeSet<i16> = ApiKey::ALL.iter().map(|api| *api as i16).collect();
    let names: BTreeSet<&str> = ApiKey::ALL.iter().map(|api| api.name()).collect();
    assert_eq!((numbers.len(), names.len()), (ApiKey::ALL.len(), ApiKey::ALL.len()));
    for api in ApiKey::ALL {
        let row = api.row();
        assert_eq!((row.key, ApiKey::from_name(&row.name.to_lowercase())), (*api, Some(*api)));
        let (oldest, newest) = row.versions;
        assert!((oldest..=newest).contains(&row.spoken), "{api} is spoken as it is taken");
        assert!(row.is_served_on(Listener::FIRST) || row.is_served_on(Listener::Controller), "{api} is served");
        assert!(!row.is_forwarded() || row.is_served_on(Listener::Controller), "{api} is passed on to who serves it");
    }
}

#[test]
fn every_request_is_refused_by_an_answer_of_its_own_kind() {
    let error = ErrorCode::KafkaStorageError;
    for request in requests() {
        let answer = request.refused(&error.into());
        assert_eq!(answer.api_key(), request.api_key());
        // As often as the error is said: once for all of it, or once for each of the two that were asked for.
        let said = format!("{answer:?}").matches("KafkaStorageError").count();
        let expected = match request.api_key() {
            ApiKey::ElectLeaders => 3,
            _ if answer.error() == error => 1,
            _ => 2,
        };
        assert_eq!(said, expected, "{answer:?}");
        assert!(request.api_key() == answer.api_key() && (answer.error() == error || expected == 2));
    }
}

#[test]
fn the_patterns_are_the_rows() {
    for request in requests() {
        let served = match &request {
            api::for_brokers!() => Served::ByBrokers,
            api::for_voters!() => Served::ByVoters,
            api::for_controllers!() => Served::ByControllers,
            api::for_both!() => Served::ByBoth,
            api::for_forwarding!() => Served::ByForwarding,
        };
        assert_eq!(served, request.api_key().row().served);
    }
}

#[test]
fn what_may_wait_says_how_long() {
    let patient: BTreeSet<ApiKey> =
        requests().iter().filter(|request| request.timeout().is_some()).map(Request::api_key).collect();
    let expected = [
        ApiKey::Produce,
        ApiKey::CreateTopics,
        ApiKey::DeleteTopics,
        ApiKey::CreatePartitions,
        ApiKey::ElectLeaders,
        ApiKey::DeleteRecords,
    ];
    assert_eq!(patient, expected.into());
}

#[test]
fn a_listener_takes_its_own_apis_in_the_versions_of_the_table() {
    let takes = |listener: Listener, api: ApiKey, number| listener.takes(api, Version::of(api, number));
    for api in ApiKey::ALL.iter().copied().filter(|api| *api != ApiKey::ApiVersions) {
        let (oldest, newest) = api.row().versions;
        for listener in [Listener::FIRST, Listener::Controller] {
            let served = api.row().is_served_on(listener);
            assert_eq!([oldest, newest].map(|number| takes(listener, api, number)), [served, served]);
            assert_eq!([oldest - 1, newest + 1].map(|number| takes(listener, api, number)), [false, false]);
        }
    }
    assert!(takes(Listener::FIRST, ApiKey::ApiVersions, 99), "whoever asks for versions is answered");
    assert!(!takes(Listener::FIRST, ApiKey::Produce, 2), "told, for old clients, and refused");
}

#[test]
fn the_spoken_version_adds_nothing_to_a_state() {
    let digest = |version: Version| {
        let mut hasher = DefaultHasher::new();
        (1_u8, version, 2_u8).hash(&mut hasher);
        hasher.finish()
    };
    let mut plain = DefaultHasher::new();
    (1_u8, 2_u8).hash(&mut plain);
    assert_eq!(digest(Version::of(ApiKey::Fetch, 17)), plain.finish());
    assert_ne!(digest(Version::of(ApiKey::Fetch, 16)), plain.finish());
    assert_eq!(Version::of(ApiKey::Fetch, 16).number(ApiKey::Fetch), 16);
    assert_eq!(Version::Spoken.number(ApiKey::Fetch), 17);
}

// ApiVersions, beside the vectors. What is compared was recorded from brokers of 4.3.0.

fn ask(request: &ApiVersionsRequest, number: i16) -> ApiVersionsResponse {
    let features = [(Str::from("group.version"), 1), (Str::from("metadata.version"), 30)];
    let mut levels = features.iter().map(|(name, level)| (name, *level));
    let finalized = Finalized { levels: &mut levels, epoch: 1_440 };
    request.answer(Listener::FIRST, Version::of(ApiKey::ApiVersions, number), finalized)
}

#[test]
fn features_are_told_since_version_3_and_those_that_can_be_off_since_4() {
    let request = software("apache-kafka-java", "4.3.0");
    let names = |number| {
        let answer = ask(&request, number);
        let supported: Vec<String> = answer.supported_features.iter().map(|each| each.name.to_string()).collect();
        let finalized: Vec<(i16, i16)> = answer.finalized_features.iter().map(|each| (each.min, each.max)).collect();
        (supported, finalized, answer.finalized_features_epoch)
    };
    assert_eq!(names(2), (vec![], vec![], -1));
    assert_eq!(names(3), (vec!["metadata.version".to_owned()], vec![(1, 1), (30, 30)], 1_440));
    let (supported, finalized, epoch) = names(4);
    assert_eq!((supported.len(), finalized, epoch), (7, vec![(1, 1), (30, 30)], 1_440));
    assert_eq!(ask(&request, 4).error, ErrorCode::None);
}

#[test]
fn an_unknown_version_of_apiversions_learns_the_known_ones() {
    let answer = ask(&software("", ""), 99);
    assert_eq!(answer.error, ErrorCode::UnsupportedVersion);
    assert_eq!(answer.api_keys, [ApiVersionRange { key: 18, min: 0, max: 4 }]);
    assert!(answer.supported_features.is_empty() && answer.finalized_features.is_empty());
}

#[test]
fn software_has_a_decent_name_since_version_3() {
    for (name, version, number, error) in [
        ("bad name!", "1.0", 3, ErrorCode::InvalidRequest),
        ("", "1.0", 4, ErrorCode::InvalidRequest),
        ("-x", "1.0", 4, ErrorCode::InvalidRequest),
        ("x", "1.0.", 4, ErrorCode::InvalidRequest),
        ("wirecap-driver", "1.0", 4, ErrorCode::None),
        ("x", "1", 3, ErrorCode::None),
        ("", "", 2, ErrorCode::None),
    ] {
        let answer = ask(&software(name, version), number);
        assert_eq!(answer.error, error, "{name:?} {version:?} {number}");
        assert_eq!(answer.api_keys.is_empty(), error.is_error());
    }
}

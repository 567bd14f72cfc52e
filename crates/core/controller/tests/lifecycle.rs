//! The controller role by itself: brokers register, fall silent, leave and come back, and the
//! records are those that a 4.3.0 cluster wrote (`T:elr-kill`, `T:no-elr-kill`, `T:controlled-shutdown`).

use api::*;
use base::{
    BrokerId, ConnectionId, Endpoint, ErrorCode, FlatMap, FlatSet, LeaderEpoch, Offset, Rng, Span, Str, Time, Timestamp,
};
use controller::Controller;
use metadata::{MetadataRecord, PartitionRegistration};
use port::{Cx, Effect, Fact, Feature, KafkaFact, MemoryStore, NodeSetup, Outbox, ReplyTo, Roles};
use std::collections::BTreeMap;

const CLUSTER: &str = "cluster";

/// One active controller whose records are committed at once.
struct World {
    controller: Controller,
    now: Time,
    rng: Rng,
    store: MemoryStore,
    next_incarnation: u128,
    epochs: BTreeMap<i32, i64>,
    facts: Vec<Fact>,
    /// How many records each batch had.
    batches: Vec<usize>,
    /// Lines of what was written since they were last looked at.
    written: Vec<String>,
    records: Vec<MetadataRecord>,
}

impl World {
    fn new(features: FlatSet<Feature>) -> World {
        let mut world = World::cold(features);
        world.run(|controller, cx| controller.activate(cx, LeaderEpoch(1), Offset(1)));
        world
    }

    /// With a controller that has read nothing and is not the active one.
    fn cold(features: FlatSet<Feature>) -> World {
        let endpoint = Endpoint { host: "node".into(), port: 9092 };
        let setup = NodeSetup {
            cluster_id: CLUSTER.into(),
            node: BrokerId(9),
            roles: Roles::Controller,
            endpoint: endpoint.clone(),
            controller_endpoint: endpoint,
            rack: None,
            voters: Vec::new(),
            features,
            overrides: FlatMap::new(),
            topic_policy: port::TopicPolicy::default(),
        };
        World {
            controller: Controller::new(&setup),
            now: Time(1),
            rng: Rng::new(1, 1),
            store: MemoryStore::new(),
            next_incarnation: 1,
            epochs: BTreeMap::new(),
            facts: Vec::new(),
            batches: Vec::new(),
            written: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Lets the controller act, commits what it wrote, and returns the answers.
    fn run(&mut self, act: impl FnOnce(&mut Controller, &mut Cx<'_>)) -> Vec<Response> {
        let mut outbox = Outbox { wants_facts: true, ..Outbox::default() };
        let World { controller, rng, store, now, .. } = self;
        let mut cx = Cx { now: *now, wall: Timestamp(0), rng, store, outbox: &mut outbox };
        act(controller, &mut cx);
        let mut offset = controller.committed_image().last_applied().max(Offset(0)).plus(1);
        for append in controller.take_appends() {
            for record in &append.records {
                controller.replay(offset, record);
                offset = offset.plus(1);
            }
            controller.on_appended(append.id, offset.plus(-1));
            self.written.extend(append.summary.lines().map(str::to_owned).filter(|line| line != "no-op"));
            let size = port::metadata_records_size(append.frames.iter().map(|frame| frame.len()));
            assert!(port::fits_metadata_batch(size) && append.records.len() <= 10_000, "the quorum can take it");
            self.batches.push(append.records.len());
            self.records.extend(append.records);
        }
        if controller.is_active() {
            controller.on_committed(&mut cx, offset);
        }
        let mut responses = Vec::new();
        for effect in outbox.effects {
            match effect {
                Effect::Fact(fact) => self.facts.push(fact),
                Effect::Send(_, message) => {
                    let api::Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message);
                    let Body::Response(response) = message.body else { panic!("a controller asks nothing") };
                    responses.push(response);
                }
                Effect::Connect(..) | Effect::Close(_) | Effect::Exit => panic!("not expected: {effect:?}"),
            }
        }
        responses
    }

    fn ask(&mut self, request: Request) -> Response {
        let to = ReplyTo { connection: ConnectionId(1), correlation_id: 1 };
        let mut responses =
            self.run(|controller, cx| controller.on_request(cx, to, Incoming::new("test".into(), request)));
        assert_eq!(responses.len(), 1);
        responses.remove(0)
    }

    fn register(&mut self, id: i32, previous_broker_epoch: i64) -> ErrorCode {
        self.next_incarnation += 1;
        let request = BrokerRegistrationRequest {
            broker: BrokerId(id),
            cluster_id: CLUSTER.into(),
            incarnation: self.next_incarnation,
            endpoint: Endpoint { host: "broker".into(), port: 9092 },
            rack: None,
            log_dirs: vec![1_000 + id as u128],
            previous_broker_epoch,
        };
        let Response::BrokerRegistration(response) = self.ask(Request::BrokerRegistration(request)) else { panic!() };
        if response.error == ErrorCode::None {
            self.epochs.insert(id, response.broker_epoch);
        }
        response.error
    }

    fn heartbeat(&mut self, id: i32, want_shut_down: bool) -> BrokerHeartbeatResponse {
        let request = BrokerHeartbeatRequest {
            broker: BrokerId(id),
            broker_epoch: self.epochs[&id],
            current_metadata_offset: self.controller.committed_image().last_applied(),
            want_fence: false,
            want_shut_down,
        };
        let Response::BrokerHeartbeat(response) = self.ask(Request::BrokerHeartbeat(request)) else { panic!() };
        response
    }

    fn start(&mut self, id: i32) {
        assert_eq!(self.register(id, -1), ErrorCode::None);
        assert!(!self.heartbeat(id, false).is_fenced);
    }

    /// Twelve seconds pass in which only `alive` send heartbeats.
    fn silence(&mut self, alive: &[i32]) {
        let end = self.now + Span::from_secs(12);
        while let Some(deadline) = self.controller.next_deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            for id in alive {
                self.heartbeat(*id, false);
            }
            self.run(|controller, cx| controller.on_deadline(cx));
            assert!(self.controller.next_deadline() > Some(self.now), "no deadline is left behind");
        }
    }

    /// A topic of so many partitions, each on all brokers.
    fn create_wide(&mut self, topic: &str, num_partitions: i32, replication_factor: i16) -> CreatableTopicResult {
        let (assignments, configs) = (Vec::new(), Vec::new());
        self.create_topic(CreatableTopic {
            name: topic.into(),
            num_partitions,
            replication_factor,
            assignments,
            configs,
        })
    }

    fn create(&mut self, topic: &str, replicas: &[i32], configs: &[(&str, &str)]) -> CreatableTopicResult {
        self.create_topic(CreatableTopic {
            name: topic.into(),
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![(0, replicas.iter().copied().map(BrokerId).collect())],
            configs: configs.iter().map(|(name, value)| (Str::from(*name), Some(Str::from(*value)))).collect(),
        })
    }

    fn create_topic(&mut self, topic: CreatableTopic) -> CreatableTopicResult {
        let request = CreateTopicsRequest { topics: vec![topic], timeout: Span::from_secs(30), validate_only: false };
        let envelope = enveloped(Request::CreateTopics(request));
        let Response::Envelope(EnvelopeResponse { error: ErrorCode::None, response: Some(inner) }) = self.ask(envelope)
        else {
            panic!()
        };
        let Response::CreateTopics(mut response) = *inner else { panic!() };
        response.topics.remove(0)
    }

    fn partition(&self) -> PartitionRegistration {
        let topic = self.controller.image().topic_by_name("t").expect("was created");
        (*topic.partitions[&0]).clone()
    }

    fn take_written(&mut self) -> Vec<String> {
        std::mem::take(&mut self.written)
    }
}

fn ids(numbers: &[i32]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

fn three_brokers(features: FlatSet<Feature>) -> World {
    let mut world = World::new(features);
    (1..=3).for_each(|id| world.start(id));
    world.create("t", &[1, 2, 3], &[("min.insync.replicas", "2")]);
    world.take_written();
    world
}

#[test]
fn the_first_controller_writes_what_was_formatted() {
    let mut world = World::new(FlatSet::from([Feature::EligibleLeaderReplicas]));
    assert_eq!(
        world.take_written(),
        [
            "begin: Bootstrap records",
            "feature metadata.version=30",
            "feature eligible.leader.replicas.version=1",
            "feature group.version=1",
            "feature share.version=1",
            "feature streams.version=1",
            "feature transaction.version=2",
            "all brokers: min.insync.replicas=1",
            "end",
        ]
    );
}

#[test]
fn elr_kill() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    world.silence(&[1, 2]);
    assert_eq!(world.take_written(), ["t-0: ISR [1, 2]", "broker 3 fenced"]);
    world.silence(&[1]);
    assert_eq!(world.take_written(), ["t-0: ISR [1], ELR [2]", "broker 2 fenced"]);
    world.silence(&[]);
    let lost = "t-0: leader 1→none, epoch 1, ISR [], ELR [1, 2], last known leader [1]";
    assert_eq!(world.take_written(), [lost, "broker 1 fenced"]);
    world.start(3);
    assert_eq!(world.partition().leader, None);
    world.start(2);
    assert_eq!((world.partition().elr, world.partition().leader), (ids(&[1]), None));
    world.take_written();
    world.start(1);
    let changes: Vec<String> = world.take_written().into_iter().filter(|line| line.starts_with("t-0")).collect();
    assert_eq!(changes, ["t-0: ELR []", "t-0: leader none→1, epoch 2, ISR [1], last known leader [], recovering"]);
    let fenced = world.facts.iter().filter(|fact| matches!(fact, Fact::Kafka(KafkaFact::BrokerFenced { .. }))).count();
    assert_eq!(fenced, 3);
}

#[test]
fn no_elr_kill() {
    let mut world = three_brokers(FlatSet::new());
    world.silence(&[1, 2]);
    world.silence(&[1]);
    assert_eq!(world.partition().isr, ids(&[1]));
    world.take_written();
    world.silence(&[]);
    assert_eq!(world.take_written(), ["t-0: leader 1→none, epoch 1", "broker 1 fenced"]);
    world.start(3);
    world.start(2);
    assert_eq!(world.partition().leader, None);
    world.start(1);
    assert_eq!((world.partition().leader, world.partition().isr), (Some(BrokerId(1)), ids(&[1])));
}

#[test]
fn a_broker_that_leaves_first_gives_its_partitions_away() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let first = world.heartbeat(1, true);
    assert!(!first.should_shut_down && !first.is_fenced);
    assert_eq!(world.take_written(), ["broker 1 in controlled shutdown", "t-0: leader 1→2, epoch 1, ISR [2, 3]"]);
    assert!(!world.heartbeat(1, true).should_shut_down, "the others have not heard of it yet");
    world.heartbeat(2, false);
    world.heartbeat(3, false);
    assert!(world.heartbeat(1, true).should_shut_down);
    assert_eq!(world.take_written(), ["broker 1 fenced"]);
    let epoch = world.epochs[&1];
    assert_eq!(world.register(1, epoch), ErrorCode::DuplicateBrokerRegistration, "its session outlives it");
    world.silence(&[2, 3]);
    assert_eq!(world.take_written(), ["broker 1 fenced"], "once more, when its session ends");
    assert_eq!(world.register(1, epoch), ErrorCode::None);
    assert_eq!(world.register(1, epoch), ErrorCode::None, "no session before the first heartbeat");
}

#[test]
fn a_broker_with_a_living_session_cannot_be_registered_twice() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    assert_eq!(world.register(2, -1), ErrorCode::DuplicateBrokerRegistration);
    assert_eq!(world.heartbeat(2, false).error, ErrorCode::None);
}

#[test]
fn topics_are_written_in_order_and_refused_in_kafkas_words() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let made = world.create("a.b", &[2], &[("retention.ms", "1000"), ("min.insync.replicas", "1")]);
    assert_eq!((made.error, made.num_partitions, made.replication_factor), (ErrorCode::None, 1, 1));
    let written = world.take_written();
    let expected =
        ["topic a.b", "topic a.b: min.insync.replicas=1", "topic a.b: retention.ms=1000", "topic a.b: ELR cleared"];
    assert_eq!(&written[..4], expected);
    let refused = world.create("a_b", &[2], &[]);
    assert_eq!(refused.error_message.as_deref(), Some("Topic 'a_b' collides with existing topic: a.b"));
    let refused = world.create("n", &[9], &[]);
    let message = "The manual partition assignment includes broker 9, but no such broker is registered.";
    assert_eq!((refused.error, refused.error_message.as_deref()), (ErrorCode::InvalidReplicaAssignment, Some(message)));
    let refused = world.create("n", &[1], &[("retention.ms", "soon")]);
    let message = "Invalid value soon for configuration retention.ms: Not a number of type LONG";
    assert_eq!((refused.error, refused.error_message.as_deref()), (ErrorCode::InvalidConfig, Some(message)));
}

/// The answer to one change of one setting.
fn alter(world: &mut World, resource: ConfigResource, name: &str, value: Option<&str>) -> (ErrorCode, Option<Str>) {
    let op = if value.is_some() { AlterConfigOp::Set } else { AlterConfigOp::Delete };
    let change = AlterConfig { name: name.into(), op, value: value.map(Str::from) };
    alter_all(world, vec![(resource, vec![change])])
}

fn alter_all(world: &mut World, resources: Vec<(ConfigResource, Vec<AlterConfig>)>) -> (ErrorCode, Option<Str>) {
    let request = IncrementalAlterConfigsRequest { resources, validate_only: false };
    let Response::IncrementalAlterConfigs(mut response) = world.ask(Request::IncrementalAlterConfigs(request)) else {
        panic!()
    };
    let (_, error, message) = response.results.remove(0);
    (error, message)
}

#[test]
fn settings_are_refused_in_kafkas_order_and_words() {
    use ErrorCode::{BrokerIdNotRegistered, InvalidConfig, InvalidRequest, UnknownTopicOrPartition};
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let topic = |name: &str| ConfigResource::Topic(name.into());
    let (one, all) = (|id| ConfigResource::Broker(Some(BrokerId(id))), ConfigResource::Broker(None));
    let min_isr = "min.insync.replicas";
    let cases: [(ConfigResource, &str, &str, ErrorCode, &str); 8] = [
        (topic("nope"), "no.such", "1", InvalidConfig, "Unknown topic config name: no.such"),
        (topic("nope"), "retention.ms", "1", UnknownTopicOrPartition, "The topic 'nope' does not exist."),
        (topic(""), "retention.ms", "1", InvalidRequest, "Default topic resources are not allowed."),
        (one(1), "node.id", "7", InvalidRequest, "Cannot update these configs dynamically: [node.id]"),
        (
            all.clone(),
            "listeners",
            "PLAINTEXT://:1",
            InvalidRequest,
            "Cannot update these configs at default cluster level, broker id must be specified: [listeners]",
        ),
        (
            all.clone(),
            min_isr,
            "0",
            InvalidRequest,
            "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
        ),
        (
            one(1),
            min_isr,
            "1",
            InvalidConfig,
            "Broker-level min.insync.replicas cannot be altered while ELR is enabled.",
        ),
        (one(9), "log.cleaner.threads", "2", BrokerIdNotRegistered, "No node with id 9 found."),
    ];
    for (resource, name, value, error, message) in cases {
        assert_eq!(alter(&mut world, resource, name, Some(value)), (error, Some(message.into())), "{name}");
    }
    let (error, message) = alter(&mut world, topic("t"), "cleanup.policy", Some(&"x".repeat(32_768)));
    assert_eq!(error, InvalidConfig);
    assert!(message.is_some_and(|text| text.ends_with("exceeds the maximum value size of 32767 bytes.")));
    assert_eq!(alter(&mut world, one(1), "no.such", Some("7")).0, ErrorCode::None);
    assert_eq!(alter(&mut world, all, min_isr, None).0, InvalidConfig);
}

/// A list that a topic may be given whatever is modelled.
const THROTTLED: &str = "leader.replication.throttled.replicas";

#[test]
fn lists_are_appended_to_and_subtracted_from_as_java_splits_them() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let topic = || ConfigResource::Topic("t".into());
    let policy = |world: &World| {
        let image = world.controller.image();
        image.config(&ConfigResource::Topic("t".into()), THROTTLED).map(|text| text.to_string())
    };
    let mut act = |op, value: &str| {
        let change = AlterConfig { name: THROTTLED.into(), op, value: Some(value.into()) };
        let answer = alter_all(&mut world, vec![(topic(), vec![change])]);
        (answer.0, policy(&world))
    };
    assert_eq!(act(AlterConfigOp::Append, "0:1"), (ErrorCode::None, Some("0:1".into())));
    assert_eq!(act(AlterConfigOp::Append, "0:2,"), (ErrorCode::None, Some("0:1,0:2".into())));
    assert_eq!(act(AlterConfigOp::Append, "0:2"), (ErrorCode::None, Some("0:1,0:2".into())));
    assert_eq!(act(AlterConfigOp::Subtract, "0:1,0:2"), (ErrorCode::None, Some("".into())));
    assert_eq!(act(AlterConfigOp::Append, "shrink").0, ErrorCode::InvalidConfig);
}

/// What Kafka would take and the model has not, the cluster's policy refuses, and says why. Kafka's own topics ask for
/// compaction and get their settings.
#[test]
fn settings_that_are_not_modelled_are_refused_by_policy() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let mut set = |resource, name, value| alter(&mut world, resource, name, Some(value));
    let t = || ConfigResource::Topic("t".into());
    let (error, message) = set(t(), "cleanup.policy", "delete,compact");
    assert_eq!(error, ErrorCode::PolicyViolation);
    let words =
        "cleanup.policy=delete,compact is not taken: Logs here are not compacted, only cut off at their old end.";
    assert_eq!(message.as_deref(), Some(words));
    assert_eq!(set(t(), "cleanup.policy", "shrink").0, ErrorCode::InvalidConfig, "Kafka's complaint goes first");
    assert_eq!(set(t(), "flush.messages", "1").0, ErrorCode::PolicyViolation);
    assert_eq!(set(t(), "cleanup.policy", "delete").0, ErrorCode::None);
    assert_eq!(set(ConfigResource::Broker(None), "num.replica.fetchers", "4").0, ErrorCode::PolicyViolation);
}

#[test]
fn who_waits_at_a_controller_that_resigns_is_sent_elsewhere() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let request = AllocateProducerIdsRequest { broker: BrokerId(1), broker_epoch: world.epochs[&1] };
    let request = Request::AllocateProducerIds(request);
    let to = ReplyTo { connection: ConnectionId(3), correlation_id: 7 };
    let mut responses = Vec::new();
    let mut outbox = Outbox::default();
    let World { controller, rng, store, now, .. } = &mut world;
    let mut cx = Cx { now: *now, wall: Timestamp(0), rng, store, outbox: &mut outbox };
    controller.on_request(&mut cx, to, Incoming::new("".into(), request));
    assert_eq!(controller.active().expect("is active").parked().count(), 1);
    assert_ne!(controller.image().next_producer_id(), controller.committed_image().next_producer_id());
    controller.deactivate(&mut cx);
    assert_eq!(controller.image().next_producer_id(), 0);
    responses.extend(outbox.effects);
    let [Effect::Send(_, message)] = responses.as_slice() else { panic!("{responses:?}") };
    let Message::Kafka(message) = &**message;
    let Body::Response(Response::AllocateProducerIds(answer)) = &message.body else { panic!("{message:?}") };
    assert_eq!(answer.error, ErrorCode::NotController);
}

/// `EnvelopeUtils`: what may not be passed on is refused as an envelope, whoever the controller is.
#[test]
fn an_envelope_holds_what_brokers_pass_on_in_a_version_that_is_known() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let mut pass = |version: Version, request: Request| {
        let passed = Incoming { client_id: "web".into(), version, request };
        let Response::Envelope(answer) = world.ask(Request::Envelope(Box::new(EnvelopeRequest { passed }))) else {
            panic!("an envelope is answered by an envelope")
        };
        (answer.error, answer.response.map(|response| response.api_key()))
    };
    let own = Request::AllocateProducerIds(AllocateProducerIdsRequest { broker: BrokerId(1), broker_epoch: 0 });
    assert_eq!(pass(Version::Spoken, own), (ErrorCode::InvalidRequest, None));
    let delete = DeleteTopicsRequest { names: vec!["t".into()], timeout: Span::from_secs(30) };
    let delete = Request::DeleteTopics(delete);
    assert_eq!(pass(Version::Other(0), delete.clone()), (ErrorCode::UnsupportedVersion, None));
    assert_eq!(pass(Version::Other(1), delete), (ErrorCode::None, Some(ApiKey::DeleteTopics)));
}

#[test]
fn every_controller_tells_what_its_listener_serves() {
    let request = ApiVersionsRequest { client_software_name: "x".into(), client_software_version: "1".into() };
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let Response::ApiVersions(answer) = world.ask(Request::ApiVersions(request.clone())) else { panic!() };
    assert_eq!(answer.api_keys, api::api_keys(Listener::Controller));
    assert!(answer.api_keys.iter().any(|range| range.key == ApiKey::Vote as i16));
    assert!(answer.api_keys.iter().all(|range| range.key != ApiKey::Produce as i16));
    let level = |answer: &ApiVersionsResponse| {
        answer.finalized_features.iter().find(|each| &*each.name == "metadata.version").map(|each| each.max)
    };
    assert_eq!((level(&answer), answer.finalized_features_epoch >= 0), (Some(30), true));
    let mut cold = World::cold(FlatSet::new());
    let Response::ApiVersions(answer) = cold.ask(Request::ApiVersions(request)) else { panic!() };
    assert_eq!((level(&answer), answer.finalized_features_epoch), (Some(7), -1));
}

/// What takes effect as a whole must be one batch of the metadata log. Where it is too much for one, nothing happens
/// (`RecordBatchTooLargeException`), and later decisions go where they were meant to go.
#[test]
fn a_decision_too_large_for_one_batch_is_refused_and_leaves_nothing_behind() {
    let mut world = World::new(FlatSet::from([Feature::EligibleLeaderReplicas]));
    (1..=90).for_each(|id| world.start(id));
    let next = world.controller.active().expect("is active").next_offset();
    let refused = world.create_wide("wide", 4_950, 90);
    assert_eq!((refused.error, refused.topic_id), (ErrorCode::RecordListTooLarge, base::TopicId::ZERO));
    let active = world.controller.active().expect("is still active");
    assert_eq!((active.next_offset(), active.image().topics().count()), (next, 0));
    assert_eq!(world.create_wide("narrow", 4_950, 1).error, ErrorCode::None);
    assert_eq!(world.controller.committed_image().topics().count(), 1);
}

/// What is many changes in one may be several batches (`ControllerResult.of`).
#[test]
fn a_broker_of_many_partitions_falls_silent_in_several_batches() {
    let mut world = World::new(FlatSet::from([Feature::EligibleLeaderReplicas]));
    (1..=2).for_each(|id| world.start(id));
    for topic in ["a", "b"] {
        assert_eq!(world.create_wide(topic, 6_000, 2).error, ErrorCode::None);
    }
    world.batches.clear();
    world.silence(&[1]);
    assert_eq!(world.batches.iter().filter(|records| **records > 1).collect::<Vec<_>>(), [&10_000, &2_001]);
    let led = world.controller.committed_image().partitions();
    assert!(led.into_iter().all(|(_, partition)| partition.leader == Some(BrokerId(1))));
}

/// The planted fault does what its name says, so that checks have something to catch.
#[cfg(feature = "mutants")]
#[test]
fn a_mutant_elects_from_outside_the_isr() {
    use base::{TopicId, TopicIdPartition};
    use controller::{Election, MetadataVersion, Rules, Target, partition_change};
    let mut partition = PartitionRegistration::new(ids(&[1, 2, 3]), ids(&[1, 2]));
    partition.leader = Some(BrokerId(1));
    let mut target = Target::of(&partition);
    target.isr = ids(&[2]);
    let rules = Rules {
        election: Election::Online,
        metadata_version: MetadataVersion::LATEST,
        min_isr: 1,
        elr_enabled: true,
        last_known_leader: true,
        unclean_shutdown: Vec::new(),
        switches: port::TestSwitches::from_overrides(
            &[("blumfeld.mutant".into(), "new-leader-not-in-isr".into())].into(),
        ),
    };
    let at = TopicIdPartition { topic: TopicId(1), partition: 0 };
    let change = partition_change::build(at, &partition, target, &rules, &|id| id != BrokerId(1)).expect("a change");
    assert_eq!((change.leader, change.isr), (Some(BrokerId(3)), Some(ids(&[2]))));
}

/// As a broker passes it on for a client.
fn enveloped(request: Request) -> Request {
    Request::Envelope(Box::new(EnvelopeRequest { passed: Incoming::new("web".into(), request) }))
}

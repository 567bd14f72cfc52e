//! The controller role by itself: brokers register, fall silent, leave and come back, and the
//! records are those that a 4.3.0 cluster wrote (`T:elr-kill`, `T:no-elr-kill`, `T:controlled-shutdown`).

use crate::world;

use api::*;
use base::{BrokerId, ConnectionId, ErrorCode, FlatSet, Span, Timestamp};
use port::{Cx, Effect, Fact, Feature, KafkaFact, Outbox, ReplyTo};
use world::{World, ids, three_brokers};

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
fn who_waits_at_a_controller_that_resigns_is_sent_elsewhere() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let request = AllocateProducerIdsRequest { broker: BrokerId(1), broker_epoch: world.epochs[&1] };
    let request = Request::AllocateProducerIds(request);
    let to = ReplyTo::new(ConnectionId(3), 7);
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
    let Message::Kafka(message) = &**message else { panic!("{message:?}") };
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
    use metadata::PartitionRegistration;
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

//! What a node's ports take: kinds of requests, and versions of them.

use api::{
    AllocateProducerIdsRequest, ApiKey, ApiVersionRange, ApiVersionsRequest, Body, DeleteTopicsRequest, Incoming,
    KafkaMessage, Message, Request, Response, Version,
};
use base::{BrokerId, ConnectionId, Endpoint, ErrorCode, FlatMap, FlatSet, Rng, Span, Time, Timestamp};
use port::{
    Cx, Effect, Event, Fact, KafkaFact, Listener, Listeners, MemoryStore, NodeSetup, Outbox, Owner, Roles, TopicPolicy,
    Voter,
};
use process::Node;

struct World {
    node: Node,
    rng: Rng,
    store: MemoryStore,
    next: i32,
}

const HERE: ConnectionId = ConnectionId(3);

impl World {
    /// A controller of a quorum of three that has not elected anybody, and a connection to it.
    fn new() -> World {
        let endpoint = |port| Endpoint { host: "node".into(), port };
        let voters = [1, 2, 3].map(|id| Voter { id: BrokerId(id), endpoint: endpoint(9_090 + id as u16) });
        let setup = NodeSetup {
            cluster_id: "cluster".into(),
            node: BrokerId(1),
            roles: Roles::Controller,
            listeners: Listeners::plaintext(endpoint(9_092)),
            controller_endpoint: endpoint(9_091),
            rack: None,
            voters: voters.into(),
            features: FlatSet::new(),
            overrides: FlatMap::new(),
            topic_policy: TopicPolicy::default(),
        };
        let (mut rng, mut store) = (Rng::new(1, 1), MemoryStore::new());
        let mut outbox = Outbox::default();
        let mut cx = cx(&mut rng, &mut store, &mut outbox);
        let node = Node::boot(&setup, &mut cx);
        let mut world = World { node, rng, store, next: 1 };
        world.event(Event::Accepted(HERE, Listener::Controller));
        world
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        let mut outbox = Outbox { wants_facts: true, ..Outbox::default() };
        let mut cx = cx(&mut self.rng, &mut self.store, &mut outbox);
        self.node.on_event(&mut cx, event);
        outbox.effects
    }

    fn ask(&mut self, version: Version, request: Request) -> Vec<Effect> {
        let Incoming { client_id, request, .. } = Incoming::new("test".into(), request);
        let (correlation_id, body) = (self.next, Body::Request(request));
        self.next += 1;
        let message = KafkaMessage { correlation_id, client_id, version, body };
        self.event(Event::Received(HERE, Owner::Listener(Listener::Controller), Message::Kafka(message).into()))
    }
}

fn cx<'a>(rng: &'a mut Rng, store: &'a mut MemoryStore, outbox: &'a mut Outbox) -> Cx<'a> {
    Cx { now: Time(1), wall: Timestamp(0), rng, store, outbox }
}

fn versions() -> Request {
    let request = ApiVersionsRequest { client_software_name: "x".into(), client_software_version: "1".into() };
    Request::ApiVersions(request)
}

fn answer(effects: &[Effect]) -> Response {
    let [Effect::Send(HERE, message)] = effects else { panic!("one answer: {effects:?}") };
    let Message::Kafka(message) = &**message else { panic!("{message:?}") };
    let Body::Response(response) = message.body.clone() else { panic!("{message:?}") };
    response
}

#[test]
fn whoever_asks_for_versions_is_answered_whatever_his_own() {
    let mut world = World::new();
    let Response::ApiVersions(told) = answer(&world.ask(Version::Spoken, versions())) else { panic!() };
    assert_eq!((told.error, told.api_keys), (ErrorCode::None, api::api_keys(Listener::Controller)));
    let Response::ApiVersions(told) = answer(&world.ask(Version::Other(99), versions())) else { panic!() };
    assert_eq!(told.error, ErrorCode::UnsupportedVersion);
    assert_eq!(told.api_keys, [ApiVersionRange { key: 18, min: 0, max: 4 }]);
    // The connection lives on for the second try.
    let Response::ApiVersions(told) = answer(&world.ask(Version::Other(0), versions())) else { panic!() };
    assert_eq!(told.error, ErrorCode::None);
}

#[test]
fn what_a_port_does_not_take_ends_the_connection() {
    let produce_ids =
        || Request::AllocateProducerIds(AllocateProducerIdsRequest { broker: BrokerId(2), broker_epoch: 1 });
    let delete = || Request::DeleteTopics(DeleteTopicsRequest { names: Vec::new(), timeout: Span::from_secs(1) });
    let find = || Request::FindCoordinator(api::FindCoordinatorRequest { group: "g".into() });
    for (version, request, words) in [
        (
            Version::Other(1),
            produce_ids(),
            "Received request api key AllocateProducerIds with version 1 which is not enabled",
        ),
        (Version::Other(0), delete(), "Received request api key DeleteTopics with version 0 which is not enabled"),
        (Version::Spoken, find(), "Received request api key FindCoordinator with version 3 which is not enabled"),
    ] {
        let mut world = World::new();
        let api = request.api_key();
        let effects = world.ask(version, request);
        let [Effect::Fact(Fact::Kafka(KafkaFact::Refused { api: told, error, message })), Effect::Close(HERE)] =
            effects.as_slice()
        else {
            panic!("{effects:?}")
        };
        assert_eq!((*told, *error, &**message), (api, ErrorCode::InvalidRequest, words));
        assert!(world.ask(Version::Spoken, versions()).is_empty(), "nothing is read from it any more");
    }
}

#[test]
fn what_a_port_takes_is_answered() {
    let mut world = World::new();
    let request = DeleteTopicsRequest { names: vec!["t".into()], timeout: Span::from_secs(1) };
    let told = answer(&world.ask(Version::Other(1), Request::DeleteTopics(request)));
    assert_eq!(told.api_key(), ApiKey::DeleteTopics);
    let Response::DeleteTopics(told) = told else { panic!() };
    assert_eq!(told.topics.iter().map(|(_, error, _)| *error).collect::<Vec<_>>(), [ErrorCode::NotController]);
}

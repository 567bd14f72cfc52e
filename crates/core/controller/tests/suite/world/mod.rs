//! One controller by itself: what it writes is committed at once, and brokers are what the tests say for them.

use api::*;
use base::{
    BrokerId, ConnectionId, Endpoint, Endpoints, ErrorCode, FlatMap, FlatSet, LeaderEpoch, Offset, Rng, Span, Str,
    Time, Timestamp,
};
use controller::Controller;
use metadata::{MetadataRecord, PartitionRegistration};
use port::{Cx, Effect, Fact, Feature, Listeners, MemoryStore, NodeSetup, Outbox, ReplyTo, Roles};
use std::collections::BTreeMap;

pub const CLUSTER: &str = "cluster";

/// One active controller whose records are committed at once.
pub struct World {
    pub controller: Controller,
    pub now: Time,
    pub rng: Rng,
    pub store: MemoryStore,
    pub next_incarnation: u128,
    pub epochs: BTreeMap<i32, i64>,
    pub facts: Vec<Fact>,
    /// How many records each batch had.
    pub batches: Vec<usize>,
    /// Lines of what was written since they were last looked at.
    pub written: Vec<String>,
    pub records: Vec<MetadataRecord>,
}

impl World {
    pub fn new(features: FlatSet<Feature>) -> World {
        let mut world = World::cold(features);
        world.run(|controller, cx| controller.activate(cx, LeaderEpoch(1), Offset(1)));
        world
    }

    /// With a controller that has read nothing and is not the active one.
    pub fn cold(features: FlatSet<Feature>) -> World {
        let endpoint = Endpoint { host: "node".into(), port: 9092 };
        let setup = NodeSetup {
            cluster_id: CLUSTER.into(),
            node: BrokerId(9),
            roles: Roles::Controller,
            listeners: Listeners::plaintext(endpoint.clone()),
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
    pub fn run(&mut self, act: impl FnOnce(&mut Controller, &mut Cx<'_>)) -> Vec<Response> {
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
                    let api::Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message) else { continue };
                    let Body::Response(response) = message.body else { panic!("a controller asks nothing") };
                    responses.push(response);
                }
                Effect::Connect(..) | Effect::Close(_) | Effect::Exit | Effect::Crash | Effect::Write(_) => {
                    panic!("not expected: {effect:?}")
                }
            }
        }
        responses
    }

    pub fn ask(&mut self, request: Request) -> Response {
        let to = ReplyTo::new(ConnectionId(1), 1);
        let mut responses =
            self.run(|controller, cx| controller.on_request(cx, to, Incoming::new("test".into(), request)));
        assert_eq!(responses.len(), 1);
        responses.remove(0)
    }

    pub fn register(&mut self, id: i32, previous_broker_epoch: i64) -> ErrorCode {
        self.next_incarnation += 1;
        let request = BrokerRegistrationRequest {
            broker: BrokerId(id),
            cluster_id: CLUSTER.into(),
            incarnation: self.next_incarnation,
            endpoints: Endpoints::plaintext(Endpoint { host: "broker".into(), port: 9092 }),
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

    pub fn heartbeat(&mut self, id: i32, want_shut_down: bool) -> BrokerHeartbeatResponse {
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

    pub fn start(&mut self, id: i32) {
        assert_eq!(self.register(id, -1), ErrorCode::None);
        assert!(!self.heartbeat(id, false).is_fenced);
    }

    /// Twelve seconds pass in which only `alive` send heartbeats.
    pub fn silence(&mut self, alive: &[i32]) {
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
    pub fn create_wide(&mut self, topic: &str, num_partitions: i32, replication_factor: i16) -> CreatableTopicResult {
        let (assignments, configs) = (Vec::new(), Vec::new());
        self.create_topic(CreatableTopic {
            name: topic.into(),
            num_partitions,
            replication_factor,
            assignments,
            configs,
        })
    }

    pub fn create(&mut self, topic: &str, replicas: &[i32], configs: &[(&str, &str)]) -> CreatableTopicResult {
        self.create_topic(CreatableTopic {
            name: topic.into(),
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![(0, replicas.iter().copied().map(BrokerId).collect())],
            configs: configs.iter().map(|(name, value)| (Str::from(*name), Some(Str::from(*value)))).collect(),
        })
    }

    pub fn create_topic(&mut self, topic: CreatableTopic) -> CreatableTopicResult {
        let request = CreateTopicsRequest { topics: vec![topic], timeout: Span::from_secs(30), validate_only: false };
        let envelope = enveloped(Request::CreateTopics(request));
        let Response::Envelope(EnvelopeResponse { error: ErrorCode::None, response: Some(inner) }) = self.ask(envelope)
        else {
            panic!()
        };
        let Response::CreateTopics(mut response) = *inner else { panic!() };
        response.topics.remove(0)
    }

    pub fn partition(&self) -> PartitionRegistration {
        let topic = self.controller.image().topic_by_name("t").expect("was created");
        (*topic.partitions[&0]).clone()
    }

    pub fn take_written(&mut self) -> Vec<String> {
        std::mem::take(&mut self.written)
    }
}

pub fn ids(numbers: &[i32]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

pub fn three_brokers(features: FlatSet<Feature>) -> World {
    let mut world = World::new(features);
    (1..=3).for_each(|id| world.start(id));
    world.create("t", &[1, 2, 3], &[("min.insync.replicas", "2")]);
    world.take_written();
    world
}

/// As a broker passes it on for a client.
pub fn enveloped(request: Request) -> Request {
    Request::Envelope(Box::new(EnvelopeRequest { passed: Incoming::new("web".into(), request) }))
}

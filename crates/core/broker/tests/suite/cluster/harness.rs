//! Brokers, a network without delay, and a controller that does what it is asked.

use api::*;
use base::*;
use broker::{Broker, Partition};
use metadata::{
    BrokerRegistrationChange, ConfigChange, Image, MetadataRecord, PartitionChange, PartitionRecord,
    PartitionRegistration, RegisterBroker,
};
use port::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub const TOPIC: TopicId = TopicId(7);
const OFFSETS: TopicId = TopicId(8);
pub const TOPIC_NAME: &str = "orders";
const CONTROLLER: i32 = 100;
const CLIENT: i32 = 200;

pub fn at(partition: i32) -> TopicIdPartition {
    TopicIdPartition { topic: TOPIC, partition }
}

struct Node {
    broker: Broker,
    store: MemoryStore,
    rng: Rng,
    outbox: Outbox,
    exited: bool,
}

#[derive(Debug)]
enum Happening {
    Connected(ConnectionId),
    Closed(ConnectionId),
    Request(ReplyTo, Str, Request),
    Response(ReplyTo, Response),
}

impl Happening {
    fn connection(&self) -> ConnectionId {
        match self {
            Happening::Connected(connection) | Happening::Closed(connection) => *connection,
            Happening::Request(to, ..) | Happening::Response(to, _) => to.connection,
        }
    }
}

type End = (i32, ConnectionId);

#[derive(Default)]
pub struct Cluster {
    now: Time,
    nodes: BTreeMap<i32, Node>,
    peers: BTreeMap<End, End>,
    /// What a broker has opened a connection for.
    lines: BTreeMap<End, BrokerLine>,
    next_accepted: u64,
    queue: VecDeque<(i32, Happening)>,
    cut: BTreeSet<i32>,
    log: Vec<MetadataRecord>,
    image: Image,
    seen: BTreeMap<i32, usize>,
    answers: BTreeMap<i32, Response>,
    next_ticket: i32,
    next_producer_id: i64,
    pub created: Vec<String>,
    pub previous_epochs: BTreeMap<i32, i64>,
}

fn setup(id: i32) -> NodeSetup {
    NodeSetup {
        cluster_id: "test".into(),
        node: BrokerId(id),
        roles: Roles::Broker,
        listeners: Listeners::plaintext(Endpoint { host: "broker".into(), port: id as u16 }),
        controller_endpoint: Endpoint { host: "controller".into(), port: CONTROLLER as u16 },
        rack: None,
        voters: Vec::new(),
        features: FlatSet::new(),
        overrides: FlatMap::new(),
        topic_policy: port::TopicPolicy::default(),
    }
}

impl Node {
    fn act<T>(&mut self, now: Time, act: impl FnOnce(&mut Broker, &mut Cx<'_>) -> T) -> T {
        let mut cx = Cx {
            now,
            wall: Timestamp((now.0 / 1_000_000) as i64),
            rng: &mut self.rng,
            store: &mut self.store,
            outbox: &mut self.outbox,
        };
        act(&mut self.broker, &mut cx)
    }
}

impl Cluster {
    pub fn start(ids: &[i32]) -> Cluster {
        let mut cluster = Cluster { next_accepted: 1, ..Cluster::default() };
        for &id in ids {
            cluster.boot(id, MemoryStore::new());
        }
        cluster
    }

    /// One partition on `replicas`, led by the first.
    pub fn with_topic(ids: &[i32], replicas: &[i32]) -> Cluster {
        let mut cluster = Cluster::start(ids);
        cluster.run_for(Span::from_secs(1));
        let replicas: Vec<BrokerId> = replicas.iter().map(|&id| BrokerId(id)).collect();
        let registration = PartitionRegistration::new(replicas.clone(), replicas);
        cluster.commit(MetadataRecord::Topic { name: TOPIC_NAME.into(), id: TOPIC });
        cluster.commit(MetadataRecord::Partition(PartitionRecord { topic: TOPIC, partition: 0, registration }));
        cluster.run_for(Span::from_secs(1));
        cluster
    }

    /// `__consumer_offsets` with Kafka's 50 partitions, all on `replicas`.
    pub fn create_offsets_topic(&mut self, replicas: &[i32]) {
        let replicas: Vec<BrokerId> = replicas.iter().map(|&id| BrokerId(id)).collect();
        let registration = PartitionRegistration::new(replicas.clone(), replicas);
        self.commit(MetadataRecord::Topic { name: "__consumer_offsets".into(), id: OFFSETS });
        for partition in 0..50 {
            let registration = registration.clone();
            self.commit(MetadataRecord::Partition(PartitionRecord { topic: OFFSETS, partition, registration }));
        }
        self.run_for(Span::from_secs(1));
    }

    /// Another leader for all of them.
    pub fn elect_coordinator(&mut self, leader: i32) {
        for partition in 0..50 {
            let leader = Some(BrokerId(leader));
            self.commit(PartitionChange { leader, ..PartitionChange::of(OFFSETS, partition) }.into());
        }
        self.settle();
    }

    fn boot(&mut self, id: i32, mut store: MemoryStore) {
        let (mut rng, mut outbox) = (Rng::new(7, id as u64), Outbox { wants_facts: true, ..Outbox::default() });
        let mut cx = Cx { now: self.now, wall: Timestamp(0), rng: &mut rng, store: &mut store, outbox: &mut outbox };
        let mut broker = Broker::boot(&setup(id), &mut cx);
        let endpoint = Endpoint { host: "controller".into(), port: CONTROLLER as u16 };
        broker.on_controller_changed(&mut cx, Some((BrokerId(CONTROLLER), endpoint)));
        self.nodes.insert(id, Node { broker, store, rng, outbox, exited: false });
        self.seen.insert(id, 0);
        self.collect(id);
        self.settle();
    }

    pub fn restart(&mut self, id: i32) {
        let node = self.nodes.remove(&id).expect("it was there");
        self.peers.retain(|(one, _), (other, _)| *one != id && *other != id);
        self.boot(id, node.store);
    }

    /// Kills and starts a reachable node that does not lead, if it is one: its connections break, its
    /// disk stays.
    pub fn restart_if_follower(&mut self, id: i32) {
        let (leader, isr) = self.leadership();
        if leader == id || self.is_cut(id) || isr.len() < 3 {
            return;
        }
        self.cut(id);
        let rest: Vec<i32> = isr.into_iter().filter(|&member| member != id).collect();
        self.change_isr(&rest);
        self.cut.remove(&id);
        self.restart(id);
    }

    pub fn now(&self) -> Time {
        self.now
    }
    pub fn broker(&self, id: i32) -> &Broker {
        &self.nodes[&id].broker
    }
    pub fn partition(&self, id: i32) -> &Partition {
        self.broker(id).partition(at(0)).expect("the replica is there")
    }

    /// Sends and carries everything that happens at once; says under which number to look for the answer.
    pub fn send(&mut self, to: i32, request: Request) -> i32 {
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let reply = ReplyTo::new(ConnectionId(1_000_001), ticket);
        self.peers.insert((to, reply.connection), (CLIENT, ConnectionId(0)));
        let now = self.now;
        let node = self.nodes.get_mut(&to).expect("it is there");
        node.act(now, |broker, cx| broker.on_request(cx, reply, Incoming::new("client".into(), request)));
        self.collect(to);
        ticket
    }

    pub fn answer(&mut self, ticket: i32) -> Option<Response> {
        self.answers.remove(&ticket)
    }

    pub fn ask(&mut self, to: i32, request: Request) -> Option<Response> {
        let ticket = self.send(to, request);
        self.settle();
        self.answer(ticket)
    }

    /// The node can neither be reached nor reach anybody; its connections break.
    pub fn cut(&mut self, id: i32) {
        self.cut.insert(id);
        let broken: Vec<(End, End)> = self.peers.iter().map(|(one, other)| (*one, *other)).collect();
        for (one, other) in broken.into_iter().filter(|((one, _), (other, _))| *one == id || *other == id) {
            if other.0 != CLIENT {
                self.peers.remove(&one);
                self.queue.push_back((one.0, Happening::Closed(one.1)));
            }
        }
        self.settle();
    }

    pub fn heal(&mut self, id: i32) {
        self.cut.remove(&id);
        self.deliver_metadata();
    }

    pub fn elect(&mut self, leader: i32, isr: &[i32]) {
        let isr = Some(isr.iter().map(|&id| BrokerId(id)).collect());
        let leader = Some(BrokerId(leader));
        self.commit(PartitionChange { leader, isr, ..PartitionChange::of(TOPIC, 0) }.into());
        self.settle();
    }

    pub fn change_isr(&mut self, isr: &[i32]) {
        let isr = Some(isr.iter().map(|&id| BrokerId(id)).collect());
        self.commit(PartitionChange { isr, ..PartitionChange::of(TOPIC, 0) }.into());
    }

    /// One in-sync replica is left, and another could be elected because it has everything (KIP-966).
    pub fn note_elr(&mut self, isr: &[i32], elr: &[i32]) {
        let ids = |ids: &[i32]| Some(ids.iter().map(|&id| BrokerId(id)).collect());
        self.commit(PartitionChange { isr: ids(isr), elr: ids(elr), ..PartitionChange::of(TOPIC, 0) }.into());
    }

    pub fn clear_elr(&mut self) {
        self.commit(MetadataRecord::ClearElr { topic: TOPIC_NAME.into() });
    }

    /// As the metadata has it.
    pub fn partition_epoch(&self) -> i32 {
        self.image.partition(at(0)).expect("it is there").partition_epoch
    }

    pub fn set_topic_config(&mut self, name: &str, value: &str) {
        let resource = ConfigResource::Topic(TOPIC_NAME.into());
        self.commit(MetadataRecord::Config(ConfigChange { resource, name: name.into(), value: Some(value.into()) }));
    }

    /// A controlled shutdown; did the process exit?
    pub fn shut_down(&mut self, id: i32) -> bool {
        let now = self.now;
        self.nodes.get_mut(&id).expect("it is there").act(now, |broker, cx| broker.shut_down(cx));
        self.collect(id);
        self.run_for(Span::from_secs(1));
        self.nodes[&id].exited
    }

    pub fn run_for(&mut self, span: Span) {
        let until = self.now + span;
        self.settle();
        while let Some((due, id)) = self.next_due().filter(|(due, _)| *due <= until) {
            self.now = self.now.max(due);
            let now = self.now;
            let node = self.nodes.get_mut(&id).expect("it has a deadline");
            node.act(now, |broker, cx| broker.on_deadline(cx));
            assert!(node.broker.next_deadline().is_none_or(|next| next > now), "a due timer was left");
            self.collect(id);
            self.settle();
        }
        self.now = until;
    }

    fn next_due(&self) -> Option<(Time, i32)> {
        let live = self.nodes.iter().filter(|(_, node)| !node.exited);
        live.filter_map(|(id, node)| Some((node.broker.next_deadline()?, *id))).min()
    }

    fn settle(&mut self) {
        let mut carried = 0;
        while let Some((id, happening)) = self.queue.pop_front() {
            carried += 1;
            assert!(carried < 20_000, "brokers talk without end: {happening:?}");
            if id == CONTROLLER {
                self.control(happening);
                continue;
            }
            let now = self.now;
            let line = self.lines.get(&(id, happening.connection())).copied();
            let Some(node) = self.nodes.get_mut(&id).filter(|node| !node.exited) else { continue };
            node.act(now, |broker, cx| match happening {
                Happening::Connected(connection) => broker.on_connected(cx, line.expect("its own"), connection),
                Happening::Closed(connection) => match line {
                    Some(line) => broker.on_closed(cx, line, connection),
                    None => broker.on_inlet_closed(cx, connection),
                },
                Happening::Request(reply, client, request) => {
                    broker.on_request(cx, reply, Incoming::new(client, request))
                }
                Happening::Response(to, response) => broker.on_response(cx, line.expect("its own"), to, response),
            });
            self.collect(id);
        }
    }

    fn collect(&mut self, id: i32) {
        let node = self.nodes.get_mut(&id).expect("it just acted");
        node.exited |= node.outbox.wants_exit;
        let effects = std::mem::take(&mut node.outbox.effects);
        for effect in effects {
            match effect {
                Effect::Connect(connection, owner, endpoint) => {
                    let Owner::Broker(line) = owner else { panic!("{owner:?} is no broker's") };
                    self.lines.insert((id, connection), line);
                    self.connect(id, connection, &endpoint);
                }
                Effect::Send(connection, message) => {
                    self.deliver(id, connection, std::sync::Arc::unwrap_or_clone(message));
                }
                Effect::Close(connection) => {
                    if let Some(peer) = self.peers.remove(&(id, connection)) {
                        self.peers.remove(&peer);
                        self.queue.push_back((peer.0, Happening::Closed(peer.1)));
                    }
                }
                Effect::Fact(_) => {}
                Effect::Exit | Effect::Crash | Effect::Write(_) => panic!("the node decides when it exits"),
            }
        }
    }

    fn connect(&mut self, id: i32, connection: ConnectionId, endpoint: &Endpoint) {
        let to = i32::from(endpoint.port);
        let is_up = to == CONTROLLER || self.nodes.get(&to).is_some_and(|node| !node.exited);
        if self.cut.contains(&id) || self.cut.contains(&to) || !is_up {
            self.queue.push_back((id, Happening::Closed(connection)));
            return;
        }
        let accepted = ConnectionId(self.next_accepted);
        self.next_accepted += 2;
        self.peers.insert((id, connection), (to, accepted));
        self.peers.insert((to, accepted), (id, connection));
        self.queue.push_back((id, Happening::Connected(connection)));
    }

    fn deliver(&mut self, id: i32, connection: ConnectionId, message: Message) {
        let Message::Kafka(message) = message else { unreachable!("nothing else travels here") };
        let Some(&(to, other)) = self.peers.get(&(id, connection)) else { return };
        match message.body {
            Body::Response(response) if to == CLIENT => {
                self.answers.insert(message.correlation_id, response);
            }
            Body::Response(response) => {
                self.queue.push_back((to, Happening::Response(ReplyTo::new(other, message.correlation_id), response)));
            }
            Body::Request(request) => {
                let reply = ReplyTo::new(other, message.correlation_id);
                self.queue.push_back((to, Happening::Request(reply, message.client_id, request)));
            }
        }
    }

    fn control(&mut self, happening: Happening) {
        let Happening::Request(reply, _, request) = happening else { return };
        let response = match request {
            Request::BrokerRegistration(request) => self.register(request),
            Request::BrokerHeartbeat(request) => self.heartbeat(&request),
            Request::AlterPartition(request) => self.alter_partition(&request),
            Request::AllocateProducerIds(_) => {
                let start = self.next_producer_id;
                self.next_producer_id += 1_000;
                let error = ErrorCode::None;
                Response::AllocateProducerIds(AllocateProducerIdsResponse { error, start, length: 1_000 })
            }
            Request::Envelope(inner) => {
                let Request::CreateTopics(request) = inner.passed.request else { panic!("not expected") };
                self.created.extend(request.topics.iter().map(|topic| topic.name.to_string()));
                let response = Response::CreateTopics(CreateTopicsResponse { topics: Vec::new() });
                let response = Some(Box::new(response));
                Response::Envelope(EnvelopeResponse { error: ErrorCode::None, response })
            }
            other => panic!("not for a controller: {other:?}"),
        };
        let Some(&(to, other)) = self.peers.get(&(CONTROLLER, reply.connection)) else { return };
        self.queue.push_back((to, Happening::Response(ReplyTo { connection: other, ..reply }, response)));
    }

    fn register(&mut self, request: BrokerRegistrationRequest) -> Response {
        self.previous_epochs.insert(request.broker.0, request.previous_broker_epoch);
        let broker_epoch = self.log.len() as i64;
        self.commit(MetadataRecord::RegisterBroker(RegisterBroker {
            broker: request.broker,
            incarnation: request.incarnation,
            broker_epoch,
            endpoints: request.endpoints,
            rack: request.rack,
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: request.log_dirs,
        }));
        Response::BrokerRegistration(BrokerRegistrationResponse { error: ErrorCode::None, broker_epoch })
    }

    fn heartbeat(&mut self, request: &BrokerHeartbeatRequest) -> Response {
        let known = self.image.broker(request.broker).expect("it registered").clone();
        let is_caught_up = request.current_metadata_offset.0 >= known.epoch;
        if known.fenced && !request.want_fence && is_caught_up {
            self.commit(MetadataRecord::BrokerRegistrationChange(BrokerRegistrationChange {
                broker: request.broker,
                broker_epoch: known.epoch,
                fenced: Some(false),
                in_controlled_shutdown: None,
                cordoned_log_dirs: None,
            }));
        }
        let is_fenced = self.image.broker(request.broker).is_none_or(|broker| broker.fenced);
        let should_shut_down = request.want_shut_down;
        Response::BrokerHeartbeat(BrokerHeartbeatResponse {
            error: ErrorCode::None,
            is_caught_up,
            is_fenced,
            should_shut_down,
        })
    }

    fn alter_partition(&mut self, request: &AlterPartitionRequest) -> Response {
        let results = request.partitions.iter().map(|item| {
            if let Some(refused) = self.refused(item) {
                return refused;
            }
            let isr: Vec<BrokerId> = item.new_isr.iter().map(|(id, _)| *id).collect();
            let change = PartitionChange { isr: Some(isr.clone()), ..PartitionChange::of(item.topic, item.partition) };
            self.commit(change.into());
            let id = TopicIdPartition { topic: item.topic, partition: item.partition };
            let now = self.image.partition(id).expect("it is there");
            AlterPartitionResult {
                topic: item.topic,
                partition: item.partition,
                error: ErrorCode::None,
                leader: now.leader.unwrap_or(BrokerId::NONE),
                leader_epoch: now.leader_epoch,
                isr,
                leader_recovery_state: item.leader_recovery_state,
                partition_epoch: now.partition_epoch,
            }
        });
        let partitions = results.collect();
        Response::AlterPartition(AlterPartitionResponse { error: ErrorCode::None, partitions })
    }

    /// The checks of the real controller that keep an old leader out.
    fn refused(&self, item: &AlterPartitionItem) -> Option<AlterPartitionResult> {
        let id = TopicIdPartition { topic: item.topic, partition: item.partition };
        let known = self.image.partition(id).expect("it is there");
        let error = if item.leader_epoch < known.leader_epoch {
            ErrorCode::FencedLeaderEpoch
        } else if item.partition_epoch < known.partition_epoch {
            ErrorCode::InvalidUpdateVersion
        } else if item.new_isr.iter().any(|(id, _)| self.cut.contains(&id.0)) {
            ErrorCode::IneligibleReplica
        } else {
            return None;
        };
        Some(AlterPartitionResult {
            topic: item.topic,
            partition: item.partition,
            error,
            leader: BrokerId::NONE,
            leader_epoch: known.leader_epoch,
            isr: Vec::new(),
            leader_recovery_state: item.leader_recovery_state,
            partition_epoch: known.partition_epoch,
        })
    }

    /// Leader and ISR of the one partition, as the controller knows them.
    pub fn leadership(&self) -> (i32, Vec<i32>) {
        let known = self.image.partition(at(0)).expect("it is there");
        (known.leader.map_or(-1, |leader| leader.0), known.isr.iter().map(|id| id.0).collect())
    }

    pub fn is_cut(&self, id: i32) -> bool {
        self.cut.contains(&id)
    }

    /// Writes to the metadata log; whoever can be reached learns of it at once.
    fn commit(&mut self, record: MetadataRecord) {
        self.image.apply(Offset(self.log.len() as i64), &record);
        self.log.push(record);
        self.deliver_metadata();
    }

    fn deliver_metadata(&mut self) {
        let ids: Vec<i32> = self.nodes.keys().copied().filter(|id| !self.cut.contains(id)).collect();
        for id in ids {
            let from = self.seen.insert(id, self.log.len()).unwrap_or(0);
            let records: Vec<(Offset, MetadataRecord)> = self.log[from..]
                .iter()
                .enumerate()
                .map(|(index, record)| (Offset((from + index) as i64), record.clone()))
                .collect();
            if records.is_empty() {
                continue;
            }
            let now = self.now;
            self.nodes.get_mut(&id).expect("listed").act(now, |broker, cx| broker.on_metadata(cx, &records));
            self.collect(id);
        }
    }
}

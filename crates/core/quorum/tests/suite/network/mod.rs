//! A network of quorum nodes for tests: one millisecond of latency, reliable connections, cuts, deaths.

use api::{Body, KafkaMessage, Message};
use base::{
    BrokerId, ConnectionId, Draw, Endpoint, ErrorCode, FlatMap, FlatSet, LeaderEpoch, Offset, Rng, Span, Str, Time,
    Timestamp,
};
use bytes::Bytes;
use port::{CloseReason, Cx, Effect, Fact, Listeners, MemoryStore, NodeSetup, Outbox, Owner, ReplyTo, Roles, Voter};
use quorum::{Quorum, QuorumOutput, VoterSet};
use std::collections::{BTreeMap, BTreeSet};

const LATENCY: Span = Span::from_millis(1);

struct Node {
    setup: NodeSetup,
    store: MemoryStore,
    rng: Rng,
    outbox: Outbox,
    quorum: Option<Quorum>,
    committed: Vec<String>,
    facts: Vec<Fact>,
    next_accepted: u64,
    /// The far ends of this node's connections.
    ends: BTreeMap<ConnectionId, (i32, ConnectionId)>,
}

enum Event {
    Connect { to: i32, from: i32, connection: ConnectionId },
    Connected(i32, ConnectionId),
    Closed(i32, ConnectionId, CloseReason),
    Received(i32, ConnectionId, KafkaMessage),
}

pub struct Network {
    now: Time,
    nodes: BTreeMap<i32, Node>,
    voters: Vec<i32>,
    agenda: BTreeMap<(Time, u64), Event>,
    sequence: u64,
    isolated: BTreeSet<i32>,
    rng: Rng,
    leaders: BTreeMap<LeaderEpoch, i32>,
    /// Which voter a node has opened a connection to.
    owners: BTreeMap<(i32, ConnectionId), BrokerId>,
}

fn endpoint(id: i32) -> Endpoint {
    Endpoint { host: Str::from("node"), port: id as u16 }
}

fn voter_list(ids: impl IntoIterator<Item = i32>) -> Vec<Voter> {
    ids.into_iter().map(|id| Voter { id: BrokerId(id), endpoint: endpoint(id) }).collect()
}

#[allow(dead_code)]
impl Network {
    pub fn new(seed: u64, voters: i32, observers: i32) -> Network {
        let list = voter_list(1..=voters);
        let node = |id: i32| {
            let setup = NodeSetup {
                cluster_id: Str::from("cluster"),
                node: BrokerId(id),
                roles: if id <= voters { Roles::Controller } else { Roles::Broker },
                listeners: Listeners::plaintext(endpoint(id)),
                controller_endpoint: endpoint(id),
                rack: None,
                voters: list.clone(),
                features: FlatSet::new(),
                overrides: FlatMap::new(),
                topic_policy: port::TopicPolicy::default(),
            };
            let node = Node {
                setup,
                store: MemoryStore::new(),
                rng: Rng::new(seed, id as u64),
                outbox: Outbox { wants_facts: true, ..Outbox::default() },
                quorum: None,
                committed: Vec::new(),
                facts: Vec::new(),
                next_accepted: 1,
                ends: BTreeMap::new(),
            };
            (id, node)
        };
        let mut net = Network {
            now: Time::ZERO,
            nodes: (1..=voters + observers).map(node).collect(),
            voters: (1..=voters).collect(),
            agenda: BTreeMap::new(),
            sequence: 0,
            isolated: BTreeSet::new(),
            rng: Rng::new(seed, 99),
            leaders: BTreeMap::new(),
            owners: BTreeMap::new(),
        };
        for id in net.nodes() {
            net.start_if_dead(id);
        }
        net
    }

    pub fn nodes(&self) -> Vec<i32> {
        self.nodes.keys().copied().collect()
    }
    pub fn voters(&self) -> Vec<i32> {
        self.voters.clone()
    }
    pub fn quorum(&self, id: i32) -> &Quorum {
        self.nodes[&id].quorum.as_ref().expect("alive")
    }
    pub fn committed(&self, id: i32) -> Vec<String> {
        self.nodes[&id].committed.clone()
    }
    pub fn facts(&self, id: i32) -> impl Iterator<Item = &Fact> {
        self.nodes[&id].facts.iter()
    }
    pub fn set_override(&mut self, name: &str, value: &str) {
        self.nodes.values_mut().for_each(|node| {
            node.setup.overrides.insert(name.into(), value.into());
        });
    }

    /// Tells `id` that from now on these vote.
    pub fn set_voters(&mut self, id: i32, voters: impl IntoIterator<Item = i32>) {
        let voters = VoterSet::new(&voter_list(voters));
        self.with(id, |quorum, cx| quorum.set_voters(cx, voters));
    }

    /// Whom `id` has opened a line to so far.
    pub fn asked(&self, id: i32) -> BTreeSet<BrokerId> {
        self.owners.iter().filter(|((from, _), _)| *from == id).map(|(_, to)| *to).collect()
    }

    /// Who leads the largest epoch.
    pub fn leader(&self) -> Option<i32> {
        let leads = |node: &Node| node.quorum.as_ref().filter(|quorum| quorum.is_leader()).map(Quorum::epoch);
        let leaders = self.nodes.iter().filter_map(|(id, node)| Some((leads(node)?, *id)));
        leaders.max().map(|(_, id)| id)
    }

    /// Runs until somebody leads whom the network reaches and who has committed its epoch's record.
    pub fn await_leader(&mut self) -> i32 {
        for _ in 0..600 {
            self.run(100);
            if let Some(leader) = self.leader().filter(|leader| !self.isolated.contains(leader))
                && self.quorum(leader).leader_state().is_some_and(|state| state.high_watermark().is_some())
            {
                return leader;
            }
        }
        panic!("no leader after a minute");
    }

    pub fn append(&mut self, id: i32, text: &str) -> Result<Offset, ErrorCode> {
        let record = Bytes::copy_from_slice(text.as_bytes());
        self.with(id, |quorum, cx| quorum.append(cx, vec![record], Str::from("test")))
    }
    pub fn shut_down(&mut self, id: i32) {
        self.with(id, |quorum, cx| quorum.shut_down(cx));
    }

    pub fn kill(&mut self, id: i32) {
        let node = self.nodes.get_mut(&id).expect("exists");
        node.quorum = None;
        for (_, (peer, far)) in std::mem::take(&mut node.ends) {
            self.nodes.get_mut(&peer).expect("exists").ends.remove(&far);
            self.after(LATENCY, Event::Closed(peer, far, CloseReason::Reset));
        }
    }

    pub fn restart(&mut self, id: i32) {
        self.kill(id);
        self.start_if_dead(id);
    }

    pub fn start_if_dead(&mut self, id: i32) {
        let now = self.now;
        let node = self.nodes.get_mut(&id).expect("exists");
        if node.quorum.is_some() {
            return;
        }
        node.committed.clear();
        let mut cx = Cx {
            now,
            wall: Timestamp((now.0 / 1_000_000) as i64),
            rng: &mut node.rng,
            store: &mut node.store,
            outbox: &mut node.outbox,
        };
        node.quorum = Some(Quorum::boot(&node.setup, &mut cx));
        self.settle(id);
    }

    /// From now on nothing gets in or out; peers see silence.
    pub fn isolate(&mut self, id: i32) {
        self.isolated.insert(id);
    }

    /// Links work again; what was opened across a cut is reset.
    pub fn heal(&mut self) {
        let isolated: Vec<i32> = std::mem::take(&mut self.isolated).into_iter().collect();
        for id in isolated {
            for (own, (peer, far)) in std::mem::take(&mut self.nodes.get_mut(&id).expect("exists").ends) {
                self.nodes.get_mut(&peer).expect("exists").ends.remove(&far);
                self.after(LATENCY, Event::Closed(peer, far, CloseReason::Reset));
                self.after(LATENCY, Event::Closed(id, own, CloseReason::Reset));
            }
        }
    }

    pub fn disturb(&mut self) {
        let id = self.voters[self.rng.below(self.voters.len() as u32) as usize];
        match self.rng.below(5) {
            0 => self.kill(id),
            1 => self.restart(id),
            2 => self.isolate(id),
            3 => self.heal(),
            _ => self.start_if_dead(id),
        }
    }

    pub fn run(&mut self, millis: u64) {
        let until = self.now + Span::from_millis(millis);
        loop {
            let event = self.agenda.keys().next().map(|(at, _)| *at).filter(|at| *at <= until);
            let timer = self.next_timer().filter(|(at, _)| *at <= until);
            match (event, timer) {
                (None, None) => break,
                (Some(at), timer) if timer.is_none_or(|(due, _)| at <= due) => {
                    self.now = self.now.max(at);
                    let (_, event) = self.agenda.pop_first().expect("just seen");
                    self.deliver(event);
                }
                (_, Some((due, id))) => {
                    self.now = self.now.max(due);
                    self.with(id, |quorum, cx| quorum.on_deadline(cx));
                    let now = self.now;
                    let next = self.quorum(id).next_deadline();
                    assert!(next.is_none_or(|next| next > now), "a timer that is due was not fired");
                }
                (Some(_), None) => unreachable!("taken above"),
            }
        }
        self.now = until;
    }

    fn next_timer(&self) -> Option<(Time, i32)> {
        let due = |node: &Node| node.quorum.as_ref().and_then(Quorum::next_deadline);
        self.nodes.iter().filter_map(|(id, node)| Some((due(node)?, *id))).min()
    }

    fn after(&mut self, span: Span, event: Event) {
        self.sequence += 1;
        self.agenda.insert((self.now + span, self.sequence), event);
    }

    fn with<T>(&mut self, id: i32, act: impl FnOnce(&mut Quorum, &mut Cx<'_>) -> T) -> T {
        let now = self.now;
        let node = self.nodes.get_mut(&id).expect("exists");
        let mut cx = Cx {
            now,
            wall: Timestamp((now.0 / 1_000_000) as i64),
            rng: &mut node.rng,
            store: &mut node.store,
            outbox: &mut node.outbox,
        };
        let result = act(node.quorum.as_mut().expect("alive"), &mut cx);
        self.settle(id);
        result
    }

    /// Takes what a node wants done and what it tells.
    fn settle(&mut self, id: i32) {
        let node = self.nodes.get_mut(&id).expect("exists");
        let quorum = node.quorum.as_mut().expect("alive");
        assert!(!quorum.has_failed(), "node {id} failed: {:?}", node.facts.last());
        for output in quorum.take_outputs() {
            if let QuorumOutput::Committed(records) = output {
                let texts = records.iter().map(|record| String::from_utf8_lossy(&record.frame).into_owned());
                node.committed.extend(texts);
            }
        }
        if quorum.is_leader() {
            let other = self.leaders.insert(quorum.epoch(), id);
            assert!(other.is_none_or(|other| other == id), "two leaders in epoch {}", quorum.epoch());
        }
        quorum.verify();
        for effect in std::mem::take(&mut node.outbox.effects) {
            self.carry_out(id, effect);
        }
    }

    fn carry_out(&mut self, id: i32, effect: Effect) {
        match effect {
            Effect::Connect(connection, owner, to) => {
                assert_eq!(owner, Owner::Quorum(BrokerId(i32::from(to.port))), "the owner says whom a line leads to");
                self.owners.insert((id, connection), BrokerId(i32::from(to.port)));
                let to = i32::from(to.port);
                if !self.is_cut(id, to) {
                    self.after(LATENCY, Event::Connect { to, from: id, connection });
                }
            }
            Effect::Send(connection, message) => {
                let Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message) else {
                    unreachable!("nothing else travels here")
                };
                let end = self.nodes[&id].ends.get(&connection).copied();
                if let Some((peer, far)) = end.filter(|(peer, _)| !self.is_cut(id, *peer)) {
                    self.after(LATENCY, Event::Received(peer, far, message));
                }
            }
            Effect::Close(connection) => {
                if let Some((peer, far)) = self.nodes.get_mut(&id).expect("exists").ends.remove(&connection) {
                    self.nodes.get_mut(&peer).expect("exists").ends.remove(&far);
                    self.after(LATENCY, Event::Closed(peer, far, CloseReason::ByPeer));
                }
            }
            Effect::Fact(fact) => self.nodes.get_mut(&id).expect("exists").facts.push(fact),
            Effect::Exit | Effect::Crash | Effect::Write(_) => {}
        }
    }

    fn is_cut(&self, a: i32, b: i32) -> bool {
        self.isolated.contains(&a) || self.isolated.contains(&b)
    }

    fn deliver(&mut self, event: Event) {
        match event {
            Event::Connect { to, from, connection } => {
                if self.nodes[&to].quorum.is_none() {
                    return self.after(LATENCY, Event::Closed(from, connection, CloseReason::Refused));
                }
                let target = self.nodes.get_mut(&to).expect("exists");
                let accepted = ConnectionId(target.next_accepted);
                target.next_accepted += 2;
                target.ends.insert(accepted, (from, connection));
                self.nodes.get_mut(&from).expect("exists").ends.insert(connection, (to, accepted));
                self.after(LATENCY, Event::Connected(from, connection));
            }
            Event::Connected(id, connection) if self.is_alive(id) => {
                let node = self.owners[&(id, connection)];
                self.with(id, |quorum, cx| quorum.on_connected(cx, node, connection));
            }
            Event::Closed(id, connection, reason) if self.is_alive(id) => {
                let node = self.owners.get(&(id, connection)).copied();
                self.with(id, |quorum, cx| match node {
                    Some(node) => quorum.on_closed(cx, node, connection, reason),
                    None => quorum.on_inlet_closed(connection),
                });
            }
            Event::Received(id, connection, message)
                if self.is_alive(id) && self.nodes[&id].ends.contains_key(&connection) =>
            {
                let to = ReplyTo::new(connection, message.correlation_id);
                let node = self.owners.get(&(id, connection)).copied();
                self.with(id, |quorum, cx| match message.body {
                    Body::Request(request) => {
                        quorum.on_request(cx, to, &request);
                    }
                    Body::Response(response) => {
                        quorum.on_response(cx, node.expect("answers come to who asked"), to, response);
                    }
                });
            }
            Event::Connected(..) | Event::Closed(..) | Event::Received(..) => {}
        }
    }

    fn is_alive(&self, id: i32) -> bool {
        self.nodes[&id].quorum.is_some()
    }

    /// K1, also checked whenever somebody leads.
    pub fn check_one_leader_per_epoch(&self) {
        let mut seen = BTreeMap::new();
        for (id, node) in &self.nodes {
            if let Some(quorum) = node.quorum.as_ref().filter(|quorum| quorum.is_leader()) {
                assert_eq!(seen.insert(quorum.epoch(), *id), None, "two leaders in epoch {}", quorum.epoch());
            }
        }
    }

    /// What two nodes consider committed is the same as far as both go (K3, K4).
    pub fn check_same_prefixes(&self) {
        let all: Vec<&Vec<String>> = self.nodes.values().map(|node| &node.committed).collect();
        for a in &all {
            for b in &all {
                let shared = a.len().min(b.len());
                assert_eq!(a[..shared], b[..shared]);
            }
        }
    }
}

//! What unit tests of this crate say about clusters that do not exist.

use api::{Body, Message, MetadataBroker, MetadataResponse, PartitionMetadata, Request, Response, TopicMetadata};
use base::{
    BrokerId, ConnectionId, Endpoint, ErrorCode, LeaderEpoch, PartitionId, ProcessId, Rng, Span, Time, Timestamp,
    TopicId,
};
use port::{ClientSetup, CloseReason, Cx, Effect, Event, Fact, MemoryStore, Outbox, Owner, Stored};
use std::collections::{BTreeMap, VecDeque};

pub(crate) fn endpoint_of(broker: i32) -> Endpoint {
    Endpoint { host: "host".into(), port: 9000 + broker as u16 }
}

/// Brokers 1 to `brokers`, with these topics.
pub(crate) fn metadata_of(brokers: i32, topics: Vec<TopicMetadata>) -> MetadataResponse {
    let broker = |id| MetadataBroker { id: BrokerId(id), endpoint: endpoint_of(id), rack: None };
    let brokers = (1..=brokers).map(broker).collect();
    MetadataResponse { brokers, cluster_id: "cluster".into(), controller_id: BrokerId(1), topics }
}

/// A topic with id 100, by (leader, leader epoch) of each partition.
pub(crate) fn topic_of(name: &str, leaders: &[(i32, i32)]) -> TopicMetadata {
    let partition = |(number, (leader, epoch)): (usize, &(i32, i32))| PartitionMetadata {
        error: if *leader < 0 { ErrorCode::LeaderNotAvailable } else { ErrorCode::None },
        partition: number as PartitionId,
        leader: BrokerId(*leader),
        leader_epoch: LeaderEpoch(*epoch),
        replicas: vec![BrokerId(*leader)],
        isr: vec![BrokerId(*leader)],
        offline_replicas: Vec::new(),
    };
    TopicMetadata {
        error: ErrorCode::None,
        name: name.into(),
        topic_id: TopicId(100),
        is_internal: false,
        partitions: leaders.iter().enumerate().map(partition).collect(),
    }
}

/// A machine under test.
pub(crate) trait Machine {
    fn event(&mut self, cx: &mut Cx<'_>, event: Event);
    fn deadline(&self) -> Option<Time>;
}

macro_rules! machines {
    ($($name:ty)*) => {$(
        impl Machine for $name {
            fn event(&mut self, cx: &mut Cx<'_>, event: Event) {
                self.on_event(cx, event);
            }
            fn deadline(&self) -> Option<Time> {
                self.next_deadline()
            }
        }
    )*};
}
machines!(crate::Producer crate::Consumer crate::Admin);

/// What a scripted broker does with a request.
pub(crate) enum Reply {
    Answer(Response),
    /// Nothing comes back.
    Silence,
    /// The connection breaks.
    Break,
}

/// Time, connections and brokers that follow a script. Every message takes one millisecond.
pub(crate) struct Stage {
    pub(crate) now: Time,
    pub(crate) facts: Vec<Fact>,
    pub(crate) exited: bool,
    pub(crate) crashed: bool,
    /// What an application has written, in order.
    pub(crate) rows: Vec<port::Row>,
    /// Ports where nobody listens.
    pub(crate) dead: Vec<u16>,
    rng: Rng,
    store: MemoryStore,
    pub(crate) outbox: Outbox,
    open: BTreeMap<ConnectionId, (Owner, Endpoint)>,
    coming: VecDeque<(Time, Event)>,
}

const LATENCY: Span = Span::from_millis(1);

impl Stage {
    pub(crate) fn new() -> Stage {
        let outbox = Outbox { wants_facts: true, ..Outbox::default() };
        Stage {
            now: Time(1),
            facts: Vec::new(),
            exited: false,
            crashed: false,
            rows: Vec::new(),
            dead: Vec::new(),
            rng: Rng::new(7, 7),
            store: MemoryStore::new(),
            outbox,
            open: BTreeMap::new(),
            coming: VecDeque::new(),
        }
    }

    /// Calls the machine with a context; its effects wait for the next [`Stage::run`].
    pub(crate) fn with<T>(&mut self, call: impl FnOnce(&mut Cx<'_>) -> T) -> T {
        let mut cx = Cx {
            now: self.now,
            wall: Timestamp((self.now.0 / 1_000_000) as i64),
            rng: &mut self.rng,
            store: &mut self.store,
            outbox: &mut self.outbox,
        };
        call(&mut cx)
    }

    /// Runs for `span`; `script` answers requests by the port they came to.
    pub(crate) fn run<M: Machine>(
        &mut self,
        machine: &mut M,
        span: Span,
        script: &mut dyn FnMut(i32, &Request) -> Reply,
    ) {
        let end = self.now + span;
        loop {
            self.perform(script);
            let event = self.coming.front().map(|(at, _)| *at);
            let deadline = machine.deadline();
            let next = [event, deadline].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.now = self.now.max(next);
            if event == Some(next) {
                let Some((_, event)) = self.coming.pop_front() else { break };
                self.with(|cx| machine.event(cx, event));
            } else {
                self.with(|cx| machine.event(cx, Event::DeadlineReached));
                assert!(machine.deadline().is_none_or(|at| at > self.now), "a deadline was left behind");
            }
        }
        self.now = end;
    }

    fn perform(&mut self, script: &mut dyn FnMut(i32, &Request) -> Reply) {
        let at = self.now + LATENCY;
        for effect in std::mem::take(&mut self.outbox.effects) {
            match effect {
                Effect::Connect(connection, owner, endpoint) if self.dead.contains(&endpoint.port) => {
                    self.coming.push_back((at, Event::Closed(connection, owner, CloseReason::Refused)));
                }
                Effect::Connect(connection, owner, endpoint) => {
                    self.open.insert(connection, (owner, endpoint));
                    self.coming.push_back((at, Event::Connected(connection, owner)));
                }
                Effect::Close(connection) => _ = self.open.remove(&connection),
                Effect::Fact(fact) => self.facts.push(fact),
                Effect::Exit => self.exited = true,
                Effect::Crash => self.crashed = true,
                Effect::Write(row) => match self.outbox.stores.get(&row.sink) {
                    None => self.rows.push(*row),
                    Some(condition) => {
                        let stored = if condition.is_down { Stored::Failed } else { Stored::Taken };
                        if stored == Stored::Taken {
                            self.rows.push(*row);
                        }
                        let at = at + condition.time;
                        let place = self.coming.partition_point(|(due, _)| *due <= at);
                        self.coming.insert(place, (at, Event::Stored(stored)));
                    }
                },
                Effect::Send(connection, message) => {
                    let Message::Kafka(message) = std::sync::Arc::unwrap_or_clone(message) else { continue };
                    let Body::Request(request) = message.body else { panic!("clients send requests") };
                    // It broke with the request before this one.
                    let Some((owner, endpoint)) = self.open.get(&connection) else { continue };
                    let (owner, port) = (*owner, i32::from(endpoint.port));
                    match script(port - 9000, &request) {
                        Reply::Answer(answer) => {
                            let answer = Message::response(message.correlation_id, "".into(), answer);
                            self.coming.push_back((at, Event::Received(connection, owner, answer.into())));
                        }
                        Reply::Silence => {}
                        Reply::Break => {
                            self.open.remove(&connection);
                            self.coming.push_back((at, Event::Closed(connection, owner, CloseReason::Reset)));
                        }
                    }
                }
            }
        }
        let open = &self.open;
        self.coming.retain(|(_, event)| match event {
            Event::Received(connection, ..) => open.contains_key(connection),
            _ => true,
        });
    }

    /// Facts that `pick` recognises, in order.
    pub(crate) fn picked<T>(&self, pick: impl Fn(&Fact) -> Option<T>) -> Vec<T> {
        self.facts.iter().filter_map(pick).collect()
    }
}

pub(crate) fn client_setup(overrides: &[(&str, &str)]) -> ClientSetup {
    ClientSetup {
        process: ProcessId(9),
        client_id: "c".into(),
        bootstrap: vec![endpoint_of(1), endpoint_of(2)],
        overrides: overrides.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    }
}

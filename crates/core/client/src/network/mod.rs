//! A client's lines to the cluster (`net::Lines`) and its view of it: which address a node has, metadata that is kept
//! fresh. It knows requests only by a purpose that its owner gave them and hands back
//! with the answer. Kafka: `NetworkClient` with its `DefaultMetadataUpdater`.

mod metadata;
mod refresh;
mod tally;

pub use metadata::{Metadata, MetadataChange, TopicView};
pub use net::{Backoff, Line, LineState};
pub use port::ClientNode as Node;
pub use refresh::Refresh;
pub use tally::Tally;

use crate::log::{Cancelled, ClientLog, OfConnection, Said};
use api::{Body, Message, Request, Response};
use base::{
    Aside, BrokerId, ConnectionId, Endpoint, ErrorCode, FlatSet, LeaderEpoch, PartitionId, Shared, Span, Str, Time,
    TimerKey, TimerTable,
};
use net::{Answer, InFlight, LineTimer, Lines, Outgoing, Pause, Rules, Wait};
use port::{CloseReason, Cx, Owner, TestSwitches};
use std::collections::VecDeque;
use std::sync::Arc;

/// How a client treats its connections; the names are those of its config.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetworkSettings {
    pub client_id: Str,
    pub bootstrap: Vec<Endpoint>,
    pub request_timeout: Span,
    /// max.in.flight.requests.per.connection
    pub max_in_flight: u32,
    pub reconnect_backoff: Backoff,
    pub retry_backoff: Backoff,
    /// socket.connection.setup.timeout.ms and its maximum
    pub connection_setup: Backoff,
    pub metadata_max_age: Span,
    /// metadata.recovery.rebootstrap.trigger.ms; `None`: metadata.recovery.strategy=none
    pub rebootstrap_after: Option<Span>,
    /// allow.auto.create.topics; producers always allow it
    pub allow_auto_topic_creation: bool,
    pub switches: TestSwitches,
}

impl NetworkSettings {
    /// `NetworkClient` with `ClusterConnectionStates`: one backoff per node, doubled with each failure.
    fn rules(&self) -> Rules {
        Rules {
            reconnect: self.reconnect_backoff,
            setup: Some(self.connection_setup),
            in_flight_max: self.max_in_flight,
            pause: Pause::UntilAsked,
        }
    }
}

/// What the network waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkTimer {
    /// Metadata may be asked for (again).
    Refresh,
    /// The node may be connected to again.
    Reconnect(Node),
    ConnectionSetup(Node),
    RequestTimeout(Node),
}

impl TimerKey for NetworkTimer {
    /// Kind, kind of node and its number: no two have one.
    fn rank(&self) -> u64 {
        let signed = |number: i32| u64::from(number.cast_unsigned() ^ 1 << 31);
        let node = |node| match node {
            Node::Bootstrap(index) => u64::from(index),
            Node::Broker(broker) => 1 << 32 | signed(broker.0),
            Node::Coordinator(broker) => 2 << 32 | signed(broker.0),
        };
        match *self {
            NetworkTimer::Refresh => 0,
            NetworkTimer::Reconnect(at) => 1 << 56 | node(at),
            NetworkTimer::ConnectionSetup(at) => 2 << 56 | node(at),
            NetworkTimer::RequestTimeout(at) => 3 << 56 | node(at),
        }
    }
}

impl From<LineTimer<Node>> for NetworkTimer {
    fn from(timer: LineTimer<Node>) -> NetworkTimer {
        match timer {
            LineTimer::Retry(node) => NetworkTimer::Reconnect(node),
            LineTimer::Setup(node) => NetworkTimer::ConnectionSetup(node),
            LineTimer::Answer(node) => NetworkTimer::RequestTimeout(node),
        }
    }
}

/// What came of earlier sends.
#[derive(Clone, Debug)]
pub enum Outcome<P> {
    /// Whatever it says: what an error means its owner knows.
    Answered(Node, P, Response),
    /// The connection broke or the request timed out; whether it took effect is not known.
    Lost(Node, P),
    /// Requests may go out on it.
    Connected(Node),
    /// After everything that was lost with it.
    Disconnected(Node),
    /// An answer was taken in, with news or without.
    MetadataUpdated(MetadataChange),
}

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Network<P> {
    settings: Shared<NetworkSettings>,
    lines: Lines<Node, Purpose<P>>,
    metadata: Shared<Metadata>,
    /// Topics whose metadata is kept fresh.
    interest: Shared<FlatSet<Str>>,
    refresh: Refresh,
    timers: TimerTable<NetworkTimer>,
    tally: Tally,
    log: ClientLog,
    loss: Aside<Loss>,
}

/// How a connection ended, for whoever writes that into the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loss {
    /// What Kafka calls the error of its requests (`Sender.handleProduceResponse`).
    pub error: ErrorCode,
    /// How many were under way.
    pub requests: usize,
}

impl Default for Loss {
    fn default() -> Loss {
        Loss { error: ErrorCode::NetworkException, requests: 0 }
    }
}

/// Why a request was sent.
#[derive(Clone, Debug, Hash)]
pub enum Purpose<P> {
    /// The network itself wants to know who leads what.
    Metadata,
    /// The owner does, for this.
    Owner(P),
}

impl<P: Clone> Network<P> {
    /// Nothing is connected yet, and nobody is known but `bootstrap.servers`.
    pub fn new(cx: &Cx<'_>, settings: NetworkSettings) -> Network<P> {
        Network {
            lines: Lines::new(cx, 0, settings.switches),
            settings: Shared::new(settings),
            metadata: Shared::default(),
            interest: Shared::default(),
            refresh: Refresh::default(),
            timers: TimerTable::default(),
            tally: Tally::default(),
            log: ClientLog::default(),
            loss: Aside::default(),
        }
    }

    /// Patience, backoffs and bootstrap addresses.
    pub fn settings(&self) -> &NetworkSettings {
        &self.settings
    }
    /// The cluster as last told; perhaps long ago.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
    /// The same, as whoever remembers what it has seen of it wants it.
    pub(crate) fn shared_metadata(&self) -> &Shared<Metadata> {
        &self.metadata
    }
    /// How the next question for metadata stands.
    pub fn refresh(&self) -> &Refresh {
        &self.refresh
    }
    /// Topics that are asked about.
    pub fn interest(&self) -> &FlatSet<Str> {
        &self.interest
    }
    /// Every node that was ever connected to, with its connection.
    pub fn lines(&self) -> impl Iterator<Item = (Node, &Line<Purpose<P>>)> {
        self.lines.iter()
    }
    /// How often it has asked for what.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
    /// What it has written into its log.
    pub fn log(&self) -> &ClientLog {
        &self.log
    }
    /// Its owner has something to say there.
    pub(crate) fn note(&mut self, cx: &Cx<'_>, said: impl Into<Said>) {
        self.log.write(cx.now, said.into());
    }
    /// How the connection ended that was lost last.
    pub(crate) fn loss(&self) -> Loss {
        *self.loss
    }
    /// The correlation id of the next request.
    pub(crate) fn next_number(&self) -> i32 {
        self.lines.next_number()
    }
    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<NetworkTimer> {
        &self.timers
    }
    /// When it wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Checks what always holds of the lines.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        self.lines.verify(&self.timers);
    }

    /// Why the requests in flight were sent, and to whom; those for metadata, which are its own, left out.
    pub fn asked(&self) -> impl Iterator<Item = (Node, &P)> {
        self.lines.iter().flat_map(|(node, line)| {
            line.in_flight.iter().filter_map(move |request| match &request.purpose {
                Purpose::Owner(purpose) => Some((node, purpose)),
                Purpose::Metadata => None,
            })
        })
    }

    /// Requests of the owner in flight to a node.
    pub fn in_flight(&self, node: Node) -> u32 {
        self.lines.get(node).map_or(0, |line| line.in_flight.len() as u32)
    }

    /// The node that leads a partition as far as is known.
    pub fn leader(&self, topic: &str, partition: PartitionId) -> Option<(Node, LeaderEpoch)> {
        self.metadata.leader(topic, partition).map(|(broker, epoch)| (Node::Broker(broker), epoch))
    }

    /// Where a node listens; `None`: the metadata does not name it any more.
    fn endpoint_of(&self, node: Node) -> Option<Endpoint> {
        match node {
            Node::Bootstrap(index) => self.settings.bootstrap.get(index as usize).cloned(),
            Node::Broker(broker) => self.metadata.brokers().get(&broker).map(|known| known.endpoint.clone()),
            Node::Coordinator(_) => None,
        }
    }

    /// Makes a coordinator's address known; the connection is opened by [`Network::ready`].
    pub fn learn_coordinator(&mut self, broker: BrokerId, endpoint: Endpoint) -> Node {
        let node = Node::Coordinator(broker);
        self.lines.know(node, &endpoint, self.settings.rules());
        node
    }

    /// Can a request be sent to the node now? If there is no connection, one is opened as soon as
    /// the backoff allows.
    pub fn ready(&mut self, cx: &mut Cx<'_>, node: Node) -> bool {
        // An address may have changed since the last connection; one that is open is left alone.
        if self.lines.get(node).is_none_or(|line| line.connection().is_none())
            && let Some(endpoint) = self.endpoint_of(node)
        {
            self.lines.know(node, &endpoint, self.settings.rules());
        }
        self.lines.ready(cx, &mut self.timers, node)
    }

    /// Sends a request whose answer is awaited for request.timeout.ms. The node must be ready.
    pub fn send(&mut self, cx: &mut Cx<'_>, node: Node, request: Request, purpose: P) {
        let timeout = self.settings.request_timeout;
        self.send_within(cx, (node, timeout), request, Purpose::Owner(purpose));
    }

    /// As [`Network::send`], with a timeout of its own (JoinGroup waits for the whole group).
    pub fn send_with_timeout(&mut self, cx: &mut Cx<'_>, to: (Node, Span), request: Request, purpose: P) {
        self.send_within(cx, to, request, Purpose::Owner(purpose));
    }

    /// The answer has to come by then, or the connection is given up: a node that is silent is taken for dead
    /// (`NetworkClient.handleTimedOutRequests`).
    fn send_within(&mut self, cx: &mut Cx<'_>, to: (Node, Span), request: Request, purpose: Purpose<P>) {
        let (node, timeout) = to;
        self.write(cx, node, request, Wait::Within(timeout, purpose));
    }

    /// Sends a request that gets no answer (Produce with acks=0).
    pub fn send_unanswered(&mut self, cx: &mut Cx<'_>, node: Node, request: Request) {
        self.write(cx, node, request, Wait::Unanswered);
    }

    /// Puts the request on the node's line.
    fn write(&mut self, cx: &mut Cx<'_>, node: Node, request: Request, wait: Wait<Purpose<P>>) {
        self.tally.note(request.api_key());
        let outgoing = Outgoing { client_id: self.settings.client_id.clone(), request, wait };
        self.lines.send(cx, &mut self.timers, node, outgoing);
    }

    /// A line is open; whoever waits for it sends now.
    pub fn on_connected(&mut self, connection: ConnectionId, owner: Owner) -> Vec<Outcome<P>> {
        let node = node_of(owner);
        match self.lines.on_connected(&mut self.timers, node, connection) {
            Ok(()) => vec![Outcome::Connected(node)],
            // It was given up while it was being opened.
            Err(_late) => Vec::new(),
        }
    }

    /// Whatever was in flight has an unknown fate: the other side may have done it.
    pub fn on_closed(
        &mut self,
        cx: &mut Cx<'_>,
        connection: ConnectionId,
        owner: Owner,
        reason: CloseReason,
    ) -> Vec<Outcome<P>> {
        let node = node_of(owner);
        self.note_closed(cx, (node, connection), reason);
        match self.lines.on_closed(cx, &mut self.timers, node, connection) {
            Ok(in_flight) => self.lost(cx, node, in_flight),
            // We have closed it as well, and whoever waited has heard of it.
            Err(_late) => Vec::new(),
        }
    }

    /// An answer finds whoever asked by its number.
    pub fn on_received(
        &mut self,
        cx: &mut Cx<'_>,
        connection: ConnectionId,
        owner: Owner,
        message: Arc<Message>,
    ) -> Vec<Outcome<P>> {
        let node = node_of(owner);
        let message = match Arc::unwrap_or_clone(message) {
            Message::Kafka(message) => message,
            Message::Other(message) => panic!("what is not Kafka's stays before the door: {message:?}"),
        };
        let Body::Response(response) = message.body else { return self.on_nonsense(cx, node, connection) };
        match self.lines.on_answer(&mut self.timers, node, connection, message.correlation_id) {
            Answer::To(Purpose::Owner(purpose)) => {
                self.tally.note_answer(&response);
                vec![Outcome::Answered(node, purpose, response)]
            }
            Answer::To(Purpose::Metadata) => self.on_metadata(cx, (node, message.correlation_id), response),
            // Whoever waited was told that it is lost.
            Answer::Late(_) => Vec::new(),
            // Answers come in the order of requests; anything else is no peer to talk to.
            Answer::Forgotten | Answer::OutOfTurn => self.disconnect(cx, node),
        }
    }

    /// A request, where only answers come.
    fn on_nonsense(&mut self, cx: &mut Cx<'_>, node: Node, connection: ConnectionId) -> Vec<Outcome<P>> {
        match self.lines.on_nonsense(cx, &mut self.timers, node, connection) {
            Ok(in_flight) => self.lost(cx, node, in_flight),
            Err(_late) => Vec::new(),
        }
    }

    /// Fires the timers that are due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<P>> {
        let mut outcomes = Vec::new();
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                // Their owner looks what is possible after every event; nothing else to do.
                NetworkTimer::Refresh | NetworkTimer::Reconnect(_) => {}
                NetworkTimer::ConnectionSetup(node) => {
                    let since = self.lines.get(node).map_or(cx.now, |line| *line.asked_at);
                    self.note(cx, OfConnection::SetupTimedOut(node, cx.now.since(since)));
                    outcomes.extend(self.give_up(cx, node));
                }
                NetworkTimer::RequestTimeout(node) => {
                    self.note(cx, OfConnection::RequestTimedOut(node));
                    *self.loss = Loss { error: ErrorCode::RequestTimedOut, requests: 0 };
                    outcomes.extend(self.give_up(cx, node));
                }
            }
        }
        outcomes
    }

    /// Closes the connection to a node; everything in flight on it is lost.
    pub fn disconnect(&mut self, cx: &mut Cx<'_>, node: Node) -> Vec<Outcome<P>> {
        if self.lines.get(node).is_some_and(|line| line.connection().is_some()) {
            self.note(cx, OfConnection::AskedToDisconnect(node));
        }
        *self.loss = Loss::default();
        self.give_up(cx, node)
    }

    fn give_up(&mut self, cx: &mut Cx<'_>, node: Node) -> Vec<Outcome<P>> {
        match self.lines.give_up(cx, &mut self.timers, node) {
            Some(in_flight) => self.lost(cx, node, in_flight),
            None => Vec::new(),
        }
    }

    /// Tells whoever waited, oldest first. A connection that breaks may mean a new leader, so metadata is wanted as
    /// well.
    fn lost(&mut self, cx: &mut Cx<'_>, node: Node, in_flight: VecDeque<InFlight<Purpose<P>>>) -> Vec<Outcome<P>> {
        // Perhaps that broker is dead: others know more.
        self.refresh.request();
        let mut outcomes = Vec::new();
        self.loss.requests = in_flight.len();
        for request in &in_flight {
            self.note_cancelled(cx, node, request);
        }
        self.note_bootstrap(cx, node);
        for request in in_flight {
            match request.purpose {
                Purpose::Owner(purpose) => outcomes.push(Outcome::Lost(node, purpose)),
                Purpose::Metadata => self.refresh.failed(cx, self.settings.retry_backoff),
            }
        }
        outcomes.push(Outcome::Disconnected(node));
        outcomes
    }

    /// A connection is over that was not closed from here (`NetworkClient.processDisconnection`, `initiateConnect`).
    fn note_closed(&mut self, cx: &Cx<'_>, (node, connection): (Node, ConnectionId), reason: CloseReason) {
        // What is told late was told before.
        let Some(line) = self.lines.get(node).filter(|line| line.connection() == Some(connection)) else { return };
        let (opening, endpoint) = (!line.is_connected(), line.endpoint.clone());
        *self.loss = Loss::default();
        // A host in `.invalid` has no address anywhere, which a resolver says by itself (RFC 6761).
        let nowhere = reason == CloseReason::Refused && endpoint.host.ends_with(".invalid");
        if opening && (nowhere || reason == CloseReason::UnknownHost) {
            let rack = match node {
                Node::Broker(id) => self.metadata.brokers().get(&id).and_then(|broker| broker.rack.clone()),
                Node::Bootstrap(_) | Node::Coordinator(_) => None,
            };
            return self.note(cx, OfConnection::Unresolved(node, endpoint, rack));
        }
        self.note(cx, OfConnection::Disconnected(node));
        if opening {
            self.note(cx, OfConnection::NotEstablished(node, endpoint));
        }
    }

    fn note_cancelled(&mut self, cx: &Cx<'_>, node: Node, request: &InFlight<Purpose<P>>) {
        let (since, timeout) = (cx.now.since(request.sent_at), request.deadline.since(request.sent_at));
        let (api, correlation_id) = (*request.api, request.correlation_id);
        self.note(cx, OfConnection::Cancelled(Box::new(Cancelled { node, api, correlation_id, since, timeout })));
    }

    /// `DefaultMetadataUpdater.handleServerDisconnect`.
    fn note_bootstrap(&mut self, cx: &Cx<'_>, node: Node) {
        if let (Node::Bootstrap(index), true) = (node, self.metadata.brokers().is_empty())
            && let Some(endpoint) = self.settings.bootstrap.get(index as usize).cloned()
        {
            self.note(cx, OfConnection::BootstrapDisconnected(node, endpoint));
        }
    }

    /// Closes every connection, as a client does at its end.
    pub fn close(&mut self, cx: &mut Cx<'_>) {
        self.lines.close_all(cx);
        self.timers.clear();
    }
}

/// The node that an event is about. Everything that a client opens it opens to one.
fn node_of(owner: Owner) -> Node {
    match owner {
        Owner::Client(node) => node,
        Owner::Listener(_) | Owner::Quorum(_) | Owner::Broker(_) | Owner::Other(_) => {
            panic!("a client has no connection for {owner:?}")
        }
    }
}

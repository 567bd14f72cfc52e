//! A client's connections and its view of the cluster: connect with backoff, send with timeouts,
//! keep metadata fresh. It knows requests only by a purpose that its owner gave them and hands back
//! with the answer. Kafka: `NetworkClient` with its `DefaultMetadataUpdater`.

mod backoff;
mod metadata;
mod peer;
mod refresh;

pub use backoff::Backoff;
pub use metadata::{Metadata, MetadataChange, TopicView};
pub use peer::{InFlight, Node, Peer, PeerState};
pub use refresh::Refresh;

use api::{Body, Message, Request, Response};
use base::{
    BrokerId, ConnectionId, Endpoint, Entry, FlatMap, FlatSet, LeaderEpoch, PartitionId, Shared, Span, Str, Time,
    TimerTable,
};
use port::{CloseReason, Cx};

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkTimer {
    /// Metadata may be asked for (again).
    Refresh,
    /// The node may be connected to again.
    Reconnect(Node),
    ConnectionSetup(Node),
    RequestTimeout(Node),
}

/// What came of earlier sends.
#[derive(Clone, Debug)]
pub enum Outcome<P> {
    Answered(Node, P, Response),
    /// The connection broke or the request timed out; whether it took effect is not known.
    Lost(Node, P),
    Connected(Node),
    Disconnected(Node),
    MetadataUpdated(MetadataChange),
}

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Network<P> {
    settings: Shared<NetworkSettings>,
    peers: FlatMap<Node, Peer<Purpose<P>>>,
    nodes: FlatMap<ConnectionId, Node>,
    next_correlation: i32,
    metadata: Shared<Metadata>,
    /// Topics whose metadata is kept fresh.
    interest: Shared<FlatSet<Str>>,
    refresh: Refresh,
    timers: TimerTable<NetworkTimer>,
}

/// Why a request was sent.
#[derive(Clone, Debug, Hash)]
pub enum Purpose<P> {
    Metadata,
    Owner(P),
}

impl<P: Clone> Network<P> {
    pub fn new(settings: NetworkSettings) -> Network<P> {
        Network {
            settings: Shared::new(settings),
            peers: FlatMap::new(),
            nodes: FlatMap::new(),
            next_correlation: 0,
            metadata: Shared::default(),
            interest: Shared::default(),
            refresh: Refresh::default(),
            timers: TimerTable::default(),
        }
    }

    pub fn settings(&self) -> &NetworkSettings {
        &self.settings
    }
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
    pub fn refresh(&self) -> &Refresh {
        &self.refresh
    }
    pub fn interest(&self) -> &FlatSet<Str> {
        &self.interest
    }
    /// Every node that was ever connected to, with its connection.
    pub fn peers(&self) -> impl Iterator<Item = (Node, &Peer<Purpose<P>>)> {
        self.peers.iter().map(|(node, peer)| (*node, peer))
    }
    pub fn timers(&self) -> &TimerTable<NetworkTimer> {
        &self.timers
    }
    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Does this connection belong here?
    pub fn owns(&self, connection: ConnectionId) -> bool {
        self.nodes.contains_key(&connection)
    }

    /// Requests of the owner in flight to a node.
    pub fn in_flight(&self, node: Node) -> u32 {
        self.peers.get(&node).map_or(0, |peer| peer.in_flight.len() as u32)
    }

    /// The node that leads a partition as far as is known.
    pub fn leader(&self, topic: &str, partition: PartitionId) -> Option<(Node, LeaderEpoch)> {
        self.metadata.leader(topic, partition).map(|(broker, epoch)| (Node::Broker(broker), epoch))
    }

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
        self.peers.entry(node).or_insert_with(|| Peer::new(endpoint.clone())).endpoint = endpoint.clone();
        node
    }

    /// Can a request be sent to the node now? If there is no connection, one is opened as soon as
    /// the backoff allows.
    pub fn ready(&mut self, cx: &mut Cx<'_>, node: Node) -> bool {
        let endpoint = self.endpoint_of(node);
        let peer = match (self.peers.entry(node), &endpoint) {
            (Entry::Occupied(known), _) => known.into_mut(),
            (Entry::Vacant(free), Some(endpoint)) => free.insert(Peer::new(endpoint.clone())),
            (Entry::Vacant(_), None) => return false,
        };
        match peer.state {
            PeerState::Connected(_) => (peer.in_flight.len() as u32) < self.settings.max_in_flight,
            PeerState::Connecting(_) => false,
            PeerState::Disconnected { until } if until > cx.now => {
                if self.timers.deadline(&NetworkTimer::Reconnect(node)).is_none() {
                    self.timers.set(NetworkTimer::Reconnect(node), until);
                }
                false
            }
            PeerState::Disconnected { .. } => {
                if let Some(endpoint) = endpoint {
                    peer.endpoint = endpoint;
                }
                self.connect(cx, node);
                false
            }
        }
    }

    fn connect(&mut self, cx: &mut Cx<'_>, node: Node) {
        let Some(peer) = self.peers.get_mut(&node) else { return };
        let connection = cx.connect(peer.endpoint.clone());
        peer.state = PeerState::Connecting(connection);
        self.nodes.insert(connection, node);
        let patience = self.settings.connection_setup.after(peer.failures, cx.rng);
        self.timers.cancel(&NetworkTimer::Reconnect(node));
        self.timers.set(NetworkTimer::ConnectionSetup(node), cx.now + patience);
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

    fn send_within(&mut self, cx: &mut Cx<'_>, to: (Node, Span), request: Request, purpose: Purpose<P>) {
        let (node, timeout) = to;
        let correlation_id = self.write(cx, node, request);
        let Some(peer) = self.peers.get_mut(&node) else { return };
        let deadline = cx.now + timeout;
        peer.in_flight.push_back(InFlight { correlation_id, sent_at: cx.now, deadline, purpose });
        let timer = NetworkTimer::RequestTimeout(node);
        if self.timers.deadline(&timer).is_none_or(|at| at > deadline) {
            self.timers.set(timer, deadline);
        }
    }

    /// Sends a request that gets no answer (Produce with acks=0).
    pub fn send_unanswered(&mut self, cx: &mut Cx<'_>, node: Node, request: Request) {
        self.write(cx, node, request);
    }

    fn write(&mut self, cx: &mut Cx<'_>, node: Node, request: Request) -> i32 {
        let correlation_id = self.next_correlation;
        self.next_correlation = correlation_id.wrapping_add(1) & i32::MAX;
        let state = self.peers.get(&node).map(|peer| peer.state);
        let Some(PeerState::Connected(connection)) = state else { panic!("{node:?} was not ready: {state:?}") };
        cx.request(connection, correlation_id, self.settings.client_id.clone(), request);
        correlation_id
    }

    pub fn on_connected(&mut self, connection: ConnectionId) -> Vec<Outcome<P>> {
        let Some(&node) = self.nodes.get(&connection) else { return Vec::new() };
        self.timers.cancel(&NetworkTimer::ConnectionSetup(node));
        if let Some(peer) = self.peers.get_mut(&node) {
            peer.state = PeerState::Connected(connection);
            peer.failures = 0;
        }
        vec![Outcome::Connected(node)]
    }

    pub fn on_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, _: CloseReason) -> Vec<Outcome<P>> {
        let Some(node) = self.nodes.get(&connection).copied() else { return Vec::new() };
        self.lost(cx, node)
    }

    pub fn on_received(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, message: Message) -> Vec<Outcome<P>> {
        let Some(node) = self.nodes.get(&connection).copied() else { return Vec::new() };
        let Message::Kafka(message) = message;
        let Body::Response(response) = message.body else { return self.disconnect(cx, node) };
        let Some(peer) = self.peers.get_mut(&node) else { return Vec::new() };
        let expected = peer.in_flight.front().map(|request| request.correlation_id);
        // Answers come in the order of requests; anything else is no peer to talk to.
        if expected != Some(message.correlation_id) {
            return self.disconnect(cx, node);
        }
        let purpose = peer.in_flight.pop_front().map(|request| request.purpose);
        match peer.first_deadline() {
            Some(deadline) => self.timers.set(NetworkTimer::RequestTimeout(node), deadline),
            None => self.timers.cancel(&NetworkTimer::RequestTimeout(node)),
        }
        match purpose {
            Some(Purpose::Owner(purpose)) => vec![Outcome::Answered(node, purpose, response)],
            Some(Purpose::Metadata) => self.on_metadata(cx, node, response),
            None => Vec::new(),
        }
    }

    /// Fires the timers that are due.
    pub fn on_deadline(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<P>> {
        let mut outcomes = Vec::new();
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                // Their owner looks what is possible after every event; nothing else to do.
                NetworkTimer::Refresh | NetworkTimer::Reconnect(_) => {}
                NetworkTimer::ConnectionSetup(node) | NetworkTimer::RequestTimeout(node) => {
                    outcomes.extend(self.disconnect(cx, node));
                }
            }
        }
        outcomes
    }

    /// Closes the connection to a node; everything in flight on it is lost.
    pub fn disconnect(&mut self, cx: &mut Cx<'_>, node: Node) -> Vec<Outcome<P>> {
        let Some(connection) = self.peers.get(&node).and_then(Peer::connection) else { return Vec::new() };
        cx.close(connection);
        self.lost(cx, node)
    }

    fn lost(&mut self, cx: &mut Cx<'_>, node: Node) -> Vec<Outcome<P>> {
        let Some(peer) = self.peers.get_mut(&node) else { return Vec::new() };
        if let Some(connection) = peer.connection() {
            self.nodes.remove(&connection);
        }
        let until = cx.now + self.settings.reconnect_backoff.after(peer.failures, cx.rng);
        peer.failures = peer.failures.saturating_add(1);
        peer.state = PeerState::Disconnected { until };
        let in_flight = std::mem::take(&mut peer.in_flight);
        self.timers.cancel(&NetworkTimer::ConnectionSetup(node));
        self.timers.cancel(&NetworkTimer::RequestTimeout(node));
        // Perhaps that broker is dead: others know more.
        self.refresh.request();
        let mut outcomes = Vec::new();
        for request in in_flight {
            match request.purpose {
                Purpose::Owner(purpose) => outcomes.push(Outcome::Lost(node, purpose)),
                Purpose::Metadata => self.refresh.failed(cx, self.settings.retry_backoff),
            }
        }
        outcomes.push(Outcome::Disconnected(node));
        outcomes
    }

    /// Closes every connection, as a client does at its end.
    pub fn close(&mut self, cx: &mut Cx<'_>) {
        for connection in self.nodes.keys() {
            cx.close(*connection);
        }
        self.nodes.clear();
        self.peers.clear();
        self.timers.clear();
    }
}

//! The other voters and the one connection to each. Kafka: `RequestManager`, `KafkaNetworkChannel`.
//!
//! At most one request per peer is waited for; a late answer to one that no longer counts is recognised
//! by its correlation id.

use base::{BrokerId, ConnectionId, Endpoint, FlatMap, Span};

/// How a connection to a peer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Link {
    Down,
    Connecting(ConnectionId),
    Up(ConnectionId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Peer {
    pub(crate) endpoint: Endpoint,
    pub(crate) link: Link,
    /// Correlation id of the request whose answer is waited for.
    pub(crate) in_flight: Option<i32>,
    /// Connection attempts in a row that came to nothing.
    failures: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Peers {
    peers: FlatMap<BrokerId, Peer>,
    next_correlation: i32,
    /// Which peer is asked next who leads.
    turn: u32,
}

impl Peers {
    pub(crate) fn new(endpoints: impl Iterator<Item = (BrokerId, Endpoint)>, first_turn: u32) -> Peers {
        let peer = |endpoint| Peer { endpoint, link: Link::Down, in_flight: None, failures: 0 };
        let peers = endpoints.map(|(node, endpoint)| (node, peer(endpoint))).collect();
        Peers { peers, next_correlation: 0, turn: first_turn }
    }

    pub(crate) fn get(&self, node: BrokerId) -> Option<&Peer> {
        self.peers.get(&node)
    }

    pub(crate) fn get_mut(&mut self, node: BrokerId) -> Option<&mut Peer> {
        self.peers.get_mut(&node)
    }

    pub(crate) fn len(&self) -> u32 {
        self.peers.len() as u32
    }

    pub(crate) fn nodes(&self) -> Vec<BrokerId> {
        self.peers.keys().copied().collect()
    }

    pub(crate) fn any_in_flight(&self) -> bool {
        self.peers.values().any(|peer| peer.in_flight.is_some())
    }

    /// Whose turn it is to be asked who leads.
    pub(crate) fn whose_turn(&self) -> Option<BrokerId> {
        self.peers.keys().nth((self.turn % self.len().max(1)) as usize).copied()
    }

    pub(crate) fn next_turn(&mut self) {
        self.turn = self.turn.wrapping_add(1);
    }

    pub(crate) fn of_connection(&self, connection: ConnectionId) -> Option<BrokerId> {
        let is_it = |peer: &Peer| peer.link == Link::Up(connection) || peer.link == Link::Connecting(connection);
        self.peers.iter().find(|(_, peer)| is_it(peer)).map(|(node, _)| *node)
    }

    /// Notes that a request leaves for `node` and numbers it.
    pub(crate) fn sent(&mut self, node: BrokerId) -> i32 {
        let correlation_id = self.next_correlation;
        self.next_correlation = correlation_id.wrapping_add(1).max(0);
        if let Some(peer) = self.peers.get_mut(&node) {
            peer.in_flight = Some(correlation_id);
        }
        correlation_id
    }

    /// Who answered, if the answer is the one that is waited for.
    pub(crate) fn answered(&mut self, connection: ConnectionId, correlation_id: i32) -> Option<BrokerId> {
        let node = self.of_connection(connection)?;
        let peer = self.peers.get_mut(&node)?;
        (peer.in_flight == Some(correlation_id)).then(|| peer.in_flight = None)?;
        Some(node)
    }

    pub(crate) fn connected(&mut self, connection: ConnectionId) -> Option<BrokerId> {
        let node = self.of_connection(connection)?;
        let peer = self.peers.get_mut(&node)?;
        peer.link = Link::Up(connection);
        peer.failures = 0;
        Some(node)
    }

    /// Gives the connection up. Returns how long to wait before the next attempt: 50 ms, doubling up to
    /// 500 ms (`KafkaRaftManager.buildNetworkClient`).
    pub(crate) fn disconnected(&mut self, node: BrokerId) -> Span {
        let Some(peer) = self.peers.get_mut(&node) else { return Span::ZERO };
        peer.link = Link::Down;
        peer.in_flight = None;
        let wait = (50u64 << peer.failures.min(4)).min(500);
        peer.failures = peer.failures.saturating_add(1);
        Span::from_millis(wait)
    }
}

//! One node that a client talks to, and what is in flight to it. Kafka: `ClusterConnectionStates`,
//! `InFlightRequests`.

use base::{BrokerId, ConnectionId, Endpoint, Time};
use port::Refuser;
use std::collections::VecDeque;

/// Whom a connection leads to. A group's coordinator has a connection of its own, or its answers
/// would queue behind a parked fetch (semantics 16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The n-th address of `bootstrap.servers`; who answers there is not known.
    Bootstrap(u32),
    Broker(BrokerId),
    Coordinator(BrokerId),
}

impl Node {
    /// The node as the one who refused.
    pub(crate) fn refuser(self) -> Refuser {
        match self {
            Node::Bootstrap(_) => Refuser::Broker(None),
            Node::Broker(id) | Node::Coordinator(id) => Refuser::Broker(Some(id)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeerState {
    /// No connection; none is tried before this instant.
    Disconnected {
        until: Time,
    },
    Connecting(ConnectionId),
    Connected(ConnectionId),
}

/// A request that waits for its answer.
#[derive(Clone, Debug, Hash)]
pub struct InFlight<P> {
    pub correlation_id: i32,
    pub sent_at: Time,
    pub deadline: Time,
    /// What the sender wants to know when the answer comes.
    pub purpose: P,
}

/// One node with its connection.
#[derive(Clone, Debug, Hash)]
pub struct Peer<P> {
    pub endpoint: Endpoint,
    pub state: PeerState,
    /// Attempts in a row that failed.
    pub failures: u32,
    pub in_flight: VecDeque<InFlight<P>>,
}

impl<P> Peer<P> {
    pub(crate) fn new(endpoint: Endpoint) -> Peer<P> {
        let state = PeerState::Disconnected { until: Time::ZERO };
        Peer { endpoint, state, failures: 0, in_flight: VecDeque::new() }
    }

    /// The connection, open or being opened.
    pub fn connection(&self) -> Option<ConnectionId> {
        match self.state {
            PeerState::Disconnected { .. } => None,
            PeerState::Connecting(connection) | PeerState::Connected(connection) => Some(connection),
        }
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.state, PeerState::Connected(_))
    }

    /// When the first of the waiting requests times out.
    pub(crate) fn first_deadline(&self) -> Option<Time> {
        self.in_flight.iter().map(|request| request.deadline).min()
    }
}

//! One line: the connection to one peer, and what is in flight on it. Kafka: `ClusterConnectionStates`,
//! `InFlightRequests`.

use crate::Backoff;
use api::ApiKey;
use base::{Aside, ConnectionId, Endpoint, Time};
use std::collections::VecDeque;

/// How a line treats its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// reconnect.backoff.ms and reconnect.backoff.max.ms
    pub reconnect: Backoff,
    /// socket.connection.setup.timeout.ms and its maximum; `None`: the network's own patience.
    pub setup: Option<Backoff>,
    /// max.in.flight.requests.per.connection
    pub in_flight_max: u32,
    pub pause: Pause,
}

/// When a line that lost its connection is opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pause {
    /// When its timer has fired, which is set at once: its owner always has something to ask.
    UntilTimer,
    /// When somebody wants to send after the backoff; only who asked before has a timer set (`NetworkClient.ready`).
    UntilAsked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineState {
    /// No connection; none is tried before this instant.
    Disconnected {
        until: Time,
    },
    Connecting(ConnectionId),
    Connected(ConnectionId),
}

/// A request that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InFlight<P> {
    pub correlation_id: i32,
    /// What was asked. Follows from the purpose.
    pub api: Aside<ApiKey>,
    pub sent_at: Time,
    pub deadline: Time,
    /// What the sender wants to know when the answer comes.
    pub purpose: P,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line<P> {
    pub endpoint: Endpoint,
    pub rules: Rules,
    pub state: LineState,
    /// Attempts to connect in a row that failed.
    pub failures: u32,
    /// When the connection was asked for that there is, or was. For whoever tells how long it took.
    pub asked_at: Aside<Time>,
    /// Oldest first.
    pub in_flight: VecDeque<InFlight<P>>,
    /// Answers still to come on this connection that nobody waits for any more; all older than what is in flight.
    pub(crate) forgotten: u32,
}

impl<P> Line<P> {
    pub(crate) fn new(endpoint: Endpoint, rules: Rules) -> Line<P> {
        let state = LineState::Disconnected { until: Time::ZERO };
        let asked_at = Aside::default();
        Line { endpoint, rules, state, failures: 0, asked_at, in_flight: VecDeque::new(), forgotten: 0 }
    }

    /// The connection, open or being opened.
    pub fn connection(&self) -> Option<ConnectionId> {
        match self.state {
            LineState::Disconnected { .. } => None,
            LineState::Connecting(connection) | LineState::Connected(connection) => Some(connection),
        }
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.state, LineState::Connected(_))
    }

    /// Is it connected with room for one request more?
    pub fn has_room(&self) -> bool {
        self.is_connected() && (self.in_flight.len() as u32) < self.rules.in_flight_max
    }

    /// When the first of the waiting requests times out.
    pub(crate) fn first_deadline(&self) -> Option<Time> {
        self.in_flight.iter().map(|request| request.deadline).min()
    }

    /// The connection is no more; gives what was in flight on it.
    pub(crate) fn lost(&mut self, until: Time) -> VecDeque<InFlight<P>> {
        self.state = LineState::Disconnected { until };
        self.forgotten = 0;
        std::mem::take(&mut self.in_flight)
    }
}

//! Which brokers are alive and how far each has come (`BrokerHeartbeatTracker`,
//! `BrokerHeartbeatManager`). Soft state of the active controller alone: it is in no log, and a new
//! controller starts with fresh sessions for everybody.

use base::{BrokerId, FlatMap, Offset, Span, Time};
use metadata::Image;

/// A broker's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    pub broker_epoch: i64,
    pub last_contact: Time,
}

/// What a broker's heartbeats said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BrokerState {
    /// Up to where it has replayed the metadata log; −1 before its first heartbeat.
    pub metadata_offset: Offset,
    /// It is leaving: the others must have come this far before it may stop.
    pub controlled_shutdown_offset: Option<Offset>,
}

impl Default for BrokerState {
    fn default() -> Self {
        BrokerState { metadata_offset: Offset::UNDEFINED, controlled_shutdown_offset: None }
    }
}

/// All sessions and heartbeat states.
#[derive(Clone, Debug, Hash)]
pub struct Sessions {
    timeout: Span,
    sessions: FlatMap<BrokerId, Session>,
    states: FlatMap<BrokerId, BrokerState>,
}

impl Sessions {
    /// Fresh sessions for every broker that is not fenced.
    pub fn new(timeout: Span, image: &Image, now: Time) -> Sessions {
        let mut sessions = Sessions { timeout, sessions: FlatMap::new(), states: FlatMap::new() };
        for broker in image.brokers().filter(|broker| !broker.fenced) {
            sessions.touch(broker.id, broker.epoch, now);
        }
        sessions
    }

    /// The broker was heard of.
    pub fn touch(&mut self, broker: BrokerId, broker_epoch: i64, now: Time) {
        self.sessions.insert(broker, Session { broker_epoch, last_contact: now });
    }

    /// The broker's session, if it has one.
    pub fn session(&self, broker: BrokerId) -> Option<Session> {
        self.sessions.get(&broker).copied()
    }

    /// Every session, by broker.
    pub fn iter(&self) -> impl Iterator<Item = (BrokerId, Session)> {
        self.sessions.iter().map(|(broker, session)| (*broker, *session))
    }

    /// When the broker's session ends if nothing more is heard.
    pub fn deadline(&self, broker: BrokerId) -> Option<Time> {
        self.session(broker).map(|session| session.last_contact + self.timeout)
    }

    /// Is this life of the broker still being heard of?
    pub fn has_valid_session(&self, broker: BrokerId, broker_epoch: i64, now: Time) -> bool {
        self.session(broker)
            .is_some_and(|session| session.broker_epoch == broker_epoch && !self.is_expired(session, now))
    }

    /// Nobody waits for this broker any more.
    pub fn end(&mut self, broker: BrokerId) {
        self.sessions.remove(&broker);
    }

    /// Ends the expired session whose last contact is oldest.
    /// One at a time: each fencing may be what the next one's elections depend on.
    pub fn take_expired(&mut self, now: Time) -> Option<(BrokerId, Session)> {
        let expired = self.iter().filter(|(_, session)| self.is_expired(*session, now));
        let (broker, session) = expired.min_by_key(|(broker, session)| (session.last_contact, *broker))?;
        self.end(broker);
        Some((broker, session))
    }

    /// A session ends when it has been silent for longer than the timeout.
    fn is_expired(&self, session: Session, now: Time) -> bool {
        now.since(session.last_contact) > self.timeout
    }

    /// How the broker stands, as its registration and its heartbeats have made it.
    pub fn state(&self, broker: BrokerId) -> BrokerState {
        self.states.get(&broker).copied().unwrap_or_default()
    }

    /// What the last heartbeat made of it.
    pub(crate) fn set_state(&mut self, broker: BrokerId, state: BrokerState) {
        self.states.insert(broker, state);
    }

    /// A change of its registration makes a broker's progress unknown until its next heartbeat.
    pub(crate) fn forget_metadata_offset(&mut self, broker: BrokerId) {
        let state = BrokerState { metadata_offset: Offset::UNDEFINED, ..self.state(broker) };
        self.set_state(broker, state);
    }

    /// How far the slowest active broker has come; `None` when there is no active broker.
    pub fn lowest_active_offset(&self, image: &Image) -> Option<Offset> {
        let states = image.brokers().filter(|broker| !broker.fenced).map(|broker| self.state(broker.id));
        states.filter(|state| state.controlled_shutdown_offset.is_none()).map(|state| state.metadata_offset).min()
    }
}

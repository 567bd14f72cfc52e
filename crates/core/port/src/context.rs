//! Everything a process is given for the length of one event.

use crate::{Effect, Fact, Store};
use api::{Message, Request, Response};
use base::{ConnectionId, Endpoint, Rng, Str, Time, Timestamp};
use std::sync::Arc;

/// Time, dice, disk and outbox. Time is an argument; effects leave through the outbox.
pub struct Cx<'a> {
    /// Monotonic virtual time.
    pub now: Time,
    /// This node's wall clock, perhaps skewed.
    pub wall: Timestamp,
    pub rng: &'a mut Rng,
    pub store: &'a mut dyn Store,
    pub outbox: &'a mut Outbox,
}

/// Whom to answer: an accepted connection and the request's correlation id. Roles park requests by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyTo {
    pub connection: ConnectionId,
    pub correlation_id: i32,
}

/// The effects of one event, in order, and the number of the next connection. Drivers reuse it.
#[derive(Debug, Default)]
pub struct Outbox {
    pub effects: Vec<Effect>,
    /// Even; the driver keeps it with the process between events.
    pub next_connection: u64,
    /// Does anybody listen to facts? When not, they are never built.
    pub wants_facts: bool,
}

impl Cx<'_> {
    /// Opens a connection. `Connected` or `Closed` for its number follows; send only after `Connected`.
    pub fn connect(&mut self, endpoint: Endpoint) -> ConnectionId {
        let connection = ConnectionId(self.outbox.next_connection);
        self.outbox.next_connection += 2;
        self.outbox.effects.push(Effect::Connect(connection, endpoint));
        connection
    }

    pub fn send(&mut self, connection: ConnectionId, message: Message) {
        self.outbox.effects.push(Effect::Send(connection, Arc::new(message)));
    }

    pub fn request(&mut self, connection: ConnectionId, correlation_id: i32, client_id: Str, request: Request) {
        self.send(connection, Message::request(correlation_id, client_id, request));
    }

    /// Answers a request.
    pub fn respond(&mut self, to: ReplyTo, response: Response) {
        let ReplyTo { connection, correlation_id } = to;
        self.send(connection, Message::response(correlation_id, no_client_id(), response));
    }

    /// Closes the connection in order. No `Closed` event follows on this side.
    pub fn close(&mut self, connection: ConnectionId) {
        self.outbox.effects.push(Effect::Close(connection));
    }

    /// Reports a fact. The closure runs only when somebody listens.
    pub fn fact(&mut self, fact: impl FnOnce() -> Fact) {
        if self.outbox.wants_facts {
            self.outbox.effects.push(Effect::Fact(fact()));
        }
    }

    pub fn exit(&mut self) {
        self.outbox.effects.push(Effect::Exit);
    }
}

/// Answers carry no client id: one shared empty string, made once.
fn no_client_id() -> Str {
    static EMPTY: std::sync::OnceLock<Str> = std::sync::OnceLock::new();
    EMPTY.get_or_init(|| Str::from("")).clone()
}

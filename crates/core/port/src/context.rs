//! Everything a process is given for the length of one event.

use crate::{Effect, Fact, Listener, Owner, Row, Served, Store, StoreCondition, Writing};
use api::{Message, Request, Response};
use base::{ConnectionId, Endpoint, FlatMap, ListenerIndex, Rng, Shared, Str, Time, Timestamp};
use records::Compression;
use std::collections::VecDeque;
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
    /// Where the connection came in: the answer names brokers by that listener.
    pub listener: ListenerIndex,
}

impl ReplyTo {
    /// On the first listener.
    pub const fn new(connection: ConnectionId, correlation_id: i32) -> ReplyTo {
        ReplyTo { connection, correlation_id, listener: ListenerIndex::FIRST }
    }

    /// The same on the port that it came in on.
    #[must_use]
    pub fn on(self, listener: Listener) -> ReplyTo {
        match listener {
            Listener::Broker(listener) => ReplyTo { listener, ..self },
            Listener::Controller | Listener::Other => self,
        }
    }
}

/// What takes a processor's time beyond what every event takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    Compress(Compression),
    Decompress(Compression),
}

/// The effects of one event, in order, the number of the next connection, and what roles tell the process that they are
/// in. Drivers reuse it.
#[derive(Debug, Default)]
pub struct Outbox {
    pub effects: Vec<Effect>,
    /// Even; the driver keeps it with the process between events.
    pub next_connection: u64,
    /// Does anybody listen to facts? When not, they are never built.
    pub wants_facts: bool,
    /// Requests that were answered and connections that were closed instead, in order. Whoever keeps the accepted
    /// connections takes them out.
    pub served: VecDeque<Served>,
    /// Work on bytes that a processor needs its own time for. The world says how long it takes.
    pub work: Vec<(Work, u64)>,
    /// A role of a node wants its process to end. The node decides when.
    pub wants_exit: bool,
    /// Stores outside Kafka that do not take rows at once, by name; the driver says so.
    pub stores: Shared<FlatMap<Str, StoreCondition>>,
}

impl Outbox {
    /// Makes it ready for one event of a process whose next connection has that number.
    pub fn begin(&mut self, next_connection: u64) {
        self.effects.clear();
        self.served.clear();
        self.work.clear();
        self.wants_exit = false;
        self.next_connection = next_connection;
    }
}

impl Cx<'_> {
    /// Opens a connection for `owner`. `Connected` or `Closed` for its number follows; send only after `Connected`.
    pub fn connect(&mut self, owner: Owner, endpoint: Endpoint) -> ConnectionId {
        let connection = ConnectionId(self.outbox.next_connection);
        self.outbox.next_connection += 2;
        self.outbox.effects.push(Effect::Connect(connection, owner, endpoint));
        connection
    }

    pub fn send(&mut self, connection: ConnectionId, message: Message) {
        self.outbox.effects.push(Effect::Send(connection, Arc::new(message)));
    }

    pub fn request(&mut self, connection: ConnectionId, correlation_id: i32, client_id: Str, request: Request) {
        self.send(connection, Message::request(correlation_id, client_id, request));
    }

    /// Answers a request. The only way to do so: it also lets the next request of that connection be read.
    pub fn respond(&mut self, to: ReplyTo, response: Response) {
        let ReplyTo { connection, correlation_id, .. } = to;
        self.send(connection, Message::response(correlation_id, no_client_id(), response));
        self.outbox.served.push_back(Served::Answered(to));
    }

    /// Closes the connection of a request instead of answering it.
    pub fn refuse(&mut self, to: ReplyTo) {
        self.close(to.connection);
        self.outbox.served.push_back(Served::Closed(to.connection));
    }

    /// Leaves a request without an answer, because whoever asked asks again on another connection. As in Kafka its old one
    /// stays muted.
    pub fn abandon(&mut self, to: ReplyTo) {
        self.outbox.served.push_back(Served::Abandoned(to));
    }

    /// Closes the connection in order. No `Closed` event follows on this side.
    pub fn close(&mut self, connection: ConnectionId) {
        self.outbox.effects.push(Effect::Close(connection));
    }

    /// Reports a fact. The closure runs only when somebody listens.
    pub fn fact<F: Into<Fact>>(&mut self, fact: impl FnOnce() -> F) {
        if self.outbox.wants_facts {
            self.outbox.effects.push(Effect::Fact(fact().into()));
        }
    }

    /// A role of a node has nothing more to do, or cannot go on. The node ends the process once its other roles let it.
    pub fn wish_exit(&mut self) {
        self.outbox.wants_exit = true;
    }

    /// Writes a row into a store outside Kafka. Whether the call returns at once is the store's affair.
    pub fn write(&mut self, row: Row) -> Writing {
        let writing = if self.outbox.stores.contains_key(&row.sink) { Writing::Waits } else { Writing::Done };
        self.outbox.effects.push(Effect::Write(Box::new(row)));
        writing
    }

    /// The process dies here.
    pub fn crash(&mut self) {
        self.outbox.effects.push(Effect::Crash);
    }

    /// So many bytes, uncompressed, have to be worked on before the effects of this event can leave.
    pub fn work(&mut self, work: Work, bytes: u64) {
        self.outbox.work.push((work, bytes));
    }

    /// Ends the process.
    pub fn exit(&mut self) {
        self.outbox.effects.push(Effect::Exit);
    }
}

/// Answers carry no client id: one shared empty string, made once.
fn no_client_id() -> Str {
    static EMPTY: std::sync::OnceLock<Str> = std::sync::OnceLock::new();
    EMPTY.get_or_init(|| Str::from("")).clone()
}

//! What happens to a process and what it does in return.

use crate::{Fact, OperatorRequest, Owner, ReplyTo, Row};
use api::{Listener, Message};
use base::{ConnectionId, Endpoint};
use std::sync::Arc;

/// Something that happened to a process. A process changes only in answer to one of these.
#[derive(Clone, Debug, Hash)]
pub enum Event {
    /// A connection that we asked for is open.
    Connected(ConnectionId, Owner),
    /// Somebody opened a connection to one of our listeners.
    Accepted(ConnectionId, Listener),
    /// A connection is over, or was never made. Nothing more comes from it.
    Closed(ConnectionId, Owner, CloseReason),
    /// Shared with nobody, but for copies of the world from before it arrived.
    Received(ConnectionId, Owner, Arc<Message>),
    /// `next_deadline()` has come.
    DeadlineReached,
    /// A person or a script asks this process for something.
    Operator(OperatorRequest),
    /// The store outside Kafka answers the write that the process waits for.
    Stored(Stored),
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    Taken,
    /// Nothing is written.
    Failed,
}

/// Something that a process wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The owner comes back with each event of the connection.
    Connect(ConnectionId, Owner, Endpoint),
    Send(ConnectionId, Arc<Message>),
    Close(ConnectionId),
    /// Something worth knowing happened. Facts change nothing.
    Fact(Fact),
    /// The process is done (a controlled shutdown ended, a client was closed).
    Exit,
    /// The process dies of itself: no word to anybody, as if it were killed.
    Crash,
    /// An application writes into a store outside Kafka.
    Write(Box<Row>),
}

/// What was done to a connection that somebody else opened. Its keeper reads its next request then
/// (`SocketServer.Processor.processCompletedSends`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    Answered(ReplyTo),
    Closed(ConnectionId),
    /// Whoever asked has come back on another connection: here nobody waits any more, and nothing is answered.
    Abandoned(ReplyTo),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseReason {
    /// Nobody listens there.
    Refused,
    /// The other side closed it in order.
    ByPeer,
    /// It broke: the peer died or the network reset it. What was in flight is lost.
    Reset,
    /// No answer to the attempt to connect within the network's own timeout.
    TimedOut,
    /// Where the process stands, nobody knows the host.
    UnknownHost,
}

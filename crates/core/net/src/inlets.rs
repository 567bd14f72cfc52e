//! One request at a time per accepted connection, answers in request order: Kafka's socket server
//! mutes a channel while its request is under way (`SocketServer.Processor`).

mod verify;

use base::{ConnectionId, FlatMap};
use port::{Listener, ReplyTo};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// The accepted connections of one node, each with the request it waits on and what queues behind. `R`: a request as it
/// came.
#[derive(Clone, Debug, Hash)]
pub struct Inlets<R> {
    connections: FlatMap<ConnectionId, Channel<R>>,
}

#[derive(Clone, Debug, Hash)]
struct Channel<R> {
    listener: Listener,
    /// The correlation id of the request under way.
    busy: Option<i32>,
    waiting: VecDeque<R>,
    abandoned: Abandoned,
}

/// The request under way will not be answered. Only [`Inlets::verify`] looks at it, so it is no part of the state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Abandoned(bool);

impl Hash for Abandoned {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// Will the request be answered?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Answer,
    /// Produce with acks=0: the next request is read at once.
    Nothing,
}

/// May a request run?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It came on that port.
    Now(Listener),
    /// Another one of its connection is under way.
    Later,
    /// This side has closed the connection while the request was on its way.
    Never,
}

impl<R> Default for Inlets<R> {
    fn default() -> Inlets<R> {
        Inlets { connections: FlatMap::new() }
    }
}

impl<R> Inlets<R> {
    /// Somebody connected.
    pub fn accepted(&mut self, connection: ConnectionId, listener: Listener) {
        let channel = Channel { listener, busy: None, waiting: VecDeque::new(), abandoned: Abandoned::default() };
        self.connections.insert(connection, channel);
    }

    /// The connection is over, from whichever side. What waited on it is dropped: nobody could be answered.
    pub fn closed(&mut self, connection: ConnectionId) {
        self.connections.remove(&connection);
    }

    /// A request came in: may it run now? What has to [`wait`](Self::wait) runs when those before it are
    /// [`answered`](Self::answered).
    pub fn admit(&mut self, to: ReplyTo, wants: Wants) -> Admission {
        let Some(channel) = self.connections.get_mut(&to.connection) else { return Admission::Never };
        if channel.busy.is_some() {
            return Admission::Later;
        }
        channel.busy = match wants {
            Wants::Answer => Some(to.correlation_id),
            Wants::Nothing => None,
        };
        Admission::Now(channel.listener)
    }

    /// Keeps a request that may run later.
    ///
    /// # Panics
    /// When there is no such connection: it was asked a moment ago.
    pub fn wait(&mut self, connection: ConnectionId, request: R) {
        let channel = self.connections.get_mut(&connection).expect("what waits was admitted on a connection");
        channel.waiting.push_back(request);
    }

    /// An answer left: gives the next request of that connection, if one waited.
    pub fn answered(&mut self, to: ReplyTo) -> Option<R> {
        let channel = self.connections.get_mut(&to.connection)?;
        debug_assert_eq!(
            channel.busy,
            Some(to.correlation_id),
            "an answer to what was not asked on {:?}",
            to.connection
        );
        if channel.busy == Some(to.correlation_id) {
            channel.busy = None;
            return channel.waiting.pop_front();
        }
        None
    }

    /// The request under way gets no answer: whoever asked has come back on another connection.
    pub fn abandoned(&mut self, to: ReplyTo) {
        if let Some(channel) = self.connections.get_mut(&to.connection) {
            channel.abandoned = Abandoned(channel.busy == Some(to.correlation_id));
        }
    }

    /// After a request that gets no answer ran: the next one, if it waited.
    pub fn next(&mut self, connection: ConnectionId) -> Option<R> {
        let channel = self.connections.get_mut(&connection)?;
        if channel.busy.is_none() { channel.waiting.pop_front() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ConnectionId = ConnectionId(3);

    fn reply(correlation_id: i32) -> ReplyTo {
        ReplyTo::new(HERE, correlation_id)
    }

    /// The request, if it may run now.
    fn admit<R>(inlets: &mut Inlets<R>, to: ReplyTo, request: R, wants: Wants) -> Option<(Listener, R)> {
        match inlets.admit(to, wants) {
            Admission::Now(listener) => Some((listener, request)),
            Admission::Later => {
                inlets.wait(to.connection, request);
                None
            }
            Admission::Never => None,
        }
    }

    #[test]
    fn requests_run_one_after_the_other_in_the_order_in_which_they_came() {
        let mut inlets = Inlets::default();
        inlets.accepted(HERE, Listener::FIRST);
        assert_eq!(admit(&mut inlets, reply(1), "a", Wants::Answer), Some((Listener::FIRST, "a")));
        assert_eq!(admit(&mut inlets, reply(2), "b", Wants::Answer), None);
        assert_eq!(admit(&mut inlets, reply(3), "c", Wants::Answer), None);
        assert_eq!(inlets.next(HERE), None, "muted");
        assert_eq!(inlets.answered(reply(1)), Some("b"));
        assert_eq!(admit(&mut inlets, reply(2), "b", Wants::Answer), Some((Listener::FIRST, "b")));
        assert_eq!(inlets.answered(reply(2)), Some("c"));
    }

    #[test]
    fn what_gets_no_answer_does_not_hold_up_the_next() {
        let mut inlets = Inlets::default();
        inlets.accepted(HERE, Listener::FIRST);
        assert!(admit(&mut inlets, reply(1), "a", Wants::Nothing).is_some());
        assert!(admit(&mut inlets, reply(2), "b", Wants::Nothing).is_some());
        assert_eq!(inlets.next(HERE), None);
    }

    #[test]
    fn nothing_runs_on_a_closed_connection() {
        let mut inlets = Inlets::default();
        inlets.accepted(HERE, Listener::Controller);
        admit(&mut inlets, reply(1), "a", Wants::Answer);
        admit(&mut inlets, reply(2), "b", Wants::Answer);
        inlets.closed(HERE);
        assert_eq!((inlets.answered(reply(1)), inlets.next(HERE)), (None, None));
        assert_eq!(admit(&mut inlets, reply(3), "c", Wants::Answer), None);
    }
}

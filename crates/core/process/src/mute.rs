//! One request at a time per accepted connection, answers in request order: Kafka's socket server
//! mutes a channel while its request is under way (`SocketServer.Processor`).

use api::{Acks, KafkaMessage, Request};
use base::{ConnectionId, FlatMap};
use port::Listener;
use std::collections::VecDeque;

/// The accepted connections of one node, each with the request it waits on and what queues behind.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Mute {
    connections: FlatMap<ConnectionId, Channel>,
}

#[derive(Clone, Debug, Hash)]
struct Channel {
    listener: Listener,
    /// The correlation id of the request under way.
    busy: Option<i32>,
    waiting: VecDeque<KafkaMessage>,
}

impl Mute {
    pub(crate) fn accepted(&mut self, connection: ConnectionId, listener: Listener) {
        self.connections.insert(connection, Channel { listener, busy: None, waiting: VecDeque::new() });
    }

    /// Forgets the connection; says on which port it had come in, if it was an accepted one.
    pub(crate) fn closed(&mut self, connection: ConnectionId) -> Option<Listener> {
        self.connections.remove(&connection).map(|channel| channel.listener)
    }

    /// A request came in: gives it back when it may run now, keeps it otherwise.
    pub(crate) fn admit(
        &mut self,
        connection: ConnectionId,
        request: KafkaMessage,
        wants: Answer,
    ) -> Option<(Listener, KafkaMessage)> {
        let channel = self.connections.get_mut(&connection)?;
        if channel.busy.is_some() {
            channel.waiting.push_back(request);
            return None;
        }
        channel.busy = wants.then_busy(request.correlation_id);
        Some((channel.listener, request))
    }

    /// An answer left: gives the next request of that connection, if one waited.
    pub(crate) fn answered(&mut self, connection: ConnectionId, correlation_id: i32) -> Option<KafkaMessage> {
        let channel = self.connections.get_mut(&connection)?;
        if channel.busy == Some(correlation_id) {
            channel.busy = None;
            return channel.waiting.pop_front();
        }
        None
    }

    /// After a request that gets no answer ran: the next one, if it waited.
    pub(crate) fn next(&mut self, connection: ConnectionId) -> Option<KafkaMessage> {
        let channel = self.connections.get_mut(&connection)?;
        if channel.busy.is_none() { channel.waiting.pop_front() } else { None }
    }
}

/// Will the request be answered?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Expected,
    None,
}

impl Answer {
    pub(crate) fn to(request: &Request) -> Answer {
        match request {
            Request::Produce(produce) if produce.acks == Acks::NONE => Answer::None,
            _other => Answer::Expected,
        }
    }

    fn then_busy(self, correlation_id: i32) -> Option<i32> {
        (self == Answer::Expected).then_some(correlation_id)
    }
}

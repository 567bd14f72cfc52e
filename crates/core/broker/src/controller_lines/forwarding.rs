//! Requests that only the controller can serve: passed on in an Envelope, kept until somebody is the
//! controller, given up after their own timeout.
//!
//! Kafka: `ForwardingManagerImpl`, `DefaultAutoTopicCreationManager`; KIP-590.

use super::{ControllerLines, Present, Purpose};
use crate::timer::Timer;
use crate::wires::Wires;
use api::{CreatableTopic, CreateTopicsRequest, EnvelopeRequest, EnvelopeResponse, Incoming, Request};
use base::{ConnectionId, ErrorCode, FlatMap, Span, Str};
use port::{Cx, KafkaFact, ReplyTo};

/// For requests that carry no timeout of their own (`ForwardingManager`).
const PATIENCE: Span = Span::from_secs(60);

/// Who gets the answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum ForwardedFor {
    Client(ReplyTo),
    /// Nobody: the broker itself wants this topic to exist.
    Topic(Str),
}

/// One request on its way to the controller.
#[derive(Clone, Debug, Hash)]
struct Forwarded {
    asked_by: ForwardedFor,
    /// As it came; in the broker's own name when it asks for itself.
    request: Incoming,
}

/// All of them, by ticket.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Forwarding {
    next: u64,
    pending: FlatMap<u64, Forwarded>,
}

impl Forwarding {
    /// What is passed on and not answered.
    pub(super) fn tickets(&self) -> impl Iterator<Item = u64> {
        self.pending.keys().copied()
    }

    /// Clients that wait for an answer.
    pub(super) fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        self.pending.values().filter_map(|forwarded| match &forwarded.asked_by {
            ForwardedFor::Client(reply) => Some(*reply),
            ForwardedFor::Topic(_) => None,
        })
    }

    /// The client is gone; what was sent may still take effect.
    pub(super) fn forget(&mut self, connection: ConnectionId) {
        let is_of = |asked_by: &ForwardedFor| match asked_by {
            ForwardedFor::Client(reply) => reply.connection == connection,
            ForwardedFor::Topic(_) => false,
        };
        self.pending.retain(|_, forwarded| !is_of(&forwarded.asked_by));
    }

    fn is_creating(&self, topic: &str) -> bool {
        self.pending.values().any(|forwarded| match &forwarded.asked_by {
            ForwardedFor::Topic(name) => &**name == topic,
            ForwardedFor::Client(_) => false,
        })
    }

    fn keep(&mut self, forwarded: Forwarded) -> u64 {
        let ticket = self.next;
        self.next += 1;
        self.pending.insert(ticket, forwarded);
        ticket
    }

    /// `None`: nobody waits for it any more.
    pub(super) fn request(&self, ticket: u64) -> Option<Request> {
        let forwarded = self.pending.get(&ticket)?;
        Some(Request::Envelope(Box::new(EnvelopeRequest { passed: forwarded.request.clone() })))
    }

    pub(super) fn on_answer(&mut self, cx: &mut Cx<'_>, wires: &mut Wires, ticket: u64, answer: EnvelopeResponse) {
        wires.timers.cancel(&Timer::Forwarded(ticket));
        // Its client is gone by now.
        let Some(forwarded) = self.pending.remove(&ticket) else { return };
        // A wish of the broker itself: the metadata tells of the topic, and whoever wants it asks again.
        let ForwardedFor::Client(reply) = forwarded.asked_by else { return };
        let error = if answer.error.is_error() { answer.error } else { ErrorCode::UnknownServerError };
        let refused = || forwarded.request.request.refused(&error.into());
        cx.respond(reply, answer.response.map_or_else(refused, |response| *response));
    }

    /// The controller has not answered it.
    pub(super) fn fail(&mut self, cx: &mut Cx<'_>, wires: &mut Wires, ticket: u64, error: ErrorCode) {
        self.on_answer(cx, wires, ticket, EnvelopeResponse { error, response: None });
    }
}

impl ControllerLines {
    /// Passes a client's request on.
    pub(crate) fn forward(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, reply: ReplyTo, request: Incoming) {
        let timeout = request.request.timeout().unwrap_or(PATIENCE);
        self.pass_on(cx, present, Forwarded { asked_by: ForwardedFor::Client(reply), request }, timeout);
    }

    /// Has the controller create a topic that a client wants, unless that is under way. The request goes out in that
    /// client's name (`DefaultAutoTopicCreationManager.sendCreateTopicRequest`).
    pub(crate) fn create_topic(
        &mut self,
        cx: &mut Cx<'_>,
        present: &mut Present<'_>,
        client_id: &Str,
        topic: CreatableTopic,
    ) {
        if self.forwarding.is_creating(&topic.name) {
            return;
        }
        let asked_by = ForwardedFor::Topic(topic.name.clone());
        let timeout = present.wires.config.request_timeout;
        cx.fact(|| KafkaFact::TopicWanted { topic: topic.name.clone(), client: client_id.clone() });
        let request = CreateTopicsRequest { topics: vec![topic], timeout, validate_only: false };
        let request = Incoming::new(client_id.clone(), Request::CreateTopics(request));
        self.pass_on(cx, present, Forwarded { asked_by, request }, timeout);
    }

    fn pass_on(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, forwarded: Forwarded, timeout: Span) {
        let ticket = self.forwarding.keep(forwarded);
        present.wires.timers.set(Timer::Forwarded(ticket), cx.now + timeout);
        self.ask(cx, present, Purpose::Forward(ticket));
    }

    /// The time of a request is up.
    pub(crate) fn forwarded_timed_out(&mut self, cx: &mut Cx<'_>, wires: &mut Wires, ticket: u64) {
        self.forwarding.fail(cx, wires, ticket, ErrorCode::RequestTimedOut);
    }
}

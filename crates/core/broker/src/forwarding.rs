//! Requests that only the controller can serve: passed on in an Envelope, kept until somebody is the
//! controller, given up after their own timeout.
//!
//! Kafka: `ForwardingManagerImpl`, `DefaultAutoTopicCreationManager`; KIP-590.

use crate::broker::Broker;
use crate::controller_channel::Purpose;
use crate::timer::Timer;
use api::{
    CreatableTopic, CreatableTopicResult, CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse,
    DeleteTopicsResponse, ElectLeadersResponse, EnvelopeRequest, IncrementalAlterConfigsResponse, Request, Response,
};
use base::{ConnectionId, ErrorCode, FlatMap, Span, Str, TopicId};
use port::ChannelKind;
use port::{Cx, Fact, ReplyTo};

/// For requests that carry no timeout of their own (`ForwardingManager`).
const PATIENCE: Span = Span::from_secs(60);

/// Who gets the answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ForwardedFor {
    Client(ReplyTo),
    /// Nobody: the broker itself wants this topic to exist.
    Topic(Str),
}

/// One request on its way to the controller.
#[derive(Clone, Debug, Hash)]
pub struct Forwarded {
    pub asked_by: ForwardedFor,
    /// `client.id` of the one who asked; the broker's own when it asks for itself.
    pub client_id: Str,
    pub request: Request,
}

/// All of them, by ticket.
#[derive(Clone, Debug, Default, Hash)]
pub struct Forwarding {
    next: u64,
    pending: FlatMap<u64, Forwarded>,
}

impl Forwarding {
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Forwarded)> {
        self.pending.iter().map(|(ticket, forwarded)| (*ticket, forwarded))
    }

    /// The client is gone; what was sent may still take effect.
    pub(crate) fn forget(&mut self, connection: ConnectionId) {
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
}

impl Broker {
    /// Passes a client's request on.
    pub(crate) fn forward(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, client_id: &Str, request: Request) {
        let timeout = match &request {
            Request::CreateTopics(request) => request.timeout,
            Request::DeleteTopics(request) => request.timeout,
            Request::CreatePartitions(request) => request.timeout,
            Request::ElectLeaders(request) => request.timeout,
            _without_timeout => PATIENCE,
        };
        let forwarded = Forwarded { asked_by: ForwardedFor::Client(reply), client_id: client_id.clone(), request };
        self.pass_on(cx, forwarded, timeout);
    }

    /// Has the controller create a topic that a client wants, unless that is under way. The request goes out in that
    /// client's name (`DefaultAutoTopicCreationManager.sendCreateTopicRequest`).
    pub(crate) fn create_topic(&mut self, cx: &mut Cx<'_>, client_id: &Str, topic: CreatableTopic) {
        if self.forwarding.is_creating(&topic.name) {
            return;
        }
        let asked_by = ForwardedFor::Topic(topic.name.clone());
        let timeout = self.config.request_timeout;
        cx.fact(|| Fact::TopicWanted { topic: topic.name.clone(), client: client_id.clone() });
        let request = CreateTopicsRequest { topics: vec![topic], timeout, validate_only: false };
        let request = Request::CreateTopics(request);
        self.pass_on(cx, Forwarded { asked_by, client_id: client_id.clone(), request }, timeout);
    }

    fn pass_on(&mut self, cx: &mut Cx<'_>, forwarded: Forwarded, timeout: Span) {
        let ticket = self.forwarding.next;
        self.forwarding.next += 1;
        self.forwarding.pending.insert(ticket, forwarded);
        self.timers.set(Timer::Forwarded(ticket), cx.now + timeout);
        self.ask_controller(cx, ChannelKind::Forwarding, Purpose::Forward(ticket));
    }

    /// `None`: nobody waits for it any more.
    pub(crate) fn forwarded_request(&self, ticket: u64) -> Option<Request> {
        let Forwarded { client_id, request, .. } = self.forwarding.pending.get(&ticket)?;
        let envelope = EnvelopeRequest { client_id: client_id.clone(), request: request.clone() };
        Some(Request::Envelope(Box::new(envelope)))
    }

    pub(crate) fn on_forwarded(
        &mut self,
        cx: &mut Cx<'_>,
        ticket: u64,
        error: ErrorCode,
        inner: Option<Box<Response>>,
    ) {
        self.timers.cancel(&Timer::Forwarded(ticket));
        let Some(forwarded) = self.forwarding.pending.remove(&ticket) else { return };
        let ForwardedFor::Client(reply) = forwarded.asked_by else { return };
        let response = match inner {
            Some(response) => *response,
            None if error.is_error() => refusal(&forwarded.request, error),
            None => refusal(&forwarded.request, ErrorCode::UnknownServerError),
        };
        cx.respond(reply, response);
    }

    pub(crate) fn forwarded_timed_out(&mut self, cx: &mut Cx<'_>, ticket: u64) {
        self.on_forwarded(cx, ticket, ErrorCode::RequestTimedOut, None);
    }
}

/// The answer that says `error` to every part of a request.
fn refusal(request: &Request, error: ErrorCode) -> Response {
    match request {
        Request::CreateTopics(request) => {
            let refused = |topic: &CreatableTopic| CreatableTopicResult {
                name: topic.name.clone(),
                topic_id: TopicId::ZERO,
                error,
                error_message: None,
                num_partitions: -1,
                replication_factor: -1,
            };
            Response::CreateTopics(CreateTopicsResponse { topics: request.topics.iter().map(refused).collect() })
        }
        Request::DeleteTopics(request) => {
            let topics = request.names.iter().map(|name| (name.clone(), error, None)).collect();
            Response::DeleteTopics(DeleteTopicsResponse { topics })
        }
        Request::CreatePartitions(request) => {
            let topics = request.topics.iter().map(|topic| (topic.name.clone(), error, None)).collect();
            Response::CreatePartitions(CreatePartitionsResponse { topics })
        }
        Request::IncrementalAlterConfigs(request) => {
            let results = request.resources.iter().map(|(resource, _)| (resource.clone(), error, None)).collect();
            Response::IncrementalAlterConfigs(IncrementalAlterConfigsResponse { results })
        }
        Request::ElectLeaders(_) => Response::ElectLeaders(ElectLeadersResponse { error, results: Vec::new() }),
        _never_forwarded => unreachable!("only requests of the controller are passed on"),
    }
}

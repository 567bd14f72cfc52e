//! Requests from their arrival at a node until their answer leaves it (`RequestChannel.Request`: startTimeNanos to
//! responseCompleteTimeNanos, without the time that the network thread sends).

use api::{ApiKey, Body, KafkaMessage, Message, Request, Response};
use base::{FlatMap, ProcessId, Span, Time, TopicId};

use crate::journal::{MessageId, Outcome, Passing};
use crate::world::World;

/// A request, as `RequestMetrics` names it: fetches of consumers and of followers are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    name: &'static str,
    /// Who is asked.
    node: ProcessId,
    correlation_id: i32,
    /// Nobody waits for an answer: it is over when it is there.
    is_over: bool,
}

/// A request that was answered, or needs no answer.
pub(super) struct Answered {
    pub name: &'static str,
    /// Who answers.
    pub node: ProcessId,
    pub at: Time,
    /// `None`: it came before anybody listened.
    pub after: Option<Span>,
}

/// Requests that are under way or being served.
#[derive(Clone, Debug, Default)]
pub(super) struct Requests {
    flying: FlatMap<MessageId, Asked>,
    /// By connection and correlation id.
    served: FlatMap<(u32, i32), (&'static str, Time)>,
}

/// More requests than these are looked through for those whose connection is gone.
const MANY: usize = 1_000;

impl Requests {
    /// Begins with what is under way.
    pub fn of(world: &World) -> Requests {
        let mut requests = Requests::default();
        for (connection, open) in world.network().connections() {
            for lane in 0..2_u8 {
                let (_, to) = open.direction(lane);
                for flight in &open.lanes[usize::from(lane)].in_flight {
                    requests.set_out(MessageId { connection, lane, number: flight.number }, to, &flight.message);
                }
            }
        }
        requests
    }

    fn set_out(&mut self, id: MessageId, node: ProcessId, message: &Message) {
        // Other families' messages are nobody's requests here.
        let Message::Kafka(KafkaMessage { body: Body::Request(request), correlation_id, .. }) = message else { return };
        let is_over = matches!(request, Request::Produce(produce) if produce.acks == api::Acks::NONE);
        self.flying.insert(id, Asked { name: name(request), node, correlation_id: *correlation_id, is_over });
    }

    /// Something happens to a message.
    pub fn note(&mut self, passing: &Passing<'_>) -> Option<Answered> {
        match passing {
            Passing::Sent(sent) => match sent.message {
                Message::Kafka(KafkaMessage { body: Body::Response(response), correlation_id, .. }) => {
                    let began = self.served.remove(&(sent.id.connection, *correlation_id));
                    let after = began.map(|(_, at)| sent.sent.since(at));
                    let name = began.map_or_else(|| response.api_key().name(), |(name, _)| name);
                    Some(Answered { name, node: sent.from, at: sent.sent, after })
                }
                message @ (Message::Kafka(_) | Message::Other(_)) => {
                    self.set_out(sent.id, sent.to, message);
                    None
                }
            },
            Passing::Ended { id, at, outcome } => {
                let asked = self.flying.remove(id).filter(|_| *outcome == Outcome::Arrived)?;
                if asked.is_over {
                    return Some(Answered { name: asked.name, node: asked.node, at: *at, after: Some(Span::ZERO) });
                }
                self.served.insert((id.connection, asked.correlation_id), (asked.name, *at));
                None
            }
            Passing::Refused { .. } => None,
        }
    }

    /// Forgets what nobody will answer any more.
    pub fn tidy(&mut self, world: &World) {
        if self.served.len() > MANY {
            self.served.retain(|(connection, _), _| world.network().connection(*connection).is_some());
        }
    }
}

/// `RequestMetrics.CONSUMER_FETCH_METRIC_NAME` and `FOLLOW_FETCH_METRIC_NAME`, else the API's own.
fn name(request: &Request) -> &'static str {
    match request {
        Request::Fetch(fetch) if fetch.replica.is_some() => "FetchFollower",
        Request::Fetch(_) => "FetchConsumer",
        request => request.api_key().name(),
    }
}

/// Every name that a request may have.
pub fn names() -> impl Iterator<Item = &'static str> {
    ApiKey::ALL.iter().map(|api| api.name()).filter(|name| *name != "Fetch").chain(["FetchConsumer", "FetchFollower"])
}

/// Bytes of records in an answer, by topic.
pub(super) fn bytes_of(message: &Message) -> Vec<(TopicId, u64)> {
    let Message::Kafka(KafkaMessage { body: Body::Response(Response::Fetch(fetch)), .. }) = message else {
        return Vec::new();
    };
    let bytes = |part: &api::FetchPartitionResponse| part.records.iter().map(|batch| u64::from(batch.size())).sum();
    fetch.partitions.iter().map(|part| (part.topic, bytes(part))).filter(|(_, bytes)| *bytes > 0).collect()
}

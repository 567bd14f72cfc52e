//! The envelope of everything that travels.

use crate::*;
use base::{ErrorCode, Str};
use bytes::Bytes;
use std::fmt;
use std::hash::{Hash, Hasher};

/// One message on a connection, by protocol family.
#[derive(Clone, Debug)]
pub enum Message {
    Kafka(KafkaMessage),
    /// Between processes of another family.
    Other(OtherMessage),
}

/// Which family it is of counts only where there are several, so that runs of Kafka alone keep their digests.
impl Hash for Message {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Message::Kafka(message) => message.hash(state),
            Message::Other(message) => (-1_isize, message).hash(state),
        }
    }
}

/// A message of another family. What it carries is theirs; a network knows its kind and its size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherMessage {
    /// One of those that the family names (`port::Family::kinds`).
    pub kind: &'static str,
    pub is_request: bool,
    pub body: Bytes,
}

/// What sort of message one is, so that a network can hold or lose such ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageKind {
    /// A request of that API, or its answer.
    Kafka(ApiKey),
    /// By the name that its family has for it.
    Other(&'static str),
}

impl MessageKind {
    /// As Kafka, or the other family, spells it.
    pub const fn name(self) -> &'static str {
        match self {
            MessageKind::Kafka(api) => api.name(),
            MessageKind::Other(name) => name,
        }
    }
}

/// An API hashes as it does by itself.
impl Hash for MessageKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            MessageKind::Kafka(api) => api.hash(state),
            MessageKind::Other(name) => (-1_isize, name).hash(state),
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// As an API alone.
impl fmt::Debug for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Kafka request or answer with the parts of its header that matter.
#[derive(Clone, Debug, Hash)]
pub struct KafkaMessage {
    /// Chosen by the one who asks, repeated in the answer.
    pub correlation_id: i32,
    /// `client.id` of the one who asks; empty in answers.
    pub client_id: Str,
    /// Of the request's form. Answers carry none: whoever asked knows in which version.
    pub version: Version,
    pub body: Body,
}

/// One of the two, by the connection: an answer comes back on the one that the request went out on.
#[derive(Clone, Debug, Hash)]
pub enum Body {
    Request(Request),
    Response(Response),
}

/// A request with what its header says beside the correlation id (`RequestHeader`).
#[derive(Clone, Debug, Hash)]
pub struct Incoming {
    /// `client.id` of the one who asks.
    pub client_id: Str,
    pub version: Version,
    pub request: Request,
}

impl Incoming {
    /// As this release asks it.
    pub fn new(client_id: Str, request: Request) -> Incoming {
        Incoming { client_id, version: Version::Spoken, request }
    }
}

/// What a broker passes on for somebody else, as it was asked (`EnvelopeRequest.requestData`; KIP-590).
#[derive(Clone, Debug, Hash)]
pub struct EnvelopeRequest {
    pub passed: Incoming,
}

/// The controller's answer to what was passed on.
#[derive(Clone, Debug, Hash)]
pub struct EnvelopeResponse {
    /// Concerns the passing on itself (NOT_CONTROLLER); then there is no inner answer.
    pub error: ErrorCode,
    pub response: Option<Box<Response>>,
}

impl RequestBody for EnvelopeRequest {
    type Answer = EnvelopeResponse;

    fn refused(&self, refusal: &Refusal) -> EnvelopeResponse {
        EnvelopeResponse { error: refusal.error, response: None }
    }

    fn size(&self) -> u32 {
        16 + self.passed.request.size()
    }
}

impl ResponseBody for EnvelopeResponse {
    fn size(&self) -> u32 {
        8 + self.response.as_ref().map_or(0, |inner| inner.size())
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl Body {
    /// Of which kind.
    pub fn api_key(&self) -> ApiKey {
        match self {
            Body::Request(request) => request.api_key(),
            Body::Response(response) => response.api_key(),
        }
    }
}

impl Message {
    /// A request as this release asks it.
    pub fn request(correlation_id: i32, client_id: Str, request: Request) -> Message {
        let (version, body) = (Version::Spoken, Body::Request(request));
        Message::Kafka(KafkaMessage { correlation_id, client_id, version, body })
    }

    /// The answer to a request of that number.
    pub fn response(correlation_id: i32, client_id: Str, response: Response) -> Message {
        let (version, body) = (Version::Spoken, Body::Response(response));
        Message::Kafka(KafkaMessage { correlation_id, client_id, version, body })
    }

    /// What sort of message this is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Message::Kafka(message) => MessageKind::Kafka(message.body.api_key()),
            Message::Other(message) => MessageKind::Other(message.kind),
        }
    }

    /// Does it want something? Only what does waits its turn at a connection.
    pub fn is_request(&self) -> bool {
        match self {
            Message::Kafka(message) => matches!(message.body, Body::Request(_)),
            Message::Other(message) => message.is_request,
        }
    }

    /// About how many bytes the message takes on the wire: records exactly, the rest by its
    /// partitions at the size of Kafka's fixed fields. It sets transfer and service times.
    pub fn size(&self) -> u32 {
        // Size, key, version, correlation id, a client id of usual length, tagged fields.
        const HEADER: u32 = 24;
        HEADER
            + match self {
                Message::Kafka(KafkaMessage { body: Body::Request(request), .. }) => request.size(),
                Message::Kafka(KafkaMessage { body: Body::Response(response), .. }) => response.size(),
                Message::Other(message) => u32::try_from(message.body.len()).unwrap_or(u32::MAX - HEADER),
            }
    }
}

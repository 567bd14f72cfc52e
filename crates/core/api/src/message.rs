//! The envelope of everything that travels.

use crate::*;
use base::{ErrorCode, Str};

/// One message on a connection, by protocol family. Kafka is the only family so far.
#[derive(Clone, Debug, Hash)]
pub enum Message {
    Kafka(KafkaMessage),
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

impl Message {
    /// A request as this release asks it.
    pub fn request(correlation_id: i32, client_id: Str, request: Request) -> Message {
        let (version, body) = (Version::Spoken, Body::Request(request));
        Message::Kafka(KafkaMessage { correlation_id, client_id, version, body })
    }

    pub fn response(correlation_id: i32, client_id: Str, response: Response) -> Message {
        let (version, body) = (Version::Spoken, Body::Response(response));
        Message::Kafka(KafkaMessage { correlation_id, client_id, version, body })
    }

    /// What kind of request this is, or answers.
    pub fn api_key(&self) -> ApiKey {
        match self {
            Message::Kafka(message) => match &message.body {
                Body::Request(request) => request.api_key(),
                Body::Response(response) => response.api_key(),
            },
        }
    }

    pub fn is_request(&self) -> bool {
        match self {
            Message::Kafka(message) => matches!(message.body, Body::Request(_)),
        }
    }

    /// About how many bytes the message takes on the wire: records exactly, the rest by its
    /// partitions at the size of Kafka's fixed fields. It sets transfer and service times.
    pub fn size(&self) -> u32 {
        const HEADER: u32 = 24;
        match self {
            Message::Kafka(message) => {
                HEADER
                    + match &message.body {
                        Body::Request(request) => request.size(),
                        Body::Response(response) => response.size(),
                    }
            }
        }
    }
}

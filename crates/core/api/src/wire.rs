//! A message as the bytes of a frame: its length, the header, the body in the version that the table has for it, with a span for
//! each field. It is for whoever looks: nothing in the model travels as bytes, and sizes that set transfer times stay
//! `Message::size`. Kafka: `RequestHeader`, `ResponseHeader` and the generated `*RequestData` and `*ResponseData`.
//!
//! Only those APIs are here whose bytes follow from what our structs hold. An answer of CreateTopics names a topic's
//! settings, which ours does not; administration and the controllers' own APIs are not laid out.

mod answered;
mod asked;

use crate::{ApiKey, Body, KafkaMessage, Version};
use bytes::Bytes;
use schema::{FieldSpan, Schema, SchemaError, Value, encode, explain};
use std::sync::LazyLock;

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(|| Schema::parse(include_str!("../schemas/wire.txt")));

/// The bytes with what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub bytes: Bytes,
    /// Every byte is in one of them, in their order.
    pub spans: Vec<FieldSpan>,
}

/// The schema of a request's or an answer's body, by Kafka's name of it: `ProduceRequest`.
pub fn body_schema(name: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.name == name)
}

/// The message as it would lie on a connection, with its length in front. `None`: this kind is not laid out, or a version
/// travels that the structs do not have.
pub fn frame(message: &KafkaMessage) -> Option<Frame> {
    if message.version != Version::Spoken {
        return None;
    }
    let (api, body) = match &message.body {
        Body::Request(request) => (request.api_key(), asked::body(request)?),
        Body::Response(response) => (response.api_key(), answered::body(response)?),
    };
    let mut parts = Parts::default();
    let suffix = match &message.body {
        Body::Request(_) => {
            parts.number("requestApiKey", &(api as i16).to_be_bytes(), i64::from(api as i16));
            parts.number("requestApiVersion", &api.row().spoken.to_be_bytes(), i64::from(api.row().spoken));
            parts.number("correlationId", &message.correlation_id.to_be_bytes(), i64::from(message.correlation_id));
            parts.client_id(&message.client_id);
            parts.no_tags();
            "Request"
        }
        Body::Response(_) => {
            parts.number("correlationId", &message.correlation_id.to_be_bytes(), i64::from(message.correlation_id));
            // Whoever asks for versions does not know yet which form answers have (KIP-511).
            if api != ApiKey::ApiVersions {
                parts.no_tags();
            }
            "Response"
        }
    };
    let schema = body_schema(&format!("{}{suffix}", api.name()))?;
    parts.body(schema, api.row().spoken, &body).ok().map(|()| parts.framed())
}

/// Bytes so far.
#[derive(Default)]
struct Parts {
    bytes: Vec<u8>,
    spans: Vec<FieldSpan>,
}

impl Parts {
    fn put(&mut self, path: &str, bytes: &[u8], text: String) {
        let (start, length) = (self.bytes.len() as u32, bytes.len() as u32);
        self.bytes.extend_from_slice(bytes);
        self.spans.push(FieldSpan { path: path.to_owned(), start, length, text });
    }

    fn number(&mut self, path: &str, bytes: &[u8], value: i64) {
        self.put(path, bytes, value.to_string());
    }

    /// Not compact, unlike all other texts of a flexible version: a server reads it before it knows more (KIP-482).
    fn client_id(&mut self, id: &str) {
        self.number("clientId (length)", &(id.len() as i16).to_be_bytes(), id.len() as i64);
        self.put("clientId", id.as_bytes(), format!("\"{id}\""));
    }

    fn no_tags(&mut self) {
        self.put("tagged fields of the header", &[0], "0".to_owned());
    }

    fn body(&mut self, schema: &Schema, version: i16, value: &Value) -> Result<(), SchemaError> {
        let bytes = encode(schema, version, value)?;
        let explained = explain(schema, version, &bytes);
        let behind = self.bytes.len() as u32;
        self.spans.extend(explained.spans.into_iter().map(|span| FieldSpan { start: span.start + behind, ..span }));
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    /// With its length in front, which does not count itself.
    fn framed(self) -> Frame {
        let length = self.bytes.len() as i32;
        let size = FieldSpan { path: "size".to_owned(), start: 0, length: 4, text: length.to_string() };
        let behind = self.spans.into_iter().map(|span| FieldSpan { start: span.start + 4, ..span });
        let spans = std::iter::once(size).chain(behind).collect();
        Frame { bytes: [&length.to_be_bytes()[..], &self.bytes].concat().into(), spans }
    }
}

/// Parts of several topics, as Kafka groups them: each topic once, in the order in which it comes first.
fn by_topic<T, K: PartialEq + Clone + Into<Value>>(
    parts: &[T],
    topic: impl Fn(&T) -> K,
    part: impl Fn(&T) -> Value,
    (name, list): (&'static str, &'static str),
) -> Value {
    let mut topics: Vec<(K, Vec<Value>)> = Vec::new();
    for each in parts {
        let key = topic(each);
        match topics.iter_mut().find(|(known, _)| *known == key) {
            Some((_, parts)) => parts.push(part(each)),
            None => topics.push((key, vec![part(each)])),
        }
    }
    topics.into_iter().map(|(key, parts)| Value::record().with(name, key).with(list, parts)).collect()
}

/// Who leads, where a request went to the wrong one.
fn leader(hint: Option<crate::LeaderIdAndEpoch>) -> Option<Value> {
    hint.map(|hint| Value::record().with("leaderId", hint.leader).with("leaderEpoch", hint.epoch))
}

/// Where those leaders listen.
fn endpoints(endpoints: &[(base::BrokerId, base::Endpoint)]) -> Value {
    let node = |(id, at): &(base::BrokerId, base::Endpoint)| {
        Value::record().with("nodeId", *id).with("host", at.host.clone()).with("port", i32::from(at.port))
    };
    endpoints.iter().map(node).collect()
}

//! What can travel on a connection: requests and answers as plain structs.
//!
//! A [`Message`] is a protocol family, an api version, a correlation id and a body. Bodies hold
//! typed fields, never wire bytes: frames on real sockets are another crate's business. Fields
//! follow Kafka's message definitions (`clients/src/main/resources/common/message`, 4.3.0); fields
//! that no modelled feature reads are left out. Nothing here decides anything.

mod admin;
mod body;
mod cluster;
mod features;
mod fetch;
mod groups;
mod looking;
mod message;
mod metadata;
mod produce;
mod quorum;
mod removing;
mod serving;
mod table;
pub mod wire;

pub use admin::*;
pub use body::{Refusal, RequestBody, ResponseBody};
pub use cluster::*;
pub use features::{FEATURES_4_3_0, FeatureRange};
pub use fetch::*;
pub use groups::*;
pub use looking::*;
pub use message::{
    Body, EnvelopeRequest, EnvelopeResponse, Incoming, KafkaMessage, Message, MessageKind, OtherMessage,
};
pub use metadata::*;
pub use produce::*;
pub use quorum::*;
pub use removing::*;
pub use serving::{
    ApiVersionRange, ApiVersionsRequest, ApiVersionsResponse, FeatureLevels, Finalized, Listener, Version, api_keys,
};
pub use table::{ApiKey, ApiRow, Request, Response, Served};

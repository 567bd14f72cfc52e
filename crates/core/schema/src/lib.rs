//! One compact schema language for Kafka's messages and records, and the one codec that reads and
//! writes them. A schema is a few lines of text (`schemas/*.txt`) in the spirit of Kafka's message
//! JSON files: fields in order, types, version ranges, tags and defaults; plain and flexible
//! encodings (KIP-482).
//!
//! It knows bytes, not meaning: what a record *does* is the business of `metadata`, `coordinator`
//! and `client`. Hostile bytes cost an error, never a panic and never more memory than a small
//! multiple of the input.

mod decode;
mod encode;
mod error;
mod parse;
mod schema;
mod value;

pub mod consumer_protocol;
pub mod control;
pub mod metadata;
pub mod offsets;

pub use decode::{Explanation, FieldSpan, decode, decode_prefixed, explain};
pub use encode::{encode, encode_prefixed, size};
pub use error::SchemaError;
pub use schema::{Field, Kind, Schema, Versions};
pub use value::{FromValue, Value};

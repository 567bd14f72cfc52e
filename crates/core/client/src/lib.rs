//! Producer, consumer and admin as pure state machines: what a client application and its client
//! library do together, one process each. Kafka: `KafkaProducer` and `Sender`, `KafkaConsumer` with
//! the classic group protocol, `KafkaAdminClient`, all over `NetworkClient`.
//!
//! A client knows endpoints and learns the rest from Metadata answers; it believes them until told
//! otherwise. Nothing here looks into a broker.

pub mod assignor;
pub mod log;
pub mod network;
pub mod partitioner;

pub mod admin;
pub mod consumer;
pub mod producer;

mod in_order;
mod settings;
mod subscription;
#[cfg(test)]
mod testing;
pub use admin::Admin;
pub use consumer::Consumer;
pub use producer::Producer;
pub use settings::{Unusable, check_consumer, check_producer};

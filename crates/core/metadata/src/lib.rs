//! The metadata log's records and the image that replaying them builds (KIP-500, KIP-631).
//!
//! [`MetadataRecord`] is one record, typed; [`codec`] turns it into Kafka's own bytes and back.
//! [`Image`] is what the records add up to, and [`Image::apply`] is the only thing that writes it:
//! the controller applies records as it decides, brokers as they commit, and both reach the same
//! image. Nothing here decides anything; that is the controller's business.

pub mod codec;
mod describe;
mod image;
mod partition;
mod record;
pub mod topic_name;
mod write;

pub use image::{BrokerRegistration, Image, ImageWitness, TopicImage};
pub use partition::PartitionRegistration;
pub use record::{
    BrokerRegistrationChange, ConfigChange, MetadataRecord, PartitionChange, PartitionRecord, RegisterBroker, feature,
};

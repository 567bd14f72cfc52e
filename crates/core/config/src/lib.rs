//! Every Kafka setting by its real name: type, default of a [`Release`], valid values and Kafka's own
//! complaint about a bad one; and the settings that the model honours, resolved once into structs of
//! numbers and [`base::Span`]s.
//!
//! Names and rules are Kafka's `ConfigDef`s as data (`table/*.txt`). What a setting *does* is the
//! business of the role that reads it; whether it is honoured, refused or without effect stands in the same tables
//! ([`Support`]). Of the settings about security there is only the protocol.

pub mod application;
mod broker;
mod check;
mod client;
mod describe;
mod error;
mod java;
mod key;
mod listeners;
mod partitioner;
mod release;
mod support;
mod table;
mod topic;
mod values;

pub use application::{AppSetting, ProducerApplication, Sending};
pub use broker::{BrokerConfig, ControllerConfig, GroupCoordinatorConfig, QuorumConfig, ReplicationConfig};
pub use check::validate_all;
pub use client::{
    Acks, AdminConfig, AutoOffsetReset, ConsumerConfig, IsolationLevel, ProducerConfig, Reconnect, Retry,
};
pub use describe::{Complaint, Described};
pub use error::ConfigError;
pub use java::host_and_port;
pub use key::{ConfigKey, EmptyList, Kind, Parsed, Preset, Scope, UpdateMode, Valid};
pub use listeners::{Beside, BrokerListener, BrokerListeners, LISTENER_SETTINGS};
pub use partitioner::PartitionerClass;
pub use release::{Feature, Release};
pub use support::{Lack, NotModelled, Support, not_modelled};
pub use table::{key, keys};
pub use topic::{CleanupPolicy, CompressionType, TimestampType, TopicConfig};
pub use values::Overrides;

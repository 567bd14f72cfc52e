//! The broker role: partitions and their ISRs, produce and fetch, waiting requests, replica fetchers,
//! the broker's life within its cluster, and which request goes where.
//!
//! [`Broker`] learns of leadership from the metadata log alone. It decides nothing about the cluster;
//! that is the controller's business, which it asks. Groups live in the crate `coordinator`. Kafka:
//! `KafkaApis`, `ReplicaManager`, `Partition`, `BrokerLifecycleManager`, `ReplicaFetcherThread`.

mod api_versions;
#[cfg(test)]
mod bench;
mod broker;
mod checkpoints;
mod config_answers;
mod controller_lines;
mod fetch_session;
mod groups;
mod hints;
mod lifecycle;
mod looking;
mod metadata_answers;
mod offsets;
mod on_disk;
pub mod partition;
mod publishing;
mod purgatories;
mod purgatory;
mod replica_fetcher;
mod replica_fetchers;
mod replicas;
mod timer;
mod topic_deltas;
mod view;
mod wires;

pub use broker::Broker;
pub use fetch_session::{FetchSession, FetchSessions, ParkedFetch, Watched};
pub use lifecycle::{BrokerState, Lifecycle};
pub use on_disk::{StoredLog, is_about_logs, on_disk};
pub use partition::{FollowerState, LeaderState, Partition, RemoteReplica, Role};
pub use port::ChannelKind;
pub use purgatory::{DelayedPart, DelayedProduce, ProducePurgatory};
pub use replica_fetcher::{FetchStatus, Fetcher, Followed};
pub use replicas::Partitions;
pub use timer::Timer;

//! The broker role: partitions and their ISRs, produce and fetch, waiting requests, replica fetchers,
//! the broker's life within its cluster, and which request goes where.
//!
//! [`Broker`] learns of leadership from the metadata log alone. It decides nothing about the cluster;
//! that is the controller's business, which it asks. Groups live in the crate `coordinator`. Kafka:
//! `KafkaApis`, `ReplicaManager`, `Partition`, `BrokerLifecycleManager`, `ReplicaFetcherThread`.

mod alter_partition;
mod api_versions;
mod broker;
mod checkpoints;
mod controller_channel;
mod fetch;
mod fetch_session;
mod fetcher;
mod fetcher_answers;
mod forwarding;
mod groups;
mod lifecycle;
mod lines;
mod metadata_answers;
mod offsets;
mod on_disk;
pub mod partition;
mod produce;
mod producer_ids;
mod publishing;
mod purgatory;
mod timer;
mod topic_deltas;
mod upkeep;

pub use alter_partition::AlterPartitions;
pub use broker::{Broker, Partitions};
pub use controller_channel::{ControllerChannel, ControllerChannels, Purpose};
pub use fetch_session::{FetchSession, FetchSessions, ParkedFetch, Watched};
pub use fetcher::{FetchStatus, Fetcher, Followed};
pub use forwarding::{Forwarded, ForwardedFor, Forwarding};
pub use lifecycle::{BrokerState, Lifecycle};
pub use lines::Asked;
pub use on_disk::{StoredLog, is_about_logs, on_disk};
pub use partition::{FollowerState, LeaderState, Partition, RemoteReplica, Role};
pub use port::ChannelKind;
pub use producer_ids::ProducerIds;
pub use purgatory::{DelayedPart, DelayedProduce, ProducePurgatory};
pub use timer::Timer;

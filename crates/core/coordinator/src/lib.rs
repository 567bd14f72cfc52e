//! The group coordinator: classic consumer groups and committed offsets (semantics §12, §15).
//!
//! A [`GroupCoordinator`] answers for the partitions of `__consumer_offsets` that its broker leads.
//! Every durable change is a real record of that topic: the coordinator asks for it to be appended,
//! and answers when it is committed. A coordinator that loads the same log reaches the same groups,
//! generations and offsets. How that is done for any coordinator is in [`runtime`]; [`Groups`] is the one
//! that stands on it. Who computes assignments? The clients; here they are only bytes.
//!
//! Kafka: `GroupCoordinatorService`, `GroupMetadataManager`, `ClassicGroup`,
//! `OffsetMetadataManager` (4.3.0). Offsets do not expire yet.

mod config;
mod coordinator;
mod describe;
mod group;
mod groups;
mod image;
mod join;
mod member;
mod offsets;
mod partition;
mod rebalance;
mod records;
mod removal;
pub mod runtime;
mod sync;
mod turn;
mod verify;

pub use crate::config::GroupConfig;
pub use coordinator::{GroupCoordinator, GroupRequest};
pub use describe::{CLIENT_HOST, state_name};
pub use group::ClassicGroup;
pub use groups::Groups;
pub use image::{GroupImage, GroupMetadata, GroupOffsets, GroupRecord, MemberMetadata};
pub use join::{JOIN_GROUP_VERSION, JoinCall};
pub use member::Member;
pub use offsets::CommittedOffset;
pub use partition::{kafka_abs, partition_for};
pub use removal::unknown_partitions;
pub use turn::{GroupTimer, Parked};

/// One partition of `__consumer_offsets` with its groups.
pub type Shard = runtime::Shard<Groups>;

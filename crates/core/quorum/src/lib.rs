//! The quorum: KRaft election with pre-vote, and replication of the metadata log.
//!
//! A [`Quorum`] is one node's part in it, as a voter (a controller) or as an observer (a broker that
//! only fetches). It decides who leads, keeps the log the same on all nodes and says which records are
//! committed. What the records mean, and what an active controller does, is not known here. Who votes
//! is part of its state; nothing changes it yet after a start ([`VoterSet`]). Kafka: `KafkaRaftClient`, `QuorumState`
//! (KIP-595, KIP-996).

mod committed;
mod describe;
mod election_state;
mod follower;
mod leader;
mod leader_state;
mod metadata_log;
mod peers;
mod quorum;
mod role;
mod seen;
mod serve_fetch;
mod settings;
mod transitions;
mod verify;
mod vote;
mod voters;

pub use committed::{CommittedRecord, QuorumOutput};
pub use election_state::ElectionState;
pub use leader_state::{FetchOutcome, LeaderState, ReplicaProgress};
pub use metadata_log::{METADATA_DIRECTORY, MetadataLog};
pub use quorum::{Membership, Quorum, QuorumTimer};
pub use role::{FollowerState, ResignedState, Role, Votes};
pub use settings::QuorumSettings;
pub use voters::VoterSet;

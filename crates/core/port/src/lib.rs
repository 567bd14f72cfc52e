//! Where a state machine meets its world: events in, effects out, a disk, and facts for whoever
//! watches. Nothing here decides anything, and no clock, socket or file is touched.

mod application;
mod ask;
mod compact;
mod context;
mod event;
mod fact;
mod fact_kind;
mod fact_reason;
mod kafka_fact;
mod memory_store;
mod metadata_batch;
mod other;
mod owner;
mod process_config;
mod squeeze;
mod store;
mod switches;

pub use api::Listener;
pub use application::{ConsumerCall, CrashAt, OnFailedWrite, Row, RowId, SeekTo, StoreCondition, Writing, Written};
pub use ask::{
    Act, Ask, ClusterTold, ConfigsOf, GroupDetail, GroupFound, GroupListed, GroupOffsetTold, GroupTold, LogDirFound,
    LogDirTold, MemberTold, NewOffset, NodeTold, OffsetTold, Part, PartitionTold, QuorumReplicaTold, QuorumTold,
    ReadFrom, ReplicaSize, ResetNote, ResetTo, ResetTold, Said, Told, TopicFound, TopicTold, Touches, VersionsFound,
    VersionsTold, Which,
};
pub use compact::Compact;
pub use context::{Cx, Outbox, ReplyTo, Work};
pub use event::{CloseReason, Effect, Event, Served, Stored};
pub use fact::{Fact, FenceReason, GroupState, LeaveReason, OtherFact, QuorumRole, RecordRef, WorldFact};
pub use fact_reason::{BatchClosing, ChangeCause, Chosen, CutWay, PositionLoss};
pub use kafka_fact::KafkaFact;
pub use memory_store::{MemoryStore, Pool, Size};
pub use metadata_batch::{METADATA_BATCH_MAX, fits_metadata_batch, metadata_records_size};
pub use other::{Family, OtherProcess, OtherSetup};
pub use owner::{BrokerLine, ChannelKind, ClientNode, Owner};
pub use process_config::{
    AdminSetup, ClientSetup, ConsumerSetup, Feature, KafkaRequest, KafkaSetup, KeyPattern, Listeners, NodeSetup,
    OperatorAnswer, OperatorRequest, ProcessConfig, ProducerSetup, Refuser, Roles, Stays, TopicPolicy, Voter,
};
pub use store::{Extent, FileId, Store, StoreError};
pub use switches::{Mutant, TestSwitches};

//! The words everybody uses: names of things, points in time, error codes, the seeded dice, the
//! digest, the table of timers, ordered maps flat and in blocks, lists in shared runs and the shared pointer. No Kafka
//! behaviour lives here, no clock is read and nothing is random by itself.

mod aside;
mod block_key;
mod block_map;
mod block_set;
mod chain;
mod decimal;
mod digest;
mod error_code;
mod flat;
mod ids;
mod java;
mod meter;
mod order;
mod rng;
mod seldom;
mod shared;
mod time;
mod timers;

pub use aside::Aside;
pub use block_key::BlockKey;
pub use block_map::{BlockMap, BlockWitness};
pub use block_set::BlockSet;
pub use chain::Chain;
pub use decimal::{parse_double, plain_double, scientific_double};
pub use digest::{Digest, StableHasher};
pub use error_code::ErrorCode;
pub use flat::{Entry, FlatMap, FlatSet};
pub use ids::{
    BrokerId, ConnectionId, Endpoint, Endpoints, GroupId, LeaderEpoch, ListenerIndex, Offset, PartitionId, ProcessId,
    ProducerId, Str, TopicId, TopicIdPartition, TopicPartition,
};
pub use java::java_string_hash;
pub use meter::Meter;
pub use order::{sort, sort_by, sort_by_key};
pub use rng::{Draw, Rng};
pub use seldom::Seldom;
pub use shared::{Shared, Witness};
pub use time::{Span, Time, Timestamp};
pub use timers::{TimerKey, TimerTable};

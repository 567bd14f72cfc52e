//! One partition's log: segments in a store, each with its index of batches, leader epochs, producer state,
//! truncation and retention.
//!
//! The log keeps *where*, the [`port::Store`] keeps *what*. It knows nothing of replicas, ISR or
//! connections: who may append, and when a high watermark moves, its owner decides. Compaction and
//! index files are not here. Kafka: `UnifiedLog`, `LocalLog`, `LogSegment`.

mod append;
mod config;
mod divergence;
mod entries;
mod index;
mod leader_epochs;
mod log;
mod lookup;
mod open;
mod packed_entries;
mod producer_entry;
mod producers;
mod read;
mod read_error;
mod retention;
mod segment;
mod snapshot;
mod sparse;
mod truncate;
mod validate;

pub use append::{AppendInfo, AppendOptions, AppendOutcome};
pub use config::LogConfig;
pub use divergence::{DivergingEpoch, TruncationStep, diverging_epoch, truncation_step};
pub use index::BatchEntry;
pub use leader_epochs::{EpochEndOffset, EpochEntry, LeaderEpochCache};
pub use log::Log;
pub use lookup::TimestampAndOffset;
pub use open::{LogSetup, Shutdown};
pub use producer_entry::{BatchMetadata, ProducerEntry};
pub use producers::{
    AppendOrigin, CompletedTransaction, Marker, ProducerAppend, ProducerState, ProducerVerdict, Verification,
};
pub use read::{FetchData, FirstBatch, ReadLimits};
pub use read_error::ReadError;
pub use segment::Segment;
pub use sparse::{IndexEntry, LookUp};

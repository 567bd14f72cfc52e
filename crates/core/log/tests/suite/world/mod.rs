//! A disk with one log on it, and batches to write.

use base::{LeaderEpoch, Offset, Timestamp};
use log::{Log, LogConfig, LogSetup, Shutdown};
use port::MemoryStore;
use records::{Batch, BatchBuilder, NewRecord};

#[derive(Default)]
pub struct Disk {
    pub store: MemoryStore,
    pub config: LogConfig,
}

impl Disk {
    /// Opens the log after an unclean stop, the checkpoints at 0.
    pub fn open(&mut self) -> Log {
        self.open_with(Shutdown::Unclean)
    }

    pub fn open_with(&mut self, shutdown: Shutdown) -> Log {
        let setup = LogSetup { shutdown, ..setup(self.config.clone()) };
        Log::open(&mut self.store, setup).expect("memory does not fail")
    }
}

/// After an unclean stop, the checkpoints at 0.
pub fn setup(config: LogConfig) -> LogSetup {
    LogSetup {
        directory: "orders-1".into(),
        config,
        log_start: Offset::ZERO,
        high_watermark: Offset::ZERO,
        shutdown: Shutdown::Unclean,
        wall: Timestamp(0),
    }
}

pub fn record(timestamp: Timestamp) -> NewRecord {
    NewRecord { timestamp, key: Some("key".into()), value: Some("value".into()), headers: Vec::new() }
}

/// A replicated batch of `count` records.
pub fn data(base_offset: i64, epoch: i32, count: u32) -> Batch {
    let mut builder = BatchBuilder::new().at(Offset(base_offset), LeaderEpoch(epoch));
    for _ in 0..count {
        builder.append(&record(Timestamp(1_000)));
    }
    builder.build()
}

/// What a producer sends: `count` records that begin at 0, all of one time.
pub fn sent(count: u32, timestamp: i64) -> Batch {
    let mut builder = BatchBuilder::new();
    for _ in 0..count {
        builder.append(&record(Timestamp(timestamp)));
    }
    builder.build()
}

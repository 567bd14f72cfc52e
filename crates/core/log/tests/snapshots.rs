//! Producers outlive cuts and restarts in snapshots: whatever is done to a log, it knows of each producer what a walk
//! over all its batches says, and has read only what lies behind the newest snapshot.

mod world;

use base::{Draw, LeaderEpoch, Offset, ProducerId, Rng, Str, Timestamp};
use bytes::Bytes;
use log::{
    AppendOptions, AppendOrigin, BatchMetadata, Log, LogConfig, LogSetup, ProducerAppend, ProducerState, Shutdown,
};
use port::{Extent, FileId, MemoryStore, Store, StoreError};
use records::{Batch, BatchBuilder, ControlType, EndTransactionMarker};
use std::cell::Cell;
use world::record;

/// A disk that counts what is read of its files.
#[derive(Default)]
struct Counting {
    inner: MemoryStore,
    reads: Cell<u32>,
}

impl Store for Counting {
    fn open(&mut self, name: &str) -> Result<FileId, StoreError> {
        self.inner.open(name)
    }
    fn list(&self, prefix: &str) -> Vec<Str> {
        self.inner.list(prefix)
    }
    fn exists(&self, name: &str) -> bool {
        self.inner.exists(name)
    }
    fn len(&self, file: FileId) -> Result<u64, StoreError> {
        self.inner.len(file)
    }
    fn append(&mut self, file: FileId, pieces: &[Bytes]) -> Result<Extent, StoreError> {
        self.inner.append(file, pieces)
    }
    fn read(&self, extent: Extent) -> Result<Bytes, StoreError> {
        self.reads.set(self.reads.get() + 1);
        self.inner.read(extent)
    }
    fn truncate(&mut self, file: FileId, length: u64) -> Result<(), StoreError> {
        self.inner.truncate(file, length)
    }
    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        self.inner.remove(name)
    }
    fn replace(&mut self, name: &str, content: Bytes) -> Result<(), StoreError> {
        self.inner.replace(name, content)
    }
    fn content(&self, name: &str) -> Option<Bytes> {
        self.inner.content(name)
    }
    fn flush(&mut self, file: FileId) -> Result<(), StoreError> {
        self.inner.flush(file)
    }
}

const BATCHES_PER_SEGMENT: u32 = 10;

fn open(store: &mut dyn Store) -> Log {
    let size = batch(ProducerId(1), 0, 0).build().size();
    let config =
        LogConfig { segment_bytes: i64::from(size * BATCHES_PER_SEGMENT), retention_bytes: 0, ..LogConfig::default() };
    let setup = LogSetup {
        directory: "orders-1".into(),
        config,
        log_start: Offset::ZERO,
        high_watermark: Offset::ZERO,
        shutdown: Shutdown::Unclean,
        wall: Timestamp(0),
    };
    Log::open(store, setup).expect("memory does not fail")
}

fn batch(producer: ProducerId, epoch: i16, sequence: i32) -> BatchBuilder {
    BatchBuilder::new().producer(producer, epoch, sequence).record(&record(Timestamp(1_000)))
}

fn append(log: &mut Log, store: &mut dyn Store, batch: &Batch) {
    let options = AppendOptions::new(AppendOrigin::Coordinator, Timestamp(1_000));
    log.append_as_leader(store, batch, LeaderEpoch(0), options).expect("a sound batch");
}

/// Epochs, the last batch but its time, where a transaction began: all that a snapshot keeps (it has one time per
/// producer, which a marker moves too).
type Known = (ProducerId, i16, i32, Timestamp, Option<Offset>, Option<BatchMetadata>);

fn known(state: &ProducerState) -> Vec<Known> {
    let of = |(id, entry): (ProducerId, &log::ProducerEntry)| {
        let last = entry.batches.last().map(|last| BatchMetadata { timestamp: Timestamp(-1), ..*last });
        (id, entry.epoch, entry.coordinator_epoch, entry.last_timestamp, entry.transaction_start, last)
    };
    state.producers().map(of).collect()
}

/// The model: all batches, from the first on.
fn walked(log: &Log, store: &dyn Store) -> ProducerState {
    let mut state = ProducerState::default();
    for batch in log.replay(store, Offset::ZERO) {
        if let Some(append) = ProducerAppend::of(&batch.expect("readable"), 0).expect("sound") {
            state.apply(&append);
        }
    }
    state
}

fn write_something(log: &mut Log, store: &mut dyn Store, rng: &mut Rng) {
    let producer = ProducerId(i64::from(rng.below(4)));
    let entry = log.producers().entry(producer);
    let (epoch, open) = entry.map_or((0, false), |entry| (entry.epoch.max(0), entry.transaction_start.is_some()));
    let sequence = entry.map_or(0, |entry| entry.last_sequence() + 1);
    let batch = match rng.below(12) {
        0 if open => {
            let value = EndTransactionMarker { coordinator_epoch: 5 }.to_bytes();
            let kind = if rng.below(2) == 0 { ControlType::Commit } else { ControlType::Abort };
            BatchBuilder::new().producer(producer, epoch, -1).transactional().control(kind, value, Timestamp(7)).build()
        }
        1 if !open => batch(producer, epoch + 1, 0).build(),
        _data if open || rng.below(8) == 0 => batch(producer, epoch, sequence).transactional().build(),
        _data => batch(producer, epoch, sequence).build(),
    };
    append(log, store, &batch);
}

#[test]
fn a_log_knows_its_producers_as_a_walk_over_all_batches_does() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed, 11);
        let mut store = MemoryStore::new();
        let mut log = open(&mut store);
        for step in 0..400 {
            match rng.below(40) {
                0 => {
                    let to = Offset(rng.below_u64(log.log_end().0 as u64 + 1) as i64);
                    log.truncate_to(&mut store, to).expect("memory does not fail");
                }
                1 => log = open(&mut store),
                2 => {
                    store.power_off(&mut rng);
                    log = open(&mut store);
                }
                3 => log.roll(&mut store, Timestamp(0)).expect("memory does not fail"),
                _writes => write_something(&mut log, &mut store, &mut rng),
            }
            assert_eq!(known(log.producers()), known(&walked(&log, &store)), "seed {seed}, step {step}");
        }
    }
}

#[test]
fn a_cut_reads_the_batches_behind_the_newest_snapshot_only() {
    let mut store = Counting::default();
    let mut log = open(&mut store);
    for sequence in 0..1_000 {
        append(&mut log, &mut store, &batch(ProducerId(1), 0, sequence).build());
    }
    store.reads.set(0);
    log.truncate_to(&mut store, Offset(995)).expect("memory does not fail");
    assert_eq!(store.reads.get(), 995 % BATCHES_PER_SEGMENT, "all 995 were read before there were snapshots");
    assert_eq!(log.producers().entry(ProducerId(1)).map(|entry| entry.last_sequence()), Some(994));
}

#[test]
fn a_damaged_snapshot_costs_reading_only() {
    let mut store = MemoryStore::new();
    let mut log = open(&mut store);
    for sequence in 0..25 {
        append(&mut log, &mut store, &batch(ProducerId(1), 0, sequence).build());
    }
    let name = "orders-1/00000000000000000020.snapshot";
    let sound = store.content(name).expect("written when the segment was rolled");
    store.replace(name, sound.slice(1..)).expect("memory does not fail");
    assert_eq!(known(open(&mut store).producers()), known(log.producers()));
}

#[test]
fn deleted_records_are_remembered_until_the_log_is_opened_anew() {
    let mut store = MemoryStore::new();
    let mut log = open(&mut store);
    for sequence in 0..20 {
        append(&mut log, &mut store, &batch(ProducerId(1), 0, sequence).build());
    }
    for sequence in 0..5 {
        append(&mut log, &mut store, &batch(ProducerId(2), 0, sequence).build());
    }
    log.raise_high_watermark(log.log_end());
    assert_eq!(log.delete_old_segments(&mut store, Timestamp(1_000)), Ok(3));
    assert!(log.producers().entry(ProducerId(1)).is_some());
    let snapshots =
        |store: &MemoryStore| store.list("orders-1/").iter().filter(|name| name.ends_with(".snapshot")).count();
    assert_eq!(snapshots(&store), 1, "they go with their segments");
    // Kafka drops the one at the log start as well.
    let log = open(&mut store);
    assert_eq!((log.producers().producers().count(), snapshots(&store)), (0, 0));
}

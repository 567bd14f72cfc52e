//! Producers outlive cuts and restarts in snapshots, and what lies behind the newest is all that is read for them. That
//! they are those of a walk over all batches is shown in `model.rs`.

use crate::world;

use base::{LeaderEpoch, Offset, ProducerId, Str, Timestamp};
use bytes::Bytes;
use log::{AppendOptions, AppendOrigin, Log, LogConfig};
use port::{Extent, FileId, MemoryStore, Store, StoreError};
use records::{Batch, BatchBuilder};
use std::cell::Cell;
use world::{record, setup};

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
    fn rename(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        self.inner.rename(from, to)
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
    Log::open(store, setup(config)).expect("memory does not fail")
}

fn batch(producer: ProducerId, epoch: i16, sequence: i32) -> BatchBuilder {
    BatchBuilder::new().producer(producer, epoch, sequence).record(&record(Timestamp(1_000)))
}

fn append(log: &mut Log, store: &mut dyn Store, batch: &Batch) {
    let options = AppendOptions::new(AppendOrigin::Coordinator, Timestamp(1_000));
    log.append_as_leader(store, batch, LeaderEpoch(0), options).expect("a sound batch");
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
    let last = |log: &Log| log.producers().entry(ProducerId(1)).and_then(|entry| entry.batches.last().copied());
    assert!(last(&log).is_some());
    assert_eq!(last(&open(&mut store)), last(&log));
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

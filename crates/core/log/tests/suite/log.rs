//! A log's rules one by one: rolling, reopening after a torn write, retention, lookups, what is refused. Whatever is
//! done in a row is in `model.rs`.

use crate::world;

use base::{Digest, ErrorCode, LeaderEpoch, Offset, ProcessId, ProducerId, Rng, Timestamp};
use bytes::Bytes;
use log::{AppendOptions, AppendOrigin, AppendOutcome, FirstBatch, IndexEntry, Log, ReadError, ReadLimits, Shutdown};
use port::{Store, StoreError};
use records::{Batch, BatchBuilder, Compression, Trace};
use world::{Disk, data, record, sent};

const EPOCH: LeaderEpoch = LeaderEpoch(3);

fn client(wall: i64) -> AppendOptions {
    AppendOptions::new(AppendOrigin::Client, Timestamp(wall))
}

fn append(disk: &mut Disk, log: &mut Log, batch: &Batch) -> log::AppendInfo {
    log.append_as_leader(&mut disk.store, batch, EPOCH, client(1_000)).expect("a sound batch")
}

fn everything(up_to: Offset) -> ReadLimits {
    ReadLimits { max_bytes: u64::MAX, up_to, first_batch: FirstBatch::Always }
}

/// Offsets of all batches, read segment by segment as a follower would.
fn bases(disk: &Disk, log: &Log) -> Vec<i64> {
    let mut found = Vec::new();
    let mut from = log.log_start();
    while from < log.log_end() {
        let data = log.read(&disk.store, from, everything(log.log_end())).expect("readable");
        found.extend(data.batches.iter().map(|batch| batch.base_offset().0));
        from = data.batches.last().expect("no gap up to the log end").next_offset();
    }
    found
}

fn out_of_range(asked: i64, start: i64, end: i64) -> ReadError {
    ReadError::OutOfRange { asked: Offset(asked), start: Offset(start), end: Offset(end) }
}

/// A disk whose segments hold three of `sent(2, …)`.
fn small_segments() -> Disk {
    let mut disk = Disk::default();
    disk.config.segment_bytes = i64::from(sent(2, 0).size()) * 3;
    disk
}

#[test]
fn a_leader_places_batches_and_a_follower_takes_them_as_they_are() {
    let (mut disk, mut other) = (Disk::default(), Disk::default());
    let (mut leader, mut follower) = (disk.open(), other.open());
    let trace = Some(Trace { producer: ProcessId(1), indexes: [5, 6].into() });
    append(&mut disk, &mut leader, &sent(3, 900));
    let info = append(&mut disk, &mut leader, &sent(2, 900).with_trace(trace.clone()));
    assert_eq!((info.first_offset, info.last_offset, info.outcome), (Offset(3), Offset(4), AppendOutcome::Appended));
    let data = leader.read(&disk.store, Offset(1), everything(leader.log_end())).expect("readable");
    assert_eq!(data.batches.len(), 2, "the first batch begins before the offset asked for");
    for batch in &data.batches {
        Batch::verify(batch.bytes()).expect("the checksum holds after patching");
        follower.append_as_follower(&mut other.store, batch, EPOCH, Timestamp(0)).expect("in order");
    }
    assert_eq!(data.batches[1].trace(), trace.as_ref());
    let copy = follower.read(&other.store, Offset(0), everything(follower.log_end())).expect("readable");
    assert_eq!(copy, data);
    assert_eq!(copy.batches[1].trace(), trace.as_ref(), "the trace outlives replication");
    assert_eq!(follower.epochs().entries(), leader.epochs().entries());
    let again = follower.append_as_follower(&mut other.store, &data.batches[0], EPOCH, Timestamp(0));
    assert_eq!(again, Err(ErrorCode::OffsetOutOfRange));
    let later = world::data(5, 4, 1);
    let ignored = follower.append_as_follower(&mut other.store, &later, EPOCH, Timestamp(0)).expect("no error");
    assert_eq!((ignored.outcome, follower.log_end()), (AppendOutcome::Ignored, Offset(5)));
}

#[test]
fn large_batches_travel_without_being_copied() {
    let (mut disk, mut other) = (Disk::default(), Disk::default());
    let (mut leader, mut follower) = (disk.open(), other.open());
    let value = Bytes::from(vec![7; 5_000]);
    let batch =
        BatchBuilder::new().record(&records::NewRecord { value: Some(value), ..record(Timestamp(900)) }).build();
    for _ in 0..3 {
        append(&mut disk, &mut leader, &batch);
    }
    for read in leader.replay(&disk.store, Offset(0)) {
        let read = read.expect("readable");
        assert_eq!(read.payload().as_ptr(), batch.payload().as_ptr());
        assert_eq!(Batch::verify(read.bytes()).as_ref(), Ok(&read));
        assert_eq!(
            (read.size(), read.records()),
            (batch.size(), Batch::verify(read.bytes()).expect("sound").records())
        );
        follower.append_as_follower(&mut other.store, &read, EPOCH, Timestamp(0)).expect("in order");
    }
    let copy: Vec<Batch> = follower.replay(&other.store, Offset(1)).map(|read| read.expect("readable")).collect();
    assert_eq!(copy[0].payload().as_ptr(), batch.payload().as_ptr());
    assert_eq!(copy.iter().map(|batch| batch.base_offset().0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((other.open().log_end(), other.open().size()), (Offset(3), leader.size()));
}

#[test]
fn reads_stop_at_their_bounds() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    let batch = sent(2, 900);
    for _ in 0..4 {
        append(&mut disk, &mut log, &batch);
    }
    let size = u64::from(batch.size());
    let count = |from: i64, max_bytes: u64, up_to: i64, first_batch: FirstBatch| {
        let limits = ReadLimits { max_bytes, up_to: Offset(up_to), first_batch };
        log.read(&disk.store, Offset(from), limits).map(|data| data.batches.len())
    };
    assert_eq!(count(0, size * 2, 8, FirstBatch::WithinLimit), Ok(2));
    assert_eq!(count(0, 1, 8, FirstBatch::WithinLimit), Ok(0));
    assert_eq!(count(0, 1, 8, FirstBatch::Always), Ok(1));
    assert_eq!(count(2, u64::MAX, 6, FirstBatch::Always), Ok(2));
    assert_eq!(count(8, u64::MAX, 8, FirstBatch::Always), Ok(0));
    assert_eq!(count(9, u64::MAX, 8, FirstBatch::Always), Err(out_of_range(9, 0, 8)));
    assert_eq!(log.bytes_between(Offset(2), Offset(8), u64::MAX), size * 3);
    assert!(log.bytes_between(Offset(0), Offset(8), size) >= size);
}

#[test]
fn segments_roll_by_size_and_by_time_and_are_named_by_offset() {
    let mut disk = small_segments();
    disk.config.segment_ms = 500;
    let mut log = disk.open();
    for _ in 0..4 {
        append(&mut disk, &mut log, &sent(2, 900));
    }
    append(&mut disk, &mut log, &sent(2, 1_400));
    append(&mut disk, &mut log, &sent(2, 1_401));
    let starts: Vec<i64> = log.segments().map(|segment| segment.base_offset.0).collect();
    assert_eq!(starts, [0, 6, 10], "three fill a segment; 501 ms after its first batch one is too old");
    assert_eq!(disk.store.list("orders-1/")[1].as_ref(), "orders-1/00000000000000000006.log");
    assert_eq!(bases(&disk, &log), [0, 2, 4, 6, 8, 10]);
}

#[test]
fn truncation_drops_batches_segments_epochs_and_the_high_watermark() {
    let mut disk = small_segments();
    let mut log = disk.open();
    for epoch in 0..4 {
        for _ in 0..2 {
            let placed = data(log.log_end().0, epoch, 2);
            log.append_as_follower(&mut disk.store, &placed, LeaderEpoch(9), Timestamp(0)).expect("in order");
        }
    }
    log.raise_high_watermark(Offset(16));
    let before = log.clone();
    let mut fork = disk.store.clone();
    assert_eq!(log.truncate_to(&mut disk.store, Offset(16)), Ok(false));
    // Offset 5 lies inside the batch 4..=5, which goes as a whole.
    assert_eq!(log.truncate_to(&mut disk.store, Offset(5)), Ok(true));
    assert_eq!((log.log_end(), log.high_watermark(), log.latest_epoch()), (Offset(5), Offset(5), LeaderEpoch(1)));
    assert_eq!(disk.store.list("orders-1/").len(), 1);
    let kept: Vec<i64> = log.batches_from(Offset(0)).map(|entry| entry.base_offset.0).collect();
    assert_eq!(kept, [0, 2]);
    let placed = data(5, 7, 3);
    log.append_as_follower(&mut disk.store, &placed, LeaderEpoch(9), Timestamp(0)).expect("in order");
    assert_eq!(log.log_end(), Offset(8));
    // A snapshot taken earlier has lost nothing.
    let untouched = Disk { store: std::mem::take(&mut fork), config: disk.config.clone() };
    assert_eq!(bases(&untouched, &before), [0, 2, 4, 6, 8, 10, 12, 14]);
}

#[test]
fn beginning_anew_forgets_everything() {
    let mut disk = small_segments();
    let mut log = disk.open();
    for _ in 0..5 {
        append(&mut disk, &mut log, &sent(2, 900));
    }
    log.truncate_fully_and_start_at(&mut disk.store, Offset(100), None).expect("memory does not fail");
    assert_eq!((log.log_start(), log.log_end(), log.high_watermark()), (Offset(100), Offset(100), Offset(100)));
    assert!(log.epochs().entries().is_empty() && log.is_empty() && log.size() == 0);
    assert_eq!(disk.store.list("orders-1/").len(), 1);
    assert_eq!(append(&mut disk, &mut log, &sent(1, 900)).first_offset, Offset(100));
}

#[test]
fn an_unclean_stop_loses_only_what_was_torn() {
    let mut disk = small_segments();
    let mut log = disk.open();
    for round in 0..7 {
        let batch = BatchBuilder::new().producer(ProducerId(8), 0, round).record(&record(Timestamp(900))).build();
        append(&mut disk, &mut log, &batch);
    }
    let whole = disk.open();
    assert_eq!((whole.log_end(), whole.epochs().entries()), (log.log_end(), log.epochs().entries()));
    // Of the batches before the last roll the snapshot kept one only, as Kafka's do.
    let last = |log: &Log| log.producers().entry(ProducerId(8)).and_then(|entry| entry.batches.last().copied());
    assert_eq!((last(&whole), last(&log).map(|last| last.last_sequence)), (last(&log), Some(6)));
    assert_eq!(whole.size(), log.size());

    let file = log.segments().last().expect("has one").file;
    let last = log.batches_from(Offset(6)).next().expect("is there").extent;
    let healthy = disk.store.clone();
    disk.store.truncate(file, last.position + 70).expect("is there");
    let torn = disk.open_with(Shutdown::Clean);
    assert_eq!(torn.log_end(), Offset(6));
    assert_eq!(disk.store.len(file), Ok(last.position), "the torn tail is cut off");

    disk.store = healthy;
    disk.store.truncate(file, last.position).expect("is there");
    let mut garbled = data(6, 3, 1).bytes().to_vec();
    garbled[70] ^= 1;
    disk.store.append(file, &[Bytes::from(garbled)]).expect("memory does not fail");
    assert_eq!(disk.open_with(Shutdown::Unclean).log_end(), Offset(6), "its checksum is wrong");
}

#[test]
fn a_retry_is_recognised_also_after_reopening() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    let batch = BatchBuilder::new().producer(ProducerId(8), 0, 0).record(&record(Timestamp(900))).build();
    append(&mut disk, &mut log, &batch);
    append(&mut disk, &mut log, &sent(2, 900));
    let mut log = disk.open();
    let info = append(&mut disk, &mut log, &batch);
    assert_eq!((info.outcome, info.first_offset, log.log_end()), (AppendOutcome::Duplicate, Offset(0), Offset(3)));
    log.truncate_to(&mut disk.store, Offset(0)).expect("memory does not fail");
    assert_eq!(append(&mut disk, &mut log, &batch).outcome, AppendOutcome::Appended, "it was cut off");
}

#[test]
fn retention_deletes_whole_committed_segments() {
    let mut disk = small_segments();
    let segment = disk.config.segment_bytes;
    disk.config.retention_bytes = segment;
    let mut log = disk.open();
    for _ in 0..12 {
        append(&mut disk, &mut log, &sent(2, 900));
    }
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(1_000)), Ok(0), "nothing is committed");
    log.raise_high_watermark(Offset(10));
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(1_000)), Ok(1));
    assert_eq!((log.log_start(), bases(&disk, &log)[0]), (Offset(6), 6));
    log.raise_high_watermark(Offset(24));
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(1_000)), Ok(2));
    // By time the active segment goes as well, after it is rolled.
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(900 + 604_800_000)), Ok(0), "not yet too old");
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(901 + 604_800_000)), Ok(1));
    assert_eq!((log.log_start(), log.log_end(), log.is_empty()), (Offset(24), Offset(24), true));
    assert_eq!(disk.open().log_end(), Offset(24), "the empty segment's name keeps the offset");
}

#[test]
fn the_log_start_rises_only_over_committed_records() {
    let mut disk = small_segments();
    let mut log = disk.open();
    for _ in 0..6 {
        append(&mut disk, &mut log, &sent(2, 900));
    }
    assert_eq!(log.raise_log_start(Offset(1)), Err(out_of_range(1, 0, 0)), "nothing is committed");
    log.raise_high_watermark(Offset(12));
    assert_eq!((log.raise_log_start(Offset(7)), log.raise_log_start(Offset(3))), (Ok(true), Ok(false)));
    assert_eq!(log.epochs().entries()[0].start, Offset(7));
    assert_eq!(log.read(&disk.store, Offset(6), everything(Offset(12))), Err(out_of_range(6, 7, 12)));
    assert_eq!(log.delete_old_segments(&mut disk.store, Timestamp(0)), Ok(1));
}

#[test]
fn offsets_are_found_by_time() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    for times in [[100, 300], [200, 250], [400, 350]] {
        let [first, second] = times.map(|time| record(Timestamp(time)));
        append(&mut disk, &mut log, &BatchBuilder::new().record(&first).record(&second).build());
    }
    let at = |target| {
        let found = log.offset_for_timestamp(&disk.store, Timestamp(target)).expect("readable");
        found.map(|found| (found.offset.0, found.timestamp.0))
    };
    assert_eq!((at(0), at(101), at(300), at(301)), (Some((0, 100)), Some((1, 300)), Some((1, 300)), Some((4, 400))));
    assert_eq!(at(401), None);
    let latest = log.offset_of_max_timestamp(&disk.store).expect("readable").expect("not empty");
    assert_eq!((latest.offset, latest.leader_epoch), (Offset(4), EPOCH));
}

#[test]
fn a_leader_refuses_unsound_batches() {
    let mut disk = Disk::default();
    disk.config.max_message_bytes = 200;
    let mut log = disk.open();
    let mut answer = |batch: &Batch| log.append_as_leader(&mut disk.store, batch, EPOCH, client(1_000)).err();
    assert_eq!(answer(&sent(20, 900)), Some(ErrorCode::MessageTooLarge));
    assert_eq!(answer(&data(5, 0, 1)), Some(ErrorCode::InvalidRecord), "producers send offset 0");
    assert_eq!(answer(&sent(1, 3_601_001)), Some(ErrorCode::InvalidTimestamp), "an hour ahead");
    assert_eq!(answer(&sent(1, 3_601_000)), None);
    let stamped = sent(1, 900).with_log_append_time(Timestamp(900));
    assert_eq!(answer(&stamped), Some(ErrorCode::InvalidTimestamp));

    disk.config.is_compacting = true;
    disk.config.log_append_time = true;
    let mut log = disk.open();
    let keyless = records::NewRecord { key: None, ..record(Timestamp(1)) };
    let gzip = BatchBuilder::new().compression(Compression::Gzip).expect("is built in");
    let refused = log.append_as_leader(&mut disk.store, &gzip.record(&keyless).build(), EPOCH, client(1_000));
    assert_eq!(refused, Err(ErrorCode::InvalidRecord));
    let info = append(&mut disk, &mut log, &sent(1, 5));
    assert_eq!(info.log_append_time, Some(Timestamp(1_000)));
}

#[test]
fn a_power_off_keeps_what_was_flushed_and_whole_batches_of_the_rest() {
    for seed in 0..40 {
        let mut disk = small_segments();
        let mut log = disk.open();
        for round in 0..11 {
            append(&mut disk, &mut log, &sent(2, 900));
            if round == 6 {
                log.flush(&mut disk.store).expect("memory does not fail");
            }
        }
        assert_eq!(log.recovery_point(), Offset(18), "closing the third segment flushed it");
        disk.store.power_off(&mut Rng::new(seed, 3));
        let left = disk.open();
        assert!(left.log_end() >= Offset(18) && left.log_end() <= Offset(22));
        assert_eq!(bases(&disk, &left).len() as i64 * 2, left.log_end().0);
    }
}

#[test]
fn the_digest_sees_the_log_but_not_the_trace() {
    let digest = |trace: Option<Trace>, count: u32| {
        let mut disk = Disk::default();
        let mut log = disk.open();
        append(&mut disk, &mut log, &sent(count, 900).with_trace(trace));
        Digest::of(&log)
    };
    let trace = Some(Trace { producer: ProcessId(1), indexes: [0].into() });
    assert_eq!(digest(trace, 1), digest(None, 1));
    assert_ne!(digest(None, 1), digest(None, 2));
}

#[test]
fn a_reader_is_told_what_is_wrong_and_a_client_by_kafkas_code() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    append(&mut disk, &mut log, &sent(2, 900));
    append(&mut disk, &mut log, &sent(2, 900));
    let extent = log.batches_from(Offset(2)).next().expect("is there").extent;
    let read = |disk: &Disk| log.read(&disk.store, Offset(2), everything(Offset(4))).expect_err("it cannot be read");
    let tell = |error: ReadError| (error.to_string(), ErrorCode::from(error));

    disk.store.truncate(extent.file, extent.position + 70).expect("is there");
    assert_eq!(read(&disk), ReadError::Store(StoreError::OutOfRange(extent)));
    // Something of the right version, but of another length than it says.
    let mut other = vec![0; extent.length as usize];
    other[16] = 2;
    disk.store.truncate(extent.file, extent.position).expect("is there");
    disk.store.append(extent.file, &[other.into()]).expect("memory does not fail");
    let corrupt = ReadError::Corrupt { base: Offset(2), code: ErrorCode::CorruptMessage };
    assert_eq!(read(&disk), corrupt);
    disk.store.remove("orders-1/00000000000000000000.log").expect("memory does not fail");
    assert_eq!(read(&disk), ReadError::Store(StoreError::NoSuchFile(extent.file)));

    let text = "the batch at offset 2 cannot be read: CORRUPT_MESSAGE";
    assert_eq!(tell(corrupt), (text.to_owned(), ErrorCode::CorruptMessage));
    let text = "offset 9 is out of range: the log reaches from 0 to 4";
    assert_eq!(tell(out_of_range(9, 0, 4)), (text.to_owned(), ErrorCode::OffsetOutOfRange));
    assert_eq!(tell(read(&disk)), ("no file 0".to_owned(), ErrorCode::KafkaStorageError));
}

#[test]
fn a_file_that_was_to_be_removed_is_no_segment() {
    let mut disk = small_segments();
    let mut log = disk.open();
    for _ in 0..7 {
        append(&mut disk, &mut log, &sent(2, 900));
    }
    let names = ["orders-1/00000000000000000000.log", "orders-1/00000000000000000000.log.deleted"];
    let file = log.segments().next().expect("has three").file;
    // The process ended between the two steps of a deletion.
    disk.store.rename(names[0], names[1]).expect("is there");
    assert_eq!(disk.store.len(file), Ok(disk.config.segment_bytes as u64), "the same file under another name");
    let log = disk.open();
    assert_eq!((log.log_start(), bases(&disk, &log)), (Offset(6), vec![6, 8, 10, 12]));
    assert!(names.iter().all(|name| !disk.store.exists(name)));
}

#[test]
fn what_is_flushed_is_told_by_the_disk_not_by_the_recovery_point() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    append(&mut disk, &mut log, &sent(3, 900));
    let flushed = |log: &Log, disk: &Disk| log.flushed_up_to(|file| disk.store.flushed(file));
    assert_eq!(flushed(&log, &disk), Offset(0));
    log.flush(&mut disk.store).expect("memory does not fail");
    append(&mut disk, &mut log, &sent(2, 900));
    assert_eq!((flushed(&log, &disk), log.log_end()), (Offset(3), Offset(5)));
}

#[test]
fn a_sparse_index_leads_near_every_offset() {
    let mut disk = Disk::default();
    let mut log = disk.open();
    let batch = sent(3, 900);
    let size = u64::from(batch.size());
    for _ in 0..40 {
        append(&mut disk, &mut log, &batch);
    }
    // An entry is written with the batch that comes when more than ten batches' bytes came since the last one.
    let interval = size * 10;
    let first = log.look_up(Offset(4), interval).expect("it is there");
    assert_eq!((first.entries, first.entry, first.walked, first.passed), (0, None, 2, size));
    let later = log.look_up(Offset(80), interval).expect("it is there");
    let entry = IndexEntry { offset: Offset(68), position: size * 22 };
    assert_eq!((later.entries, later.entry, later.walked, later.passed), (2, Some(entry), 5, size * 4));
    assert_eq!((later.batches, later.found.base_offset), (27, Offset(78)));
    // Without a sparse index everything from the start of the file on is walked.
    let without = log.look_up(Offset(80), u64::MAX).expect("it is there");
    assert_eq!((without.entry, without.walked), (None, without.batches));
    assert_eq!(log.look_up(Offset(120), interval), None, "nothing lies there");
    for offset in 0..120 {
        let way = log.look_up(Offset(offset), interval).expect("every offset is found");
        assert!(way.walked <= 12 && way.found.base_offset.0 <= offset && offset <= way.found.last_offset.0, "{way:?}");
    }
}

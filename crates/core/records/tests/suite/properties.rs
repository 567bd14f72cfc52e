//! What must hold for every batch: what is built reads back, what is patched keeps its payload, and
//! garbage is refused without a panic.

use base::{Digest, ErrorCode, LeaderEpoch, Offset, ProcessId, ProducerId, Rng, Timestamp};
use bytes::Bytes;
use records::{Batch, BatchBuilder, Compression, ControlType, EndTransactionMarker, Header, NewRecord, Trace};
use records::{batches, split_first};

fn random_bytes(rng: &mut Rng, limit: u64) -> Bytes {
    let length = rng.below_u64(limit);
    // Few different bytes, so that codecs find something to do.
    (0..length).map(|_| rng.below_u64(7) as u8).collect()
}

fn random_record(rng: &mut Rng) -> NewRecord {
    let key = (rng.below_u64(4) > 0).then(|| random_bytes(rng, 20));
    let value = (rng.below_u64(8) > 0).then(|| random_bytes(rng, 300));
    let header =
        |rng: &mut Rng| Header { key: "trace".into(), value: (rng.below_u64(2) > 0).then(|| random_bytes(rng, 9)) };
    let headers = (0..rng.below_u64(3)).map(|_| header(rng)).collect();
    NewRecord { timestamp: Timestamp(1_000_000 + rng.below_u64(5_000) as i64), key, value, headers }
}

fn random_batch(rng: &mut Rng, codec: Compression) -> (Vec<NewRecord>, Batch) {
    let records: Vec<NewRecord> = (0..=rng.below_u64(30)).map(|_| random_record(rng)).collect();
    let mut builder = BatchBuilder::new().producer(ProducerId(9), 1, i32::MAX - 5).compression(codec).unwrap();
    for record in &records {
        let before = builder.size();
        let more = builder.size_of(record);
        builder.append(record);
        assert_eq!(builder.size(), before + more);
    }
    (records, builder.build())
}

#[test]
fn what_is_built_reads_back_with_every_codec() {
    let mut rng = Rng::new(1, 0);
    for round in 0..500 {
        let (records, batch) = random_batch(&mut rng, Compression::ALL[round % 5]);
        let batch = Batch::verify(batch.bytes()).unwrap().assign(Offset(1000), LeaderEpoch(4));
        let read = batch.records().unwrap();
        assert_eq!(read.len(), records.len());
        for (index, (read, written)) in read.iter().zip(&records).enumerate() {
            assert_eq!(read.offset, Offset(1000 + index as i64));
            assert_eq!(read.timestamp, written.timestamp);
            assert_eq!(read.sequence, records::increment_sequence(i32::MAX - 5, index as i32));
            assert_eq!((&read.key, &read.value, &read.headers), (&written.key, &written.value, &written.headers));
        }
    }
}

#[test]
fn a_patched_batch_shares_its_payload_and_stays_valid() {
    let trace = Some(Trace { producer: ProcessId(3), indexes: [77, 79].into() });
    let (_, batch) = random_batch(&mut Rng::new(2, 0), Compression::None);
    let batch = batch.with_trace(trace.clone());
    let placed = batch.assign(Offset(42), LeaderEpoch(7));
    assert_eq!(
        (placed.base_offset(), placed.leader_epoch(), placed.trace()),
        (Offset(42), LeaderEpoch(7), trace.as_ref())
    );
    let [prefix, rest] = placed.parts();
    assert_eq!(prefix.len(), records::PREFIX_SIZE);
    assert_eq!(rest.as_ptr(), batch.bytes()[records::PREFIX_SIZE..].as_ptr());
    assert_eq!([prefix, rest].concat(), placed.bytes());
    let again = Batch::verify(placed.bytes()).unwrap();
    assert_eq!(again, placed);
    assert_eq!(Digest::of(&again), Digest::of(&placed));
    assert_ne!(again, batch);
}

#[test]
fn the_broker_can_stamp_a_batch() {
    let (records, batch) = random_batch(&mut Rng::new(3, 0), Compression::Gzip);
    let stamped = Batch::verify(batch.with_log_append_time(Timestamp(5)).bytes()).unwrap();
    assert_eq!(stamped.max_timestamp(), Timestamp(5));
    assert_eq!(stamped.records().unwrap().len(), records.len());
    assert!(stamped.records().unwrap().iter().all(|record| record.timestamp == Timestamp(5)));
}

#[test]
fn markers_say_what_they_are() {
    let marker = EndTransactionMarker { coordinator_epoch: 12 };
    let builder = BatchBuilder::new().producer(ProducerId(5), 2, -1).transactional();
    let batch = builder.control(ControlType::Commit, marker.to_bytes(), Timestamp(1)).build();
    assert_eq!(batch.control_type(), Some(ControlType::Commit));
    let value = batch.records().unwrap()[0].value.clone().unwrap();
    assert_eq!(EndTransactionMarker::parse(&value), Some(marker));
    assert_eq!(batch.last_sequence(), -1);
}

#[test]
fn a_stretch_of_bytes_is_cut_into_batches() {
    let mut rng = Rng::new(4, 0);
    let written: Vec<Batch> = (0..5).map(|_| random_batch(&mut rng, Compression::None).1).collect();
    let bytes: Bytes = written.iter().flat_map(|batch| batch.bytes()).collect();
    let read: Result<Vec<Batch>, ErrorCode> = batches(bytes.clone()).collect();
    assert_eq!(read.as_ref(), Ok(&written));
    // The end of a fetch answer may cut a batch in two.
    let cut = batches(bytes.slice(..bytes.len() - 1)).count();
    assert_eq!(cut, 4);
    assert_eq!(Batch::verify(bytes), Err(ErrorCode::InvalidRecord));
}

#[test]
fn every_flipped_byte_behind_the_prefix_is_noticed() {
    let (_, batch) = random_batch(&mut Rng::new(5, 0), Compression::None);
    for at in 8..batch.size() as usize {
        let mut bytes = batch.bytes().to_vec();
        bytes[at] ^= 0x10;
        let verdict = Batch::verify(bytes.into());
        // The leader epoch is not covered by the checksum.
        assert_eq!(verdict.is_ok(), (12..16).contains(&at), "byte {at}");
    }
}

#[test]
fn garbage_never_panics() {
    let mut rng = Rng::new(6, 0);
    for round in 0..4_000usize {
        let (_, batch) = random_batch(&mut rng, Compression::ALL[round % 5]);
        let mut bytes = batch.bytes().to_vec();
        for _ in 0..=rng.below_u64(3) {
            let at = rng.below_u64(bytes.len() as u64) as usize;
            bytes[at] = rng.below_u64(256) as u8;
        }
        bytes.truncate(rng.below_u64(bytes.len() as u64 + 40) as usize);
        let bytes = Bytes::from(bytes);
        let _ = split_first(&bytes);
        // Past the checksum on purpose: a hostile sender can compute one.
        if let Ok(batch) = Batch::trusted(bytes.clone()) {
            let _ = (batch.records(), batch.control_type(), batch.last_sequence());
        }
        let body = bytes.slice(bytes.len().min(records::PREFIX_SIZE)..);
        if let Ok(batch) = Batch::trusted_behind_prefix(Offset(1), LeaderEpoch(2), body) {
            let _ = (batch.records(), batch.control_type(), batch.header(), batch.parts());
        }
    }
    for length in 0..200 {
        let noise: Bytes = (0..length).map(|_| rng.below_u64(256) as u8).collect();
        let _ = batches(noise).count();
    }
}

//! `<offset>.snapshot`: what a log knew of its producers when it ended at that offset, byte for byte as Kafka writes
//! it. Whoever opens or cuts the log begins with the newest that fits and reads the batches behind it only.
//!
//! Of each producer it holds the last batch, not all five that a running log remembers. Kafka:
//! `ProducerStateManager.writeSnapshot`, `readSnapshot`, `truncateAndReload`; `SnapshotFile`.

use crate::producer_entry::{BatchMetadata, ProducerEntry};
use base::{FlatMap, Offset, ProducerId, Timestamp};
use bytes::Bytes;
use port::{Store, StoreError};
use records::crc32c;

/// The only version that Kafka writes (`ProducerSnapshot.json`).
const VERSION: [u8; 2] = [0, 1];
/// Version and checksum; the checksum covers what follows.
const FRONT: usize = 6;

/// Every producer that is remembered.
pub(crate) type Producers = FlatMap<ProducerId, ProducerEntry>;

/// `<20 digits>.snapshot` in the log's directory.
fn file_name(directory: &str, end: Offset) -> String {
    format!("{directory}/{:020}.snapshot", end.0)
}

/// Where the log ended when the snapshot of this name was taken, if it is one.
fn end_of(name: &str) -> Option<Offset> {
    let (_, file) = name.rsplit_once('/')?;
    let digits = file.strip_suffix(".snapshot")?;
    (digits.len() == 20).then(|| digits.parse().ok().map(Offset))?
}

/// The snapshots in a log's directory, oldest first.
pub(crate) fn ends(store: &dyn Store, directory: &str) -> Vec<Offset> {
    store.list(&[directory, "/"].concat()).iter().filter_map(|name| end_of(name)).collect()
}

/// Writes what is known of the producers of a log that ends at `end`.
///
/// # Errors
/// When the disk fails.
pub(crate) fn write(
    store: &mut dyn Store,
    directory: &str,
    end: Offset,
    producers: &Producers,
) -> Result<(), StoreError> {
    store.replace(&file_name(directory, end), encode(producers))
}

/// Removes the snapshots of those ends that `is_gone` names.
///
/// # Errors
/// When the disk fails.
pub(crate) fn remove(
    store: &mut dyn Store,
    directory: &str,
    is_gone: impl Fn(Offset) -> bool,
) -> Result<(), StoreError> {
    let gone = ends(store, directory).into_iter().filter(|end| is_gone(*end));
    gone.into_iter().try_for_each(|end| store.remove(&file_name(directory, end)))
}

/// The newest snapshot that can be read, and where it ends. A damaged one counts as absent: the batches say it too.
pub(crate) fn newest(store: &dyn Store, directory: &str) -> Option<(Offset, Producers)> {
    let read = |end: Offset| Some((end, decode(&store.content(&file_name(directory, end))?)?));
    ends(store, directory).into_iter().rev().find_map(read)
}

fn encode(producers: &Producers) -> Bytes {
    let mut covered = (producers.len() as i32).to_be_bytes().to_vec();
    for (id, entry) in producers.iter() {
        let nothing =
            BatchMetadata { last_sequence: -1, last_offset: Offset(-1), offset_delta: 0, timestamp: Timestamp(-1) };
        let last = entry.batches.last().unwrap_or(&nothing);
        covered.extend(id.0.to_be_bytes());
        covered.extend(entry.epoch.to_be_bytes());
        covered.extend(last.last_sequence.to_be_bytes());
        covered.extend(last.last_offset.0.to_be_bytes());
        covered.extend(last.offset_delta.to_be_bytes());
        covered.extend(entry.last_timestamp.0.to_be_bytes());
        covered.extend(entry.coordinator_epoch.to_be_bytes());
        covered.extend(entry.transaction_start.map_or(-1, |start| start.0).to_be_bytes());
    }
    let mut bytes = VERSION.to_vec();
    bytes.extend(crc32c(&covered).to_be_bytes());
    bytes.extend(covered);
    bytes.into()
}

/// `None` for another version, a wrong checksum, or another length than the count says.
fn decode(bytes: &[u8]) -> Option<Producers> {
    let (front, mut rest) = bytes.split_at_checked(FRONT)?;
    if front[..2] != VERSION || front[2..] != crc32c(rest).to_be_bytes() {
        return None;
    }
    let count = i32::from_be_bytes(take(&mut rest)?);
    let producers: Producers = (0..count).map_while(|_| producer(&mut rest)).collect();
    (rest.is_empty() && producers.len() as i32 == count).then_some(producers)
}

fn producer(rest: &mut &[u8]) -> Option<(ProducerId, ProducerEntry)> {
    let id = ProducerId(i64::from_be_bytes(take(rest)?));
    let epoch = i16::from_be_bytes(take(rest)?);
    let last_sequence = i32::from_be_bytes(take(rest)?);
    let last_offset = Offset(i64::from_be_bytes(take(rest)?));
    let offset_delta = i32::from_be_bytes(take(rest)?);
    let last_timestamp = Timestamp(i64::from_be_bytes(take(rest)?));
    let coordinator_epoch = i32::from_be_bytes(take(rest)?);
    let start = Offset(i64::from_be_bytes(take(rest)?));
    let last = BatchMetadata { last_sequence, last_offset, offset_delta, timestamp: last_timestamp };
    let batches = if last_offset.0 >= 0 { vec![last] } else { Vec::new() };
    let transaction_start = (start.0 >= 0).then_some(start);
    Some((id, ProducerEntry { epoch, coordinator_epoch, last_timestamp, transaction_start, batches }))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (front, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*front)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
    }

    fn idempotent() -> Producers {
        let timestamp = Timestamp(1_700_000_000_020);
        let last = BatchMetadata { last_sequence: 2, last_offset: Offset(2), offset_delta: 2, timestamp };
        let entry = ProducerEntry { epoch: 0, last_timestamp: timestamp, batches: vec![last], ..Default::default() };
        Producers::from([(ProducerId(0), entry)])
    }

    /// What Kafka 4.3.0 left on disk (the recorded trace `files`).
    const KAFKAS: &str = "0001ef8345630000000100000000000000000000000000020000000000000002000000020000018bcfe56814\
                          ffffffffffffffffffffffff";

    #[test]
    fn snapshots_are_kafkas_byte_for_byte() {
        assert_eq!(encode(&Producers::default())[..], bytes("000148674bc700000000"));
        assert_eq!(encode(&idempotent())[..], bytes(KAFKAS));
        assert_eq!(decode(&bytes(KAFKAS)), Some(idempotent()));
    }

    #[test]
    fn a_damaged_snapshot_is_none() {
        let sound = bytes(KAFKAS);
        for at in 0..sound.len() {
            assert_eq!(decode(&sound[..at]), None, "cut at {at}");
            let mut torn = sound.clone();
            torn[at] ^= 1;
            assert_eq!(decode(&torn), None, "another bit at {at}");
        }
        assert_eq!(decode(&[sound, vec![0]].concat()), None);
    }
}

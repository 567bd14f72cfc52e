//! The small text files beside the logs: `replication-offset-checkpoint`,
//! `log-start-offset-checkpoint`, `leader-epoch-checkpoint`, `partition.metadata` and
//! `.kafka_cleanshutdown`, in Kafka's own formats.
//!
//! Kafka: `OffsetCheckpointFile`, `LeaderEpochCheckpointFile`, `PartitionMetadataFile`,
//! `CleanShutdownFileHandler`. A file that does not parse counts as absent.

use base::{FlatMap, LeaderEpoch, Offset, Str, TopicId, TopicPartition};
use bytes::Bytes;
use port::Store;
use std::fmt::Write;

pub(crate) const HIGH_WATERMARKS: &str = "replication-offset-checkpoint";
pub(crate) const LOG_STARTS: &str = "log-start-offset-checkpoint";
const CLEAN_SHUTDOWN: &str = ".kafka_cleanshutdown";
const PARTITION_METADATA: &str = "partition.metadata";
const LEADER_EPOCHS: &str = "leader-epoch-checkpoint";

/// Offsets by partition, as a checkpoint file holds them.
pub(crate) type Offsets = FlatMap<TopicPartition, Offset>;

/// Reads a checkpoint of offsets; empty when there is none.
pub(crate) fn read_offsets(store: &dyn Store, file: &str) -> Offsets {
    text(store, file).and_then(|text| parse_offsets(&text)).unwrap_or_default()
}

/// Version 0, the number of lines, then `topic partition offset` per line.
fn parse_offsets(text: &str) -> Option<Offsets> {
    let mut lines = text.lines();
    let (version, count) = (lines.next()?, lines.next()?.parse::<u32>().ok()?);
    let offsets: Offsets = lines.map_while(offset_line).collect();
    (version == "0" && offsets.len() as u32 == count).then_some(offsets)
}

fn offset_line(line: &str) -> Option<(TopicPartition, Offset)> {
    let mut words = line.split(' ');
    let topic = words.next()?;
    let partition = words.next()?.parse().ok()?;
    let offset = words.next()?.parse().ok()?;
    Some((TopicPartition::new(topic, partition), Offset(offset)))
}

/// Writes a checkpoint of offsets. A disk that fails keeps the older one.
pub(crate) fn write_offsets<'a>(
    store: &mut dyn Store,
    file: &str,
    offsets: impl Iterator<Item = (&'a TopicPartition, Offset)> + Clone,
) {
    let mut text = format!("0\n{}\n", offsets.clone().count());
    for (at, offset) in offsets {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} {offset}", at.topic, at.partition);
    }
    let _ = store.replace(file, text.into());
}

/// The broker epoch with which this broker last stopped in order, if it did. The file is removed:
/// it speaks only of the stop just before this start.
pub(crate) fn take_clean_shutdown(store: &mut dyn Store) -> Option<i64> {
    let content = text(store, CLEAN_SHUTDOWN)?;
    let _ = store.remove(CLEAN_SHUTDOWN);
    let epoch = content.split("\"brokerEpoch\":").nth(1)?;
    epoch.trim_end_matches('}').trim().parse().ok()
}

pub(crate) fn write_clean_shutdown(store: &mut dyn Store, broker_epoch: i64) {
    let content = format!("{{\"version\":0,\"brokerEpoch\":{broker_epoch}}}");
    let _ = store.replace(CLEAN_SHUTDOWN, content.into());
}

/// The topic id of the log in `directory`, as Kafka prints ids.
pub(crate) fn read_topic_id(store: &dyn Store, directory: &str) -> Option<Str> {
    let content = text(store, &path(directory, PARTITION_METADATA))?;
    content.lines().find_map(|line| line.strip_prefix("topic_id: ")).map(Str::from)
}

pub(crate) fn write_topic_id(store: &mut dyn Store, directory: &str, topic: TopicId) {
    let content = format!("version: 0\ntopic_id: {topic}");
    let _ = store.replace(&path(directory, PARTITION_METADATA), content.into());
}

/// The folders that hold partition logs.
pub(crate) fn log_directories(store: &dyn Store) -> Vec<Str> {
    let files = store.list("");
    files.iter().filter_map(|name| name.strip_suffix(PARTITION_METADATA)?.strip_suffix('/').map(Str::from)).collect()
}

/// Is nothing there yet?
pub(crate) fn is_empty_directory(store: &dyn Store, directory: &str) -> bool {
    !store.has_any(&path(directory, ""))
}

/// Removes everything in `directory`.
pub(crate) fn remove_directory(store: &mut dyn Store, directory: &str) {
    for file in store.list(&path(directory, "")) {
        let _ = store.remove(&file);
    }
}

/// Where the newest epoch of the log in `directory` began, which no batch may show yet.
pub(crate) fn read_latest_epoch(store: &dyn Store, directory: &str) -> Option<(LeaderEpoch, Offset)> {
    let content = text(store, &path(directory, LEADER_EPOCHS))?;
    let mut words = content.lines().skip(2).last()?.split(' ');
    Some((LeaderEpoch(words.next()?.parse().ok()?), Offset(words.next()?.parse().ok()?)))
}

pub(crate) fn write_epochs(store: &mut dyn Store, directory: &str, entries: &[log::EpochEntry]) {
    let mut text = format!("0\n{}\n", entries.len());
    for entry in entries {
        let _ = writeln!(text, "{} {}", entry.epoch, entry.start);
    }
    let _ = store.replace(&path(directory, LEADER_EPOCHS), text.into());
}

fn path(directory: &str, file: &str) -> String {
    [directory, "/", file].concat()
}

fn text(store: &dyn Store, file: &str) -> Option<String> {
    let content: Bytes = store.content(file)?;
    String::from_utf8(content.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use port::MemoryStore;

    #[test]
    fn offsets_come_back_as_written() {
        let mut store = MemoryStore::new();
        let offsets = Offsets::from([(TopicPartition::new("orders", 1), Offset(7))]);
        write_offsets(&mut store, HIGH_WATERMARKS, offsets.iter().map(|(at, offset)| (at, *offset)));
        assert_eq!(store.content(HIGH_WATERMARKS).as_deref(), Some(&b"0\n1\norders 1 7\n"[..]));
        assert_eq!(read_offsets(&store, HIGH_WATERMARKS), offsets);
        assert!(read_offsets(&store, LOG_STARTS).is_empty());
    }

    #[test]
    fn a_clean_shutdown_counts_once() {
        let mut store = MemoryStore::new();
        write_clean_shutdown(&mut store, 42);
        assert_eq!(take_clean_shutdown(&mut store), Some(42));
        assert_eq!(take_clean_shutdown(&mut store), None);
    }
}

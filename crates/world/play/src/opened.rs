//! One record of a log, opened: what stands in it, how Kafka finds it, and what of its log survives a power-off.

use crate::instead::Unseen;
use crate::sight::Sight;
use crate::subject::{broker, find, image, number, partition_name};
use api::ConfigResource;
use base::Offset;
use broker::Partition;
use bytes::Bytes;
use log::Log;
use sim::Slot;

/// A record as one broker has it.
pub(crate) fn record(sight: &Sight<'_>, (name, offset): (&str, &str), node: &str) -> Result<String, Unseen> {
    let (slot, partition) = replica(sight, name, node)?;
    let (log, offset) = (partition.log(), Offset(number(offset)? as i64));
    Ok(read(slot, log, offset).unwrap_or_else(|| "none".into()))
}

fn read(slot: &Slot, log: &Log, offset: Offset) -> Option<String> {
    let entry = log.batches_from(offset).next()?;
    let batch = log.read_batch(&slot.store, &entry).ok()?;
    let record = batch.records().ok()?.into_iter().find(|record| record.offset == offset)?;
    let text = |bytes: &Option<Bytes>| {
        bytes.as_ref().map_or_else(|| "null".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let headers = record.headers.len();
    let (epoch, producer, producer_epoch) = (batch.leader_epoch(), batch.producer_id(), batch.producer_epoch());
    Some(format!(
        "key {} value {} headers {headers} epoch {epoch} producer {producer} {producer_epoch} {} batch {} to {} timestamp {}",
        text(&record.key),
        text(&record.value),
        record.sequence,
        entry.base_offset,
        entry.last_offset,
        record.timestamp,
    ))
}

/// The way to it by file names and the sparse index.
pub(crate) fn look_up(sight: &Sight<'_>, (name, offset): (&str, &str), node: &str) -> Result<String, Unseen> {
    let (_, partition) = replica(sight, name, node)?;
    let topic = ConfigResource::Topic(partition.name().topic.clone());
    let set = image(sight, &[])?.configs(&topic).and_then(|configs| configs.get("index.interval.bytes"));
    let interval = set.and_then(|value| value.parse().ok()).unwrap_or(4_096);
    let way = partition.log().look_up(Offset(number(offset)? as i64), interval);
    Ok(way.map_or_else(
        || "none".into(),
        |way| {
            let entry = way.entry.map_or_else(|| "none".into(), |entry| format!("{}@{}", entry.offset, entry.position));
            let (file, batches) = (way.segment, way.batches);
            format!("file {file} entry {entry} walked {} passed {} of {batches}", way.walked, way.passed)
        },
    ))
}

/// Up to where a power-off takes nothing.
pub(crate) fn flushed(sight: &Sight<'_>, name: &str, node: &str) -> Result<String, Unseen> {
    let (slot, partition) = replica(sight, name, node)?;
    Ok(partition.log().flushed_up_to(|file| slot.store.flushed(file)).to_string())
}

fn replica<'a>(sight: &Sight<'a>, name: &str, node: &str) -> Result<(&'a Slot, &'a Partition), Unseen> {
    let (slot, broker) = (crate::subject::slot(sight, node)?, broker(sight, node)?);
    let partition = find(broker.image(), &partition_name(name)?).and_then(|id| broker.partition(id));
    let missing = || Unseen::NoReplica { node: node.to_owned(), partition: name.to_owned() };
    Ok((slot, partition.ok_or_else(missing)?))
}

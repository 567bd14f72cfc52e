//! What lies at a pointed place: whose key it is, and the record, where there is one.

use api::{Body, Message, Request, Response};
use base::{Offset, ProcessId, TopicPartition};
use bytes::Bytes;
use client::Consumer;
use log::{BatchEntry, Log};
use port::{KafkaSetup, KeyPattern, ProcessConfig, ProducerSetup};
use records::{Batch, Record};

use super::super::cluster::Cluster;
use super::super::{Look, groups, producers};
use super::shelves::{Held, Shelves};
use crate::Pointed;
use lab::Firsts;

/// Glyphs that a message shows.
const SHOWN: usize = 3;

/// A key, and where it was found.
pub(super) struct Found {
    pub key: Option<Bytes>,
    /// Of the topic that it is for; the partition is known of a record only.
    pub topic: base::Str,
    /// Whose key it is, where that can be told.
    pub producer: Option<ProcessId>,
    pub record: Option<(TopicPartition, Offset)>,
    /// The process whose log it was found in.
    pub holder: Option<ProcessId>,
    /// Where it is sent to, while it travels to a broker.
    pub bound_for: Option<TopicPartition>,
}

/// What lies there; `None` when nothing does any more.
pub(super) fn find(look: &Look<'_>, (cluster, shelves): (&Cluster<'_>, &Shelves), pointed: &Pointed) -> Option<Found> {
    match pointed {
        Pointed::Key { producer, index } => of_producer(look, *producer, *index),
        Pointed::Record { process, partition, offset } => {
            let slot = look.world.slot(*process)?;
            let id = cluster.id_of(partition)?;
            let (batch, record) = record_at(shelves.held(slot, id)?, *offset)?;
            let producer = batch.trace().map(|trace| trace.producer);
            let topic = partition.topic.clone();
            Some(Found {
                key: record.key,
                topic,
                producer,
                record: Some((partition.clone(), *offset)),
                holder: Some(*process),
                bound_for: None,
            })
        }
        Pointed::Read { member, index } => {
            let read = shown(consumer(look, *member)?).nth(*index)?;
            let record = Some((read.partition.clone(), read.offset));
            Some(Found {
                key: read.key.clone(),
                topic: read.partition.topic.clone(),
                producer: None,
                record,
                holder: None,
                bound_for: None,
            })
        }
        Pointed::Packet { number, index } => of_packet(look, cluster, (*number, *index)),
    }
}

fn of_producer(look: &Look<'_>, process: ProcessId, index: usize) -> Option<Found> {
    let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &look.world.slot(process)?.config else { return None };
    let key = key_of(setup, index)?;
    Some(Found {
        key,
        topic: setup.topic.clone(),
        producer: Some(process),
        record: None,
        holder: None,
        bound_for: None,
    })
}

/// The key behind a glyph of the card, as `producers` lists them; `Some(None)` for the glyph of no key.
fn key_of(setup: &ProducerSetup, index: usize) -> Option<Option<Bytes>> {
    match &setup.keys {
        KeyPattern::None => (index == 0).then_some(None),
        KeyPattern::Cycle(keys) => {
            let key = producers::distinct(keys).nth(index)?;
            Some(Some(Bytes::copy_from_slice(key.as_bytes())))
        }
        KeyPattern::Random { prefix, count } => {
            let known = index < (*count).min(Firsts::RANDOM) as usize;
            known.then(|| Some(Bytes::from(format!("{prefix}{}", index + 1))))
        }
    }
}

pub(super) fn consumer<'a>(look: &Look<'a>, process: ProcessId) -> Option<&'a Consumer> {
    look.world.slot(process)?.process.as_ref()?.consumer()
}

/// The records whose glyphs a member's card shows.
fn shown(consumer: &Consumer) -> impl Iterator<Item = &client::consumer::DeliveredRecord> {
    let count = consumer.recent().count();
    consumer.recent().skip(count.saturating_sub(groups::READ))
}

/// The batch and the record at an offset of a log, as its disk has it.
pub(super) fn record_at(held: Held<'_>, offset: Offset) -> Option<(Batch, Record)> {
    let batch = held.log.read_batch(&held.slot.store, &*entry_at(held.log, offset)?).ok()?;
    let record = batch.records().ok()?.into_iter().find(|record| record.offset == offset)?;
    Some((batch, record))
}

/// The batch that holds an offset.
pub(super) fn entry_at(log: &Log, offset: Offset) -> Option<std::borrow::Cow<'_, BatchEntry>> {
    let entry = log.batches_from(offset).next()?;
    (entry.base_offset <= offset && offset <= entry.last_offset).then_some(entry)
}

/// Records with the batches that hold them.
fn with_batches<'a>(batches: impl Iterator<Item = &'a Batch>) -> impl Iterator<Item = (&'a Batch, Record)> {
    batches.flat_map(|batch| batch.records().unwrap_or_default().into_iter().map(move |record| (batch, record)))
}

/// The numbers are those that `packets` gives.
fn of_packet(look: &Look<'_>, cluster: &Cluster<'_>, (number, index): (u64, usize)) -> Option<Found> {
    let connection = look.world.network().connection(u32::try_from(number >> 20).ok()?)?;
    let lane = (number >> 19 & 1) as u8;
    let in_flight = &connection.lanes[usize::from(lane)].in_flight;
    let Message::Kafka(message) = &*in_flight.get((number & ((1 << 19) - 1)) as usize)?.message else { return None };
    let name = |topic, partition| cluster.image()?.named(base::TopicIdPartition { topic, partition });
    let index = (index < SHOWN).then_some(index)?;
    match &message.body {
        Body::Request(Request::Produce(produce)) => {
            let parts = produce.partitions.iter();
            let mut all =
                parts.flat_map(|part| with_batches([&part.batch].into_iter()).map(move |found| (part, found)));
            let (part, (_, record)) = all.nth(index)?;
            let name = name(part.topic, part.partition)?;
            let (topic, producer) = (name.topic.clone(), Some(connection.direction(lane).0));
            Some(Found { key: record.key, topic, producer, record: None, holder: None, bound_for: Some(name) })
        }
        Body::Response(Response::Fetch(fetch)) => {
            let full = fetch.partitions.iter().find(|part| !part.records.is_empty())?;
            let name = name(full.topic, full.partition)?;
            let (batch, record) = with_batches(full.records.iter()).nth(index)?;
            let (topic, producer) = (name.topic.clone(), batch.trace().map(|trace| trace.producer));
            let place = Some((name, record.offset));
            Some(Found { key: record.key, topic, producer, record: place, holder: None, bound_for: None })
        }
        Body::Request(_) | Body::Response(_) => None,
    }
}

//! The card beside a key: where the key goes and why, how many records of it there are, and of one record where its copies
//! lie and who has read it. Everything is looked up in the processes that know it, for each picture anew.

mod find;
mod records;
mod shelves;
mod whereto;
mod words;

use base::{BrokerId, ProcessId, TopicPartition};
use bytes::Bytes;
use client::partitioner::{counted_key, table};
use client::producer::Producer;
use config::PartitionerClass;

use super::cluster::Cluster;
use super::{Look, Memory};
use crate::{Chooser, Glyph, JavaHash, KeyCardView, KeyFacts, KeyHash, OtherSum, Pointed, TableEntry};
use find::Found;
use shelves::Shelves;
pub use whereto::{Question, where_to};

/// The card of what is pointed at; `None` when nothing lies there any more.
pub fn key_card(look: &Look<'_>, memory: &mut Memory, pointed: &Pointed) -> Option<KeyCardView> {
    let cluster = Cluster::seen(look);
    let shelves = Shelves::of(look, &cluster, &mut memory.disks);
    let found = find::find(look, (&cluster, &shelves), pointed)?;
    let facts = facts(look, (&cluster, &shelves), &found);
    Some(words::told(look, &cluster, facts))
}

/// The pointed key. The same place may hold another one in another run.
pub fn pointed_key(look: &Look<'_>, memory: &mut Memory, pointed: &Pointed) -> Option<Bytes> {
    let cluster = Cluster::seen(look);
    let shelves = Shelves::of(look, &cluster, &mut memory.disks);
    find::find(look, (&cluster, &shelves), pointed)?.key
}

/// The letter of a key, which lights it everywhere.
pub fn letter_of(look: &Look<'_>, key: &[u8]) -> Option<char> {
    match look.glyph_of(Some(key)) {
        Glyph::Key { letter, .. } => Some(letter),
        Glyph::Keyless => None,
    }
}

fn facts(look: &Look<'_>, (cluster, shelves): (&Cluster<'_>, &Shelves), found: &Found) -> KeyFacts {
    let record = found.record.as_ref();
    // What is pointed at on a producer's card it would send by what it knows; what was sent is reckoned with what is so.
    let sender = found.producer.filter(|_| record.is_none());
    let chooser =
        chooser(&Asked { world: look.world, cluster, topic: &found.topic, key: found.key.as_deref() }, sender);
    let kin = records::Kin { topic: &found.topic, key: found.key.as_deref() };
    let likely = match &chooser {
        Chooser::Key(hash) => Some(hash.partition),
        Chooser::JavaHash(hash) => hash.place(),
        Chooser::Sum(sum) => Some(sum.partition),
        Chooser::Table(entry) => entry.place(),
        Chooser::Ignored { .. }
        | Chooser::Anywhere { .. }
        | Chooser::Turns { .. }
        | Chooser::PerBatch { .. }
        | Chooser::Sticky { .. }
        | Chooser::Keyless
        | Chooser::Unknown => None,
    };
    KeyFacts {
        here: records::here((cluster, shelves), &kin, likely),
        on_its_way: records::on_its_way(look, cluster, &kin),
        record: record.and_then(|place| records::facts(look, (cluster, shelves), (found, place))),
        key: found.key.as_ref().map(|key| key.to_vec()),
        topic: found.topic.clone(),
        bound_for: found.bound_for.clone(),
        chooser,
    }
}

/// A key, or none, and the topic that it is for.
struct Asked<'a> {
    world: &'a sim::World,
    cluster: &'a Cluster<'a>,
    topic: &'a str,
    key: Option<&'a [u8]>,
}

fn producer(world: &sim::World, process: ProcessId) -> Option<&Producer> {
    world.slot(process)?.process.as_ref()?.producer()
}

/// How the partition is chosen by a producer, or by any that does as Kafka's own do and knows all partitions.
fn chooser(asked: &Asked<'_>, sender: Option<ProcessId>) -> Chooser {
    let known = sender.and_then(|process| Some((process, producer(asked.world, process)?)));
    if let Some(other) = known.and_then(|(process, own)| without_hash(asked, process, own)) {
        return other;
    }
    let class = known.map_or(PartitionerClass::BuiltIn, |(_, own)| own.config().partitioner_class);
    let Some(key) = counted_key(class, asked.key) else { return Chooser::Keyless };
    let believed = known.and_then(|(_, own)| own.network().metadata().topic(asked.topic));
    let count = believed.map_or_else(|| asked.partitions(), |topic| topic.partitions.len() as u32);
    if let Some(entry) = known.and_then(|(_, own)| entry(own, key, count)) {
        return Chooser::Table(entry);
    }
    if class == PartitionerClass::HashCode {
        return JavaHash::of(key, count).map_or(Chooser::Unknown, Chooser::JavaHash);
    }
    let sum = OtherSum::of(class, key, count);
    sum.map(Chooser::Sum).unwrap_or_else(|| KeyHash::of(key, count).map_or(Chooser::Unknown, Chooser::Key))
}

/// The line of the producer's own table that says where the key goes; `None`: there is none.
fn entry(own: &Producer, key: &[u8], partitions: u32) -> Option<TableEntry> {
    let class = own.config().partitioner_class;
    let (start, partition) = table::entry(class, &own.workload().application().partitions, key)?.clone();
    Some(TableEntry { start, by_prefix: class == PartitionerClass::Prefix, partition, partitions })
}

/// What this producer goes by where it is not the hash of a key.
fn without_hash(asked: &Asked<'_>, producer: ProcessId, own: &Producer) -> Option<Chooser> {
    let config = own.config();
    let (current, coming) = (own.chosen_partition(asked.topic), own.coming_partition(asked.topic));
    let sticky = Chooser::Sticky { producer, batch_size: config.batch_size as u32, current };
    match (config.partitioner_class, asked.key) {
        (PartitionerClass::RoundRobin, _) | (PartitionerClass::PerRecordRotation, None) => {
            Some(Chooser::Turns { producer, next: coming })
        }
        (PartitionerClass::Random, _) => Some(Chooser::Anywhere { producer }),
        (PartitionerClass::ConsistentRandom, Some([])) => Some(sticky),
        (PartitionerClass::PerBatchSticky, None) => Some(Chooser::PerBatch { producer, current: coming }),
        (
            PartitionerClass::BuiltIn
            | PartitionerClass::HashCode
            | PartitionerClass::Table
            | PartitionerClass::Prefix
            | PartitionerClass::ConsistentRandom
            | PartitionerClass::Fnv1aRandom,
            None,
        ) => Some(sticky),
        (PartitionerClass::BuiltIn, Some(_)) if config.partitioner_ignore_keys => {
            Some(Chooser::Ignored { producer, current })
        }
        (
            PartitionerClass::BuiltIn
            | PartitionerClass::HashCode
            | PartitionerClass::PerRecordRotation
            | PartitionerClass::PerBatchSticky
            | PartitionerClass::Table
            | PartitionerClass::Prefix
            | PartitionerClass::ConsistentRandom
            | PartitionerClass::Fnv1aRandom,
            Some(_),
        )
        | (PartitionerClass::Consistent | PartitionerClass::Murmur2 | PartitionerClass::Fnv1a, _) => None,
    }
}

impl Asked<'_> {
    /// How many partitions the topic has, as the newest committed metadata says.
    fn partitions(&self) -> u32 {
        let image = self.cluster.image();
        let topic = image.and_then(|image| image.topic(image.topic_id(self.topic)?));
        topic.map_or(0, |topic| topic.partitions.len() as u32)
    }

    /// A partition of the topic and who leads it.
    fn place(&self, partition: base::PartitionId) -> (TopicPartition, Option<BrokerId>) {
        let name = TopicPartition::new(self.topic, partition);
        let id = self.cluster.id_of(&name);
        let leads = id.and_then(|id| self.cluster.leader(id));
        let leader = leads.and_then(|(slot, _)| self.cluster.brokers().find(|(_, known)| known.id == slot.id));
        (name, leader.map(|(broker, _)| broker))
    }
}

//! What an application is given, record by record: a console consumer prints it. The values are those of the partition's
//! log, because what is told of a delivery is only where the record stands.

use base::{Offset, Time, TopicPartition};
use lab::Happening;
use port::{Fact, KafkaFact};
use records::Record;
use sim::{ClusterIndex, World};

/// The records that the client of that name was given after an instant, in order. `None`: no log holds it any more (it was
/// deleted, or its disk is gone).
pub fn delivered<'a>(
    world: &World,
    name: &str,
    facts: impl Iterator<Item = &'a Happening>,
    after: Time,
) -> Vec<(Time, TopicPartition, Option<Record>)> {
    let own = facts.filter(|fact| fact.at > after && world.slot(fact.process).is_some_and(|slot| *slot.name == *name));
    let given = own.filter_map(|happening| match &happening.fact {
        Fact::Kafka(KafkaFact::Delivered { partition, offset, .. }) => {
            let cluster = world.slot(happening.process)?.cluster;
            Some((happening.at, partition.clone(), find(world, cluster, partition, *offset)))
        }
        _other => None,
    });
    given.collect()
}

/// How many records the client of that name has been given since it was started; `None`: it does not run.
pub fn delivered_count(world: &World, name: &str) -> Option<u64> {
    world.find(name)?.process.as_ref()?.consumer().map(|consumer| consumer.delivered_count())
}

/// What came of a record that a producer has sent.
pub struct Answered {
    pub at: Time,
    /// Milliseconds of the wall clock since it was sent; `None`: it failed.
    pub latency: Option<i64>,
}

/// The records of the client of that name that were answered after an instant, in order.
pub fn answered_records<'a>(
    world: &World,
    name: &str,
    facts: impl Iterator<Item = &'a Happening>,
    after: Time,
) -> Vec<Answered> {
    let Some(slot) = world.find(name) else { return Vec::new() };
    let own = facts.filter(|fact| fact.at > after && fact.process == slot.id);
    let answered = own.flat_map(|happening| {
        let (at, wall) = (happening.at, sim::wall(happening.at).0);
        match &happening.fact {
            Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, .. }) => {
                let sent = (0..).zip(records.indexes.iter()).map(|(delta, _)| {
                    // Whose record is deleted already was sent just now, as far as anybody can tell.
                    let record = find(world, slot.cluster, partition, Offset(base.0 + delta));
                    let latency = record.map_or(0, |record| wall - record.timestamp.0);
                    Answered { at, latency: Some(latency) }
                });
                sent.collect::<Vec<Answered>>()
            }
            Fact::Kafka(KafkaFact::RecordsFailed { records, .. }) => {
                records.indexes.iter().map(|_| Answered { at, latency: None }).collect()
            }
            Fact::Kafka(KafkaFact::SendFailed { .. }) => vec![Answered { at, latency: None }],
            _other => Vec::new(),
        }
    });
    answered.collect()
}

/// The record in a log of the partition: the leader's first.
fn find(world: &World, cluster: ClusterIndex, partition: &TopicPartition, offset: Offset) -> Option<Record> {
    let mut held: Vec<(bool, &sim::Slot, &log::Log)> = Vec::new();
    for slot in world.slots().filter(|slot| slot.cluster == cluster) {
        let broker = slot.process.as_ref().and_then(|process| process.node()?.broker());
        let replicas = broker.into_iter().flat_map(|broker| broker.partitions().values());
        let own = replicas.filter(|replica| replica.name() == partition);
        held.extend(own.map(|replica| (replica.is_leader(), slot, replica.log())));
    }
    let ordered = held.iter().filter(|(leads, ..)| *leads).chain(held.iter().filter(|(leads, ..)| !*leads));
    ordered.filter_map(|(_, slot, log)| record_at(slot, log, offset)).next()
}

fn record_at(slot: &sim::Slot, log: &log::Log, offset: Offset) -> Option<Record> {
    let entry = log.batches_from(offset).next().filter(|entry| entry.base_offset <= offset)?;
    let batch = log.read_batch(&slot.store, &entry).ok()?;
    batch.records().ok()?.into_iter().find(|record| record.offset == offset)
}

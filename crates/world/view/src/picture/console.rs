//! What an application is given, record by record: a console consumer prints it. The values are those of the partition's
//! log, because what is told of a delivery is only where the record stands.

use base::{Offset, Time, TopicPartition};
use client::consumer::{Ended, Failure};
use lab::Happening;
use port::{Fact, KafkaFact};
use records::{Record, TimestampType};
use sim::{ClusterIndex, World};

/// A record that a client was given.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub at: Time,
    pub partition: TopicPartition,
    /// `None`: no log holds it any more (it was deleted, or its disk is gone).
    pub kept: Option<Kept>,
}

/// A record as it lies in a log.
#[derive(Clone, Debug)]
pub struct Kept {
    pub record: Record,
    pub stamp: TimestampType,
    /// Who leads the partition now, or holds the copy where nobody does.
    pub broker: Option<i32>,
}

/// The records that the client of that name was given after an instant, in order.
pub fn delivered<'a>(
    world: &World,
    name: &str,
    facts: impl Iterator<Item = &'a Happening>,
    after: Time,
) -> Vec<Delivered> {
    let own = facts.filter(|fact| fact.at > after && world.slot(fact.process).is_some_and(|slot| *slot.name == *name));
    let given = own.filter_map(|happening| match &happening.fact {
        Fact::Kafka(KafkaFact::Delivered { partition, offset, .. }) => {
            let cluster = world.slot(happening.process)?.cluster;
            let kept = find(world, cluster, partition, *offset);
            Some(Delivered { at: happening.at, partition: partition.clone(), kept })
        }
        _other => None,
    });
    given.collect()
}

/// How many records the client of that name has been given since it was started; `None`: it does not run.
pub fn delivered_count(world: &World, name: &str) -> Option<u64> {
    world.find(name)?.process.as_ref()?.consumer().map(|consumer| consumer.delivered_count())
}

/// How a console consumer has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsoleEnd {
    /// It has waited for records for too long.
    Silence,
    /// Its client threw this.
    Failed(Failure),
    /// It has printed enough, or somebody has ended it.
    Other,
}

/// How the consumer of that name has ended; `None`: it runs, or there is none.
pub fn console_end(world: &World, name: &str) -> Option<ConsoleEnd> {
    let slot = world.find(name).filter(|slot| !slot.liveness.is_up())?;
    let consumer = slot.process.as_ref().and_then(|process| process.consumer());
    let (ended, failure) = consumer.map_or((None, None), |one| (one.program().ended(), one.failure()));
    Some(match (failure, ended) {
        (Some(failure), _) => ConsoleEnd::Failed(failure.clone()),
        (None, Some(Ended::Silence)) => ConsoleEnd::Silence,
        (None, Some(Ended::Enough) | None) => ConsoleEnd::Other,
    })
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
                    let latency = record.map_or(0, |kept| wall - kept.record.timestamp.0);
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
fn find(world: &World, cluster: ClusterIndex, partition: &TopicPartition, offset: Offset) -> Option<Kept> {
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

fn record_at(slot: &sim::Slot, log: &log::Log, offset: Offset) -> Option<Kept> {
    let entry = log.batches_from(offset).next().filter(|entry| entry.base_offset <= offset)?;
    let batch = log.read_batch(&slot.store, &entry).ok()?;
    let record = batch.records().ok()?.into_iter().find(|record| record.offset == offset)?;
    let broker = slot.process.as_ref().and_then(|process| Some(process.node()?.broker()?.id().0));
    Some(Kept { record, stamp: batch.timestamp_type(), broker })
}

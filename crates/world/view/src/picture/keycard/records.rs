//! Records of one key: how many there are, and of one of them where its copies lie and who has read it.

use api::{Body, Message, Request};
use base::{BrokerId, Offset, PartitionId, ProcessId, Str, TopicIdPartition, TopicPartition};
use port::{ConsumerSetup, KafkaSetup, ProcessConfig};
use records::Batch;
use sim::Slot;

use super::super::Look;
use super::super::cluster::{self, Cluster};
use super::find::{Found, consumer, entry_at, record_at};
use super::shelves::{Held, Shelves};
use crate::{CopyState, Counted, ReadState, RecordFacts};

/// So many records are looked through, the newest of each partition; of longer logs "at least" is said.
const LOOKED_THROUGH: i64 = 2_000;

/// Records of a topic that have this key, or none.
pub(super) struct Kin<'a> {
    pub topic: &'a str,
    pub key: Option<&'a [u8]>,
}

impl Kin<'_> {
    fn count(&self, batch: &Batch, from: Offset) -> u64 {
        let records = batch.records().unwrap_or_default();
        let alike = |record: &&records::Record| record.offset >= from && record.key.as_deref() == self.key;
        records.iter().filter(alike).count() as u64
    }
}

/// Records in the logs of those who lead, or of whoever has most where nobody does. `likely` is read first.
pub(super) fn here(
    (cluster, shelves): (&Cluster<'_>, &Shelves),
    kin: &Kin<'_>,
    likely: Option<PartitionId>,
) -> Counted {
    let all = || cluster.partitions(true).filter(|(_, name)| *name.topic == *kin.topic);
    let first = all().filter(|(_, name)| Some(name.partition) == likely);
    let others = all().filter(|(_, name)| Some(name.partition) != likely);
    let (mut count, mut left, mut complete) = (0, LOOKED_THROUGH, true);
    for (id, _) in first.chain(others) {
        // No broker that is up holds it.
        let Some(Held { slot, log, .. }) = holder((cluster, shelves), *id) else { continue };
        let from = Offset((log.log_end().0 - left).max(log.log_start().0));
        complete &= from == log.log_start();
        for entry in log.batches_from(from) {
            count += log.read_batch(&slot.store, &entry).map_or(0, |batch| kin.count(&batch, from));
        }
        left -= log.log_end().since(from);
    }
    if complete { Counted::All(count) } else { Counted::AtLeast(count) }
}

/// Who leads; else of those that run, or else of all, who has the longest log.
fn holder<'a>((cluster, shelves): (&'a Cluster<'_>, &'a Shelves), id: TopicIdPartition) -> Option<Held<'a>> {
    let held = || cluster.brokers().filter_map(|(_, slot)| shelves.held(slot, id));
    let rank = |held: &Held<'_>| (held.slot.liveness.is_up(), held.log.log_end());
    let most = || held().reduce(|best, next| if rank(&next) > rank(&best) { next } else { best });
    let leader = cluster.leader(id);
    leader.map(|(slot, own)| Held { slot, log: own.log(), partition: Some(own) }).or_else(most)
}

/// Records in requests that producers have sent and that no broker has received.
pub(super) fn on_its_way(look: &Look<'_>, cluster: &Cluster<'_>, kin: &Kin<'_>) -> u64 {
    let lanes = look.world.network().connections().flat_map(|(_, connection)| &connection.lanes);
    let mut count = 0;
    for flight in lanes.flat_map(|lane| &lane.in_flight) {
        let Message::Kafka(message) = &*flight.message else { continue };
        let Body::Request(Request::Produce(produce)) = &message.body else { continue };
        for part in &produce.partitions {
            let id = TopicIdPartition { topic: part.topic, partition: part.partition };
            let name = cluster.image().and_then(|image| image.named(id));
            if name.is_some_and(|name| *name.topic == *kin.topic) {
                count += kin.count(&part.batch, Offset(i64::MIN));
            }
        }
    }
    count
}

/// The record where it was found; else as whoever leads has it, else as any of its replicas does.
pub(super) fn facts(
    look: &Look<'_>,
    (cluster, shelves): (&Cluster<'_>, &Shelves),
    (found, (name, offset)): (&Found, &(TopicPartition, Offset)),
) -> Option<RecordFacts> {
    let (id, offset) = (cluster.id_of(name)?, *offset);
    let holder = found.holder.and_then(|process| look.world.slot(process));
    let leader = || cluster.leader(id).map(|(slot, _)| slot);
    let slots = holder.into_iter().chain(leader()).chain(cluster.brokers().map(|(_, slot)| slot));
    let (held, record) = { slots }.find_map(|slot| {
        let held = shelves.held(slot, id)?;
        // Another record may have come to lie where this one was read.
        let record = record_at(held, offset)?.1;
        (record.key == found.key).then_some((held, record))
    })?;
    let epoch = entry_at(held.log, offset)?.leader_epoch;
    let replicas = cluster.registration(id).map(|known| &known.replicas[..]).unwrap_or_default();
    let copy = |broker: &BrokerId| {
        let held = cluster.slot(*broker).and_then(|slot| shelves.held(slot, id));
        (*broker, held.map_or(CopyState::Missing, |held| copy(held, (offset, epoch))))
    };
    let copies = replicas.iter().map(copy);
    Some(RecordFacts {
        partition: name.clone(),
        offset,
        epoch,
        timestamp: record.timestamp,
        sizes: [&record.key, &record.value].map(|bytes| bytes.as_ref().map(|bytes| bytes.len())),
        copies: copies.collect(),
        readers: readers(look, cluster, &Wanted { name, offset, key: record.key.as_deref() }),
    })
}

/// What a broker has at an offset, compared with the record of that epoch: logs that agree on both agree on the record.
fn copy(held: Held<'_>, (offset, epoch): (Offset, base::LeaderEpoch)) -> CopyState {
    let up = held.slot.liveness.is_up();
    match (entry_at(held.log, offset), held.partition) {
        (None, _) => CopyState::Missing,
        (Some(entry), _) if entry.leader_epoch != epoch => CopyState::Another,
        (Some(_), _) if !up => CopyState::OnDisk,
        (Some(_), None) => CopyState::Unopened,
        (Some(_), Some(own)) if offset < own.high_watermark() => CopyState::Committed,
        (Some(_), Some(_)) => CopyState::AboveMark,
    }
}

/// A record that may have been read.
struct Wanted<'a> {
    name: &'a TopicPartition,
    offset: Offset,
    key: Option<&'a [u8]>,
}

fn members<'a>(look: &Look<'a>) -> impl Iterator<Item = (&'a Slot, &'a ConsumerSetup)> {
    look.slots().filter_map(|slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => Some((slot, setup)),
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    })
}

fn readers(look: &Look<'_>, cluster: &Cluster<'_>, wanted: &Wanted<'_>) -> Vec<(Str, ReadState)> {
    let mut readers: Vec<(Str, ReadState)> = Vec::new();
    for (_, setup) in members(look) {
        if setup.topics.contains(&wanted.name.topic) && !readers.iter().any(|(known, _)| *known == setup.group) {
            readers.push((setup.group.clone(), read(look, cluster, (&setup.group, wanted))));
        }
    }
    base::sort_by(&mut readers, |(one, _), (other, _)| one.cmp(other));
    readers
}

/// What the members remember; then where the one that owns the partition stands; then what is committed.
fn read(look: &Look<'_>, cluster: &Cluster<'_>, (group, wanted): (&Str, &Wanted<'_>)) -> ReadState {
    let own = || members(look).filter(|(_, setup)| setup.group == *group);
    let was_given = |process: ProcessId| {
        let mut known = consumer(look, process).into_iter().flat_map(|consumer| consumer.recent());
        known.any(|read| {
            read.partition == *wanted.name && read.offset == wanted.offset && read.key.as_deref() == wanted.key
        })
    };
    if let Some((slot, _)) = own().find(|(slot, _)| was_given(slot.id)) {
        return ReadState::By(slot.id);
    }
    let up = own().filter(|(slot, _)| slot.liveness.is_up());
    let position = { up }.find_map(|(slot, _)| consumer(look, slot.id)?.position(wanted.name));
    let coordinators = cluster.brokers().filter(|(_, slot)| slot.liveness.is_up());
    let committed = || {
        let known =
            { coordinators }.filter_map(|(_, slot)| cluster::broker(slot)?.coordinator().committed(group, wanted.name));
        known.map(|known| known.offset).max()
    };
    match position.or_else(committed) {
        None => ReadState::Unknown,
        Some(position) if position > wanted.offset => ReadState::Past,
        Some(position) => ReadState::Before(wanted.offset.since(position).max(0) as u64),
    }
}

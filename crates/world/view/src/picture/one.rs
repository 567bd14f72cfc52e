//! Which partition is shown where there is room for one, and who belongs to it.

use base::{FlatSet, Str, TopicIdPartition, TopicPartition};
use client::partitioner::partition_for_key;
use client::producer::Producer;
use port::{Fact, KafkaFact, KafkaSetup, KeyPattern, ProcessConfig, ProducerSetup};
use sim::{Liveness, Slot};

use super::Look;
use super::cluster::Cluster;
use crate::OneView;

/// Leaders that changed within this span of Kafka's time belong to the same event: a broker's fencing.
const TOGETHER: base::Span = base::Span::from_secs(1);

/// The partition to look at: one whose leader is gone, hangs or is cut off; else the one whose leader changed last.
/// Of those that one event struck it is always the same one, whichever of them finds its leader first.
pub(super) fn matters(look: &Look<'_>, cluster: &Cluster<'_>) -> Option<TopicPartition> {
    let active = cluster.active().map(|(_, slot)| slot);
    let unsettled = cluster.drawn().filter(|(id, _)| is_unsettled(cluster, active, *id));
    let unsettled: FlatSet<&TopicPartition> = unsettled.map(|(_, name)| name).collect();
    let newest = look.told.iter().rev().find(|told| moved(&told.fact).is_some()).map(|told| told.at);
    let counts = newest.filter(|at| unsettled.is_empty() || look.now().since(*at) <= TOGETHER);
    let struck = counts.into_iter().flat_map(|newest| {
        let event = look.told.iter().rev().take_while(move |told| newest.since(told.at) <= TOGETHER);
        event.filter_map(|told| moved(&told.fact)).filter(|name| cluster.is_drawn(name))
    });
    struck.chain(unsettled.iter().copied()).min().cloned()
}

fn moved(fact: &Fact) -> Option<&TopicPartition> {
    match fact {
        Fact::Kafka(KafkaFact::BecameLeader { partition, previous_leader: Some(_), .. }) => Some(partition),
        _stays => None,
    }
}

/// Does nobody lead it, or one that is down, hangs, or does not hear the controller in charge?
fn is_unsettled(cluster: &Cluster<'_>, active: Option<&Slot>, id: TopicIdPartition) -> bool {
    let named = cluster.registration(id).and_then(|known| cluster.slot(known.leader?));
    // One that hangs may go on to take itself for the leader when another has been named.
    let leads = |slot: &Slot| cluster.leader(id).is_some_and(|(leader, _)| leader.id == slot.id);
    let hears = |slot: &Slot| active.is_none_or(|active| !cluster.is_cut_between(active.id, slot.id));
    !named.is_some_and(|slot| slot.liveness == Liveness::Running && hears(slot) && leads(slot))
}

/// The partition that is shown, and everybody beside it.
pub(super) fn one(look: &Look<'_>, cluster: &Cluster<'_>, matters: Option<&TopicPartition>) -> Option<OneView> {
    let chosen = look.partition.filter(|name| cluster.is_drawn(name)).or(matters);
    let partition = chosen.or_else(|| cluster.drawn().next().map(|(_, name)| name))?.clone();
    let (mut writers, mut groups) = (Vec::new(), FlatSet::<Str>::new());
    for slot in look.slots() {
        match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) if writes(cluster, (slot, setup), &partition) => {
                writers.push(slot.id)
            }
            ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) if setup.topics.contains(&partition.topic) => {
                groups.insert(setup.group.clone());
            }
            ProcessConfig::Kafka(
                KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Node(_) | KafkaSetup::Admin(..),
            )
            | ProcessConfig::Other(_) => {}
        }
    }
    Some(OneView { partition, writers, groups: groups.iter().cloned().collect() })
}

/// Does one of its keys go there, or any record where keys do not count, or did it send something there by hand?
fn writes(cluster: &Cluster<'_>, (slot, setup): (&Slot, &ProducerSetup), partition: &TopicPartition) -> bool {
    let producer: Option<&Producer> = slot.process.as_ref().and_then(process::Process::producer);
    let queue = producer.and_then(|producer| producer.queue(partition));
    if queue.is_some_and(|queue| queue.record_counts() != (0, 0) || queue.next_sequence() > 0) {
        return true;
    }
    let count = reads(cluster, std::iter::once(&setup.topic)) as u32;
    let by_key = producer.is_none_or(|producer| !producer.config().partitioner_ignore_keys);
    setup.topic == partition.topic
        && match &setup.keys {
            KeyPattern::Cycle(keys) if by_key && count > 0 => {
                keys.iter().any(|key| partition_for_key(key.as_bytes(), count) == partition.partition)
            }
            KeyPattern::Cycle(_) | KeyPattern::None | KeyPattern::Random { .. } => true,
        }
}

/// Partitions of these topics together, each counted once: as many as one member of a group that reads them could own.
pub(super) fn reads<'a>(cluster: &Cluster<'_>, topics: impl Iterator<Item = &'a Str>) -> usize {
    let topics: FlatSet<&Str> = topics.collect();
    let count = |topic: &&Str| cluster.known().topic_by_name(topic).map(|topic| topic.partitions.len());
    topics.iter().filter_map(count).sum()
}

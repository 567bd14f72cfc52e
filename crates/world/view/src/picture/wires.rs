//! Who is connected to whom, and who reads what.

use std::rc::Rc;

use base::{FlatMap, FlatSet, ProcessId, TopicPartition};
use client::producer::Producer;
use port::{Fact, KafkaSetup, ProcessConfig, ProducerSetup, WorldFact};
use sim::{ConnectionState, Slot};

use super::Look;
use super::cluster::Cluster;
use crate::{GroupView, MemberState, MemberView, RibbonState, RibbonView, WireState, WireView};

/// More wires than these join lanes, not rows.
const ROWS_MAX: usize = 40;
/// A closed or new wire is shown as such for so long, in milliseconds of presentation.
const MOMENT: f32 = 400.0;

/// Producers' connections, each to the rows that it writes to.
pub(super) fn wires(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<WireView> {
    let mut wires = Vec::new();
    for slot in look.slots() {
        if let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &slot.config
            && slot.liveness.is_up()
        {
            let producer = slot.process.as_ref().and_then(process::Process::producer);
            wires.extend(
                producer.into_iter().flat_map(|producer| of_producer(look, cluster, &Writer { slot, setup, producer })),
            );
        }
    }
    if wires.len() > ROWS_MAX { joined(wires) } else { wires }
}

/// A producer with what it believes of its leaders.
struct Writer<'a> {
    slot: &'a Slot,
    setup: &'a ProducerSetup,
    producer: &'a Producer,
}

fn of_producer(look: &Look<'_>, cluster: &Cluster<'_>, writer: &Writer<'_>) -> Vec<WireView> {
    let partitions = targets(cluster, writer);
    let has_row = |name: &TopicPartition| cluster.is_drawn(name) || cluster.id_of(name).is_none();
    if partitions.len() > ROWS_MAX || !partitions.iter().all(has_row) {
        return to_lanes(look, cluster, (writer, &partitions));
    }
    let metadata = writer.producer.network().metadata();
    let wire = |partition: TopicPartition| {
        let (leader, _) = metadata.leader(&partition.topic, partition.partition)?;
        let broker = cluster.slot(leader)?;
        let state = state(look, writer, broker, counts(writer, &partition));
        Some(WireView {
            producer: writer.slot.id,
            broker: broker.id,
            hue: look.hue(&partition.topic),
            partition: Some(partition),
            state,
        })
    };
    partitions.into_iter().filter_map(wire).collect()
}

/// The partitions that a producer writes to: those of its keys, or all of its topic without keys or where keys do
/// not count; and those that something was sent to by hand.
fn targets(cluster: &Cluster<'_>, writer: &Writer<'_>) -> FlatSet<TopicPartition> {
    let topic = &writer.setup.topic;
    let count = cluster.partitions(true).filter(|(_, name)| name.topic == *topic).count() as u32;
    let mut targets: FlatSet<TopicPartition> = writer.producer.queues().map(|(partition, _)| partition).collect();
    match &writer.setup.keys {
        port::KeyPattern::Cycle(keys) if count > 0 && !writer.producer.config().partitioner_ignore_keys => {
            let partition = |key: &base::Str| client::partitioner::partition_for_key(key.as_bytes(), count);
            let own: FlatSet<i32> = keys.iter().map(partition).collect();
            targets
                .retain(|target| target.topic != *topic || own.contains(&target.partition) || is_busy(writer, target));
            targets.extend(own.into_iter().map(|number| TopicPartition::new(topic.clone(), number)));
        }
        port::KeyPattern::Cycle(_) | port::KeyPattern::None | port::KeyPattern::Random { .. } => {
            targets.extend((0..count as i32).map(|number| TopicPartition::new(topic.clone(), number)));
        }
    }
    targets
}

/// Does anything wait or fly there?
fn is_busy(writer: &Writer<'_>, target: &TopicPartition) -> bool {
    writer.producer.queue(target).is_some_and(|queue| queue.record_counts() != (0, 0) || queue.next_sequence() > 0)
}

/// Records that wait and that are in flight.
fn counts(writer: &Writer<'_>, partition: &TopicPartition) -> (u64, u64) {
    writer.producer.queue(partition).map_or((0, 0), |queue| queue.record_counts())
}

/// One wire to each broker that a producer writes to, as busy as all its partitions there.
fn to_lanes(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (writer, partitions): (&Writer<'_>, &FlatSet<TopicPartition>),
) -> Vec<WireView> {
    let metadata = writer.producer.network().metadata();
    let mut lanes: FlatMap<base::BrokerId, (u64, u64, u8)> = FlatMap::new();
    for partition in partitions.iter() {
        // The producer knows no leader: there is no broker to draw a wire to.
        let Some((leader, _)) = metadata.leader(&partition.topic, partition.partition) else { continue };
        let (waiting, in_flight) = counts(writer, partition);
        let lane = lanes.entry(leader).or_insert((0, 0, look.hue(&partition.topic)));
        (lane.0, lane.1) = (lane.0 + waiting, lane.1 + in_flight);
    }
    let wire = |(leader, (waiting, in_flight, hue)): (&base::BrokerId, &(u64, u64, u8))| {
        let broker = cluster.slot(*leader)?;
        let state = state(look, writer, broker, (*waiting, *in_flight));
        Some(WireView { producer: writer.slot.id, broker: broker.id, hue: *hue, partition: None, state })
    };
    lanes.iter().filter_map(wire).collect()
}

/// By the connection, and by what waits or flies there.
fn state(look: &Look<'_>, writer: &Writer<'_>, broker: &Slot, (waiting, in_flight): (u64, u64)) -> WireState {
    let between = |peer: ProcessId, process: ProcessId| {
        (peer, process) == (broker.id, writer.slot.id) || (peer, process) == (writer.slot.id, broker.id)
    };
    let closed = look.recent.iter().any(|recent| {
        recent.age < MOMENT
            && matches!(recent.fact, Fact::World(WorldFact::ConnectionClosed { peer, .. }) if between(peer, recent.process))
    });
    let open = look.world.network().connections().any(|(_, connection)| {
        connection.state == ConnectionState::Open && connection.joins(writer.slot.id, broker.id)
    });
    let reopened = look.recent.iter().any(|recent| {
        recent.age < MOMENT
            && matches!(recent.fact, Fact::World(WorldFact::ConnectionOpened { peer }) if between(peer, recent.process))
    });
    match (open, closed) {
        (false, true) => WireState::Closed,
        (false, false) if waiting + in_flight > 0 && !broker.liveness.is_up() => WireState::Stale,
        (true, _) if reopened => WireState::New,
        (true, _) if in_flight > 0 => WireState::Live,
        (true, _) | (false, false) => WireState::Idle,
    }
}

/// One wire per producer and broker, as busy as its busiest.
fn joined(wires: Vec<WireView>) -> Vec<WireView> {
    let mut joined: Vec<WireView> = Vec::new();
    for wire in wires {
        match joined.iter_mut().find(|known| known.producer == wire.producer && known.broker == wire.broker) {
            Some(known) if known.state == WireState::Idle => known.state = wire.state,
            Some(_) => {}
            None => joined.push(WireView { partition: None, ..wire }),
        }
    }
    joined
}

/// Ribbons: owned and led, owned and leaderless, or owned by nobody of a group that reads the topic.
pub(super) fn ribbons(look: &Look<'_>, cluster: &Cluster<'_>, groups: &[Rc<GroupView>]) -> Vec<RibbonView> {
    let words = &look.text.stage;
    let mut ribbons = Vec::new();
    for (id, name) in cluster.drawn() {
        let leader = cluster.leader(id).map(|(slot, _)| slot.id);
        for group in groups {
            let reads_it = |member: &&Rc<MemberView>| {
                member.state != MemberState::Stopped && member.owned.iter().any(|owned| owned.partition == *name)
            };
            let owner = group.members.iter().find(reads_it);
            let (state, text) = match (owner.map(|owner| owner.process), leader) {
                (Some(member), Some(broker)) => (RibbonState::Owned { broker, member }, String::new()),
                (Some(member), None) => (RibbonState::NoLeader { member }, words.nobody_sends.to_owned()),
                (None, Some(broker)) if reads(look, group, name) => {
                    (RibbonState::Nobody { broker }, words.nobody_reads.to_owned())
                }
                (None, _) => continue,
            };
            ribbons.push(RibbonView { partition: name.clone(), hue: look.hue(&name.topic), state, text });
        }
    }
    ribbons
}

/// Does anybody in the group subscribe to the partition's topic?
fn reads(look: &Look<'_>, group: &GroupView, partition: &TopicPartition) -> bool {
    look.slots().any(|slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => {
            setup.group == group.name && setup.topics.contains(&partition.topic)
        }
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => false,
    })
}

//! Who is there and how many rows each would have: enough to choose how much a picture is to hold.

use base::{BrokerId, FlatMap, GroupId, Str, TopicPartition};
use port::{KafkaSetup, ProcessConfig};
use sim::Slot;

use super::cluster::{self, Cluster};
use super::{Look, Memory, crowds, one, stores};
use crate::{GroupShape, LaneShape, Shape};

/// The shape of a moment of one cluster. Reads no record.
pub fn shape(look: &Look<'_>, memory: &mut Memory) -> Shape {
    let cluster = Cluster::known_by(look, memory);
    let racks = racks(&cluster);
    let lane = |(id, slot): (BrokerId, &Slot)| LaneShape {
        process: slot.id,
        id,
        rows: rows(look, &cluster, (id, slot)),
        rack: rack(slot).and_then(|own| racks.iter().position(|rack| rack == own)),
    };
    let brokers = cluster.brokers().map(lane).collect();
    let is_producer = |slot: &&Slot| matches!(slot.config, ProcessConfig::Kafka(KafkaSetup::Producer(..)));
    Shape {
        brokers,
        partitions: cluster.known_count(look),
        controllers: cluster.controllers().count(),
        producers: look.slots().filter(is_producer).count(),
        crowds: crowds::gathered(look).len(),
        groups: groups(look, &cluster),
        stores: stores::count(look),
        racks,
    }
}

/// The rack that a node was given.
pub(super) fn rack(slot: &Slot) -> Option<&Str> {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => setup.rack.as_ref(),
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    }
}

/// All racks by name.
pub(super) fn racks(cluster: &Cluster<'_>) -> Vec<Str> {
    let racks: base::FlatSet<&Str> = cluster.brokers().filter_map(|(_, slot)| rack(slot)).collect();
    racks.iter().map(|rack| (*rack).clone()).collect()
}

/// Replicas that the broker is to have, and those that it has, or last had, besides: of each name one, as lanes have.
fn rows(look: &Look<'_>, cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot)) -> usize {
    let is_shown = |name: &&TopicPartition| look.internal || !metadata::topic_name::is_internal(&name.topic);
    let atlas = cluster.atlas();
    // Places go up: they are in the order of names.
    let places = atlas.assigned(id);
    let is_own = |place: Option<usize>| place.is_some_and(|place| places.binary_search(&place).is_ok());
    let held = cluster::broker(slot).into_iter().flat_map(|broker| broker.partitions().iter());
    // By their ids first: of thousands of replicas none is touched then.
    let besides = held.filter(|(id, _)| !is_own(atlas.place_of(**id))).map(|(_, partition)| partition.name());
    let besides = besides.filter(|name| !is_own(atlas.place(name))).filter(is_shown).count();
    places.iter().map(|place| &atlas.names[*place].1).filter(is_shown).count() + besides
}

/// A group's members, the most that one of them owns, and the topics that they read.
type Known<'a> = (usize, usize, Vec<&'a Str>);

fn groups(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<GroupShape> {
    let mut groups: FlatMap<&GroupId, Known<'_>> = FlatMap::new();
    for slot in look.slots() {
        if let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config {
            let consumer = slot.process.as_ref().and_then(process::Process::consumer).filter(|_| slot.liveness.is_up());
            let owned = consumer.map_or(0, |consumer| consumer.assignment().count());
            let group = groups.entry(&setup.group).or_default();
            (group.0, group.1) = (group.0 + 1, group.1.max(owned));
            group.2.extend(&setup.topics);
        }
    }
    let shape = |(name, (members, owned, topics)): (&&GroupId, &Known<'_>)| GroupShape {
        name: (*name).clone(),
        members: *members,
        reads: one::reads(cluster, topics.iter().copied()),
        owned: *owned,
    };
    groups.iter().map(shape).collect()
}

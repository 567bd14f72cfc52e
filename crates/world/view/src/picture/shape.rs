//! Who is there and how many rows each would have: enough to choose how much a picture is to hold.

use base::{BrokerId, FlatMap, GroupId, Str};
use port::ProcessConfig;
use sim::Slot;

use super::cluster::{self, Cluster};
use super::{Look, Memory, crowds, one};
use crate::{GroupShape, LaneShape, Shape};

/// The shape of a moment. Reads no record.
pub fn shape(look: &Look<'_>, memory: &mut Memory) -> Shape {
    let cluster = Cluster::known_by(look, memory);
    let racks = racks(&cluster);
    let assigned = assigned(look, &cluster);
    let lane = |(id, slot): (BrokerId, &Slot)| LaneShape {
        process: slot.id,
        id,
        rows: held(look, slot) + assigned.get(&id).copied().unwrap_or(0),
        rack: rack(slot).and_then(|own| racks.iter().position(|rack| rack == own)),
    };
    let brokers = cluster.brokers().map(lane).collect();
    let is_producer = |slot: &&Slot| matches!(slot.config, ProcessConfig::Producer(..));
    Shape {
        brokers,
        partitions: cluster.partitions(look.internal).count(),
        controllers: cluster.controllers().count(),
        producers: look.world.slots().filter(is_producer).count(),
        crowds: crowds::gathered(look).len(),
        groups: groups(look, &cluster),
        racks,
    }
}

/// The rack that a node was given.
pub(super) fn rack(slot: &Slot) -> Option<&Str> {
    match &slot.config {
        ProcessConfig::Node(setup) => setup.rack.as_ref(),
        ProcessConfig::Producer(..) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => None,
    }
}

/// All racks by name.
pub(super) fn racks(cluster: &Cluster<'_>) -> Vec<Str> {
    let racks: base::FlatSet<&Str> = cluster.brokers().filter_map(|(_, slot)| rack(slot)).collect();
    racks.iter().map(|rack| (*rack).clone()).collect()
}

/// Replicas that the broker has, or last had.
fn held(look: &Look<'_>, slot: &Slot) -> usize {
    let Some(broker) = cluster::broker(slot) else { return 0 };
    let is_shown = |topic: &Str| look.internal || !metadata::topic_name::is_internal(topic);
    broker.partitions().values().filter(|partition| is_shown(&partition.name().topic)).count()
}

/// Replicas that a broker is to have, and has not, by broker.
fn assigned(look: &Look<'_>, cluster: &Cluster<'_>) -> FlatMap<BrokerId, usize> {
    let mut counts: FlatMap<BrokerId, usize> = FlatMap::new();
    for (id, _) in cluster.partitions(look.internal) {
        for replica in cluster.registration(*id).into_iter().flat_map(|registration| &registration.replicas) {
            let holds = cluster.slot(*replica).and_then(cluster::broker).map(|broker| broker.partition(*id).is_some());
            if holds != Some(true) {
                *counts.entry(*replica).or_default() += 1;
            }
        }
    }
    counts
}

/// A group's members, the most that one of them owns, and the topics that they read.
type Known<'a> = (usize, usize, Vec<&'a Str>);

fn groups(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<GroupShape> {
    let mut groups: FlatMap<&GroupId, Known<'_>> = FlatMap::new();
    for slot in look.world.slots() {
        if let ProcessConfig::Consumer(_, setup) = &slot.config {
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

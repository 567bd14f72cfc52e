//! Which rows a lane has: what the broker holds, what lies on its disk, and what it is to hold. Nothing of this goes away
//! because a broker stopped, came back, was fenced or lost an election.

use std::rc::Rc;

use base::{BrokerId, FlatMap, ProcessId, Shared, TopicIdPartition, TopicPartition};
use broker::{Partition, StoredLog};
use log::Log;
use metadata::PartitionRegistration;
use port::MemoryStore;
use sim::{Liveness, Slot};

use super::Look;
use super::cluster::{self, Cluster};

/// What lies on the disks of brokers that have not opened it, each disk read once.
#[derive(Default)]
pub(super) struct DiskBook {
    read: FlatMap<ProcessId, (MemoryStore, Rc<[StoredLog]>)>,
}

impl DiskBook {
    fn logs(&mut self, look: &Look<'_>, slot: &Slot) -> Rc<[StoredLog]> {
        let is_same = |store: &MemoryStore| store.has_same(&slot.store, broker::is_about_logs);
        if let Some((_, logs)) = self.read.get(&slot.id).filter(|(store, _)| is_same(store)) {
            return logs.clone();
        }
        let logs: Rc<[StoredLog]> = broker::on_disk(&mut slot.store.clone(), look.world.wall()).into();
        self.read.insert(slot.id, (slot.store.clone(), logs.clone()));
        logs
    }

    /// The logs that count for this broker: only where the process itself does not know them, or has lost them.
    pub(super) fn of(&mut self, look: &Look<'_>, slot: &Slot) -> Rc<[StoredLog]> {
        let opened = cluster::broker(slot).is_some_and(|broker| !broker.partitions().is_empty());
        match (slot.liveness, opened) {
            (Liveness::PoweredOff, _) | (_, false) => self.logs(look, slot),
            (Liveness::Running | Liveness::Paused | Liveness::Stopped | Liveness::Killed, true) => {
                self.read.remove(&slot.id);
                Rc::new([])
            }
        }
    }
}

/// One replica: a partition on a broker.
pub(super) struct Replica<'a> {
    pub broker: BrokerId,
    pub slot: &'a Slot,
    pub name: &'a TopicPartition,
    /// As the broker's process knows it, or knew it last.
    pub partition: Option<&'a Partition>,
    /// The same, to know it again.
    pub shared: Option<&'a Shared<Partition>>,
    /// What it has; of a broker without power, what its disk has.
    pub log: Option<&'a Log>,
    /// The id under which records are known.
    pub id: TopicIdPartition,
    /// What has been decided about it.
    pub registered: Option<&'a PartitionRegistration>,
}

/// All replicas of a broker that are not hidden, by name.
pub(super) fn replicas<'a>(
    look: &Look<'_>,
    cluster: &'a Cluster<'_>,
    stored: &'a [StoredLog],
    (broker, slot): (BrokerId, &'a Slot),
) -> Vec<Replica<'a>> {
    let mut found: FlatMap<&TopicPartition, Replica<'a>> = FlatMap::new();
    let is_shown = |name: &TopicPartition| look.internal || !metadata::topic_name::is_internal(&name.topic);
    let blank = |name, id| Replica {
        broker,
        slot,
        name,
        partition: None,
        shared: None,
        log: None,
        id,
        registered: cluster.known().partition(id),
    };
    for (id, name) in cluster.assigned(broker).filter(|(_, name)| is_shown(name)) {
        found.insert(name, blank(name, *id));
    }
    let without_power = slot.liveness == Liveness::PoweredOff;
    let opened = cluster::broker(slot).into_iter().flat_map(|broker| broker.partitions().values());
    for partition in opened.filter(|partition| is_shown(partition.name())) {
        let replica = found.get_or_insert_with(partition.name(), || blank(partition.name(), partition.id()));
        // Of two topics of the same name the one that there is now counts, unless only the other is here.
        if replica.partition.is_none() || replica.registered.is_none() {
            (replica.partition, replica.shared) = (Some(&**partition), Some(partition));
            replica.log = Some(partition.log()).filter(|_| !without_power);
            (replica.id, replica.registered) = (partition.id(), cluster.known().partition(partition.id()));
        }
    }
    for log in stored.iter().filter(|log| is_shown(&log.partition)) {
        let replica = found.get_or_insert_with(&log.partition, || blank(&log.partition, log.id));
        (replica.log, replica.id) = (Some(&log.log), log.id);
    }
    found.into_values().collect()
}

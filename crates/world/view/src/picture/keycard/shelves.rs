//! Whose logs can be looked into: as a broker's process knows them; before it has opened them, or when it has lost them with
//! its power, as they lie on its disk.

use std::rc::Rc;

use base::{ProcessId, TopicIdPartition};
use broker::{Partition, StoredLog};
use log::Log;
use sim::{Liveness, Slot};

use super::super::Look;
use super::super::cluster::{self, Cluster};
use super::super::replicas::DiskBook;

/// See the module.
pub(super) struct Shelves {
    stored: Vec<(ProcessId, Rc<[StoredLog]>)>,
}

/// A replica's log, and the partition as the process knows it, if that is where it is from.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    pub slot: &'a Slot,
    pub log: &'a Log,
    pub partition: Option<&'a Partition>,
}

impl Shelves {
    pub(super) fn of(look: &Look<'_>, cluster: &Cluster<'_>, disks: &mut DiskBook) -> Shelves {
        let stored = cluster.brokers().map(|(_, slot)| (slot.id, disks.of(look, slot)));
        Shelves { stored: stored.collect() }
    }

    /// What a broker holds of a partition.
    pub(super) fn held<'a>(&'a self, slot: &'a Slot, id: TopicIdPartition) -> Option<Held<'a>> {
        let opened = || cluster::broker(slot)?.partition(id).map(|own| (own.log(), Some(own)));
        let known = opened().filter(|_| slot.liveness != Liveness::PoweredOff);
        let (_, stored) = self.stored.iter().find(|(process, _)| *process == slot.id)?;
        let on_disk = || stored.iter().find(|stored| stored.id == id).map(|stored| (&stored.log, None));
        known.or_else(on_disk).map(|(log, partition)| Held { slot, log, partition })
    }
}

//! One of a world's clusters: its plan, its processes and their places. Names of processes are the world's and need no
//! cluster; `node.id`s are a cluster's own.

use crate::setup::{ClusterIndex, ClusterPlan};
use crate::slot::Slot;
use crate::world::World;
use base::{BrokerId, ProcessId, Str};
use metadata::Image;
use port::{KafkaSetup, ProcessConfig};

/// A cluster as it is at the world's instant.
#[derive(Clone, Copy, Debug)]
pub struct Cluster<'a> {
    world: &'a World,
    index: ClusterIndex,
    plan: &'a ClusterPlan,
}

impl<'a> Cluster<'a> {
    /// `None`: there are not so many.
    pub(crate) fn of(world: &'a World, index: ClusterIndex) -> Option<Cluster<'a>> {
        Some(Cluster { world, index, plan: world.setup().cluster(index)? })
    }

    /// The world that it is part of.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// Its number in the world.
    pub fn index(&self) -> ClusterIndex {
        self.index
    }

    /// As it was set up; brokers may have been added since.
    pub fn plan(&self) -> &'a ClusterPlan {
        self.plan
    }

    /// Is it the only cluster of its world?
    pub fn is_alone(&self) -> bool {
        self.world.setup().clusters.len() == 1
    }

    /// What commands for it name: nothing where they mean it anyway, because it is the first.
    pub fn command_name(&self) -> Option<Str> {
        (self.index != ClusterIndex::FIRST).then(|| self.plan.cluster_id.clone())
    }

    /// Does the process belong to it?
    pub fn has(&self, process: ProcessId) -> bool {
        self.is_alone() || self.world.cluster_of(process) == self.index
    }

    /// Its nodes, its admin client and the clients that were told of its brokers.
    pub fn slots(&self) -> impl Iterator<Item = &'a Slot> + use<'a> {
        let index = self.index;
        self.world.slots().filter(move |slot| slot.cluster == index)
    }

    /// The place of the node with that `node.id`.
    pub fn node(&self, id: BrokerId) -> Option<&'a Slot> {
        self.slots()
            .find(|slot| matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.node == id))
    }

    /// The process that carries out operators' requests.
    pub fn admin(&self) -> ProcessId {
        self.world.admins[usize::from(self.index.0)]
    }

    /// The metadata of the broker that knows most, of those that are up or were.
    pub(crate) fn newest_image(&self) -> Option<&'a Image> {
        let images = self.slots().filter_map(|slot| Some(slot.process.as_ref()?.node()?.broker()?.image()));
        images.max_by_key(|image| image.last_applied())
    }
}

//! Who has a lane in the diagram, in which order, and what is said of them.

use base::{FlatMap, FlatSet, ProcessId};
use port::{KafkaSetup, ProcessConfig};
use sim::journal::Told;
use sim::{ClusterIndex, Liveness, Slot, World};

use super::lines::Scale;
use crate::spacetime::{LaneState, SpacetimeLane, SpacetimeView};
use crate::text::Text;

/// Lanes below each other.
pub(super) struct Lanes<'a> {
    slots: Vec<&'a Slot>,
    places: FlatMap<ProcessId, usize>,
    /// Processes with messages for which there is no room.
    pub(super) left_out: usize,
}

impl<'a> Lanes<'a> {
    /// Controllers, brokers, clients; where there are more than there is room for, those with messages. The operators'
    /// client has a lane only while it has something to say.
    pub(super) fn of(world: &'a World, told: &[&Told], cluster: Option<ClusterIndex>) -> Lanes<'a> {
        let ends = told.iter().flat_map(|told| [Some(told.from), told.to]).flatten();
        let speaking: FlatSet<ProcessId> = ends.collect();
        let speaks = |slot: &Slot| speaking.contains(&slot.id);
        let is_shown = |slot: &&Slot| cluster.is_none_or(|cluster| slot.cluster == cluster) || speaks(slot);
        let usual = |slot: &&Slot| !is_admin(slot) || speaks(slot);
        let mut slots: Vec<&Slot> = world.slots().filter(is_shown).filter(usual).collect();
        if slots.len() > SpacetimeView::LANES {
            slots.retain(|slot| speaks(slot));
        }
        base::sort_by_key(&mut slots, |slot| (slot.cluster, rank(slot), slot.id));
        let left_out = slots.len().saturating_sub(SpacetimeView::LANES);
        slots.truncate(SpacetimeView::LANES);
        let places = slots.iter().enumerate().map(|(place, slot)| (slot.id, place)).collect();
        Lanes { slots, places, left_out }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn place(&self, process: ProcessId) -> Option<usize> {
        self.places.get(&process).copied()
    }

    pub(super) fn views(&self, scale: &Scale, text: &Text) -> Vec<SpacetimeLane> {
        let view = |slot: &&Slot| SpacetimeLane {
            process: slot.id,
            name: name(slot, text),
            role: text.spacetime.roles[role(slot)],
            since: (slot.since > scale.from).then(|| scale.x(slot.since)),
            was: if slot.liveness == Liveness::Running { LaneState::Down } else { LaneState::Runs },
            state: match slot.liveness {
                Liveness::Running => LaneState::Runs,
                Liveness::Paused => LaneState::Hangs,
                Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => LaneState::Down,
            },
        };
        self.slots.iter().map(view).collect()
    }
}

/// Does a process of the cluster send or receive it?
pub(super) fn is_of(world: &World, told: &Told, cluster: Option<ClusterIndex>) -> bool {
    let ends = [Some(told.from), told.to];
    cluster.is_none_or(|cluster| ends.into_iter().flatten().any(|end| world.cluster_of(end) == cluster))
}

/// What a process is called: brokers as on the stage, all others as commands call them.
pub fn process_name(world: &World, process: ProcessId, text: &Text) -> String {
    world.slot(process).map_or_else(|| process.0.to_string(), |slot| name(slot, text))
}

fn name(slot: &Slot, text: &Text) -> String {
    match &slot.config {
        // Numbers of brokers are one cluster's; further ones' nodes are called after it.
        ProcessConfig::Kafka(KafkaSetup::Node(setup))
            if setup.roles.is_broker() && slot.cluster == ClusterIndex::FIRST =>
        {
            (text.stage.broker)(setup.node.0)
        }
        ProcessConfig::Kafka(
            KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..),
        )
        | ProcessConfig::Other(_) => slot.name.to_string(),
    }
}

/// The place of its role's name in `SpacetimeText::roles`.
fn role(slot: &Slot) -> usize {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => match (setup.roles.is_controller(), setup.roles.is_broker()) {
            (true, false) => 0,
            (false, _) => 1,
            (true, true) => 2,
        },
        ProcessConfig::Kafka(KafkaSetup::Producer(..)) => 3,
        ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => 4,
        ProcessConfig::Kafka(KafkaSetup::Admin(..)) => 5,
        ProcessConfig::Other(_) => 6,
    }
}

/// Controllers above brokers above clients, as on the stage.
fn rank(slot: &Slot) -> usize {
    match role(slot) {
        0 => 0,
        1 | 2 => 1,
        client => client,
    }
}

fn is_admin(slot: &Slot) -> bool {
    matches!(slot.config, ProcessConfig::Kafka(KafkaSetup::Admin(..)))
}

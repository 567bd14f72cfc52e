//! What everything in a picture rests on besides the processes themselves: what the reader has chosen, who runs, what has
//! been decided. While it stays, whatever depends on it and on processes that nobody touched is the same as before.

use base::{BrokerId, ProcessId, Time, TopicPartition, Witness};
use lab::Firsts;
use metadata::ImageWitness;
use sim::{Liveness, Slot, World};

use super::Look;
use super::cluster::Cluster;
use crate::text::Language;
use crate::{Detail, Thing};

/// Everything that lanes, rows, cards and groups share.
#[derive(PartialEq)]
struct Ground {
    language: Language,
    details: bool,
    detail: Detail,
    opened: Vec<BrokerId>,
    internal: bool,
    reduced: bool,
    first_visit: bool,
    selection: Option<Thing>,
    partition: Option<TopicPartition>,
    lit_key: Option<char>,
    firsts: Option<Firsts>,
    processes: Vec<(Liveness, Time)>,
    silent: Vec<(ProcessId, ProcessId)>,
}

/// The ground of the last picture, numbered: another number, another ground.
#[derive(Default)]
pub(super) struct GroundBook {
    number: u64,
    ground: Option<Ground>,
    images: Option<[ImageWitness; 2]>,
}

impl GroundBook {
    /// The number of the ground of this picture.
    pub(super) fn number(&mut self, look: &Look<'_>, cluster: &Cluster<'_>) -> u64 {
        let images = [Some(cluster.known()), cluster.image()];
        let saw = |seen: &[ImageWitness; 2]| {
            images.iter().zip(seen).all(|(image, witness)| image.is_none_or(|image| witness.saw(image)))
        };
        let ground = Ground::of(look, cluster);
        if !self.images.as_ref().is_some_and(saw) || self.ground.as_ref() != Some(&ground) {
            self.number += 1;
            let known = cluster.known();
            self.images = Some([known.witness(), cluster.image().unwrap_or(known).witness()]);
            self.ground = Some(ground);
        }
        self.number
    }
}

impl Ground {
    fn of(look: &Look<'_>, cluster: &Cluster<'_>) -> Ground {
        Ground {
            language: look.text.language,
            details: look.details,
            detail: look.detail,
            opened: look.opened.to_vec(),
            internal: look.internal,
            reduced: look.reduced,
            first_visit: look.first_visit,
            selection: look.selection.cloned(),
            partition: look.partition.cloned(),
            lit_key: look.lit_key,
            firsts: look.account.firsts.cloned(),
            processes: look.slots().map(|slot| (slot.liveness, slot.since)).collect(),
            silent: cluster.silent_ways().collect(),
        }
    }
}

/// Processes that were seen as they are.
#[derive(Default)]
pub(super) struct Watch(Vec<(ProcessId, Witness<Slot>)>);

impl Watch {
    pub(super) fn of(world: &World, processes: impl IntoIterator<Item = ProcessId>) -> Watch {
        let mut watch: Vec<(ProcessId, Witness<Slot>)> = Vec::new();
        for process in processes {
            if let Some(witness) = world.witness(process).filter(|_| watch.iter().all(|(seen, _)| *seen != process)) {
                watch.push((process, witness));
            }
        }
        Watch(watch)
    }

    /// Has nobody touched any of them?
    pub(super) fn holds(&self, world: &World) -> bool {
        self.0.iter().all(|(process, witness)| world.is_seen_by(*process, witness))
    }
}

//! What a member that is gone leaves behind: its partitions stay its own until the group gives them to others.

use base::TopicPartition;
use client::Consumer;
use coordinator::ClassicGroup;
use port::ProcessConfig;
use sim::Slot;

use super::Look;
use super::cluster::Cluster;
use crate::OwnedView;

/// A member whose process has ended, and its group as the coordinator knows it.
pub(super) struct Gone<'a> {
    pub slot: &'a Slot,
    pub consumer: &'a Consumer,
    pub known: Option<&'a ClassicGroup>,
}

/// The partitions that the group has not taken from it.
pub(super) fn left_behind(look: &Look<'_>, cluster: &Cluster<'_>, gone: &Gone<'_>) -> Vec<OwnedView> {
    let id = &gone.consumer.membership().member_id;
    if gone.known.is_some_and(|known| !known.members().contains_key(id)) {
        return Vec::new();
    }
    let left = gone.consumer.assignment().filter(|name| cluster.is_drawn(name) && !is_taken(look, gone, name));
    let view = |name: &TopicPartition| {
        let note = look.text.stage.nobody_reads.to_owned();
        OwnedView {
            label: format!("{name} {note}"),
            hue: look.hue(&name.topic),
            cut_off: true,
            note,
            partition: name.clone(),
        }
    };
    left.map(view).collect()
}

/// Does another member of its group have the partition by now?
fn is_taken(look: &Look<'_>, gone: &Gone<'_>, name: &TopicPartition) -> bool {
    let group = |slot: &Slot| match &slot.config {
        ProcessConfig::Consumer(_, setup) => Some(setup.group.clone()),
        ProcessConfig::Node(_) | ProcessConfig::Producer(..) | ProcessConfig::Admin(..) => None,
    };
    let own = group(gone.slot);
    let others = look.world.slots().filter(|slot| slot.liveness.is_up() && group(slot) == own);
    let mut members = others.filter_map(|slot| slot.process.as_ref()?.consumer());
    members.any(|member| member.assignment().any(|owned| owned == name))
}

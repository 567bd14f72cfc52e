//! What a member that is gone leaves behind: its partitions have a place with it until others of its group have them.

use base::TopicPartition;
use client::Consumer;
use port::{KafkaSetup, ProcessConfig};
use sim::Slot;

use super::cluster::Cluster;
use super::{Look, cards};
use crate::{OwnedLine, OwnedView};

/// The partitions of a member whose process has ended that nobody else in its group has yet.
pub(super) fn left_behind(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (gone, consumer): (&Slot, &Consumer),
) -> Vec<OwnedView> {
    let left = consumer.assignment().filter(|name| cluster.is_drawn(name) && !is_taken(look, gone, name));
    let view = |name: &TopicPartition| {
        let said = OwnedLine::Nobody;
        let note = cards::owned(said, look.text);
        OwnedView {
            label: format!("{name} {note}"),
            hue: look.hue(&name.topic),
            cut_off: true,
            said,
            note,
            partition: name.clone(),
        }
    };
    left.map(view).collect()
}

/// Does another member of its group have the partition by now, or had it later?
fn is_taken(look: &Look<'_>, gone: &Slot, name: &TopicPartition) -> bool {
    let group = |slot: &Slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => Some(setup.group.clone()),
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    };
    let own = group(gone);
    let is_later = |slot: &&Slot| slot.liveness.is_up() || (slot.since, slot.id) > (gone.since, gone.id);
    let others = look.slots().filter(|slot| slot.id != gone.id && group(slot) == own).filter(is_later);
    let mut members = others.filter_map(|slot| slot.process.as_ref()?.consumer());
    members.any(|member| member.assignment().any(|owned| owned == name))
}

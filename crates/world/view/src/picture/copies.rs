//! Replication that is under way, and remarks at rows where something waits.

use base::{BrokerId, Offset, ProcessId};
use broker::Partition;
use port::{Fact, KafkaFact};
use sim::{Liveness, Slot};

use super::Look;
use super::cluster::Cluster;
use crate::{CalloutTone, CalloutView, CopyView};

/// How long a remark about something new stays, in milliseconds of presentation.
const REMARK: f32 = 400.0;
/// More lines than these say nothing any more.
const COPIES_MAX: usize = 12;

/// A line for each follower that a leader has records for which it has not yet.
pub(super) fn copies(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<CopyView> {
    let mut copies = Vec::new();
    for (id, name) in cluster.drawn() {
        // Nobody leads it, so nobody is copied.
        let Some((leader, partition)) = cluster.serving(id) else { continue };
        let runs = |slot: &Slot| slot.liveness == Liveness::Running && !cluster.is_cut_between(leader.id, slot.id);
        for (_, slot) in cluster.brokers().filter(|_| leader.liveness == Liveness::Running) {
            if slot.id != leader.id && runs(slot) && lags(slot, partition) {
                copies.push(CopyView {
                    partition: name.clone(),
                    hue: look.hue(&name.topic),
                    leader: leader.id,
                    follower: slot.id,
                });
            }
        }
    }
    if copies.len() > COPIES_MAX { Vec::new() } else { copies }
}

/// Does it lack records that its leader has?
fn lags(slot: &Slot, leader: &Partition) -> bool {
    let copy = super::cluster::broker(slot).and_then(|broker| broker.partition(leader.id()));
    copy.is_some_and(|copy| copy.log_end() < leader.log_end())
}

/// Remarks: a high watermark that is held back, for nothing else says why records wait; in detail also a leader that has
/// just begun.
pub(super) fn callouts(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<CalloutView> {
    let mut callouts: Vec<CalloutView> = Vec::new();
    for recent in look.recent.iter().filter(|recent| look.details && recent.age < REMARK) {
        if let Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, start_offset, previous_leader: Some(_) }) =
            &recent.fact
        {
            callouts.push(CalloutView {
                broker: recent.process,
                partition: partition.clone(),
                tone: CalloutTone::Metadata,
                strong: (look.text.stage.epoch_from)(epoch.0, start_offset.0),
                rest: String::new(),
            });
        }
    }
    for (id, name) in cluster.drawn() {
        let held = cluster.serving(id).and_then(|(slot, partition)| held_back(look, cluster, slot, partition));
        if let Some((broker, strong, rest)) = held {
            callouts.push(CalloutView { broker, partition: name.clone(), tone: CalloutTone::Warning, strong, rest });
        }
    }
    callouts.truncate(4);
    callouts
}

/// The high watermark stays because members of the ISR are silent: all of those that hold it.
fn held_back(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    slot: &Slot,
    partition: &Partition,
) -> Option<(ProcessId, String, String)> {
    let leader = partition.leader().filter(|_| slot.liveness == Liveness::Running)?;
    let mark: Offset = partition.high_watermark();
    if partition.log_end() <= mark {
        return None;
    }
    let is_silent = |member: &&BrokerId| {
        let other = cluster.slot(**member).filter(|other| other.id != slot.id);
        other.is_some_and(|other| other.liveness != Liveness::Running || cluster.is_cut_between(slot.id, other.id))
    };
    let holds = |member: &&BrokerId| leader.follower(**member).is_some_and(|follower| follower.log_end <= mark);
    let silent: Vec<i32> = leader.isr().iter().filter(is_silent).filter(holds).map(|member| member.0).collect();
    let words = &look.text.stage;
    (!silent.is_empty()).then(|| (slot.id, (words.mark_stays)(mark.0), (look.text.lanes.still_in_isr)(&silent)))
}

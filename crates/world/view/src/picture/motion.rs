//! What moves in this frame: messages in flight and roles that travel.

use base::{FlatMap, Offset, ProcessId, Str, TopicPartition};
use port::{Fact, KafkaFact, KafkaSetup, ProcessConfig, WorldFact};

use super::cells::SHOWN;
use super::cluster::Cluster;
use super::flows::{are_flows, flows_away};
use super::packets::packets;
use super::{Look, Memory};
use crate::{CellsView, MotionView, OutlineView, TweenView};

/// A role travels (tokens: `--d-fly`).
const FLY: f32 = 320.0;
/// A ribbon lets go (`--d-sweep`).
const LET_GO: f32 = 240.0;
/// A wire snaps open.
const SNAP: f32 = 180.0;

/// Everything that moves.
pub fn motion(look: &Look<'_>, memory: &mut Memory) -> MotionView {
    let cluster = Cluster::known_by(look, memory);
    let mut packets = packets(look, &cluster);
    let mut flows = Vec::new();
    if are_flows(look) {
        packets.retain(|packet| !flows_away(packet));
        flows = super::flows::flows(look, &cluster);
    }
    MotionView {
        packets,
        flows,
        tweens: tweens(look, &cluster),
        outlines: if look.reduced { outlines(look, &cluster) } else { Vec::new() },
    }
}

/// Changes of the last moments that are shown as movement; each ends by the world's clock, so that going back shows
/// it again.
fn tweens(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<TweenView> {
    let mut tweens = Vec::new();
    let mut revoked: FlatMap<(Str, TopicPartition), ProcessId> = FlatMap::new();
    // Where motion is reduced the end is shown at once, and the way for as long as facts count as recent.
    let (fly, let_go) = if look.reduced { (f32::MAX, f32::MAX) } else { (FLY, LET_GO) };
    let share = |age: f32, length: f32| if look.reduced { 1.0 } else { (age / length).clamp(0.0, 1.0) };
    for recent in look.recent {
        let progress = share(recent.age, FLY);
        match &recent.fact {
            Fact::Kafka(KafkaFact::BecameLeader { partition, previous_leader: Some(previous), .. })
                if recent.age < fly =>
            {
                let shown = look.internal || !metadata::topic_name::is_internal(&partition.topic);
                if let Some(from) = cluster.place(*previous).filter(|from| shown && *from != recent.process) {
                    let hue = look.hue(&partition.topic);
                    tweens.push(TweenView::Leadership {
                        partition: partition.clone(),
                        hue,
                        from,
                        to: recent.process,
                        progress,
                    });
                }
            }
            Fact::Kafka(KafkaFact::BecameActiveController { .. }) if recent.age < fly => {
                let from = last_active_before(look, recent.process);
                tweens.extend(from.map(|from| TweenView::Crown { from, to: recent.process, progress }));
            }
            Fact::Kafka(KafkaFact::PartitionRevoked { group, partition, .. }) => {
                revoked.insert((group.clone(), partition.clone()), recent.process);
                if recent.age < let_go {
                    let gone = share(recent.age, LET_GO);
                    tweens.extend(ribbon(look, cluster, partition, (Some(recent.process), None, gone)));
                }
            }
            Fact::Kafka(KafkaFact::PartitionAssigned { group, partition, .. }) if recent.age < fly => {
                let from = revoked.get(&(group.clone(), partition.clone())).copied();
                tweens.extend(ribbon(look, cluster, partition, (from, Some(recent.process), progress)));
            }
            Fact::World(WorldFact::ConnectionClosed { peer, .. }) if recent.age < SNAP => {
                let progress = (recent.age / SNAP).clamp(0.0, 1.0);
                tweens.extend(snap(look, cluster, (recent.process, *peer), progress));
            }
            Fact::Kafka(KafkaFact::ClientMetadataUpdated { .. }) if recent.age < fly => {
                tweens.extend(reattached(look, cluster, (recent.process, recent.at, progress)));
            }
            _other => {}
        }
    }
    tweens
}

/// What has changed in the last second, in place of movement.
fn outlines(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<OutlineView> {
    let mut outlines: Vec<OutlineView> = Vec::new();
    for recent in look.recent {
        let process = recent.process;
        let changed = match &recent.fact {
            Fact::Kafka(
                KafkaFact::Appended { partition, base, last, .. } | KafkaFact::Replicated { partition, base, last, .. },
            ) => cells(cluster, process, partition, (*base, Offset(last.0 + 1))),
            Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition, from, to }) => {
                cells(cluster, process, partition, (*from, *to))
            }
            Fact::Kafka(
                KafkaFact::BecameLeader { partition, .. }
                | KafkaFact::Truncated { partition, .. }
                | KafkaFact::IsrChanged { partition, .. },
            ) => OutlineView::Row(process, partition.clone()),
            Fact::World(
                WorldFact::ProcessStarted
                | WorldFact::ProcessStopped { .. }
                | WorldFact::ProcessPaused
                | WorldFact::ProcessResumed,
            ) => OutlineView::of(look.world, cluster, process),
            Fact::Kafka(KafkaFact::VoteGranted { .. } | KafkaFact::BecameActiveController { .. }) => {
                OutlineView::Controller(process)
            }
            Fact::Kafka(
                KafkaFact::PartitionAssigned { .. } | KafkaFact::PartitionRevoked { .. } | KafkaFact::Delivered { .. },
            ) => OutlineView::Client(process),
            _unchanged => continue,
        };
        if !outlines.contains(&changed) {
            outlines.push(changed);
        }
    }
    outlines
}

/// The records themselves, or the row where the replica is not there any more.
fn cells(
    cluster: &Cluster<'_>,
    process: ProcessId,
    partition: &TopicPartition,
    (from, to): (Offset, Offset),
) -> OutlineView {
    let replica = || {
        let (_, slot) = cluster.brokers().find(|(_, slot)| slot.id == process)?;
        let id = cluster.id_of(partition)?;
        super::cluster::broker(slot)?.partition(id)
    };
    let Some(replica) = replica() else { return OutlineView::Row(process, partition.clone()) };
    let end = replica.log_end();
    let first = Offset((end.0 - SHOWN).max(replica.log().log_start().0));
    OutlineView::Cells(process, partition.clone(), CellsView { from, to, first, end })
}

impl OutlineView {
    /// A whole process: a lane, a controller or a client's card.
    fn of(world: &sim::World, cluster: &Cluster<'_>, process: ProcessId) -> OutlineView {
        let is_client =
            world.slot(process).is_some_and(|slot| !matches!(slot.config, ProcessConfig::Kafka(KafkaSetup::Node(_))));
        if is_client {
            OutlineView::Client(process)
        } else if cluster.brokers().any(|(_, slot)| slot.id == process) {
            OutlineView::Broker(process)
        } else {
            OutlineView::Controller(process)
        }
    }
}

fn producer<'a>(look: &Look<'a>, process: ProcessId) -> Option<&'a client::Producer> {
    look.world.slot(process)?.process.as_ref()?.producer()
}

/// A producer's wire to a broker opens in the middle.
fn snap(look: &Look<'_>, cluster: &Cluster<'_>, ends: (ProcessId, ProcessId), progress: f32) -> Option<TweenView> {
    let is_broker = |process: ProcessId| cluster.brokers().any(|(_, slot)| slot.id == process);
    let (writer, broker) = if producer(look, ends.0).is_some() { ends } else { (ends.1, ends.0) };
    let known = producer(look, writer).filter(|_| is_broker(broker))?;
    let metadata = known.network().metadata();
    let partition = known.queues().map(|(partition, _)| partition).find(|partition| {
        let leader = metadata.leader(&partition.topic, partition.partition);
        leader.and_then(|(leader, _)| cluster.place(leader)) == Some(broker)
    });
    Some(TweenView::Snap { producer: writer, broker, partition, progress })
}

/// A producer has learnt of new leaders: its wires swing over from those that it believed in.
fn reattached(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (process, at, progress): (ProcessId, base::Time, f32),
) -> Vec<TweenView> {
    // A consumer has learnt of them; it has no wires.
    let Some(writer) = producer(look, process) else { return Vec::new() };
    let updates = look.told.iter().rev().filter(|told| told.process == process && told.at < at);
    let before = updates
        .filter(|told| matches!(told.fact, Fact::Kafka(KafkaFact::ClientMetadataUpdated { .. })))
        .map(|told| told.at)
        .next();
    let fresh = look.told.iter().filter(|told| told.at < at && before.is_none_or(|before| told.at >= before));
    let moved =
        fresh.filter_map(|told| match &told.fact {
            Fact::Kafka(KafkaFact::PartitionChanged {
                partition, old_leader: Some(old), leader: Some(new), ..
            }) if old != new => Some((partition, *old, *new)),
            _other => None,
        });
    let tween = |(partition, old, new): (&TopicPartition, base::BrokerId, base::BrokerId)| {
        writer.queue(partition)?;
        Some(TweenView::Wire {
            producer: process,
            partition: partition.clone(),
            from: cluster.place(old)?,
            to: cluster.place(new)?,
            progress,
        })
    };
    moved.filter_map(tween).collect()
}

/// Who else was in charge last: the stopped or resigned controller whose log knows the highest earlier epoch.
fn last_active_before(look: &Look<'_>, now: ProcessId) -> Option<ProcessId> {
    let cluster = Cluster::of(look.cluster);
    let others = cluster.controllers().filter(|(_, slot)| slot.id != now);
    let led = others.filter_map(|(_, slot)| {
        let quorum = super::cluster::node(slot)?.quorum();
        (quorum.is_leader() || !slot.liveness.is_up()).then(|| (quorum.epoch(), slot.id))
    });
    led.max().map(|(_, process)| process)
}

type Swing = (Option<ProcessId>, Option<ProcessId>, f32);

fn ribbon(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    partition: &TopicPartition,
    (from, to, progress): Swing,
) -> Option<TweenView> {
    let (slot, _) = cluster.leader(cluster.id_of(partition)?)?;
    let hue = look.hue(&partition.topic);
    Some(TweenView::Ribbon { partition: partition.clone(), hue, broker: slot.id, from, to, progress })
}

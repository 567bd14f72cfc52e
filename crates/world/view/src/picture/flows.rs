//! Records as flows: where messages pass too quickly to be followed, how many records take each way.

use base::{ProcessId, TopicPartition};
use lab::RECENT;
use port::{Fact, KafkaFact};

use super::Look;
use super::cluster::Cluster;
use crate::{FlowView, PacketFate, PacketKind, PacketView, Port};

/// A message that is under way for less, in seconds of the reader's time, cannot be followed.
const FOLLOWED: f64 = 0.3;
/// The width of the thinnest flow, how it grows with the root of the records per second, and the widest.
const WIDTH: (f32, f32, f32) = (1.5, 0.12, 14.0);
/// More flows than these cover each other.
const FLOWS_MAX: usize = 120;

/// Are there flows in place of single messages?
pub(super) fn are_flows(look: &Look<'_>) -> bool {
    look.account.pace.is_some_and(|pace| pace.flight(look.account.rate) < FOLLOWED)
}

/// Is it one of the messages that a flow stands for?
pub(super) fn flows_away(packet: &PacketView) -> bool {
    let with_records = matches!(packet.kind, PacketKind::Data | PacketKind::Acknowledgement);
    let of_row = |port: &Port| !matches!(port, Port::Controller(_) | Port::Lane(_));
    with_records && packet.fate == PacketFate::Arrives && of_row(&packet.from) && of_row(&packet.to)
}

/// What flows in this moment, by the facts of the last moments.
pub(super) fn flows(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<FlowView> {
    let mut ways: Vec<(Port, Port, &TopicPartition, u32)> = Vec::new();
    for recent in look.recent {
        // No records moved by it.
        let Some((partition, count)) = records(&recent.fact) else { continue };
        if !look.internal && metadata::topic_name::is_internal(&partition.topic) {
            continue;
        }
        // One of its ends is not on the picture.
        let Some((from, to)) = way(cluster, recent.process, (&recent.fact, partition)) else { continue };
        match ways.iter_mut().find(|way| way.0 == from && way.1 == to) {
            Some(way) => way.3 += count,
            None => ways.push((from, to, partition, count)),
        }
    }
    // The first to be told.
    ways.truncate(FLOWS_MAX);
    let seconds = span(look);
    let flow = |(from, to, partition, count): (Port, Port, &TopicPartition, u32)| {
        let rate = count as f32 / seconds;
        let width = (WIDTH.0 + WIDTH.1 * rate.sqrt()).min(WIDTH.2);
        FlowView { from, to, hue: look.hue(&partition.topic), rate, width }
    };
    ways.into_iter().map(flow).collect()
}

/// Seconds of Kafka that the facts at hand are from.
fn span(look: &Look<'_>) -> f32 {
    let whole = RECENT * look.account.rate;
    let oldest = look.recent.first().map_or(0.0, |recent| look.now().since(recent.at).0 as f64 / 1e9);
    // Of a great many only the newest are at hand.
    let held = match look.recent_since {
        Some(since) => look.now().since(since).0 as f64 / 1e9,
        None if look.recent.len() >= lab::RECENT_FACTS => oldest,
        None => whole.max(oldest),
    };
    held.max(1e-6) as f32
}

/// Records that go from one place to another by it, and how many.
fn records(fact: &Fact) -> Option<(&TopicPartition, u32)> {
    match fact {
        Fact::Kafka(
            KafkaFact::Appended { partition, base, last, .. } | KafkaFact::Replicated { partition, base, last, .. },
        ) => Some((partition, (last.0 - base.0 + 1).max(0) as u32)),
        Fact::Kafka(KafkaFact::Delivered { partition, .. }) => Some((partition, 1)),
        _no_records => None,
    }
}

/// From where to where the records came.
fn way(cluster: &Cluster<'_>, process: ProcessId, (fact, partition): (&Fact, &TopicPartition)) -> Option<(Port, Port)> {
    let leader = || cluster.leader(cluster.id_of(partition)?).map(|(slot, _)| slot.id);
    Some(match fact {
        Fact::Kafka(KafkaFact::Appended { records, .. }) => {
            let producer = records.as_ref()?.producer;
            (Port::Producer(producer), Port::RowIn(process, partition.clone()))
        }
        Fact::Kafka(KafkaFact::Replicated { .. }) => {
            (Port::RowCopy(leader()?, partition.clone()), Port::RowCopy(process, partition.clone()))
        }
        _delivered => (Port::RowOut(leader()?, partition.clone()), Port::Slot(process, partition.clone())),
    })
}

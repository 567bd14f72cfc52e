//! Records that flow where lanes are one line each: from cards of producers to brokers, and from brokers to groups.

use base::{FlatMap, ProcessId};

use super::cluster::Cluster;
use super::crowds::Crowds;
use super::tally::Tally;
use super::{Look, shape};
use crate::{Detail, StreamEnd, StreamView};

/// More brokers than these are joined by racks.
const BROKERS_MAX: usize = 12;

/// None where lanes have rows that wires lead to.
pub(super) fn streams(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (crowds, tally): (&Crowds<'_>, &Tally<'_>),
) -> Vec<StreamView> {
    if !look.is_dense(cluster) {
        return Vec::new();
    }
    let by_rack = cluster.brokers().count() > BROKERS_MAX;
    let end = |process: ProcessId| match look.world.slot(process) {
        Some(slot) if by_rack => StreamEnd::Rack(shape::rack(slot).cloned()),
        Some(_) | None => StreamEnd::Broker(process),
    };
    let mut streams: FlatMap<(StreamEnd, StreamEnd), (u8, u64)> = FlatMap::new();
    let mut add = |ends, topic: &str, records| {
        let stream = streams.entry(ends).or_insert_with(|| (look.hue(topic), 0));
        stream.1 += records;
    };
    let leader = |partition| cluster.head(partition).and_then(|head| head.leader).map(|(slot, _)| slot.id);
    for (producer, partition, records) in &tally.written {
        if let Some((leader, crowd)) = leader(partition).zip(crowds.of(*producer)) {
            add((StreamEnd::Crowd(crowd), end(leader)), &partition.topic, *records);
        }
    }
    for (group, partition, records) in &tally.given {
        if let Some(leader) = leader(partition) {
            add((end(leader), StreamEnd::Group((*group).clone())), &partition.topic, *records);
        }
    }
    let stream = |((from, to), (hue, records)): (&(StreamEnd, StreamEnd), &(u8, u64))| StreamView {
        from: from.clone(),
        to: to.clone(),
        hue: *hue,
        records: *records,
    };
    streams.iter().map(stream).collect()
}

impl Look<'_> {
    /// Are there streams in place of wires and ribbons?
    pub(super) fn is_dense(&self, cluster: &Cluster<'_>) -> bool {
        match self.detail {
            Detail::Cells => false,
            Detail::Lines => cluster.known_count(self) > super::cluster::DRAWN,
            Detail::Brokers => true,
        }
    }
}

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
    if look.is_dense(cluster) { flowing(look, cluster, (crowds, tally)) } else { Vec::new() }
}

// A function of its own, so that it can come after the opening.
#[inline(never)]
fn flowing(look: &Look<'_>, cluster: &Cluster<'_>, (crowds, tally): (&Crowds<'_>, &Tally<'_>)) -> Vec<StreamView> {
    let by_rack = cluster.brokers().count() > BROKERS_MAX;
    let end = |process: ProcessId| match look.world.slot(process) {
        Some(slot) if by_rack => StreamEnd::Rack(shape::rack(slot).cloned()),
        Some(_) | None => StreamEnd::Broker(process),
    };
    let mut streams: FlatMap<(StreamEnd, StreamEnd, u8), u64> = FlatMap::new();
    let mut add = |from, to, (topic, records): (&str, u64)| {
        *streams.entry((from, to, look.hue(topic))).or_default() += records;
    };
    for (way, partition, records) in &tally.written {
        if let Some(crowd) = crowds.of(way.producer) {
            add(StreamEnd::Crowd(crowd), end(way.leader), (&partition.topic, *records));
        }
    }
    for ((group, leader), partition, records) in &tally.given {
        add(end(*leader), StreamEnd::Group((*group).clone()), (&partition.topic, *records));
    }
    let stream = |((from, to, hue), records): (&(StreamEnd, StreamEnd, u8), &u64)| StreamView {
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

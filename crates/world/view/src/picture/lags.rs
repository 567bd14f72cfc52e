//! How far groups are behind. A position is what the owner itself goes on from; where nobody owns a partition, what the
//! group has committed. Where there is neither, nobody knows the lag, and it is not told as nought.

use base::{FlatSet, Offset, Str, TopicPartition};
use client::Consumer;
use coordinator::GroupOffsets;
use port::ConsumerSetup;
use sim::Slot;

use super::Look;
use super::cluster::Cluster;
use super::producers::short;
use super::tally::Tally;
use crate::LagView;

/// A group falls behind if it was given so much less than was written, in hundredths.
const LESS: u64 = 95;
/// Fewer records than these are on their way in a healthy group.
pub(super) const SOME: u64 = 10;

/// A group and its members.
pub(super) type Group<'a, 'b> = (&'b Str, &'b [(&'a Slot, &'a ConsumerSetup)]);

/// Over everything that members subscribe to.
pub(super) fn lag(look: &Look<'_>, cluster: &Cluster<'_>, (name, members): Group<'_, '_>) -> LagView {
    let committed = cluster.coordinator(name).and_then(|(_, broker, _)| broker.coordinator().offsets(name));
    let topics: FlatSet<&Str> = members.iter().flat_map(|(_, setup)| setup.topics.iter()).collect();
    let mut lag = LagView::default();
    let running: Vec<&Consumer> = members.iter().filter_map(|(slot, _)| consumer(slot)).collect();
    for topic in topics.iter() {
        let atlas = cluster.atlas();
        let mut positions = positions(&running, topic, atlas.topic(topic).len());
        fill(&mut positions, topic, committed);
        for (place, position) in atlas.topic(topic).zip(positions) {
            let mark = cluster.heads()[place].leader.map(|(_, partition)| partition.high_watermark());
            match mark.zip(position).map(|(mark, position)| mark.since(position).max(0).unsigned_abs()) {
                Some(behind) => add(&mut lag, &atlas.names[place].1, behind),
                None => lag.unknown += 1,
            }
        }
    }
    told(look, lag)
}

/// Was more written lately than the group was given?
pub(super) fn grows(tally: &Tally<'_>, (name, members): Group<'_, '_>) -> bool {
    let topics: FlatSet<&Str> = members.iter().flat_map(|(_, setup)| setup.topics.iter()).collect();
    let written: u64 = topics.iter().map(|topic| tally.written_to(topic)).sum();
    tally.given_to(name) * 100 < written * LESS
}

fn consumer(slot: &Slot) -> Option<&Consumer> {
    slot.process.as_ref().and_then(process::Process::consumer).filter(|_| slot.liveness.is_up())
}

/// Where the owners go on, of each partition of a topic.
fn positions(running: &[&Consumer], topic: &Str, count: usize) -> Vec<Option<Offset>> {
    let mut positions = vec![None; count];
    for (partition, state) in running.iter().flat_map(|consumer| consumer.partitions()) {
        if partition.topic == *topic
            && let Some(place) = positions.get_mut(partition.partition as usize)
        {
            *place = state.offset().max(*place);
        }
    }
    positions
}

fn fill(positions: &mut [Option<Offset>], topic: &Str, committed: Option<&GroupOffsets>) {
    // The group has committed nothing.
    let Some(committed) = committed else { return };
    for (number, position) in positions.iter_mut().enumerate().filter(|(_, position)| position.is_none()) {
        *position = committed.get(&TopicPartition::new(topic.clone(), number as i32)).map(|committed| committed.offset);
    }
}

fn add(lag: &mut LagView, partition: &TopicPartition, behind: u64) {
    lag.total += behind;
    if behind > lag.worst.as_ref().map_or(0, |(_, worst)| *worst) {
        lag.worst = Some((partition.clone(), behind));
    }
}

fn told(look: &Look<'_>, lag: LagView) -> LagView {
    let words = &look.text.dense;
    let text = match (lag.total, lag.unknown) {
        (_, 0) => short(lag.total),
        (0, _) => words.unknown_lag.to_owned(),
        (known, _) => (words.partly_unknown_lag)(&short(known)),
    };
    let worst = lag.worst.as_ref().map(|(partition, behind)| (words.worst)(&partition.to_string(), &short(*behind)));
    let unknown = (lag.unknown > 0).then(|| (words.unknown_partitions)(lag.unknown));
    let parts: Vec<String> = worst.into_iter().chain(unknown).collect();
    LagView { text, worst_text: parts.join(words.comma), ..lag }
}

//! What a process waits for: each timer in words, and the time that is left.

use base::{Time, TimerTable, TopicIdPartition};
use sim::Slot;

use super::cluster::{self, Cluster};
use super::{Look, property};
use crate::PropertyView;

/// Timers that are listed, the next to come first.
const TIMERS: usize = 12;

/// The timers of a process as they stand.
pub(super) fn of(look: &Look<'_>, cluster: &Cluster<'_>, slot: &Slot) -> Vec<PropertyView> {
    if !slot.liveness.is_up() {
        return Vec::new();
    }
    let words = &look.text.timers;
    let mut due: Vec<(Time, String)> = Vec::new();
    if let Some(node) = cluster::node(slot) {
        let name =
            |id: TopicIdPartition| cluster.image().and_then(|image| image.named(id)).map(|name| name.to_string());
        add(&mut due, node.quorum().timers(), &|timer| (words.quorum)(timer));
        if let Some(broker) = node.broker() {
            add(&mut due, broker.timers(), &|timer| (words.broker)(timer, &|id| name(id).unwrap_or_default()));
            add(&mut due, broker.coordinator().timers(), &|timer| (words.group)(timer));
        }
        if let Some(controller) = node.controller() {
            add(&mut due, controller.timers(), &|timer| (words.controller)(timer).to_owned());
        }
    }
    let process = slot.process.as_ref();
    if let Some(producer) = process.and_then(process::Process::producer) {
        add(&mut due, producer.timers(), &|timer| (words.producer)(timer));
        add(&mut due, producer.network().timers(), &|timer| (words.network)(timer));
    }
    if let Some(consumer) = process.and_then(process::Process::consumer) {
        add(&mut due, consumer.timers(), &|timer| (words.consumer)(timer).to_owned());
        add(&mut due, consumer.network().timers(), &|timer| (words.network)(timer));
    }
    base::sort(&mut due);
    let now = look.world.now();
    let row = |(at, name): (Time, String)| property(&name, Time(at.since(now).0));
    due.into_iter().take(TIMERS).map(row).collect()
}

fn add<K: Ord + Clone>(due: &mut Vec<(Time, String)>, table: &TimerTable<K>, name: &dyn Fn(&K) -> String) {
    due.extend(table.iter().map(|(key, at)| (at, name(key))));
}

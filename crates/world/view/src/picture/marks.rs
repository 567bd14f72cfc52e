//! Replicas as marks: by what has been decided, and by who serves it. Made anew only when that changes.

use std::rc::Rc;

use base::{BrokerId, FlatMap, ProcessId};

use super::cluster::Cluster;
use super::{Look, Memory};
use crate::{Detail, MarkRole, Marks, ReplicaMark};

/// The marks of the last picture, and what they were made of.
#[derive(Default)]
pub(super) struct MarkBook {
    ground: u64,
    leaders: Vec<Option<ProcessId>>,
    marks: FlatMap<BrokerId, Marks>,
    /// Where lanes have rows.
    none: Marks,
}

/// Makes the marks of this picture; none where lanes have rows.
pub(super) fn learn(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory) {
    if look.detail != Detail::Brokers {
        return;
    }
    let serving = |head: &super::cluster::Head<'_>| head.leader.filter(|_| head.serves).map(|(slot, _)| slot.id);
    let leaders: Vec<Option<ProcessId>> = cluster.heads().iter().map(serving).collect();
    let book = &mut memory.marks;
    if book.ground == cluster.ground && book.leaders == leaders {
        return;
    }
    let mut marks = FlatMap::new();
    for (id, slot) in cluster.brokers() {
        let all = of_broker(look, cluster, (id, slot.id), &leaders);
        let before = book.marks.get(&id).filter(|before| ***before == all);
        marks.insert(id, before.cloned().unwrap_or_else(|| Rc::new(all)));
    }
    (book.ground, book.leaders, book.marks) = (cluster.ground, leaders, marks);
}

impl MarkBook {
    /// The marks of a broker; the same as before, while they are.
    pub(super) fn of(&self, look: &Look<'_>, broker: BrokerId) -> Marks {
        let own = self.marks.get(&broker).filter(|_| look.detail == Detail::Brokers);
        own.unwrap_or(&self.none).clone()
    }
}

/// Leaders first, by topic and partition.
fn of_broker(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (broker, process): (BrokerId, ProcessId),
    leaders: &[Option<ProcessId>],
) -> Vec<ReplicaMark> {
    let atlas = cluster.atlas();
    let places = atlas.assigned(broker).iter().map(|place| (*place, &atlas.names[*place]));
    let shown = places.filter(|(_, (_, name))| look.internal || !metadata::topic_name::is_internal(&name.topic));
    let mark = |(place, (id, name)): (usize, &(base::TopicIdPartition, base::TopicPartition))| {
        let registered = cluster.known().partition(*id)?;
        Some(ReplicaMark {
            partition: name.clone(),
            hue: look.hue(&name.topic),
            role: if leaders[place] == Some(process) { MarkRole::Leads } else { MarkRole::Copies },
            short: registered.isr.len() < registered.replicas.len(),
            out: !registered.isr.contains(&broker),
            offline: leaders[place].is_none(),
        })
    };
    let mut marks: Vec<ReplicaMark> = shown.filter_map(mark).collect();
    base::sort_by(&mut marks, |one, other| (one.role, &one.partition).cmp(&(other.role, &other.partition)));
    marks
}

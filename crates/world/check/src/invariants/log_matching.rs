//! R13 `LogMatchingProperty`: two replicas that both have HW > o hold the same record and epoch at o.
//! On every step by epochs; at the end of a run record by record. Replicas that an unclean election has not brought in
//! line yet are left out.

use super::{Invariant, Moment};
use crate::history::History;
use base::{FlatMap, Offset, TopicIdPartition};
use broker::Partition;
use port::Fact;
use sim::World;

#[derive(Clone, Debug, Default)]
pub(super) struct LogMatching;

impl Invariant for LogMatching {
    fn id(&self) -> &'static str {
        "R13 LogMatchingProperty"
    }

    fn is_promised(&self, history: &History) -> bool {
        history.keeps_committed_data()
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        let moved = |fact: &Fact| matches!(fact, Fact::HighWatermarkAdvanced { .. } | Fact::Truncated { .. });
        if !moment.facts.iter().any(|(_, _, fact)| moved(fact)) {
            return Ok(());
        }
        for partition in moment.touched.iter() {
            let committed = moment.history.committed(partition.name()).filter(|committed| committed.binds(partition));
            let Some(committed) = committed else { continue };
            let common = partition.high_watermark().min(committed.end);
            if !History::epochs_below(partition, common).eq(committed.below(common)) {
                let held: Vec<_> = History::epochs_below(partition, common).collect();
                let (name, expected) = (partition.name(), committed.below(common).collect::<Vec<_>>());
                return Err(format!("{name}: below {common} this replica has epochs {held:?}, others {expected:?}"));
            }
        }
        Ok(())
    }
}

/// Every pair of replicas, batch by batch below both high watermarks.
pub(super) fn compare_all(world: &World, history: &History) -> Result<(), String> {
    let mut first: FlatMap<TopicIdPartition, &Partition> = FlatMap::new();
    let nodes = world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
    let binds =
        |partition: &Partition| history.committed(partition.name()).is_none_or(|committed| committed.binds(partition));
    for partition in nodes.flat_map(|broker| broker.partitions().values()).filter(|partition| binds(partition)) {
        match first.get(&partition.id()) {
            Some(other) => compare(other, partition)?,
            None => drop(first.insert(partition.id(), partition)),
        }
    }
    Ok(())
}

fn compare(one: &Partition, two: &Partition) -> Result<(), String> {
    let from = one.log().log_start().max(two.log().log_start());
    let to = one.high_watermark().min(two.high_watermark());
    let batches = |partition: &Partition| -> Vec<_> {
        let entries = partition.log().batches_from(from).take_while(|entry| entry.base_offset < to);
        entries.map(|entry| (entry.base_offset, entry.last_offset, entry.leader_epoch, entry.size())).collect()
    };
    let (mine, theirs) = (batches(one), batches(two));
    match mine.iter().zip(&theirs).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("{}: {a:?} here is {b:?} there, below {to}", one.name())),
        None if mine.len() != theirs.len() && to > Offset::ZERO => {
            Err(format!("{}: logs differ in length below {to}", one.name()))
        }
        None => Ok(()),
    }
}

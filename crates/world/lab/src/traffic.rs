//! How many records came and went lately: written by whom into what, and given to which group. A function of the facts so
//! far, like the ledger; bytes are counted by the world itself.

use base::{BlockMap, FlatMap, GroupId, Meter, ProcessId, Time, TopicPartition};
use port::Fact;

/// See the module. Internal topics are left out.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    written: BlockMap<(ProcessId, TopicPartition), Meter>,
    given: BlockMap<(GroupId, TopicPartition), Meter>,
    leaders: FlatMap<ProcessId, Meter>,
}

impl Traffic {
    /// Producers with the partitions that leaders wrote their records into.
    pub fn written(&self) -> impl Iterator<Item = (ProcessId, &TopicPartition, &Meter)> {
        self.written.iter().map(|((producer, partition), meter)| (*producer, partition, meter))
    }

    /// Groups with the partitions whose records they were given.
    pub fn given(&self) -> impl Iterator<Item = (&GroupId, &TopicPartition, &Meter)> {
        self.given.iter().map(|((group, partition), meter)| (group, partition, meter))
    }

    /// Records that the process wrote as a leader.
    pub fn led(&self, process: ProcessId) -> Option<&Meter> {
        self.leaders.get(&process)
    }

    /// Does the fact concern it?
    pub(crate) fn concerns(fact: &Fact) -> bool {
        matches!(fact, Fact::Appended { records: Some(_), .. } | Fact::Delivered { .. } | Fact::TopicDeleted { .. })
    }

    /// Takes note of a fact that concerns it.
    pub(crate) fn note(&mut self, (at, process): (Time, ProcessId), fact: &Fact) {
        match fact {
            Fact::Appended { partition, base, last, records: Some(trace), .. } => {
                let count = (last.0 - base.0 + 1).max(0) as u64;
                self.leaders.entry(process).or_default().add(at, count);
                let key = (trace.producer, partition.clone());
                self.written.get_or_insert_with(key, Meter::default).add(at, count);
            }
            Fact::Delivered { group, partition, .. } => {
                let key = (group.clone(), partition.clone());
                self.given.get_or_insert_with(key, Meter::default).add(at, 1);
            }
            Fact::TopicDeleted { topic, .. } => {
                let gone = |partition: &TopicPartition| partition.topic == *topic;
                forget(&mut self.written, |(_, partition)| gone(partition));
                forget(&mut self.given, |(_, partition)| gone(partition));
            }
            _another => {}
        }
    }
}

fn forget<K: Ord + Clone>(meters: &mut BlockMap<K, Meter>, is_gone: impl Fn(&K) -> bool) {
    let gone: Vec<K> = meters.keys().filter(|key| is_gone(key)).cloned().collect();
    for key in gone {
        meters.remove(&key);
    }
}

//! How many records came and went lately: written by whom into what, and given to which group. A function of the facts so
//! far, like the ledger; bytes are counted by the world itself.

use base::{BlockKey, BlockMap, FlatMap, GroupId, Meter, ProcessId, Time, TopicPartition};
use port::{Fact, KafkaFact};

/// From whom to whom records were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub producer: ProcessId,
    /// Who led the partition and wrote them.
    pub leader: ProcessId,
}

/// See the module. Internal topics are left out.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    written: BlockMap<(Way, TopicPartition), Meter>,
    given: BlockMap<(GroupId, TopicPartition, ProcessId), Meter>,
    leaders: FlatMap<ProcessId, Meter>,
    /// Who has become the leader last.
    leading: FlatMap<TopicPartition, ProcessId>,
}

impl Traffic {
    /// Producers with the partitions that leaders wrote their records into.
    pub fn written(&self) -> impl Iterator<Item = (Way, &TopicPartition, &Meter)> {
        self.written.iter().map(|((way, partition), meter)| (*way, partition, meter))
    }

    /// Groups with the partitions whose records they were given, and who led those then.
    pub fn given(&self) -> impl Iterator<Item = ((&GroupId, ProcessId), &TopicPartition, &Meter)> {
        self.given.iter().map(|((group, partition, leader), meter)| ((group, *leader), partition, meter))
    }

    /// Records that the process wrote as a leader.
    pub fn led(&self, process: ProcessId) -> Option<&Meter> {
        self.leaders.get(&process)
    }

    /// Does the fact concern it?
    pub(crate) fn concerns(fact: &Fact) -> bool {
        matches!(
            fact,
            Fact::Kafka(
                KafkaFact::Appended { records: Some(_), .. }
                    | KafkaFact::Delivered { .. }
                    | KafkaFact::BecameLeader { .. }
                    | KafkaFact::TopicDeleted { .. }
            )
        )
    }

    /// Takes note of a fact that concerns it.
    pub(crate) fn note(&mut self, (at, process): (Time, ProcessId), fact: &Fact) {
        match fact {
            Fact::Kafka(KafkaFact::Appended { partition, base, last, records: Some(trace), .. }) => {
                let count = (last.0 - base.0 + 1).max(0) as u64;
                self.leaders.entry(process).or_default().add(at, count);
                let key = (Way { producer: trace.producer, leader: process }, partition.clone());
                self.written.get_or_insert_with(key, Meter::default).add(at, count);
            }
            Fact::Kafka(KafkaFact::Delivered { group, partition, .. }) => {
                // Nobody has been seen to lead it since the measuring began.
                let Some(leader) = self.leading.get(partition) else { return };
                let key = (group.clone(), partition.clone(), *leader);
                self.given.get_or_insert_with(key, Meter::default).add(at, 1);
            }
            Fact::Kafka(KafkaFact::BecameLeader { partition, .. })
                if !metadata::topic_name::is_internal(&partition.topic) =>
            {
                self.leading.insert(partition.clone(), process);
                self.rest(at, partition);
            }
            Fact::Kafka(KafkaFact::TopicDeleted { topic, .. }) => {
                let gone = |partition: &TopicPartition| partition.topic == *topic;
                forget(&mut self.written, |(_, partition), _| gone(partition));
                forget(&mut self.given, |(_, partition, _), _| gone(partition));
                self.leading.retain(|partition, _| !gone(partition));
            }
            _another => {}
        }
    }

    /// Ways of the partition that nothing has come lately are forgotten: another leader makes others.
    fn rest(&mut self, at: Time, partition: &TopicPartition) {
        // Neither before this step nor in it.
        let old = |meter: &Meter| [at, at + Meter::STEP].iter().all(|until| meter.over(*until, Meter::LONGEST) == 0);
        forget(&mut self.written, |(_, own), meter| own == partition && old(meter));
        forget(&mut self.given, |(_, own, _), meter| own == partition && old(meter));
    }
}

fn forget<K: BlockKey + Clone>(meters: &mut BlockMap<K, Meter>, is_gone: impl Fn(&K, &Meter) -> bool) {
    let gone = meters.iter().filter(|(key, meter)| is_gone(key, meter)).map(|(key, _)| key.clone());
    let gone: Vec<K> = gone.collect();
    for key in gone {
        meters.remove(&key);
    }
}

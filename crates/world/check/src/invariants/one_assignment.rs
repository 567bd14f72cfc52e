//! G1 (classic protocol): within one generation a partition belongs to at most one member, and only
//! to members of the group.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{FlatMap, GroupId, ProcessId, TopicPartition};
use port::{Fact, KafkaFact};

/// Generations never come again while what the group wrote is kept; after that they may.
#[derive(Clone, Debug, Default)]
pub(super) struct OneAssignment {
    owners: FlatMap<(GroupId, i32, TopicPartition), ProcessId>,
}

impl Invariant for OneAssignment {
    fn id(&self) -> &'static str {
        "G1 one owner per generation"
    }

    fn is_promised(&self, history: &History) -> bool {
        // A group whose log was lost counts its generations from the start again.
        history.keeps_groups()
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::Assigned) {
            return Ok(());
        }
        for (_, process, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::PartitionAssigned { group, partition, generation }) = fact else { continue };
            if *generation < 0 {
                // Taken without asking anybody (`KafkaConsumer.assign`): nobody promises anything.
                continue;
            }
            let key = (group.clone(), *generation, partition.clone());
            let owner = self.owners.entry(key).or_insert(*process);
            // A static member that restarted takes its own place in the same generation.
            let same_member =
                moment.instance_id(*owner).is_some() && moment.instance_id(*owner) == moment.instance_id(*process);
            if owner != process && !same_member {
                return Err(format!("{partition} has two owners in generation {generation} of {group}"));
            }
        }
        Ok(())
    }
}

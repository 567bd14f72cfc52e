//! R5 (protocol): at most one broker believes to lead a partition in one leader epoch. Two leaders in
//! different epochs are legal for a while: the older one is a zombie.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{BlockMap, LeaderEpoch, ProcessId, TopicIdPartition};
use port::{Fact, KafkaFact};

/// Who has led each epoch. By topic id: a topic that was made anew begins with the same epochs.
#[derive(Clone, Debug, Default)]
pub(super) struct OneLeader {
    leaders: BlockMap<(TopicIdPartition, LeaderEpoch), ProcessId>,
}

impl Invariant for OneLeader {
    fn id(&self) -> &'static str {
        "R5 one leader per epoch"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::LeaderMade) {
            return Ok(());
        }
        for (_, process, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, .. }) = fact else { continue };
            // Deleted within the same step.
            let Some(replica) = moment.partition(partition) else { continue };
            let first = self.leaders.get_or_insert_with((replica.id(), *epoch), || *process);
            if first != process {
                return Err(format!("{partition}: processes {first} and {process} both lead in epoch {epoch}"));
            }
        }
        Ok(())
    }
}

//! R20 (rules distilled from the Kip320 spec): a follower appends only after it has taken up the epoch
//! in which its leader wrote, so that the truncation check of that epoch came first.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use port::{Fact, KafkaFact};

/// A follower that appends first and is told of the epoch later has skipped the truncation.
#[derive(Clone, Debug, Default)]
pub(super) struct FollowerEpoch;

impl Invariant for FollowerEpoch {
    fn id(&self) -> &'static str {
        "R20 follower epoch"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::Replicated) {
            return Ok(());
        }
        for (_, _, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::Replicated { partition, epoch, .. }) = fact else { continue };
            // Deleted within the same step.
            let Some(follower) = moment.partition(partition) else { continue };
            let own = follower.leader_epoch();
            if *epoch > own {
                return Err(format!("{partition}: appended records of epoch {epoch} while following in epoch {own}"));
            }
        }
        Ok(())
    }
}

//! R12 `LeaderCompletenessProperty`: the leader of the newest epoch holds every committed record.
//! Promised while no disk lost its tail. An unclean election that was asked for or allowed may give records up; those
//! that are left, and all that follow, are promised again.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use broker::Partition;
use port::{Fact, KafkaFact};

#[derive(Clone, Debug, Default)]
pub(super) struct LeaderCompleteness;

impl Invariant for LeaderCompleteness {
    fn id(&self) -> &'static str {
        "R12 LeaderCompletenessProperty"
    }

    fn is_promised(&self, history: &History) -> bool {
        history.keeps_committed_data()
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::LeaderMade) {
            return Ok(());
        }
        for (_, _, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, .. }) = fact else { continue };
            // Deleted within the same step.
            let Some(found) = moment.partition(partition) else { continue };
            let newest = moment.history.newest_epoch(found);
            // A broker that replays old metadata may believe for a moment in an epoch long past.
            if *epoch == newest && found.is_leader() {
                check(found, moment)?;
            }
        }
        Ok(())
    }
}

/// By ends and epochs: equal epochs with equal starts have equal records (Log Matching), which R13 compares byte by
/// byte.
fn check(partition: &Partition, moment: &Moment<'_>) -> Result<(), String> {
    // Nothing was ever committed, so that nothing can be missing.
    let Some(committed) = moment.history.committed(partition) else { return Ok(()) };
    let (name, log_end) = (partition.name(), partition.log_end());
    if log_end < committed.end {
        return Err(format!("{name}: the new leader ends at {log_end}, committed up to {}", committed.end));
    }
    match committed.differing(partition, committed.end) {
        Some((held, expected)) => {
            Err(format!("{name}: the new leader's epochs {held:?} are not the committed {expected:?}"))
        }
        None => Ok(()),
    }
}

//! R6 (`Partition.maybeIncrementLeaderHW`, `UnifiedLog`): a leader's high watermark never decreases
//! within its epoch, and log start ≤ LSO ≤ HW ≤ log end on every replica.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{BlockMap, LeaderEpoch, Offset, ProcessId, TopicIdPartition};
use broker::Partition;

#[derive(Clone, Debug, Default)]
pub(super) struct HighWatermark {
    leaders: BlockMap<(ProcessId, TopicIdPartition), (LeaderEpoch, Offset)>,
}

impl Invariant for HighWatermark {
    fn id(&self) -> &'static str {
        "R6 high watermark"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        for partition in moment.touched.iter() {
            check_bounds(partition)?;
            if partition.is_leader() {
                self.check_leader(moment.process, partition)?;
            } else if moment.kinds.has(Kind::FollowerMade) {
                // Whoever led before says with that fact that it follows now.
                self.leaders.remove(&(moment.process, partition.id()));
            }
        }
        Ok(())
    }
}

impl HighWatermark {
    /// Within one reign it never falls. A new leader may begin lower: it learns what is committed from its followers.
    fn check_leader(&mut self, process: ProcessId, partition: &Partition) -> Result<(), String> {
        let now = (partition.leader_epoch(), partition.high_watermark());
        match self.leaders.insert((process, partition.id()), now) {
            Some((epoch, before)) if epoch == now.0 && before > now.1 => {
                Err(format!("{}: the leader's HW fell from {before} to {} in epoch {epoch}", partition.name(), now.1))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Below the log start there is nothing to read, above the end nothing to promise.
fn check_bounds(partition: &Partition) -> Result<(), String> {
    let log = partition.log();
    let bounds = [log.log_start(), log.last_stable_offset(), log.high_watermark(), log.log_end()];
    let ordered = bounds[0] <= bounds[2] && bounds.windows(2).skip(1).all(|pair| pair[0] <= pair[1]);
    if ordered { Ok(()) } else { Err(format!("{}: log start, LSO, HW, LEO are {bounds:?}", partition.name())) }
}

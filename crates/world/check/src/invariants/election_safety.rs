//! K1 `ElectionSafety` (Raft; KIP-595 spec): at most one quorum leader per epoch. Promised while no
//! voter loses its quorum-state.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{FlatMap, LeaderEpoch, ProcessId};
use port::{Fact, KafkaFact, QuorumRole};

/// For the whole run: two leaders of one epoch need not stand at the same time to be wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct ElectionSafety {
    leaders: FlatMap<LeaderEpoch, ProcessId>,
}

impl Invariant for ElectionSafety {
    fn id(&self) -> &'static str {
        "K1 ElectionSafety"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::QuorumLed) {
            return Ok(());
        }
        for (_, process, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::QuorumRoleChanged { role: QuorumRole::Leader, epoch, .. }) = fact else {
                continue;
            };
            let first = self.leaders.entry(*epoch).or_insert(*process);
            if first != process {
                return Err(format!("processes {first} and {process} both won epoch {epoch}"));
            }
        }
        Ok(())
    }
}

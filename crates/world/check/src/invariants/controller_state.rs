//! R2 `ValidControllerState` (FiniteReplicatedLog / KafkaReplication specs, `ReplicationControlManager`):
//! a fenced broker never leads, and is in an ISR only as the last member of a leaderless partition.

use super::{Invariant, Moment};
use crate::history::History;
use metadata::Image;
use port::Fact;

#[derive(Clone, Debug, Default)]
pub(super) struct ControllerState;

impl Invariant for ControllerState {
    fn id(&self) -> &'static str {
        "R2 ValidControllerState"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        let decided = |fact: &Fact| matches!(fact, Fact::PartitionChanged { .. } | Fact::BrokerFenced { .. });
        if !moment.facts.iter().any(|(_, _, fact)| decided(fact)) {
            return Ok(());
        }
        moment.active_image().map_or(Ok(()), check)
    }
}

fn check(image: &Image) -> Result<(), String> {
    for (id, partition) in image.partitions() {
        let fenced = |broker| image.broker(broker).is_none_or(|registration| registration.fenced);
        let name = image.named(id);
        if let Some(leader) = partition.leader.filter(|leader| fenced(*leader)) {
            return Err(format!("{name:?}: leader {leader} is fenced"));
        }
        let sole_survivor = partition.leader.is_none() && partition.isr.len() == 1;
        if let Some(member) = partition.isr.iter().find(|member| fenced(**member))
            && !sole_survivor
        {
            return Err(format!("{name:?}: fenced broker {member} is in the ISR {:?}", partition.isr));
        }
    }
    Ok(())
}

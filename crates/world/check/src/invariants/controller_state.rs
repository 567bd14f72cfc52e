//! R2 `ValidControllerState` (FiniteReplicatedLog / KafkaReplication specs, `ReplicationControlManager`):
//! a fenced broker never leads, and is in an ISR only as the last member of a leaderless partition.

use super::{Invariant, Kind, Moment};
use crate::decided::Registered;
use crate::history::History;
use metadata::Image;

/// Judged in the image ahead, so that a wrong decision is found where it is made and not when it is committed.
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
        let fenced = moment.kinds.has(Kind::Fenced);
        if !fenced && !moment.kinds.has(Kind::Decided) {
            return Ok(());
        }
        // Who is no active controller decides nothing.
        let Some(image) = moment.active_image() else { return Ok(()) };
        // A fence may concern any partition, also those that the step did not change and should have.
        if fenced {
            return image.topics().flat_map(Registered::of).try_for_each(|partition| check(image, &partition));
        }
        moment.decided(image).try_for_each(|partition| check(image, &partition))
    }
}

/// A fenced broker may be the last of an ISR: taking it out would leave nobody who has everything.
fn check(image: &Image, Registered { topic, number, partition }: &Registered<'_>) -> Result<(), String> {
    let fenced = |broker| image.broker(broker).is_none_or(|registration| registration.fenced);
    if let Some(leader) = partition.leader.filter(|leader| fenced(*leader)) {
        return Err(format!("{}-{number}: leader {leader} is fenced", topic.name));
    }
    let sole_survivor = partition.leader.is_none() && partition.isr.len() == 1;
    if let Some(member) = partition.isr.iter().find(|member| fenced(**member))
        && !sole_survivor
    {
        return Err(format!("{}-{number}: fenced broker {member} is in the ISR {:?}", topic.name, partition.isr));
    }
    Ok(())
}

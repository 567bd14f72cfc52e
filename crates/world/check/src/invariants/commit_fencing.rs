//! G2 (classic protocol): a member of an older generation may still process, but its commits are
//! refused: what a coordinator accepts comes from a member of the generation that it is in.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use port::{Fact, KafkaFact};

/// Looked at when the coordinator takes the commit, not when it answers: by then the group may have moved on.
#[derive(Clone, Debug, Default)]
pub(super) struct CommitFencing;

impl Invariant for CommitFencing {
    fn id(&self) -> &'static str {
        "G2 commit fencing"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::CommitTaken) {
            return Ok(());
        }
        for (_, _, fact) in moment.facts {
            let Fact::Kafka(KafkaFact::OffsetCommitAccepted { group, member, generation }) = fact else { continue };
            let coordinator = moment.world.process(moment.process).and_then(|process| process.node()?.broker());
            // The coordinator gave the partition up within the step; its group is another broker's by now.
            let Some(state) = coordinator.and_then(|broker| broker.coordinator().group(group)) else { continue };
            let outside_the_group = *generation < 0 && state.members().is_empty();
            let current = *generation == state.generation() && state.members().contains_key(member);
            if !outside_the_group && !current {
                let now = state.generation();
                return Err(format!("{group}: a commit of {member}, generation {generation}, was taken in {now}"));
            }
        }
        Ok(())
    }
}

//! A stretch of a branch run again for whoever wants more of it than is kept: its messages ([`Telling`](crate::Telling)) or
//! its meters ([`Metering`](crate::Metering)).

use crate::allowance::Allowance;
use crate::branch::Branch;
use base::Time;
use script::limits::LONGEST_RUN;
use sim::World;
use sim::journal::Ear;

/// A world on a way that has been gone before, and who listens.
#[derive(Debug)]
pub(crate) struct Again {
    pub world: World,
    pub ear: Ear,
    /// Everything up to and including this instant has happened.
    pub at: Time,
}

impl Again {
    /// Sets out at the nearest state not after `from`; where the past before `from` was given up, it begins later.
    pub fn of(branch: &Branch, from: Time) -> Again {
        let near = branch.nearest(from);
        Again { world: near.run.world, ear: Ear::default(), at: near.at }
    }

    /// Goes on to `to`, with the acts of the branch, as far as is allowed. Is it there?
    pub fn go_on(&mut self, branch: &Branch, to: Time, allowance: &mut Allowance<'_>) -> bool {
        let to = to.min(LONGEST_RUN);
        while self.at < to {
            if !allowance.take() {
                return false;
            }
            let acts = branch.commands();
            let next = acts.get(branch.acts.next_index(self.at));
            let look = self.ear.meters.as_ref().map_or(Time::MAX, |meters| meters.next_look());
            let limit = next.map_or(to, |act| act.after.min(to)).min(look);
            match (self.world.step_until(limit, &mut self.ear), next.filter(|act| act.after < to.min(look))) {
                (Some(step), _) => self.at = step.at,
                (None, Some(act)) => {
                    // A world that does not take it does not take it here either, and stays as it is.
                    let _refused = self.world.apply_at(act.at(), &act.command, &mut self.ear);
                    self.at = act.at();
                }
                (None, None) => {
                    allowance.give_back();
                    self.at = limit;
                }
            }
            if self.at >= look {
                self.look();
            }
            // Meters have heard them.
            self.ear.facts.clear();
        }
        true
    }

    /// The sample is over.
    fn look(&mut self) {
        let mut meters = self.ear.meters.take().expect("they have said when");
        meters.look(&self.world);
        self.ear.meters = Some(meters);
    }
}

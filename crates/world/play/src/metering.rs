//! Meters of a run that is played, where some line looks at one: whoever looks at none pays nothing for them.

use crate::player::Player;
use base::Time;
use script::claim::Claim;
use sim::World;
use sim::journal::Ear;
use sim::meters::Meters;

impl Player {
    /// Meters are counted from here on.
    pub(crate) fn count_meters(&mut self) {
        self.meters = Some(Box::new(Meters::begin(&self.world, self.now)));
    }

    /// Lends the world whoever listens.
    pub(crate) fn hear<T>(&mut self, act: impl FnOnce(&mut World, &mut Ear) -> T) -> T {
        let mut ear = Ear { facts: std::mem::take(&mut self.facts), meters: self.meters.take(), journal: None };
        let done = act(&mut self.world, &mut ear);
        (self.facts, self.meters) = (ear.facts, ear.meters);
        done
    }

    /// A sample is over.
    pub(crate) fn read_meters(&mut self, look: Time) {
        if let Some(meters) = self.meters.as_mut().filter(|_| self.now >= look) {
            meters.look(&self.world);
        }
    }
}

/// Does it speak of a meter?
pub(crate) fn is_of_meter(claim: &Claim) -> bool {
    match claim {
        Claim::Is { subject, .. } | Claim::Compares { subject, .. } => {
            subject.first().is_some_and(|word| word == "meter")
        }
        Claim::Fact { .. } | Claim::Printed { .. } | Claim::Logged { .. } => false,
        Claim::Unchanged(_) | Claim::OnlyOwnTimers | Claim::Remember => false,
    }
}

//! The meters of a branch, told by running it again (decision 047): whoever does not look at them pays nothing, and going
//! back, undoing and forking need no care, because they are always those of the run that stands there.

use crate::again::Again;
use crate::allowance::Allowance;
use crate::branch::Branch;
use base::Time;
use sim::World;
use sim::meters::Meters;

/// The meters of a branch, as far as it has been run again.
#[derive(Debug)]
pub struct Metering(Again);

impl Metering {
    /// Sets out at the nearest state not after `from`.
    pub fn of(branch: &Branch, from: Time) -> Metering {
        let mut again = Again::of(branch, from);
        again.ear.meters = Some(Box::new(Meters::begin(&again.world, again.at)));
        Metering(again)
    }

    pub fn meters(&self) -> &Meters {
        self.0.ear.meters.as_ref().expect("they listen")
    }

    /// As the run stands where the telling does.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// It is told up to here.
    pub fn at(&self) -> Time {
        self.0.at
    }

    /// Goes on to `to`, with the acts of the branch, as far as is allowed. Is it there? The branch must be the one it set
    /// out on, and the same up to where it stands.
    pub fn go_on(&mut self, branch: &Branch, to: Time, allowance: &mut Allowance<'_>) -> bool {
        self.0.go_on(branch, to, allowance)
    }
}

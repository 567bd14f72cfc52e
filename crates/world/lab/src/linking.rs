//! A link being written: its hash costs a walk over all of the state, which may take longer than a frame.

use crate::allowance::Allowance;
use crate::lab::Lab;
use script::link::Link;
use sim::StateDigest;

/// See the module. It is of the moment at which it was begun.
#[derive(Clone, Debug)]
pub struct Linking {
    link: Link,
    state: StateDigest,
}

impl Linking {
    /// A link to a laboratory's present moment: all that is done on its branch, and what it has come to. Whoever opens
    /// it is led there and told whether he sees the same.
    pub fn of(lab: &Lab) -> Linking {
        let world = &lab.run().world;
        let link = Link { events: world.events(), run_digest: world.run_digest(), ..lab.draft() };
        Linking { link, state: StateDigest::of(world) }
    }

    /// Goes on, as far as is allowed; the link, when it is written.
    pub fn advance(&mut self, allowance: &mut Allowance<'_>) -> Option<Link> {
        while allowance.take() {
            if let Some(state_digest) = self.state.step() {
                return Some(Link { state_digest, ..self.link.clone() });
            }
        }
        None
    }
}

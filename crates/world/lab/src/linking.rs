//! A link being written: its hash costs a walk over all of the state, which may take longer than a frame.

use crate::acts::Acts;
use crate::allowance::Allowance;
use crate::lab::Lab;
use base::{Digest, Time};
use script::Scenario;
use script::link::{Link, Origin, SEMANTICS};
use sim::StateDigest;

/// A link to a scenario's run up to `now` with these acts, without hashes.
pub fn draft(scenario: &Scenario, acts: &Acts, now: Time) -> Link {
    let origin = scenario.origin(acts.without().iter().copied().collect());
    let commands = match origin {
        Origin::Scenario(_) | Origin::Without(..) => acts.own().cloned().collect(),
        Origin::Setup(_) => acts.all().to_vec(),
    };
    Link {
        semantics: SEMANTICS,
        seed: scenario.seed,
        commands,
        origin,
        end: now,
        playhead: now,
        events: 0,
        run_digest: Digest(0),
        state_digest: Digest(0),
    }
}

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

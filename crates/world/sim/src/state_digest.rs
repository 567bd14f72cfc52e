//! The digest of a whole state, a process at a time: a large world's takes longer than a frame, and its bytes would not
//! fit beside it.

use crate::world::World;
use base::{Digest, StableHasher};

/// A digest in the making. It holds the state that it is of.
#[derive(Clone, Debug)]
pub struct StateDigest {
    world: World,
    /// Of what has been walked over.
    digest: Digest,
    /// Slots that have been walked over.
    slots: usize,
    hasher: StableHasher,
}

impl StateDigest {
    /// Over every field that decides about what comes; watchers' books are none.
    pub fn of(world: &World) -> StateDigest {
        let digest = Digest::of(&(world.now, world.seed, &world.setup, &world.names));
        StateDigest { world: world.clone(), digest, slots: 0, hasher: StableHasher::default() }
    }

    /// One part more; the digest when there is none.
    pub fn step(&mut self) -> Option<Digest> {
        let world = &self.world;
        let Some(slot) = world.slots.values().nth(self.slots) else {
            let rest = (&world.network, &world.agenda, &world.rng, world.next_ticket);
            // A world in which nobody writes outside Kafka has the digest that it always had.
            return Some(match world.sinks.is_empty() && world.stores.is_default() {
                true => self.digest.chain(&mut self.hasher, &rest),
                false => self.digest.chain(&mut self.hasher, &(rest, &world.sinks, &world.stores)),
            });
        };
        self.digest = self.digest.chain(&mut self.hasher, &(slot.id, slot));
        self.slots += 1;
        None
    }
}

//! What a broker adds to the digest of its world: every field, in the order in which they always came, whichever machine
//! keeps them. Links carry such digests, so the order stays when state moves.

use super::Broker;
use crate::wires::Wires;
use std::hash::{Hash, Hasher};

impl Hash for Broker {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Broker { setup, wires, image, replicas, publishing, lifecycle, .. } = self;
        let Broker { controller_lines, purgatories, replica_fetchers, coordinator, held, .. } = self;
        let (partitions, checkpointed, touched) = replicas.fields();
        let Wires { lines, timers, config, client_id, switches, listeners: _part_of_the_setup } = wires;
        (setup, config, switches, client_id, image, partitions, publishing).hash(state);
        (lifecycle, lines, controller_lines).hash(state);
        (purgatories, replica_fetchers, coordinator, timers, checkpointed, touched, held).hash(state);
    }
}

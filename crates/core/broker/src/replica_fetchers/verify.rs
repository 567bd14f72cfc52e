//! What always holds of the fetchers between two events: each copies what follows its leader, and something will make it
//! go on.

use super::ReplicaFetchers;
use crate::partition::Partition;
use crate::replica_fetcher::{FetchStatus, Fetcher};
use crate::replicas::Replicas;
use crate::timer::Timer;
use crate::wires::Wires;
use base::{BrokerId, TopicIdPartition};
use metadata::Image;
use port::BrokerLine;

impl ReplicaFetchers {
    /// Checks what always holds while the metadata is carried out.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify(&self, wires: &Wires) {
        for (leader, fetcher) in self.iter() {
            fetcher.verify(leader);
            for (at, followed) in fetcher.partitions().iter() {
                let waits = wires.timers.deadline(&Timer::FetchBackoff(*at)).is_some();
                assert!(followed.status != FetchStatus::BackingOff || waits, "{at:?} is never fetched again");
            }
        }
    }

    /// Checks what holds once all of the metadata is carried out.
    ///
    /// # Panics
    /// When it does not hold.
    pub(crate) fn verify_carried_out(&self, wires: &Wires, replicas: &Replicas, image: &Image) {
        for (leader, fetcher) in self.iter() {
            for at in fetcher.partitions().keys() {
                let follows =
                    replicas.get(*at).and_then(Partition::follower).is_some_and(|to| to.leader == Some(leader));
                assert!(follows, "{at:?} is copied from {leader:?} and does not follow it");
            }
            let goes_on = !fetcher.is_fetching() || goes_on(wires, leader) || image.broker(leader).is_none();
            assert!(goes_on, "nothing is copied from {leader:?} any more");
        }
    }

    /// Is the partition copied from that leader?
    pub(crate) fn copies(&self, leader: BrokerId, at: TopicIdPartition) -> bool {
        self.fetchers.get(&leader).map(|fetcher| Fetcher::partitions(fetcher)).is_some_and(|all| all.contains_key(&at))
    }
}

/// Is there a request under way, or a timer for the next?
fn goes_on(wires: &Wires, leader: BrokerId) -> bool {
    let line = wires.lines.get(BrokerLine::Leader(leader));
    let retries = wires.timers.deadline(&Timer::FetcherRetry(leader)).is_some();
    retries || line.is_some_and(|line| line.connection().is_some() && !line.has_room())
}

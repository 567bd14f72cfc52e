//! Copying from leaders: one fetcher per leader broker, one connection and one request under way per
//! fetcher, all followed partitions in one fetch session.
//!
//! A machine of its own: it is told whom to follow, asks leaders, and lets their answers happen to the [`Replicas`] that it
//! is lent. It does not know why a partition follows whom. What one fetcher holds is in `replica_fetcher`, what comes back
//! in `answers`. Kafka: `ReplicaFetcherManager`, `AbstractFetcherThread`; semantics §6.1 and §6.3.

mod answers;
#[cfg(test)]
mod tests;
mod verify;

use crate::replica_fetcher::{FetchStatus, Fetcher};
use crate::replicas::Replicas;
use crate::timer::Timer;
use crate::wires::Wires;
pub(crate) use answers::{Answered, Sense};
use api::ReplicaState;
use base::{BrokerId, FlatMap, LeaderEpoch, Shared, TopicIdPartition};
use metadata::Image;
use port::{BrokerLine, Cx};

/// One fetcher per leader that this broker copies from.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct ReplicaFetchers {
    fetchers: FlatMap<BrokerId, Shared<Fetcher>>,
}

/// What fetchers are lent of their broker.
pub(crate) struct Following<'a> {
    pub(crate) wires: &'a mut Wires,
    pub(crate) replicas: &'a mut Replicas,
    pub(crate) image: &'a Image,
    /// Who fetches.
    pub(crate) replica: ReplicaState,
}

impl ReplicaFetchers {
    /// Every leader and its fetcher.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (BrokerId, &Fetcher)> {
        self.fetchers.iter().map(|(leader, fetcher)| (*leader, &**fetcher))
    }

    /// Copies the partition from `leader` from now on, in `epoch`; from nobody else.
    pub(crate) fn follow(&mut self, wires: &mut Wires, at: TopicIdPartition, leader: BrokerId, epoch: LeaderEpoch) {
        let known = self.fetchers.get(&leader).and_then(|fetcher| fetcher.partitions().get(&at));
        if known.is_some_and(|followed| followed.leader_epoch == epoch) {
            return;
        }
        self.unfollow(wires, at);
        self.fetchers.get_or_insert_with(leader, || Shared::new(Fetcher::default())).add(at, epoch);
    }

    /// Copies the partition no more.
    pub(crate) fn unfollow(&mut self, wires: &mut Wires, at: TopicIdPartition) {
        wires.timers.cancel(&Timer::FetchBackoff(at));
        let copies = |(leader, fetcher): (BrokerId, &Fetcher)| fetcher.partitions().contains_key(&at).then_some(leader);
        let leaders: Vec<BrokerId> = self.iter().filter_map(copies).collect();
        for leader in leaders {
            self.fetchers.get_mut(&leader).expect("it copies the partition").remove(at);
        }
    }

    /// After a change of the metadata: fetchers with nothing to do go, the others get on.
    pub(crate) fn pump_all(&mut self, cx: &mut Cx<'_>, following: &mut Following<'_>) {
        let leaders: Vec<BrokerId> = self.fetchers.keys().copied().collect();
        for leader in leaders {
            if self.fetchers.get(&leader).is_some_and(|fetcher| fetcher.partitions().is_empty()) {
                self.stop(cx, following.wires, leader);
            } else {
                self.pump(cx, following, leader);
            }
        }
    }

    /// Nothing is copied from there: the connection goes as well (`shutdownIdleFetcherThreads`).
    fn stop(&mut self, cx: &mut Cx<'_>, wires: &mut Wires, leader: BrokerId) {
        self.fetchers.remove(&leader);
        wires.lines.remove(cx, &mut wires.timers, BrokerLine::Leader(leader));
    }

    /// Sends the next request to a leader, connecting first where needed.
    pub(crate) fn pump(&mut self, cx: &mut Cx<'_>, following: &mut Following<'_>, leader: BrokerId) {
        if !self.fetchers.contains_key(&leader) {
            return;
        }
        let Following { wires, replicas, image, replica } = following;
        let line = BrokerLine::Leader(leader);
        if !wires.has_connection(line) {
            // A leader that is not registered any more: the metadata will say who leads instead.
            let Some(broker) = image.broker(leader) else { return };
            // Nor one without the listener that this broker calls the brokers' (`BrokerRegistration.node`).
            let Some(endpoint) = broker.endpoints.of(&wires.listeners.inter_broker) else { return };
            wires.know(line, endpoint);
        }
        if !wires.ready(cx, line) {
            return;
        }
        let fetcher = self.fetchers.get_mut(&leader).expect("it was there when the line was looked at");
        match fetcher.next_request(*replica, replicas, &wires.config.replication) {
            Some((request, asked)) => wires.send(cx, line, request, asked),
            // A number is taken before the fetcher knows that it has nothing to ask.
            None => _ = wires.lines.skip_number(),
        }
    }

    /// The pause after an error is over.
    pub(crate) fn backoff_over(&mut self, cx: &mut Cx<'_>, following: &mut Following<'_>, at: TopicIdPartition) {
        let waiting = self.iter().find(|(_, fetcher)| fetcher.partitions().contains_key(&at));
        let (leader, _) = waiting.expect("what is copied no more takes its timer with it");
        self.set_status(leader, at, FetchStatus::Fetching);
        self.pump(cx, following, leader);
    }

    /// The connection to a leader is gone, and with it the session.
    pub(crate) fn disconnected(&mut self, leader: BrokerId) {
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.session_lost();
        }
    }

    fn set_status(&mut self, leader: BrokerId, at: TopicIdPartition, status: FetchStatus) {
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.set_status(at, status);
        }
    }
}

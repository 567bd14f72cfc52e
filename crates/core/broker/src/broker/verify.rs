//! What always holds of a broker between two events of its node.
//!
//! What one replica, its log, the groups or the lines keep to is theirs to say; here is what they owe each other: nobody
//! waits for what has come, nothing waits that nobody will wake.

use super::{Broker, Held};
use crate::fetcher::{FetchStatus, Fetcher};
use crate::lifecycle::BrokerState;
use crate::partition::Partition;
use crate::timer::Timer;
use api::{Acks, Request};
use base::{BrokerId, Time, TopicIdPartition};
use metadata::topic_name;
use port::{BrokerLine, ChannelKind, ReplyTo};

/// Partitions that are looked at after one event; the others get their turn, as the clock says.
const LOOKED_AT: usize = 64;

impl Broker {
    /// Checks what always holds. Costs as much as there are requests, groups and fetchers, and 64 partitions at most.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, now: Time) {
        // Who stops leaves everything as it is.
        if self.state() == BrokerState::ShuttingDown {
            return;
        }
        assert!(self.touched.is_empty(), "everybody has looked at what changed");
        assert!(self.held.is_empty() || self.state() == BrokerState::Starting, "a request is held for nothing");
        self.wires.lines.verify(&self.wires.timers);
        self.controller_lines.verify(&self.wires.lines, &self.wires.timers);
        let kind = ChannelKind::Lifecycle;
        if self.wires.under_way(kind).is_none() && !self.controller_lines.queues_on(kind) {
            self.lifecycle.verify_silent(&self.wires.timers);
        }
        self.verify_waiting();
        self.verify_some_partitions(now);
        for (leader, fetcher) in self.fetchers() {
            self.verify_fetcher(leader, fetcher);
        }
        self.coordinator.verify(|number| {
            let topic = self.image.topic_id(topic_name::GROUP_METADATA)?;
            self.partition(TopicIdPartition { topic, partition: number }).map(Partition::high_watermark)
        });
    }

    /// To whom an answer is owed.
    pub fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        let wants_answer =
            |held: &&Held| !matches!(&held.incoming.request, Request::Produce(produce) if produce.acks == Acks::NONE);
        let held = self.held.iter().filter(wants_answer).map(|held| held.reply);
        let produces = self.produces.produces().map(|(_, produce)| produce.reply);
        let fetches = self.fetches.iter().filter_map(|(_, session)| Some(session.parked?.reply));
        held.chain(produces).chain(fetches).chain(self.controller_lines.owed()).chain(self.coordinator.owed())
    }

    /// acks=all and fetches: each waits for what is not there yet, and not for ever (`DelayedOperation`).
    fn verify_waiting(&self) {
        self.produces.verify();
        for (number, at, required) in self.produces.waits() {
            assert!(
                self.wires.timers.deadline(&Timer::Produce(number)).is_some(),
                "produce {number} waits without end"
            );
            let partition = self.partition(at).unwrap_or_else(|| panic!("produce {number} waits for {at:?}, gone"));
            let outcome = partition.acks_all_outcome(required);
            assert_eq!(outcome, None, "produce {number} was not told of {}, {required}", partition.name());
        }
        self.fetches.verify();
        for (id, session) in self.fetches.iter() {
            let Some(parked) = session.parked else { continue };
            assert!(
                self.wires.timers.deadline(&Timer::FetchWait(id)).is_some(),
                "a fetch waits without end: {session:?}"
            );
            // Another reader goes on in it: see `FetchSessions::continue_session`.
            if session.has_moved() {
                continue;
            }
            let answerable =
                session.dirty.iter().take(LOOKED_AT).find(|at| self.has_enough(id, **at, parked.min_bytes));
            assert_eq!(answerable, None, "fetch session {id} waits for what is there");
        }
    }

    fn verify_some_partitions(&self, now: Time) {
        let count = self.partitions.len();
        let first = if count > LOOKED_AT { now.0 as usize % count } else { 0 };
        let looked_at = self.partitions.iter().skip(first).chain(self.partitions.iter().take(first)).take(LOOKED_AT);
        for (at, partition) in looked_at {
            partition.verify();
            self.verify_metadata_of(*at, partition);
        }
    }

    /// A replica plays the part that the metadata says, no more and no less (`ReplicaManager.applyDelta`).
    fn verify_metadata_of(&self, at: TopicIdPartition, partition: &Partition) {
        if self.is_publishing() || self.state() == BrokerState::Starting {
            return;
        }
        let name = partition.name();
        let said = self.image.partition(at).unwrap_or_else(|| panic!("{name} is kept and does not exist"));
        assert!(said.replicas.contains(&self.id()), "{name} is kept and is not ours: {said:?}");
        assert_eq!(partition.leader_epoch(), said.leader_epoch, "{name}: the part of another epoch");
        // An answer of the controller may come before the metadata that says the same.
        assert!(partition.partition_epoch() >= said.partition_epoch, "{name}: older than the metadata");
        assert_eq!(partition.is_leader(), said.leader == Some(self.id()), "{name} is led by {:?}", said.leader);
        if let Some(leader) = partition.follower().and_then(|follower| follower.leader) {
            let copies = self.fetchers.get(&leader).is_some_and(|fetcher| fetcher.partitions().contains_key(&at));
            assert!(copies, "{name} is not copied from {leader:?}");
        }
    }

    /// One fetcher: it counts right, copies what follows its leader, and something will make it go on.
    fn verify_fetcher(&self, leader: BrokerId, fetcher: &Fetcher) {
        let fetching = |status: FetchStatus| status == FetchStatus::Fetching;
        let count = fetcher.partitions.values().filter(|followed| fetching(followed.status)).count();
        assert_eq!(count, fetcher.fetching as usize, "the fetcher of {leader:?} miscounts");
        for at in fetcher.changed.iter() {
            let known = fetcher.partitions.get(at).is_some_and(|followed| fetching(followed.status));
            assert!(known, "the fetcher of {leader:?} would name {at:?}");
            assert!(!fetcher.forgotten.contains(at), "{at:?} is both named and taken back");
        }
        for (at, followed) in fetcher.partitions.iter() {
            let waits = self.wires.timers.deadline(&Timer::FetchBackoff(*at)).is_some();
            assert!(followed.status != FetchStatus::BackingOff || waits, "{at:?} is never fetched again");
            let follows = self.partition(*at).and_then(Partition::follower).is_some_and(|to| to.leader == Some(leader));
            assert!(follows || self.is_publishing(), "{at:?} is copied from {leader:?} and does not follow it");
        }
        let line = self.wires.lines.get(BrokerLine::Leader(leader));
        let retries = self.wires.timers.deadline(&Timer::FetcherRetry(leader)).is_some();
        let goes_on = retries || line.is_some_and(|line| line.connection().is_some() && !line.has_room());
        let reachable = self.image.broker(leader).is_some() && !self.is_publishing();
        assert!(goes_on || fetcher.fetching == 0 || !reachable, "nothing is copied from {leader:?} any more");
    }
}

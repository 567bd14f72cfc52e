//! What always holds of a broker between two events of its node.
//!
//! What one replica, its log, the groups or the lines keep to is theirs to say; here is what they owe each other: nobody
//! waits for what has come, nothing waits that nobody will wake.

use super::{Broker, Held};
use crate::lifecycle::BrokerState;
use crate::partition::Partition;
use api::{Acks, Request};
use base::{Time, TopicIdPartition};
use metadata::topic_name;
use port::{ChannelKind, ReplyTo};

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
        assert!(self.held.is_empty() || self.state() == BrokerState::Starting, "a request is held for nothing");
        self.wires.lines.verify(&self.wires.timers);
        self.controller_lines.verify(&self.wires.lines, &self.wires.timers);
        let kind = ChannelKind::Lifecycle;
        if self.wires.under_way(kind).is_none() && !self.controller_lines.queues_on(kind) {
            self.lifecycle.verify_silent(&self.wires.timers);
        }
        self.purgatories.verify(self.view(), &self.wires.timers);
        self.replicas.verify(now);
        self.replica_fetchers.verify(&self.wires);
        if !self.is_publishing() && self.state() != BrokerState::Starting {
            self.verify_carried_out(now);
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
        held.chain(self.purgatories.owed()).chain(self.controller_lines.owed()).chain(self.coordinator.owed())
    }

    /// What the metadata says is carried out.
    fn verify_carried_out(&self, now: Time) {
        self.replica_fetchers.verify_carried_out(&self.wires, &self.replicas, &self.image);
        self.replicas.some(now).for_each(|(at, partition)| self.verify_metadata_of(at, partition));
    }

    /// A replica plays the part that the metadata says, no more and no less (`ReplicaManager.applyDelta`).
    fn verify_metadata_of(&self, at: TopicIdPartition, partition: &Partition) {
        let name = partition.name();
        let said = self.image.partition(at).unwrap_or_else(|| panic!("{name} is kept and does not exist"));
        assert!(said.replicas.contains(&self.id()), "{name} is kept and is not ours: {said:?}");
        assert_eq!(partition.leader_epoch(), said.leader_epoch, "{name}: the part of another epoch");
        // An answer of the controller may come before the metadata that says the same.
        assert!(partition.partition_epoch() >= said.partition_epoch, "{name}: older than the metadata");
        assert_eq!(partition.is_leader(), said.leader == Some(self.id()), "{name} is led by {:?}", said.leader);
        if let Some(leader) = partition.follower().and_then(|follower| follower.leader) {
            assert!(self.replica_fetchers.copies(leader, at), "{name} is not copied from {leader:?}");
        }
    }
}

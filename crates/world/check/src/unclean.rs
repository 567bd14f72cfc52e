//! Unclean elections that somebody asked for or allowed: losses that Kafka announces, not broken promises.
//!
//! Who asked is known from the world (an operator's act) and who allowed from the settings in force when the controller
//! decided. That an election was unclean is known from the committed metadata that made the leader one
//! (`LeaderRecoveryState.RECOVERING`). A controller that elects uncleanly on its own is excused by neither.

use base::{FlatMap, FlatSet, LeaderEpoch, ProcessId, TopicPartition};
use controller::View;
use port::{Fact, KafkaFact};
use sim::World;

/// What has been asked for, and which elections came of it or of a permission.
#[derive(Clone, Debug, Default)]
pub(crate) struct UncleanElections {
    asked: FlatSet<TopicPartition>,
    asked_for_all: bool,
    /// The newest epoch for which such an election was decided. The decision may still be lost with its controller.
    decided: FlatMap<TopicPartition, LeaderEpoch>,
}

impl UncleanElections {
    /// What was asked for, and elections from outside the ISR that came of it.
    pub(crate) fn note(&mut self, world: &World, process: ProcessId, fact: &Fact) {
        if let Fact::Kafka(KafkaFact::UncleanElectionAsked { partitions }) = fact {
            self.asked_for_all |= partitions.is_empty();
            self.asked.extend(partitions.iter().cloned());
        }
        let Fact::Kafka(KafkaFact::PartitionChanged { partition, old_leader, leader, leader_epoch, old_isr, .. }) =
            fact
        else {
            return;
        };
        let is_from_outside =
            leader.as_ref().is_some_and(|leader| *old_leader != Some(*leader) && !old_isr.contains(leader));
        if is_from_outside && (self.was_asked(partition) || is_allowed(world, process, partition)) {
            self.decided.insert(partition.clone(), *leader_epoch);
        }
    }

    /// By name, or with all others.
    fn was_asked(&self, partition: &TopicPartition) -> bool {
        self.asked_for_all || self.asked.contains(partition)
    }

    /// May the leader of this epoch be one that was elected so?
    pub(crate) fn may_have_made(&self, partition: &TopicPartition, epoch: LeaderEpoch) -> bool {
        self.decided.get(partition).is_some_and(|decided| epoch >= *decided)
    }
}

/// Do the settings allow it, in the eyes of the controller that just decided?
fn is_allowed(world: &World, process: ProcessId, partition: &TopicPartition) -> bool {
    let controller = world.process(process).and_then(|process| process.node()?.controller());
    controller.is_some_and(|controller| {
        View { image: controller.image(), settings: controller.settings() }.unclean_election_enabled(&partition.topic)
    })
}

//! What programs around consumers gave cause for: one died at its commit, one wants nothing read, a commit of one threw, and
//! a store outside Kafka has something twice.

use base::TopicPartition;
use client::Consumer;
use client::consumer::PartitionState;
use lab::Happening;
use port::{Fact, KafkaFact};
use sim::Slot;

use super::super::toll::toll;
use super::answered;
use super::inquiry::{Inquiry, because};
use crate::why::{OfConsumer, Question, Step, Why};

impl Inquiry<'_> {
    /// Its program died at a commit, and what comes of it.
    pub(super) fn died(&self, slot: &Slot, consumer: &Consumer) -> Vec<Step> {
        let of_it =
            |told: &Happening| told.process == slot.id && matches!(told.fact, Fact::Kafka(KafkaFact::Crashed { .. }));
        let (Some(death), Some(told)) = (consumer.death(), self.latest(self.now(), &of_it)) else {
            // The fact was given up with its past.
            return self.silence(slot.id, None, self.now()).into_iter().collect();
        };
        let crashed = because(told, OfConsumer::Crashed { name: slot.name.clone(), at: death.at });
        let (again, never) = toll(self.ledger, (consumer, death));
        vec![crashed, self.now_so(OfConsumer::Toll { again, never })]
    }

    /// What it has is left unread because its program wants it so.
    pub(super) fn paused(&self, slot: &Slot, consumer: &Consumer) -> Vec<Step> {
        let own = consumer.partitions().filter(|(name, _)| consumer.program().paused().contains(*name));
        let step = |(name, state): (&TopicPartition, &PartitionState)| {
            let mark = self.known(name).and_then(|known| known.leader).map(|(_, replica)| replica.high_watermark());
            let waiting = mark.zip(state.offset()).map_or(0, |(mark, at)| (mark.0 - at.0).max(0).unsigned_abs());
            let clause = OfConsumer::Paused { partition: name.clone(), waiting };
            let of_it = |told: &Happening| match &told.fact {
                Fact::Kafka(KafkaFact::ReadingPaused { partition, .. }) => told.process == slot.id && partition == name,
                _another => false,
            };
            match self.latest(self.now(), &of_it) {
                Some(told) => because(told, clause),
                None => self.now_so(clause),
            }
        };
        own.map(step).collect()
    }

    /// Of commits of its own that threw, and of the store that it writes to.
    pub(super) fn of_program(&self, slot: &Slot) -> Vec<Why> {
        let consumer = slot.process.as_ref().and_then(process::Process::consumer);
        let whys = consumer.map(|consumer| [self.refused(slot, consumer), self.twice(consumer)]);
        whys.into_iter().flatten().flatten().collect()
    }

    /// The newest commit that threw, and why its group did not count it.
    fn refused(&self, slot: &Slot, consumer: &Consumer) -> Option<Why> {
        let threw = self.latest(self.now(), &|told| {
            told.process == slot.id && matches!(told.fact, Fact::Kafka(KafkaFact::CommitThrew { .. }))
        })?;
        let Fact::Kafka(KafkaFact::CommitThrew { error, .. }) = &threw.fact else { return None };
        let (name, group) = (slot.name.clone(), &consumer.setup().group);
        let before = || self.latest(threw.at, &|told| is_unrest(told, slot, group));
        // Others do not come of a place in the group that was lost.
        let unrest = is_of_group(error).then(before).flatten().and_then(|told| {
            let clause = match &told.fact {
                Fact::Kafka(KafkaFact::PollIntervalExceeded { after, .. }) => {
                    OfConsumer::PolledTooLate { name: name.clone(), after: *after }
                }
                Fact::Kafka(KafkaFact::MemberLeft { group, client, reason, .. }) => {
                    OfConsumer::MemberLeft { member: client.clone(), group: group.clone(), reason: *reason }
                }
                Fact::Kafka(KafkaFact::GroupStateChanged { group, state, .. }) => {
                    OfConsumer::Rebalances { group: group.clone(), state: *state }
                }
                _another => return None,
            };
            Some(because(told, clause))
        });
        let threw = because(threw, OfConsumer::Threw { name: name.clone(), error: error.clone() });
        Some(answered(Question::CommitRefused(name), unrest.into_iter().chain([threw])))
    }

    /// A row more than once: what made its group's programs read again, and where that begins.
    fn twice(&self, consumer: &Consumer) -> Option<Why> {
        let store = &consumer.program().policy().sink.as_ref()?.name;
        let sink = self.world.sink(store).filter(|sink| sink.twice() > 0)?;
        let (partition, first) = sink.stretches().find_map(|(partition, stretches)| {
            let again = stretches.iter().find(|stretch| stretch.times > 1)?;
            Some((partition.clone(), again.from))
        })?;
        let group = &consumer.setup().group;
        let cause = self.latest(self.now(), &|told| is_return(told, group, &partition)).and_then(|told| {
            let name = self.name(told.process);
            let clause = match &told.fact {
                Fact::Kafka(KafkaFact::Crashed { at, .. }) => OfConsumer::Crashed { name, at: *at },
                Fact::Kafka(KafkaFact::CommitThrew { error, .. }) => OfConsumer::Threw { name, error: error.clone() },
                Fact::Kafka(KafkaFact::Sought { partition, to, .. }) => {
                    OfConsumer::Sought { name, partition: partition.clone(), to: *to }
                }
                _another => return None,
            };
            Some(because(told, clause))
        });
        let twice = OfConsumer::Twice { store: store.clone(), records: sink.twice(), partition, first };
        Some(answered(Question::WrittenTwice(store.clone()), cause.into_iter().chain([self.now_so(twice)])))
    }
}

/// Does an exception say that the member's group has changed?
fn is_of_group(error: &str) -> bool {
    ["CommitFailedException", "RebalanceInProgressException"].contains(&error)
}

/// What took a member's place away.
fn is_unrest(told: &Happening, slot: &Slot, of: &base::GroupId) -> bool {
    match &told.fact {
        Fact::Kafka(KafkaFact::PollIntervalExceeded { .. }) => told.process == slot.id,
        Fact::Kafka(KafkaFact::MemberLeft { group, client, .. }) => group == of && *client == slot.name,
        Fact::Kafka(KafkaFact::GroupStateChanged { group, state, .. }) => {
            group == of && *state == port::GroupState::PreparingRebalance
        }
        _another => false,
    }
}

/// What makes a group read again what it had read.
fn is_return(told: &Happening, of: &base::GroupId, in_partition: &TopicPartition) -> bool {
    match &told.fact {
        Fact::Kafka(KafkaFact::Crashed { group, .. }) => group == of,
        Fact::Kafka(KafkaFact::CommitThrew { group, error, .. }) => group == of && is_of_group(error),
        Fact::Kafka(KafkaFact::Sought { group, partition, from, to }) => {
            group == of && partition == in_partition && from.is_none_or(|from| *to < from)
        }
        _another => false,
    }
}

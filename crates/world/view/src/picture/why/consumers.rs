//! Why a consumer reads nothing (semantics 12 and 15): it stopped, its group is not ready, it owns nothing, or what it
//! owns has nothing for it.

use base::{Offset, TopicPartition};
use client::Consumer;
use client::consumer::{Application, ConsumerTimer, GroupPhase};
use coordinator::Member;
use sim::{Liveness, Slot};

use super::answered;
use super::inquiry::Inquiry;
use crate::why::{OfConsumer, Question, Step, Why};

impl Inquiry<'_> {
    /// `None`: it reads, or has nothing to explain.
    pub(super) fn of_consumer(&self, slot: &Slot) -> Option<Why> {
        let steps = match slot.process.as_ref().and_then(process::Process::consumer) {
            Some(consumer) if slot.liveness == Liveness::Killed && consumer.death().is_some() => {
                self.died(slot, consumer)
            }
            _ if slot.liveness != Liveness::Running => self.silence(slot.id, None, self.now()).into_iter().collect(),
            Some(consumer) => self.idle(slot, consumer),
            None => Vec::new(),
        };
        (!steps.is_empty()).then(|| answered(Question::Idle(slot.name.clone()), steps))
    }

    /// In the order in which a consumer comes to read: coordinator, group, assignment, records.
    fn idle(&self, slot: &Slot, consumer: &Consumer) -> Vec<Step> {
        let membership = consumer.membership();
        let group = &consumer.setup().group;
        if membership.phase != GroupPhase::Stable {
            return match membership.coordinator {
                None => self.no_coordinator(slot, group),
                Some(coordinator) => {
                    let place = self.cluster.place(coordinator);
                    let silence = place.and_then(|place| self.silence(place, Some(slot.id), self.now()));
                    match silence {
                        Some(silence) => vec![silence, self.now_so(OfConsumer::NoCoordinator { group: group.clone() })],
                        None => self.rebalance(group),
                    }
                }
            };
        }
        if consumer.assignment().next().is_none() {
            return self.owns_nothing(consumer);
        }
        if consumer.application() == Application::Processing {
            let until = consumer.timers().deadline(&ConsumerTimer::Poll);
            return vec![self.now_so(OfConsumer::Works { until })];
        }
        self.nothing_to_read(slot, consumer)
    }

    /// The plan is made, and nothing of it is this member's.
    fn owns_nothing(&self, consumer: &Consumer) -> Vec<Step> {
        let group = &consumer.setup().group;
        let mut steps = self.planned(group);
        let topics = &consumer.setup().topics;
        let known = |topic: &&base::Str| self.cluster.topics().any(|known| known == *topic);
        if let Some(missing) = topics.iter().find(|topic| !known(topic)) {
            steps.push(self.now_so(OfConsumer::NoSuchTopic { topic: missing.clone() }));
            return steps;
        }
        let partitions = self.cluster.partitions(true).filter(|(_, name)| topics.contains(&name.topic)).count();
        let wants = |member: &&Member| match self.coordinated(group).and_then(|(_, known)| known.protocol()) {
            Some(protocol) => member.subscribed_topics(protocol).iter().any(|topic| topics.contains(topic)),
            None => false,
        };
        let members = self.coordinated(group).map_or(0, |(_, known)| known.members().values().filter(wants).count());
        if members > partitions {
            steps.push(self.now_so(OfConsumer::NoneLeft { members, partitions }));
        }
        steps
    }

    /// It owns partitions: is there anything, and can it be fetched?
    fn nothing_to_read(&self, slot: &Slot, consumer: &Consumer) -> Vec<Step> {
        let paused = consumer.program().paused();
        for (name, state) in consumer.partitions().filter(|(name, _)| !paused.contains(*name)) {
            let leader = self.known(name).and_then(|known| known.leader);
            let Some((place, replica)) = leader else {
                return match self.known(name) {
                    Some(known) if known.registration.leader.is_none() => self.lost_leader(&known),
                    Some(known) => known
                        .registration
                        .leader
                        .and_then(|leader| self.place_silent(leader, slot))
                        .into_iter()
                        .collect(),
                    None => vec![self.now_so(OfConsumer::NoSuchTopic { topic: name.topic.clone() })],
                };
            };
            if let Some(silence) = self.silence(place, Some(slot.id), self.now()) {
                return vec![silence];
            }
            let Some(position) = state.offset() else {
                return vec![self.now_so(OfConsumer::AsksPosition { partition: name.clone() })];
            };
            if position < replica.high_watermark() {
                // There is something, and it is on its way.
                return Vec::new();
            }
        }
        match paused.is_empty() {
            true => self.read_all(consumer),
            false => self.paused(slot, consumer),
        }
    }

    /// Cut off from this consumer is silent as well, whatever others hear.
    fn place_silent(&self, leader: base::BrokerId, slot: &Slot) -> Option<Step> {
        self.cluster.place(leader).and_then(|place| self.silence(place, Some(slot.id), self.now()))
    }

    /// It has read what is committed of all that it owns.
    fn read_all(&self, consumer: &Consumer) -> Vec<Step> {
        let known = |name: &TopicPartition| self.known(name).and_then(|known| known.leader);
        let owned: Vec<_> = consumer.assignment().filter_map(|name| Some((name, known(name)?))).collect();
        let unread = owned.iter().find(|(_, (_, replica))| replica.log_end() > replica.high_watermark());
        if let Some((name, (_, replica))) = unread {
            let mut steps = self.known(name).map(|known| self.mark_waits(&known)).unwrap_or_default();
            let (mark, end) = (replica.high_watermark(), replica.log_end());
            steps.push(self.now_so(OfConsumer::NotCommitted { partition: (*name).clone(), mark, end }));
            return steps;
        }
        let told = match owned.iter().find(|(_, (_, replica))| replica.log_end() > Offset::ZERO) {
            Some((name, (_, replica))) => {
                Some(OfConsumer::ReadAll { offset: replica.log_end(), partition: (*name).clone() })
            }
            None => owned.first().map(|(name, _)| self.nothing_in(name)),
        };
        told.map(|clause| self.now_so(clause)).into_iter().collect()
    }

    /// An empty partition, of a topic that is as empty or not.
    fn nothing_in(&self, name: &TopicPartition) -> OfConsumer {
        let mut of_topic = self.cluster.partitions(true).filter(|(_, other)| other.topic == name.topic);
        let is_empty = |(_, replica): (base::ProcessId, &broker::Partition)| replica.log_end() == Offset::ZERO;
        match of_topic.all(|(_, other)| self.known(other).and_then(|known| known.leader).is_some_and(is_empty)) {
            true => OfConsumer::EmptyTopic { topic: name.topic.clone() },
            false => OfConsumer::EmptyPartition { partition: name.clone() },
        }
    }
}

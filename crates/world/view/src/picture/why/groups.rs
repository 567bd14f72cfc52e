//! Groups and their coordinators: why a group has none, what it waits for, and who is to read what.

use base::{GroupId, Str};
use coordinator::{ClassicGroup, GroupCoordinator, Member};
use port::{Fact, GroupState, KafkaFact, KafkaSetup, ProcessConfig};
use sim::{Liveness, Slot};

use super::answered;
use super::cluster;
use super::inquiry::{Inquiry, because};
use crate::why::{OfConsumer, Question, Step, Why};

impl<'a> Inquiry<'a> {
    /// A group as its running coordinator knows it.
    pub(super) fn coordinated(&self, group: &str) -> Option<(&'a Slot, &'a ClassicGroup)> {
        let running = self.cluster.brokers().filter(|(_, slot)| slot.liveness == Liveness::Running);
        let known = running.filter_map(|(_, slot)| Some((slot, cluster::broker(slot)?.coordinator().group(group)?)));
        known.max_by_key(|(_, group)| group.generation())
    }

    /// Of a group that nobody coordinates one of its members is asked.
    pub(super) fn of_group(&self, group: &Str) -> Vec<Why> {
        let group = GroupId::from(&**group);
        let steps = match self.coordinated(&group).map(|(_, known)| known.state()) {
            None => {
                let member = self
                    .cluster
                    .part
                    .slots()
                    .find(|slot| matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) if setup.group == group));
                member.map_or_else(Vec::new, |slot| self.no_coordinator(slot, &group))
            }
            Some(GroupState::Stable) => Vec::new(),
            Some(GroupState::Empty | GroupState::Dead) => {
                let mut steps: Vec<Step> = self.unrest(&group).into_iter().collect();
                steps.push(self.now_so(OfConsumer::NoMembers { group: group.clone() }));
                steps
            }
            Some(GroupState::PreparingRebalance | GroupState::CompletingRebalance) => self.rebalance(&group),
        };
        if steps.is_empty() { Vec::new() } else { vec![answered(Question::GroupStands(group), steps)] }
    }

    /// Nobody coordinates the group: the partition of `__consumer_offsets` that holds it has no leader, or it is not there.
    pub(super) fn no_coordinator(&self, member: &Slot, group: &GroupId) -> Vec<Step> {
        let mut steps = Vec::new();
        match self.offsets_partition(group) {
            Some(partition) => {
                let led = self.known(&partition).and_then(|known| known.registration.leader);
                let silence = led
                    .and_then(|leader| self.cluster.place(leader))
                    .and_then(|place| self.silence(place, Some(member.id), self.now()));
                steps.extend(silence);
                steps.extend(self.without_leader(&partition));
            }
            None => {
                let topic = metadata::topic_name::GROUP_METADATA.into();
                steps.push(self.now_so(OfConsumer::NoSuchTopic { topic }));
            }
        }
        steps.push(self.now_so(OfConsumer::NoCoordinator { group: group.clone() }));
        steps
    }

    /// Whose leader is the coordinator (`GroupCoordinatorService.partitionFor`).
    fn offsets_partition(&self, group: &GroupId) -> Option<base::TopicPartition> {
        let name = metadata::topic_name::GROUP_METADATA;
        let mut brokers = self.cluster.brokers().filter_map(|(_, slot)| cluster::broker(slot));
        let number = brokers.next()?.coordinator().partition_of(group);
        let partition = base::TopicPartition::new(name, number);
        self.cluster.id_of(&partition).map(|_| partition)
    }

    /// Who came or went last.
    fn unrest(&self, group: &GroupId) -> Option<Step> {
        let last = self.latest(self.now(), &|told| match &told.fact {
            Fact::Kafka(KafkaFact::MemberJoined { group: of, .. } | KafkaFact::MemberLeft { group: of, .. }) => {
                of == group
            }
            _other => false,
        })?;
        let clause = match &last.fact {
            Fact::Kafka(KafkaFact::MemberLeft { client, reason, .. }) => {
                OfConsumer::MemberLeft { member: client.clone(), group: group.clone(), reason: *reason }
            }
            Fact::Kafka(KafkaFact::MemberJoined { client, .. }) => {
                OfConsumer::MemberJoined { member: client.clone(), group: group.clone() }
            }
            _other => return None,
        };
        Some(because(last, clause))
    }

    /// A plan is being made: since when, because of whom, and who is still awaited.
    pub(super) fn rebalance(&self, group: &GroupId) -> Vec<Step> {
        let mut steps: Vec<Step> = self.unrest(group).into_iter().collect();
        let changed = self.latest(
            self.now(),
            &|told| matches!(&told.fact, Fact::Kafka(KafkaFact::GroupStateChanged { group: of, .. }) if of == group),
        );
        if let Some(changed) = changed
            && let Fact::Kafka(KafkaFact::GroupStateChanged { state, .. }) = &changed.fact
        {
            steps.push(because(changed, OfConsumer::Rebalances { group: group.clone(), state: *state }));
        }
        let Some((slot, known)) = self.coordinated(group) else { return steps };
        let awaited: Vec<&Member> = known.members().values().filter(|member| is_awaited(known, member)).collect();
        let members: Vec<Str> = awaited.iter().map(|member| member.client_id.clone()).collect();
        let silent = members.iter().filter_map(|name| self.world.find(name)).filter(|slot| !slot.liveness.is_up());
        steps.extend(silent.filter_map(|slot| self.silence(slot.id, None, self.now())));
        let until = cluster::broker(slot).and_then(|broker| patience(broker.coordinator(), group, &awaited));
        steps.push(self.now_so(OfConsumer::GroupWaitsFor { members, until }));
        steps
    }

    /// The last plan of a group.
    pub(super) fn planned(&self, group: &GroupId) -> Vec<Step> {
        let planned = self.latest(self.now(), &|told| match &told.fact {
            Fact::Kafka(KafkaFact::GroupStateChanged { group: of, state: GroupState::Stable, .. }) => of == group,
            _other => false,
        });
        // It has never been stable, as far as is told.
        let Some(planned) = planned else { return Vec::new() };
        let Fact::Kafka(KafkaFact::GroupStateChanged { generation, .. }) = planned.fact else { return Vec::new() };
        vec![because(planned, OfConsumer::Shared { group: group.clone(), generation })]
    }
}

fn is_awaited(group: &ClassicGroup, member: &Member) -> bool {
    match group.state() {
        GroupState::PreparingRebalance => member.awaiting_join.is_none(),
        GroupState::CompletingRebalance => group.pending_syncs().contains(&member.id),
        GroupState::Empty | GroupState::Stable | GroupState::Dead => false,
    }
}

/// How long the coordinator waits at most: until the phase is over, or until the sessions of all that it waits for are.
fn patience(coordinator: &GroupCoordinator, group: &GroupId, awaited: &[&Member]) -> Option<base::Time> {
    let phase = coordinator.join_deadline(group).or_else(|| coordinator.sync_deadline(group));
    let sessions = awaited.iter().filter_map(|member| coordinator.session_deadline(group, &member.id)).max();
    phase.into_iter().chain(sessions).min()
}

//! Headlines about groups and clients, and news.

use base::{BrokerId, GroupId, ProcessId, TopicPartition};
use client::Consumer;
use client::consumer::GroupPhase;
use coordinator::{ClassicGroup, Member};
use metadata::topic_name::GROUP_METADATA;
use port::{Fact, GroupState, KafkaFact, KafkaSetup, ProcessConfig};
use process::Process;
use sim::{Liveness, Slot};

use super::super::cluster;
use super::sight::Sight;
use crate::{End, Headline, Heirs, Names, NoCoordinator, Several};

/// News are told for so many seconds of presentation time.
pub(super) const NEWS: f64 = 4.0;

/// Of a group without coordinator or plan.
pub(super) fn group(sight: &Sight<'_, '_>) -> Option<Headline> {
    let groups = sight.groups();
    groups.iter().find_map(|group| of_group(sight, group))
}

fn of_group(sight: &Sight<'_, '_>, name: &GroupId) -> Option<Headline> {
    let Some((coordinator, _, known)) = sight.coordinator(name) else {
        return Some(Headline::NoCoordinator { group: name.clone(), why: why(sight, name) });
    };
    let outside = || Some(Headline::Joins { group: name.clone(), member: outside(sight, name, known)?.name.clone() });
    let Some(known) = known else { return outside() };
    match known.state() {
        GroupState::PreparingRebalance => {
            let (joined, all) = joined(known);
            Some(Headline::Rebalances { group: name.clone(), joined, all })
        }
        GroupState::CompletingRebalance => Some(match leader(known) {
            Some(leader) => Headline::Shares { group: name.clone(), leader: leader.client_id.clone() },
            None => Headline::Rebalances { group: name.clone(), joined: 0, all: known.members().len() },
        }),
        GroupState::Stable => silent_member(sight, name, (coordinator, known))
            .or_else(|| is_planned(sight, name, known).then(|| Headline::Planned { group: name.clone() }))
            .or_else(outside),
        GroupState::Empty | GroupState::Dead => outside(),
    }
}

/// Does a running consumer that the group counts lack its plan?
pub(super) fn is_planned(sight: &Sight<'_, '_>, name: &GroupId, known: &ClassicGroup) -> bool {
    sight.consumers().filter(|(group, ..)| *group == name).any(|(_, _, consumer)| {
        let membership = consumer.membership();
        membership.phase != GroupPhase::Stable && known.members().contains_key(&membership.member_id)
    })
}

/// Members that have asked to join, of those that there are.
pub(super) fn joined(known: &ClassicGroup) -> (usize, usize) {
    let joined = known.members().values().filter(|member| member.awaiting_join.is_some()).count();
    (joined, known.members().len() + known.pending_members().len())
}

pub(super) fn leader(known: &ClassicGroup) -> Option<&Member> {
    known.members().get(known.leader()?)
}

pub(super) fn why(sight: &Sight<'_, '_>, name: &GroupId) -> NoCoordinator {
    let partition = sight
        .cluster
        .brokers()
        .find_map(|(_, slot)| cluster::broker(slot).map(|broker| broker.coordinator().partition_of(name)));
    let name = TopicPartition { topic: GROUP_METADATA.into(), partition: partition.unwrap_or_default() };
    let image = sight.image();
    let known = image.and_then(|image| image.topic_by_name(GROUP_METADATA)?.partitions.get(&name.partition));
    let Some(known) = known else { return NoCoordinator::NoTopic };
    match known.leader.and_then(|leader| sight.cluster.slot(leader).map(|slot| (leader, slot.liveness))) {
        Some((leader, Liveness::Running)) => NoCoordinator::Loading(leader),
        Some((leader, Liveness::Paused)) => NoCoordinator::Hangs(leader),
        Some((_, Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff)) | None => NoCoordinator::NoLeader(name),
    }
}

/// A running consumer that the group does not count, or that has not got its plan.
pub(super) fn outside<'a>(sight: &Sight<'a, '_>, name: &GroupId, known: Option<&ClassicGroup>) -> Option<&'a Slot> {
    let mut own = sight.consumers().filter(|(group, ..)| *group == name);
    let is_in = |consumer: &client::Consumer| {
        let membership = consumer.membership();
        membership.phase == GroupPhase::Stable
            && known.is_some_and(|known| known.members().contains_key(&membership.member_id))
    };
    own.find(|(_, _, consumer)| !is_in(consumer)).map(|(_, slot, _)| slot)
}

/// A member that is counted and does not run. Only by its id is a member surely one process.
fn silent_member(
    sight: &Sight<'_, '_>,
    name: &GroupId,
    (broker, known): (BrokerId, &ClassicGroup),
) -> Option<Headline> {
    let member = known.members().values().find(|member| !is_of_somebody(sight, name, member))?;
    let unread = assigned(member);
    Some(Headline::MemberSilent {
        group: name.clone(),
        member: member.client_id.clone(),
        coordinator: broker,
        timeout: member.session_timeout,
        unread: Several::of(&unread),
    })
}

/// Does a running consumer go by this member's id?
pub(super) fn is_of_somebody(sight: &Sight<'_, '_>, name: &GroupId, member: &Member) -> bool {
    sight.look.slots().filter(|slot| slot.liveness == Liveness::Running).any(|slot| {
        let consumer = slot.process.as_ref().and_then(Process::consumer);
        consumer.is_some_and(|own| own.setup().group == *name && own.membership().member_id == member.id)
    })
}

/// What a member was given, in order.
pub(super) fn assigned(member: &Member) -> Vec<TopicPartition> {
    let topics = member.assigned_partitions();
    let each = topics.iter().flat_map(|(topic, all)| all.iter().map(|one| TopicPartition::new(topic.clone(), *one)));
    let mut each: Vec<TopicPartition> = each.collect();
    base::sort(&mut each);
    each
}

/// Of a client that has ended or hangs, one with an error first, then the newest.
pub(super) fn client(sight: &Sight<'_, '_>) -> Option<Headline> {
    let down = sight.clients().filter(|slot| slot.liveness != Liveness::Running);
    let slot = down.max_by_key(|slot| (failure(slot).is_some(), slot.since))?;
    let client = slot.name.clone();
    Some(match failure(slot) {
        Some(error) => Headline::Failed { client, error },
        None => Headline::ClientGone { client, end: end(slot)?, group: heirs(sight, slot) },
    })
}

/// A consumer's group, and who reads its topics now: as the consumers know what they were given.
pub(super) fn heirs(sight: &Sight<'_, '_>, slot: &Slot) -> Option<(GroupId, Heirs)> {
    let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config else { return None };
    let others = || sight.consumers().filter(|(group, ..)| **group == setup.group).map(|(_, _, consumer)| consumer);
    let wants = |consumer: &Consumer| consumer.setup().topics.iter().any(|topic| setup.topics.contains(topic));
    let reads = |consumer: &&Consumer| consumer.assignment().any(|own| setup.topics.contains(&own.topic));
    let mut wanted = sight.cluster.partitions(true).filter(|(_, name)| setup.topics.contains(&name.topic)).peekable();
    let all = wanted.peek().is_some()
        && wanted.all(|(_, name)| others().any(|consumer| consumer.assignment().any(|own| own == name)));
    let first = setup.topics.first()?.clone();
    let heirs = match others().next() {
        None => Heirs::Nobody,
        Some(_) if !others().any(wants) => Heirs::NoReader { topic: first },
        Some(_) if all => {
            let topics = Names { first, more: setup.topics.len() - 1 };
            Heirs::Share { others: others().filter(reads).count(), topics }
        }
        Some(_) => Heirs::Unsettled,
    };
    Some((setup.group.clone(), heirs))
}

pub(super) fn end(slot: &Slot) -> Option<End> {
    match slot.liveness {
        Liveness::Running => None,
        Liveness::Paused => Some(End::Hangs),
        Liveness::Stopped => Some(End::Stopped),
        Liveness::Killed => Some(End::Killed),
        Liveness::PoweredOff => Some(End::PoweredOff),
    }
}

/// The error that a consumer ended with.
pub(super) fn failure(slot: &Slot) -> Option<base::ErrorCode> {
    slot.process.as_ref().and_then(Process::consumer)?.failure().map(|failure| failure.error)
}

/// A topic or member that is newly there, the newest.
pub(super) fn news(sight: &Sight<'_, '_>) -> Option<Headline> {
    // A member gets hundreds of partitions at once; it is new or not, whichever of them is told.
    let mut asked: Vec<(ProcessId, &GroupId)> = Vec::new();
    let fresh = sight.look.fresh(NEWS).iter().rev();
    fresh.map(|told| (&told.fact, told.process)).find_map(|(fact, process)| match fact {
        Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) => new_topic(sight, topic),
        Fact::Kafka(KafkaFact::PartitionAssigned { group, .. }) if !asked.contains(&(process, group)) => {
            asked.push((process, group));
            new_member(sight, group, process)
        }
        _no_news => None,
    })
}

pub(super) fn new_topic(sight: &Sight<'_, '_>, topic: &str) -> Option<Headline> {
    let known = sight.image()?.topic_by_name(topic)?;
    let copies = known.partitions.values().next().map_or(0, |one| one.replicas.len());
    Some(Headline::NewTopic { topic: known.name.clone(), partitions: known.partitions.len(), copies })
}

/// A consumer that was started a moment ago and has got its plan.
fn new_member(sight: &Sight<'_, '_>, group: &GroupId, process: ProcessId) -> Option<Headline> {
    let slot = sight.look.world.slot(process).filter(|slot| sight.look.age(slot.since) <= NEWS)?;
    member(slot, group)
}

/// What a running member reads.
pub(super) fn member(slot: &Slot, group: &GroupId) -> Option<Headline> {
    let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config else { return None };
    let consumer = slot.process.as_ref().and_then(Process::consumer)?;
    let reads = Several::of(consumer.assignment());
    let new = Headline::NewMember { group: group.clone(), member: slot.name.clone(), reads };
    (slot.liveness == Liveness::Running && setup.group == *group).then_some(new)
}

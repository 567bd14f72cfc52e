//! Headlines about partitions: no leader, too few copies in sync, a copy that is behind.

use base::{BrokerId, LeaderEpoch, Span, Str, TopicPartition};
use lab::Happening;
use metadata::PartitionRegistration;
use port::{Fact, FenceReason, KafkaFact, WorldFact};
use sim::Liveness;

use super::super::story::is_new_session;
use super::nodes;
use super::sight::{Sight, Standing};
use crate::{End, Headline, Missing, Several, Unread};

/// How a partition without a leader stands, the least hopeful first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Nobody can be chosen now.
    Offline,
    /// Its leader is down, and nobody is in charge.
    NobodyChooses,
    /// Its leader has started anew, and nobody is in charge.
    NobodyLetsIn,
    /// Its leader is out of reach, and the controller has not given it up.
    Waits,
    /// Its leader runs and cannot read that it leads.
    Undelivered(Unread),
    /// Its leader has started anew, and the session of its life before runs.
    OldSession,
    /// Its new leader has not taken over yet.
    Chosen,
}

/// How far a partition whose leader fails has come: nobody has noticed, nobody chooses, nobody is left.
pub(super) fn stage(sight: &Sight<'_, '_>, registered: &PartitionRegistration) -> Stage {
    let Some(leader) = registered.leader else { return Stage::Offline };
    let end = sight.cluster.slot(leader).and_then(|slot| sight.end(slot));
    let is_led = sight.active().is_some();
    match end {
        Some(End::CutOff) | None => of_running(sight, leader, end),
        Some(_) if !is_led => Stage::NobodyChooses,
        Some(_) if sight.silence(leader).is_some() => Stage::Waits,
        Some(_) => Stage::Offline,
    }
}

/// The leader runs, and leads nothing yet.
fn of_running(sight: &Sight<'_, '_>, leader: BrokerId, end: Option<End>) -> Stage {
    let starts = sight.cluster.slot(leader).is_some_and(|slot| sight.standing(leader, slot) == Standing::Starting);
    match (starts, sight.active()) {
        (true, None) => Stage::NobodyLetsIn,
        (true, Some(_)) if sight.old_session(leader).is_some() => Stage::OldSession,
        (true, Some(_)) => Stage::Offline,
        (false, None) => Stage::Undelivered(Unread::NobodyInCharge),
        (false, Some(_)) if end.is_some() => Stage::Undelivered(Unread::CutOff),
        (false, Some(_)) => Stage::Chosen,
    }
}

/// Of a partition without a leader.
pub(super) fn leaderless(sight: &Sight<'_, '_>) -> Option<Headline> {
    let (stage, name, registered) =
        sight.leaderless().map(|(name, known)| (stage(sight, known), name, known)).min_by_key(|(stage, ..)| *stage)?;
    let orphans = Several::of(alike(sight, name, registered))?;
    let told = |leader| decision(sight, name, leader);
    Some(match (stage, registered.leader, sight.active()) {
        (Stage::NobodyChooses, Some(leader), _) => Headline::NobodyChooses { orphans, leader },
        (Stage::NobodyLetsIn, Some(leader), _) => Headline::NobodyLetsIn { orphans, leader },
        (Stage::Waits, Some(broker), Some(_)) => {
            let end = sight.cluster.slot(broker).and_then(|slot| sight.end(slot))?;
            nodes::missing(sight, Missing { broker, end, orphans: Some(orphans) })?
        }
        (Stage::Undelivered(why), Some(leader), _) => {
            Headline::Undelivered { orphans, controller: told(leader).map(|told| name_of(sight, told)), leader, why }
        }
        (Stage::OldSession, Some(broker), Some(_)) => nodes::old_session(sight, broker, Some(orphans))?,
        (Stage::Chosen, Some(leader), Some(active)) => {
            let controller = told(leader).map_or_else(|| active.name.clone(), |told| name_of(sight, told));
            Headline::Chosen { orphans, controller, leader, silence: silence_before(sight, name, leader) }
        }
        (Stage::Offline, _, _) | (_, None, _) | (Stage::Waits | Stage::OldSession | Stage::Chosen, Some(_), None) => {
            offline(sight, orphans, registered)
        }
    })
}

/// Partitions that stand as one does: for want of the same leader, by the same decision; or for want of any.
pub(super) fn alike<'s>(
    sight: &'s Sight<'_, '_>,
    name: &TopicPartition,
    registered: &PartitionRegistration,
) -> Vec<&'s TopicPartition> {
    let stage = stage(sight, registered);
    let same = |(_, other): &(&TopicPartition, &PartitionRegistration)| {
        (stage == Stage::Offline || other.leader == registered.leader) && self::stage(sight, other) == stage
    };
    let mut alike: Vec<Newest<'_, '_>> = sight
        .leaderless()
        .filter(same)
        .map(|(name, known)| Newest { name, epoch: known.leader_epoch, told: None })
        .collect();
    if let (Stage::Chosen | Stage::Undelivered(_), Some(leader)) = (stage, registered.leader) {
        newest(sight, &mut alike);
        let decided = |told: Option<&Happening>| named(told, leader).map(|told| (told.at, told.process));
        let told = decided(alike.iter().find(|one| one.name == name).and_then(|one| one.told));
        alike.retain(|other| decided(other.told) == told);
    }
    alike.into_iter().map(|one| one.name).collect()
}

/// The headline where nobody can lead.
fn offline(sight: &Sight<'_, '_>, orphans: Several, registered: &PartitionRegistration) -> Headline {
    let candidates = candidates(registered);
    match candidates.is_empty() {
        true => Headline::LastLeader { orphans, broker: registered.last_known_elr.first().copied() },
        false => Headline::Offline { orphans, torn: torn(sight, &candidates), candidates },
    }
}

/// One of them that lost its power and has not been let in since: what it had not flushed is not certain.
pub(super) fn torn(sight: &Sight<'_, '_>, candidates: &[BrokerId]) -> Option<BrokerId> {
    let is_torn = |broker: &&BrokerId| {
        // Registered long ago and not in this world any more.
        let Some(slot) = sight.cluster.slot(**broker) else { return false };
        let mut own = sight.look.told.iter().rev();
        let last = own.find(|told| match &told.fact {
            Fact::World(WorldFact::PowerLost) => told.process == slot.id,
            Fact::Kafka(KafkaFact::BrokerUnfenced { broker: of }) => of == *broker,
            _another => false,
        });
        slot.liveness == Liveness::PoweredOff || last.is_some_and(|last| last.fact == Fact::World(WorldFact::PowerLost))
    };
    candidates.iter().find(is_torn).copied()
}

fn name_of(sight: &Sight<'_, '_>, told: &Happening) -> Str {
    sight.cluster.name(told.process).into()
}

/// The decision that a broker leads the partition: the newest in force about its leader, or that the partition exists.
pub(super) fn decision<'a>(
    sight: &Sight<'a, '_>,
    partition: &TopicPartition,
    leader: BrokerId,
) -> Option<&'a Happening> {
    let (_, _, known) = sight.partitions().find(|(_, name, _)| *name == partition)?;
    let mut one = [Newest { name: partition, epoch: known.leader_epoch, told: None }];
    newest(sight, &mut one);
    named(one[0].told, leader)
}

/// A partition, and the newest decision about its leader, or that it exists.
struct Newest<'s, 'a> {
    name: &'s TopicPartition,
    /// Of the metadata in force: what a controller decided beyond it was never committed, or is not yet.
    epoch: LeaderEpoch,
    told: Option<&'a Happening>,
}

/// Looks for the decisions about partitions, which are in order, in one walk: there may be thousands of both.
fn newest<'a>(sight: &Sight<'a, '_>, of: &mut [Newest<'_, 'a>]) {
    let mut left = of.len();
    for told in sight.look.told.iter().rev() {
        if left == 0 {
            return;
        }
        let of_topic = |of: &[Newest<'_, 'a>], topic: &Str| {
            let start = of.partition_point(|one| one.name.topic < *topic);
            start..start + of[start..].partition_point(|one| one.name.topic == *topic)
        };
        let places = match &told.fact {
            Fact::Kafka(KafkaFact::PartitionChanged { partition, old_leader, leader, leader_epoch, .. })
                if old_leader != leader =>
            {
                match of.binary_search_by(|one| one.name.cmp(partition)) {
                    Ok(place) if *leader_epoch <= of[place].epoch => place..place + 1,
                    Ok(_) | Err(_) => continue,
                }
            }
            Fact::Kafka(KafkaFact::TopicCreated { topic, .. } | KafkaFact::PartitionsAdded { topic, .. }) => {
                of_topic(of, topic)
            }
            _another => continue,
        };
        for one in of[places].iter_mut().filter(|one| one.told.is_none()) {
            one.told = Some(told);
            left -= 1;
        }
    }
}

/// The decision, if it names the leader; that a partition exists names nobody.
fn named(told: Option<&Happening>, leader: BrokerId) -> Option<&Happening> {
    told.filter(|told| match &told.fact {
        Fact::Kafka(KafkaFact::PartitionChanged { leader: chosen, .. }) => *chosen == Some(leader),
        _it_exists => true,
    })
}

/// Who surely holds all that was committed, by id.
pub(super) fn candidates(registered: &PartitionRegistration) -> Vec<BrokerId> {
    let mut candidates: Vec<BrokerId> = registered.isr.iter().chain(&registered.elr).copied().collect();
    base::sort(&mut candidates);
    candidates.dedup();
    candidates
}

/// The fence that made the controller choose this leader, and the silence that it rests on. A controller that has only
/// taken charge since does not know how long it was.
pub(super) fn silence_before(
    sight: &Sight<'_, '_>,
    partition: &TopicPartition,
    chosen: BrokerId,
) -> Option<(BrokerId, Span)> {
    let told = sight.look.told;
    let changed = decision(sight, partition, chosen)?;
    // Nobody led before, so nobody was fenced for it.
    let Fact::Kafka(KafkaFact::PartitionChanged { old_leader: Some(old), .. }) = changed.fact else { return None };
    let then = told.iter().rev().skip_while(|told| told.at > changed.at).take_while(|told| told.at == changed.at);
    let contact = then.filter(|told| told.process == changed.process).find_map(|told| match &told.fact {
        Fact::Kafka(KafkaFact::BrokerFenced { broker, reason: FenceReason::SessionExpired, last_contact })
            if *broker == old =>
        {
            *last_contact
        }
        _another => None,
    })?;
    let took_charge = |told: &&Happening| {
        told.process == changed.process && matches!(told.fact, Fact::Kafka(KafkaFact::BecameActiveController { .. }))
    };
    let granted = is_new_session(told.iter().rev().find(took_charge), Some(contact));
    (!granted).then(|| (old, changed.at.since(contact)))
}

/// Of a partition that refuses acks=all.
pub(super) fn min_isr(sight: &Sight<'_, '_>) -> Option<Headline> {
    let (_, have, need) = sight.short().min_by_key(|(_, have, need)| *have as i64 - i64::from(*need))?;
    let alike = sight.short().filter(|short| (short.1, short.2) == (have, need)).map(|(name, ..)| name);
    Some(Headline::MinIsr { partitions: Several::of(alike)?, have, need })
}

/// Partitions whose ISR lacks that replica.
pub(super) fn lacking<'s>(sight: &'s Sight<'_, '_>, broker: BrokerId) -> impl Iterator<Item = &'s TopicPartition> {
    let lacks = move |known: &PartitionRegistration| known.replicas.contains(&broker) && !known.isr.contains(&broker);
    sight.partitions().filter(move |(_, _, known)| lacks(known)).map(|(_, name, _)| name)
}

/// Of a copy that is not in sync.
pub(super) fn behind(sight: &Sight<'_, '_>) -> Option<Headline> {
    let broker = sight
        .partitions()
        .find_map(|(_, _, known)| known.replicas.iter().find(|replica| !known.isr.contains(replica)).copied())?;
    Some(Headline::Behind { broker, partitions: Several::of(lacking(sight, broker))? })
}

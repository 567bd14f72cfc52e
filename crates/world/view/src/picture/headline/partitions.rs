//! Headlines about partitions: no leader, too few copies in sync, a copy that is behind.

use base::{BrokerId, Span, TopicPartition};
use metadata::PartitionRegistration;
use port::{Fact, FenceReason};

use super::nodes;
use super::sight::Sight;
use crate::{End, Headline, Missing, Several};

/// How a partition without a leader stands, the least hopeful first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Nobody can be chosen now.
    Offline,
    /// Its leader is down, and nobody is in charge.
    NobodyChooses,
    /// Its leader is out of reach, and the controller has not given it up.
    Waits,
    /// Its new leader has not taken over yet.
    Chosen,
    /// Its leader starts.
    Starts,
}

fn stage(sight: &Sight<'_, '_>, registered: &PartitionRegistration) -> Stage {
    let Some(leader) = registered.leader else { return Stage::Offline };
    let slot = sight.cluster.slot(leader);
    match slot.and_then(|slot| sight.end(slot)).filter(|end| *end != End::CutOff) {
        Some(_) if sight.active().is_none() => Stage::NobodyChooses,
        Some(_) if sight.silence(leader).is_some() => Stage::Waits,
        Some(_) => Stage::Offline,
        None if is_starting(sight, leader) || sight.active().is_none() => Stage::Starts,
        None => Stage::Chosen,
    }
}

/// Does the broker run without being let in?
pub(super) fn is_starting(sight: &Sight<'_, '_>, broker: BrokerId) -> bool {
    let starts = |slot| sight.standing(broker, slot) == super::sight::Standing::Starting;
    sight.cluster.slot(broker).is_some_and(starts)
}

/// Of a partition without a leader.
pub(super) fn leaderless(sight: &Sight<'_, '_>) -> Option<Headline> {
    let (stage, name, registered) =
        sight.leaderless().map(|(name, known)| (stage(sight, known), name, known)).min_by_key(|(stage, ..)| *stage)?;
    let alike = |(_, other): &(&TopicPartition, &PartitionRegistration)| {
        self::stage(sight, other) == stage && (stage == Stage::Offline || other.leader == registered.leader)
    };
    let orphans = Several::of(sight.leaderless().filter(alike).map(|(name, _)| name))?;
    Some(match (stage, registered.leader, sight.active()) {
        (Stage::NobodyChooses, Some(leader), _) => Headline::NobodyChooses { orphans, leader },
        (Stage::Waits, Some(broker), Some(_)) => {
            let end = sight.cluster.slot(broker).and_then(|slot| sight.end(slot))?;
            nodes::missing(sight, Missing { broker, end, orphans: Some(orphans) })?
        }
        (Stage::Chosen, Some(leader), Some(active)) => {
            let silence = silence_before(sight, name, leader);
            Headline::Chosen { orphans, controller: active.name.clone(), leader, silence }
        }
        (Stage::Starts, Some(leader), _) => Headline::LeaderStarts { orphans, leader },
        (Stage::Offline | Stage::NobodyChooses | Stage::Waits | Stage::Chosen | Stage::Starts, _, _) => {
            offline(orphans, registered)
        }
    })
}

fn offline(orphans: Several, registered: &PartitionRegistration) -> Headline {
    let candidates = candidates(registered);
    match candidates.is_empty() {
        true => Headline::LastLeader { orphans, broker: registered.last_known_elr.first().copied() },
        false => Headline::Offline { orphans, candidates },
    }
}

/// Who surely holds all that was committed, by id.
pub(super) fn candidates(registered: &PartitionRegistration) -> Vec<BrokerId> {
    let mut candidates: Vec<BrokerId> = registered.isr.iter().chain(&registered.elr).copied().collect();
    base::sort(&mut candidates);
    candidates.dedup();
    candidates
}

/// The fence that made the controller choose this leader, and the silence that it rests on.
pub(super) fn silence_before(
    sight: &Sight<'_, '_>,
    partition: &TopicPartition,
    chosen: BrokerId,
) -> Option<(BrokerId, Span)> {
    let changed = sight.look.told.iter().rev().find_map(|told| match &told.fact {
        Fact::PartitionChanged { partition: of, old_leader, leader, .. } if of == partition => {
            Some((told.at, (*old_leader)?, (*leader)?))
        }
        _another => None,
    });
    let (at, old, _) = changed.filter(|(_, _, new)| *new == chosen)?;
    let fenced = sight.look.told.iter().rev().take_while(|told| told.at >= at).find_map(|told| match &told.fact {
        Fact::BrokerFenced { broker, reason: FenceReason::SessionExpired, last_contact: Some(contact) } => {
            (*broker == old && told.at == at).then(|| told.at.since(*contact))
        }
        _another => None,
    });
    fenced.map(|silence| (old, silence))
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

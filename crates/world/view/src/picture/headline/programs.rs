//! Headlines about the programs around consumers: how one died at a commit and what comes of it, what a commit of its own
//! threw, where one was told to read and what to leave, and what a store outside Kafka has twice or never.

use base::{FlatSet, Offset, Str, TopicPartition};
use client::Consumer;
use client::consumer::{Application, Death, PartitionState};
use port::{Fact, KafkaFact};
use process::Process;
use sim::{Liveness, Slot};

use super::super::toll::toll;
use super::groups::NEWS;
use super::sight::Sight;
use crate::{Headline, Several};

/// A program's death comes before what its group makes of it for so many seconds of presentation time.
const DEATH: f64 = 6.0;

/// A death or an exception of a moment ago, before all that its group makes of it.
pub(super) fn fresh(sight: &Sight<'_, '_>) -> Option<Headline> {
    let dead = dead(sight).filter(|(slot, ..)| sight.look.age(slot.since) <= DEATH);
    dead.and_then(|(slot, consumer, death)| crashed(sight, slot, (consumer, death))).or_else(|| threw(sight))
}

/// A death at any time, when the group is done with it.
pub(super) fn death(sight: &Sight<'_, '_>) -> Option<Headline> {
    dead(sight).and_then(|(slot, consumer, death)| crashed(sight, slot, (consumer, death)))
}

/// Of those that died at a commit and were not started again, the newest.
fn dead<'a>(sight: &Sight<'a, '_>) -> Option<(&'a Slot, &'a Consumer, &'a Death)> {
    let all = sight.clients().filter(|slot| slot.liveness == Liveness::Killed);
    let all = all.filter_map(|slot| {
        let consumer = consumer(slot)?;
        Some((slot, consumer, consumer.death()?))
    });
    all.max_by_key(|(slot, ..)| slot.since)
}

fn consumer(slot: &Slot) -> Option<&Consumer> {
    slot.process.as_ref().and_then(Process::consumer)
}

/// The same of one process; `None`: it has not died so.
pub(super) fn crash_of(sight: &Sight<'_, '_>, slot: &Slot) -> Option<Headline> {
    let consumer = consumer(slot).filter(|_| slot.liveness == Liveness::Killed)?;
    crashed(sight, slot, (consumer, consumer.death()?))
}

fn crashed(sight: &Sight<'_, '_>, slot: &Slot, (consumer, death): (&Consumer, &Death)) -> Option<Headline> {
    let (again, never) = toll(sight.look.account.ledger, (consumer, death));
    Some(Headline::Crashed { client: slot.name.clone(), at: death.at, again, never })
}

/// A commit of a program that runs has thrown a moment ago, the newest.
pub(super) fn threw(sight: &Sight<'_, '_>) -> Option<Headline> {
    let fresh = sight.look.fresh(NEWS).iter().rev();
    fresh.filter(|told| is_running(sight, told.process)).find_map(|told| match &told.fact {
        Fact::Kafka(KafkaFact::CommitThrew { error, .. }) => Some(Headline::CommitThrew {
            client: sight.look.world.slot(told.process)?.name.clone(),
            error: error.clone(),
        }),
        _another => None,
    })
}

fn is_running(sight: &Sight<'_, '_>, process: base::ProcessId) -> bool {
    sight.look.world.slot(process).is_some_and(|slot| slot.liveness == Liveness::Running)
}

/// What a program was told about its positions a moment ago; then what is left unread because somebody wants it so.
pub(super) fn told(sight: &Sight<'_, '_>) -> Option<Headline> {
    turned(sight).or_else(|| paused(sight))
}

/// A seek, or that partitions are read again, with all that was told to the same process in the same instant.
fn turned(sight: &Sight<'_, '_>) -> Option<Headline> {
    let fresh = sight.look.fresh(NEWS);
    let is_turn =
        |fact: &Fact| matches!(fact, Fact::Kafka(KafkaFact::Sought { .. } | KafkaFact::ReadingResumed { .. }));
    let newest = fresh.iter().rev().find(|told| is_turn(&told.fact) && is_running(sight, told.process))?;
    let client = sight.look.world.slot(newest.process)?.name.clone();
    let same = fresh.iter().filter(|told| (told.process, told.at) == (newest.process, newest.at));
    if matches!(newest.fact, Fact::Kafka(KafkaFact::ReadingResumed { .. })) {
        let resumed = same.filter_map(|told| match &told.fact {
            Fact::Kafka(KafkaFact::ReadingResumed { partition, .. }) => Some(partition),
            _another => None,
        });
        return Some(Headline::Resumed { client, partitions: Several::of(resumed)? });
    }
    let sought = same.filter_map(|told| match &told.fact {
        Fact::Kafka(KafkaFact::Sought { partition, from, to, .. }) => Some((partition, *from, *to)),
        _another => None,
    });
    seek(sight, client, &sought.collect::<Vec<_>>())
}

/// Where it was, if that was known, and where it goes. What lies behind the log's end is nothing to skip.
fn seek(sight: &Sight<'_, '_>, client: Str, sought: &[(&TopicPartition, Option<Offset>, Offset)]) -> Option<Headline> {
    let (mut again, mut skipped) = (0, 0);
    for (partition, from, to) in sought {
        let end = leader(sight, partition).map_or(*to, |replica| replica.log_end());
        let moved = from.map_or(0, |from| (*to).min(end.max(from)).0 - from.0);
        again += (-moved).max(0);
        skipped += moved.max(0);
    }
    let (again, skipped) = (i64::unsigned_abs(again), i64::unsigned_abs(skipped));
    let partitions = Several::of(sought.iter().map(|(partition, ..)| *partition))?;
    Some(Headline::Sought { client, partitions, to: same_end(sought), again, skipped })
}

/// Where all of them go, if it is the same for each.
fn same_end(sought: &[(&TopicPartition, Option<Offset>, Offset)]) -> Option<Offset> {
    let (.., to) = sought.first()?;
    sought.iter().all(|(.., other)| other == to).then_some(*to)
}

fn leader<'a>(sight: &Sight<'a, '_>, name: &TopicPartition) -> Option<&'a broker::Partition> {
    let (id, _) = sight.partition(name)?;
    sight.cluster.leader(id).map(|(_, replica)| replica)
}

/// A running member does not read what it has, because its program wants it so.
pub(super) fn paused(sight: &Sight<'_, '_>) -> Option<Headline> {
    sight.consumers().find_map(|(_, slot, consumer)| pause_of(sight, slot, consumer))
}

/// The same of one member.
pub(super) fn pause_of(sight: &Sight<'_, '_>, slot: &Slot, consumer: &Consumer) -> Option<Headline> {
    let own = || consumer.partitions().filter(|(name, _)| consumer.program().paused().contains(*name));
    let partitions = Several::of(own().map(|(name, _)| name))?;
    let waiting = own().filter_map(|(name, state)| unread(sight, name, state)).sum();
    Some(Headline::Paused { client: slot.name.clone(), partitions, waiting })
}

/// Committed records behind a member's position.
fn unread(sight: &Sight<'_, '_>, name: &TopicPartition, state: &PartitionState) -> Option<u64> {
    Some((leader(sight, name)?.high_watermark().0 - state.offset()?.0).max(0).unsigned_abs())
}

/// A store that is out of order while somebody waits for it; else one that has something twice or lacks something. The first
/// by name.
pub(super) fn store(sight: &Sight<'_, '_>) -> Option<Headline> {
    fails(sight).or_else(|| wrong(sight))
}

/// A program that has its row refused waits, and its group with it.
fn fails(sight: &Sight<'_, '_>) -> Option<Headline> {
    let waits = |consumer: &Consumer| {
        let sink = consumer.program().policy().sink.as_ref()?;
        let fails = sight.look.world.store_condition(&sink.name).is_down && consumer.program().failed_writes() > 0;
        (fails && consumer.application() == Application::Writing).then(|| sink.name.clone())
    };
    let mut waiting: Vec<(Str, Str)> =
        sight.consumers().filter_map(|(_, slot, consumer)| Some((waits(consumer)?, slot.name.clone()))).collect();
    base::sort(&mut waiting);
    let (store, client) = waiting.first()?.clone();
    let more = waiting.iter().filter(|(other, _)| *other == store).count() - 1;
    Some(Headline::StoreFails { store, client, more })
}

fn wrong(sight: &Sight<'_, '_>) -> Option<Headline> {
    let ledger = sight.look.account.ledger?;
    let policy = |slot: &Slot| Some(consumer(slot)?.program().policy().sink.as_ref()?.name.clone());
    let names: FlatSet<Str> = sight.look.slots().filter_map(policy).collect();
    names.into_iter().find_map(|store| {
        let done = check::done(sight.look.cluster, ledger, &store, sight.look.world.sink(&store));
        let check::Done { twice, never, .. } = done;
        // What a program has committed before it works on it may still come into the store.
        let never = if works(sight, &store) { 0 } else { never };
        (twice + never > 0).then_some(Headline::Store { store, twice, never })
    })
}

/// Has a running program records to work on that go into the store?
fn works(sight: &Sight<'_, '_>, store: &str) -> bool {
    sight.consumers().any(|(_, _, consumer)| {
        let sink = consumer.program().policy().sink.as_ref();
        sink.is_some_and(|sink| *sink.name == *store) && consumer.program().work().next().is_some()
    })
}

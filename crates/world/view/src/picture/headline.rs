//! The one line over the stage: what matters most at this moment. Who died, who notices, who decides, who takes
//! over what from whom can be read here without opening anything.

use base::{BrokerId, Time};
use port::{Fact, GroupState, ProcessConfig};
use sim::{Liveness, Slot};

use super::Look;
use super::cluster::Cluster;
use super::groups::coordinated;
use super::story::Past;
use crate::{HintSign, HintView};
use lab::Happening;

/// Moves that are spelled out; more are left to the story.
const MOVES: usize = 3;

/// The headline and what to try.
pub(super) fn headline(look: &Look<'_>, cluster: &Cluster<'_>) -> (String, Option<HintView>) {
    let words = &look.text.stage;
    let hint = |sign: HintSign, after: &str| {
        Some(HintView { before: words.try_before.to_owned(), sign, after: after.to_owned() })
    };
    if cluster.brokers().next().is_none() {
        return (words.headline_empty.to_owned(), None);
    }
    if cluster.controllers().next().is_some() && cluster.active().is_none() {
        return (nobody_in_charge(look, cluster), None);
    }
    if let Some(line) = taking_over(look, cluster).or_else(|| of_busy_group(look, cluster)) {
        return (line, None);
    }
    let broker = cluster.brokers().filter(|(_, slot)| slot.liveness != Liveness::Running).max_by_key(|(_, s)| s.since);
    let member = stopped_member(look);
    let broker_is_newer = match (broker, member) {
        (Some((_, broker)), Some(member)) => broker.since >= member.since,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let settled_election = elected(look, cluster);
    match (broker, member) {
        (Some((id, slot)), _) if broker_is_newer => (
            of_stopped(look, cluster, (id, slot)),
            hint(HintSign::Start, words.try_start_after).filter(|_| is_settled(cluster)),
        ),
        (_, Some(member)) => (of_member(look, cluster, member), None),
        (_, None) if settled_election.is_some() => (settled_election.unwrap_or_default(), None),
        (_, None) => {
            (words.headline_flow.to_owned(), hint(HintSign::Stop, words.try_after).filter(|_| look.first_visit))
        }
    }
}

/// Nobody is in charge: can the controllers elect, and does anybody carry messages meanwhile?
fn nobody_in_charge(look: &Look<'_>, cluster: &Cluster<'_>) -> String {
    let runs = |(_, slot): &(BrokerId, &Slot)| slot.liveness == Liveness::Running;
    let (have, all) = (cluster.controllers().filter(runs).count(), cluster.controllers().count());
    (look.text.stage.headline_nobody)(have, all, cluster.brokers().filter(runs).count())
}

/// A controller is down and another is in charge.
fn elected(look: &Look<'_>, cluster: &Cluster<'_>) -> Option<String> {
    let down = cluster.controllers().filter(|(_, slot)| slot.liveness != Liveness::Running);
    let (_, down) = down.max_by_key(|(_, slot)| slot.since)?;
    let (_, active) = cluster.active()?;
    Some((look.text.stage.headline_elected)(&down.name, &active.name))
}

/// A broker has just begun to lead what another led.
fn taking_over(look: &Look<'_>, cluster: &Cluster<'_>) -> Option<String> {
    let mut taken: Vec<String> = Vec::new();
    let mut broker = None;
    for recent in look.recent {
        if let Fact::BecameLeader { partition, previous_leader: Some(_), .. } = &recent.fact
            && !metadata::topic_name::is_internal(&partition.topic)
        {
            broker = cluster.brokers().find(|(_, slot)| slot.id == recent.process).map(|(id, _)| id);
            taken.push(partition.to_string());
        }
    }
    let broker = broker?;
    Some((look.text.stage.headline_takes_over)(broker.0, &taken.join(", ")))
}

fn is_settled(cluster: &Cluster<'_>) -> bool {
    cluster.partitions(false).all(|(id, _)| cluster.leader(*id).is_some())
}

fn of_stopped(look: &Look<'_>, cluster: &Cluster<'_>, (id, slot): (BrokerId, &Slot)) -> String {
    let words = &look.text.stage;
    // From the decision on, not only once brokers have read it.
    let decided = |told: &Happening| matches!(&told.fact, Fact::BrokerFenced { broker, .. } if *broker == id);
    let fenced = look.told.iter().rev().take_while(|told| told.at >= slot.since).any(decided)
        || cluster.image().and_then(|image| image.broker(id)).is_some_and(|known| known.fenced);
    let silence = look.world.now().since(slot.since).as_millis();
    let controller = cluster.active().map_or("", |(_, slot)| &*slot.name);
    let leaderless = cluster.partitions(false).find(|(id, _)| cluster.leader(*id).is_none());
    match (fenced, leaderless) {
        (true, None) => (words.headline_reattached)(&leaders_moved(look, id, slot.since)),
        (true, Some(_)) => (words.headline_decides)(controller, id.0, &silence_of(look, id, slot)),
        (false, _) if silence < 1_000 && slot.liveness == Liveness::Killed => {
            (words.headline_stopped)(&(words.broker)(id.0))
        }
        (false, Some((_, name))) => (words.headline_waits)(controller, id.0, &name.to_string()),
        (false, None) => (words.headline_stopped)(&(words.broker)(id.0)),
    }
}

/// How long nothing had been heard from a broker when it was fenced.
fn silence_of(look: &Look<'_>, id: BrokerId, slot: &Slot) -> String {
    let fenced = look.told.iter().rev().find_map(|told| match &told.fact {
        Fact::BrokerFenced { broker, last_contact: Some(contact), .. } if *broker == id => {
            Some(told.at.since(*contact))
        }
        _other => None,
    });
    super::story::seconds(fenced.unwrap_or_else(|| look.world.now().since(slot.since)))
}

/// "orders-1: 2 → 3." for what the broker led and others lead now.
fn leaders_moved(look: &Look<'_>, id: BrokerId, since: Time) -> String {
    let moved = look.told.iter().filter(|told| told.at >= since).filter_map(|told| match &told.fact {
        Fact::PartitionChanged { partition, old_leader: Some(old), leader: Some(new), .. }
            if *old == id && new != old =>
        {
            Some((look.text.stage.moved)(&partition.to_string(), &old.to_string(), &new.to_string()))
        }
        _other => None,
    });
    sentences(moved)
}

fn sentences(all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    let more = if all.len() > MOVES { " …" } else { "" };
    format!("{}{more}", all[..all.len().min(MOVES)].join(" "))
}

/// A group whose plan is being changed.
fn of_busy_group(look: &Look<'_>, cluster: &Cluster<'_>) -> Option<String> {
    let words = &look.text.stage;
    look.world.slots().find_map(|slot| {
        let ProcessConfig::Consumer(_, setup) = &slot.config else { return None };
        let known = coordinated(cluster, &setup.group)?;
        match known.state() {
            GroupState::PreparingRebalance => {
                Some((words.headline_joining)(&setup.group, &coordinator(look, cluster, &setup.group)))
            }
            GroupState::CompletingRebalance => {
                let leader = known.members().get(known.leader()?).map_or("", |leader| &leader.client_id);
                Some((words.headline_syncing)(&setup.group, leader))
            }
            GroupState::Empty | GroupState::Stable | GroupState::Dead => None,
        }
    })
}

/// "Broker 1", the group's coordinator.
fn coordinator(look: &Look<'_>, cluster: &Cluster<'_>, group: &base::GroupId) -> String {
    let hosts =
        |slot: &Slot| super::cluster::broker(slot).is_some_and(|broker| broker.coordinator().group(group).is_some());
    let running = cluster.brokers().filter(|(_, slot)| slot.liveness.is_up() && hosts(slot));
    let newest = running.max_by_key(|(_, slot)| {
        super::cluster::broker(slot)
            .and_then(|broker| broker.coordinator().group(group))
            .map(|group| group.generation())
    });
    newest.map_or_else(String::new, |(id, _)| (look.text.stage.broker)(id.0))
}

/// The consumer that stopped last and is still down.
fn stopped_member<'a>(look: &Look<'a>) -> Option<&'a Slot> {
    let consumers = look.world.slots().filter(|slot| matches!(slot.config, ProcessConfig::Consumer(..)));
    consumers.filter(|slot| slot.liveness != Liveness::Running).max_by_key(|slot| slot.since)
}

/// The coordinator waits for a silent member; or others read in its place.
fn of_member(look: &Look<'_>, cluster: &Cluster<'_>, slot: &Slot) -> String {
    let words = &look.text.stage;
    let ProcessConfig::Consumer(_, setup) = &slot.config else { return String::new() };
    let known = coordinated(cluster, &setup.group);
    let counted = known.is_some_and(|known| known.members().values().any(|member| member.client_id == slot.name));
    let mut past = Past::default();
    look.told.iter().take_while(|told| told.at <= slot.since).for_each(|told| past.note(told));
    let before = |owners: &Past| -> Vec<base::TopicPartition> {
        let own = owners.owners.iter().filter(|((group, _), owner)| *group == setup.group && **owner == slot.id);
        own.map(|((_, partition), _)| partition.clone()).collect()
    };
    let lost = before(&past);
    let names = lost.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if counted {
        return (words.headline_member_waits)(&slot.name, &coordinator(look, cluster, &setup.group), &names);
    }
    look.told.iter().skip_while(|told| told.at <= slot.since).for_each(|told| past.note(told));
    let moved = lost.into_iter().filter_map(|partition| {
        let now = past.owners.get(&(setup.group.clone(), partition.clone())).filter(|owner| **owner != slot.id)?;
        Some((words.moved)(&partition.to_string(), &slot.name, cluster.name(*now)))
    });
    let moved = sentences(moved);
    if moved.is_empty() && !names.is_empty() {
        return (words.headline_member_plan)(&slot.name, &names);
    }
    (words.headline_member_moved)(&slot.name, &moved)
}

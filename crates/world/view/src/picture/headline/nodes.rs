//! Headlines about brokers, controllers and links.

use base::{BrokerId, Time, TopicPartition};
use client::network::{LineState, Node};
use client::producer::Idempotence;
use port::{Fact, KafkaFact, KafkaSetup, ProcessConfig, QuorumRole, WorldFact};
use quorum::QuorumTimer;
use sim::{Liveness, Slot};

use super::super::cluster;
use super::sight::{Sight, Standing, believed, heartbeat_interval};
use crate::{End, Gone, Headline, Informed, Missing, Names, Notice, Several};

/// Nobody is up.
pub(super) fn no_broker(sight: &Sight<'_, '_>) -> Option<Headline> {
    let all = sight.cluster.brokers().count();
    let none = all > 0 && sight.cluster.brokers().all(|(_, slot)| !slot.liveness.is_up());
    none.then_some(Headline::NoBroker { all })
}

/// Of a broker that the controller in charge has not given up, by how long it has been silent. `None`: the controller
/// keeps no session of it.
pub(super) fn missing(sight: &Sight<'_, '_>, missing: Missing) -> Option<Headline> {
    let (silence, timeout) = (sight.silence(missing.broker)?, sight.session_timeout(missing.broker)?);
    let controller = sight.active()?.name.clone();
    let slot = sight.cluster.slot(missing.broker)?;
    // A controller that has taken charge since hears nothing either, and is no news of the end.
    let just_now = sight.now.since(slot.since) <= overdue(slot);
    Some(if silence > overdue(slot) || !just_now {
        Headline::Silent { missing, controller, timeout }
    } else {
        Headline::Died { notice: notice(sight, &missing), missing }
    })
}

/// A heartbeat that has not come after so long is missed: it takes its time on the way.
pub(super) fn overdue(slot: &Slot) -> base::Span {
    heartbeat_interval(slot).times(3).divided_by(2)
}

/// Of a broker that has started anew in the session of its life before.
pub(super) fn old_session(sight: &Sight<'_, '_>, broker: BrokerId, orphans: Option<Several>) -> Option<Headline> {
    let (until, active) = (sight.old_session(broker)?, sight.active()?);
    let until = (until >= sight.now).then_some(until);
    Some(Headline::OldSession { broker, controller: active.name.clone(), until, orphans })
}

/// A process that ends resets its connections; one that loses power or hangs does not, and a cut link carries no reset.
pub(super) fn notice(sight: &Sight<'_, '_>, missing: &Missing) -> Notice {
    let Some(slot) = sight.cluster.slot(missing.broker) else { return Notice::Nobody };
    let reached = |client: &Slot| {
        had_connection(client, missing.broker, slot.since) && !sight.cluster.is_cut_between(client.id, slot.id)
    };
    match missing.end {
        End::Killed | End::Stopped => {
            let mut running = sight.clients().filter(|client| client.liveness == Liveness::Running);
            if running.any(reached) { Notice::Clients } else { Notice::NoClient }
        }
        End::PoweredOff | End::Hangs | End::CutOff => Notice::Nobody,
    }
}

/// Has the client a connection to the broker, or had one when the broker ended?
fn had_connection(client: &Slot, broker: BrokerId, end: Time) -> bool {
    let had = |node: Node, state: LineState| {
        let is_there = match state {
            LineState::Connected(_) => true,
            // It backs off since then.
            LineState::Disconnected { until } => until >= end,
            LineState::Connecting(_) => false,
        };
        is_there && [Node::Broker(broker), Node::Coordinator(broker)].contains(&node)
    };
    // It was never started.
    let Some(process) = &client.process else { return false };
    let of_producer = process.producer().is_some_and(|it| it.network().lines().any(|(at, peer)| had(at, peer.state)));
    of_producer || process.consumer().is_some_and(|it| it.network().lines().any(|(at, peer)| had(at, peer.state)))
}

/// Nobody is in charge.
pub(super) fn no_controller(sight: &Sight<'_, '_>) -> Option<Headline> {
    let all = sight.cluster.controllers().count();
    if all == 0 || sight.active().is_some() {
        return None;
    }
    let running: Vec<&Slot> =
        sight.cluster.controllers().map(|(_, slot)| slot).filter(|slot| slot.liveness == Liveness::Running).collect();
    if running.len() * 2 <= all {
        return Some(Headline::NoMajority { running: running.len(), all });
    }
    if running.iter().all(|slot| sight.reach(slot) * 2 <= all) {
        return Some(Headline::Split { running: running.len(), all });
    }
    if let Some(slot) = running.iter().find(|slot| takes_itself(slot) && sight.cluster.has_majority(slot)) {
        return Some(Headline::TakesCharge { name: slot.name.clone() });
    }
    let votes = running.iter().filter_map(|slot| Some((*slot, votes(slot)?))).max_by_key(|(_, votes)| *votes);
    if let Some((slot, have)) = votes {
        return Some(Headline::Votes { candidate: slot.name.clone(), have, all });
    }
    if let Some(slot) = running.iter().find(|slot| role(slot) == Some(QuorumRole::Prospective)) {
        return Some(Headline::PreVote { name: slot.name.clone() });
    }
    let first = running.iter().filter_map(|slot| Some((due(slot)?, *slot))).min_by_key(|(at, slot)| (*at, slot.id));
    Some(first.map_or(Headline::NobodyInCharge, |(at, slot)| Headline::ElectionDue { name: slot.name.clone(), at }))
}

pub(super) fn role(slot: &Slot) -> Option<QuorumRole> {
    cluster::node(slot).map(|node| node.quorum().role().kind())
}

/// When a controller asks for votes if it hears of no leader until then.
pub(super) fn due(slot: &Slot) -> Option<Time> {
    let timers = cluster::node(slot)?.quorum().timers();
    match role(slot)? {
        QuorumRole::Unattached => timers.deadline(&QuorumTimer::Election),
        QuorumRole::Follower => timers.deadline(&QuorumTimer::FetchTimeout),
        QuorumRole::Prospective | QuorumRole::Candidate | QuorumRole::Leader | QuorumRole::Resigned => None,
    }
}

/// Votes of one that stands for election in earnest.
pub(super) fn votes(slot: &Slot) -> Option<usize> {
    let quorum = cluster::node(slot)?.quorum();
    let stands =
        quorum.role().kind() == QuorumRole::Candidate && quorum.timers().deadline(&QuorumTimer::Election).is_some();
    quorum.votes().filter(|_| stands).map(|votes| votes.granted.len())
}

/// Of a broker, controller or link.
pub(super) fn node(sight: &Sight<'_, '_>) -> Option<Headline> {
    out_of_reach(sight).or_else(|| cut(sight)).or_else(|| at_the_door(sight)).or_else(|| controller(sight))
}

/// The broker that went last, those that somebody waits for first.
fn out_of_reach(sight: &Sight<'_, '_>) -> Option<Headline> {
    let standings = || sight.cluster.brokers().map(|(id, slot)| (id, went(sight, id, slot), sight.standing(id, slot)));
    let waited = standings().filter_map(|(broker, went, standing)| match standing {
        Standing::Missing(end) if sight.silence(broker).is_some() => Some((went, broker, end)),
        _another => None,
    });
    if let Some((_, broker, end)) = waited.max_by_key(|(since, ..)| *since) {
        return missing(sight, Missing { broker, end, orphans: None });
    }
    let out = standings().filter_map(|(broker, went, standing)| match standing {
        Standing::Out(end) | Standing::Missing(end) => Some((went, broker, end)),
        _another => None,
    });
    let (_, broker, end) = out.max_by_key(|(since, ..)| *since)?;
    Some(Headline::Gone(gone(sight, broker, end)))
}

/// When a broker went out of reach: its end, or for one that is cut off what the controller heard of it last, and as it
/// was given up when it was.
fn went(sight: &Sight<'_, '_>, broker: BrokerId, slot: &Slot) -> Time {
    let session = || Some(sight.sessions()?.session(broker)?.last_contact);
    match slot.liveness {
        Liveness::Running => session().unwrap_or_else(|| since(sight, broker)),
        Liveness::Paused | Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => slot.since,
    }
}

fn gone(sight: &Sight<'_, '_>, broker: BrokerId, end: End) -> Gone {
    let others = sight.cluster.brokers().filter(|(id, slot)| *id != broker && sight.is_out(*id, slot)).count();
    let moved = moved(sight, broker);
    let short = Several::of(sight.short().map(|(name, ..)| name));
    let clients = informed(sight, broker, moved.as_ref());
    let moved = moved.and_then(|(names, leader)| Some((Several::of(names)?, leader)));
    Gone { broker, end, others, moved, clients, short }
}

/// What the clients make of it that a broker is gone and another leads these.
pub(super) fn informed(
    sight: &Sight<'_, '_>,
    broker: BrokerId,
    moved: Option<&(Vec<&TopicPartition>, BrokerId)>,
) -> Informed {
    let looking: Vec<&Slot> = sight.clients().filter(|slot| looks_for(sight, slot, broker)).collect();
    if let Some(first) = looking.first() {
        return Informed::Looking(Names { first: first.name.clone(), more: looking.len() - 1 });
    }
    let Some((names, leader)) = moved else { return Informed::Unsaid };
    let running = sight.clients().filter(|slot| slot.liveness == Liveness::Running);
    let mut used = running.flat_map(|slot| names.iter().filter(|name| uses(slot, name)).map(move |name| (slot, *name)));
    let knows = |(slot, name): (&Slot, &TopicPartition)| believed(slot, name) == Some(*leader);
    match used.next() {
        Some(first) if knows(first) && used.all(knows) => Informed::Know,
        Some(_) | None => Informed::Unsaid,
    }
}

/// Does the client write to the partition, or read it? Which partitions keys lead to is seen at what was numbered for
/// them; a producer that numbers nothing may write to any of its topic.
fn uses(client: &Slot, name: &TopicPartition) -> bool {
    // It was never started.
    let Some(process) = &client.process else { return false };
    let reads = process.consumer().is_some_and(|consumer| consumer.assignment().any(|own| own == name));
    let writes = process.producer().is_some_and(|producer| match producer.idempotence() {
        Idempotence::Off => {
            matches!(&client.config, ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) if setup.topic == name.topic)
        }
        Idempotence::Wanted | Idempotence::Requested | Idempotence::Known(_) => {
            producer.queue(name).is_some_and(|queue| queue.next_sequence() > 0)
        }
    });
    reads || writes || needs(client, name)
}

/// Does a running client take the broker for the leader of what another leads?
pub(super) fn looks_for(sight: &Sight<'_, '_>, client: &Slot, broker: BrokerId) -> bool {
    let misled = |name: &TopicPartition, leader: Option<BrokerId>| {
        leader != Some(broker) && believed(client, name) == Some(broker) && needs(client, name)
    };
    client.liveness == Liveness::Running
        && sight.partitions().any(|(_, name, registered)| misled(name, registered.leader))
}

/// Does the client have something to send there, or read it? Who has not may believe what it likes.
fn needs(client: &Slot, name: &TopicPartition) -> bool {
    // It was never started.
    let Some(process) = &client.process else { return false };
    let queued = process.producer().and_then(|producer| producer.queue(name)).map(|queue| queue.record_counts());
    queued.is_some_and(|counts| counts != (0, 0))
        || process.consumer().is_some_and(|consumer| consumer.assignment().any(|own| own == name))
}

/// What was taken from the broker since it went, and is led by others now: those of one new leader.
pub(super) fn moved<'s>(sight: &'s Sight<'_, '_>, broker: BrokerId) -> Option<(Vec<&'s TopicPartition>, BrokerId)> {
    let taken = taken_from(sight, broker);
    let leads = |name: &TopicPartition| sight.partition(name).and_then(|(_, known)| known.leader);
    let leader = taken.first().and_then(|name| leads(name))?;
    Some((taken.into_iter().filter(|name| leads(name) == Some(leader)).collect(), leader))
}

/// Partitions that the broker led when it went out of reach, and that are not its own now, by topic and number.
pub(super) fn taken_from<'s>(sight: &'s Sight<'_, '_>, broker: BrokerId) -> Vec<&'s TopicPartition> {
    let since = since(sight, broker);
    let taken = sight.look.told.iter().rev().take_while(|told| told.at >= since).filter_map(|told| match &told.fact {
        Fact::Kafka(KafkaFact::PartitionChanged { partition, old_leader: Some(old), .. }) if *old == broker => {
            Some(partition)
        }
        _another => None,
    });
    let mut taken: Vec<&TopicPartition> = taken.collect();
    base::sort(&mut taken);
    taken.dedup();
    taken.retain(|name| {
        sight.partition(name).is_some_and(|(id, known)| {
            known.leader.is_some_and(|leader| leader != broker) && !sight.is_leaderless(id, known)
        })
    });
    taken
}

/// Since when it is out of reach: since its end, or since it was asked to end in order, when it began to hand over;
/// while it runs, since it was fenced.
fn since(sight: &Sight<'_, '_>, broker: BrokerId) -> Time {
    let slot = sight.cluster.slot(broker);
    if let Some(slot) = slot.filter(|slot| slot.liveness != Liveness::Running) {
        let own = sight.look.told.iter().rev().filter(|told| told.process == slot.id);
        let mut this_life = own.take_while(|told| told.fact != Fact::World(WorldFact::ProcessStarted));
        return this_life
            .find(|told| told.fact == Fact::World(WorldFact::StopRequested))
            .map_or(slot.since, |told| told.at);
    }
    let fenced = |fact: &Fact| matches!(fact, Fact::Kafka(KafkaFact::BrokerFenced { broker: of, .. }) if *of == broker);
    sight.look.told.iter().rev().find(|told| fenced(&told.fact)).map_or(sight.now, |told| told.at)
}

/// A link on which nothing passes, between brokers and controllers first.
fn cut(sight: &Sight<'_, '_>) -> Option<Headline> {
    let nodes = |process| sight.look.world.slot(process).is_some_and(Slot::is_node);
    let (from, to) =
        sight.cuts().max_by_key(|(from, to)| (nodes(*from) && nodes(*to), std::cmp::Reverse((*from, *to))))?;
    let others = sight.cuts().filter(|cut| *cut != (from, to) && *cut != (to, from));
    // Both directions of a link are one.
    let others = others.filter(|(one, other)| one < other || !sight.is_cut(*other, *one)).count();
    let name = |process| sight.look.world.slot(process).map(|slot| slot.name.clone());
    let (from_name, to_name) = (name(from)?, name(to)?);
    Some(match sight.is_cut(to, from) {
        true => Headline::Cut { a: from_name, b: to_name, others },
        false => Headline::CutOneWay { from: from_name, to: to_name, others },
    })
}

/// A broker that comes in or goes out.
fn at_the_door(sight: &Sight<'_, '_>) -> Option<Headline> {
    sight.cluster.brokers().find_map(|(broker, slot)| match sight.standing(broker, slot) {
        Standing::Starting => old_session(sight, broker, None).or(Some(Headline::Starts(broker))),
        Standing::Fenced => Some(Headline::Fenced(broker)),
        Standing::Leaving => Some(Headline::Leaves { broker, leads: leads(sight, broker) }),
        Standing::In | Standing::Missing(_) | Standing::Out(_) => None,
    })
}

/// How many partitions it is to lead.
pub(super) fn leads(sight: &Sight<'_, '_>, broker: BrokerId) -> usize {
    sight.partitions().filter(|(_, _, known)| known.leader == Some(broker)).count()
}

/// Nobody in charge, by what is missing: a majority, or time.
fn controller(sight: &Sight<'_, '_>) -> Option<Headline> {
    let active = sight.active()?;
    let down = sight.cluster.controllers().filter(|(_, slot)| slot.liveness != Liveness::Running);
    if let Some((_, slot)) = down.max_by_key(|(_, slot)| slot.since) {
        let (name, end) = (slot.name.clone(), sight.end(slot)?);
        return Some(Headline::ControllerGone { name, end, active: active.name.clone() });
    }
    let (_, stale) = sight.cluster.controllers().find(|(_, slot)| slot.id != active.id && takes_itself(slot))?;
    Some(Headline::ControllerStale { name: stale.name.clone(), active: active.name.clone() })
}

/// Does a running controller take itself for the one in charge?
pub(super) fn takes_itself(slot: &Slot) -> bool {
    slot.liveness == Liveness::Running && cluster::node(slot).is_some_and(|node| node.quorum().is_leader())
}

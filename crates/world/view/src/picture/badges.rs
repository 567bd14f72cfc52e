//! The part that each replica plays, judged by what the controllers have decided, and its words.

use base::BrokerId;
use broker::Partition;
use port::{Fact, KafkaFact};
use sim::Liveness;

use super::Look;
use super::cluster::Cluster;
use super::replicas::Replica;
use crate::{BadgeView, StarView, Tone};

/// The L badge travels (tokens: `--d-fly`).
const FLY: f32 = 320.0;

/// The part that the replica plays.
pub(super) fn badge(look: &Look<'_>, cluster: &Cluster<'_>, replica: &Replica<'_>) -> BadgeView {
    let up = replica.slot.liveness.is_up();
    let Some(partition) = replica.partition else {
        return match (up, replica.log) {
            (_, None) => BadgeView::Empty,
            (true, Some(_)) => BadgeView::OnDisk,
            (false, Some(_)) => BadgeView::GoneDisk,
        };
    };
    match (up, partition.is_leader()) {
        (false, true) => BadgeView::GoneLeader,
        (false, false) => BadgeView::GoneFollower,
        (true, true) => of_leader(look, cluster, (replica, partition)),
        (true, false) => of_follower(cluster, replica, partition),
    }
}

/// Is this the broker that the controllers named, and have not shut out?
fn is_named(cluster: &Cluster<'_>, replica: &Replica<'_>) -> bool {
    let named = replica.registered.is_some_and(|registered| registered.leader == Some(replica.broker));
    named && !cluster.is_fenced(replica.broker)
}

/// Who leads may be replaced and not know it: then its ISR is only what it believes.
fn of_leader(look: &Look<'_>, cluster: &Cluster<'_>, (replica, partition): (&Replica<'_>, &Partition)) -> BadgeView {
    let hangs = replica.slot.liveness == Liveness::Paused;
    let decided = replica.registered.map(|registered| registered.leader_epoch);
    match (is_named(cluster, replica), hangs) {
        (true, true) => BadgeView::HungLeader,
        (true, false) if decided > Some(partition.leader_epoch()) => BadgeView::Named,
        (true, false) if !look.reduced && is_arriving(cluster, replica) => BadgeView::Arriving,
        (true, false) => BadgeView::Leader,
        (false, true) => BadgeView::Hung,
        (false, false) => BadgeView::Believes,
    }
}

/// How it stands beside its leader: hung, named by the metadata, cut off, behind.
fn of_follower(cluster: &Cluster<'_>, replica: &Replica<'_>, partition: &Partition) -> BadgeView {
    let leader = cluster.serving(replica.id);
    let behind = leader.map(|(_, leader)| leader.log_end().since(partition.log_end()).max(0).unsigned_abs());
    let is_in = |list: fn(&metadata::PartitionRegistration) -> &Vec<BrokerId>| {
        replica.registered.is_some_and(|registered| list(registered).contains(&replica.broker))
    };
    let copies = || {
        leader.is_some_and(|(slot, _)| !cluster.is_cut_between(slot.id, replica.slot.id))
            && !cluster.is_fenced(replica.broker)
    };
    if replica.slot.liveness == Liveness::Paused {
        return BadgeView::Hung;
    }
    if is_named(cluster, replica) {
        return BadgeView::Named;
    }
    match (is_in(|registered| &registered.isr), is_in(|registered| &registered.elr), behind) {
        (true, _, None) => BadgeView::NoLeader,
        (true, _, Some(0 | 1)) => BadgeView::Follower,
        (true, _, Some(behind)) => BadgeView::Behind(behind),
        (false, true, _) => BadgeView::Eligible,
        (false, false, Some(behind)) if copies() => BadgeView::CatchingUp(behind),
        (false, false, _) => BadgeView::Out,
    }
}

/// Did this broker take over the partition from another one a moment ago?
fn is_arriving(cluster: &Cluster<'_>, replica: &Replica<'_>) -> bool {
    cluster.fresh().by(replica.slot.id).iter().any(|recent| {
        recent.age < FLY
            && matches!(&recent.fact, Fact::Kafka(KafkaFact::BecameLeader { partition, previous_leader: Some(_), .. }) if partition == replica.name)
    })
}

/// The badge's word.
pub(super) fn note(look: &Look<'_>, cluster: &Cluster<'_>, (replica, badge): (&Replica<'_>, BadgeView)) -> String {
    let (stage, lanes) = (&look.text.stage, &look.text.lanes);
    let word = match badge {
        BadgeView::Leader | BadgeView::Arriving => stage.leads_word,
        BadgeView::Named => lanes.named,
        BadgeView::Believes => lanes.believes,
        BadgeView::HungLeader => lanes.hung_leader,
        BadgeView::Follower => stage.in_sync,
        BadgeView::Behind(count) => return (stage.behind)(i64::try_from(count).unwrap_or(i64::MAX)),
        BadgeView::CatchingUp(count) => return (lanes.catches_up)(count),
        BadgeView::Out if cluster.serving(replica.id).is_none() => lanes.out_leaderless,
        BadgeView::Out => stage.out,
        BadgeView::Eligible => lanes.eligible,
        BadgeView::NoLeader => stage.no_leader,
        BadgeView::Hung => lanes.hung,
        BadgeView::OnDisk => lanes.on_disk,
        BadgeView::Empty => lanes.empty,
        BadgeView::GoneLeader => stage.gone_leader,
        BadgeView::GoneFollower => stage.gone_follower,
        BadgeView::GoneDisk => lanes.gone_disk,
    };
    word.to_owned()
}

/// How worrying it is.
pub(super) fn tone(badge: BadgeView) -> Tone {
    match badge {
        BadgeView::Leader | BadgeView::Arriving => Tone::Plain,
        BadgeView::Follower => Tone::Good,
        BadgeView::Named
        | BadgeView::Believes
        | BadgeView::HungLeader
        | BadgeView::Behind(_)
        | BadgeView::CatchingUp(_)
        | BadgeView::Out
        | BadgeView::Eligible
        | BadgeView::NoLeader
        | BadgeView::Hung => Tone::Warning,
        BadgeView::OnDisk
        | BadgeView::Empty
        | BadgeView::GoneLeader
        | BadgeView::GoneFollower
        | BadgeView::GoneDisk => Tone::Quiet,
    }
}

/// The star of the preferred replica.
pub(super) fn star(replica: &Replica<'_>, badge: BadgeView) -> Option<StarView> {
    let preferred = replica.registered?.preferred_leader()?;
    let star = if badge.counts() { StarView::Leads } else { StarView::Waits };
    (preferred == replica.broker).then_some(star)
}

/// The replicas that are out of the leader's ISR.
pub(super) fn out(replica: &Replica<'_>, badge: BadgeView) -> Vec<BrokerId> {
    let leader = replica.partition.and_then(Partition::leader).filter(|_| badge.counts());
    // Followers know no ISR but that of the metadata.
    let Some(leader) = leader else { return Vec::new() };
    leader.replicas().iter().filter(|broker| !leader.isr().contains(broker)).copied().collect()
}

//! The one line over the stage: what matters most at this moment, read from the state itself.

use port::Fact;
use sim::Liveness;

use super::Look;
use super::cluster::Cluster;
use crate::view::{HintSign, HintView};

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
        return (words.headline_election.to_owned(), None);
    }
    if let Some(line) = taking_over(look, cluster) {
        return (line, None);
    }
    let down = cluster.brokers().find(|(_, slot)| !slot.liveness.is_up());
    match down {
        Some((id, slot)) => (
            of_stopped(look, cluster, (id, slot)),
            hint(HintSign::Start, words.try_start_after).filter(|_| is_settled(cluster)),
        ),
        None => (words.headline_flow.to_owned(), hint(HintSign::Stop, words.try_after).filter(|_| look.first_visit)),
    }
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

fn of_stopped(look: &Look<'_>, cluster: &Cluster<'_>, (id, slot): (base::BrokerId, &sim::Slot)) -> String {
    let words = &look.text.stage;
    let fenced = cluster.image().and_then(|image| image.broker(id)).is_some_and(|known| known.fenced);
    let silence = look.world.now().since(slot.since).as_millis();
    let leaderless = cluster.partitions(false).find(|(id, _)| cluster.leader(*id).is_none());
    match (fenced, leaderless) {
        (true, None) => words.headline_reattached.to_owned(),
        (true, Some(_)) => words.headline_decides.to_owned(),
        (false, _) if silence < 1_000 && slot.liveness == Liveness::Killed => {
            (words.headline_stopped)(&(words.broker)(id.0))
        }
        (false, Some((_, name))) => (words.headline_waits)(id.0, &name.to_string()),
        (false, None) => (words.headline_stopped)(&(words.broker)(id.0)),
    }
}

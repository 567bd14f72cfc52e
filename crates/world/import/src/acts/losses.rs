//! Who is not in sync: brokers that are nowhere in sync are killed, others are cut off from the leader that they follow. The
//! order decides who is eligible and who led last, so that orders are tried in miniature.

use super::{Acts, Aim, groups};
use crate::found::Assumed;
use crate::model::{self, Elr, Loss, Partition};
use base::{FlatSet, Span};
use sim::WorldCommand;

/// Brings them about, one after the other.
pub(super) fn happen(acts: &mut Acts<'_>, aims: &[Aim<'_>]) {
    let losses = losses(acts, aims);
    let order = choose(aims, &losses, acts.elr());
    let lag = acts.millis("replica.lag.time.max.ms", 30_000) + Span::from_secs(17);
    for loss in &order {
        match *loss {
            Loss::Down(id) => {
                acts.kill(id);
                acts.wait(acts.fencing());
                acts.assumed.push(Assumed::Down(id));
            }
            Loss::Away(id) => {
                acts.kill(id);
                acts.wait(acts.fencing());
            }
            Loss::Cut(leader, follower) => {
                let (a, b) = (acts.broker(leader), acts.broker(follower));
                acts.act(WorldCommand::Cut { a, b });
                // Who has all that there is stays in sync, however silent (`Replica.isCaughtUp`).
                for aim in aims.iter().filter(|aim| aim.leader() == Some(leader) && lacks(aim, follower)) {
                    groups::write_one(acts, &aim.topic.name, aim.number);
                }
                acts.wait(lag);
                acts.assumed.push(Assumed::Cut { leader, follower });
            }
        }
    }
    for loss in order {
        if let Loss::Away(id) = loss {
            acts.act(WorldCommand::Start { name: acts.broker(id) });
            acts.wait(Span::from_secs(8));
            acts.assumed.push(Assumed::Away(id));
        }
    }
}

/// Shall it hold a copy that is not in sync?
fn lacks(aim: &Aim<'_>, follower: i32) -> bool {
    aim.wanted.isr.is_some() && aim.wanted.replicas.contains(&follower) && !aim.isr().contains(&follower)
}

/// What is to happen, in no order.
fn losses(acts: &Acts<'_>, aims: &[Aim<'_>]) -> Vec<Loss> {
    let is_replica = |id: i32| move |aim: &&Aim<'_>| aim.wanted.isr.is_some() && aim.wanted.replicas.contains(&id);
    // Without eligible replicas a dead one stays in the ISR that nobody leads.
    let is_alive = |id: i32| move |aim: &Aim<'_>| aim.isr().contains(&id) && aim.leader().is_some();
    let mut losses = Vec::new();
    let mut down = FlatSet::new();
    for id in acts.plan.brokers() {
        if acts.plan.is_said_to_be_up(id) {
            continue;
        }
        if aims.iter().any(|aim| is_replica(id)(&aim)) && !aims.iter().filter(is_replica(id)).any(is_alive(id)) {
            losses.push(Loss::Down(id));
            down.insert(id);
        }
    }
    // Who is up beside a partition that waits for others was down when those were lost.
    for id in acts.plan.brokers().into_iter().filter(|id| !down.contains(id)) {
        let waits = |aim: &Aim<'_>| aim.leader().is_none() && !aim.isr().contains(&id);
        if aims.iter().filter(is_replica(id)).any(waits) {
            losses.push(Loss::Away(id));
        }
    }
    let mut cut: FlatSet<(i32, i32)> = FlatSet::new();
    for aim in aims.iter().filter(|aim| aim.wanted.isr.is_some()) {
        let Some(leader) = aim.leader() else { continue };
        let out = aim.wanted.replicas.iter().copied().filter(|id| !aim.isr().contains(id) && !down.contains(id));
        cut.extend(out.map(|follower| (leader, follower)));
    }
    losses.extend(cut.iter().map(|(leader, follower)| Loss::Cut(*leader, *follower)));
    losses
}

/// The order after which most partitions stand as they shall; brokers before links where it makes no difference.
fn choose(aims: &[Aim<'_>], losses: &[Loss], elr: Elr) -> Vec<Loss> {
    let mut best = (usize::MAX, losses.to_vec());
    model::orders(losses, &mut |order: &[Loss]| {
        if best.0 > 0 {
            let missed = aims.iter().filter(|aim| !stands(aim, order, elr)).count();
            if missed < best.0 {
                best = (missed, order.to_vec());
            }
        }
    });
    best.1
}

/// Does it come to stand as it shall? Its leader before the losses is the one that shall lead, or the first of those who
/// will be gone.
fn stands(aim: &Aim<'_>, order: &[Loss], elr: Elr) -> bool {
    let Some(isr) = &aim.wanted.isr else { return true };
    let replicas = &aim.wanted.replicas;
    let mut partition = Partition::created(replicas, replicas, aim.min_isr);
    partition.leader = aim.leader().or(partition.leader);
    order.iter().for_each(|loss| loss.happen(&mut partition, elr));
    for loss in order {
        if let Loss::Away(id) = loss {
            partition.back(*id);
        }
    }
    let same = |own: &[i32], wanted: &[i32]| own.len() == wanted.len() && own.iter().all(|id| wanted.contains(id));
    let wants = |wanted: &Option<Vec<i32>>, own: &[i32]| wanted.as_ref().is_none_or(|wanted| same(own, wanted));
    let eligible = elr == Elr::Off
        || wants(&aim.wanted.elr, &partition.elr) && wants(&aim.wanted.last_known_elr, &partition.last_known_elr);
    same(&partition.isr, isr) && partition.leader == aim.leader() && eligible
}

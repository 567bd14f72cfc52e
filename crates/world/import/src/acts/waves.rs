//! Leaders and the order of ISRs: a partition is created while only some of its brokers are up, and the others join when they
//! start; or a broker is stopped and started again, and leads no more. Where neither is needed all are up from the beginning.

use super::{Acts, Aim};
use crate::model::{self, Elr, Partition};
use base::Span;
use sim::{Election, KafkaCommand, WorldCommand};

/// Who is up from the beginning, and who starts later, in which order.
struct Starts {
    first: Vec<i32>,
    later: Vec<i32>,
    /// For each partition how many of the later ones are up when it is created.
    waves: Vec<usize>,
    /// Who is stopped and started again, in which order, when all is created.
    again: Vec<i32>,
    /// Partitions that do not come to stand as they shall.
    missed: usize,
}

/// Creates all topics; gives what was aimed at back.
pub(super) fn build<'a>(acts: &mut Acts<'a>) -> Vec<Aim<'a>> {
    let aims = acts.aims();
    let starts = choose((&aims, acts.elr()), &acts.plan.brokers());
    if !starts.later.is_empty() {
        starts.later.iter().for_each(|node| acts.kill(*node));
        acts.wait(acts.fencing());
    }
    for wave in 0..=starts.later.len() {
        if let Some(node) = wave.checked_sub(1).map(|before| starts.later[before]) {
            acts.act(WorldCommand::Start { name: acts.broker(node) });
            // It registers, reads the metadata log, is unfenced and catches up.
            acts.wait(Span::from_secs(8));
        }
        create(acts, &aims, (&starts.waves, wave));
    }
    acts.create_counted();
    acts.wait(Span::from_secs(2));
    for node in &starts.again {
        acts.act(WorldCommand::Stop { name: acts.broker(*node) });
        acts.wait(acts.fencing());
        acts.act(WorldCommand::Start { name: acts.broker(*node) });
        acts.wait(Span::from_secs(8));
    }
    elect(acts, &aims, &starts);
    aims
}

/// The partitions of one wave, topic by topic.
fn create(acts: &mut Acts<'_>, aims: &[Aim<'_>], (waves, wave): (&[usize], usize)) {
    let mut from = 0;
    while from < aims.len() {
        let topic = aims[from].topic;
        let count = aims[from..].iter().take_while(|aim| aim.topic.name == topic.name).count();
        let (own, own_waves) = (&aims[from..from + count], &waves[from..from + count]);
        let assignments: Vec<Vec<i32>> = own
            .iter()
            .zip(own_waves)
            .filter(|(_, at)| **at == wave)
            .map(|(aim, _)| aim.wanted.replicas.clone())
            .collect();
        let before = own_waves.iter().filter(|at| **at < wave).count();
        if !assignments.is_empty() {
            let name = topic.name.clone();
            acts.act(if before == 0 {
                KafkaCommand::CreateTopic {
                    name,
                    partitions: None,
                    replication_factor: None,
                    assignments,
                    configs: topic.configs.clone(),
                    timeout_ms: None,
                }
            } else {
                let total = (before + assignments.len()) as i32;
                KafkaCommand::AddPartitions { topic: name, total, assignments }
            });
        }
        from += count;
    }
}

/// Leadership goes back to the preferred ones where it shall be theirs.
fn elect(acts: &mut Acts<'_>, aims: &[Aim<'_>], starts: &Starts) {
    let wants = |(aim, wave): &(&Aim<'_>, &usize)| {
        let stands = stand((aim, acts.elr()), starts, **wave);
        stands.leader != stands.replicas.first().copied() && should_be_elected(aim, &stands)
    };
    let partitions: Vec<_> = aims.iter().zip(&starts.waves).filter(wants).map(|(aim, _)| aim.name()).collect();
    if !partitions.is_empty() {
        acts.act(KafkaCommand::ElectLeaders { election: Election::Preferred, partitions });
        acts.wait(Span::from_secs(1));
    }
}

/// The partition when all brokers are up.
fn stand((aim, elr): (&Aim<'_>, Elr), starts: &Starts, wave: usize) -> Partition {
    let up: Vec<i32> = starts.first.iter().chain(&starts.later[..wave]).copied().collect();
    let mut partition = Partition::created(&aim.wanted.replicas, &up, aim.min_isr);
    starts.later[wave..].iter().for_each(|id| partition.join(*id));
    for id in &starts.again {
        partition.leave(*id, elr);
        partition.join(*id);
    }
    partition
}

/// Who leads when those who shall not be in sync are gone.
fn leads(aim: &Aim<'_>, stands: &Partition) -> Option<i32> {
    let stays = |id: &i32| aim.isr().contains(id);
    stands.leader.filter(stays).or_else(|| stands.replicas.iter().copied().find(stays))
}

/// Does an election make the right one the leader, that would not be it otherwise?
fn should_be_elected(aim: &Aim<'_>, stands: &Partition) -> bool {
    let mut elected = stands.clone();
    elected.elect();
    // Without a leader it is the last one that counts, which losses decide.
    let Some(wanted) = aim.leader() else { return false };
    leads(aim, stands) != Some(wanted) && leads(aim, &elected) == Some(wanted)
}

/// Does it come to stand as it shall, once losses have happened?
fn fits(aim: &Aim<'_>, stands: &Partition) -> bool {
    let isr: Vec<i32> = stands.isr.iter().copied().filter(|id| aim.isr().contains(id)).collect();
    let is_led = leads(aim, stands) == aim.leader() || aim.leader().is_none() || should_be_elected(aim, stands);
    stands.leader.is_some() && isr == aim.isr() && is_led
}

/// Brokers of which every choice and order is tried.
const MOST_CHOSEN: usize = 5;
/// Brokers that are started again at most.
const MOST_AGAIN: usize = 3;

/// Ways of starting are tried where the state asks for it, those with the fewest acts first.
fn choose((aims, elr): (&[Aim<'_>], Elr), brokers: &[i32]) -> Starts {
    let way = |later: &[i32], again: &[i32]| {
        let first = brokers.iter().copied().filter(|id| !later.contains(id)).collect();
        let (later, again) = (later.to_vec(), again.to_vec());
        judge((aims, elr), Starts { first, later, waves: Vec::new(), again, missed: 0 })
    };
    let mut best = way(&[], &[]);
    let mut better = |starts: Starts| {
        if !starts.first.is_empty() && starts.missed < best.missed {
            best = starts;
        }
        best.missed == 0
    };
    let candidates = candidates(aims, brokers);
    let mut is_done = better(way(&[], &[]));
    for many in 1..=MOST_CHOSEN.min(candidates.len()) {
        model::selections(&candidates, many, &mut Vec::new(), &mut |order: &[i32]| {
            if order.len() == many && !is_done {
                is_done = better(way(order, &[])) || many <= MOST_AGAIN && better(way(&[], order));
            }
        });
    }
    best
}

/// Who may have to start later or again: all of a small cluster; of a large one those that stand elsewhere than they would.
fn candidates(aims: &[Aim<'_>], brokers: &[i32]) -> Vec<i32> {
    if brokers.len() <= MOST_CHOSEN {
        return brokers.to_vec();
    }
    let place = |ids: &[i32], id: i32| ids.iter().position(|each| *each == id);
    let is_moved = |aim: &Aim<'_>, id: i32| {
        let (replicas, isr) = (&aim.wanted.replicas, aim.isr());
        let (Some(own), Some(listed)) = (place(isr, id), place(replicas, id)) else { return false };
        let passed = |other: &i32| place(replicas, *other).is_some_and(|at| at > listed);
        let leader = aim.leader().and_then(|leader| place(replicas, leader));
        isr[..own].iter().any(passed) || leader.is_some_and(|leader| leader > listed)
    };
    let mut moved: Vec<(usize, i32)> = Vec::new();
    for id in brokers {
        let count = aims.iter().filter(|aim| is_moved(aim, *id)).count();
        if count > 0 {
            moved.push((usize::MAX - count, *id));
        }
    }
    base::sort(&mut moved);
    moved.into_iter().map(|(_, id)| id).take(MOST_CHOSEN).collect()
}

/// For each partition the first wave, not before that of the partition before it, in which it comes to stand as it shall.
fn judge((aims, elr): (&[Aim<'_>], Elr), mut starts: Starts) -> Starts {
    for (index, aim) in aims.iter().enumerate() {
        let before = index.checked_sub(1).filter(|before| aims[*before].topic.name == aim.topic.name);
        let least = before.map_or(0, |before| starts.waves[before]);
        let stands = |wave: usize| stand((aim, elr), &starts, wave);
        let good = (least..=starts.later.len()).find(|wave| fits(aim, &stands(*wave)));
        let any = (least..=starts.later.len()).find(|wave| stands(*wave).leader.is_some());
        let wave = good.or(any).unwrap_or(starts.later.len());
        starts.missed += usize::from(good.is_none());
        starts.waves.push(wave);
    }
    starts
}

//! Faults at random times, most of them undone after a while.

use crate::plan::{Flavour, Plan, QUIET, pick};
use base::{Draw, Rng, Span, Str, Time};
use sim::{Command, Election, KafkaCommand, WorldCommand};

/// Fills the time between quiet start and healing.
pub fn add(plan: &mut Plan, rng: &mut Rng) {
    if plan.flavour == Flavour::Votes {
        return vote_rounds(plan, rng);
    }
    if plan.flavour == Flavour::Unclean {
        unclean_rounds(plan, rng);
    }
    let mut at = QUIET;
    let pace = match plan.flavour {
        Flavour::Everything | Flavour::Loss | Flavour::Policies => 3_500,
        Flavour::Unclean => 15_000,
        Flavour::Controllers | Flavour::Replication | Flavour::Groups | Flavour::Votes => 2_200,
    };
    loop {
        at = at + Span::from_millis(u64::from(200 + rng.below(pace)));
        if at >= plan.heal_at {
            return;
        }
        one(plan, rng, at);
    }
}

/// One fault, of the kind that the flavour is about, or of any.
fn one(plan: &mut Plan, rng: &mut Rng, at: Time) {
    let node = match plan.flavour {
        Flavour::Controllers | Flavour::Votes => pick(rng, &plan.controllers),
        Flavour::Replication => pick(rng, &plan.brokers),
        Flavour::Everything | Flavour::Groups | Flavour::Loss | Flavour::Unclean | Flavour::Policies => {
            let node = rng.below((plan.brokers.len() + plan.controllers.len()) as u32) as usize;
            plan.brokers.iter().chain(&plan.controllers).nth(node).cloned().unwrap_or_default()
        }
    };
    let back = at + Span::from_millis(u64::from(100 + rng.below(9_000)));
    match plan.flavour {
        Flavour::Groups | Flavour::Policies if rng.chance(3, 5) => consumer_fault(plan, rng, at, back),
        Flavour::Loss if rng.chance(1, 3) => {
            plan.at(at, Command::World(WorldCommand::PowerOff { name: node.clone() }));
            plan.at(back, Command::World(WorldCommand::Start { name: node }));
        }
        Flavour::Controllers if rng.chance(1, 3) => quick_restart(plan, rng, at, node),
        Flavour::Everything if rng.chance(1, 5) => consumer_fault(plan, rng, at, back),
        Flavour::Everything if rng.chance(1, 10) => ask_for_unclean_election(plan, rng, at),
        Flavour::Everything
        | Flavour::Controllers
        | Flavour::Replication
        | Flavour::Groups
        | Flavour::Votes
        | Flavour::Loss
        | Flavour::Unclean
        | Flavour::Policies => {
            node_fault(plan, rng, (at, back), node);
        }
    }
}

/// Elections in which two controllers that do not hear each other ask the third one for its vote, and
/// that one is restarted in between.
fn vote_rounds(plan: &mut Plan, rng: &mut Rng) {
    let mut at = QUIET;
    while at + Span::from_secs(8) < plan.heal_at {
        let mut voters = plan.controllers.clone();
        let voter = voters.remove(rng.below(3) as usize);
        let first = voters.remove(rng.below(2) as usize);
        let second = voters.remove(0);
        let by = u64::from(90 + rng.below(60)) * 1_000_000;
        plan.at(at, Command::World(WorldCommand::Cut { a: first.clone(), b: second.clone() }));
        plan.at(at, Command::World(WorldCommand::Delay { a: first.clone(), b: voter.clone(), by }));
        // The slower one is still asking when the faster one has its answer.
        plan.at(at, Command::World(WorldCommand::Delay { a: second.clone(), b: voter.clone(), by: 2 * by }));
        // Where it was the leader, the other two miss it at the same moment and in the same epoch.
        plan.at(at, Command::World(WorldCommand::Kill { name: voter.clone() }));
        plan.at(
            at + Span::from_millis(u64::from(900 + rng.below(500))),
            Command::World(WorldCommand::Start { name: voter.clone() }),
        );
        let between = at + Span::from_millis(u64::from(1_900 + rng.below(1_100)));
        plan.at(between, Command::World(WorldCommand::Cut { a: first, b: voter.clone() }));
        plan.at(between, Command::World(WorldCommand::Kill { name: voter.clone() }));
        plan.at(
            between + Span::from_millis(u64::from(1 + rng.below(20))),
            Command::World(WorldCommand::Start { name: voter }),
        );
        at = at + Span::from_millis(u64::from(4_500 + rng.below(1_500)));
        plan.at(at, Command::World(WorldCommand::HealAll));
        at = at + Span::from_millis(500 + u64::from(rng.below(3_000)));
    }
}

/// All brokers die one after another, so that the newest records are where the last one was; while they come back an
/// operator would rather have any leader than none.
fn unclean_rounds(plan: &mut Plan, rng: &mut Rng) {
    let mut at = QUIET + Span::from_secs(2);
    while at + Span::from_secs(20) < plan.heal_at {
        for name in in_random_order(rng, plan.brokers.clone()) {
            // Some fall silent at once, some behind a cut, where they go on for a while.
            if rng.chance(1, 4) {
                isolate(plan, (at, at + Span::from_millis(u64::from(12_000 + rng.below(12_000)))), &name);
            } else {
                plan.at(at, Command::World(WorldCommand::Kill { name }));
            }
            at = at + Span::from_millis(u64::from(rng.below(6_000)));
        }
        at = at + Span::from_millis(u64::from(rng.below(5_000)));
        for name in in_random_order(rng, plan.brokers.clone()) {
            plan.at(at, Command::World(WorldCommand::Start { name }));
            let asked = at + Span::from_millis(u64::from(rng.below(4_000)));
            ask_for_unclean_election(plan, rng, asked);
            at = at + Span::from_millis(u64::from(500 + rng.below(5_000)));
        }
    }
}

/// Otherwise the first node would bear most of the faults.
fn in_random_order(rng: &mut Rng, mut names: Vec<Str>) -> Vec<Str> {
    let mut order = Vec::new();
    while !names.is_empty() {
        order.push(names.remove(rng.below(names.len() as u32) as usize));
    }
    order
}

/// Records may be lost by it, and then nobody is to blame: the checks know that it was asked for.
fn ask_for_unclean_election(plan: &mut Plan, rng: &mut Rng, at: Time) {
    let one = format!("{}-{}", pick(rng, &plan.topics), rng.below(4)).into();
    let partitions = if rng.chance(1, 2) { Vec::new() } else { vec![one] };
    plan.at(at, Command::Kafka(None, KafkaCommand::ElectLeaders { election: Election::Unclean, partitions }));
}

/// Down and up again within an election.
fn quick_restart(plan: &mut Plan, rng: &mut Rng, at: Time, node: Str) {
    plan.at(at, Command::World(WorldCommand::Kill { name: node.clone() }));
    plan.at(
        at + Span::from_millis(u64::from(1 + rng.below(1_500))),
        Command::World(WorldCommand::Start { name: node }),
    );
}

/// With its end: at `back` the node is well again, so that faults do not only add up.
fn node_fault(plan: &mut Plan, rng: &mut Rng, (at, back): (Time, Time), name: Str) {
    match rng.below(12) {
        0..=2 => {
            plan.at(at, Command::World(WorldCommand::Kill { name: name.clone() }));
            plan.at(back, Command::World(WorldCommand::Start { name }));
        }
        3 => {
            plan.at(at, Command::World(WorldCommand::Stop { name: name.clone() }));
            plan.at(back + Span::from_secs(2), Command::World(WorldCommand::Start { name }));
        }
        4..=5 => {
            plan.at(at, Command::World(WorldCommand::Pause { name: name.clone() }));
            plan.at(back, Command::World(WorldCommand::Resume { name }));
        }
        6 => isolate(plan, (at, back), &name),
        _on_a_link => link_fault(plan, rng, (at, back), name),
    }
}

/// Cuts a node off from all other nodes; clients still reach it.
fn isolate(plan: &mut Plan, (at, back): (Time, Time), name: &Str) {
    for other in other_nodes(plan, name) {
        plan.at(at, Command::World(WorldCommand::Cut { a: name.clone(), b: other.clone() }));
        plan.at(back, Command::World(WorldCommand::Heal { a: name.clone(), b: other }));
    }
}

/// Controllers and brokers; clients have faults of their own.
fn other_nodes(plan: &Plan, name: &Str) -> Vec<Str> {
    let mut nodes: Vec<Str> = plan.setup.first().nodes.iter().map(|node| node.name.clone()).collect();
    nodes.retain(|node| node != name);
    nodes
}

/// Between two nodes, or one and a client: what passes is late, stopped or broken, in one direction or both.
fn link_fault(plan: &mut Plan, rng: &mut Rng, (at, back): (Time, Time), a: Str) {
    let mut others = other_nodes(plan, &a);
    if rng.chance(1, 4) {
        others = plan.producers.iter().chain(&plan.consumers).cloned().collect();
    }
    let b = pick(rng, &others);
    let heal = Command::World(WorldCommand::Heal { a: a.clone(), b: b.clone() });
    match rng.below(6) {
        0 => plan.at(at, Command::World(WorldCommand::Cut { a, b })),
        1..=2 => {
            let (from, to) = if rng.chance(1, 2) { (a, b) } else { (b, a) };
            plan.at(at, Command::World(WorldCommand::CutOneWay { from, to }));
        }
        3 => plan.at(at, Command::World(WorldCommand::Delay { a, b, by: u64::from(1 + rng.below(1_500)) * 1_000_000 })),
        4 => {
            plan.at(at, Command::World(WorldCommand::Stall { a, b, time: u64::from(1 + rng.below(4_000)) * 1_000_000 }))
        }
        _reset => return plan.at(at, Command::World(WorldCommand::Reset { a, b })),
    }
    plan.at(back, heal);
}

/// A member that vanishes, leaves or hangs: each makes a rebalance of another kind.
fn consumer_fault(plan: &mut Plan, rng: &mut Rng, at: Time, back: Time) {
    let name = pick(rng, &plan.consumers);
    match rng.below(4) {
        0 => plan.at(at, Command::World(WorldCommand::Kill { name: name.clone() })),
        1 => plan.at(at, Command::World(WorldCommand::Stop { name: name.clone() })),
        _hangs => {
            plan.at(at, Command::World(WorldCommand::Pause { name: name.clone() }));
            return plan.at(back, Command::World(WorldCommand::Resume { name }));
        }
    }
    plan.at(back, Command::World(WorldCommand::Start { name }));
}

//! Another set of voters, put into the state of running nodes: whom they ask and how many have to agree follow from it.

use crate::network;

use base::{BrokerId, Offset};
use network::Network;
use quorum::{Membership, Role};

/// Five nodes of which the first three vote; returns who leads.
fn three_of_five(seed: u64) -> (Network, i32) {
    let mut net = Network::new(seed, 3, 2);
    let leader = net.await_leader();
    net.run(1_000);
    (net, leader)
}

#[test]
fn a_larger_set_asks_more_and_needs_more() {
    for seed in 0..20 {
        let (mut net, leader) = three_of_five(seed);
        for node in 1..=5 {
            net.set_voters(node, 1..=5);
            assert_eq!(net.quorum(node).membership(), Membership::Voter);
        }
        net.run(1_000);
        assert!(net.quorum(leader).is_leader(), "a new voter is no reason to elect, seed {seed}");
        // Two of five are no majority: what was enough before commits nothing now.
        for node in (1..=5).filter(|node| *node != leader).take(3) {
            net.kill(node);
        }
        net.append(leader, "a").expect("it leads");
        net.run(1_000);
        assert!(!net.committed(leader).contains(&"a".to_owned()), "two of five committed, seed {seed}");
        // It resigns, and asks all four others.
        net.run(20_000);
        assert_eq!(net.leader(), None, "two of five lead, seed {seed}");
        assert_eq!(net.asked(leader).len(), 4, "seed {seed}");
        for node in 1..=5 {
            net.start_if_dead(node);
            net.set_voters(node, 1..=5);
        }
        net.await_leader();
        net.run(1_000);
        net.check_same_prefixes();
    }
}

#[test]
fn a_smaller_set_commits_by_itself_and_a_leader_that_is_left_out_resigns() {
    for seed in 0..20 {
        let (mut net, leader) = three_of_five(seed);
        for node in (1..=3).filter(|node| *node != leader) {
            net.kill(node);
        }
        net.append(leader, "a").expect("it leads");
        net.run(500);
        assert_eq!(net.quorum(leader).high_watermark(), Some(Offset(1)), "one of three commits nothing, seed {seed}");
        net.set_voters(leader, [leader]);
        assert_eq!(net.quorum(leader).high_watermark(), Some(Offset(2)), "one of one does, seed {seed}");
        net.set_voters(leader, [4, 5]);
        assert!(matches!(net.quorum(leader).role(), Role::Resigned(_)), "seed {seed}");
        for node in [4, 5] {
            net.set_voters(node, [4, 5]);
        }
        let next = net.await_leader();
        assert!([4, 5].contains(&next), "only voters lead, seed {seed}");
        net.run(5_000);
        assert_eq!(net.quorum(leader).leader(), Some(BrokerId(next)), "it follows as an observer, seed {seed}");
        net.check_same_prefixes();
    }
}

#[test]
fn a_nominee_counts_the_votes_of_voters_only() {
    for seed in 0..20 {
        let mut net = Network::new(seed, 5, 0);
        let leader = net.await_leader();
        let others: Vec<i32> = (1..=5).filter(|node| *node != leader).collect();
        for node in [leader, others[0], others[1]] {
            net.kill(node);
        }
        net.run(10_000);
        assert_eq!(net.leader(), None, "two of five are no majority, seed {seed}");
        for node in &others[2..] {
            net.set_voters(*node, others[2..].iter().copied());
        }
        let next = net.await_leader();
        assert!(others[2..].contains(&next) && net.quorum(next).voters().len() == 2, "seed {seed}");
        net.check_one_leader_per_epoch();
    }
}

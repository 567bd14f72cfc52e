//! Quorums of real state machines on a tiny network: elections, deaths, cuts, restarts.

use crate::network;

use base::{BrokerId, ErrorCode, LeaderEpoch, Offset};
use network::Network;
use port::{Fact, KafkaFact};
use quorum::Role;

#[test]
fn a_sole_voter_elects_itself_at_once() {
    let mut net = Network::new(1, 1, 0);
    assert_eq!(net.leader(), Some(1));
    let leader = net.quorum(1);
    assert_eq!((leader.epoch(), leader.high_watermark()), (LeaderEpoch(1), Some(Offset(1))));
    net.restart(1);
    assert_eq!((net.leader(), net.quorum(1).epoch()), (Some(1), LeaderEpoch(2)));
}

#[test]
fn three_voters_elect_one_and_commit() {
    for seed in 0..20 {
        let mut net = Network::new(seed, 3, 2);
        let leader = net.await_leader();
        let offset = net.append(leader, "a").expect("it leads");
        assert_eq!(offset, Offset(1));
        net.run(1_000);
        for node in net.nodes() {
            assert_eq!(net.quorum(node).high_watermark(), Some(Offset(2)), "node {node}, seed {seed}");
            assert_eq!(net.committed(node), ["a"], "node {node}, seed {seed}");
        }
        let follower = net.voters().into_iter().find(|node| *node != leader).expect("there are three");
        assert_eq!(net.append(follower, "b"), Err(ErrorCode::NotController));
    }
}

#[test]
fn records_of_one_linger_are_one_batch() {
    let mut net = Network::new(3, 3, 0);
    let leader = net.await_leader();
    assert_eq!(net.append(leader, "a"), Ok(Offset(1)));
    assert_eq!(net.append(leader, "b"), Ok(Offset(2)));
    assert_eq!(net.quorum(leader).log_end(), Offset(1));
    net.run(1_000);
    let batches = net.quorum(leader).log().log().batches_from(Offset(0)).count();
    assert_eq!((batches, net.quorum(leader).log_end()), (2, Offset(3)));
}

#[test]
fn a_dead_leader_is_replaced_and_follows_when_it_returns() {
    for seed in 0..20 {
        let mut net = Network::new(seed, 3, 1);
        let first = net.await_leader();
        net.append(first, "a").expect("it leads");
        net.run(500);
        net.kill(first);
        let second = net.await_leader();
        assert_ne!(first, second);
        net.append(second, "b").expect("it leads");
        net.run(1_000);
        net.restart(first);
        net.run(5_000);
        assert_eq!(net.leader(), Some(second), "seed {seed}");
        for node in net.nodes() {
            assert_eq!(net.committed(node), ["a", "b"], "node {node}, seed {seed}");
        }
        net.check_one_leader_per_epoch();
    }
}

#[test]
fn an_isolated_voter_does_not_raise_its_epoch() {
    let mut net = Network::new(5, 3, 0);
    let leader = net.await_leader();
    net.run(1_000);
    let epoch = net.quorum(leader).epoch();
    let lonely = net.voters().into_iter().find(|node| *node != leader).expect("there are three");
    net.isolate(lonely);
    net.run(60_000);
    assert_eq!(net.quorum(lonely).epoch(), epoch);
    net.heal();
    net.run(5_000);
    assert_eq!((net.leader(), net.quorum(leader).epoch()), (Some(leader), epoch));
    assert!(matches!(net.quorum(lonely).role(), Role::Follower(_)));
}

#[test]
fn a_minority_leader_commits_nothing_resigns_and_truncates() {
    for seed in 0..20 {
        let mut net = Network::new(seed, 3, 0);
        let old = net.await_leader();
        net.append(old, "kept").expect("it leads");
        net.run(1_000);
        net.isolate(old);
        net.append(old, "lost").expect("it still believes to lead");
        net.run(2_500);
        assert_eq!(net.committed(old), ["kept"]);
        net.run(7_500);
        assert!(!net.quorum(old).is_leader(), "check quorum");
        let new = net.await_leader();
        net.append(new, "new").expect("it leads");
        net.run(1_000);
        net.heal();
        net.run(5_000);
        for node in net.voters() {
            assert_eq!(net.committed(node), ["kept", "new"], "node {node}, seed {seed}");
            assert_eq!(net.quorum(node).log_end(), net.quorum(new).log_end());
        }
        assert!(net.facts(old).any(|fact| matches!(fact, Fact::Kafka(KafkaFact::MetadataTruncated { .. }))));
        net.check_one_leader_per_epoch();
    }
}

#[test]
fn a_restart_keeps_the_vote() {
    let mut net = Network::new(7, 3, 0);
    let leader = net.await_leader();
    let voter = net.voters().into_iter().find(|node| *node != leader && net.quorum(*node).voted().is_some());
    let voter = voter.expect("a majority voted");
    let epoch = net.quorum(voter).epoch();
    net.kill(leader);
    net.restart(voter);
    assert_eq!(net.quorum(voter).epoch(), epoch);
    assert_eq!(net.quorum(voter).voted(), Some(BrokerId(leader)));
}

#[cfg(feature = "mutants")]
#[test]
fn the_mutant_forgets_its_vote() {
    let mut net = Network::new(7, 3, 0);
    net.set_override("blumfeld.mutant", "vote-not-persisted");
    for node in net.voters() {
        net.restart(node);
    }
    let leader = net.await_leader();
    let voter = net.voters().into_iter().find(|node| *node != leader && net.quorum(*node).voted().is_some());
    let voter = voter.expect("a majority voted");
    net.restart(voter);
    assert_eq!(net.quorum(voter).voted(), None);
}

#[test]
fn a_stopping_leader_hands_over_at_once() {
    let mut net = Network::new(9, 3, 0);
    let old = net.await_leader();
    net.run(1_000);
    net.shut_down(old);
    net.run(300);
    assert!(net.quorum(old).is_shut_down());
    assert!(net.leader().is_some_and(|new| new != old), "no timeout had to pass");
}

#[test]
fn without_a_majority_nobody_leads() {
    let mut net = Network::new(11, 3, 1);
    let leader = net.await_leader();
    let alive: Vec<i32> = net.voters().into_iter().filter(|node| *node != leader).collect();
    net.run(500);
    net.kill(leader);
    net.kill(alive[0]);
    net.run(30_000);
    assert_eq!(net.leader(), None);
    net.restart(alive[0]);
    net.await_leader();
}

#[test]
fn random_kills_never_break_safety() {
    for seed in 0..60 {
        let mut net = Network::new(seed, 3, 1);
        for round in 0..12 {
            net.disturb();
            net.run(1_500);
            if let Some(leader) = net.leader() {
                let _ = net.append(leader, &format!("{round}"));
            }
            net.run(700);
            net.check_one_leader_per_epoch();
            net.check_same_prefixes();
        }
        net.heal();
        for node in net.nodes() {
            net.start_if_dead(node);
        }
        let leader = net.await_leader();
        let offset = net.append(leader, "end").expect("it leads");
        net.run(3_000);
        net.check_same_prefixes();
        for node in net.nodes() {
            assert!(net.quorum(node).high_watermark() > Some(offset), "node {node}, seed {seed}");
            assert_eq!(net.committed(node).last().map(String::as_str), Some("end"), "node {node}, seed {seed}");
        }
    }
}

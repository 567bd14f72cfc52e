//! The replicas without a broker.

use super::{Entry, Opened, Progress, Replicas};
use crate::bench::{Bench, OTHER, at, batch};
use crate::checkpoints;
use crate::partition::{FollowerFetch, Partition};
use api::{Acks, AlterPartitionResult, FetchPartitionResponse, LeaderRecoveryState};
use base::{BrokerId, Draw, ErrorCode, LeaderEpoch, Offset, Span, TopicPartition};
use log::AppendOrigin;

/// Partitions that the tests play with.
const COUNT: i32 = 4;

/// What a waiter of a partition could be waiting for.
fn seen(partition: &Partition) -> (bool, Offset, Offset, Offset, Vec<BrokerId>) {
    let log = partition.log();
    (partition.is_leader(), log.log_end(), log.high_watermark(), log.log_start(), partition.isr().to_vec())
}

fn open(bench: &mut Bench, replicas: &mut Replicas) {
    for number in 0..COUNT {
        assert_eq!(bench.open(replicas, number), Opened::There);
    }
}

/// A leader's answer to a fetch at the end of the replica's log, or one that cuts it.
fn fetched(number: i32, records: Vec<records::Batch>, high_watermark: Offset) -> FetchPartitionResponse {
    FetchPartitionResponse {
        topic: at(number).topic,
        partition: number,
        error: ErrorCode::None,
        high_watermark,
        last_stable_offset: high_watermark,
        log_start_offset: Offset::ZERO,
        diverging: None,
        current_leader: None,
        records,
    }
}

/// One act of whatever can happen to a replica.
fn act(bench: &mut Bench, replicas: &mut Replicas, number: i32, epoch: &mut i32) {
    let (end, epoch_now, leads) = {
        let partition = replicas.get(at(number)).expect("it is open");
        (partition.log_end(), partition.leader_epoch(), partition.is_leader())
    };
    let choice = bench.rng.below(8);
    match choice {
        0 | 1 => {
            *epoch += 1;
            if choice == 0 {
                bench.lead(replicas, number, *epoch);
            } else {
                bench.follow(replicas, number, *epoch);
            }
        }
        2 if !leads => {
            let offset = Offset(i64::from(bench.rng.below(end.0 as u32 + 1)));
            let progress = bench.with(|cx, _, _| replicas.enter_bounds(cx, at(number), Offset::ZERO, offset));
            assert_eq!(progress, Progress::Moved);
        }
        3 => {
            let offset = Offset(i64::from(bench.rng.below(end.0 as u32 + 2)));
            let log_start = Offset::ZERO;
            let fetch = FollowerFetch { offset: offset.min(end), log_start, broker_epoch: 9, at: bench.now };
            _ = bench.with(|cx, _, _| replicas.follower_fetched(cx, at(number), OTHER, fetch));
        }
        4 => {
            bench.pass(Span::from_secs(20));
            _ = bench.with(|cx, _, _| replicas.shrink_isr(cx, at(number), std::iter::empty()));
        }
        5 => confirm(bench, replicas, number),
        6 if !leads && epoch_now.0 > 0 => {
            let part = fetched(number, vec![batch(end.0, epoch_now.0)], end);
            let progress = bench.with(|cx, _, _| replicas.replicate(cx, at(number), &part));
            assert_eq!(progress, Progress::Moved);
        }
        _ => {
            let (batch, origin, acks) = (&batch(0, 0), AppendOrigin::Client, Acks::LEADER);
            let entry = Entry { batch, origin, acks };
            let appended = bench.with(|cx, _, _| replicas.append(cx, at(number), &entry, std::iter::empty()));
            assert_eq!(appended.map(|appended| appended.is_ok()), Some(leads));
        }
    }
}

/// The controller takes up what the leader proposed, if it did.
fn confirm(bench: &mut Bench, replicas: &mut Replicas, number: i32) {
    let proposal = replicas.get(at(number)).and_then(|partition| partition.leader()?.proposal());
    let Some(proposal) = proposal else { return };
    let result = AlterPartitionResult {
        topic: at(number).topic,
        partition: number,
        error: ErrorCode::None,
        leader: crate::bench::SELF,
        leader_epoch: proposal.leader_epoch,
        isr: proposal.to.iter().map(|(id, _)| *id).collect(),
        leader_recovery_state: LeaderRecoveryState::Recovered,
        // Epochs of leaders and of partitions rise together in these tests: this one stands in between.
        partition_epoch: proposal.partition_epoch,
    };
    bench.with(|cx, _, _| replicas.isr_answered(cx, &result));
}

/// Whatever happens to a replica, waiters are told if they could see it, and of no other replica.
#[test]
fn what_moves_is_touched() {
    for seed in 0..60 {
        let (mut bench, mut replicas, mut epoch) = (Bench::new(seed), Replicas::default(), 0);
        open(&mut bench, &mut replicas);
        for _ in 0..200 {
            let before: Vec<_> = replicas.partitions().values().map(|partition| seen(partition)).collect();
            let number = bench.rng.below(COUNT as u32) as i32;
            act(&mut bench, &mut replicas, number, &mut epoch);
            let touched = replicas.take_touched();
            for (before, (id, partition)) in before.iter().zip(replicas.partitions().iter()) {
                let told = touched.contains(id);
                assert!(told || *before == seen(partition), "seed {seed}: {before:?}, now {:?}", seen(partition));
                assert!(!told || *id == at(number), "seed {seed}: nothing happened to {id:?}");
            }
            replicas.reuse(touched);
            replicas.verify(bench.now);
        }
    }
}

/// The next start begins with the high watermarks of the last checkpoint; of what is deleted nothing stays.
#[test]
fn a_start_finds_what_the_checkpoint_says() {
    let (mut bench, mut replicas) = (Bench::new(1), Replicas::default());
    open(&mut bench, &mut replicas);
    for number in 0..COUNT {
        bench.follow(&mut replicas, number, 1);
        let part = fetched(number, vec![batch(0, 1), batch(1, 1)], Offset(1));
        assert_eq!(bench.with(|cx, _, _| replicas.replicate(cx, at(number), &part)), Progress::Moved);
    }
    assert!(bench.with(|cx, _, _| replicas.delete(cx, at(3))).is_some());
    bench.with(|cx, _, _| replicas.write_checkpoints(cx));
    let mut next = Replicas::boot(&bench.store);
    open(&mut bench, &mut next);
    let ends = |replicas: &Replicas, number| {
        let log = replicas.get(at(number)).expect("it is open").log();
        (log.high_watermark(), log.log_end(), log.latest_epoch())
    };
    for number in 0..3 {
        assert_eq!(ends(&next, number), (Offset(1), Offset(2), LeaderEpoch(1)));
    }
    assert_eq!(ends(&next, 3), (Offset::ZERO, Offset::ZERO, LeaderEpoch::UNDEFINED));
    let written = checkpoints::read_offsets(&bench.store, checkpoints::HIGH_WATERMARKS);
    assert!(!written.contains_key(&TopicPartition::new("t", 3)));
}

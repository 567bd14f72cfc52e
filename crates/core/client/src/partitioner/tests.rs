use super::*;
use base::{PartitionId, Rng};

const ALL: &[PartitionId] = &[0, 1, 2];

fn partitions(available: &[PartitionId]) -> Partitions<'_> {
    Partitions { count: 3, available, load: None }
}

#[test]
fn hash_codes_are_those_of_java() {
    // `"…".hashCode()` in jshell.
    let rows = [("", 0), ("a", 97), ("hello", 99_162_322), ("order-1", -1_207_111_310), ("订单", 1_129_459)];
    for (text, wanted) in rows {
        assert_eq!(hash_code(text.as_bytes()), wanted, "{text}");
    }
    assert_eq!(partition_for_hash_code(b"hello", 3), 99_162_322 % 3);
    // As the note has it: Java's remainder keeps the sign.
    assert_eq!(partition_for_hash_code(b"order-1", 3), -2);
}

#[test]
fn round_robin_takes_turns_among_partitions_with_a_leader_and_wraps() {
    let (mut turn, mut rng) = (Chosen::Turn(Turn::default()), Rng::new(1, 0));
    let mut next = |available| turn.next(&partitions(available), &mut rng);
    assert_eq!([next(ALL), next(ALL), next(ALL), next(ALL)], [0, 1, 2, 0]);
    // The count goes on where fewer are left: 4, 5, 6 over two.
    assert_eq!([next(&[0, 2]), next(&[0, 2]), next(&[0, 2])], [0, 2, 0]);
    // Nobody leads: over all of them, 7.
    assert_eq!(next(&[]), 1);
}

#[test]
fn a_rotation_begins_anywhere_and_takes_turns() {
    let begins: Vec<PartitionId> = (0..40)
        .map(|seed| {
            let (mut turn, mut rng) = (Chosen::RandomTurn(None), Rng::new(seed, 0));
            let first = turn.next(&partitions(ALL), &mut rng);
            assert_eq!(turn.coming(&partitions(ALL)), Some(turn.next(&partitions(ALL), &mut rng)));
            first
        })
        .collect();
    assert!(ALL.iter().all(|each| begins.contains(each)), "{begins:?}");
}

#[test]
fn sticky_per_batch_moves_on_to_another_one_and_only_from_where_it_is() {
    for seed in 0..40 {
        let (mut sticky, mut rng) = (Chosen::PerBatch(PerBatchSticky::default()), Rng::new(seed, 0));
        let first = sticky.next(&partitions(ALL), &mut rng);
        assert_eq!(sticky.next(&partitions(ALL), &mut rng), first, "it stays until a batch is opened");
        let elsewhere = (first + 1) % 3;
        assert_eq!(
            sticky.on_new_batch(elsewhere, &partitions(ALL), &mut rng),
            Some(first),
            "a key's batch moves nothing"
        );
        let second = sticky.on_new_batch(first, &partitions(ALL), &mut rng);
        assert!(second.is_some_and(|second| second != first));
        assert_eq!(sticky.on_new_batch(second.unwrap_or(0), &partitions(&[2]), &mut rng), Some(2), "the only one");
    }
}

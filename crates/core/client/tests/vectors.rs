//! Kafka's own partitioners and assignors, case by case, through the types that the clients use.

use base::{Draw, FlatSet, PartitionId, Str};
use client::assignor::{Assignor, Member, Subscriptions};
use client::partitioner::{
    Boundary, LoadTable, Partitions, StickyPartitioner, murmur2, partition_for_key, to_positive,
};
use conformance::{from_hex, run_vectors, same};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Murmur2Case {
    #[serde(rename = "id")]
    _id: u32,
    key_hex: String,
    #[serde(rename = "keyText", default)]
    _key_text: Option<String>,
    murmur2: i32,
    to_positive: u32,
    partition_by_count: BTreeMap<String, PartitionId>,
    #[serde(rename = "fromUnitTest", default)]
    _from_unit_test: bool,
}

#[test]
fn murmur2_hashes() {
    run_vectors("murmur2", |case: Murmur2Case| {
        let key = from_hex(&case.key_hex);
        same("murmur2", &murmur2(&key), &case.murmur2)?;
        same("toPositive", &to_positive(case.murmur2), &case.to_positive)?;
        for (count, partition) in &case.partition_by_count {
            let partitions = count.parse().map_err(|error| format!("{count}: {error}"))?;
            same(count, &partition_for_key(&key, partitions), partition)?;
        }
        Ok(())
    });
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum StickyCase {
    Adaptive(AdaptiveCase),
    Sticky(StepsCase),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AdaptiveCase {
    #[serde(rename = "id")]
    _id: u32,
    queue_sizes: Vec<u32>,
    considered_length: usize,
    adaptive_used: bool,
    cumulative_frequency: Option<Vec<u32>>,
    picks: Vec<(u32, PartitionId)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct StepsCase {
    #[serde(rename = "id")]
    _id: u32,
    batch_size: u32,
    num_partitions: u32,
    #[serde(rename = "randomSequence")]
    _random_sequence: String,
    steps: Vec<StickyStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct StickyStep {
    append_bytes: u32,
    enable_switch: bool,
    partition: PartitionId,
    switched_after: bool,
}

/// Java's random numbers as the recorder injected them: 0, 1, 2, …, or one fixed number.
struct Counted(u32);

impl Draw for Counted {
    fn below(&mut self, _: u32) -> u32 {
        self.0 += 1;
        self.0 - 1
    }
}

fn check_adaptive(case: &AdaptiveCase) -> Result<(), String> {
    let queues: Vec<_> = case.queue_sizes.iter().enumerate().map(|(at, size)| (at as PartitionId, *size)).collect();
    let table = LoadTable::new(&queues[..case.considered_length], queues.len() as u32);
    same("adaptive", &table.is_some(), &case.adaptive_used)?;
    let cumulative = table.as_ref().map(|table| table.cumulative().to_vec());
    same(
        "table",
        &cumulative.filter(|_| case.adaptive_used),
        &case.cumulative_frequency.clone().filter(|_| case.adaptive_used),
    )?;
    let all: Vec<PartitionId> = queues.iter().map(|(partition, _)| *partition).collect();
    for (random, expected) in &case.picks {
        let partitions = Partitions { count: queues.len() as u32, available: &all, load: table.as_ref() };
        let picked = StickyPartitioner::new(1).current(&partitions, &mut Counted(*random));
        same(&format!("pick for {random}"), &picked, expected)?;
    }
    Ok(())
}

fn check_steps(case: &StepsCase) -> Result<(), String> {
    let all: Vec<PartitionId> = (0..case.num_partitions as PartitionId).collect();
    let partitions = Partitions { count: case.num_partitions, available: &all, load: None };
    let (mut sticky, mut draw) = (StickyPartitioner::new(case.batch_size), Counted(0));
    for (index, step) in case.steps.iter().enumerate() {
        let partition = sticky.current(&partitions, &mut draw);
        same(&format!("step {index}: partition"), &partition, &step.partition)?;
        let due = sticky.is_due(step.append_bytes, Boundary::from_all_full(step.enable_switch));
        if due {
            sticky.switch(&partitions, &mut draw);
        }
        same(&format!("step {index}: switched"), &due, &step.switched_after)?;
    }
    Ok(())
}

#[test]
fn sticky_partitioner() {
    run_vectors("sticky_partitioner", |case: StickyCase| match case {
        StickyCase::Adaptive(case) => check_adaptive(&case),
        StickyCase::Sticky(case) => check_steps(&case),
    });
}

type Expected = BTreeMap<String, Vec<(String, PartitionId)>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RangeCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    partitions_per_topic: BTreeMap<String, u32>,
    members: Vec<RangeMember>,
    #[serde(default)]
    replica_racks: BTreeMap<String, Vec<Vec<String>>>,
    force_rack_aware: bool,
    expected: Expected,
    #[serde(default)]
    expected_with_sorted_iteration: Option<Expected>,
    hash_order_independent: bool,
    exact_list_order: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RangeMember {
    member_id: String,
    #[serde(default)]
    group_instance_id: Option<String>,
    #[serde(default)]
    rack_id: Option<String>,
    topics: Vec<String>,
}

fn subscriptions(case: &RangeCase) -> Subscriptions {
    let text = |text: &String| Str::from(text.as_str());
    let members = case.members.iter().map(|member| Member {
        member_id: text(&member.member_id),
        group_instance_id: member.group_instance_id.as_ref().map(text),
        rack: member.rack_id.as_ref().map(text),
        topics: member.topics.iter().map(text).collect(),
    });
    let racks = |topic: &String, partition: u32| -> FlatSet<Str> {
        let known = case.replica_racks.get(topic).and_then(|racks| racks.get(partition as usize));
        known.into_iter().flatten().map(text).collect()
    };
    let topics = case.partitions_per_topic.iter();
    Subscriptions {
        members: members.collect(),
        topics: topics.map(|(topic, n)| (text(topic), (0..*n).map(|p| racks(topic, p)).collect())).collect(),
        force_rack_aware: case.force_rack_aware,
    }
}

#[test]
fn range_assignor() {
    run_vectors("assignor_range", |case: RangeCase| {
        // Where Java's hash order shows through, a port that walks in sorted order is measured by
        // what Kafka's own algorithm gives in that order.
        let mut expected = match (case.hash_order_independent, &case.expected_with_sorted_iteration) {
            (false, Some(sorted)) => sorted.clone(),
            (true, _) | (false, None) => case.expected.clone(),
        };
        let assigned = Assignor::Range.assign(&subscriptions(&case)).into_iter().map(|(member, partitions)| {
            (member.to_string(), partitions.into_iter().map(|(topic, number)| (topic.to_string(), number)).collect())
        });
        let mut assigned: Expected = assigned.collect();
        if !case.exact_list_order {
            expected.values_mut().chain(assigned.values_mut()).for_each(|list| list.sort());
        }
        same("assignment", &assigned, &expected)
    });
}

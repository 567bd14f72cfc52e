//! Where each `partitioner.class` sends, in whole clusters: by the facts of `send`.

use base::{PartitionId, Str, Time};
use port::{Fact, KafkaFact};
use sim::{Command, KafkaCommand, Setup, World};

/// Partitions of what a producer with that class sent in twelve seconds, and how often it was refused.
fn sent(class: &str, keys: &[&str], limit: u64) -> (Vec<PartitionId>, usize) {
    let (mut world, mut facts) = (World::new(&Setup::new(3, 1), 5), Vec::new());
    world.run_until(Time(8_000_000_000), &mut facts);
    let create = KafkaCommand::CreateTopic {
        name: "orders".into(),
        partitions: Some(3),
        replication_factor: Some(1),
        assignments: Vec::new(),
        configs: Default::default(),
        timeout_ms: None,
    };
    world.apply(&Command::Kafka(None, create), &mut facts).expect("it is taken");
    world.run_until(Time(10_000_000_000), &mut facts);
    let configs = [("partitioner.class", class)].into_iter().filter(|(_, class)| !class.is_empty());
    let producer = KafkaCommand::AddProducer {
        name: "web".into(),
        topic: "orders".into(),
        keys: keys.iter().map(|key| Str::from(*key)).collect(),
        random_keys: None,
        interval: Some(500_000_000),
        value_size: 0,
        limit: Some(limit),
        configs: configs.map(|(name, class)| (name.into(), class.into())).collect(),
    };
    world.apply(&Command::Kafka(None, producer), &mut facts).expect("it is taken");
    world.run_until(Time(22_000_000_000), &mut facts);
    let partitions = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Kafka(KafkaFact::RecordSent { partition, .. }) => Some(partition.partition),
        _other => None,
    });
    let refused = facts.iter().filter(|(_, _, fact)| matches!(fact, Fact::Kafka(KafkaFact::SendFailed { .. })));
    (partitions.collect(), refused.count())
}

#[test]
fn each_class_has_its_own_pattern() {
    let keys = ["order-1", "order-2", "order-3"];
    let round_robin = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
    assert_eq!(sent(round_robin, &[], 6).0, [0, 1, 2, 0, 1, 2]);
    assert_eq!(sent(round_robin, &keys, 6).0, [0, 1, 2, 0, 1, 2], "whatever the key");
    let built_in = sent("", &keys, 6).0;
    for class in ["blumfeld.PerRecordRotationPartitioner", "blumfeld.PerBatchStickyPartitioner"] {
        assert_eq!(sent(class, &keys, 6).0, built_in, "{class}: keys as built in");
    }
    let rotation = sent("blumfeld.PerRecordRotationPartitioner", &[], 9).0;
    assert!(rotation.windows(2).all(|pair| (pair[0] + 1) % 3 == pair[1]), "{rotation:?}");
    // Each record is a batch here, so each goes to another partition than the one before.
    let per_batch = sent("blumfeld.PerBatchStickyPartitioner", &[], 9).0;
    assert!(per_batch.windows(2).all(|pair| pair[0] != pair[1]), "{per_batch:?}");
    let sticky = sent("", &[], 9).0;
    assert!(sticky.windows(2).all(|pair| pair[0] == pair[1]), "{sticky:?}");
}

#[test]
fn a_hash_code_that_is_negative_is_refused() {
    // order-1 gives -2 of 3, order-2 -1, order-3 0.
    let (partitions, refused) = sent("blumfeld.HashCodePartitioner", &["order-1", "order-2", "order-3"], 6);
    assert_eq!((partitions, refused), (vec![0, 0], 4));
}

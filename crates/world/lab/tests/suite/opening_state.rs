//! The state in which the opening scene opens: what the first sentence on the page promises.

use base::{BrokerId, TopicPartition};
use lab::Lab;
use port::GroupState;
use script::Scenario;
use std::collections::BTreeMap;

/// Each orders partition's leader, by number: (broker, ISR, high watermark).
fn leaders(lab: &Lab) -> BTreeMap<i32, (i32, Vec<BrokerId>, i64)> {
    let world = &lab.run().world;
    let brokers = world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
    let mut leaders = BTreeMap::new();
    for broker in brokers {
        let image = broker.image();
        for (at, _) in image.partitions() {
            let Some(partition) = broker.partition(at).filter(|partition| partition.is_leader()) else { continue };
            if &*partition.name().topic == "orders" {
                let row = (broker.id().0, partition.isr().to_vec(), partition.high_watermark().0);
                leaders.insert(partition.name().partition, row);
            }
        }
    }
    leaders
}

#[test]
fn each_broker_leads_one_partition_and_all_copies_are_in_sync() {
    let lab = Lab::new(Scenario::opening());
    let leaders = leaders(&lab);
    println!("{leaders:?}");
    assert_eq!(
        leaders.iter().map(|(partition, row)| (*partition, row.0)).collect::<Vec<_>>(),
        [(0, 1), (1, 2), (2, 3)]
    );
    for (partition, (_, isr, readable)) in leaders {
        assert_eq!(isr.len(), 3, "orders-{partition}");
        assert!(readable >= 4, "orders-{partition} has {readable} records");
    }
    assert_eq!(lab.run().ledger.counts().lost, 0);
}

#[test]
fn each_member_owns_the_partition_of_its_number() {
    let lab = Lab::new(Scenario::opening());
    let world = &lab.run().world;
    let brokers = world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
    let group = brokers.filter_map(|broker| broker.coordinator().group("billing")).next().expect("a coordinator");
    assert_eq!((group.state(), group.members().len()), (GroupState::Stable, 3));
    for number in 1..=3 {
        let member = world.find(&format!("billing-{number}")).and_then(|slot| slot.process.as_ref()?.consumer());
        let owned: Vec<_> = member.expect("alive").assignment().cloned().collect();
        assert_eq!(owned, [TopicPartition::new("orders", number - 1)], "billing-{number}");
    }
}

/// murmur2 over three partitions (`BuiltInPartitioner.partitionForKey`).
#[test]
fn keys_fall_where_kafka_puts_them() {
    for (key, partition) in [("order-1", 1), ("order-2", 0), ("order-3", 0), ("order-4", 2), ("order-5", 2)] {
        assert_eq!(client::partitioner::partition_for_key(key.as_bytes(), 3), partition, "{key}");
    }
}

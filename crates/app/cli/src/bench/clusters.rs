//! The clusters that are measured.

use base::{Span, Time};
use sim::{Command, KafkaCommand, NoFacts, Setup, World};

/// Copies of every record.
pub const REPLICATION_FACTOR: u64 = 3;

/// 3 brokers, 12 partitions, three producers at 1,000 records/s, three consumers.
pub fn small() -> World {
    busy(3, 12, (3, 3))
}

/// 10 brokers, 60 partitions, five producers at 1,000 records/s, six consumers.
pub fn large() -> World {
    busy(10, 60, (5, 6))
}

/// A cluster of any size under the same traffic: three producers, a thousand records a second together, and groups of
/// three members each that read everything.
pub fn shared(brokers: i32, partitions: i32, groups: i32) -> World {
    let producers = (1..=3).map(|number| producer(number, 3_000_000));
    let members = (1..=groups).flat_map(|group| {
        (1..=3).map(move |member| consumer(format!("reader-{group}-{member}"), &format!("readers-{group}")))
    });
    running(brokers, partitions, producers.chain(members))
}

/// Producers and consumers at work in it.
fn busy(brokers: i32, partitions: i32, (producers, consumers): (u32, u32)) -> World {
    let producers = (1..=producers).map(|number| producer(number, 1_000_000));
    running(
        brokers,
        partitions,
        producers.chain((1..=consumers).map(|number| consumer(format!("consumer-{number}"), "readers"))),
    )
}

/// Until everything has settled.
fn running(brokers: i32, partitions: i32, clients: impl Iterator<Item = Command>) -> World {
    let mut world = World::new(&Setup::new(brokers, 1), 1);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut NoFacts);
    for command in std::iter::once(topic(partitions)).chain(clients) {
        if let Err(error) = world.apply(&command, &mut NoFacts) {
            println!("bench: {error}");
        }
        let next = world.now() + Span::from_millis(300);
        world.run_until(next, &mut NoFacts);
    }
    world
}

/// The one topic of a bench.
fn topic(partitions: i32) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(partitions),
            replication_factor: Some(REPLICATION_FACTOR as i16),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        },
    )
}

/// One record every so many nanoseconds.
fn producer(number: u32, interval: u64) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: format!("producer-{number}").into(),
            topic: "orders".into(),
            keys: vec!["key-".into()],
            random_keys: Some(1_000),
            interval: Some(interval),
            value_size: 100,
            limit: None,
            configs: Default::default(),
        },
    )
}

/// A member of the group.
fn consumer(name: String, group: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: name.into(),
            group: group.into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs: Default::default(),
        },
    )
}

//! The clusters that are measured.

use base::{Span, Time};
use sim::{Command, NoFacts, Setup, World};

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

fn busy(brokers: i32, partitions: i32, (producers, consumers): (u32, u32)) -> World {
    let mut world = World::new(&Setup::new(brokers, 1), 1);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut NoFacts);
    let clients = (1..=producers).map(producer).chain((1..=consumers).map(consumer));
    for command in std::iter::once(topic(partitions)).chain(clients) {
        if let Err(error) = world.apply(&command, &mut NoFacts) {
            println!("bench: {error}");
        }
        let next = world.now() + Span::from_millis(300);
        world.run_until(next, &mut NoFacts);
    }
    world
}

fn topic(partitions: i32) -> Command {
    Command::CreateTopic {
        name: "orders".into(),
        partitions: Some(partitions),
        replication_factor: Some(REPLICATION_FACTOR as i16),
        assignments: Vec::new(),
        configs: Default::default(),
        timeout_ms: None,
    }
}

fn producer(number: u32) -> Command {
    Command::AddProducer {
        name: format!("producer-{number}").into(),
        topic: "orders".into(),
        keys: vec!["key-".into()],
        random_keys: Some(1_000),
        interval: Some(1_000_000),
        value_size: 100,
        limit: None,
        configs: Default::default(),
    }
}

fn consumer(number: u32) -> Command {
    Command::AddConsumer {
        name: format!("consumer-{number}").into(),
        group: "readers".into(),
        topics: vec!["orders".into()],
        processing: 0,
        configs: Default::default(),
    }
}

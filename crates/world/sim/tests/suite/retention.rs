//! When a broker looks for old segments: `log.initial.task.delay.ms` after its start, then every
//! `log.retention.check.interval.ms` (`LogManager.startup`).

use base::{FlatMap, Offset, Span, Time, TopicPartition};
use sim::{Command, KafkaCommand, NoFacts, Setup, World};

/// One broker and a topic whose records are old as soon as they are written.
fn world(setup: &Setup) -> World {
    let mut world = World::new(setup, 1);
    world.run_until(Time::ZERO + Span::from_secs(4), &mut NoFacts);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(1),
            replication_factor: Some(1),
            assignments: Vec::new(),
            configs: [("retention.ms".into(), "1".into())].into(),
            timeout_ms: None,
        },
    );
    let producer = Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "orders".into(),
            keys: Vec::new(),
            random_keys: None,
            interval: Some(900_000_000),
            value_size: 1,
            limit: None,
            configs: FlatMap::new(),
        },
    );
    for command in [topic, producer] {
        world.apply(&command, &mut NoFacts).expect("makes sense");
        world.run_until(world.now() + Span::from_secs(1), &mut NoFacts);
    }
    world
}

fn log_start(world: &World) -> Option<Offset> {
    let broker = world.find("1")?.process.as_ref()?.node()?.broker()?;
    let name = TopicPartition::new("orders", 0);
    Some(broker.partitions().values().find(|partition| *partition.name() == name)?.log().log_start())
}

/// The seconds in which segments were deleted.
fn deletions(setup: &Setup, until: u64) -> Vec<u64> {
    let mut world = world(setup);
    let mut found = Vec::new();
    let mut before = log_start(&world);
    while world.step_until(Time::ZERO + Span::from_secs(until), &mut NoFacts).is_some() {
        let now = log_start(&world);
        if now != before {
            before = now;
            found.push(world.now().0 / 1_000_000_000);
        }
    }
    found
}

#[test]
fn old_segments_go_after_half_a_minute_and_then_every_five() {
    let one = Setup::new(1, 1);
    let quick = one.clone().with("log.initial.task.delay.ms", "8000").with("log.retention.check.interval.ms", "5000");
    assert_eq!(deletions(&one, 640), [30, 330, 630]);
    assert_eq!(deletions(&quick, 20), [8, 13, 18]);
}

//! A cluster without any delay, whose consumer does not wait: the clock creeps, and the world says so.

use base::{Span, Time};
use sim::{Command, KafkaCommand, NetworkSetup, NoFacts, ServiceTimes, Setup, World};

/// One broker that works in no time, and a consumer that asks again at once.
fn world(latency: Span) -> World {
    let zero = Span(0);
    let mut setup = Setup::new(1, 1).with("offsets.topic.replication.factor", "1");
    setup.network = NetworkSetup { latency, jitter: zero, per_kib: zero, ..NetworkSetup::default() };
    setup.service = ServiceTimes { per_event: zero, per_kib: zero };
    let mut world = World::new(&setup, 1);
    world.run_until(Time::ZERO + Span::from_secs(5), &mut NoFacts);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(1),
            replication_factor: Some(1),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        },
    );
    let consumer = Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "billing-1".into(),
            group: "billing".into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs: [("fetch.max.wait.ms".into(), "0".into())].into(),
        },
    );
    for command in [topic, consumer] {
        world.apply(&command, &mut NoFacts).expect("makes sense");
        steps(&mut world, 2_000);
    }
    world
}

fn steps(world: &mut World, count: u32) {
    for _ in 0..count {
        let _ = world.step(&mut NoFacts);
    }
}

#[test]
fn messages_that_take_a_while_move_the_clock_on() {
    let mut world = world(Span::from_micros(50));
    steps(&mut world, 300_000);
    assert_eq!(world.standstill(), None);
}

#[test]
fn a_clock_that_creeps_is_noticed_and_digests_know_nothing_of_it() {
    let mut world = world(Span(0));
    let mut waited = 0;
    while world.standstill().is_none() {
        steps(&mut world, 10_000);
        waited += 10_000;
        assert!(waited < 2_000_000, "not noticed until {}", world.now());
    }
    let found = world.standstill().expect("just looked");
    let name = world.slot(found.busiest).map(|slot| slot.name.to_string()).unwrap_or_default();
    assert!(["billing-1", "1"].contains(&name.as_str()), "{name} is not one of the two that talk");
    // A copy is watched on from where it was copied.
    let mut copy = world.clone();
    for world in [&mut world, &mut copy] {
        steps(world, 50_000);
    }
    assert_eq!(copy.standstill(), world.standstill());
    assert_eq!(copy.state_digest(), world.state_digest());
}

//! A cluster comes to life: the whole core end to end.

use base::{Span, Str, Time};
use port::{Fact, KafkaFact};
use sim::{Command, KafkaCommand, Setup, World, WorldCommand};

#[test]
fn a_cluster_elects_registers_creates_produces_and_consumes() {
    let mut facts: Vec<(Time, base::ProcessId, Fact)> = Vec::new();
    let mut world = World::new(&Setup::new(3, 3), 42);
    world.run_until(Time::ZERO + Span::from_secs(8), &mut facts);
    let create = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(3),
            replication_factor: Some(3),
            assignments: vec![],
            configs: Default::default(),
            timeout_ms: None,
        },
    );
    world.apply(&create, &mut facts).expect("takes it");
    world.run_until(Time::ZERO + Span::from_secs(9), &mut facts);
    let producer = Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "orders".into(),
            keys: vec!["order-1".into(), "order-2".into()],
            random_keys: None,
            interval: Some(500_000_000),
            value_size: 0,
            limit: Some(10),
            configs: Default::default(),
        },
    );
    world.apply(&producer, &mut facts).expect("takes it");
    let consumer = Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "billing-1".into(),
            group: "billing".into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs: [("auto.offset.reset".into(), "earliest".into())].into(),
        },
    );
    world.apply(&consumer, &mut facts).expect("takes it");
    world.run_until(Time::ZERO + Span::from_secs(30), &mut facts);
    for (at, process, fact) in &facts {
        println!("{at} {} {fact:?}", world.slot(*process).map_or("?".into(), |slot| slot.name.to_string()));
    }
    let count = |wanted: fn(&Fact) -> bool| facts.iter().filter(|(_, _, fact)| wanted(fact)).count();
    assert_eq!(count(|fact| matches!(fact, Fact::Kafka(KafkaFact::RecordsAcked { .. }))), 10);
    assert_eq!(count(|fact| matches!(fact, Fact::Kafka(KafkaFact::Delivered { .. }))), 10);
}

/// No reset crosses a cut: an end behind it learns by its own timeouts.
#[test]
fn a_reset_is_not_noticed_behind_a_cut() {
    let mut facts: Vec<(Time, base::ProcessId, Fact)> = Vec::new();
    let mut world = World::new(&Setup::new(1, 3), 7);
    world.run_until(Time::ZERO + Span::from_secs(8), &mut facts);
    let ends = |world: &World| -> Vec<[bool; 2]> {
        let [a, b] = ["c1", "c2"].map(|name| world.find(name).expect("a node").id);
        let joined = world.network().connections().filter(|(_, connection)| connection.joins(a, b));
        joined.map(|(_, connection)| connection.ends.map(|end| end.open)).collect()
    };
    let before = ends(&world).len();
    assert!(before > 0, "controllers talk to each other");
    let (a, b) = (Str::from("c1"), Str::from("c2"));
    for command in [
        Command::World(WorldCommand::Cut { a: a.clone(), b: b.clone() }),
        Command::World(WorldCommand::Reset { a: a.clone(), b: b.clone() }),
    ] {
        world.apply(&command, &mut facts).expect("takes it");
    }
    let at = world.now() + Span::from_millis(1);
    world.run_until(at, &mut facts);
    assert_eq!(ends(&world), vec![[true, true]; before], "nobody has noticed");
    world.apply(&Command::World(WorldCommand::Heal { a, b }), &mut facts).expect("takes it");
    let at = world.now() + Span::from_secs(60);
    world.run_until(at, &mut facts);
    let dead = |connection: &sim::Connection| matches!(connection.state, sim::ConnectionState::Dead);
    assert!(!world.network().connections().any(|(_, connection)| dead(connection)), "timeouts have cleared them away");
}

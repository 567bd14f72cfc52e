//! Scenarios that touch every kind of event: elections, replication, groups, every fault, and dice.

use base::{Rng, Span, Str, Time};
use sim::{Command, KafkaCommand, NoFacts, Setup, World, WorldCommand};

/// Seeds of the random scenarios.
const RANDOM: [u64; 4] = [1, 2, 3, 4];

/// Every scenario, run to its end.
pub(crate) fn all() -> Vec<(String, World)> {
    let mut worlds = vec![
        ("opening".to_owned(), opening(Setup::new(3, 3))),
        ("leader-kill".to_owned(), leader_kill()),
        ("group".to_owned(), group()),
        ("network".to_owned(), network()),
        ("power".to_owned(), power()),
        ("full".to_owned(), full()),
    ];
    worlds.extend(RANDOM.map(|seed| (format!("random-{seed}"), random(seed))));
    worlds
}

/// Three brokers, twelve partitions of three replicas, three producers of 1,000 records a second, three consumers.
pub fn busy() -> World {
    let mut world = started(Setup::new(3, 1), 1);
    act(&mut world, topic("orders", 12));
    pass(&mut world, 1);
    for name in ["web", "app", "till"] {
        act(&mut world, producer(name, 1_000_000));
    }
    for name in ["billing-1", "billing-2", "billing-3"] {
        act(&mut world, consumer(name));
    }
    pass(&mut world, 5);
    world
}

fn opening(setup: Setup) -> World {
    let mut world = started(setup, 7);
    act(&mut world, topic("orders", 3));
    pass(&mut world, 1);
    act(&mut world, producer("web", 100_000_000));
    act(&mut world, producer("app", 70_000_000));
    act(&mut world, consumer("billing-1"));
    act(&mut world, consumer("billing-2"));
    pass(&mut world, 20);
    world
}

fn leader_kill() -> World {
    let mut world = opening(Setup::new(3, 3));
    act(&mut world, Command::World(WorldCommand::Kill { name: "1".into() }));
    pass(&mut world, 20);
    act(&mut world, Command::World(WorldCommand::Start { name: "1".into() }));
    act(&mut world, Command::World(WorldCommand::Kill { name: "c1".into() }));
    pass(&mut world, 30);
    act(&mut world, Command::World(WorldCommand::Start { name: "c1".into() }));
    pass(&mut world, 10);
    world
}

fn group() -> World {
    let mut world = opening(Setup::combined(3));
    act(&mut world, consumer("billing-3"));
    pass(&mut world, 10);
    act(&mut world, Command::World(WorldCommand::Stop { name: "billing-1".into() }));
    pass(&mut world, 10);
    act(&mut world, Command::World(WorldCommand::Kill { name: "billing-2".into() }));
    pass(&mut world, 60);
    world
}

fn network() -> World {
    let mut world = opening(Setup::new(3, 1));
    let (a, b): (Str, Str) = ("1".into(), "2".into());
    act(&mut world, Command::World(WorldCommand::Cut { a: a.clone(), b: b.clone() }));
    pass(&mut world, 40);
    act(&mut world, Command::World(WorldCommand::Heal { a: a.clone(), b: b.clone() }));
    act(&mut world, Command::World(WorldCommand::Delay { a: a.clone(), b: b.clone(), by: 5_000_000 }));
    act(&mut world, Command::World(WorldCommand::Stall { a: a.clone(), b: "web".into(), time: 900_000_000 }));
    pass(&mut world, 5);
    act(&mut world, Command::World(WorldCommand::Reset { a, b }));
    act(&mut world, Command::World(WorldCommand::Pause { name: "3".into() }));
    pass(&mut world, 20);
    act(&mut world, Command::World(WorldCommand::Resume { name: "3".into() }));
    act(&mut world, Command::World(WorldCommand::HealAll));
    pass(&mut world, 20);
    world
}

fn power() -> World {
    let mut world = opening(Setup::combined(3));
    act(&mut world, Command::World(WorldCommand::PowerOff { name: "2".into() }));
    pass(&mut world, 30);
    act(&mut world, Command::World(WorldCommand::Start { name: "2".into() }));
    pass(&mut world, 10);
    act(&mut world, Command::World(WorldCommand::Stop { name: "1".into() }));
    pass(&mut world, 20);
    world
}

/// As many partitions and replicas as a world may hold, made by the cluster itself for a producer.
fn full() -> World {
    let setup = Setup::new(3, 1).with("num.partitions", "5000").with("default.replication.factor", "3");
    let mut world = started(setup, 3);
    act(&mut world, producer("web", 100_000_000));
    pass(&mut world, 20);
    world
}

/// Thirty drawn faults, then everything healed.
fn random(seed: u64) -> World {
    let mut rng = Rng::new(seed, 1);
    let mut world = opening(Setup::new(3, 3));
    for _ in 0..30 {
        let fault = drawn(&mut rng);
        // A command may not fit what is already broken; the refusal is the same everywhere.
        let _ = world.apply(&fault, &mut NoFacts);
        pass(&mut world, 1 + rng.below_u64(6));
    }
    act(&mut world, Command::World(WorldCommand::HealAll));
    for name in NODES {
        let _ = world.apply(&Command::World(WorldCommand::Resume { name: name.into() }), &mut NoFacts);
        let _ = world.apply(&Command::World(WorldCommand::Start { name: name.into() }), &mut NoFacts);
    }
    pass(&mut world, 30);
    world
}

const NODES: [&str; 6] = ["1", "2", "3", "c1", "c2", "c3"];

fn drawn(rng: &mut Rng) -> Command {
    let mut node = || Str::from(NODES[rng.below_u64(NODES.len() as u64) as usize]);
    let (a, b) = (node(), node());
    match rng.below_u64(10) {
        0 => Command::World(WorldCommand::Kill { name: a }),
        1 => Command::World(WorldCommand::Stop { name: a }),
        2 | 3 => Command::World(WorldCommand::Start { name: a }),
        4 => Command::World(WorldCommand::Pause { name: a }),
        5 => Command::World(WorldCommand::Resume { name: a }),
        6 => Command::World(WorldCommand::Cut { a, b }),
        7 => Command::World(WorldCommand::Heal { a, b }),
        8 => Command::World(WorldCommand::Reset { a, b }),
        _ => Command::World(WorldCommand::PowerOff { name: a }),
    }
}

pub(crate) fn started(setup: Setup, seed: u64) -> World {
    let mut world = World::new(&setup, seed);
    pass(&mut world, 8);
    world
}

pub(crate) fn pass(world: &mut World, seconds: u64) {
    let until: Time = world.now() + Span::from_secs(seconds);
    world.run_until(until, &mut NoFacts);
}

pub(crate) fn act(world: &mut World, command: Command) {
    let taken = world.apply(&command, &mut NoFacts);
    assert!(taken.is_ok(), "the scenario's own command was refused: {command:?} {taken:?}");
}

fn topic(name: &str, partitions: i32) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: name.into(),
            partitions: Some(partitions),
            replication_factor: Some(3),
            assignments: vec![],
            configs: Default::default(),
            timeout_ms: None,
        },
    )
}

fn producer(name: &str, interval: u64) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: name.into(),
            topic: "orders".into(),
            keys: vec!["order-".into()],
            random_keys: Some(40),
            interval: Some(interval),
            value_size: 20,
            limit: None,
            configs: Default::default(),
        },
    )
}

fn consumer(name: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: name.into(),
            group: "billing".into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs: [("auto.offset.reset".into(), "earliest".into())].into(),
        },
    )
}

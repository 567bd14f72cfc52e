//! Packing disks changes nothing that anybody can see.

use base::{FlatMap, Span, Time};
use sim::{Command, KafkaCommand, NoFacts, Setup, World, WorldCommand};

fn producer() -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "orders".into(),
            keys: Vec::new(),
            random_keys: Some(100),
            interval: Some(2_000_000),
            value_size: 300,
            limit: None,
            configs: FlatMap::new(),
        },
    )
}

/// The same life, packed every so many events or never: a broker is killed, loses its power, and comes back.
fn life(packs_every: Option<u64>) -> World {
    let mut world = World::new(&Setup::new(3, 1), 11);
    let acts = [
        (5, producer()),
        (9, Command::World(WorldCommand::Kill { name: "2".into() })),
        (12, Command::World(WorldCommand::Start { name: "2".into() })),
        (18, Command::World(WorldCommand::PowerOff { name: "2".into() })),
        (21, Command::World(WorldCommand::Start { name: "2".into() })),
    ];
    for (second, act) in acts {
        run(&mut world, second, packs_every);
        world.apply(&act, &mut NoFacts).expect("the world takes it");
    }
    run(&mut world, 40, packs_every);
    world
}

fn run(world: &mut World, second: u64, packs_every: Option<u64>) {
    while world.step_until(Time::ZERO + Span::from_secs(second), &mut NoFacts).is_some() {
        if packs_every.is_some_and(|every| world.events().is_multiple_of(every)) {
            world.pack();
        }
    }
}

#[test]
fn packed_worlds_live_the_same_life() {
    let plain = life(None);
    let digests = (plain.events(), plain.run_digest(), plain.state_digest());
    for every in [1, 100, 30_000] {
        let packed = life(Some(every));
        assert_eq!((packed.events(), packed.run_digest(), packed.state_digest()), digests, "every {every}");
        assert_eq!(packed.disks().used, plain.disks().used);
        assert!(packed.disks().held * 3 < plain.disks().held, "{:?} {:?}", packed.disks(), plain.disks());
    }
}

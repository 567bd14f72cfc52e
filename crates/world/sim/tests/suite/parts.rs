//! A batch of the metadata log that speaks of thousands of partitions is carried out in parts: no single event opens,
//! or takes over, more than some hundred of them.

use base::{BrokerId, Span, Time};
use broker::Broker;
use port::Store;
use sim::{Command, KafkaCommand, NoFacts, Setup, World, WorldCommand};

/// Partitions of the topic, and how many of them one event may touch.
const WIDE: i32 = 1_800;
const PART: usize = 500;

fn broker(world: &World, id: i32) -> Option<&Broker> {
    world.first_cluster().node(BrokerId(id))?.process.as_ref()?.node()?.broker()
}

/// How many partitions each broker has open, and leads.
fn counts(world: &World) -> Vec<(usize, usize)> {
    let led = |broker: &Broker| broker.partitions().values().filter(|partition| partition.is_leader()).count();
    let count = |id| broker(world, id).map_or((0, 0), |broker| (broker.partitions().len(), led(broker)));
    (1..=3).map(count).collect()
}

/// Goes on to an instant. The most partitions that one event of one broker has opened or begun to lead.
fn most_in_one_event(world: &mut World, until: Time) -> usize {
    let (mut most, mut before) = (0, counts(world));
    while world.step_until(until, &mut NoFacts).is_some() {
        let now = counts(world);
        for (now, before) in now.iter().zip(&before) {
            most = most.max(now.0.saturating_sub(before.0)).max(now.1.saturating_sub(before.1));
        }
        before = now;
    }
    most
}

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

/// How many partitions the disk of broker 2 knows a high watermark of, and whether it says that it was left clean.
fn kept(world: &World) -> (usize, bool) {
    let store = &world.first_cluster().node(BrokerId(2)).expect("there are three").store;
    let checkpoint = store.content("replication-offset-checkpoint").expect("it has been written");
    let lines = checkpoint.iter().filter(|byte| **byte == b'\n').count();
    (lines.saturating_sub(2), store.content(".kafka_cleanshutdown").is_some())
}

/// Who is stopped before all its logs are open leaves what the disk knew of the others, and does not call them clean.
#[test]
fn a_stop_in_the_middle_forgets_nothing() {
    let mut world = World::new(&Setup::new(3, 1), 1);
    world.run_until(at(4), &mut NoFacts);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "wide".into(),
            partitions: Some(WIDE),
            replication_factor: Some(3),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        },
    );
    world.apply(&topic, &mut NoFacts).expect("makes sense");
    // Checkpoints are written every five seconds.
    world.run_until(at(12), &mut NoFacts);
    assert_eq!(kept(&world).0, WIDE as usize);
    let name = world.first_cluster().node(BrokerId(2)).map(|slot| slot.name.clone()).expect("there are three");
    let (kill, start) = (
        Command::World(WorldCommand::Kill { name: name.clone() }),
        Command::World(WorldCommand::Start { name: name.clone() }),
    );
    world.apply(&kill, &mut NoFacts).expect("it runs");
    world.run_until(at(24), &mut NoFacts);
    world.apply(&start, &mut NoFacts).expect("it is down");
    while broker(&world, 2).is_none_or(|broker| broker.partitions().is_empty()) {
        world.step(&mut NoFacts);
    }
    assert!(counts(&world)[1].0 < WIDE as usize, "it is in the middle");
    world.apply(&Command::World(WorldCommand::Stop { name }), &mut NoFacts).expect("it runs");
    while world.first_cluster().node(BrokerId(2)).is_some_and(|slot| slot.liveness.is_up()) {
        world.step(&mut NoFacts);
    }
    assert_eq!(kept(&world), (WIDE as usize, false));
}

#[test]
fn no_event_carries_out_thousands_of_partitions_and_all_follow() {
    let mut world = World::new(&Setup::new(3, 1), 1);
    world.run_until(at(4), &mut NoFacts);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "wide".into(),
            partitions: Some(WIDE),
            replication_factor: Some(3),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        },
    );
    world.apply(&topic, &mut NoFacts).expect("makes sense");
    let made = most_in_one_event(&mut world, at(6));
    assert!((1..=PART).contains(&made), "{made} at once");
    let all: usize = counts(&world).iter().map(|(_, led)| led).sum();
    assert_eq!((counts(&world)[0].0, all), (WIDE as usize, WIDE as usize));

    // One dies while it opens its logs: what it has begun is begun anew.
    let name = world.first_cluster().node(BrokerId(2)).map(|slot| slot.name.clone()).expect("there are three");
    let (kill, start) =
        (Command::World(WorldCommand::Kill { name: name.clone() }), Command::World(WorldCommand::Start { name }));
    world.apply(&kill, &mut NoFacts).expect("it runs");
    let taken_over = most_in_one_event(&mut world, at(17));
    assert!((1..=PART).contains(&taken_over), "{taken_over} at once");
    world.apply(&start, &mut NoFacts).expect("it is down");
    while broker(&world, 2).is_none_or(|broker| broker.partitions().is_empty()) {
        world.step(&mut NoFacts);
    }
    assert!(counts(&world)[1].0 <= PART);
    world.apply(&kill, &mut NoFacts).expect("it runs");
    world.apply(&start, &mut NoFacts).expect("it is down");
    let opened = most_in_one_event(&mut world, at(60));
    assert!((1..=PART).contains(&opened), "{opened} at once");
    let in_sync = |broker: &Broker| broker.image().partitions().all(|(_, known)| known.isr.len() == 3);
    assert_eq!(counts(&world)[1].0, WIDE as usize);
    assert!(broker(&world, 1).is_some_and(in_sync), "all are back in sync");
}

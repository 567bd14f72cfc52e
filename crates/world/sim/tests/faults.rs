//! Commands that bend the network or the clients, and those that are refused.

use base::{FlatMap, ProcessId, Span, Time};
use port::Fact;
use sim::{Command, CommandError, NoFacts, Setup, World};

type Facts = Vec<(Time, ProcessId, Fact)>;

fn producer(name: &str, interval: u64, value_size: u32) -> Command {
    Command::AddProducer {
        name: name.into(),
        topic: "orders".into(),
        keys: Vec::new(),
        random_keys: None,
        interval: Some(interval),
        value_size,
        limit: None,
        configs: FlatMap::new(),
    }
}

/// One broker with a topic and a producer of ten records a second, ten seconds old.
fn world() -> World {
    let mut world = World::new(&Setup::new(1, 1), 1);
    pass(&mut world, 5);
    let topic = Command::CreateTopic {
        name: "orders".into(),
        partitions: Some(1),
        replication_factor: Some(1),
        assignments: Vec::new(),
        configs: FlatMap::new(),
        timeout_ms: None,
    };
    act(&mut world, topic);
    pass(&mut world, 1);
    act(&mut world, producer("web", 100_000_000, 20));
    pass(&mut world, 4);
    world
}

fn act(world: &mut World, command: Command) {
    world.apply(&command, &mut NoFacts).expect("the command makes sense");
}

fn pass(world: &mut World, seconds: u64) -> Facts {
    let mut facts = Facts::new();
    world.run_until(world.now() + Span::from_secs(seconds), &mut facts);
    facts
}

fn appended(facts: &Facts) -> usize {
    facts.iter().filter(|(_, _, fact)| matches!(fact, Fact::Appended { records: Some(_), .. })).count()
}

#[test]
fn what_a_cut_held_moves_on_when_the_link_is_only_slow() {
    let ends = || ("web".into(), "1".into());
    for (name, fault) in [
        ("delay", Command::Delay { a: ends().0, b: ends().1, by: 5_000_000 }),
        ("stall", Command::Stall { a: ends().0, b: ends().1, time: 500_000_000 }),
    ] {
        let mut world = world();
        let (a, b) = ends();
        act(&mut world, Command::Cut { a, b });
        assert_eq!(appended(&pass(&mut world, 2)), 0, "nothing crosses a cut");
        world.apply(&fault, &mut NoFacts).expect("a slow link");
        assert!(appended(&pass(&mut world, 2)) > 2, "{name}");
    }
}

#[test]
fn only_a_cut_is_told_as_a_cut() {
    let mut world = world();
    let mut facts = Facts::new();
    world.apply(&Command::Delay { a: "web".into(), b: "1".into(), by: 1 }, &mut facts).expect("a slow link");
    assert!(facts.is_empty(), "{facts:?}");
}

#[test]
fn a_pause_does_not_make_a_node_faster() {
    let digest = |pauses: u32| {
        let mut setup = Setup::new(1, 1);
        setup.service.per_event = Span::from_millis(30);
        let mut world = World::new(&setup, 1);
        pass(&mut world, 30);
        for _ in 0..pauses {
            act(&mut world, Command::Pause { name: "1".into() });
            act(&mut world, Command::Resume { name: "1".into() });
        }
        let before = world.events();
        pass(&mut world, 20);
        world.events() - before
    };
    let (calm, paused) = (digest(0), digest(20));
    assert!(paused.abs_diff(calm) * 10 <= calm, "{calm} events without pauses, {paused} with");
}

#[test]
fn what_would_grow_too_large_is_refused() {
    let mut world = world();
    let refused = |world: &mut World, command: Command| {
        let before = world.state_digest();
        let error = world.apply(&command, &mut NoFacts).expect_err("too much");
        assert_eq!(world.state_digest(), before, "a refused command changes nothing");
        matches!(error, CommandError::TooMuch { .. } | CommandError::Malformed { .. })
    };
    assert!(refused(&mut world, producer("fast", 1, 20)), "records");
    assert!(refused(&mut world, producer("wide", 10_000, 1_000_000)), "bytes");
    assert!(refused(&mut world, Command::SetInterval { producer: "web".into(), interval: Some(1) }), "paced up");
    assert!(refused(&mut world, Command::Delay { a: "web".into(), b: "1".into(), by: u64::MAX }), "delay");
    assert!(refused(&mut world, Command::Stall { a: "web".into(), b: "1".into(), time: u64::MAX }), "stall");
    let grow = |total| Command::AddPartitions { topic: "orders".into(), total, assignments: Vec::new() };
    assert!(refused(&mut world, grow(5_001)), "the world has partitions already");
    act(&mut world, grow(i32::MIN));
    pass(&mut world, 5);
}

#[test]
fn a_cluster_that_cannot_start_is_refused() {
    let words = |setup: Setup| setup.check().map_err(|error| error.to_string());
    assert_eq!(words(Setup::new(3, 3)), Ok(()));
    assert_eq!(words(Setup::combined(1)), Ok(()));
    let none = Err("a cluster needs a controller and a broker".to_owned());
    assert_eq!(words(Setup::new(0, 3)), none);
    assert_eq!(words(Setup::new(3, 0)), none);
    assert!(words(Setup::new(3, 50)).is_err());
    assert!(words(Setup::new(101, 1)).is_err(), "broker 101 and controller c1 have one node.id");
    assert!(words(Setup::new(3, 1).with("num.partitions", "2000000000")).is_err());
    assert!(words(Setup::new(3, 1).with("broker.rack", &"x".repeat(40_000))).is_err());
}

#[test]
fn texts_that_no_kafka_string_holds_are_refused() {
    let mut world = world();
    let long = || "x".repeat(40_000).into();
    for command in [
        Command::AddBroker { node: 7, rack: Some(long()) },
        Command::DeleteTopic { name: long() },
        Command::Send { producer: "web".into(), topic: None, partition: None, key: None, value: Some(long()) },
        Command::AddConsumer {
            name: "billing-1".into(),
            group: "billing".into(),
            topics: vec![long()],
            processing: 0,
            configs: FlatMap::new(),
        },
    ] {
        assert!(matches!(world.apply(&command, &mut NoFacts), Err(CommandError::TooMuch { .. })), "{command:?}");
    }
}

/// Time passes whatever a setting says: periods of zero are busy, but each event takes its time.
#[test]
fn periods_of_zero_do_not_stop_time() {
    for name in [
        "replica.high.watermark.checkpoint.interval.ms",
        "replica.lag.time.max.ms",
        "controller.quorum.election.timeout.ms",
    ] {
        let setup = Setup::new(2, 1).with(name, "0");
        if setup.check().is_err() {
            continue;
        }
        let mut world = World::new(&setup, 1);
        world.run_until(Time::ZERO + Span::from_millis(200), &mut NoFacts);
        assert!(world.events() < 200_000, "{name}: {}", world.events());
    }
}

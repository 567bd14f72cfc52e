//! Commands that bend the network or the clients, and those that are refused.

use api::{ApiKey, MessageKind};
use base::{BrokerId, FlatMap, ProcessId, Span, Str, Time};
use port::{Fact, KafkaFact, WorldFact};
use sim::{Command, CommandError, KafkaCommand, LinkRule, NoFacts, Setup, World, WorldCommand};

type Facts = Vec<(Time, ProcessId, Fact)>;

fn producer(name: &str, interval: u64, value_size: u32) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: name.into(),
            topic: "orders".into(),
            keys: Vec::new(),
            random_keys: None,
            interval: Some(interval),
            value_size,
            limit: None,
            configs: FlatMap::new(),
        },
    )
}

/// One broker with a topic and a producer of ten records a second, ten seconds old.
fn world() -> World {
    let mut world = World::new(&Setup::new(1, 1), 1);
    pass(&mut world, 5);
    let topic = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(1),
            replication_factor: Some(1),
            assignments: Vec::new(),
            configs: FlatMap::new(),
            timeout_ms: None,
        },
    );
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
    facts
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Kafka(KafkaFact::Appended { records: Some(_), .. })))
        .count()
}

fn ends() -> (Str, Str) {
    ("web".into(), "1".into())
}

fn hold(from: &str, to: &str, api: &str) -> Command {
    Command::World(WorldCommand::Hold { from: from.into(), to: to.into(), api: api.into() })
}

fn lose(from: &str, to: &str, (api, count): (&str, u32)) -> Command {
    Command::World(WorldCommand::Lose { from: from.into(), to: to.into(), api: api.into(), count })
}

fn count(facts: &Facts, is_meant: impl Fn(&Fact) -> bool) -> usize {
    facts.iter().filter(|(_, _, fact)| is_meant(fact)).count()
}

#[test]
fn rules_of_a_link_stand_beside_each_other_in_any_order() {
    let faults = || {
        let ((a, b), (c, d), (e, f)) = (ends(), ends(), ends());
        let delay = Command::World(WorldCommand::Delay { a, b, by: 5_000_000 });
        let stall = Command::World(WorldCommand::Stall { a: c, b: d, time: 500_000_000 });
        [
            Command::World(WorldCommand::Cut { a: e, b: f }),
            delay,
            stall,
            hold("web", "1", "Produce"),
            lose("1", "web", ("Produce", 3)),
        ]
    };
    for turn in 0..faults().len() {
        let mut world = world();
        let mut all = faults();
        all.rotate_left(turn);
        for fault in all {
            act(&mut world, fault);
        }
        assert_eq!(world.network().link_rules().count(), 3 + 3 + 2, "each direction has its own");
        assert_eq!(appended(&pass(&mut world, 2)), 0, "nothing crosses a cut, whatever came after it");
        let (a, b) = ends();
        act(&mut world, Command::World(WorldCommand::Heal { a, b }));
        assert_eq!(world.network().link_rules().count(), 0, "healing takes all of them");
        assert!(appended(&pass(&mut world, 2)) > 2, "what waited comes");
    }
}

#[test]
fn a_second_rule_of_a_kind_takes_the_place_of_the_first() {
    let mut world = world();
    for time in [3_600_000_000_000, 500_000_000] {
        let (a, b) = ends();
        act(&mut world, Command::World(WorldCommand::Stall { a, b, time }));
    }
    assert!(appended(&pass(&mut world, 2)) > 2, "the shorter stall counts");
    for left in [7, 2] {
        act(&mut world, lose("1", "web", ("Metadata", left)));
    }
    let lost = world.network().link_rules().filter(|(.., rule)| matches!(rule, LinkRule::Lost { .. }));
    assert_eq!(
        lost.map(|(.., rule)| rule).collect::<Vec<_>>(),
        [LinkRule::Lost { api: MessageKind::Kafka(ApiKey::Metadata), left: 2 }]
    );
}

/// The answer to a write is lost: the producer asks again on a new connection after request.timeout.ms, and the broker
/// knows the batch by its sequence.
#[test]
fn a_lost_answer_is_asked_for_again_and_nothing_is_written_twice() {
    let mut world = world();
    act(&mut world, lose("1", "web", ("Produce", 1)));
    let facts = pass(&mut world, 60);
    assert_eq!(
        count(&facts, |fact| matches!(
            fact,
            Fact::World(WorldFact::ChosenMessageLost { api: MessageKind::Kafka(ApiKey::Produce), .. })
        )),
        1
    );
    assert_eq!(
        count(&facts, |fact| matches!(fact, Fact::World(WorldFact::MessageLost { .. }))),
        1,
        "none of the others"
    );
    assert!(
        count(&facts, |fact| matches!(fact, Fact::Kafka(KafkaFact::DuplicateIgnored { .. }))) >= 1,
        "known by its sequence"
    );
    assert_eq!(world.network().link_rules().count(), 0, "one was asked for");
}

/// Only the API that is named waits: the follower falls out of the ISR and its broker stays alive to the controller.
#[test]
fn held_fetches_cost_the_isr_and_not_the_broker() {
    let mut world = World::new(&Setup::new(3, 3), 1);
    pass(&mut world, 10);
    let assignments = vec![vec![1, 2, 3]];
    let (name, configs) = ("orders".into(), FlatMap::new());
    let (partitions, replication_factor, timeout_ms) = (None, None, None);
    act(
        &mut world,
        Command::Kafka(
            None,
            KafkaCommand::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms },
        ),
    );
    pass(&mut world, 2);
    act(&mut world, producer("web", 100_000_000, 20));
    pass(&mut world, 5);
    act(&mut world, hold("2", "1", "Fetch"));
    let facts = pass(&mut world, 60);
    let shrunk = |fact: &Fact| matches!(fact, Fact::Kafka(KafkaFact::IsrChanged { isr, .. }) if *isr == [BrokerId(1), BrokerId(3)]);
    assert!(count(&facts, shrunk) >= 1, "the leader waited for replica.lag.time.max.ms");
    assert_eq!(count(&facts, |fact| matches!(fact, Fact::Kafka(KafkaFact::BrokerFenced { .. }))), 0, "heartbeats pass");
    act(&mut world, Command::World(WorldCommand::HealAll));
    let facts = pass(&mut world, 60);
    let whole = |fact: &Fact| matches!(fact, Fact::Kafka(KafkaFact::IsrChanged { isr, .. }) if isr.len() == 3);
    assert!(count(&facts, whole) >= 1, "it caught up");
}

#[test]
fn only_a_cut_is_told_as_a_cut() {
    let mut world = world();
    let mut facts = Facts::new();
    world
        .apply(&Command::World(WorldCommand::Delay { a: "web".into(), b: "1".into(), by: 1 }), &mut facts)
        .expect("a slow link");
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
            act(&mut world, Command::World(WorldCommand::Pause { name: "1".into() }));
            act(&mut world, Command::World(WorldCommand::Resume { name: "1".into() }));
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
    assert!(
        refused(
            &mut world,
            Command::Kafka(None, KafkaCommand::SetInterval { producer: "web".into(), interval: Some(1) })
        ),
        "paced up"
    );
    assert!(
        refused(&mut world, Command::World(WorldCommand::Delay { a: "web".into(), b: "1".into(), by: u64::MAX })),
        "delay"
    );
    assert!(
        refused(&mut world, Command::World(WorldCommand::Stall { a: "web".into(), b: "1".into(), time: u64::MAX })),
        "stall"
    );
    assert!(refused(&mut world, lose("web", "1", ("Produce", u32::MAX))), "messages to lose");
    assert!(refused(&mut world, lose("web", "1", ("Prodoce", 1))), "an API that Kafka does not have");
    assert!(refused(&mut world, hold("web", "1", "")), "no API");
    let grow = |total| {
        Command::Kafka(None, KafkaCommand::AddPartitions { topic: "orders".into(), total, assignments: Vec::new() })
    };
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
        Command::Kafka(None, KafkaCommand::AddBroker { node: 7, rack: Some(long()) }),
        Command::Kafka(None, KafkaCommand::DeleteTopic { name: long() }),
        Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: "web".into(),
                topic: None,
                partition: None,
                key: None,
                value: Some(long()),
                headers: Default::default(),
                timestamp: Default::default(),
            },
        ),
        Command::Kafka(
            None,
            KafkaCommand::AddConsumer {
                name: "billing-1".into(),
                group: "billing".into(),
                topics: vec![long()],
                processing: 0,
                configs: FlatMap::new(),
            },
        ),
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

//! Every limit of a world: as much as allowed passes, one more is refused with a sentence, and the cluster itself keeps
//! those that commands alone cannot.

use base::{FlatMap, ProcessId, Span, Str, Time};
use port::{Fact, KafkaFact, OperatorAnswer};
use sim::{Command, CommandError, KafkaCommand, Limits, NoFacts, Setup, World, WorldCommand};

/// Small enough to reach each limit with a few commands.
fn limits() -> Limits {
    Limits {
        processes: 10,
        controllers: 3,
        partitions: 20,
        replicas: 40,
        partitions_on_nodes: 100,
        records_per_second: 100,
        bytes_per_second: 1_000,
        value_size: 50,
        random_keys: 30,
        text_size: 64,
        delay_hours: 2,
        lost_messages: 5,
    }
}

/// Three brokers and a controller, with a topic of one partition on all brokers.
fn world() -> World {
    let mut setup = Setup::new(3, 1).with("offsets.topic.num.partitions", "2").with("num.partitions", "4");
    setup.limits = limits();
    let mut world = World::new(&setup, 1);
    pass(&mut world, 6);
    act(&mut world, topic("orders", 1, 3));
    pass(&mut world, 2);
    world
}

fn pass(world: &mut World, seconds: u64) -> Vec<(Time, ProcessId, Fact)> {
    let mut facts = Vec::new();
    world.run_until(world.now() + Span::from_secs(seconds), &mut facts);
    facts
}

fn act(world: &mut World, command: Command) {
    world.apply(&command, &mut NoFacts).expect("the command makes sense");
}

fn topic(name: &str, partitions: i32, replication_factor: i16) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: name.into(),
            partitions: Some(partitions),
            replication_factor: Some(replication_factor),
            assignments: Vec::new(),
            configs: FlatMap::new(),
            timeout_ms: None,
        },
    )
}

fn placed(partitions: usize, replicas: &[i32]) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "placed".into(),
            partitions: None,
            replication_factor: None,
            assignments: vec![replicas.to_vec(); partitions],
            configs: FlatMap::new(),
            timeout_ms: None,
        },
    )
}

fn grown(total: i32) -> Command {
    Command::Kafka(None, KafkaCommand::AddPartitions { topic: "orders".into(), total, assignments: Vec::new() })
}

fn producer(interval: Option<u64>, value_size: u32, random_keys: Option<u32>) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "orders".into(),
            keys: vec!["key".into()],
            random_keys,
            interval,
            value_size,
            limit: None,
            configs: FlatMap::new(),
        },
    )
}

fn delayed(by: u64) -> Command {
    Command::World(WorldCommand::Delay { a: "1".into(), b: "2".into(), by })
}

const HOUR: u64 = 3_600_000_000_000;

#[test]
fn as_much_as_allowed_passes_and_one_more_is_refused() {
    let world = world();
    let delete = |length: usize| Command::Kafka(None, KafkaCommand::DeleteTopic { name: "x".repeat(length).into() });
    for (what, fits, too_much) in [
        ("partitions", topic("new", 19, 1), topic("new", 20, 1)),
        ("partitions", placed(19, &[1]), placed(20, &[1])),
        ("partitions", grown(13), grown(21)),
        // 3 replicas are there; 12 more partitions of 3 make 39, 13 make 42.
        ("replicas", topic("new", 12, 3), topic("new", 13, 3)),
        ("replicas", placed(18, &[1, 2]), placed(19, &[1, 2])),
        ("replicas", grown(13), grown(14)),
        ("records per second", producer(Some(10_000_000), 1, None), producer(Some(9_900_000), 1, None)),
        ("bytes per second", producer(Some(20_000_000), 20, None), producer(Some(20_000_000), 21, None)),
        ("bytes in a value", producer(None, 50, None), producer(None, 51, None)),
        ("random keys", producer(None, 0, Some(30)), producer(None, 0, Some(31))),
        ("bytes in a text", delete(64), delete(65)),
        ("hours of delay", delayed(2 * HOUR), delayed(2 * HOUR + 1)),
    ] {
        assert_eq!(world.check(&fits), Ok(()), "{what}: {fits:?}");
        let error = world.check(&too_much).expect_err(what);
        assert!(matches!(error, CommandError::TooMuch { what: of, .. } if of == what), "{what}: {error}");
        assert!(error.to_string().starts_with("at most ") && error.to_string().contains(what), "{error}");
    }
}

/// Kafka answers what it refuses by itself, however large it is.
#[test]
fn what_kafka_refuses_is_left_to_kafka() {
    let world = world();
    for command in [topic("new", 20_000, 4), topic("new", -5, 3), topic("new", 3, -7), grown(i32::MIN)] {
        assert_eq!(world.check(&command), Ok(()), "{command:?}");
    }
}

#[test]
fn processes_and_the_metadata_on_all_nodes_are_counted() {
    let mut world = world();
    act(&mut world, grown(13));
    pass(&mut world, 2);
    let broker = |node| Command::Kafka(None, KafkaCommand::AddBroker { node, rack: None });
    for node in [11, 12, 13] {
        assert_eq!(world.check(&broker(node)), Ok(()), "13 partitions on {node}");
        act(&mut world, broker(node));
    }
    assert_eq!(world.check(&broker(14)), Err(CommandError::TooMuch { what: "partitions times nodes", limit: 100 }));
    for name in ["a", "b"] {
        act(&mut world, with_name(producer(None, 0, None), name));
    }
    let third = with_name(producer(None, 0, None), "c");
    assert_eq!(world.check(&third), Err(CommandError::TooMuch { what: "processes", limit: 10 }));
}

fn with_name(command: Command, to: &str) -> Command {
    match command {
        Command::Kafka(
            _,
            KafkaCommand::AddProducer { topic, keys, random_keys, interval, value_size, limit, configs, .. },
        ) => {
            let name = Str::from(to);
            Command::Kafka(
                None,
                KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs },
            )
        }
        other => other,
    }
}

/// Topics that nobody creates by hand count for whoever makes the cluster create them.
#[test]
fn what_is_created_by_itself_counts_beforehand() {
    let mut world = world();
    act(&mut world, placed(16, &[1]));
    pass(&mut world, 2);
    let to = |topic: &str| {
        Command::Kafka(
            None,
            KafkaCommand::AddProducer {
                name: "web".into(),
                topic: topic.into(),
                keys: Vec::new(),
                random_keys: None,
                interval: None,
                value_size: 0,
                limit: None,
                configs: FlatMap::new(),
            },
        )
    };
    assert_eq!(world.check(&to("orders")), Ok(()), "it is there");
    let partitions = Err(CommandError::TooMuch { what: "partitions", limit: 20 });
    assert_eq!(world.check(&to("missing")), partitions);
    let consumer = |topics: &[&str], configs: FlatMap<Str, Str>| {
        Command::Kafka(
            None,
            KafkaCommand::AddConsumer {
                name: "billing-1".into(),
                group: "billing".into(),
                topics: topics.iter().map(|topic| (*topic).into()).collect(),
                processing: 0,
                configs,
            },
        )
    };
    assert_eq!(world.check(&consumer(&["orders"], FlatMap::new())), Ok(()), "2 partitions of offsets");
    assert_eq!(world.check(&consumer(&["missing"], FlatMap::new())), partitions);
    let silent: FlatMap<Str, Str> = [("allow.auto.create.topics".into(), "false".into())].into();
    assert_eq!(world.check(&consumer(&["missing"], silent)), Ok(()));
    act(&mut world, to("orders"));
    let send = |topic: Option<&str>| {
        Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: "web".into(),
                topic: topic.map(Str::from),
                partition: None,
                key: None,
                value: None,
                headers: Default::default(),
                timestamp: Default::default(),
            },
        )
    };
    assert_eq!(world.check(&send(None)), Ok(()));
    assert_eq!(world.check(&send(Some("missing"))), partitions);
}

/// Many commands at one instant all look at the same metadata: the controller has the last word.
#[test]
fn the_cluster_itself_refuses_what_commands_at_one_instant_come_to() {
    let mut world = world();
    for number in 0..5 {
        act(&mut world, topic(&format!("new{number}"), 4, 3));
    }
    act(&mut world, grown(7));
    let facts = pass(&mut world, 5);
    let refused: Vec<String> = facts
        .iter()
        .filter_map(|(_, _, fact)| match fact {
            Fact::Kafka(KafkaFact::OperatorAnswered {
                answer: OperatorAnswer::Failed { error, message, .. }, ..
            }) => Some(format!("{}: {message}", error.name())),
            _other => None,
        })
        .collect();
    let sentence = "POLICY_VIOLATION: The policy of this cluster allows at most 40 replicas.".to_owned();
    assert_eq!(refused, vec![sentence; 3], "3 replicas, then 12 at a time; no room for 18 more");
}

#[test]
fn a_cluster_to_start_with_has_the_same_limits() {
    let setup = |brokers, controllers| {
        let mut setup = Setup::new(brokers, controllers).with("offsets.topic.num.partitions", "5");
        setup.limits = limits();
        setup
    };
    let what = |setup: Setup| match setup.check() {
        Ok(()) => "fits",
        Err(CommandError::TooMuch { what, .. }) => what,
        Err(_) => "something else",
    };
    for (given, expected) in [
        (setup(3, 1), "fits"),
        (setup(3, 3), "fits"),
        (setup(3, 4), "controllers"),
        (setup(9, 1), "fits"),
        (setup(9, 2), "processes"),
        (setup(3, 1).with("num.partitions", "20"), "fits"),
        (setup(3, 1).with("num.partitions", "21"), "partitions"),
        (setup(3, 1).with("num.partitions", "13").with("default.replication.factor", "3"), "fits"),
        (setup(3, 1).with("num.partitions", "14").with("default.replication.factor", "3"), "replicas"),
        (setup(3, 1).with("offsets.topic.num.partitions", "13"), "fits"),
        (setup(3, 1).with("offsets.topic.num.partitions", "14"), "replicas"),
        (setup(9, 1).with("num.partitions", "10"), "fits"),
        (setup(9, 1).with("num.partitions", "11"), "partitions times nodes"),
        (setup(3, 1).with("broker.rack", &"x".repeat(65)), "bytes in a text"),
    ] {
        let settings = format!("{:?}", given.first().overrides);
        assert_eq!(what(given), expected, "{settings}");
    }
}

/// The example of the kind: a link of 71 characters asked for 2,000 partitions on 90 brokers each.
#[test]
fn an_ordinary_world_takes_15_000_replicas() {
    let setup = Setup::new(91, 9);
    let mut world = World::new(&setup, 1);
    world.run_until(Time::ZERO + Span::from_secs(4), &mut NoFacts);
    let replicas = Err(CommandError::TooMuch { what: "replicas", limit: 15_000 });
    assert_eq!(world.check(&topic("wide", 2_000, 90)), replicas);
    assert_eq!(world.check(&topic("wide", 4_950, 90)), replicas);
    assert_eq!(world.check(&topic("wide", 166, 90)), Ok(()));
    assert_eq!(world.check(&topic("wide", 5_000, 3)), Ok(()));
}

//! Where clients are told to begin: an admin client that was given servers finds the cluster through those that answer, gives
//! up where none does, and is not made where no host has an address.

use base::{FlatMap, Str, Time};
use port::{Fact, KafkaFact, OperatorAnswer};
use sim::{Command, CommandError, KafkaCommand, NodePlan, Setup, World, WorldCommand};

fn via(servers: &str) -> Command {
    let command = Box::new(KafkaCommand::ListTopics);
    Command::Kafka(None, KafkaCommand::Via { servers: servers.into(), command })
}

fn kill(name: &str) -> Command {
    Command::World(WorldCommand::Kill { name: name.into() })
}

/// What came of the question, up to a minute and a half later.
fn asked(world: &mut World, command: &Command) -> Result<Option<OperatorAnswer>, CommandError> {
    let mut facts: Vec<(Time, base::ProcessId, Fact)> = Vec::new();
    let ticket = world.apply(command, &mut facts)?;
    world.run_until(Time(world.now().0 + 90_000_000_000), &mut facts);
    Ok(facts.into_iter().find_map(|(_, _, fact)| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { ticket: of, answer }) if Some(of) == ticket => Some(answer),
        _another => None,
    }))
}

/// Topics, the message of a failure, or why nothing was asked.
fn outcome(world: &World, servers: &str) -> String {
    match asked(&mut world.clone(), &via(servers)) {
        Ok(Some(OperatorAnswer::Topics(_))) => "topics".to_owned(),
        Ok(Some(OperatorAnswer::Failed { message, .. })) => message.to_string(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

fn settled(setup: &Setup) -> World {
    let mut world = World::new(setup, 7);
    world.run_until(Time(5_000_000_000), &mut sim::NoFacts);
    world
}

const LATE: &str = "Timed out waiting for a node assignment. Call: listTopics";
const NONE: &str = "bootstrap.servers: No resolvable bootstrap urls given in bootstrap.servers";

#[test]
fn a_tool_finds_the_cluster_through_the_servers_that_answer() {
    let mut world = settled(&Setup::new(3, 1));
    world.apply(&kill("2"), &mut sim::NoFacts).expect("it runs");
    for (servers, expected) in [
        ("broker-1:9092", "topics"),
        ("broker-2:9092", LATE),
        ("broker-2:9092,broker-3:9092", "topics"),
        ("broker-2:9092, weekend:9092", LATE),
        ("weekend:9092,broker-1:9092", "topics"),
        ("broker-1:9093", LATE),
        ("broker-1:9999", LATE),
        ("localhost:9092", "topics"),
        ("127.0.0.1:9092", "topics"),
        ("localhost:9999", LATE),
        ("weekend:9092", NONE),
        ("broker-7:9092", NONE),
        ("weekend:9092,broker-7:9092", NONE),
        ("broker-1", "bootstrap.servers: Invalid url in bootstrap.servers: broker-1"),
    ] {
        assert_eq!(outcome(&world, servers), expected, "{servers}");
    }
}

#[test]
fn a_tool_whose_server_comes_back_in_time_is_answered() {
    let mut world = settled(&Setup::new(3, 1));
    world.apply(&kill("2"), &mut sim::NoFacts).expect("it runs");
    let mut facts: Vec<(Time, base::ProcessId, Fact)> = Vec::new();
    world.apply(&via("broker-2:9092"), &mut facts).expect("there is such a host");
    world.run_until(Time(world.now().0 + 20_000_000_000), &mut facts);
    world.apply(&Command::World(WorldCommand::Start { name: "2".into() }), &mut facts).expect("it was killed");
    world.run_until(Time(world.now().0 + 20_000_000_000), &mut facts);
    let is_answer = |fact: &Fact| {
        matches!(fact, Fact::Kafka(KafkaFact::OperatorAnswered { answer: OperatorAnswer::Topics(_), .. }))
    };
    assert!(facts.iter().any(|(_, _, fact)| is_answer(fact)));
    // Whoever asks there again begins anew, in the same place.
    let places = world.slots().count();
    world.apply(&kill("2"), &mut sim::NoFacts).expect("it runs");
    assert_eq!(outcome(&world, "broker-2:9092"), LATE);
    asked(&mut world, &via("broker-2:9092")).expect("there is such a host");
    assert_eq!(world.slots().count(), places);
}

/// Runs that were recorded before tools knew where they begin come out the same.
#[test]
fn a_tool_whose_servers_all_answer_is_the_run_that_it_always_was() {
    let plain = Command::Kafka(None, KafkaCommand::ListTopics);
    for servers in ["broker-1:9092", "localhost:9092", "broker-2:9092,broker-3:9092"] {
        let digests = [via(servers), plain.clone()].map(|command| {
            let mut world = settled(&Setup::new(3, 1));
            asked(&mut world, &command).expect("it may be asked");
            (world.run_digest(), world.slots().count())
        });
        assert_eq!(digests[0], digests[1], "{servers}");
    }
}

/// `advertised.listeners=PLAINTEXT://localhost:9092`: who is told of localhost stands on the broker's machine, everybody else on
/// one of their own.
#[test]
fn localhost_leads_to_the_broker_from_its_own_machine_only() {
    let mut setup = Setup::new(1, 1);
    setup.clusters[0].nodes.iter_mut().filter(|node| node.roles.is_broker()).for_each(|node: &mut NodePlan| {
        node.advertised = Some(base::Endpoint { host: "localhost".into(), port: 9092 });
    });
    let mut world = settled(&setup);
    assert_eq!(outcome(&world, "localhost:9092"), "topics");
    for (name, servers) in [("here", Some("localhost:9092")), ("elsewhere", None)] {
        let servers = servers.map(|servers| (Str::from("bootstrap.servers"), Str::from(servers)));
        let configs: FlatMap<Str, Str> = servers.into_iter().collect();
        let (name, topic) = (Str::from(name), Str::from("orders"));
        let (keys, random_keys, interval, value_size, limit) = (Vec::new(), None, Some(100_000_000), 8, Some(3));
        let add = KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs };
        world.apply(&Command::Kafka(None, add), &mut sim::NoFacts).expect("it may be made");
    }
    world.run_until(Time(world.now().0 + 10_000_000_000), &mut sim::NoFacts);
    let reached = ["here", "elsewhere"].map(|name| {
        let producer = world.find(name).and_then(|slot| slot.process.as_ref()?.producer());
        producer.is_some_and(|producer| {
            producer.network().lines().any(|(node, line)| {
                matches!(node, port::ClientNode::Broker(_)) && line.connection().is_some() && line.is_connected()
            })
        })
    });
    assert_eq!(reached, [true, false]);
}

//! Brokers with several listeners: whoever asks on one is told of its addresses only, brokers talk by theirs, and who stands
//! outside gets through by what is published there.

use base::{BrokerId, Endpoint, FlatMap, Str, Time};
use port::{Fact, KafkaFact, Listener, Owner};
use sim::{ClusterIndex, Command, CommandError, KafkaCommand, Setup, World};

/// As in every compose file of a tutorial: containers reach each other by their names, the host by ports of `localhost`.
fn setup(brokers: i32) -> Setup {
    let mut setup = Setup::new(brokers, 1);
    let cluster = setup.first_mut();
    let shared = [
        ("listeners", "INTERNAL://0.0.0.0:29092,EXTERNAL://0.0.0.0:9092"),
        ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT"),
        ("inter.broker.listener.name", "INTERNAL"),
    ];
    cluster.overrides = shared.map(|(name, value)| (name.into(), value.into())).into_iter().collect();
    for plan in cluster.nodes.iter_mut().filter(|plan| plan.roles.is_broker()) {
        let id = plan.node;
        let told = format!("INTERNAL://kafka{id}:29092,EXTERNAL://localhost:{}", 9_091 + id);
        plan.overrides.insert("advertised.listeners".into(), told.into());
    }
    setup
}

fn producer(name: &str, servers: Option<&str>) -> Command {
    let configs: FlatMap<Str, Str> =
        servers.map(|servers| ("bootstrap.servers".into(), servers.into())).into_iter().collect();
    let keys = vec!["a".into(), "b".into(), "c".into(), "d".into()];
    let command = KafkaCommand::AddProducer {
        name: name.into(),
        topic: "orders".into(),
        keys,
        random_keys: None,
        interval: Some(100_000_000),
        value_size: 0,
        limit: Some(12),
        configs,
    };
    Command::Kafka(None, command)
}

fn topic(copies: i16) -> Command {
    let command = KafkaCommand::CreateTopic {
        name: "orders".into(),
        partitions: Some(4),
        replication_factor: Some(copies),
        assignments: Vec::new(),
        configs: FlatMap::new(),
        timeout_ms: None,
    };
    Command::Kafka(None, command)
}

/// Addresses of brokers to which the process of that name has connections.
fn reached(world: &World, name: &str) -> Vec<String> {
    let process = world.slots().find(|slot| &*slot.name == name).expect("it is there").id;
    let opened = world.network().connections().filter(|(_, connection)| connection.ends[0].process == process);
    let to_brokers = opened.filter(|(_, connection)| connection.listener().is_for_clients());
    let mut all: Vec<String> = to_brokers.map(|(_, connection)| connection.endpoint.to_string()).collect();
    all.sort();
    all.dedup();
    all
}

/// Who was told that so many records of theirs are there.
fn acked(facts: &[(Time, base::ProcessId, Fact)], world: &World, name: &str) -> usize {
    let process = world.slots().find(|slot| &*slot.name == name).expect("it is there").id;
    let is_acked = |fact: &Fact| matches!(fact, Fact::Kafka(KafkaFact::RecordsAcked { .. }));
    facts.iter().filter(|(_, who, fact)| *who == process && is_acked(fact)).count()
}

#[test]
fn each_side_goes_on_by_the_listener_that_it_came_by() {
    let mut world = World::new(&setup(3), 7);
    let mut facts = Vec::new();
    world.run_until(Time(8_000_000_000), &mut facts);
    world.apply(&topic(3), &mut facts).expect("it fits");
    world.run_until(Time(10_000_000_000), &mut facts);
    for (name, servers) in [("inside", None), ("outside", Some("localhost:9092")), ("wrong", Some("kafka1:9092"))] {
        world.apply(&producer(name, servers), &mut facts).expect("it fits");
    }
    world.run_until(Time(14_000_000_000), &mut facts);
    let own = |address: &String| !address.starts_with("broker-");
    assert!(
        reached(&world, "inside")
            .iter()
            .filter(|at| own(at))
            .all(|at| at.starts_with("kafka") && at.ends_with(":29092"))
    );
    assert_eq!(reached(&world, "outside"), ["localhost:9092", "localhost:9093", "localhost:9094"]);
    assert!(acked(&facts, &world, "inside") > 0 && acked(&facts, &world, "outside") > 0);
    // Inside by the port of those outside: it is told of `localhost`, where it has nobody.
    assert_eq!(reached(&world, "wrong"), ["kafka1:9092"]);
    assert_eq!(acked(&facts, &world, "wrong"), 0);
    for broker in ["1", "2", "3"] {
        let reached = reached(&world, broker);
        assert!(!reached.is_empty() && reached.iter().all(|at| at.ends_with(":29092")), "{broker}: {reached:?}");
    }
    // Each registration tells both.
    let cluster = world.cluster(ClusterIndex::FIRST).expect("the only one");
    let image =
        cluster.node(BrokerId(2)).and_then(|slot| slot.process.as_ref()?.node()?.broker()).expect("it runs").image();
    for (id, port) in [(1, 9092), (2, 9093), (3, 9094)] {
        let endpoints = &image.broker(BrokerId(id)).expect("registered").endpoints;
        assert_eq!(endpoints.to_string(), format!("INTERNAL://kafka{id}:29092,EXTERNAL://localhost:{port}"));
        assert_eq!(endpoints.of("EXTERNAL"), Some(&Endpoint { host: "localhost".into(), port }));
    }
    let is_inlet = |owner: Owner| matches!(owner, Owner::Listener(Listener::Broker(index)) if index.0 == 1);
    assert!(world.network().connections().any(|(_, connection)| is_inlet(connection.ends[1].owner)));
}

#[test]
fn a_leader_without_the_listener_is_not_found_there() {
    let mut plan = setup(2);
    plan.first_mut().nodes[1].overrides.insert("advertised.listeners".into(), "INTERNAL://kafka1:29092".into());
    assert!(plan.first().nodes[1].roles.is_broker());
    let mut world = World::new(&plan, 7);
    let mut facts = Vec::new();
    world.run_until(Time(8_000_000_000), &mut facts);
    world.apply(&topic(2), &mut facts).expect("it fits");
    world.run_until(Time(10_000_000_000), &mut facts);
    world.apply(&producer("outside", Some("localhost:9093")), &mut facts).expect("it fits");
    world.run_until(Time(14_000_000_000), &mut facts);
    // Half of the partitions are led by whom nobody outside is told of.
    let acked = acked(&facts, &world, "outside");
    assert!(acked > 0 && reached(&world, "outside") == ["localhost:9093"], "{acked}");
}

#[test]
fn what_kafka_refuses_does_not_start() {
    let cases = [
        ("listeners", "INTERNAL://:9092,EXTERNAL://:9092", "Each listener must have a different port"),
        ("inter.broker.listener.name", "CONTROLLER", "must be a listener name defined in advertised.listeners"),
        (
            "listener.security.protocol.map",
            "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:SSL",
            "only PLAINTEXT is there",
        ),
    ];
    for (name, value, wanted) in cases {
        let mut setup = setup(1);
        setup.first_mut().overrides.insert(name.into(), value.into());
        match setup.check() {
            Err(CommandError::Config { message, .. }) => assert!(message.contains(wanted), "{message}"),
            other => panic!("{name}={value}: {other:?}"),
        }
    }
    assert_eq!(setup(3).check(), Ok(()));
}

/// Whatever ports a file gives: the controller's is its own, and brokers may have the one that it has elsewhere.
#[test]
fn a_node_of_both_roles_has_its_controller_where_its_file_says() {
    let mut setup = Setup::combined(3);
    setup.first_mut().overrides = [
        ("listeners", "HOST://:9092,DOCKER://:9093,CONTROLLER://:9091"),
        ("listener.security.protocol.map", "HOST:PLAINTEXT,DOCKER:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        ("inter.broker.listener.name", "DOCKER"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .into_iter()
    .collect();
    setup.check().expect("it is right");
    let mut world = World::new(&setup, 7);
    let mut facts = Vec::new();
    world.run_until(Time(8_000_000_000), &mut facts);
    world.apply(&topic(3), &mut facts).expect("it fits");
    world.apply(&producer("web", None), &mut facts).expect("it fits");
    world.run_until(Time(16_000_000_000), &mut facts);
    assert!(acked(&facts, &world, "web") > 0);
    assert!(reached(&world, "web").iter().all(|at| at.ends_with(":9093")), "{:?}", reached(&world, "web"));
}

/// What one setting says is not dropped because another one says something, too.
#[test]
fn an_address_stands_where_the_listeners_stand() {
    let mut setup = setup(1);
    let broker = setup.first_mut().nodes.iter_mut().find(|plan| plan.roles.is_broker()).expect("there is one");
    broker.advertised = Some(Endpoint { host: "elsewhere".into(), port: 9092 });
    let refused = setup.check().expect_err("which one counts?");
    assert!(refused.to_string().contains("advertised"), "{refused}");
}

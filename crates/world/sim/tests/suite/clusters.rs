//! Several clusters in one world: names of processes are the world's, everything else is a cluster's own.

use base::{BrokerId, FlatMap, ProcessId, Span, Str, Time};
use port::{Fact, KafkaSetup, ProcessConfig};
use sim::{ClusterIndex, ClusterPlan, Command, CommandError, KafkaCommand, NoFacts, Setup, World, WorldCommand};

const WEST: ClusterIndex = ClusterIndex(1);

fn setup() -> Setup {
    Setup::new(1, 1).and(ClusterPlan::further("west", 1, 1))
}

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

fn in_west(command: KafkaCommand) -> Command {
    Command::Kafka(Some("west".into()), command)
}

fn topic(name: &str) -> KafkaCommand {
    KafkaCommand::CreateTopic {
        name: name.into(),
        partitions: Some(1),
        replication_factor: Some(1),
        assignments: vec![],
        configs: FlatMap::new(),
        timeout_ms: None,
    }
}

fn producer(name: &str, configs: &[(&str, &str)]) -> KafkaCommand {
    KafkaCommand::AddProducer {
        name: name.into(),
        topic: "orders".into(),
        keys: vec![],
        random_keys: None,
        interval: Some(100_000_000),
        value_size: 0,
        limit: Some(20),
        configs: configs.iter().map(|(name, value)| (Str::from(*name), Str::from(*value))).collect(),
    }
}

/// The clusters at both ends of each connection.
fn ends(world: &World) -> Vec<[ClusterIndex; 2]> {
    let ends = world.network().connections().map(|(_, connection)| &connection.ends);
    ends.map(|ends| [0, 1].map(|end| world.cluster_of(ends[end].process))).collect()
}

#[test]
fn two_clusters_of_one_broker_each_serve_their_own_clients() {
    let mut facts: Vec<(Time, ProcessId, Fact)> = Vec::new();
    let mut world = World::new(&setup(), 7);
    world.run_until(at(6), &mut facts);
    for command in [
        topic("orders").into(),
        in_west(topic("orders")),
        producer("web", &[]).into(),
        in_west(producer("shop", &[])),
        in_west(KafkaCommand::AddBroker { node: 2, rack: None }),
    ] {
        world.apply(&command, &mut facts).expect("the world takes it");
        world.run_until(world.now() + Span::from_secs(1), &mut facts);
    }
    world.run_until(at(20), &mut facts);
    let places: Vec<(ClusterIndex, &str)> = world.slots().map(|slot| (slot.cluster, &*slot.name)).collect();
    let first = ["c1", "1", "admin", "web"].map(|name| (ClusterIndex::FIRST, name));
    let west = ["west-c1", "west-1", "west-admin", "shop", "west-2"].map(|name| (WEST, name));
    assert!(first.iter().chain(&west).all(|place| places.contains(place)), "{places:?}");
    assert_eq!(places.len(), 9, "{places:?}");
    for cluster in world.clusters() {
        let broker = cluster.node(BrokerId(1)).and_then(|slot| slot.process.as_ref()?.node()?.broker());
        let broker = broker.expect("each has a broker of that number");
        let orders: Vec<_> = broker.partitions().values().filter(|held| &*held.name().topic == "orders").collect();
        assert_eq!(orders.len(), 1, "{:?}", cluster.index());
        assert_eq!(orders[0].high_watermark().0, 20, "{:?}", cluster.index());
        assert_eq!(broker.image().brokers().count(), cluster.slots().filter(|slot| is_broker(&slot.config)).count());
    }
    let ids: Vec<_> = world.clusters().filter_map(|cluster| topic_id(&cluster)).collect();
    assert!(ids.len() == 2 && ids[0] != ids[1], "one name, two topics: {ids:?}");
    let ends = ends(&world);
    assert!(ends.len() > 8 && ends.iter().all(|[one, other]| one == other), "{ends:?}");
}

fn is_broker(config: &ProcessConfig) -> bool {
    matches!(config, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker())
}

fn topic_id(cluster: &sim::Cluster<'_>) -> Option<base::TopicId> {
    cluster.node(BrokerId(1))?.process.as_ref()?.node()?.broker()?.image().topic_id("orders")
}

#[test]
fn what_is_meant_for_another_cluster_is_refused_with_its_name() {
    let mut world = World::new(&setup(), 1);
    world.apply(&in_west(producer("shop", &[])), &mut NoFacts).expect("the world takes it");
    let before = world.state_digest();
    let send = KafkaCommand::Send {
        producer: "shop".into(),
        topic: None,
        partition: None,
        key: None,
        value: None,
        headers: Default::default(),
        timestamp: Default::default(),
    };
    let elsewhere = |name: &str, command: KafkaCommand| Command::Kafka(Some(name.into()), command);
    let of_west = [("bootstrap.servers", "broker-1.west:9092")];
    let rows: [(Command, CommandError); 5] = [
        (elsewhere("east", topic("orders")), CommandError::NoSuchCluster("east".into())),
        (
            elsewhere("blumfeld", send.clone()),
            CommandError::OfAnotherCluster { name: "shop".into(), cluster: "blumfeld".into() },
        ),
        (
            producer("web", &of_west).into(),
            CommandError::Config {
                name: "bootstrap.servers".into(),
                message: "broker-1.west belongs to another cluster: name that one in the command".into(),
            },
        ),
        (in_west(producer("west-1", &[])), CommandError::NameTaken("west-1".into())),
        (in_west(KafkaCommand::AddBroker { node: 1, rack: None }), CommandError::NameTaken("west-1".into())),
    ];
    for (command, expected) in rows {
        assert_eq!(world.apply(&command, &mut NoFacts), Err(expected), "{command:?}");
    }
    assert_eq!(world.state_digest(), before, "nothing is half done");
    // A client is of its own cluster, whether or not that is named.
    for command in [send.clone().into(), in_west(send), in_west(producer("cart", &of_west))] {
        world.apply(&command, &mut NoFacts).expect("the world takes it");
    }
}

/// What the cluster's settings say of listeners holds for a new broker as well, which advertises nothing of its own.
#[test]
fn a_broker_whose_listeners_kafka_refuses_is_not_added() {
    let names = "listener.security.protocol.map=CONTROLLER:PLAINTEXT,IN:PLAINTEXT,OUT:PLAINTEXT";
    let rows = [
        ("listeners=IN://0.0.0.0:29092,OUT://0.0.0.0:9092", Some("advertised.listeners")),
        ("listeners=IN://:29092,OUT://:9092", None),
    ];
    for (listeners, refused) in rows {
        let mut plan = ClusterPlan::first(1, 1);
        for setting in [listeners, names, "inter.broker.listener.name=IN"] {
            let (name, value) = setting.split_once('=').expect("a setting");
            plan.overrides.insert(name.into(), value.into());
        }
        for node in plan.nodes.iter_mut().filter(|node| node.node == 1) {
            let own = "IN://kafka1:29092,OUT://localhost:9092";
            node.overrides.insert("advertised.listeners".into(), own.into());
        }
        let mut world = World::new(&Setup::of(plan), 7);
        let before = world.state_digest();
        let said = world.apply(&Command::Kafka(None, KafkaCommand::AddBroker { node: 2, rack: None }), &mut NoFacts);
        match (said, refused) {
            (Err(CommandError::Config { name, message }), Some(refused)) => {
                assert_eq!(&*name, refused);
                assert!(message.contains("0.0.0.0"), "{message}");
                assert_eq!(world.state_digest(), before, "nothing is half done");
            }
            (said, refused) => assert!(said.is_ok() && refused.is_none(), "{said:?}"),
        }
    }
}

#[test]
fn clusters_that_cannot_stand_side_by_side_are_refused() {
    let west = || ClusterPlan::further("west", 1, 1);
    let mut nodeless = setup();
    nodeless.clusters[1].nodes.clear();
    let mut renamed = setup();
    renamed.clusters[1].nodes[0].name = "admin".into();
    let mut nameless = setup();
    nameless.clusters[1] = ClusterPlan::further("", 1, 1);
    let none = Setup { clusters: Vec::new(), ..setup() };
    let many = ["n", "e", "s", "w"].into_iter().fold(setup(), |setup, id| setup.and(ClusterPlan::further(id, 1, 1)));
    for (refused, why) in [
        (none, "a cluster needs"),
        (nodeless, "a cluster needs"),
        (renamed, "a name"),
        (nameless, "name of a cluster"),
        (
            setup().with("offsets.topic.num.partitions", "3000").with("offsets.topic.replication.factor", "1"),
            "partitions",
        ),
        (setup().and(west()), "an id of its own"),
        (many, "at most 4 clusters"),
        (Setup::new(99, 1).and(ClusterPlan::further("west", 99, 9)), "processes"),
    ] {
        let error = refused.check().expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    }
    setup().check().expect("two of one broker each");
}

#[test]
fn one_cluster_dies_and_the_other_one_goes_on() {
    let mut facts = Vec::new();
    let mut world = World::new(&setup(), 3);
    world.run_until(at(6), &mut facts);
    for name in ["west-1", "west-c1"] {
        world.apply(&WorldCommand::Kill { name: name.into() }.into(), &mut facts).expect("it runs");
    }
    world.apply(&topic("orders").into(), &mut facts).expect("the world takes it");
    world.run_until(at(8), &mut facts);
    facts.clear();
    world.run_until(at(30), &mut facts);
    let first = |process: &ProcessId| world.cluster_of(*process) == ClusterIndex::FIRST;
    let lost: Vec<_> = facts.iter().filter(|(_, process, _)| first(process)).collect();
    assert!(lost.iter().all(|(.., fact)| !matches!(fact, Fact::World(port::WorldFact::ConnectionClosed { .. }))));
    assert!(topic_id(&world.first_cluster()).is_some());
}

#[test]
fn one_seed_is_one_run_and_a_copy_goes_on_alike() {
    let run = || {
        let mut world = World::new(&setup(), 11);
        world.run_until(at(5), &mut NoFacts);
        world.apply(&in_west(topic("orders")), &mut NoFacts).expect("the world takes it");
        world.run_until(at(7), &mut NoFacts);
        world
    };
    let (one, mut two) = (run(), run());
    assert_eq!((one.run_digest(), one.state_digest()), (two.run_digest(), two.state_digest()));
    let mut copy = two.clone();
    copy.run_until(at(9), &mut NoFacts);
    two.run_until(at(9), &mut NoFacts);
    assert_eq!(copy.state_digest(), two.state_digest());
}

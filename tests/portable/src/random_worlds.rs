//! Worlds drawn from a seed: every codec, with lingering, batch and value sizes, acks, keys and clusters of all sorts.

use crate::scenarios::{act, pass, started};
use base::{Draw, FlatMap, Rng, Str};
use sim::{Command, KafkaCommand, Setup, World, WorldCommand};

/// How many worlds.
const WORLDS: u64 = 40;

const CODECS: [&str; 4] = ["lz4", "gzip", "snappy", "none"];

/// Every world, run to its end.
pub(crate) fn all() -> impl Iterator<Item = (String, World)> {
    (1..=WORLDS).map(|seed| {
        let codec = CODECS[(seed % 4) as usize];
        (format!("world-{seed}-{codec}"), world(seed, codec))
    })
}

fn world(seed: u64, codec: &str) -> World {
    let mut rng = Rng::new(seed, 9);
    let brokers = 1 + rng.below(4) as i32;
    let mut world = started(setup(&mut rng, brokers), seed);
    act(&mut world, topic(&mut rng, brokers, codec));
    pass(&mut world, 1);
    for name in ["web", "app"] {
        act(&mut world, producer(&mut rng, name, codec));
    }
    act(&mut world, consumer(&mut rng));
    pass(&mut world, 6);
    // Somebody dies and comes back, so that logs are read from disks and from each other.
    act(&mut world, Command::World(WorldCommand::Kill { name: "1".into() }));
    pass(&mut world, 3);
    act(&mut world, Command::World(WorldCommand::Start { name: "1".into() }));
    pass(&mut world, 12);
    world
}

fn setup(rng: &mut Rng, brokers: i32) -> Setup {
    let setup = if rng.chance(1, 3) { Setup::combined(brokers) } else { Setup::new(brokers, 1) };
    let setup = setup.with("offsets.topic.num.partitions", one(rng, &["1", "3", "50"]));
    setup.with("broker.session.timeout.ms", one(rng, &["3000", "9000"])).with("num.partitions", "2")
}

fn topic(rng: &mut Rng, brokers: i32, codec: &str) -> Command {
    // Whatever the topic asks for, leaders keep what producers packed.
    let of_topic = if rng.chance(1, 4) { "producer" } else { one(rng, &["producer", "producer", codec, "gzip"]) };
    let of_topic = if of_topic == "none" { "uncompressed" } else { of_topic };
    Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "orders".into(),
            partitions: Some(1 + rng.below(6) as i32),
            replication_factor: Some((1 + rng.below(brokers as u32)) as i16),
            assignments: Vec::new(),
            configs: [("compression.type".into(), of_topic.into())].into(),
            timeout_ms: None,
        },
    )
}

fn producer(rng: &mut Rng, name: &str, codec: &str) -> Command {
    let acks = one(rng, &["all", "all", "1", "0"]);
    let mut configs: FlatMap<Str, Str> = [
        ("compression.type".into(), codec.into()),
        ("linger.ms".into(), one(rng, &["0", "5", "50", "200"]).into()),
        ("batch.size".into(), one(rng, &["0", "1000", "16384", "200000"]).into()),
        ("acks".into(), acks.into()),
    ]
    .into();
    if acks != "all" {
        configs.insert("enable.idempotence".into(), "false".into());
    }
    let keys = if rng.chance(1, 2) { vec!["order-".into()] } else { Vec::new() };
    let random_keys = (!keys.is_empty()).then_some(1 + rng.below(1_000));
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: name.into(),
            topic: "orders".into(),
            keys,
            random_keys,
            interval: Some(1_000_000 + u64::from(rng.below(50)) * 1_000_000),
            value_size: [0, 20, 300, 2_000, 20_000][rng.below(5) as usize],
            limit: None,
            configs,
        },
    )
}

fn consumer(rng: &mut Rng) -> Command {
    let configs = [
        ("auto.offset.reset".into(), "earliest".into()),
        ("max.poll.records".into(), one(rng, &["1", "50", "500"]).into()),
        ("fetch.max.wait.ms".into(), one(rng, &["10", "500"]).into()),
    ];
    Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "billing-1".into(),
            group: "billing".into(),
            topics: vec!["orders".into()],
            processing: u64::from(rng.below(3)) * 100_000,
            configs: configs.into(),
        },
    )
}

fn one<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.below(from.len() as u32) as usize]
}

//! Accepted means honoured: what a client, a topic or a cluster is asked for and the model has not is refused in words,
//! where Kafka would refuse: when the client is made, by the cluster's policy, and before the cluster starts.

use base::{FlatMap, Str, Time};
use config::{Lack, NotModelled};
use port::{Fact, KafkaFact, OperatorAnswer};
use sim::{Command, CommandError, KafkaCommand, Setup, World};

fn settings(line: &str) -> FlatMap<Str, Str> {
    line.split_whitespace()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn producer(line: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "orders".into(),
            keys: Vec::new(),
            random_keys: None,
            interval: None,
            value_size: 0,
            limit: None,
            configs: settings(line),
        },
    )
}

fn consumer(line: &str) -> Command {
    Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: "reader".into(),
            group: "billing".into(),
            topics: vec!["orders".into()],
            processing: 0,
            configs: settings(line),
        },
    )
}

fn refusal(world: &World, command: &Command) -> Option<Lack> {
    match world.check(command) {
        Err(CommandError::NotModelled(NotModelled { lack, .. })) => Some(lack),
        Ok(()) => None,
        Err(other) => panic!("{command:?}: {other}"),
    }
}

#[test]
fn a_client_that_asks_for_what_is_not_there_is_not_made() {
    let world = World::new(&Setup::new(3, 1), 1);
    for (line, lack) in [
        ("transactional.id=t1", Some(Lack::Transactions)),
        ("partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner", None),
        ("key.serializer=org.apache.kafka.common.serialization.IntegerSerializer", Some(Lack::Serializers)),
        ("key.serializer=org.apache.kafka.common.serialization.StringSerializer acks=1", None),
        ("client.id=other", Some(Lack::Names)),
        ("client.id=web bootstrap.servers=broker-1:9092", None),
        ("security.protocol=SASL_SSL", Some(Lack::Security)),
        ("metrics.num.samples=3 no.such=setting", None),
    ] {
        assert_eq!(refusal(&world, &producer(line)), lack, "{line}");
    }
    let assignors = "org.apache.kafka.clients.consumer";
    for (line, lack) in [
        ("group.protocol=consumer".to_owned(), Some(Lack::GroupProtocol)),
        ("isolation.level=read_committed".to_owned(), Some(Lack::Transactions)),
        ("group.id=other".to_owned(), Some(Lack::Names)),
        (
            format!("partition.assignment.strategy={assignors}.RoundRobinAssignor,{assignors}.RangeAssignor"),
            Some(Lack::Assignors),
        ),
        (format!("partition.assignment.strategy={assignors}.RangeAssignor"), None),
    ] {
        assert_eq!(refusal(&world, &consumer(&line)), lack, "{line}");
    }
}

#[test]
fn a_client_needs_a_host_that_there_is() {
    let world = World::new(&Setup::new(3, 1), 1);
    let words = |line: &str| world.check(&producer(line)).expect_err("refused").to_string();
    let unknown = "bootstrap.servers: No resolvable bootstrap urls given in bootstrap.servers";
    assert_eq!(words("bootstrap.servers=nowhere:9092"), unknown);
    assert_eq!(words("bootstrap.servers=broker-1"), "bootstrap.servers: Invalid url in bootstrap.servers: broker-1");
    assert!(world.check(&producer("bootstrap.servers=nowhere:9092,broker-2:9092")).is_ok(), "one is enough");
}

#[test]
fn a_cluster_that_asks_for_what_is_not_there_does_not_start() {
    for (name, value, starts) in [
        ("log.cleanup.policy", "compact", false),
        ("controller.quorum.voters", "1@a:1", false),
        ("num.replica.fetchers", "4", false),
        ("num.replica.fetchers", "1", true),
        ("num.io.threads", "16", true),
    ] {
        assert_eq!(Setup::new(3, 1).with(name, value).check().is_ok(), starts, "{name}={value}");
    }
}

#[test]
fn a_topic_that_asks_for_what_is_not_there_is_refused_by_the_cluster() {
    let mut world = World::new(&Setup::new(3, 1), 1);
    let mut facts = Vec::new();
    while world.step_until(Time(8_000_000_000), &mut facts).is_some() {}
    let command = Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: "compacted".into(),
            partitions: Some(1),
            replication_factor: Some(1),
            assignments: Vec::new(),
            configs: settings("cleanup.policy=compact"),
            timeout_ms: None,
        },
    );
    world.apply_at(Time(8_000_000_000), &command, &mut facts).expect("the cluster is asked");
    while world.step_until(Time(9_000_000_000), &mut facts).is_some() {}
    let answer = facts.iter().rev().find_map(|(_, _, fact)| match fact {
        Fact::Kafka(KafkaFact::OperatorAnswered { answer: OperatorAnswer::Failed { error, message, .. }, .. }) => {
            Some((error, message))
        }
        _other => None,
    });
    let (error, message) = answer.expect("an answer");
    assert_eq!((error.name(), Lack::in_message(message)), ("POLICY_VIOLATION", Some(Lack::Compaction)));
}

//! What Kafka's tools say, word for word as recorded on 4.3.0, and lines that come back.

use super::*;
use sim::KafkaCommand;

fn said(line: &str) -> String {
    match parse(line) {
        Ok(command) => format!("ok: {}", crate::print(&command)),
        Err(error) => error.to_string(),
    }
}

#[test]
fn tools_become_commands() {
    let b = "--bootstrap-server localhost:9092";
    for (line, means) in [
        (
            format!("bin/kafka-topics.sh --create {b} --replication-factor 3 --partitions 1 --topic order"),
            "create-topic order partitions=1 rf=3",
        ),
        (
            format!("kafka-topics {b} --create --topic t --replica-assignment 1:2:3,2:3:1"),
            "create-topic t assign=1,2,3/2,3,1",
        ),
        (
            format!(
                "kafka-topics {b} --create --topic conf --config retention.ms=1000000 --config cleanup.policy=compact"
            ),
            "create-topic conf cleanup.policy=compact retention.ms=1000000",
        ),
        (format!("kafka-topics {b} --create --topic t --if-not-exists"), "create-topic t"),
        (format!("kafka-topics {b} --list"), "list-topics"),
        (format!("kafka-topics {b} --delete --topic orders"), "delete-topic orders"),
        (format!("kafka-topics.sh {b} --alter --topic orders --partitions=6"), "add-partitions orders 6"),
        (
            format!(
                "kafka-configs {b} --entity-type topics --entity-name t --alter --add-config retention.ms=86400000,max.message.bytes=2000000"
            ),
            "alter-topic t max.message.bytes=2000000 retention.ms=86400000",
        ),
        (
            format!(
                "kafka-configs {b} --topic t --alter --add-config cleanup.policy=[compact,delete] --delete-config retention.ms"
            ),
            "alter-topic t cleanup.policy=compact,delete delete=retention.ms",
        ),
        (
            format!("kafka-leader-election {b} --election-type preferred --topic t --partition 0"),
            "elect-leaders preferred t-0",
        ),
        (format!("kafka-leader-election {b} --election-type UNCLEAN --all-topic-partitions"), "elect-leaders unclean"),
        (
            format!(
                "kafka-console-producer {b} --topic conf --property parse.key=true --property key.separator=: <<< 'k3:four five'"
            ),
            "send console-producer 'four five' key=k3 topic=conf",
        ),
        (
            format!("echo hello you | kafka-console-producer.sh {b} --topic conf"),
            "send console-producer 'hello you' topic=conf",
        ),
        (
            format!("echo words | kafka-console-producer.sh {b} --topic conf --command-property client.id=web ignored"),
            "send web words topic=conf",
        ),
        (
            format!("kafka-console-producer.sh {b} --topic orders"),
            "add-producer console-producer orders linger.ms=1000 request.timeout.ms=1500 retries=3",
        ),
        (
            format!("kafka-console-consumer.sh {b} --topic orders --group billing --from-beginning"),
            "add-consumer console-consumer billing orders auto.offset.reset=earliest",
        ),
        ("kafka-server-stop.sh --node-id=2".to_owned(), "stop 2"),
        ("kafka-server-stop.sh --process-role=controller --node-id=101".to_owned(), "stop c1"),
        ("$ bin/kafka-server-start.sh -daemon config/server-2.properties".to_owned(), "start 2"),
    ] {
        assert!(is_kafka(&line), "{line}");
        assert_eq!(said(&line), format!("ok: {means}"), "{line}");
    }
    assert!(!is_kafka("kill 1") && !is_kafka("send web 'kafka-topics'"));
}

/// What a line asks for that reads or changes what may not be there.
#[test]
fn tools_look_first() {
    let b = "--bootstrap-server localhost:9092";
    for (line, means) in [
        (
            format!("kafka-console-consumer.sh {b} --topic orders --partition 1 --offset 5"),
            "add-consumer console-consumer console-consumer orders app.assign=orders-1 app.from=5 enable.auto.commit=false",
        ),
        (
            format!("kafka-console-consumer.sh {b} --topic orders --partition 0 --from-beginning"),
            "add-consumer console-consumer console-consumer orders app.assign=orders-0 app.from=begin \
             auto.offset.reset=earliest enable.auto.commit=false",
        ),
        (
            format!(
                "kafka-console-consumer {b} --topic o --partition 0 --offset 9 --command-property auto.offset.reset=none"
            ),
            "add-consumer console-consumer console-consumer o app.assign=o-0 app.from=9 auto.offset.reset=none \
             enable.auto.commit=false",
        ),
        (
            format!("kafka-console-consumer {b} --topic o --partition 0 --timeout-ms 9 --max-messages -1"),
            "add-consumer console-consumer console-consumer o app.assign=o-0 app.from=end app.timeout.ms=9 \
             enable.auto.commit=false",
        ),
        (
            format!("kafka-console-consumer {b} --topic o --group g --max-messages 3"),
            "add-consumer console-consumer g o app.max.messages=3",
        ),
        (format!("kafka-get-offsets {b} --topic t --partitions 9"), "ask list-offsets latest these existing t 9 10"),
        (
            format!("kafka-get-offsets {b} --topic-partitions t:-3,u"),
            "ask list-offsets latest these existing t 0 3 topic u",
        ),
        (format!("kafka-topics {b} --delete --topic 'test-.*'"), "list-topics"),
        (format!("kafka-topics {b} --alter --topic a,b --partitions 9"), "list-topics"),
    ] {
        assert_eq!(said(&line), format!("ok: {means}"), "{line}");
    }
    for (line, words) in [
        (
            format!(
                "kafka-console-consumer {b} --topic t --from-beginning --command-property auto.offset.reset=latest"
            ),
            "Can't simultaneously specify --from-beginning and 'auto.offset.reset=latest', please remove one option",
        ),
        (
            format!("kafka-console-consumer {b} --topic t --partition 0 --group g"),
            "Options group and partition cannot be specified together.",
        ),
    ] {
        assert_eq!(said(&line), words, "{line}");
    }
}

#[test]
fn refusals_are_in_kafkas_words() {
    let b = "--bootstrap-server localhost:9092";
    for (line, words) in [
        ("kafka-topics".to_owned(), "Create, delete, describe, or change a topic."),
        ("kafka-topics --list".to_owned(), "--bootstrap-server must be specified"),
        (format!("kafka-topics {b} --create"), "Missing required argument \"[topic]\""),
        (
            format!("kafka-topics {b} --list --describe"),
            "Command must include exactly one action: --list, --describe, --create, --alter or --delete",
        ),
        (format!("kafka-topics {b} --create --topic none --partitions 0"), "The partitions must be greater than 0"),
        (
            format!("kafka-topics {b} --create --topic t --replica-assignment 1 --partitions 2"),
            "Option \"[replica-assignment]\" can't be used with option \"[partitions]\"",
        ),
        (
            format!("kafka-topics {b} --alter --topic t --config retention.ms=1"),
            "Option combination \"[[bootstrap-server], [config]]\" can't be used with option \"[alter]\" (To alter topic configurations, the kafka-configs tool can be used.)",
        ),
        (format!("kafka-topics {b} --create --topic"), "Option topic requires an argument"),
        (
            format!("kafka-topics {b} --create --topic t --partitions many"),
            "Cannot parse argument 'many' of option partitions",
        ),
        (
            "kafka-topics --zookeeper weekend05:2181 --create --replication-factor 3 --partitions 1 --topic order"
                .to_owned(),
            "zookeeper is not a recognized option",
        ),
        (
            "kafka-configs --zookeeper localhost:2181 --entity-type topics --describe".to_owned(),
            "zookeeper is not a recognized option",
        ),
        (format!("kafka-configs {b} --describe"), "At least one entity type must be specified"),
        (
            "kafka-console-producer --broker-list localhost:9092 --topic conf".to_owned(),
            "broker-list is not a recognized option",
        ),
        (format!("kafka-console-producer {b}"), "Missing required argument \"[topic]\""),
        (
            format!("echo no separator | kafka-console-producer {b} --topic conf --reader-property parse.key=true"),
            "org.apache.kafka.common.KafkaException: No key separator found on line number 1: 'no separator'",
        ),
        (
            "kafka-console-consumer --zookeeper localhost:2181 --topic conf --from-beginning".to_owned(),
            "zookeeper is not a recognized option",
        ),
        (
            format!("kafka-console-consumer {b} --from-beginning"),
            "Exactly one of the following arguments is required: [topic], [include]",
        ),
        (
            format!("kafka-console-consumer {b} --topic conf --offset 2"),
            "The partition is required when offset is specified.",
        ),
        (
            format!("kafka-console-consumer {b} --topic conf --partition 0 --from-beginning --offset 1"),
            "Options from-beginning and offset cannot be specified together.",
        ),
        (
            format!("kafka-leader-election {b} --election-type preferred"),
            "One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file",
        ),
        ("kafka-nonsense.sh".to_owned(), "kafka-nonsense.sh: command not found"),
        ("kafka-topics 'open".to_owned(), "a quotation mark is not closed"),
        (format!("kafka-acls {b} --list"), "kafka-acls: Kafka can, this page cannot"),
    ] {
        assert_eq!(said(&line), words, "{line}");
    }
}

#[test]
fn old_tutorials_are_translated() {
    for (line, today) in [
        (
            "bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 3 --partitions 1 --topic order",
            Some(
                "bin/kafka-topics.sh --bootstrap-server broker-1:9092 --create --replication-factor 3 --partitions 1 --topic order",
            ),
        ),
        (
            "kafka-console-producer.sh --broker-list localhost:9092 --topic t",
            Some("kafka-console-producer.sh --bootstrap-server broker-1:9092 --topic t"),
        ),
        (
            "kafka-console-consumer.sh --zookeeper localhost:2181 --topic t --from-beginning",
            Some("kafka-console-consumer.sh --bootstrap-server broker-1:9092 --topic t --from-beginning"),
        ),
        ("kafka-topics.sh --list", Some("kafka-topics.sh --bootstrap-server broker-1:9092 --list")),
        (
            "kafka-topics.sh --bootstrap-server b:9092 --alter --topic t --config retention.ms=1",
            Some(
                "kafka-configs.sh --bootstrap-server broker-1:9092 --alter --entity-type topics --entity-name t --add-config 'retention.ms=1'",
            ),
        ),
        (
            "kafka-preferred-replica-election.sh --zookeeper localhost:2181",
            Some(
                "kafka-leader-election.sh --bootstrap-server broker-1:9092 --election-type preferred --all-topic-partitions",
            ),
        ),
        ("kafka-topics.sh --bootstrap-server b:9092 --create", None),
    ] {
        let error = parse(line).expect_err(line);
        let unquoted = |text: &str| shell_words::split(text).expect("whole words");
        assert_eq!(error.instead().map(unquoted), today.map(unquoted), "{line}");
    }
}

#[test]
fn printed_lines_are_read_back() {
    for line in [
        "create-topic orders partitions=3 rf=3 min.insync.replicas=2",
        "create-topic t assign=1,2,3/2,3,1",
        "delete-topic orders",
        "add-partitions orders 6",
        "alter-topic orders cleanup.policy=compact,delete min.insync.replicas=2 delete=retention.ms",
        "elect-leaders preferred orders-0",
        "elect-leaders unclean",
        "add-consumer billing-1 billing orders auto.offset.reset=earliest session.timeout.ms=6000",
        "send web 'two words' key=order:1 topic=orders",
        "send topic=orders -- web --",
        "send web key=gone topic=orders",
        "send web 'it'\\''s' topic=orders",
        "add-consumer c g orders app.max.messages=3 app.timeout.ms=500",
        "ask list-offsets latest these existing t 0 3 existing u 4 5",
        "list-topics",
        "stop 2",
        "start 3",
    ] {
        let command = crate::parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let printed = print(&command).unwrap_or_else(|| panic!("{line} has no line"));
        assert!(is_kafka(&printed));
        assert_eq!(parse(&printed), Ok(command), "{printed}");
    }
    for line in [
        "kill 1",
        "send web hello",
        "cut 1 2",
        "create-topic t timeout=5s",
        "start web",
        "heal-all",
        // Kafka's console consumer goes on at the end.
        "read orders-0 from=5",
        "ask read orders 0 at 5 latest",
        "add-consumer c g orders app.assign=orders-0",
    ] {
        assert_eq!(print(&crate::parse(line).expect("a line")), None, "{line}");
    }
}

/// Whose cluster a line is for says its server: hosts of a further one are in its domain.
#[test]
fn a_line_is_for_the_cluster_of_its_server() {
    let topics = |server: &str| format!("kafka-topics.sh --bootstrap-server {server} --list");
    for (server, cluster) in [
        ("broker-1:9092", None),
        ("broker-2.west:9092", Some("west")),
        ("broker-1.west:9092,broker-2.west:9092", Some("west")),
        ("localhost:9092", None),
        ("kafka.internal:9092", None),
        ("broker-1.example.com:9092", None),
        ("broker-x.west:9092", None),
    ] {
        let command = Command::Kafka(cluster.map(Into::into), KafkaCommand::ListTopics);
        assert_eq!(parse(&topics(server)), Ok(command), "{server}");
    }
    let west = Command::Kafka(Some("west".into()), KafkaCommand::DeleteTopic { name: "t".into() });
    let line = "kafka-topics.sh --bootstrap-server broker-1.west:9092 --delete --topic t";
    assert_eq!(print(&west).as_deref(), Some(line));
    let first = ["broker-1:9092", "localhost:9092", "broker-1.west:9092"].map(|server| is_for_first(&topics(server)));
    assert_eq!(first, [true, false, false]);
    assert!(is_for_first("kafka-topics.sh --bootstrap-server=controller-101:9093 --list"));
    assert!(!is_for_first("kafka-topics.sh --list --bootstrap-server"));
    assert!(is_for_first("kcat -P -b broker-1:9092 -t orders") && !is_for_first("kcat -L -b broker-1.west:9092"));
}

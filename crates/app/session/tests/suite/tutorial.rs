//! A tutorial of 41 lines, typed from its first line to its last: 36 of them are Kafka's, the others a shell's or words for a
//! console producer that reads. Each works, or is refused as Kafka refuses it.

use crate::tools::{printed, session};

/// What a line has to print, among other lines; nothing: that it is taken.
const LINES: [(&str, &str); 41] = [
    ("ls bin", "kafka-topics.sh"),
    ("cat config/server-1.properties", "node.id=1"),
    ("bin/kafka-topics.sh --version", "4.3.0"),
    ("bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9092", "Produce(0): "),
    ("bin/kafka-cluster.sh cluster-id --bootstrap-server localhost:9092", "Cluster ID: "),
    ("bin/kafka-metadata-quorum.sh --bootstrap-server localhost:9092 describe --status", "LeaderId:"),
    (
        "bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --partitions 1 --topic test",
        "zookeeper is not a recognized option",
    ),
    (
        "bin/kafka-topics.sh --create --bootstrap-server localhost:9092 --replication-factor 3 --partitions 2 --topic test",
        "Created topic test.",
    ),
    ("bin/kafka-topics.sh --create --bootstrap-server localhost:9092 --topic test", "Topic 'test' already exists."),
    (
        "bin/kafka-topics.sh --create --bootstrap-server localhost:9092 --replication-factor 4 --topic four",
        "The target replication factor of 4 cannot be reached because only 3 broker(s) are registered",
    ),
    ("bin/kafka-topics.sh --list --zookeeper localhost:2181", "zookeeper is not a recognized option"),
    ("bin/kafka-topics.sh --list --bootstrap-server localhost:9092", "test"),
    (
        "bin/kafka-topics.sh --describe --bootstrap-server localhost:9092 --topic test",
        "PartitionCount: 2\tReplicationFactor: 3",
    ),
    ("bin/kafka-topics.sh --describe --bootstrap-server localhost:9092 --under-replicated-partitions", ""),
    (
        "bin/kafka-console-producer.sh --broker-list localhost:9092 --topic test",
        "broker-list is not a recognized option",
    ),
    ("bin/kafka-console-producer.sh --bootstrap-server localhost:9092 --topic test", ""),
    ("This is a message", ""),
    ("This is another message", ""),
    ("^D", ""),
    (
        "echo 'key:value' | bin/kafka-console-producer.sh --bootstrap-server localhost:9092 --topic test --reader-property parse.key=true --reader-property key.separator=:",
        "",
    ),
    (
        "bin/kafka-console-consumer.sh --zookeeper localhost:2181 --topic test --from-beginning",
        "zookeeper is not a recognized option",
    ),
    (
        "bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic test --from-beginning --max-messages 3",
        "Processed a total of 3 messages",
    ),
    (
        "bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic test --from-beginning --max-messages 3 --group readers --formatter-property print.key=true",
        "key\tvalue",
    ),
    ("bin/kafka-get-offsets.sh --bootstrap-server localhost:9092 --topic test", "test:0:"),
    (
        "kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list localhost:9092 --topic test",
        "Error: Could not find or load main class kafka.tools.GetOffsetShell",
    ),
    ("bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --list", "readers"),
    ("bin/kafka-consumer-groups.sh --zookeeper localhost:2181 --list", "zookeeper is not a recognized option"),
    ("bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group readers", "CURRENT-OFFSET"),
    (
        "bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group billing --members --verbose",
        "CURRENT-ASSIGNMENT",
    ),
    (
        "bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group billing --reset-offsets --to-earliest --all-topics --execute",
        "is inactive, but the current state is Stable.",
    ),
    (
        "bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group readers --reset-offsets --to-earliest --all-topics --dry-run",
        "NEW-OFFSET",
    ),
    (
        "bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group readers --reset-offsets --shift-by -1 --all-topics --execute",
        "NEW-OFFSET",
    ),
    ("bin/kafka-topics.sh --bootstrap-server localhost:9092 --alter --topic test --partitions 3", ""),
    (
        "bin/kafka-topics.sh --bootstrap-server localhost:9092 --alter --topic test --config retention.ms=1000",
        "To alter topic configurations, the kafka-configs tool can be used.",
    ),
    (
        "bin/kafka-configs.sh --bootstrap-server localhost:9092 --alter --entity-type topics --entity-name test --add-config retention.ms=86400000",
        "Completed updating config for topic test.",
    ),
    (
        "bin/kafka-configs.sh --bootstrap-server localhost:9092 --describe --entity-type topics --entity-name test",
        "retention.ms=86400000",
    ),
    (
        "bin/kafka-leader-election.sh --bootstrap-server localhost:9092 --election-type preferred --all-topic-partitions",
        // Of all partitions Kafka names only those whose leader has changed.
        "",
    ),
    ("bin/kafka-preferred-replica-election.sh --zookeeper localhost:2181", "No such file or directory"),
    (
        "bin/kafka-log-dirs.sh --bootstrap-server localhost:9092 --describe --topic-list test",
        "\"partition\":\"test-0\"",
    ),
    ("kcat -b localhost:9092 -L -t test", "topic \"test\" with 3 partitions:"),
    ("bin/kafka-topics.sh --bootstrap-server localhost:9092 --delete --topic test", ""),
];

#[test]
fn every_line_works_or_is_refused_as_kafka_refuses_it() {
    let mut session = session();
    let is_kafkas =
        |line: &&(&str, &str)| line.0.contains("kafka-") && !line.0.starts_with("ls") || line.0.starts_with("kcat");
    assert_eq!(LINES.iter().filter(is_kafkas).count(), 36);
    for (line, wanted) in LINES {
        let frames = if line.contains("console-consumer") { 2_000 } else { 0 };
        if line == "^D" {
            session.end_input(view::text::Language::English);
            continue;
        }
        let lines = printed(&mut session, line, frames);
        let printed = wanted.is_empty() || lines.iter().any(|line| line.contains(wanted));
        assert!(printed, "{line}: {lines:#?}");
        let missing = lines.iter().find(|line| line.contains("this page cannot"));
        assert_eq!(missing, None, "{line}");
    }
}

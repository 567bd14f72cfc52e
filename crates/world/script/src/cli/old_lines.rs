//! Lines of old tutorials, each with the line of today that is offered; and files that options name.

use super::{BOOTSTRAP, parse, run};

#[test]
fn old_lines_are_offered_as_they_are_written_today() {
    let b = format!("--bootstrap-server {BOOTSTRAP}");
    for (line, today) in [
        (
            "kafka-topics.sh --zookeeper z:2181 --alter --topic orders --config retention.ms=1000",
            format!(
                "kafka-configs.sh {b} --alter --entity-type topics --entity-name orders --add-config 'retention.ms=1000'"
            ),
        ),
        (
            "kafka-topics.sh --zookeeper z:2181 --alter --topic o --config a=1 --config b=2 --delete-config c",
            format!(
                "kafka-configs.sh {b} --alter --entity-type topics --entity-name o --add-config 'a=1,b=2' --delete-config c"
            ),
        ),
        (
            "kafka-run-class.sh kafka.tools.DumpLogSegments --files /kafka-logs-1/orders-0/00000000000000000000.log",
            "kafka-dump-log.sh --files /kafka-logs-1/orders-0/00000000000000000000.log".to_owned(),
        ),
        (
            "kafka-run-class.sh kafka.tools.ConsumerOffsetChecker --zookeeper z:2181 --group g",
            format!("kafka-consumer-groups.sh {b} --describe --group g"),
        ),
        (
            "kafka-consumer-offset-checker.sh --zookeeper z:2181 --group g",
            format!("kafka-consumer-groups.sh {b} --describe --group g"),
        ),
        (
            "kafka-simple-consumer-shell.sh --broker-list b:9092 --topic t --partition 1",
            format!("kafka-console-consumer.sh {b} --topic t --partition 1 --from-beginning"),
        ),
        ("zookeeper-shell.sh z:2181 ls /brokers/ids", format!("kafka-cluster.sh list-endpoints {b}")),
        ("bin/zookeeper-shell.sh z:2181 ls /brokers/topics", format!("kafka-topics.sh {b} --list")),
        (
            "zookeeper-server-start.sh config/zookeeper.properties",
            format!("kafka-metadata-quorum.sh {b} describe --status"),
        ),
    ] {
        let error = run(line).expect_err(line);
        assert_eq!(error.instead(), Some(&*today), "{line}");
        let is_read = match run(&today) {
            Ok(_) => true,
            Err(error) => matches!(error, super::CliError::Files(_)),
        };
        assert!(is_read, "{today}");
    }
}

#[test]
fn a_file_may_come_through_the_pipe() {
    let b = "--bootstrap-server b:9092";
    for (line, file) in [
        (
            format!("kafka-delete-records.sh {b} --offset-json-file"),
            r#"{"partitions":[{"topic":"t","partition":0,"offset":3}]}"#,
        ),
        (
            format!("kafka-leader-election.sh {b} --election-type preferred --path-to-json-file"),
            r#"{"partitions":[{"topic":"t","partition":0},{"topic":"t","partition":1}]}"#,
        ),
        (format!("kafka-configs.sh {b} --alter --topic t --add-config-file"), "retention.ms=1000"),
    ] {
        let itself = parse(&format!("{line} '{file}'")).expect(&line);
        assert_eq!(parse(&format!("{line} /dev/stdin <<< '{file}'")).expect(&line), itself);
        assert_eq!(parse(&format!("echo '{file}' | {line} /dev/stdin")).expect(&line), itself);
        let missing = parse(&format!("{line} nothing.json")).expect_err(&line).to_string();
        assert!(missing.contains("nothing.json"), "{missing}");
    }
}

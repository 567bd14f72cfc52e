//! What console clients are told by options: it holds for the client, or the line is refused; nothing is forgotten.

use super::*;
use base::{FlatMap, Str};
use sim::{ClusterPlan, KafkaCommand};

const B: &str = "--bootstrap-server localhost:9092 --topic t";

/// The settings of the client that a line makes.
fn settings(line: &str) -> FlatMap<Str, Str> {
    let run = run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let add = run.producer().map_or(run.command.clone(), |(_, add)| add);
    let Command::Kafka(_, KafkaCommand::AddProducer { configs, .. }) = add else { panic!("{line}: {add:?}") };
    configs
}

/// The same of one that closes, and after how many lines.
fn ending(line: &str) -> (FlatMap<Str, Str>, Str) {
    let mut settings = settings(line);
    let lines = settings.remove(config::application::MOST).unwrap_or_else(|| panic!("{line}: it goes on"));
    (settings, lines)
}

fn said(line: &str) -> String {
    run(line).map(|run| crate::print(&run.command)).unwrap_or_else(|error| error.to_string())
}

#[test]
fn settings_hold_with_input_and_without() {
    for (options, name, value) in [
        ("--producer-property acks=0", "acks", "0"),
        ("--command-property acks=0", "acks", "0"),
        ("--request-required-acks 1", "acks", "1"),
        ("--request-required-acks 1 --command-property acks=0", "acks", "1"),
        ("--timeout 7", "linger.ms", "7"),
        ("--batch-size 100", "batch.size", "100"),
        ("--max-partition-memory-bytes 200", "batch.size", "200"),
        ("--max-block-ms 5000", "max.block.ms", "5000"),
        ("--message-send-max-retries 9 --command-property retries=8", "retries", "9"),
        ("--compression-codec", "compression.type", "gzip"),
        ("--compression-codec lz4", "compression.type", "lz4"),
        ("", "linger.ms", "1000"),
    ] {
        let plain = settings(&format!("kafka-console-producer.sh {B} {options}"));
        assert_eq!(plain.get(name).map(|value| &**value), Some(value), "{options}");
        assert_eq!(
            ending(&format!("echo hi | kafka-console-producer.sh {B} {options}")),
            (plain, "1".into()),
            "{options}"
        );
    }
    for (options, name, value) in [
        ("-X acks=0", "acks", "0"),
        ("-X topic.request.required.acks=1", "acks", "1"),
        ("-X queue.buffering.max.ms=50", "linger.ms", "50"),
        ("-z gzip", "compression.type", "gzip"),
        ("", "acks", "all"),
    ] {
        let (fed, lines) = ending(&format!("printf 'a\\nb' | kcat -P -b x:9092 -t t {options}"));
        assert_eq!(fed.get(name).map(|value| &**value), Some(value), "{options}");
        assert_eq!((settings(&format!("kcat -P -b x:9092 -t t {options}")), &*lines), (fed, "2"));
    }
}

#[test]
fn what_does_not_hold_is_refused() {
    for (line, words) in [
        (
            format!("echo a | kafka-console-producer.sh {B} --sync"),
            "kafka-console-producer --sync: Kafka can, this page cannot",
        ),
        (
            format!("kafka-console-producer.sh {B} --reader-config f"),
            "kafka-console-producer --reader-config: Kafka can, this page cannot",
        ),
        (format!("kafka-console-producer.sh {B} --batch-size big"), "Cannot parse argument 'big' of option batch-size"),
        (format!("kafka-console-producer.sh {B} < input.txt"), "bash: input.txt: No such file or directory"),
        (format!("kafka-console-producer.sh {B} <'my file'"), "bash: my file: No such file or directory"),
        (
            "echo a | kcat -P -b x:9092 -t t -X security.protocol=ssl".to_owned(),
            "kcat -X security.protocol: Kafka can, this page cannot",
        ),
        (
            "kcat -C -b x:9092 -t t -X fetch.min.bytes=9".to_owned(),
            "kcat -X fetch.min.bytes: Kafka can, this page cannot",
        ),
        (format!("kafka-console-consumer.sh {B} --formatter nope.Formatter"), "nope.Formatter"),
        (
            format!(
                "kafka-console-consumer.sh {B} --formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter"
            ),
            "kafka-console-consumer --formatter org.apache.kafka.tools.consumer.OffsetsMessageFormatter: Kafka can, this page cannot",
        ),
        (
            format!(
                "kafka-console-consumer.sh {B} --value-deserializer org.apache.kafka.common.serialization.LongDeserializer"
            ),
            "kafka-console-consumer --value-deserializer org.apache.kafka.common.serialization.LongDeserializer: Kafka can, this page cannot",
        ),
        (
            format!("kafka-console-consumer.sh {B} --command-config f"),
            "kafka-console-consumer --command-config: Kafka can, this page cannot",
        ),
        ("kcat -C -b x:9092 -t t -e -f '<%s>'".to_owned(), "ask describe-topics t"),
    ] {
        assert_eq!(said(&line), words, "{line}");
    }
}

/// Each run of the tool is a process of its own: with other settings, or in another cluster, it is another client.
#[test]
fn another_console_producer_is_another_client() {
    let taken: FlatMap<Str, Str> = settings(&format!("printf 'a\\nb' | kafka-console-producer.sh {B}"));
    let is_taken = |known: Known<'_>| match known {
        Known::Other { name, cluster, settings } => {
            name == "console-producer" && (cluster.is_some() || *settings != taken)
        }
        Known::Client(_) | Known::Group(_) => false,
    };
    let named = |line: &str, cluster: Option<&str>| {
        let mut run = run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        run.send_to(cluster.map(Into::into));
        run.name_at(base::Time::ZERO, is_taken);
        let input = run.input.clone().expect("it reads");
        let (name, add) = run
            .producer()
            .map_or((input.reader.producer.clone(), run.command.clone()), |(name, add)| (name.clone(), add));
        let Command::Kafka(of, KafkaCommand::AddProducer { name: made, .. }) = add else { panic!("{add:?}") };
        assert_eq!((&made, &input.reader.producer), (&name, &name));
        let more = input.rest().0;
        assert!(
            more.iter().all(|run| matches!(&run.command, Command::Kafka(cluster, _) if *cluster == of)),
            "{more:?}"
        );
        (name.to_string(), of.map(|of| of.to_string()))
    };
    let fed = format!("printf 'a\\nb' | kafka-console-producer.sh {B}");
    assert_eq!(named(&fed, None), ("console-producer".to_owned(), None));
    assert_eq!(named(&format!("{fed} --request-required-acks 0"), None), ("console-producer-2".to_owned(), None));
    assert_eq!(named(&fed, Some("west")), ("console-producer-2".to_owned(), Some("west".to_owned())));
    let reads = format!("kafka-console-producer.sh {B} --timeout 1");
    assert_eq!(named(&reads, None), ("console-producer-2".to_owned(), None));
}

#[test]
fn servers_are_named_by_their_numbers() {
    let mut plan = ClusterPlan::first(3, 3);
    for node in &mut plan.nodes {
        node.name = format!("n{}", node.node).as_str().into();
    }
    for (line, command) in [
        ("kafka-server-start.sh config/controller-101.properties", "start n101"),
        ("kafka-server-start.sh config/server-2.properties", "start n2"),
        ("kafka-server-stop.sh --node-id=101", "stop n101"),
        ("kafka-server-stop.sh --process-role=controller --node-id=103", "stop n103"),
        ("kafka-server-start.sh config/controller-101.properties --override node.id=102", "start n102"),
    ] {
        let mut run = run(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(run.for_node(&plan), "{line}");
        assert_eq!(crate::print(&run.command), command, "{line}");
    }
    let mut nobody = run("kafka-server-stop.sh --node-id=77").expect("a line");
    assert!(!nobody.for_node(&plan));
    assert_eq!(said("kafka-server-start.sh controller-101.properties"), "start c1", "until its cluster is known");
}

#[test]
fn what_was_printed_before_a_refusal_stays() {
    for (line, first) in [
        (
            format!("kafka-consumer-groups.sh {B} --group g --reset-offsets --to-earliest --to-latest"),
            "WARN: No action will be performed",
        ),
        (
            format!("kafka-console-producer.sh {B} --property a=b --bootstrap-server nope"),
            "Warning: --property is deprecated",
        ),
        (
            format!("kafka-console-consumer.sh {B} --consumer-property a=b --partition 0 --offset x"),
            "Option --consumer-property is deprecated",
        ),
    ] {
        let line = line.replacen(" --bootstrap-server localhost:9092", "", usize::from(line.contains("nope")));
        let error = run(&line).expect_err(&line);
        let lines = error.printed().expect("it prints").plain();
        assert!(lines[0].starts_with(first) && lines.len() > 1, "{line}: {lines:?}");
    }
}

#[test]
fn a_name_that_is_no_pattern_is_refused() {
    let b = "--bootstrap-server localhost:9092";
    for line in
        ["kafka-topics.sh --list", "kafka-topics.sh --describe", "kafka-topics.sh --delete", "kafka-get-offsets.sh"]
    {
        assert_eq!(said(&format!("{line} {b} --topic '*'")), "* is an invalid regex.", "{line}");
    }
}

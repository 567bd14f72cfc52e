//! Kafka's tools asked for what is not there, or not there any more: what they say, as 4.3.0 and kcat 1.7.1 say it, and at once.

use crate::tools::{printed, session, visited};
use session::visit::Visit;

const SERVER: &str = "--bootstrap-server localhost:9092";

/// What each line prints, all of it.
fn each(lines: &[(&str, &[&str])]) {
    let mut session = session();
    for (line, wanted) in lines {
        let line = line.replace("SERVER", SERVER);
        assert_eq!(printed(&mut session, &line, 0), *wanted, "{line}");
    }
}

/// `GetOffsetShell` looks which partitions there are, and asks those.
#[test]
fn offsets_of_partitions_that_are_not_there_are_not_waited_for() {
    let none = "Error occurred: Could not match any topic-partitions with the specified filters";
    each(&[
        ("kafka-topics.sh SERVER --create --topic t --partitions 2", &["Created topic t."]),
        ("kafka-get-offsets.sh SERVER --topic t --partitions 9", &[none]),
        ("kafka-get-offsets.sh SERVER --topic nope", &[none]),
        ("kafka-get-offsets.sh SERVER --topic t --partitions 0,9", &["t:0:0"]),
        ("kafka-get-offsets.sh SERVER --topic-partitions t:1-9,nope:3", &["t:1:0"]),
        ("kcat -b localhost:9092 -Q -t t:9:-1", &["% ERROR: offsets_for_times failed: Local: Unknown partition"]),
        (
            "kcat -b localhost:9092 -C -t t -p 9 -e",
            &["% ERROR: Topic t (with partitions 0..1): partition 9 does not exist"],
        ),
        ("kcat -b localhost:9092 -C -t nope -e", &["% ERROR: Topic nope error: Broker: Unknown topic or partition"]),
    ]);
}

/// `TopicService.deleteTopic` and `alterTopic` take patterns, as `--describe` does.
#[test]
fn topics_are_deleted_and_altered_by_patterns() {
    let mut session = session();
    let mut says = |line: &str| printed(&mut session, &format!("kafka-topics.sh {SERVER} {line}"), 0);
    for topic in ["test-a", "test-b", "test.c", "other"] {
        says(&format!("--create --topic {topic} --partitions 1 --replication-factor 1"));
    }
    assert_eq!(says("--alter --topic 'test-.*' --partitions 2"), Vec::<String>::new());
    assert_eq!(says("--alter --topic 'test-a,test.c' --replica-assignment 1,2,3 --partitions 3"), Vec::<String>::new());
    let shown = says("--describe --topic 'test.*|other'");
    let count = |topic: &str| {
        let line = shown.iter().find(|line| line.starts_with(&format!("Topic: {topic}\t"))).expect("it is there");
        line.split("PartitionCount: ").nth(1).and_then(|rest| rest.chars().next())
    };
    assert_eq!(["test-a", "test-b", "test.c", "other"].map(count), [Some('3'), Some('2'), Some('3'), Some('1')]);
    let refused = says("--alter --topic 'test-a|test-b' --partitions 3");
    let words = "Error while executing topic command : Topic already has 3 partition(s).";
    assert_eq!(refused[0], words, "the first one of what is refused, and the others are done");
    assert_eq!(refused.iter().filter(|line| line.starts_with("Error")).count(), 1, "{refused:#?}");
    assert_eq!(
        says("--delete --topic 'nope.*'")[0],
        "Error while executing topic command : Topic 'nope.*' does not exist as expected"
    );
    assert_eq!(says("--delete --topic 'nope.*' --if-exists"), Vec::<String>::new());
    assert_eq!(says("--delete --topic ''"), Vec::<String>::new());
    assert_eq!(says("--delete --topic 'test.*,nothing'"), Vec::<String>::new());
    let left = says("--list --exclude-internal");
    assert!(left.contains(&"other".to_owned()) && !left.iter().any(|name| name.starts_with("test")), "{left:?}");
}

/// A reader of one partition seeks, and where the log does not have the offset it goes where `auto.offset.reset` says.
#[test]
fn a_reader_goes_where_the_log_is() {
    let json = r#"{"partitions":[{"topic":"t","partition":0,"offset":2}],"version":1}"#;
    let delete = format!("kafka-delete-records.sh SERVER --offset-json-file '{json}'");
    let reader =
        |options: &str| format!("kafka-console-consumer.sh SERVER --topic t --partition 0 --timeout-ms 2000 {options}");
    let done = |count: u32| format!("Processed a total of {count} messages");
    let mut session = visited(Visit { speed: Some(20.0), ..Visit::default() });
    let mut says = |line: &str| {
        let lines = printed(&mut session, &line.replace("SERVER", SERVER), 300);
        // It ends because it has waited for more.
        let of_end = |line: &String| line.contains("ERROR Error processing") || line.ends_with(".TimeoutException");
        lines.into_iter().filter(|line| !of_end(line)).collect::<Vec<_>>()
    };
    says("kafka-topics.sh SERVER --create --topic t --partitions 1 --replication-factor 1");
    says("printf 'a\\nb\\nc' | kafka-console-producer.sh SERVER --topic t");
    let deleted = says(&delete);
    assert!(deleted.contains(&"partition: t-0\tlow_watermark: 2".to_owned()), "{deleted:?}");
    assert_eq!(says(&reader("--from-beginning")), ["c".to_owned(), done(1)]);
    assert_eq!(says(&reader("--offset earliest")), ["c".to_owned(), done(1)]);
    assert_eq!(says(&reader("--offset 2")), ["c".to_owned(), done(1)]);
    assert_eq!(says(&reader("--offset 1")), [done(0)], "it goes to the end");
    assert_eq!(says(&reader("--offset 99")), [done(0)]);
    for offset in [1, 99] {
        let earliest = format!("--offset {offset} --command-property auto.offset.reset=earliest");
        assert_eq!(says(&reader(&earliest)), ["c".to_owned(), done(1)]);
        let none = says(&reader(&format!("--offset {offset} --command-property auto.offset.reset=none")));
        assert!(none.iter().any(|line| line.contains("OffsetOutOfRangeException")), "{none:#?}");
    }
    let end = "% Reached end of topic t [0] at offset 3: exiting";
    assert_eq!(says("kcat -b localhost:9092 -C -t t -p 0 -o 1 -e"), [end]);
    assert_eq!(says("kcat -b localhost:9092 -C -t t -p 0 -o 1 -e -X auto.offset.reset=earliest"), ["c", end]);
    assert_eq!(says("kcat -b localhost:9092 -C -t t -o beginning -e"), ["c", end]);
}

/// `OffsetsUtils`: whether all partitions are there and led it looks before it moves anything.
#[test]
fn offsets_are_reset_where_they_can_be() {
    let mut session = session();
    let mut says = |line: &str| printed(&mut session, &line.replace("SERVER", SERVER), 0);
    says("kafka-topics.sh SERVER --create --topic t --partitions 2");
    let mut reset = |options: &str| {
        let tool = "kafka-consumer-groups.sh SERVER --reset-offsets --dry-run --group g";
        says(&format!("{tool} {options}")).into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let failed = "Error: Executing consumer group command failed due to";
    let class = "org.apache.kafka.common.errors.UnknownTopicOrPartitionException:";
    let host = "This server does not host this topic-partition.";
    let missing = r#"The partitions "t-9" do not exist"#;
    assert_eq!(reset("--topic t:9,1 --to-earliest"), [format!("{failed} {missing}"), format!("{class} {missing}")]);
    assert_eq!(reset("--topic nope --to-latest"), [format!("{failed} {host}"), format!("{class} {host}")]);
    let execution = format!("java.util.concurrent.ExecutionException: {class} {host}");
    let wrapped = reset("--topic nope:0 --to-latest");
    assert_eq!(wrapped[..2], [format!("{failed} {execution}"), format!("java.lang.RuntimeException: {execution}")]);
    let shift = reset("--topic t:0 --shift-by 3");
    assert_eq!(shift[0], "Cannot shift offset for partition t-0 since there is no current committed offset");
    let duration = reset("--topic t --by-duration PT1X");
    assert_eq!(duration[0], format!("{failed} Text cannot be parsed to a Duration"));
}

/// `ConfigCommand`: of brokers each with its own, then what holds for all.
#[test]
fn settings_of_brokers_end_with_everybodys() {
    let mut session = session();
    let mut says = |line: &str| printed(&mut session, &format!("kafka-configs.sh {SERVER} {line}"), 0);
    says("--alter --entity-type brokers --entity-default --add-config log.retention.ms=1000000");
    let lines = says("--describe --entity-type brokers");
    let heads: Vec<&str> = lines.iter().filter(|line| line.ends_with(" are:")).map(String::as_str).collect();
    let brokers =
        ["Dynamic configs for broker 1 are:", "Dynamic configs for broker 2 are:", "Dynamic configs for broker 3 are:"];
    assert_eq!(heads, [&brokers[..], &["Default configs for brokers in the cluster are:"]].concat());
    let default =
        "log.retention.ms=1000000 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:log.retention.ms=1000000}";
    assert!(lines.iter().any(|line| line.trim() == default), "{lines:#?}");
}

/// What a client logs is a file, as its library writes it.
#[test]
fn clients_have_logs() {
    let mut session = session();
    let files = printed(&mut session, "ls logs", 0);
    assert!(!files.is_empty() && files.iter().all(|file| file.ends_with(".log")), "{files:?}");
    assert_eq!(printed(&mut session, "kill 2", 400), Vec::<String>::new());
    let mut grave = Vec::new();
    for file in &files {
        let lines = printed(&mut session, &format!("cat logs/{file}"), 0);
        assert!(lines.iter().all(|line| line.starts_with("[20")), "{lines:?}");
        let last = printed(&mut session, &format!("tail -n 2 logs/{file}"), 0);
        assert_eq!(last, lines[lines.len().saturating_sub(2)..]);
        grave.extend(printed(&mut session, &format!("grep disconnected logs/{file}"), 0));
    }
    let is_of = |line: &String| {
        line.contains(" INFO [") && line.ends_with("] Node 2 disconnected. (org.apache.kafka.clients.NetworkClient)")
    };
    assert!(grave.iter().any(is_of), "{grave:?}");
    let none = printed(&mut session, "cat logs/nobody.log", 0);
    assert_eq!(none, ["cat: logs/nobody.log: No such file or directory"]);
    assert_eq!(
        printed(&mut session, "tail -n x logs/nobody.log", 0),
        ["tail does not take x here: it takes -n N, -N, -n +N"]
    );
}

//! Lines of kcat, what they ask for and how the answers are laid out.

use crate::cli::{self, Run};
use base::{BrokerId, Endpoint, ErrorCode, Offset};
use port::{Ask, ClusterTold, NodeTold, OperatorAnswer, PartitionTold, Said, Told, TopicFound, TopicTold};
use sim::{Command, KafkaCommand};

fn run(line: &str) -> Run {
    cli::run(line).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn told(told: Told) -> OperatorAnswer {
    OperatorAnswer::Told(Box::new(told))
}

fn printed(run: &Run, answer: &OperatorAnswer) -> Vec<String> {
    run.answered(answer, base::Timestamp(0)).map(|output| output.plain()).unwrap_or_default()
}

fn topics(partitions: i32) -> OperatorAnswer {
    let partition = |partition| PartitionTold {
        partition,
        leader: (partition == 0).then_some(BrokerId(1)),
        replicas: vec![BrokerId(1), BrokerId(2)],
        isr: vec![BrokerId(1)],
        elr: Vec::new(),
        last_known_elr: Vec::new(),
    };
    let found = TopicFound {
        id: base::TopicId::default(),
        is_internal: false,
        partitions: (0..partitions).map(partition).collect(),
        configs: Vec::new(),
    };
    told(Told::Topics(vec![TopicTold { name: "t".into(), found: Ok(found) }]))
}

#[test]
fn the_list_is_that_of_kcat() {
    let node = |id: i32| NodeTold {
        id: BrokerId(id),
        endpoint: Endpoint { host: format!("broker-{id}").into(), port: 9092 },
        rack: None,
        fenced: false,
    };
    let first = run("kcat -b localhost:9092 -L -t t");
    let as_json = run("kcat -b localhost:9092 -L -t t -J");
    let cluster = ClusterTold { cluster_id: "x".into(), controller: BrokerId(2), brokers: vec![node(1), node(2)] };
    let answer = told(Told::Cluster(cluster));
    assert_eq!(printed(&first, &answer), Vec::<String>::new());
    let next = first.next(&answer).expect("topics come next");
    assert_eq!(
        printed(&next, &topics(2)),
        [
            "Metadata for t (from broker 1: broker-1:9092/1):",
            " 2 brokers:",
            "  broker 1 at broker-1:9092",
            "  broker 2 at broker-2:9092 (controller)",
            " 1 topics:",
            "  topic \"t\" with 2 partitions:",
            "    partition 0, leader 1, replicas: 1,2, isrs: 1",
            "    partition 1, leader -1, replicas: 1,2, isrs: 1, Broker: Leader not available",
        ]
    );
    assert!(next.next(&topics(2)).is_none());
    let json = printed(&as_json.next(&answer).expect("topics come next"), &topics(2));
    let replicas = "\"replicas\":[{\"id\":1},{\"id\":2}],\"isrs\":[{\"id\":1}]";
    assert_eq!(
        json.concat(),
        format!(
            "{{\"originating_broker\":{{\"id\":1,\"name\":\"broker-1:9092/1\"}},\"query\":{{\"topic\":\"t\"}},\
             \"controllerid\":2,\"brokers\":[{{\"id\":1,\"name\":\"broker-1:9092\"}},{{\"id\":2,\"name\":\"broker-2:9092\"}}],\
             \"topics\":[{{\"topic\":\"t\",\"partitions\":[{{\"partition\":0,\"leader\":1,{replicas}}},\
             {{\"partition\":1,\"error\":\"Broker: Leader not available\",\"leader\":-1,{replicas}}}]}}]}}"
        )
    );
}

fn records(offsets: std::ops::Range<i64>) -> OperatorAnswer {
    let record = |offset: i64| (Offset(offset), None, Some(format!("v{offset}").into_bytes().into()));
    let end = Offset(offsets.end);
    OperatorAnswer::Read { records: offsets.map(record).collect(), position: end, end }
}

#[test]
fn partitions_are_read_one_after_the_other() {
    let first = run("kafkacat -C -b x:9092 -t t -e -f '%t-%p %o %k=%s (%S)\\n' -c 3");
    let mut next = first.next(&topics(3)).expect("partition 0");
    let mut lines = Vec::new();
    for (partition, answer) in [(0, records(0..2)), (1, records(0..9))] {
        assert!(matches!(&*next.command.bare(), Command::Kafka(_, KafkaCommand::Ask(ask)) if matches!(&**ask,
                Ask::Read { partition: own, .. } if own.partition == partition)));
        lines.extend(printed(&next, &answer));
        match next.next(&answer) {
            Some(run) => next = run,
            None => break,
        }
    }
    let end = "% Reached end of topic t [0] at offset 2";
    assert_eq!(lines, ["t-0 0 =v0 (2)", "t-0 1 =v1 (2)", end, "t-1 0 =v0 (2)"], "three of them, and no more is asked");
    let one = run("kcat -Cqeb x:9092 -tt -p1 -o 5").next(&topics(3)).expect("partition 1");
    assert_eq!(printed(&one, &records(5..7)), ["v5", "v6"]);
    assert!(one.next(&records(5..7)).is_none(), "no other one");
}

/// As kcat 1.7.1 says it.
#[test]
fn what_is_not_there_is_told() {
    let one = run("kcat -Cqeb x:9092 -tt -p9");
    let words = "% ERROR: Topic t (with partitions 0..2): partition 9 does not exist";
    assert_eq!(printed(&one, &topics(3)), [words]);
    assert!(one.next(&topics(3)).is_none());
    let said = Said { error: ErrorCode::UnknownTopicOrPartition, message: "nope".into() };
    let missing = TopicTold { name: "nope".into(), found: Err(said) };
    let missing = OperatorAnswer::Told(Box::new(Told::Topics(vec![missing])));
    let all = run("kcat -C -b x:9092 -t nope -e");
    assert_eq!(printed(&all, &missing), ["% ERROR: Topic nope error: Broker: Unknown topic or partition"]);
    assert!(all.next(&missing).is_none());
    let offsets = OperatorAnswer::Told(Box::new(Told::Offsets(Vec::new())));
    let unknown = "% ERROR: offsets_for_times failed: Local: Unknown partition";
    assert_eq!(printed(&run("kcat -b x:9092 -Q -t t:9:-1"), &offsets), [unknown]);
}

/// The settings of the client that a line makes.
fn settings(line: &str) -> base::FlatMap<base::Str, base::Str> {
    let run = run(line);
    let add = run.producer().map_or(run.command.clone(), |(_, add)| add);
    match add {
        Command::Kafka(_, KafkaCommand::AddProducer { configs, .. } | KafkaCommand::AddConsumer { configs, .. }) => {
            configs
        }
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn keys_go_where_librdkafka_sends_them() {
    let keyed = "echo a:b | kcat -P -b x:9092 -t t -K:";
    for (option, class) in [
        ("", Some("librdkafka.consistent_random")),
        ("-X topic.partitioner=murmur2_random", None),
        ("-X partitioner=murmur2", Some("librdkafka.murmur2")),
        ("-X partitioner=consistent", Some("librdkafka.consistent")),
        ("-X partitioner=fnv1a", Some("librdkafka.fnv1a")),
        ("-X partitioner=fnv1a_random", Some("librdkafka.fnv1a_random")),
        ("-X partitioner=random", Some("librdkafka.random")),
    ] {
        let settings = settings(&format!("{keyed} {option}"));
        assert_eq!(settings.get("partitioner.class").map(|class| &**class), class, "{option}");
    }
    let sent = run(&format!("{keyed} -H n=1 -H e= -H none"));
    let Command::Kafka(_, KafkaCommand::Send { key, value, partition, headers, .. }) = &sent.command else {
        panic!("{sent:?}");
    };
    assert_eq!((key.as_deref(), value.as_deref(), *partition), (Some("a"), Some("b"), None));
    let headers: Vec<(&str, Option<&str>)> = headers.iter().map(|(name, value)| (&**name, value.as_deref())).collect();
    assert_eq!(headers, [("n", Some("1")), ("e", Some("")), ("none", None)]);
    for (option, pair) in [("-Z", (Some("k"), None)), ("", (Some("k"), Some("")))] {
        let sent = run(&format!("echo k: | kcat -P -b x:9092 -t t -K: {option}"));
        let Command::Kafka(_, KafkaCommand::Send { key, value, .. }) = &sent.command else { panic!("{sent:?}") };
        assert_eq!((key.as_deref(), value.as_deref()), pair, "{option}");
    }
    let parted = run("echo -n 'a;;b;c' | kcat -P -b x:9092 -t t -D ';' -c 2");
    assert_eq!(parted.input.and_then(|input| input.piped), Some(vec!["b".to_owned()]), "empty ones are passed over");
    let placed = run("printf 'a\\nb' | kcat -b x:9092 -t t -p 2 -k fixed");
    let Command::Kafka(_, KafkaCommand::Send { key, partition, .. }) = &placed.command else { panic!("{placed:?}") };
    assert_eq!((key.as_deref(), *partition), (Some("fixed"), Some(2)));
    assert_eq!(placed.input.and_then(|input| input.piped), Some(vec!["b".to_owned()]));
}

#[test]
fn readers_begin_where_they_are_told() {
    for (options, wanted) in [
        ("-C -t t", "app.from=begin auto.offset.reset=latest enable.auto.commit=false"),
        ("-C -t t -o end -c 5", "app.from=end app.max.messages=5 auto.offset.reset=latest enable.auto.commit=false"),
        ("-C -t t -p 1 -o -3", "app.assign=t-1 app.from=-3 auto.offset.reset=latest enable.auto.commit=false"),
        ("-C -t t -o s@17", "app.from=time:17 auto.offset.reset=latest enable.auto.commit=false"),
        ("-G g t u", "auto.offset.reset=latest"),
        ("-G g -o beginning t -X auto.offset.reset=smallest", "app.from=begin auto.offset.reset=earliest"),
        ("-G g -o stored t", "auto.offset.reset=latest"),
    ] {
        let settings = settings(&format!("kcat -b x:9092 {options}"));
        let all: Vec<String> = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(all.join(" "), wanted, "{options}");
    }
    let member = run("kcat -q -b x:9092 -G g t u");
    let Command::Kafka(_, KafkaCommand::AddConsumer { group, topics, .. }) = &member.command else {
        panic!("{member:?}")
    };
    assert_eq!((&**group, topics.len(), member.before.plain()), ("g", 2, Vec::new()));
    assert_eq!(run("kcat -b x:9092 -G g t").before.plain(), ["% Waiting for group rebalance"]);
    let chosen = "% Auto-selecting Producer mode (use -P or -C to override)";
    assert_eq!(run("echo a | kcat -b x:9092 -t t").before.plain(), [chosen]);
}

/// `fmt_msg_output` of kcat 1.7.1.
#[test]
fn records_are_laid_out_as_kcat_does() {
    let partition = base::TopicPartition::new("t", 2);
    let header = |key: &str, value: Option<&str>| records::Header {
        key: key.into(),
        value: value.map(|value| value.as_bytes().to_vec().into()),
    };
    let full = records::Record {
        offset: Offset(5),
        timestamp: base::Timestamp(17),
        sequence: 0,
        key: Some(b"k".to_vec().into()),
        value: Some(b"say \"hi\"".to_vec().into()),
        headers: vec![header("a", Some("1")), header("b", None)],
    };
    let bare = records::Record { key: None, value: None, headers: Vec::new(), ..full.clone() };
    for (options, record, wanted) in [
        ("", &full, "say \"hi\""),
        ("-K :", &full, "k:say \"hi\""),
        ("-K '\\t' -Z", &bare, "NULL\tNULL"),
        ("-D '<>\\n'", &full, "say \"hi\"<>"),
        ("-f '%t-%p@%o %T %k(%K) %S %h%%\\x41\\n'", &full, "t-2@5 17 k(1) 8 a=1,b=NULL%A"),
        ("-f '%k|%s|%K|%S\\n'", &bare, "||-1|-1"),
        (
            "-J",
            &full,
            "{\"topic\":\"t\",\"partition\":2,\"offset\":5,\"tstype\":\"create\",\"ts\":17,\"broker\":3,\"headers\":[\"a\",\"1\",\"b\",null],\"key\":\"k\",\"payload\":\"say \\\"hi\\\"\"}",
        ),
        (
            "-J",
            &bare,
            "{\"topic\":\"t\",\"partition\":2,\"offset\":5,\"tstype\":\"create\",\"ts\":17,\"broker\":3,\"key\":null,\"payload\":null}",
        ),
    ] {
        let mut printer = run(&format!("kcat -C -b x:9092 -t t {options}")).printer.expect("it prints");
        let mut output = cli::Output::default();
        let stamp = records::TimestampType::CreateTime;
        printer.print(&cli::Consumed { partition: &partition, record, broker: Some(3), stamp }, &mut output);
        assert_eq!(output.plain(), [wanted], "{options}");
    }
}

#[test]
fn odd_lines_are_refused_in_words() {
    for (line, words) in [
        ("kcat -L", "% ERROR: -b <broker,..> missing"),
        ("kcat -b x:9092 -C", "% ERROR: -t <topic> missing"),
        ("kcat -b x:9092 -y", "kcat: invalid option -- 'y'"),
        ("kcat -b", "kcat: option requires an argument -- 'b'"),
        ("kcat -b x:9092 -t t -c many", "% ERROR: Invalid value for -c: many"),
        ("kcat -b x:9092 -Q -t t:0", "% ERROR: -Q requires one or more -t <topic>:<partition>:<timestamp>"),
        ("kcat -b x:9092 -t t -f %z", "% ERROR: Unsupported formatter: %z"),
        ("kcat -b x:9092 -t t -f 50%", "% ERROR: Empty formatter"),
        ("kcat -b x:9092 -G g", "% ERROR: Failed to subscribe to 0 topics: Local: Invalid argument or configuration"),
        ("kcat -b x:9092 -G g -o s@5 t", "% ERROR: -o ..@ timestamps can't be used with -G mode"),
        (
            "kcat -b x:9092 -t t -e -J",
            "kcat -e: Kafka can, this page cannot (leave -e away, or timestamps and headers)",
        ),
    ] {
        assert_eq!(cli::run(line).map(|run| run.command).map_err(|error| error.to_string()), Err(words.to_owned()));
    }
}

#[test]
fn a_class_is_called_by_its_script() {
    let by_class = "kafka-run-class.sh org.apache.kafka.tools.GetOffsetShell --bootstrap-server x:9092 --topic t";
    assert_eq!(run(by_class), run("kafka-get-offsets.sh --bootstrap-server x:9092 --topic t"));
    let old =
        cli::run("kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list x:9092 --topic t").expect_err("old");
    assert_eq!(old.to_string(), "Error: Could not find or load main class kafka.tools.GetOffsetShell");
    assert_eq!(old.instead(), Some("kafka-get-offsets.sh --bootstrap-server broker-1:9092 --topic t"));
    assert!(cli::run("kafka-run-class.sh").is_err());
}

#[test]
fn headers_stand_before_the_key() {
    let tool = "kafka-console-producer.sh --bootstrap-server x:9092 --topic t --reader-property parse.headers=true \
                --reader-property parse.key=true --reader-property key.separator=: --reader-property headers.delimiter=/";
    let sent = run(&format!("{tool} <<< 'a:1,b:2/k:v'"));
    let Command::Kafka(_, KafkaCommand::Send { key, value, headers, .. }) = &sent.command else { panic!("{sent:?}") };
    let named: Vec<(&str, Option<&str>)> = headers.iter().map(|(name, value)| (&**name, value.as_deref())).collect();
    assert_eq!((key.as_deref(), value.as_deref()), (Some("k"), Some("v")));
    assert_eq!(named, [("a", Some("1")), ("b", Some("2"))]);
    for (line, words) in [
        ("k:v", "No headers delimiter found on line number 1: 'k:v'"),
        ("a/k:v", "No header key separator found in pair 'a' on line number 1"),
        ("a:1/v", "No key separator found on line number 1: 'a:1/v'"),
    ] {
        let refused = cli::run(&format!("{tool} <<< '{line}'")).expect_err(line).to_string();
        assert_eq!(refused, format!("org.apache.kafka.common.KafkaException: {words}"));
    }
}

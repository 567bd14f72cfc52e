//! Kafka's own tools in the terminal, from the first line of a tutorial to the last.

use session::visit::Visit;
use session::{LineKind, Playback, Session, Start, Surroundings, ViewOptions};
use view::text::Language;

const EN: Language = Language::English;

pub fn session() -> Session {
    visited(Visit::default())
}

pub fn visited(visit: Visit) -> Session {
    let start = Start { visit, fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&options()).way.is_some() {
        session.advance(16.0, EN);
    }
    session.play(Playback::Toggle);
    session
}

fn options() -> ViewOptions {
    ViewOptions { language: EN, ..ViewOptions::default() }
}

/// What a line prints, until its answer is there and so many frames more.
pub fn printed(session: &mut Session, line: &str, frames: u32) -> Vec<String> {
    printed_in_steps(session, line, frames, 16.0)
}

/// The same with frames that take so many milliseconds.
fn printed_in_steps(session: &mut Session, line: &str, frames: u32, milliseconds: f64) -> Vec<String> {
    let mut lines: Vec<(LineKind, String)> = Vec::new();
    session.enter(line, EN).expect("there is room");
    let mut left = frames;
    for _ in 0..4_000 {
        while session.due(EN).is_some() {
            lines.extend(session.take_turn(EN).into_iter().map(|line| (line.kind, line.text)));
        }
        session.advance(milliseconds, EN);
        for answer in &session.frame(&options()).answers {
            let session::Asker::Line(line) = &answer.asker else { continue };
            lines.extend(session::printed(line, answer).into_iter().map(|line| (line.kind, line.text)));
        }
        if session.waiting(EN).is_none() {
            if left == 0 {
                break;
            }
            left -= 1;
        }
    }
    let own = |kind: &LineKind| matches!(kind, LineKind::Output | LineKind::Error);
    lines.into_iter().filter(|(kind, _)| own(kind)).map(|(_, text)| text).collect()
}

/// As `ls` names them, of any node.
#[test]
fn files_of_nodes_are_listed_and_dumped() {
    let mut session = session();
    let tools = "--bootstrap-server localhost:9092 --topic t";
    printed(&mut session, &format!("kafka-topics.sh --create --partitions 1 --replication-factor 3 {tools}"), 2);
    printed(&mut session, &format!("printf 'a\\nb' | kafka-console-producer.sh {tools}"), 120);
    assert!(printed(&mut session, "ls data", 0).contains(&"kafka-logs-101".to_owned()));
    let folders = printed(&mut session, "ls data/kafka-logs-2", 0);
    assert!(
        ["t-0", "__cluster_metadata-0"].iter().all(|name| folders.iter().any(|folder| folder == name)),
        "{folders:?}"
    );
    let log = "00000000000000000000.log";
    let files = printed(&mut session, "ls /kafka-logs-2/t-0", 0);
    assert!(files.iter().any(|name| name == log), "{files:?}");
    let lines =
        printed(&mut session, &format!("kafka-dump-log.sh --print-data-log --files /kafka-logs-2/t-0/{log}"), 0);
    assert_eq!(lines[1], "Log starting offset: 0");
    assert!(lines[2].starts_with("baseOffset: 0 lastOffset: 1 count: 2 "), "{lines:?}");
    assert!(
        lines[3].starts_with("| offset: 0 CreateTime: ") && lines[3].ends_with(" headerKeys: [] payload: a"),
        "{lines:?}"
    );
    let metadata =
        format!("kafka-dump-log.sh --cluster-metadata-decoder --files /kafka-logs-101/__cluster_metadata-0/{log}");
    let lines = printed(&mut session, &metadata, 0);
    let topic = "{\"type\":\"TOPIC_RECORD\",\"version\":0,\"data\":{\"name\":\"t\",\"topicId\":\"";
    assert!(lines.iter().any(|line| line.contains(topic)), "{lines:?}");
    for (file, said) in [
        (format!("/kafka-logs-9/t-0/{log}"), format!("java.nio.file.NoSuchFileException: /kafka-logs-9/t-0/{log}")),
        (
            "/kafka-logs-2/t-0/nope.log".to_owned(),
            "java.lang.NumberFormatException: For input string: \"nope\"".to_owned(),
        ),
    ] {
        let lines = printed(&mut session, &format!("kafka-dump-log.sh --files {file}"), 0);
        assert!(lines.contains(&format!("Exception in thread \"main\" {said}")), "{lines:?}");
    }
    let missing = printed(&mut session, "ls /kafka-logs-2/nope-0", 0);
    assert_eq!(missing, ["ls: cannot access '/kafka-logs-2/nope-0': No such file or directory"]);
}

/// Each line with what must be among what it prints.
#[test]
fn a_tutorial_is_typed_from_its_first_line_to_its_last() {
    let mut session = session();
    let server = "--bootstrap-server localhost:9092";
    for (line, wanted) in [
        (
            format!(
                "bin/kafka-topics.sh --create --topic quickstart-events --partitions 2 --replication-factor 3 {server}"
            ),
            "Created topic quickstart-events.",
        ),
        (format!("bin/kafka-topics.sh --list {server}"), "quickstart-events"),
        (
            format!("bin/kafka-topics.sh --describe --topic quickstart-events {server}"),
            "\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: min.insync.replicas=1",
        ),
        (
            format!(
                "echo 'k1:my first event' | bin/kafka-console-producer.sh --topic quickstart-events {server} --property parse.key=true --property key.separator=:"
            ),
            "Warning: --property is deprecated",
        ),
        (format!("bin/kafka-get-offsets.sh --topic quickstart-events {server}"), "quickstart-events:0:"),
        (
            format!(
                "bin/kafka-configs.sh {server} --alter --entity-type topics --entity-name quickstart-events --add-config retention.ms=60000"
            ),
            "Completed updating config for topic quickstart-events.",
        ),
        (
            format!("bin/kafka-configs.sh {server} --describe --entity-type topics --entity-name quickstart-events"),
            "  retention.ms=60000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=60000",
        ),
        (format!("bin/kafka-consumer-groups.sh {server} --list"), "billing"),
        (format!("bin/kafka-consumer-groups.sh {server} --describe --group billing"), "CURRENT-OFFSET"),
        (format!("bin/kafka-consumer-groups.sh {server} --describe --group billing --members"), "#PARTITIONS"),
        (format!("bin/kafka-consumer-groups.sh {server} --describe --group billing --state"), "COORDINATOR (ID)"),
        (
            format!("bin/kafka-consumer-groups.sh {server} --describe --group nobody"),
            "Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException",
        ),
        (format!("bin/kafka-metadata-quorum.sh {server} describe --status"), "LeaderId:"),
        (format!("bin/kafka-metadata-quorum.sh {server} describe --replication"), "LastCaughtUpTimestamp"),
        (format!("bin/kafka-cluster.sh cluster-id {server}"), "Cluster ID: "),
        (
            format!("bin/kafka-log-dirs.sh {server} --describe --topic-list quickstart-events"),
            "\"partition\":\"quickstart-events-0\"",
        ),
        (format!("bin/kafka-log-dirs.sh {server} --describe --broker-list 77"), "do not exist from --broker-list: 77"),
        (format!("bin/kafka-broker-api-versions.sh {server}"), "\tProduce(0): "),
        ("bin/kafka-topics.sh --zookeeper localhost:2181 --list".to_owned(), "zookeeper is not a recognized option"),
        (format!("bin/kafka-topics.sh --delete --topic quickstart-events {server}"), ""),
        (format!("bin/kafka-topics.sh --delete --topic quickstart-events {server}"), "does not exist as expected"),
    ] {
        let lines = printed(&mut session, &line, 0);
        assert!(wanted.is_empty() || lines.iter().any(|line| line.contains(wanted)), "{line}: {lines:#?}");
    }
}

/// Two consumers without a group read all, each in a group of its own; each ends as its line says.
#[test]
fn console_consumers_print() {
    let mut session = session();
    let tools = "--bootstrap-server localhost:9092 --topic t";
    printed(&mut session, &format!("kafka-topics.sh --create --partitions 1 --replication-factor 1 {tools}"), 0);
    for value in ["one", "two"] {
        printed(&mut session, &format!("kafka-console-producer.sh {tools} <<< {value}"), 0);
    }
    for _ in 0..2 {
        let line = format!(
            "kafka-console-consumer.sh {tools} --from-beginning --max-messages 2 --formatter-property print.offset=true"
        );
        let lines = printed(&mut session, &line, 2_000);
        let wanted = ["Offset:0\tone", "Offset:1\ttwo", "Processed a total of 2 messages"];
        assert!(wanted.iter().all(|wanted| lines.iter().any(|line| line == wanted)), "{lines:#?}");
    }
    let line = format!(
        "kafka-console-consumer.sh {tools} --partition 0 --offset 1 --formatter-property print.timestamp=true \
         --formatter-property print.partition=true --formatter-property print.key=true"
    );
    let lines = printed(&mut session, &line, 2_000);
    let is_two = |line: &&String| line.starts_with("CreateTime:1") && line.ends_with("\tPartition:0\tnull\ttwo");
    assert!(lines.iter().any(|line| is_two(&line)) && !lines.iter().any(|line| line.ends_with("one")), "{lines:#?}");
    assert_eq!(session.foreground(), session::Foreground::Prints, "it waits for more");
    session.interrupt(EN);
    printed(&mut session, "list-topics", 200);
    let line = format!("kafka-console-consumer.sh {tools} --partition 0 --timeout-ms 500");
    let lines = printed(&mut session, &line, 2_000);
    let wanted = ["org.apache.kafka.common.errors.TimeoutException", "Processed a total of 0 messages"];
    assert!(wanted.iter().all(|wanted| lines.iter().any(|line| line == wanted)), "{lines:#?}");
    assert_eq!(session.foreground(), session::Foreground::Shell);
}

/// With its prompt a console producer takes each line that is typed for a record, until its input ends; through a pipe it reads
/// all lines.
#[test]
fn a_console_producer_has_a_prompt() {
    let mut session = session();
    let tools = "--bootstrap-server localhost:9092 --topic t";
    printed(&mut session, &format!("kafka-topics.sh --create --partitions 1 --replication-factor 1 {tools}"), 0);
    let keyed = "--reader-property parse.key=true --reader-property key.separator=:";
    printed(&mut session, &format!("kafka-console-producer.sh {tools} {keyed}"), 0);
    assert_eq!(session.foreground(), session::Foreground::Reads);
    let typed = session.line("a:kill 2", EN);
    assert_eq!(typed.iter().map(|line| &*line.text).collect::<Vec<_>>(), [">a:kill 2"]);
    assert_eq!(printed(&mut session, "  b: spaces count", 200), Vec::<String>::new());
    let lines = printed(&mut session, "no separator", 0);
    assert!(lines[0].ends_with("No key separator found on line number 3: 'no separator'"), "{lines:?}");
    assert_eq!(session.foreground(), session::Foreground::Shell, "the tool has ended");
    printed(&mut session, &format!("printf 'c\\nd' | kafka-console-producer.sh {tools}"), 200);
    let shown = "--from-beginning --max-messages 4 --formatter-property print.key=true";
    let lines = printed(&mut session, &format!("kafka-console-consumer.sh {tools} {shown}"), 2_000);
    let records = ["a\tkill 2", "  b\t spaces count", "null\tc", "null\td"];
    assert!(records.iter().all(|record| lines.iter().any(|line| line == record)), "{lines:#?}");
    printed(&mut session, &format!("kafka-console-producer.sh {tools}"), 0);
    session.end_input(EN);
    assert_eq!(session.foreground(), session::Foreground::Shell);
    assert!(session.line("help", EN).len() > 5, "lines are commands again");
}

/// What a picture shows is the last moments only, which are few milliseconds of Kafka where much is to be seen: at a high speed
/// more than that passes between two frames.
#[test]
fn console_consumers_miss_nothing_however_fast_time_passes() {
    for (speed, milliseconds) in [(20.0, 16.0), (20.0, 100.0), (100.0, 50.0)] {
        let mut session = visited(Visit { speed: Some(speed), ..Visit::default() });
        let tools = "--bootstrap-server localhost:9092 --topic t";
        let steps = |session: &mut Session, line: &str, frames| printed_in_steps(session, line, frames, milliseconds);
        steps(&mut session, &format!("kafka-topics.sh --create --partitions 1 --replication-factor 1 {tools}"), 0);
        steps(&mut session, &format!("kafka-console-producer.sh {tools} <<< one"), 20);
        let line = format!("kafka-console-consumer.sh {tools} --from-beginning --max-messages 1");
        let lines = steps(&mut session, &line, 200);
        assert_eq!(lines.iter().filter(|line| *line == "one").count(), 1, "×{speed}: {lines:#?}");
        assert!(lines.iter().any(|line| line == "Processed a total of 1 messages"), "×{speed}: {lines:#?}");
    }
}

/// Whoever only asks has done nothing that could be taken back; what he did before is still what undoing takes away.
#[test]
fn a_question_is_nothing_to_undo() {
    let mut session = session();
    let server = "--bootstrap-server localhost:9092";
    printed(&mut session, &format!("kafka-topics.sh --describe {server}"), 0);
    assert_eq!((session.changes_done(), session.last_done(EN)), (0, None));
    printed(&mut session, &format!("kafka-topics.sh --create --topic t {server}"), 0);
    let done = session.last_done(EN);
    for line in ["kafka-topics.sh --list", "kafka-get-offsets.sh", "kafka-consumer-groups.sh --list"] {
        printed(&mut session, &format!("{line} {server}"), 0);
    }
    let dry = "--reset-offsets --group billing --all-topics --to-earliest --dry-run";
    printed(&mut session, &format!("kafka-consumer-groups.sh {server} {dry}"), 0);
    assert_eq!((session.changes_done(), session.last_done(EN), session.acts_done()), (1, done, 6));
    session.play(Playback::Undo);
    while session.frame(&options()).way.is_some() {
        session.advance(16.0, EN);
    }
    assert_eq!((session.changes_done(), session.acts_done(), session.acts_undone()), (0, 5, 1));
    session.play(Playback::Redo);
    assert_eq!((session.changes_done(), session.acts_done()), (1, 6));
}

/// Every question is an act of the run: a link holds it and gives it back.
#[test]
fn questions_are_in_links() {
    let mut session = session();
    let line = "kafka-consumer-groups.sh --bootstrap-server broker-1:9092 --describe --group billing --members";
    printed(&mut session, line, 0);
    let link = script::link::Link::read(&session.link_at_once()).expect("it opens");
    let asked = link.commands.last().map(|act| script::print(&act.command)).expect("one act");
    assert!(asked.starts_with("ask "), "{asked}");
    assert_eq!(script::parse(&asked).ok().as_ref(), link.commands.last().map(|act| &act.command));
}

/// A text's lines of tools come in the terminal when the run comes to them, each with what it prints.
#[test]
fn what_a_text_types_comes_in_the_terminal() {
    let text = std::fs::read_to_string("../../../www/lessons/m30.txt").expect("the lesson is there");
    let visit = Visit { speed: Some(20.0), ..Visit::default() };
    let start = Start { visit, text: Some(text), ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    let mut lines = Vec::new();
    for _ in 0..2_000 {
        let frame = session.frame(&options());
        let typed = frame.answers.iter().filter(|answer| answer.asker == session::Asker::Text);
        lines.extend(typed.flat_map(|answer| answer.tool.clone().unwrap_or_default()).map(|line| line.text));
        if lines.iter().any(|line| line.starts_with("Topic: order")) {
            break;
        }
        if frame.way.is_none() && !frame.timeline.playing {
            session.play(Playback::Toggle);
        }
        session.advance(50.0, EN);
    }
    for wanted in [
        "$ bin/kafka-server-start.sh config/server-3.properties",
        "zookeeper is not a recognized option",
        "Created topic order.",
        "broker-list is not a recognized option",
    ] {
        assert!(lines.iter().any(|line| line == wanted), "{wanted}: {lines:#?}");
    }
    let created = |line: &&String| *line == "Created topic order.";
    assert_eq!(lines.iter().filter(created).count(), 1, "once: {lines:#?}");
}

/// A producer is measured by the run that it takes: so many records at such a pace, and their latencies.
#[test]
fn a_producer_is_measured() {
    let mut session = session();
    let server = "--bootstrap-server localhost:9092";
    printed(&mut session, &format!("kafka-topics.sh --create --topic t --partitions 1 {server}"), 0);
    let line = "kafka-producer-perf-test.sh --topic t --num-records 300 --record-size 1000 --throughput 100 --reporting-interval \
                1000 --producer-props bootstrap.servers=broker-1:9092 acks=1";
    let lines = printed(&mut session, line, 3_000);
    let total = lines.last().expect("it prints");
    let words: Vec<&str> = total.split(' ').collect();
    assert_eq!((words[0], words[1], words[2]), ("300", "records", "sent,"), "{lines:#?}");
    let rate: f64 = words[3].parse().expect("a rate");
    assert!((80.0..=101.0).contains(&rate), "{total}");
    assert!(total.ends_with("ms 99.9th.") && total.contains(" MB/sec), "), "{total}");
    let windows = lines.iter().filter(|line| line.ends_with(" ms max latency.")).count();
    assert!((2..=3).contains(&windows), "{lines:#?}");
    assert_eq!(session.foreground(), session::Foreground::Shell, "the tool has ended");
    let refused = printed(&mut session, &format!("kafka-producer-perf-test.sh {server} --topic t"), 0);
    assert_eq!(refused[0], "producer-performance: error: argument --num-records is required");
}

/// The tool looks which groups there are, and then asks each.
#[test]
fn all_groups_are_reset_and_deleted() {
    let mut session = session();
    let tool = "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --all-groups";
    let tools = "--bootstrap-server localhost:9092 --topic orders";
    printed(
        &mut session,
        &format!("kafka-console-consumer.sh {tools} --from-beginning --group a --max-messages 1"),
        2_000,
    );
    let lines = printed(&mut session, &format!("{tool} --reset-offsets --all-topics --to-earliest --dry-run"), 0);
    let active =
        "Error: Assignments can only be reset if the group 'billing' is inactive, but the current state is Stable.";
    assert!(lines.iter().any(|line| line == active), "{lines:#?}");
    let of_a = lines.iter().filter(|line| line.starts_with("a  ") && line.ends_with(" 0")).count();
    assert_eq!(of_a, 3, "{lines:#?}");
    let lines = printed(&mut session, &format!("{tool} --delete"), 0);
    let failed = "* Group 'billing' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.";
    assert!(lines.iter().any(|line| line == failed), "{lines:#?}");
    let list = printed(&mut session, "kafka-consumer-groups.sh --bootstrap-server localhost:9092 --list", 0);
    assert_eq!(list, ["billing"]);
}

/// kcat's common forms, up to what they print.
#[test]
fn kcat_lists_sends_and_reads() {
    let mut session = session();
    let server = "--bootstrap-server localhost:9092";
    printed(&mut session, &format!("kafka-topics.sh --create --topic t --partitions 2 {server}"), 0);
    let lines = printed(&mut session, "kcat -b localhost:9092 -L -t t", 0);
    assert!(lines.iter().any(|line| line == "  topic \"t\" with 2 partitions:"), "{lines:#?}");
    printed(&mut session, "printf 'one\\ntwo' | kcat -b localhost:9092 -t t -p 1", 300);
    let lines = printed(&mut session, "kcat -b localhost:9092 -C -t t -o beginning -e -f '%t %p %o %s\\n'", 0);
    let end = "% Reached end of topic t [0] at offset 0";
    assert_eq!(lines, [end, "t 1 0 one", "t 1 1 two", "% Reached end of topic t [1] at offset 2: exiting"]);
    let lines = printed(&mut session, "kcat -b localhost:9092 -Q -t t:1:-1", 0);
    assert_eq!(lines, ["t [1] offset 2"]);
}

/// `ClientUtils.parseAndValidateAddresses` and what each tool makes of its exception; and tools that find nobody.
#[test]
fn tools_begin_where_their_line_says() {
    let mut session = session();
    let unresolved = "No resolvable bootstrap urls given in bootstrap.servers";
    for (line, words) in [
        ("kafka-topics.sh --list --bootstrap-server weekend:9092", "Failed to create new KafkaAdminClient"),
        (
            "kafka-consumer-groups.sh --list --bootstrap-server weekend:9092",
            "Error: Executing consumer group command failed due to Failed to create new KafkaAdminClient",
        ),
        (
            "kafka-get-offsets.sh --topic orders --bootstrap-server weekend:9092",
            "Error occurred: Failed to create new KafkaAdminClient",
        ),
        (
            "kafka-console-producer.sh --topic orders --bootstrap-server weekend:9092 <<< hi",
            "org.apache.kafka.common.KafkaException: Failed to construct kafka producer",
        ),
        (
            "kafka-console-consumer.sh --topic orders --bootstrap-server weekend:9092",
            "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer",
        ),
    ] {
        let lines = printed(&mut session, line, 2);
        let told = |words: &str| lines.iter().any(|line| line.contains(words));
        assert!(
            told(
                "WARN Couldn't resolve server weekend:9092 from bootstrap.servers as DNS resolution failed for weekend"
            ),
            "{lines:?}"
        );
        assert!(told(words), "{line}: {lines:?}");
        assert!(told(unresolved), "{line}: {lines:?}");
    }
    // Its client waits for a minute (`default.api.timeout.ms`).
    for _ in 0..12 {
        session.play(Playback::Faster);
    }
    let lines = printed_in_steps(&mut session, "kafka-topics.sh --list --bootstrap-server broker-1:9999", 2, 200.0);
    let told = |words: &str| lines.iter().any(|line| line.contains(words));
    assert!(
        told("Connection to node -1 (broker-1:9999) could not be established. Node may not be available."),
        "{lines:?}"
    );
    assert!(
        told("Error while executing topic command : Timed out waiting for a node assignment. Call: listTopics"),
        "{lines:?}"
    );
}

/// `ConsumerWrapper.resetUnconsumedOffsets`: what was handed out and not printed is read again by whoever comes next.
#[test]
fn a_console_consumer_commits_what_it_has_printed() {
    let mut session = session();
    let b = "--bootstrap-server broker-1:9092";
    printed(&mut session, &format!("kafka-topics.sh --create --topic eight --partitions 1 {b}"), 4);
    printed(&mut session, &format!("seq 8 | kafka-console-producer.sh --topic eight {b}"), 200);
    for (printing, current, lag) in [(3, 3, 5), (2, 5, 3)] {
        let line = format!(
            "kafka-console-consumer.sh --topic eight --group g1 --from-beginning --max-messages {printing} {b}"
        );
        printed(&mut session, &line, 1_500);
        let lines = printed(&mut session, &format!("kafka-consumer-groups.sh --describe --group g1 {b}"), 4);
        let row = lines.iter().find(|line| line.contains("eight")).unwrap_or_else(|| panic!("{lines:?}"));
        let words: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(words[3..6], [current.to_string(), "8".to_owned(), lag.to_string()], "{lines:?}");
    }
}

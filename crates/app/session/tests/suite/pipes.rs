//! What the terminal's shell makes of a line: filters behind tools, several steps, loops, and what it refuses.

use super::tools::{printed, session};
use session::Playback;

const B: &str = "--bootstrap-server localhost:9092";

/// A cluster with a topic and some records.
fn with_records() -> session::Session {
    let mut session = session();
    let create = format!("kafka-topics.sh {B} --create --topic t --partitions 1 --replication-factor 3");
    printed(&mut session, &create, 2);
    let fed = format!("for i in $(seq 4); do echo \"k$i\"; done | kafka-console-producer.sh {B} --topic t");
    printed(&mut session, &fed, 200);
    session
}

#[test]
fn filters_take_what_any_line_prints() {
    let mut session = with_records();
    let consumer = format!("kafka-console-consumer.sh {B} --topic t --from-beginning --max-messages 4");
    for (line, wanted) in [
        (format!("kafka-topics.sh {B} --describe --topic t | grep Leader"), vec!["\tTopic: t\tPartition: 0\tLeader"]),
        (format!("kafka-topics.sh {B} --list | grep -c t"), vec!["2"]),
        (format!("kafka-topics.sh {B} --list | sort -r | head -1"), vec!["t"]),
        (format!("kafka-topics.sh {B} --version | wc -l"), vec!["1"]),
        ("list-topics | grep -v _".to_owned(), vec!["orders", "t"]),
        ("ls logs | wc -l".to_owned(), vec!["7"]),
        ("cat config/server-1.properties | grep node.id".to_owned(), vec!["node.id=1"]),
        ("grep -c roles config/server-1.properties".to_owned(), vec!["1"]),
        ("tail -n 1 nothing.txt".to_owned(), vec!["tail: cannot open 'nothing.txt' for reading"]),
        ("ls data/kafka-logs-1/t-0 | grep '\\.log$' | wc -l".to_owned(), vec!["1"]),
        ("where t key=a | head -1 | wc -l".to_owned(), vec!["1"]),
        ("echo done".to_owned(), vec!["done"]),
    ] {
        let lines = printed(&mut session, &line, 0);
        assert_eq!(lines.len(), wanted.len(), "{line}: {lines:?}");
        assert!(lines.iter().zip(&wanted).all(|(line, wanted)| line.starts_with(wanted)), "{line}: {lines:?}");
    }
    let own = |lines: Vec<String>| -> Vec<String> {
        lines
            .into_iter()
            .filter(|line| !line.contains("KIP-848") && !line.contains("TimeoutException") && !line.starts_with('\t'))
            .collect()
    };
    let lines = own(printed(&mut session, &format!("{consumer} | grep -v k2 | tail -2"), 2_000));
    assert_eq!(lines.iter().filter(|line| line.starts_with('k')).collect::<Vec<_>>(), ["k3", "k4"], "{lines:?}");
    // Whose reader has gone ends with the next record.
    let lines = own(printed(&mut session, &format!("{consumer} | head -2"), 2_000));
    assert_eq!(lines[..3], ["k1", "k2", "Unable to write to standard out, closing consumer."], "{lines:?}");
}

#[test]
fn steps_follow_each_other() {
    let topics = format!("kafka-topics.sh {B}");
    let create = format!("{topics} --create --topic a");
    for (line, wanted) in [
        (format!("{create}; echo two"), vec!["Created topic a.", "two"]),
        (format!("{create} && echo two && echo three"), vec!["Created topic a.", "two", "three"]),
        (format!("{topics} --delete --topic nothing > x && echo two"), vec!["there are no files"]),
        (format!("{topics} --list | grep nothing && echo two; echo three"), vec!["three"]),
        (format!("{topics} --list | grep orders && echo two"), vec!["orders", "two"]),
        ("cat nothing && echo two; echo three".to_owned(), vec!["cat: nothing", "three"]),
        (format!("{topics} --bad-option && echo two"), vec!["bad-option is not"]),
        ("for n in x y; do echo $n; done; echo end".to_owned(), vec!["x", "y", "end"]),
        (format!("for n in x y; do {topics} --create --topic $n; done"), vec!["Created topic x.", "Created topic y."]),
        ("while read a; do echo $a; done".to_owned(), vec!["while is not read here"]),
        ("ps | grep server-2 | wc -l; kill 2; ps | grep server-2 | wc -l".to_owned(), vec!["1", "0"]),
    ] {
        let lines = printed(&mut session(), &line, 0);
        let lines: Vec<&String> = lines.iter().filter(|line| !line.starts_with(['\t', '['])).collect();
        let fits = wanted.iter().zip(&lines).all(|(wanted, line)| line.contains(wanted));
        let is_tool = line.contains("bad-option");
        assert!(fits && (is_tool || wanted.len() == lines.len()), "{line}: {lines:?}");
        assert!(!is_tool || !lines.iter().any(|line| *line == "two"), "{lines:?}");
    }
}

/// All records of one line are handed over at one instant, whatever the reader's pace.
#[test]
fn a_pipe_is_one_act_at_any_pace() {
    let read = format!(
        "kafka-console-consumer.sh {B} --topic t --from-beginning --max-messages 30 --property print.timestamp=true"
    );
    let mut spans = Vec::new();
    for faster in [0, 3, 9] {
        let mut session = session();
        printed(&mut session, &format!("kafka-topics.sh {B} --create --topic t --partitions 1"), 2);
        (0..faster).for_each(|_| session.play(Playback::Faster));
        printed(&mut session, &format!("seq 30 | kafka-console-producer.sh {B} --topic t"), 100);
        let lines = printed(&mut session, &read, 2_000);
        let times: Vec<i64> = lines
            .iter()
            .filter_map(|line| line.strip_prefix("CreateTime:")?.split('\t').next()?.parse().ok())
            .collect();
        assert_eq!(times.len(), 30, "{lines:?}");
        spans.push(times[29] - times[0]);
    }
    assert_eq!(spans, [0, 0, 0]);
}

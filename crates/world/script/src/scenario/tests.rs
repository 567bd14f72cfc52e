//! A scenario is read line by line, and each wrong one is named with its place.

use super::*;
use crate::print;
use sim::{Command, KafkaCommand};

#[test]
fn the_opening_scene_is_read() {
    let scenario = Scenario::opening();
    assert!(scenario.commands.len() >= 7);
    let again = Scenario::script(&scenario.commands);
    assert_eq!(Scenario::parse(&again).map(|read| read.commands), Ok(scenario.commands));
}

/// Lines follow each other as in a story: relative times, several commands at one instant, looks between them.
#[test]
fn lines_are_placed() {
    let text = "title: t\n\n@8s create-topic orders\n+500ms add-producer web orders; send web 'a; b'\nsend web c\n\
                see answer is done [why]\nremember\n+1s see lost 0\n@20s\n----\n@1s nonsense\n";
    let scenario = Scenario::parse(text).expect("read");
    let places: Vec<(u64, String)> =
        scenario.commands.iter().map(|placed| (placed.after.0, print(&placed.command))).collect();
    let second = 1_000_000_000;
    let expected = [
        (8 * second, "create-topic orders"),
        (8 * second + 500_000_000, "add-producer web orders"),
        (8 * second + 500_000_001, "send web 'a; b'"),
        (8 * second + 500_000_002, "send web c"),
    ];
    assert_eq!(places, expected.map(|(at, line)| (at, line.to_owned())));
    let sees: Vec<(u64, usize, u32, u32, &str)> = scenario
        .sees
        .iter()
        .map(|see| (see.at.0, see.after_commands, see.line, see.column, see.text.as_str()))
        .collect();
    let first = 8 * second + 500_000_003;
    let expected = [
        (first, 4, 6, 5, "answer is done [why]"),
        (first, 4, 7, 1, "remember"),
        (9 * second + 500_000_000, 4, 8, 9, "lost 0"),
    ];
    assert_eq!(sees, expected);
    assert_eq!(scenario.ends_at, Time(20 * second));
}

/// A look is one part of a line, as commands are; its source may hold semicolons and an apostrophe.
#[test]
fn looks_and_commands_share_a_line() {
    let text = "@8s see lost 0 [Kafka's own; KIP-966]; kill 1; see lost 0; remember; start 1\n";
    let scenario = Scenario::parse(text).expect("read");
    let commands: Vec<String> = scenario.commands.iter().map(|placed| print(&placed.command)).collect();
    assert_eq!(commands, ["kill 1", "start 1"]);
    let sees: Vec<(&str, usize)> = scenario.sees.iter().map(|see| (&*see.text, see.after_commands)).collect();
    assert_eq!(sees, [("lost 0 [Kafka's own; KIP-966]", 0), ("lost 0", 1), ("remember", 1)]);
}

#[test]
fn a_scenario_goes_on_from_a_scene() {
    let opening = Scenario::opening();
    let scenario = Scenario::parse("scene: opening\nset: num.partitions=2\n@24s kill 2\n").expect("read");
    assert_eq!(scenario.commands.len(), opening.commands.len() + 1);
    assert_eq!(scenario.commands[..opening.commands.len()], opening.commands);
    assert_eq!((scenario.seed, scenario.setup), (opening.seed, opening.setup.with("num.partitions", "2")));
    assert!(Scenario::parse("scene: opening\n@1s kill 2\n").is_err(), "the scene's acts go first");
}

#[test]
fn wrong_lines_are_named() {
    for (text, words) in [
        ("hello", "line 1, column 1: 'hello' is neither a header nor a command"),
        ("seed: x", "line 1, column 7: seed does not take 'x'"),
        ("scene: nowhere", "line 1, column 8: scene does not take 'nowhere'"),
        ("sead: 7", "line 1, column 1: there is no header 'sead'; the nearest is 'seed'"),
        ("kill 1; explode", "line 1, column 9: there is no command 'explode'; 'help' lists them"),
        ("@1s kill 1; ; kill 2", "line 1, column 13: the line is empty"),
        ("+soon kill 1", "line 1, column 2: 'soon' is not a time such as @2s"),
        (
            "set: log.flush.interval.ms=1000",
            "line 1, column 6: log.flush.interval.ms=1000 is not taken: Logs here are flushed only when a segment closes.",
        ),
        ("@soon kill 1", "line 1, column 2: 'soon' is not a time such as @2s"),
        (
            "@18446744073709551615ns kill 1",
            "line 1, column 2: '18446744073709551615ns' is more than the week that a run may last",
        ),
        ("open: 169h", "line 1, column 7: '169h' is more than the week that a run may last"),
        ("@2s kill 1\n@1s kill 2", "line 2, column 1: this is earlier than the line before"),
        ("brokers: 3\n@2s explode", "line 2, column 5: there is no command 'explode'; 'help' lists them"),
        ("controllers: 0", "line 1, column 1: a cluster needs a controller and a broker"),
        ("brokers: 0", "line 1, column 1: a cluster needs a controller and a broker"),
        ("brokers: 2147483647", "line 1, column 10: brokers does not take '2147483647'"),
        ("set: num.partitions=2000000000", "line 1, column 1: at most 5000 partitions fit into one world"),
    ] {
        assert_eq!(Scenario::parse(text).map(drop).map_err(|error| error.to_string()), Err(words.to_owned()));
    }
}

/// Nothing is built of what no world could hold.
#[test]
fn a_text_may_name_a_few_clusters() {
    let text = |count: u32| (0..count).map(|number| format!("cluster: c{number}\nbrokers: 1\n")).collect::<String>();
    let four = Scenario::parse(&text(3)).expect("with the first one four");
    let names: Vec<&str> = four.setup.clusters.iter().map(|cluster| &*cluster.cluster_id).collect();
    assert_eq!(names, ["blumfeld", "c0", "c1", "c2"]);
    let refused = Scenario::parse(&text(20_000)).expect_err("too many").to_string();
    assert!(refused.contains("line 7") && refused.contains("at most 4 clusters"), "{refused}");
    let twice = Scenario::parse("cluster: a\nbrokers: 1\nbrokers: 2\n").expect_err("one cluster, twice").to_string();
    assert!(twice.contains("line 3"), "{twice}");
}

/// All that comes through a pipe comes, and a text that is printed has its line, not what it stands for.
#[test]
fn a_pipe_in_a_text_is_read_to_its_end() {
    let line = "seq 3 | kafka-console-producer.sh --bootstrap-server broker-1:9092 --topic t";
    let text = format!("@10s {line}\n@11s kill 1\n");
    let scenario = Scenario::parse(&text).expect("read");
    let commands: Vec<String> = scenario.commands.iter().map(|placed| print(&placed.command)).collect();
    let sends = [1, 2, 3].map(|value| format!("send console-producer {value} topic=t"));
    assert_eq!(commands[1..], [&sends[..], &["kill 1".to_owned()]].concat());
    let printed = scenario.text().expect("it has a spelling");
    assert!(printed.contains(line) && !printed.contains("send "), "{printed}");
    for nothing in ["seq 5 1", "echo -n ''", "printf ''"] {
        let text = format!("@10s {nothing} | kafka-console-producer.sh --bootstrap-server broker-1:9092 --topic t\n");
        assert_eq!(Scenario::parse(&text).expect("read").commands, [], "{nothing}");
    }
    let empty = Scenario::parse("@10s echo '' | kcat -P -b broker-1:9092 -t t\n").expect("read");
    assert_eq!(empty.commands.len(), 0, "kcat passes over a line without a letter");
}

/// Kafka draws a group for whoever names none: nobody shares it.
#[test]
fn console_consumers_have_groups_of_their_own() {
    let line = "kafka-console-consumer.sh --bootstrap-server broker-1:9092 --topic t";
    let text = format!(
        "@10s {line}\n@12s {line}\n{line}; {line} --group console-consumer\n@100s kcat -b broker-1:9092 -C -t t\n"
    );
    let scenario = Scenario::parse(&text).expect("read");
    let mut groups: Vec<String> = scenario
        .commands
        .iter()
        .filter_map(|placed| match &placed.command {
            Command::Kafka(_, KafkaCommand::AddConsumer { group, .. }) => Some(group.to_string()),
            _other => None,
        })
        .collect();
    assert!(groups.contains(&"console-consumer".to_owned()), "the one that was asked for: {groups:?}");
    groups.sort();
    groups.dedup();
    assert_eq!(groups.len(), 5, "{groups:?}");
}

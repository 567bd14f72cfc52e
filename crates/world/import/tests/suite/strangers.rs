//! Texts that somebody wrote to do harm: what they ask for is bounded, and what is written out of them is quoted.

use import::{Imported, Why, import};
use sim::KafkaCommand;
use std::fmt::Write as _;

const HEAD: &str = "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID\n";

fn reasons(imported: &Imported) -> Vec<&Why> {
    imported.report.texts.iter().flat_map(|text| &text.kept).map(|kept| &kept.why).collect()
}

#[test]
fn offsets_beyond_every_log_are_no_offsets() {
    for end in ["9223372036854775807", "9007199254740993", "-1", "99999999999999999999"] {
        let text = format!("{HEAD}g t 0 0 {end} 0 - - -\ng t 1 0 {end} 0 - - -\n");
        let imported = import([("", text.as_str())], "t");
        assert_eq!(reasons(&imported), [&Why::BadNumbers, &Why::BadNumbers], "{end}");
    }
    // The largest that is one is shortened like any long log.
    let text = format!("{HEAD}g t 0 0 9007199254740992 0 - - -\ng t 1 0 9007199254740992 0 - - -\n");
    let imported = import([("", text.as_str())], "t");
    assert_eq!((imported.report.kept(), imported.scenario.setup.check()), (0, Ok(())));
    let records: u64 = imported.scenario.commands.iter().map(|placed| limit(&placed.command)).sum();
    assert!(records <= 2 * import::MOST_RECORDS as u64, "{records} records are written");
}

fn limit(command: &sim::Command) -> u64 {
    match command {
        sim::Command::Kafka(_, KafkaCommand::AddProducer { limit, .. }) => limit.unwrap_or(u64::MAX / 4),
        _other => 0,
    }
}

#[test]
fn many_topics_and_many_clients_of_one_name_are_taken_in_stride() {
    let mut text = HEAD.to_owned();
    for topic in 0..400 {
        let name = format!("a-topic-with-a-very-long-name-that-others-share-{topic}");
        let _cannot_fail = writeln!(text, "g {name} 5 300 300 0 c{topic}-x /h one-client-of-many-that-have-this-name");
    }
    let imported = import([("", text.as_str())], "t");
    assert_eq!(reasons(&imported).len(), 100, "more topics than are taken");
    assert!(reasons(&imported).iter().all(|why| **why == Why::TooMuch("topics")));
    let mut names: Vec<&str> = Vec::new();
    for placed in &imported.scenario.commands {
        if let sim::Command::Kafka(_, KafkaCommand::AddConsumer { name, .. } | KafkaCommand::AddProducer { name, .. }) =
            &placed.command
        {
            names.push(name);
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two clients have one name");
    let huge = "Topic: t TopicId: x PartitionCount: 2000000000 ReplicationFactor: 1 Configs: \n";
    assert_eq!(reasons(&import([("", huge)], "t")), [&Why::TooMuch("partitions")]);
}

#[test]
fn aliases_of_long_texts_are_counted_by_their_length() {
    let long = "x".repeat(200_000);
    let mut text = format!("services:\n  a: &t \"{long}\"\n");
    for number in 0..9_000 {
        let _cannot_fail = writeln!(text, "  k{number}: *t");
    }
    let imported = import([("docker-compose.yaml", text.as_str())], "t");
    assert!(matches!(reasons(&imported)[..], [Why::Syntax("there are too many values")]), "{:?}", reasons(&imported));
}

#[test]
fn long_lists_are_read_line_by_line() {
    let list = "services: [\n".to_owned() + &"1,\n".repeat(100_000) + "1]\n";
    let imported = import([("docker-compose.yaml", list.as_str())], "t");
    assert!(!reasons(&imported).is_empty());
    let bad = "{\"partitions\":[\n".to_owned() + &"{},\n".repeat(100_000) + "{}]}\n";
    assert!(reasons(&import([("", bad.as_str())], "t")).len() <= import::MOST_KEPT);
}

/// Whatever a link calls its topics, groups and clients, the script has each as one word.
#[test]
fn names_are_quoted_in_the_script() {
    let evil = "g;touch x;#'$(id)`id`\n&& id";
    let command = |name: &str, keys: Vec<base::Str>| KafkaCommand::AddProducer {
        name: name.into(),
        topic: evil.into(),
        keys,
        random_keys: None,
        interval: Some(1_000_000),
        value_size: 0,
        limit: Some(5),
        configs: [("acks".into(), evil.into())].into_iter().collect(),
    };
    let consumer = |topics: Vec<base::Str>| KafkaCommand::AddConsumer {
        name: evil.into(),
        group: evil.into(),
        topics,
        processing: 5,
        configs: [("x".into(), evil.into())].into_iter().collect(),
    };
    let commands = [
        command(evil, Vec::new()),
        command("web", vec![evil.into()]),
        consumer(vec![evil.into()]),
        consumer(vec![evil.into(), "other".into()]),
        KafkaCommand::AddPartitions { topic: evil.into(), total: 3, assignments: Vec::new() },
        KafkaCommand::DeleteTopic { name: evil.into() },
    ];
    let placed = |command: KafkaCommand| script::PlacedCommand { after: base::Time::ZERO, command: command.into() };
    let commands: Vec<_> = commands.into_iter().map(placed).collect();
    let text = import::export::script(&sim::ClusterPlan::first(3, 1), &commands).text;
    // What a shell would take as words of its own stands between quotation marks only.
    let mut bare = String::new();
    let mut quote = None;
    let body = text.split_once("\n\n").expect("a head").1;
    // The only comment that stands there for these, with an apostrophe of its own.
    let body = body.replace("the console's consumer", "");
    let mut letters = body.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\\') => drop(letters.next()),
            (None, '\'' | '"') => quote = Some(letter),
            (Some('"'), '\\') => drop(letters.next()),
            (Some(open), _) if open == letter => quote = None,
            (None, _) => bare.push(letter),
            (Some(_), _) => {}
        }
    }
    assert!(!bare.contains("touch") && !bare.contains("$(id)") && !bare.contains('`'), "{text}");
}

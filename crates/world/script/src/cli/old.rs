//! Lines of old tutorials as they are written today.

use super::{BOOTSTRAP, CliError, SERVER, parse, tool_name};

/// A line of an old tutorial as it is written today, if that is all that is wrong with it.
pub(super) fn modern(words: &[String]) -> Option<String> {
    let old = ["zookeeper", "broker-list", "bootstrap-server"];
    let given = words.iter().find_map(|word| word.strip_prefix(SERVER)?.strip_prefix('=').map(str::to_owned));
    let behind = || words.windows(2).find(|pair| pair[0] == SERVER).map(|pair| pair[1].clone());
    let server = given.or_else(behind).unwrap_or_else(|| BOOTSTRAP.to_owned());
    let mut line = vec![words[0].clone(), SERVER.to_owned(), server];
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        let name = word.trim_start_matches('-');
        let (name, attached) = name.split_once('=').map_or((name, false), |(name, _)| (name, true));
        if word.starts_with("--") && old.contains(&name) {
            if !attached {
                rest.next();
            }
        } else if word != "--new-consumer" {
            line.push(word.clone());
        }
    }
    // It is written so already: nothing that is old stands in the way.
    if line == words {
        return None;
    }
    let text = shell_words::join(&line);
    if parse(&text).is_ok() {
        return Some(text);
    }
    // Settings of topics have a tool of their own since, and one tool asks no server.
    altered(&line).or_else(|| {
        let without = [&line[..1], &line[3..]].concat();
        let text = shell_words::join(&without);
        let is_dump = tool_name(&line[0]) == "kafka-dump-log" && without != words;
        (is_dump && matches!(super::run(&text), Err(CliError::Files(_)))).then_some(text)
    })
}

/// `kafka-topics --alter --config` of before 3.0 is a line of kafka-configs.
fn altered(line: &[String]) -> Option<String> {
    let has = |option: &str| line.iter().any(|word| word == option);
    if tool_name(&line[0]) != "kafka-topics" || !has("--alter") {
        return None;
    }
    let all = |option: &str| -> Vec<String> {
        let behind = line.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1].clone());
        behind
            .chain(line.iter().filter_map(|word| word.strip_prefix(option)?.strip_prefix('=').map(str::to_owned)))
            .collect()
    };
    let (topic, set, deleted) = (all("--topic"), all("--config"), all("--delete-config"));
    let mut words = vec!["kafka-configs.sh".to_owned(), SERVER.to_owned(), line[2].clone()];
    words.extend(["--alter", "--entity-type", "topics", "--entity-name"].map(str::to_owned));
    words.push(topic.first()?.clone());
    for (option, values) in [("--add-config", set), ("--delete-config", deleted)] {
        if !values.is_empty() {
            words.extend([option.to_owned(), values.join(",")]);
        }
    }
    let text = shell_words::join(&words);
    parse(&text).is_ok().then_some(text)
}

/// What is done today in place of a tool that is there no more.
pub(super) fn instead(name: &str, words: &[String]) -> Option<String> {
    let value = |option: &str| {
        words.windows(2).find(|pair| pair[0] == option).map(|pair| shell_words::quote(&pair[1]).into_owned())
    };
    let of = |script: &str, rest: &str| Some(format!("{script}.sh {SERVER} {BOOTSTRAP} {rest}"));
    let said = words.join(" ");
    match name {
        "kafka-preferred-replica-election" => {
            of("kafka-leader-election", "--election-type preferred --all-topic-partitions")
        }
        "kafka-consumer-offset-checker" => match value("--group") {
            Some(group) => of("kafka-consumer-groups", &format!("--describe --group {group}")),
            None => of("kafka-consumer-groups", "--describe --all-groups"),
        },
        "kafka-simple-consumer-shell" => {
            let topic = value("--topic")?;
            let partition = value("--partition").unwrap_or_else(|| "0".to_owned());
            of("kafka-console-consumer", &format!("--topic {topic} --partition {partition} --from-beginning"))
        }
        "zookeeper-shell" if said.contains("/brokers/topics") => of("kafka-topics", "--list"),
        "zookeeper-shell" if said.contains("/brokers/ids") => {
            Some(format!("kafka-cluster.sh list-endpoints {SERVER} {BOOTSTRAP}"))
        }
        "zookeeper-shell" if said.contains("/config/topics") => of("kafka-configs", "--describe --entity-type topics"),
        "zookeeper-shell" if said.contains("/consumers") => of("kafka-consumer-groups", "--list"),
        // The controllers keep what ZooKeeper kept, and they are started with their nodes.
        "zookeeper-shell" | "zookeeper-server-start" | "zookeeper-server-stop" => {
            Some(format!("kafka-metadata-quorum.sh {SERVER} {BOOTSTRAP} describe --status"))
        }
        _other => None,
    }
}

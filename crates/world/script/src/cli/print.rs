//! The line of Kafka's tools that does what a command does, for forms: "the same as a command".

use super::BOOTSTRAP;
use super::admin::start;
use base::{FlatMap, Str};
use config::application::{APPLICATION, MOST, PATIENCE};
use sim::{Command, Election, KafkaCommand, WorldCommand};

/// The line of Kafka's tools that does the same; [`parse`](super::parse) reads it back as the same
/// command. `None`: Kafka has no such line, or not in one line, or its tool would understand it otherwise (a list whose
/// entry has a comma, spaces at an end).
pub fn print(command: &Command) -> Option<String> {
    line(command).filter(|line| super::parse(line).as_ref() == Ok(&*command.bare()))
}

/// `None`: Kafka has no tool for it.
fn line(command: &Command) -> Option<String> {
    match command {
        Command::World(WorldCommand::Stop { name }) if is_node(name) => {
            Some(format!("kafka-server-stop.sh --node-id={name}"))
        }
        Command::World(WorldCommand::Start { name }) if is_node(name) => {
            Some(format!("kafka-server-start.sh -daemon config/server-{name}.properties"))
        }
        Command::Kafka(None, command) => line_of_kafka(command),
        Command::Kafka(Some(cluster), command) => {
            Some(line_of_kafka(command)?.replacen(BOOTSTRAP, &super::server_of(cluster), 1))
        }
        Command::World(_) | Command::Other(_) => None,
    }
}

/// What Kafka's tools can do.
fn line_of_kafka(command: &KafkaCommand) -> Option<String> {
    match command {
        KafkaCommand::Via { servers, command } => Some(line_of_kafka(command)?.replacen(BOOTSTRAP, servers, 1)),
        KafkaCommand::CreateTopic { timeout_ms: None, .. } => create_topic(command),
        KafkaCommand::DeleteTopic { name } => Some(option(&(start("kafka-topics") + " --delete"), "topic", name)),
        KafkaCommand::AddPartitions { topic, total, assignments } if assignments.is_empty() => {
            let line = option(&(start("kafka-topics") + " --alter"), "topic", topic);
            Some(option(&line, "partitions", &total.to_string()))
        }
        KafkaCommand::AlterTopicConfig { topic, set, delete } => alter_topic(topic, set, delete),
        KafkaCommand::ElectLeaders { election, partitions } => elect_leaders(*election, partitions),
        KafkaCommand::Ask(ask) => super::asked::line(ask),
        KafkaCommand::ListTopics => Some(start("kafka-topics") + " --list"),
        KafkaCommand::Send { .. } => send(command),
        KafkaCommand::AddConsumer { .. } => add_consumer(command),
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::AddBroker { .. }
        | KafkaCommand::AddProducer { .. }
        | KafkaCommand::SetInterval { .. }
        | KafkaCommand::Call { .. }
        | KafkaCommand::Leave { .. } => None,
    }
}

/// Quoted where a shell would take it apart.
pub(super) fn option(line: &str, name: &str, value: &str) -> String {
    format!("{line} --{name} {}", shell_words::quote(value))
}

/// Only nodes have scripts that start and stop them.
fn is_node(name: &str) -> bool {
    name.parse::<u32>().is_ok_and(|node| node.to_string() == name)
}

/// `kafka-topics.sh --create`.
fn create_topic(command: &KafkaCommand) -> Option<String> {
    let KafkaCommand::CreateTopic { name, partitions, replication_factor, assignments, configs, .. } = command else {
        return None;
    };
    let mut line = option(&(start("kafka-topics") + " --create"), "topic", name);
    if let Some(count) = partitions {
        line = option(&line, "partitions", &count.to_string());
    }
    if let Some(factor) = replication_factor {
        line = option(&line, "replication-factor", &factor.to_string());
    }
    if !assignments.is_empty() {
        let replicas = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(":");
        let text = assignments.iter().map(replicas).collect::<Vec<_>>().join(",");
        line = option(&line, "replica-assignment", &text);
    }
    let add = |line: String, (name, value): (&Str, &Str)| option(&line, "config", &format!("{name}={value}"));
    Some(configs.iter().fold(line, add))
}

/// `kafka-configs.sh --alter`.
fn alter_topic(topic: &Str, set: &FlatMap<Str, Str>, delete: &[Str]) -> Option<String> {
    let line = option(&(start("kafka-configs") + " --alter --entity-type topics"), "entity-name", topic);
    let pair = |(name, value): (&Str, &Str)| match value.contains(',') {
        true => format!("{name}=[{value}]"),
        false => format!("{name}={value}"),
    };
    let add = set.iter().map(pair).collect::<Vec<_>>().join(",");
    let line = if add.is_empty() { line } else { option(&line, "add-config", &add) };
    Some(if delete.is_empty() { line } else { option(&line, "delete-config", &delete.join(",")) })
        .filter(|_| !set.is_empty() || !delete.is_empty())
}

/// The tool takes one partition or all.
fn elect_leaders(election: Election, partitions: &[Str]) -> Option<String> {
    let kind = match election {
        Election::Preferred => "preferred",
        Election::Unclean => "unclean",
    };
    let line = option(&start("kafka-leader-election"), "election-type", kind);
    match partitions {
        [] => Some(line + " --all-topic-partitions"),
        [one] => {
            let (topic, number) = one.rsplit_once('-')?;
            Some(option(&option(&line, "topic", topic), "partition", number))
        }
        _a_file_is_needed => None,
    }
}

/// `kafka-console-producer.sh`, which reads its records from its input.
fn send(command: &KafkaCommand) -> Option<String> {
    // Kafka's console producer cannot say what is said here.
    let KafkaCommand::Send { producer, topic: Some(topic), partition: None, key, value, headers, timestamp } = command
    else {
        return None;
    };
    let property = |line: String, text: &str| option(&line, "reader-property", text);
    let mut line = option(&start("kafka-console-producer"), "topic", topic);
    line = option(&line, "command-property", &format!("client.id={producer}"));
    let null = "NULL";
    // Its line is not read here yet; and it takes no timestamps.
    if !headers.is_empty() || timestamp.is_some() {
        return None;
    }
    if key.as_deref() == Some(null) || value.as_deref() == Some(null) {
        return None;
    }
    let text = value.as_deref().unwrap_or(null);
    if value.is_none() {
        line = property(line, &format!("null.marker={null}"));
    }
    let Some(key) = key else { return one_line(&line, text) };
    let separator = [":", "|", ";", "~"].into_iter().find(|separator| !key.contains(separator))?;
    line = property(property(line, "parse.key=true"), &format!("key.separator={separator}"));
    one_line(&line, &format!("{key}{separator}{text}"))
}

fn one_line(line: &str, input: &str) -> Option<String> {
    (!input.contains('\n')).then(|| format!("{line} <<< {}", shell_words::quote(input)))
}

/// `kafka-console-consumer.sh`, which works as long as it takes to print.
fn add_consumer(command: &KafkaCommand) -> Option<String> {
    let KafkaCommand::AddConsumer { name, group, topics, processing: 0, configs } = command else {
        return None;
    };
    let [topic] = topics.as_slice() else { return None };
    let mut line = option(&option(&start("kafka-console-consumer"), "topic", topic), "group", group);
    line = option(&line, "command-property", &format!("client.id={name}"));
    for (name, value) in configs {
        line = match (&**name, &**value) {
            ("auto.offset.reset", "earliest") => line + " --from-beginning",
            (MOST, most) => option(&line, "max-messages", most),
            (PATIENCE, patience) => option(&line, "timeout-ms", patience),
            // A program around the consumer is ours: Kafka's tool would warn of a setting that it does not know, and go on without.
            (name, _) if name.starts_with(APPLICATION) => return None,
            (name, value) => option(&line, "command-property", &format!("{name}={value}")),
        };
    }
    Some(line)
}

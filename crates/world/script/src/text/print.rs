//! A command as its line. Names come first and options after them, in Kafka's and our own names, quoted only where it
//! must be.

use super::{IN, ONLY_NAMES, OWN_OPTIONS, SETTING, VIA, is_option_name, option_of};
use crate::span_text;
use crate::world_rows::{self, Number, Parts};
use base::{FlatMap, Str};
use config::application::spelled;
use sim::{Command, Election, KafkaCommand, OtherCommand, WorldCommand};

/// A word as a shell takes it; quoted only where it must be.
fn quote(word: &str) -> std::borrow::Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "._-=,/:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { shell_quoted(word) }
}

/// Also where no shell needs it: at the ends of a line spaces of any kind are lost.
fn shell_quoted(word: &str) -> std::borrow::Cow<'_, str> {
    let quoted = shell_words::quote(word);
    let bare = |c: char| c.is_whitespace() || c.is_control();
    if quoted == word && word.contains(bare) { format!("'{word}'").into() } else { quoted }
}

/// The line that [`parse`] reads back as the same command.
pub fn print(command: &Command) -> String {
    let mut line = Printer::default();
    if let Command::Kafka(cluster, KafkaCommand::Via { servers, command }) = command {
        let head = cluster.iter().map(|cluster| format!("{IN} {cluster} ")).collect::<String>();
        return format!("{head}{VIA} {} {}", quote(servers), print(&Command::Kafka(None, (**command).clone())));
    }
    match command {
        Command::World(command) => print_of_world(&mut line, command),
        Command::Kafka(cluster, command) => {
            cluster.iter().for_each(|cluster| _ = line.word(IN).word(cluster));
            print_of_kafka(&mut line, command);
        }
        // No line reads as this, and `limits::check` keeps it out of whatever is written down.
        Command::Other(OtherCommand::Add { name, .. } | OtherCommand::Ask { name, .. }) => {
            line.word("other").word(name);
        }
    }
    line.text()
}

/// As the table of rows spells it.
fn print_of_world(line: &mut Printer, command: &WorldCommand) {
    let Parts { row, names, number } = world_rows::parts(command);
    line.word(row.verb);
    names.into_iter().for_each(|name| _ = line.word(name));
    match number {
        Number::None => {}
        Number::Time(time) => _ = line.word(&span_text(time)),
        Number::Count(count) => _ = line.word(&count.to_string()),
    }
}

/// As it reads again: whatever is printed here is read in `text` as the same command.
fn print_of_kafka(line: &mut Printer, command: &KafkaCommand) {
    match command {
        KafkaCommand::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            line.word("create-topic").word(name).option("partitions", partitions).option("rf", replication_factor);
            line.assignments(assignments).configs(configs);
            line.option("timeout", &timeout_ms.map(|ms| span_text(u64::from(ms) * 1_000_000)));
        }
        KafkaCommand::DeleteTopic { name } => drop(line.word("delete-topic").word(name)),
        KafkaCommand::AddPartitions { topic, total, assignments } => {
            line.word("add-partitions").word(topic).word(&total.to_string()).assignments(assignments);
        }
        KafkaCommand::AlterTopicConfig { topic, set, delete } => {
            line.word("alter-topic").word(topic).configs(set).list("delete", delete);
        }
        KafkaCommand::ElectLeaders { election, partitions } => {
            let kind = match election {
                Election::Preferred => "preferred",
                Election::Unclean => "unclean",
            };
            line.word("elect-leaders").word(kind);
            partitions.iter().for_each(|partition| _ = line.word(partition));
        }
        KafkaCommand::AddBroker { node, rack } => {
            _ = line.word("add-broker").word(&node.to_string()).option("rack", rack);
        }
        KafkaCommand::AddProducer { .. } | KafkaCommand::AddConsumer { .. } => print_client(line, command),
        KafkaCommand::Send { producer, topic, partition, key, value, headers, timestamp } => {
            print_value(line.word("send").word(producer), value.as_ref());
            line.option("key", key).option("topic", topic).option("partition", partition);
            line.option("headers", &(!headers.is_empty()).then(|| spelled(headers)));
            line.option("timestamp", &timestamp.map(|at| at.0));
        }
        KafkaCommand::SetInterval { producer, interval } => {
            let interval = interval.map_or("off".to_owned(), span_text);
            line.word("pace").word(producer).word(&interval);
        }
        KafkaCommand::Read { topic, partition, from } => {
            line.word("read").word(&format!("{topic}-{partition}")).option("from", &(*from != 0).then_some(from));
        }
        KafkaCommand::ListTopics => drop(line.word("list-topics")),
        KafkaCommand::Leave { name } => drop(line.word("leave").word(name)),
        KafkaCommand::Call { name, call } => {
            let (verb, words) = crate::call::write(call);
            line.word(verb).word(name);
            words.iter().for_each(|word| _ = line.word(word));
        }
        KafkaCommand::Ask(ask) => {
            line.word("ask");
            crate::ask::write(ask).iter().for_each(|word| _ = line.word(word));
        }
        KafkaCommand::Via { .. } => unreachable!("`print` takes it apart: {command:?}"),
    }
}

/// By its option where it could be taken for another one.
fn print_value(line: &mut Printer, value: Option<&Str>) {
    match value {
        Some(value) if option_of("send", value).is_some() => _ = line.option("value", &Some(value)),
        Some(value) => _ = line.word(value),
        None => {}
    }
}

/// The two commands with the most options.
fn print_client(line: &mut Printer, command: &KafkaCommand) {
    match command {
        KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } => {
            line.word("add-producer").word(name).word(topic).list("keys", keys).option("random-keys", random_keys);
            line.option("every", &interval.map(span_text)).option("size", &(*value_size > 0).then_some(value_size));
            line.option("limit", limit).configs(configs);
        }
        KafkaCommand::AddConsumer { name, group, topics, processing, configs } => {
            line.word("add-consumer").word(name).word(group).word(&joined(topics));
            line.option("work", &(*processing > 0).then(|| span_text(*processing))).configs(configs);
        }
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::AlterTopicConfig { .. }
        | KafkaCommand::ElectLeaders { .. }
        | KafkaCommand::AddBroker { .. }
        | KafkaCommand::Send { .. }
        | KafkaCommand::SetInterval { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::ListTopics
        | KafkaCommand::Ask(_)
        | KafkaCommand::Via { .. }
        | KafkaCommand::Call { .. }
        | KafkaCommand::Leave { .. } => unreachable!("see `print_of_kafka`: {command:?}"),
    }
}

/// Names and options apart, because their order is only known when all are there.
#[derive(Default)]
struct Printer {
    /// The verb and what it is about.
    names: Vec<String>,
    /// As they are printed.
    options: Vec<String>,
}

impl Printer {
    /// A verb or a name.
    fn word(&mut self, word: &str) -> &mut Printer {
        self.names.push(word.to_owned());
        self
    }

    /// Nothing where there is no value.
    fn option(&mut self, name: &str, value: &Option<impl std::fmt::Display>) -> &mut Printer {
        if let Some(value) = value {
            let value = value.to_string();
            self.options.push(if !is_option_name(name) {
                quote(&format!("{name}={value}")).into_owned()
            } else if value.is_empty() {
                format!("{name}=")
            } else {
                // Only the value is quoted, so that the line stays easy to read.
                format!("{name}={}", quoted(&value))
            });
        }
        self
    }

    /// Names first, unless one of them could be taken for something else.
    fn text(self) -> String {
        let (verb, names) = self.names.split_first().expect("every command has a verb");
        let is_misleading = |name: &String| name == ONLY_NAMES || option_of(verb, name).is_some();
        let mut words = vec![verb.clone()];
        let quoted = names.iter().map(|name| quote(name).into_owned());
        if names.iter().any(is_misleading) {
            words.extend(self.options);
            words.push(ONLY_NAMES.to_owned());
            words.extend(quoted);
        } else {
            words.extend(quoted);
            words.extend(self.options);
        }
        words.join(" ")
    }

    /// Nothing where it is empty.
    fn list(&mut self, name: &str, values: &[Str]) -> &mut Printer {
        self.option(name, &(!values.is_empty()).then(|| joined(values)))
    }

    /// A setting of Kafka's that is called like an option of ours gets a prefix.
    fn configs(&mut self, configs: &FlatMap<Str, Str>) -> &mut Printer {
        for (name, value) in configs {
            let is_taken = OWN_OPTIONS.contains(&&**name) || name.starts_with(SETTING);
            let name = if is_taken { format!("{SETTING}{name}").into() } else { name.clone() };
            self.option(&name, &Some(value));
        }
        self
    }

    /// See `Line::assignments`.
    fn assignments(&mut self, assignments: &[Vec<i32>]) -> &mut Printer {
        let replicas = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let text = assignments.iter().map(replicas).collect::<Vec<_>>().join("/");
        self.option("assign", &(!text.is_empty()).then_some(text))
    }
}

/// As a shell needs it; an equals sign alone needs no quotes.
fn quoted(word: &str) -> std::borrow::Cow<'_, str> {
    let plain = shell_quoted(&word.replace('=', "")) == word.replace('=', "");
    if plain && !word.is_empty() { word.into() } else { shell_quoted(word) }
}

/// What [`split`] takes apart into the same entries.
fn joined(entries: &[Str]) -> String {
    let escaped = |entry: &Str| entry.replace('\\', "\\\\").replace(',', "\\,");
    entries.iter().map(escaped).collect::<Vec<_>>().join(",")
}

//! Kafka's own command lines as commands, and commands as Kafka's command lines. Flags that old
//! tutorials still show are refused with the words of Kafka 4.3's tools.
//!
//! Source: TopicCommand, ConfigCommand, LeaderElectionCommand, ConsoleProducer, ConsoleConsumer.

use base::Str;
use sim::{Command, Election};
use std::collections::{BTreeMap, VecDeque};

/// Where the printed lines connect to.
const BOOTSTRAP: &str = "--bootstrap-server broker-1:9092";
/// `client.id` of the console producer when none is given.
const CONSOLE_PRODUCER: &str = "console-producer";

/// Why a line of Kafka's tools is not a command here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CliError {
    Quotes,
    /// The tool exists, but not here.
    UnknownTool(String),
    /// joptsimple's words. `removed` says since when, for flags of old tutorials.
    Unrecognized {
        option: String,
        removed: Option<Removed>,
    },
    /// joptsimple's words for an option that must be there.
    Missing(&'static str),
    /// An option stands last and has no value.
    NoValue(String),
    /// The tool's own words.
    Usage(&'static str),
    BadValue {
        option: &'static str,
        value: String,
    },
    /// The tool does this, the page shows it otherwise.
    ShownElsewhere(&'static str),
}

/// A flag that Kafka once had, and what takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    pub since: &'static str,
    pub instead: &'static str,
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CliError::Quotes => f.write_str("a quotation mark is not closed"),
            CliError::UnknownTool(tool) => write!(f, "{tool} is not modelled"),
            CliError::Unrecognized { option, .. } => write!(f, "{option} is not a recognized option"),
            CliError::Missing(option) => write!(f, "Missing required argument \"[{option}]\""),
            CliError::NoValue(option) => write!(f, "Option {option} requires an argument"),
            CliError::Usage(words) => f.write_str(words),
            CliError::BadValue { option, value } => write!(f, "Cannot parse argument '{value}' of option {option}"),
            CliError::ShownElsewhere(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for CliError {}

/// Is this a line for Kafka's tools (perhaps with a record piped in)?
pub fn is_kafka(line: &str) -> bool {
    let tool = line.rsplit('|').next().unwrap_or(line).trim_start();
    tool.split_whitespace().next().is_some_and(|word| tool_name(word).starts_with("kafka-"))
}

/// Reads one line of Kafka's tools.
///
/// # Errors
/// What the tool would say, or why the page cannot do it.
pub fn parse(line: &str) -> Result<Command, CliError> {
    let mut words = shell_words::split(line).map_err(|_| CliError::Quotes)?;
    let piped = words.iter().position(|word| word == "|").map(|at| {
        let tool = words.split_off(at + 1);
        std::mem::replace(&mut words, tool)
    });
    let mut words: VecDeque<String> = words.into();
    let tool = words.pop_front().map(|word| tool_name(&word).to_owned()).unwrap_or_default();
    match &*tool {
        "kafka-topics" => topics(Options::read(words, TOPICS)?),
        "kafka-configs" => configs(Options::read(words, CONFIGS)?),
        "kafka-leader-election" => election(Options::read(words, ELECTION)?),
        "kafka-console-producer" => produce(Options::read(words, PRODUCER)?, piped),
        "kafka-console-consumer" => consume(Options::read(words, CONSUMER)?),
        _other => Err(CliError::UnknownTool(tool)),
    }
}

/// `bin/kafka-topics.sh` and `kafka-topics.bat` are `kafka-topics`.
fn tool_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".sh").or_else(|| name.strip_suffix(".bat")).unwrap_or(name)
}

/// Options of a tool; those with a value end in `=`.
type Known = &'static [&'static str];

const TOPICS: Known = &[
    "bootstrap-server=",
    "command-config=",
    "create",
    "delete",
    "alter",
    "list",
    "describe",
    "topic=",
    "partitions=",
    "replication-factor=",
    "replica-assignment=",
    "config=",
    "if-not-exists",
    "if-exists",
    "exclude-internal",
];
const CONFIGS: Known = &[
    "bootstrap-server=",
    "command-config=",
    "alter",
    "describe",
    "entity-type=",
    "entity-name=",
    "topic=",
    "add-config=",
    "delete-config=",
    "all",
];
const ELECTION: Known = &[
    "bootstrap-server=",
    "admin.config=",
    "command-config=",
    "election-type=",
    "topic=",
    "partition=",
    "all-topic-partitions",
];
const PRODUCER: Known = &[
    "bootstrap-server=",
    "topic=",
    "property=",
    "reader-property=",
    "producer-property=",
    "command-property=",
    "request-required-acks=",
    "sync",
    "compression-codec=",
];
const CONSUMER: Known = &[
    "bootstrap-server=",
    "topic=",
    "partition=",
    "offset=",
    "from-beginning",
    "group=",
    "max-messages=",
    "property=",
    "formatter-property=",
    "consumer-property=",
    "command-property=",
    "timeout-ms=",
];

/// Flags of old tutorials.
const REMOVED: &[(&str, Removed)] = &[
    ("zookeeper", Removed { since: "3.0", instead: "--bootstrap-server" }),
    ("broker-list", Removed { since: "4.0", instead: "--bootstrap-server" }),
    ("new-consumer", Removed { since: "2.0", instead: "" }),
    ("authorizer-properties", Removed { since: "4.0", instead: "--bootstrap-server" }),
];

/// What follows a tool's name.
struct Options {
    values: BTreeMap<String, Vec<String>>,
}

impl Options {
    fn read(mut words: VecDeque<String>, known: Known) -> Result<Options, CliError> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some(word) = words.pop_front() {
            let text = word.strip_prefix("--").ok_or_else(|| unrecognized(&word))?;
            let (name, inline) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let held = values.entry(name.to_owned()).or_default();
            if known.iter().any(|option| *option == name) {
                continue;
            }
            if !known.iter().any(|option| option.strip_suffix('=') == Some(name)) {
                return Err(unrecognized(name));
            }
            let value = inline.map(str::to_owned).or_else(|| words.pop_front());
            held.push(value.ok_or_else(|| CliError::NoValue(name.to_owned()))?);
        }
        Ok(Options { values })
    }

    fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    fn one(&self, name: &'static str) -> Result<Str, CliError> {
        self.maybe(name).ok_or(CliError::Missing(name))
    }

    fn maybe(&self, name: &str) -> Option<Str> {
        self.all(name).last().map(|value| Str::from(value.as_str()))
    }

    fn number<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, CliError> {
        let Some(value) = self.maybe(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| CliError::BadValue { option: name, value: value.to_string() })
    }

    /// The value of `key` in repeated `--<name> key=value`.
    fn property(&self, names: &[&str], key: &str) -> Option<Str> {
        let pairs = names.iter().flat_map(|name| self.all(name)).filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| *name == key).map(|(_, value)| value.into()).last()
    }
}

fn unrecognized(option: &str) -> CliError {
    let removed = REMOVED.iter().find(|(name, _)| *name == option).map(|(_, removed)| *removed);
    CliError::Unrecognized { option: option.to_owned(), removed }
}

fn topics(options: Options) -> Result<Command, CliError> {
    let actions = ["create", "delete", "alter", "list", "describe"];
    let mut given = actions.into_iter().filter(|action| options.has(action));
    let (Some(action), None) = (given.next(), given.next()) else {
        let words = "Command must include exactly one action: --list, --describe, --create, --alter or --delete";
        return Err(CliError::Usage(words));
    };
    Ok(match action {
        "list" => Command::ListTopics,
        "describe" => return Err(CliError::ShownElsewhere("the inspector shows topics, replicas and the ISR")),
        "delete" => Command::DeleteTopic { name: options.one("topic")? },
        "alter" => Command::AddPartitions {
            topic: options.one("topic")?,
            total: options.number("partitions")?.ok_or(CliError::Missing("partitions"))?,
            assignments: placement(&options)?,
        },
        _create => create(&options)?,
    })
}

fn create(options: &Options) -> Result<Command, CliError> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((Str::from(name), Str::from(value))),
        None => Err(CliError::BadValue { option: "config", value: text.clone() }),
    };
    Ok(Command::CreateTopic {
        name: options.one("topic")?,
        partitions: options.number("partitions")?,
        replication_factor: options.number("replication-factor")?,
        assignments: placement(options)?,
        configs: options.all("config").iter().map(pair).collect::<Result<_, _>>()?,
        timeout_ms: None,
    })
}

/// `1:2:3,2:3:1`: replicas of partition 0, then of partition 1.
fn placement(options: &Options) -> Result<Vec<Vec<i32>>, CliError> {
    let Some(text) = options.maybe("replica-assignment") else { return Ok(Vec::new()) };
    let bad = || CliError::BadValue { option: "replica-assignment", value: text.to_string() };
    let replicas = |part: &str| part.split(':').map(|id| id.trim().parse().map_err(|_| bad())).collect();
    text.split(',').map(replicas).collect()
}

fn configs(options: Options) -> Result<Command, CliError> {
    if options.has("describe") {
        return Err(CliError::ShownElsewhere("the inspector shows settings"));
    }
    if !options.has("alter") {
        return Err(CliError::Usage("Command must include exactly one action: --describe, --alter"));
    }
    let named = options.maybe("entity-type").is_none_or(|kind| &*kind == "topics");
    if !named {
        return Err(CliError::ShownElsewhere("only settings of topics can be changed while the cluster runs"));
    }
    let topic =
        options.maybe("topic").or_else(|| options.maybe("entity-name")).ok_or(CliError::Missing("entity-name"))?;
    let added = options.maybe("add-config").unwrap_or_default();
    let set =
        split_settings(&added).ok_or_else(|| CliError::BadValue { option: "add-config", value: added.to_string() })?;
    let deleted = options.maybe("delete-config").unwrap_or_default();
    let delete: Vec<Str> = deleted.split(',').filter(|name| !name.is_empty()).map(Str::from).collect();
    if set.is_empty() && delete.is_empty() {
        return Err(CliError::Usage(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        ));
    }
    Ok(Command::AlterTopicConfig { topic, set, delete })
}

/// `a=1,b=[x,y]`: brackets keep commas together, as ConfigCommand has it.
fn split_settings(text: &str) -> Option<BTreeMap<Str, Str>> {
    let (mut settings, mut depth, mut from) = (BTreeMap::new(), 0, 0);
    let ends = text.char_indices().filter(|(_, c)| {
        depth += i32::from(*c == '[') - i32::from(*c == ']');
        *c == ',' && depth == 0
    });
    let ends: Vec<usize> = ends.map(|(at, _)| at).chain([text.len()]).collect();
    for end in ends {
        let part = text[from..end].trim();
        from = (end + 1).min(text.len());
        if !part.is_empty() {
            let (name, value) = part.split_once('=')?;
            let value = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
            settings.insert(name.trim().into(), value.into());
        }
    }
    Some(settings)
}

fn election(options: Options) -> Result<Command, CliError> {
    let kind = options.one("election-type")?;
    let election = match &*kind.to_ascii_lowercase() {
        "preferred" => Election::Preferred,
        "unclean" => Election::Unclean,
        _neither => return Err(CliError::BadValue { option: "election-type", value: kind.to_string() }),
    };
    let partition: Option<i32> = options.number("partition")?;
    let partitions = match (options.maybe("topic"), partition, options.has("all-topic-partitions")) {
        (Some(topic), Some(partition), false) => vec![format!("{topic}-{partition}").into()],
        (None, None, true) => Vec::new(),
        (Some(_), None, false) => return Err(CliError::Missing("partition")),
        _else => {
            let words =
                "One and only one of the following options is required: all-topic-partitions, path-to-json-file, topic";
            return Err(CliError::Usage(words));
        }
    };
    Ok(Command::ElectLeaders { election, partitions })
}

fn produce(options: Options, piped: Option<Vec<String>>) -> Result<Command, CliError> {
    let topic = options.one("topic")?;
    let text = piped.filter(|words| words.first().is_some_and(|word| word == "echo" || word == "printf"));
    let Some(words) = text.filter(|words| words.len() > 1) else {
        return Err(CliError::ShownElsewhere("pipe one record in: echo 'key:value' | kafka-console-producer.sh …"));
    };
    let text = words[1..].join(" ");
    let reader = ["property", "reader-property"];
    let keyed = options.property(&reader, "parse.key").is_some_and(|value| &*value == "true");
    let separator = options.property(&reader, "key.separator").unwrap_or_else(|| "\t".into());
    let (key, value) = match (keyed, text.split_once(&*separator)) {
        (true, Some((key, value))) => (Some(Str::from(key)), Str::from(value)),
        (true, None) => return Err(CliError::Usage("No key separator found on line number 1")),
        (false, _) => (None, Str::from(text.as_str())),
    };
    let producer = options.property(&["producer-property", "command-property"], "client.id");
    let producer = producer.unwrap_or_else(|| CONSOLE_PRODUCER.into());
    Ok(Command::Send { producer, topic: Some(topic), partition: None, key, value: Some(value) })
}

fn consume(options: Options) -> Result<Command, CliError> {
    let topic = options.one("topic")?;
    let Some(partition) = options.number("partition")? else {
        return Err(CliError::ShownElsewhere("add --partition to read one, or add a consumer to a group"));
    };
    let from = match options.maybe("offset").as_deref() {
        Some("earliest") => 0,
        Some("latest") | None if !options.has("from-beginning") => {
            return Err(CliError::ShownElsewhere("add --offset with a number: only what is there is read"));
        }
        None => 0,
        Some(text) => text.parse().map_err(|_| CliError::BadValue { option: "offset", value: text.to_owned() })?,
    };
    Ok(Command::Read { topic, partition, from })
}

/// The line of Kafka's tools that does the same, where there is one. `Send` needs its topic.
pub fn print(command: &Command) -> Option<String> {
    let quote = |text: &str| shell_words::quote(text).into_owned();
    Some(match command {
        Command::CreateTopic { .. } | Command::DeleteTopic { .. } | Command::AddPartitions { .. } => {
            print_topics(command)?
        }
        Command::ListTopics => format!("kafka-topics.sh {BOOTSTRAP} --list"),
        Command::AlterTopicConfig { topic, set, delete } => {
            let mut line =
                format!("kafka-configs.sh {BOOTSTRAP} --alter --entity-type topics --entity-name {}", quote(topic));
            if !set.is_empty() {
                let bracketed =
                    |value: &Str| if value.contains(',') { format!("[{value}]") } else { value.to_string() };
                let pairs: Vec<String> =
                    set.iter().map(|(name, value)| format!("{name}={}", bracketed(value))).collect();
                line += &format!(" --add-config {}", quote(&pairs.join(",")));
            }
            if !delete.is_empty() {
                line += &format!(" --delete-config {}", quote(&delete.join(",")));
            }
            line
        }
        Command::ElectLeaders { election, partitions } => print_election(*election, partitions)?,
        Command::Read { topic, partition, from } => format!(
            "kafka-console-consumer.sh {BOOTSTRAP} --topic {} --partition {partition} --offset {from}",
            quote(topic)
        ),
        Command::Send { producer, topic: Some(topic), partition: None, key, value: Some(value) } => {
            let record = key.as_ref().map_or(value.to_string(), |key| format!("{key}:{value}"));
            let mut line =
                format!("echo {} | kafka-console-producer.sh {BOOTSTRAP} --topic {}", quote(&record), quote(topic));
            if key.is_some() {
                line += " --reader-property parse.key=true --reader-property key.separator=:";
            }
            if &**producer != CONSOLE_PRODUCER {
                line += &format!(" --command-property client.id={}", quote(producer));
            }
            line
        }
        _no_tool_does_this => return None,
    })
}

fn print_topics(command: &Command) -> Option<String> {
    let quote = |text: &str| shell_words::quote(text).into_owned();
    let placement = |assignments: &[Vec<i32>]| {
        let replicas = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(":");
        assignments.iter().map(replicas).collect::<Vec<_>>().join(",")
    };
    let mut line = format!("kafka-topics.sh {BOOTSTRAP}");
    match command {
        Command::CreateTopic { name, partitions, replication_factor, assignments, configs, .. } => {
            line += &format!(" --create --topic {}", quote(name));
            partitions.iter().for_each(|count| line += &format!(" --partitions {count}"));
            replication_factor.iter().for_each(|count| line += &format!(" --replication-factor {count}"));
            if !assignments.is_empty() {
                line += &format!(" --replica-assignment {}", placement(assignments));
            }
            configs
                .iter()
                .for_each(|(name, value)| line += &format!(" --config {}", quote(&format!("{name}={value}"))));
        }
        Command::DeleteTopic { name } => line += &format!(" --delete --topic {}", quote(name)),
        Command::AddPartitions { topic, total, assignments } => {
            line += &format!(" --alter --topic {} --partitions {total}", quote(topic));
            if !assignments.is_empty() {
                line += &format!(" --replica-assignment {}", placement(assignments));
            }
        }
        _no_topic => return None,
    }
    Some(line)
}

/// The tool takes one partition or all of them.
fn print_election(election: Election, partitions: &[Str]) -> Option<String> {
    let kind = match election {
        Election::Preferred => "PREFERRED",
        Election::Unclean => "UNCLEAN",
    };
    let line = format!("kafka-leader-election.sh {BOOTSTRAP} --election-type {kind}");
    match partitions {
        [] => Some(format!("{line} --all-topic-partitions")),
        [one] => {
            let (topic, partition) = one.rsplit_once('-')?;
            Some(format!("{line} --topic {} --partition {partition}", shell_words::quote(topic)))
        }
        _several => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_lines_are_read_back() {
        for line in [
            "create-topic orders partitions=3 rf=3 min.insync.replicas=2",
            "create-topic t assign=1,2,3/2,3,1",
            "delete-topic orders",
            "add-partitions orders 6",
            "alter-topic orders cleanup.policy=compact,delete retention.ms=5 delete=segment.bytes",
            "elect-leaders preferred orders-1",
            "elect-leaders unclean",
            "list-topics",
            "read orders-2 from=7",
            "send web 'two words' key=order-1 topic=orders",
        ] {
            let command = crate::command::parse(line).expect("a line of ours");
            let printed = print(&command).unwrap_or_else(|| panic!("{line}"));
            assert!(is_kafka(&printed), "{printed}");
            assert_eq!(parse(&printed), Ok(command), "{printed}");
        }
        assert_eq!(print(&Command::Kill { name: "2".into() }), None);
    }

    #[test]
    fn old_flags_are_refused_in_kafka_s_words() {
        for (line, words) in [
            ("bin/kafka-topics.sh --zookeeper localhost:2181 --list", "zookeeper is not a recognized option"),
            ("kafka-console-producer.sh --broker-list b:9092 --topic t", "broker-list is not a recognized option"),
            (
                "kafka-topics.sh --bootstrap-server b:9092",
                "Command must include exactly one action: --list, --describe, --create, --alter or --delete",
            ),
            ("kafka-topics.sh --create --bootstrap-server b:9092", "Missing required argument \"[topic]\""),
            ("kafka-topics.sh --create --topic", "Option topic requires an argument"),
            (
                "kafka-topics.sh --create --topic t --partitions many",
                "Cannot parse argument 'many' of option partitions",
            ),
            ("kafka-acls.sh --list", "kafka-acls is not modelled"),
        ] {
            assert!(is_kafka(line));
            assert_eq!(parse(line).map(drop).map_err(|error| error.to_string()), Err(words.to_owned()));
        }
        assert!(!is_kafka("kill 2"));
    }
}

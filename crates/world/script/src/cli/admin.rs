//! `kafka-topics`, `kafka-configs`, `kafka-leader-election` and the scripts that start and stop a
//! server, with their checks in Kafka's order (`TopicCommand`, `ConfigCommand`,
//! `LeaderElectionCommand`).

use super::options::{Options, Takes};
use super::{BOOTSTRAP, Refusal};
use base::{FlatMap, Str};
use sim::{Command, Election, KafkaCommand, WorldCommand};

/// `kafka-topics.sh`: all options of 4.3.0, those that change nothing here among them.
pub(crate) const TOPICS: &[(&str, Takes)] = &[
    ("alter", Takes::Nothing),
    ("at-min-isr-partitions", Takes::Nothing),
    ("bootstrap-server", Takes::Ignored),
    ("command-config", Takes::Ignored),
    ("config", Takes::Value),
    ("create", Takes::Nothing),
    ("delete", Takes::Nothing),
    ("describe", Takes::Nothing),
    ("exclude-internal", Takes::Nothing),
    ("help", Takes::Nothing),
    ("if-exists", Takes::Nothing),
    ("if-not-exists", Takes::Nothing),
    ("list", Takes::Nothing),
    ("partition-size-limit-per-response", Takes::Ignored),
    ("partitions", Takes::Value),
    ("replica-assignment", Takes::Value),
    ("replication-factor", Takes::Value),
    ("topic", Takes::Value),
    ("topic-id", Takes::Value),
    ("topics-with-overrides", Takes::Nothing),
    ("unavailable-partitions", Takes::Nothing),
    ("under-min-isr-partitions", Takes::Nothing),
    ("under-replicated-partitions", Takes::Nothing),
    ("version", Takes::Nothing),
];

/// `kafka-configs.sh`.
pub(crate) const CONFIGS: &[(&str, Takes)] = &[
    ("add-config", Takes::Value),
    ("add-config-file", Takes::Value),
    ("all", Takes::Nothing),
    ("alter", Takes::Nothing),
    ("bootstrap-controller", Takes::Ignored),
    ("bootstrap-server", Takes::Ignored),
    ("broker", Takes::Value),
    ("broker-defaults", Takes::Nothing),
    ("client", Takes::Value),
    ("command-config", Takes::Ignored),
    ("delete-config", Takes::Value),
    ("describe", Takes::Nothing),
    ("entity-default", Takes::Nothing),
    ("entity-name", Takes::Value),
    ("entity-type", Takes::Value),
    ("group", Takes::Value),
    ("help", Takes::Nothing),
    ("topic", Takes::Value),
    ("user", Takes::Value),
    ("version", Takes::Nothing),
];

/// `kafka-leader-election.sh`.
pub(crate) const ELECTION: &[(&str, Takes)] = &[
    ("admin.config", Takes::Ignored),
    ("all-topic-partitions", Takes::Nothing),
    ("bootstrap-server", Takes::Ignored),
    ("command-config", Takes::Ignored),
    ("election-type", Takes::Value),
    ("help", Takes::Nothing),
    ("partition", Takes::Value),
    ("path-to-json-file", Takes::Value),
    ("topic", Takes::Value),
    ("version", Takes::Nothing),
];

/// `kafka-server-start.sh`.
pub(crate) const START: &[(&str, Takes)] = &[("daemon", Takes::Nothing), ("override", Takes::Value)];

/// `kafka-server-stop.sh`.
pub(crate) const STOP: &[(&str, Takes)] = &[("node-id", Takes::Value), ("process-role", Takes::Value)];

/// A refusal in Kafka's words.
pub(crate) fn words<T>(text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Words(text.into()))
}

/// Complaints in the order of `TopicCommand.TopicCommandOptions.checkArgs`.
pub(crate) fn topics(options: &Options) -> Result<Command, Refusal> {
    if options.empty {
        return words("Create, delete, describe, or change a topic.");
    }
    options.absent(&["help", "version"])?;
    let actions = ["create", "list", "alter", "describe", "delete"];
    if actions.iter().filter(|action| options.has(action)).count() != 1 {
        return words("Command must include exactly one action: --list, --describe, --create, --alter or --delete");
    }
    if !options.has("bootstrap-server") {
        return words("--bootstrap-server must be specified");
    }
    if !options.has("list") && !options.has("describe") {
        options.require(&["topic"])?;
    }
    if options.has("alter") {
        alter_takes_no_config(options)?;
        options.require(&["partitions"])?;
    }
    options.exclude("config", &["delete", "describe", "list"])?;
    options.exclude("partitions", &["delete", "describe", "list"])?;
    options.exclude("replication-factor", &["alter", "delete", "describe", "list"])?;
    options.exclude("replica-assignment", &["delete", "describe", "list"])?;
    if options.has("create") {
        options.exclude("replica-assignment", &["partitions", "replication-factor"])?;
    }
    options.exclude("if-not-exists", &["alter", "delete", "describe", "list"])?;
    options.exclude("if-exists", &["create", "list"])?;
    options.absent(&["describe", "topic-id"])?;
    topic_action(options)
}

/// The one action that was found to be there.
fn topic_action(options: &Options) -> Result<Command, Refusal> {
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    if options.has("list") {
        options.absent(&["topic"])?;
        return Ok(Command::Kafka(None, KafkaCommand::ListTopics));
    }
    if options.has("delete") {
        return Ok(Command::Kafka(None, KafkaCommand::DeleteTopic { name: topic }));
    }
    if options.has("alter") {
        // Kafka names the replicas of all partitions here, a command only those of the new ones.
        options.absent(&["replica-assignment"])?;
        let total = options.number("partitions")?.unwrap_or_default();
        return Ok(Command::Kafka(None, KafkaCommand::AddPartitions { topic, total, assignments: Vec::new() }));
    }
    let partitions: Option<i32> = options.number("partitions")?;
    let factor: Option<i32> = options.number("replication-factor")?;
    let replication_factor = match factor.map(i16::try_from) {
        None => None,
        Some(Ok(factor)) if factor >= 1 => Some(factor),
        Some(_) => return words("The replication factor must be between 1 and 32767 inclusive"),
    };
    if partitions.is_some_and(|count| count < 1) {
        return words("The partitions must be greater than 0");
    }
    // `--if-not-exists` only keeps Kafka's tool from complaining: the cluster does the same.
    Ok(Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: topic,
            partitions,
            replication_factor,
            assignments: assignments(options)?,
            configs: topic_configs(options)?,
            timeout_ms: None,
        },
    ))
}

/// Kafka's tool refuses it and names another; here the line that does it is offered.
fn alter_takes_no_config(options: &Options) -> Result<(), Refusal> {
    if !options.has("config") {
        return Ok(());
    }
    let said = "Option combination \"[[bootstrap-server], [config]]\" can't be used with option \"[alter]\" \
                (To alter topic configurations, the kafka-configs tool can be used.)";
    let topic = options.value("topic")?.unwrap_or_default();
    let command = Command::Kafka(
        None,
        KafkaCommand::AlterTopicConfig { topic: topic.into(), set: topic_configs(options)?, delete: Vec::new() },
    );
    match super::print(&command) {
        Some(line) => Err(Refusal::Better(said.to_owned(), line)),
        None => words(said),
    }
}

/// `TopicCommand.parseTopicConfigsToBeAdded`.
fn topic_configs(options: &Options) -> Result<FlatMap<Str, Str>, Refusal> {
    let pair = |text: &String| text.split_once('=').map(|(name, value)| (name.trim().into(), value.trim().into()));
    let pairs: Option<FlatMap<Str, Str>> = options.all("config").iter().map(pair).collect();
    let said = "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".";
    pairs.ok_or_else(|| Refusal::Words(said.to_owned()))
}

/// `1:2:3,2:3:1`: the replicas of partition 0, then of partition 1.
fn assignments(options: &Options) -> Result<Vec<Vec<i32>>, Refusal> {
    // The controller places them.
    let Some(text) = options.value("replica-assignment")? else { return Ok(Vec::new()) };
    let id = |part: &str| {
        let bad = || Refusal::Words(format!("For input string: \"{}\"", part.trim()));
        part.trim().parse::<i32>().map_err(|_| bad())
    };
    let mut placed: Vec<Vec<i32>> = Vec::new();
    for (partition, part) in text.split(',').enumerate() {
        let ids = part.split(':').map(id).collect::<Result<Vec<_>, _>>()?;
        if let Some(twice) = ids.iter().find(|id| ids.iter().filter(|other| other == id).count() > 1) {
            return words(format!("Partition replica lists may not contain duplicate entries: {twice}"));
        }
        if placed.first().is_some_and(|first| first.len() != ids.len()) {
            // As Java prints a list.
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let ids = ids.join(", ");
            return words(format!("Partition {partition} has different replication factor: [{ids}]"));
        }
        placed.push(ids);
    }
    Ok(placed)
}

/// Complaints in the order of `ConfigCommand.ConfigCommandOptions.checkArgs`.
pub(crate) fn configs(options: &Options) -> Result<Command, Refusal> {
    if options.empty {
        return words(
            "This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, \
             client-metrics or group",
        );
    }
    options.absent(&["help", "version"])?;
    if options.has("alter") == options.has("describe") {
        return words("Command must include exactly one action: --describe, --alter");
    }
    options.exclude("describe", &["add-config", "delete-config"])?;
    if !options.has("bootstrap-server") && !options.has("bootstrap-controller") {
        return words("Either --bootstrap-server or --bootstrap-controller must be specified.");
    }
    options.absent(&["broker", "broker-defaults", "client", "group", "user"])?;
    let kind = if options.has("topic") { Some("topics") } else { options.value("entity-type")? };
    match kind {
        None => return words("At least one entity type must be specified"),
        Some("topics") => {}
        Some(other) => return Err(Refusal::NotHere(format!("--entity-type {other}"))),
    }
    options.absent(&["describe"])?;
    alter_topic(options)
}

/// Values that hold commas stand in square brackets.
fn alter_topic(options: &Options) -> Result<Command, Refusal> {
    let name = if options.has("topic") { options.value("topic")? } else { options.value("entity-name")? };
    let Some(name) = name else { return words("An entity name must be specified with --alter of topics") };
    if options.has("add-config") && options.has("add-config-file") {
        return words("Only one of --add-config or --add-config-file must be specified");
    }
    options.absent(&["add-config-file"])?;
    if !options.has("add-config") && !options.has("delete-config") {
        return words(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        );
    }
    let mut set = FlatMap::new();
    for pair in split_settings(options.value("add-config")?.unwrap_or_default()) {
        let Some((name, value)) = pair.split_once('=') else {
            return words(
                "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\".",
            );
        };
        let value = value.trim().strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(value.trim());
        set.insert(Str::from(name.trim()), Str::from(value));
    }
    let deleted = options.value("delete-config")?.unwrap_or_default().split(',');
    let delete = deleted.map(str::trim).filter(|name| !name.is_empty()).map(Str::from).collect();
    Ok(Command::Kafka(None, KafkaCommand::AlterTopicConfig { topic: name.into(), set, delete }))
}

/// Splits at commas that stand in no square brackets.
fn split_settings(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut inside) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            ',' if !inside => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _of_a_setting => {}
        }
    }
    parts.push(&text[from..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Complaints in the order of `LeaderElectionCommand.LeaderElectionCommandOptions.validate`.
pub(crate) fn election(options: &Options) -> Result<Command, Refusal> {
    options.absent(&["help", "version"])?;
    let election = match options.value("election-type")?.map(str::to_ascii_lowercase).as_deref() {
        Some("preferred") => Some(Election::Preferred),
        Some("unclean") => Some(Election::Unclean),
        Some(_) => {
            let text = options.value("election-type")?.unwrap_or_default();
            return words(format!("Cannot parse argument '{text}' of option election-type"));
        }
        None => None,
    };
    let missing: Vec<&str> =
        ["bootstrap-server", "election-type"].into_iter().filter(|name| !options.has(name)).collect();
    let Some(election) = election.filter(|_| missing.is_empty()) else {
        return words(format!("Missing required option(s): {}", missing.join(", ")));
    };
    let ways = ["topic", "all-topic-partitions", "path-to-json-file"];
    if ways.iter().filter(|way| options.has(way)).count() != 1 {
        return words(format!("One and only one of the following options is required: {}", ways.join(", ")));
    }
    options.absent(&["path-to-json-file"])?;
    let partition: Option<i32> = options.number("partition")?;
    let partitions = match (options.value("topic")?, partition) {
        (None, None) => Vec::new(),
        (Some(topic), Some(partition)) => vec![format!("{topic}-{partition}").into()],
        (Some(_), None) => return words("Missing required option(s): partition"),
        (None, Some(_)) => return words("Option partition is only allowed if topic is used"),
    };
    Ok(Command::Kafka(None, KafkaCommand::ElectLeaders { election, partitions }))
}

/// `kafka-server-start.sh config/server-2.properties` or with `--override node.id=2`.
pub(crate) fn server_start(options: &Options) -> Result<Command, Refusal> {
    let Some(file) = options.words.first() else {
        return words("USAGE: kafka-server-start.sh [-daemon] server.properties [--override property=value]*");
    };
    let settings = options.pairs(&["override"])?;
    let from_file: String = file.rsplit('/').next().unwrap_or(file).chars().filter(char::is_ascii_digit).collect();
    let number = settings.get("node.id").cloned().unwrap_or(from_file);
    if number.is_empty() {
        return Err(Refusal::NotHere(format!("{file} (which node is that? write start 1)")));
    }
    let controller = file.contains("controller");
    Ok(Command::World(WorldCommand::Start {
        name: if controller { format!("c{number}").into() } else { number.into() },
    }))
}

/// KIP-979: `--node-id=2`, or `--process-role=controller --node-id=101` for `c1`.
pub(crate) fn server_stop(options: &Options) -> Result<Command, Refusal> {
    let Some(node) = options.number::<u32>("node-id")? else {
        return Err(Refusal::NotHere("without --node-id (it would stop every server)".to_owned()));
    };
    let controller = options.value("process-role")? == Some("controller") && node > 100;
    Ok(Command::World(WorldCommand::Stop {
        name: if controller { format!("c{}", node - 100).into() } else { node.to_string().into() },
    }))
}

/// The start of a printed line.
pub(crate) fn start(tool: &str) -> String {
    format!("{tool}.sh --bootstrap-server {BOOTSTRAP}")
}

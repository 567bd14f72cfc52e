//! `kafka-topics`, with its checks in Kafka's order (`TopicCommand.TopicCommandOptions.checkArgs`, `TopicService`).

use super::after::After;
use super::each_topic::{EachTopic, TopicAct};
use super::java::Pattern;
use super::looked::Looked;
use super::options::{Options, pair};
use super::told::{Internal, TopicsShown};
use super::{Begun, Fault, Output, Refusal, usage};
use base::{FlatMap, Str};
use port::Ask;
use sim::{Command, KafkaCommand};

/// `kafka-topics.sh`: all options of 4.3.0, those that change nothing here among them.
pub(crate) const TOPICS: &str = "alter at-min-isr-partitions bootstrap-server= command-config= config= create delete \
                                 delete-config= describe exclude-internal if-exists if-not-exists list \
                                 partition-size-limit-per-response= partitions= replica-assignment= \
                                 replication-factor= topic= topic-id= topics-with-overrides unavailable-partitions \
                                 under-min-isr-partitions under-replicated-partitions";

const ACTIONS: [&str; 5] = ["alter", "create", "describe", "list", "delete"];
const REPORTS: [&str; 4] =
    ["under-replicated-partitions", "under-min-isr-partitions", "at-min-isr-partitions", "unavailable-partitions"];

/// The actions but those.
fn others(allowed: &[&str]) -> Vec<&'static str> {
    ACTIONS.into_iter().filter(|action| !allowed.contains(action)).collect()
}

/// Complaints in the order of `checkArgs`.
pub(crate) fn topics(options: &Options) -> Result<Begun, Refusal> {
    if options.line.is_empty() {
        return usage("Create, delete, describe, or change a topic.");
    }
    if options.count(&ACTIONS) != 1 {
        return usage("Command must include exactly one action: --list, --describe, --create, --alter or --delete");
    }
    let mut before = Output::default();
    if options.has("delete-config") {
        before.err(
            "delete-config option is no longer supported and deprecated since version 4.0. The config will be fully removed \
             in future releases.",
        );
    }
    check_required(options, &mut before)?;
    check_invalid(options)?;
    connect(options)?;
    let begun = action(options, &mut before);
    begun.map(|begun| Begun { before: before.clone(), ..begun }).map_err(|refusal| refusal.behind(&before))
}

fn check_required(options: &Options, before: &mut Output) -> Result<(), Refusal> {
    if !options.has("bootstrap-server") {
        return Err(Refusal::Thrown(Fault::argument("--bootstrap-server must be specified")));
    }
    if options.has("describe") && options.has("if-exists") {
        match options.count(&["topic", "topic-id"]) {
            0 => return usage("--topic or --topic-id is required to describe a topic"),
            1 => {}
            _both => {
                before.out(
                    "Only topic id will be used when both --topic and --topic-id are specified and topicId is not \
                     Uuid.ZERO_UUID",
                );
            }
        }
    }
    if !options.has("list") && !options.has("describe") {
        options.require(&["topic"])?;
    }
    if options.has("alter") {
        alter_takes_no_config(options)?;
        options.require(&["partitions"])?;
    }
    Ok(())
}

fn check_invalid(options: &Options) -> Result<(), Refusal> {
    let made = others(&["alter", "create"]);
    options.exclude("config", &made)?;
    options.exclude("partitions", &made)?;
    options.exclude("replication-factor", &others(&["create"]))?;
    options.exclude("replica-assignment", &made)?;
    if options.has("create") {
        options.exclude("replica-assignment", &["partitions", "replication-factor"])?;
    }
    for report in REPORTS {
        let mut with = others(&["describe"]);
        with.push("topics-with-overrides");
        options.exclude(report, &with)?;
    }
    let with: Vec<&str> = others(&["describe"]).into_iter().chain(REPORTS).collect();
    options.exclude("topics-with-overrides", &with)?;
    options.exclude("if-exists", &others(&["alter", "delete", "describe"]))?;
    options.exclude("if-not-exists", &others(&["create"]))?;
    options.exclude("exclude-internal", &others(&["list", "describe"]))
}

/// `Admin.create`: addresses must be addresses.
pub(crate) fn connect(options: &Options) -> Result<(), Refusal> {
    let servers = options.value("bootstrap-server")?.unwrap_or_default();
    let bad = servers.split(',').map(str::trim).find(|server| {
        let port = server.rsplit_once(':').map(|(host, port)| (host, port.parse::<u16>()));
        !matches!(port, Some((host, Ok(_))) if !host.is_empty())
    });
    // All of them are.
    let Some(bad) = bad else { return Ok(()) };
    let mut output = Output::default();
    output.unconnected(&format!("Invalid url in bootstrap.servers: {bad}"));
    Err(Refusal::Unconnected(output))
}

/// The one action that was found to be there.
fn action(options: &Options, before: &mut Output) -> Result<Begun, Refusal> {
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    let if_exists = options.has("if-exists");
    if options.has("create") {
        return create(options, topic, before);
    }
    let read = |text: &str| Ok((text.to_owned(), Pattern::read(text).map_err(Refusal::Value)?));
    let pattern = options.value("topic")?.map(read).transpose()?;
    let internal = if options.has("exclude-internal") { Internal::Hidden } else { Internal::Shown };
    if options.has("list") {
        let pattern = pattern.map(|(_, pattern)| pattern);
        return Ok(Begun::new(KafkaCommand::ListTopics, After::Names { pattern, internal }));
    }
    if options.has("describe") {
        return describe(options, pattern);
    }
    let matched = pattern.filter(|(_, pattern)| pattern.name().is_none()).map(|(_, pattern)| pattern);
    if options.has("delete") {
        if let Some(pattern) = matched {
            return Ok(EachTopic::begin(topic, pattern, if_exists, TopicAct::Delete));
        }
        let command = KafkaCommand::DeleteTopic { name: topic.clone() };
        return Ok(Begun::new(command, After::Topic { topic, is_missing_fine: if_exists }));
    }
    let total = options.number("partitions")?.unwrap_or_default();
    let (replicas, _) = (assignments(options)?, topic_configs(options)?);
    if let Some(pattern) = matched {
        return Ok(EachTopic::begin(topic, pattern, if_exists, TopicAct::Alter { total, replicas }));
    }
    if !replicas.is_empty() {
        // Kafka names the replicas of all partitions here, a command only those of the new ones: which those are only
        // the cluster knows.
        let look = Ask::DescribeTopics(Some(vec![topic.clone()]));
        let after = After::Counted { topic, is_missing_fine: if_exists, total, replicas };
        return Ok(Begun::asking(look, after));
    }
    let command = KafkaCommand::AddPartitions { topic: topic.clone(), total, assignments: Vec::new() };
    Ok(Begun::new(command, After::Topic { topic, is_missing_fine: if_exists }))
}

/// `TopicService.describeTopic`.
fn describe(options: &Options, topic: Option<(String, Pattern)>) -> Result<Begun, Refusal> {
    let id = options.value("topic-id")?.filter(|id| *id != "AAAAAAAAAAAAAAAAAAAAAA").map(str::to_owned);
    let flags = REPORTS.into_iter().chain(["topics-with-overrides", "if-exists", "exclude-internal"]);
    let flags = flags.filter(|flag| options.has(flag)).collect();
    let named = topic.as_ref().filter(|_| id.is_none()).and_then(|(_, pattern)| pattern.name());
    let look = Ask::DescribeTopics(named.map(|name| vec![name.into()]));
    Ok(Begun::asking(look, After::Looked(Looked::Topics(TopicsShown { topic, id, flags }))))
}

/// `TopicService.createTopic`.
fn create(options: &Options, topic: Str, before: &mut Output) -> Result<Begun, Refusal> {
    let partitions: Option<i32> = options.number("partitions")?;
    let factor: Option<i32> = options.number("replication-factor")?;
    let (assignments, configs) = (assignments(options)?, topic_configs(options)?);
    if topic.contains(['.', '_']) {
        before.out(
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To \
             avoid issues it is best to use either, but not both.",
        );
    }
    let replication_factor = match factor.map(i16::try_from) {
        None => None,
        Some(Ok(factor)) if factor >= 1 => Some(factor),
        Some(_) => return wrong("The replication factor must be between 1 and 32767 inclusive"),
    };
    if partitions.is_some_and(|count| count < 1) {
        return wrong("The partitions must be greater than 0");
    }
    let is_there_fine = options.has("if-not-exists");
    let command = KafkaCommand::CreateTopic {
        name: topic.clone(),
        partitions,
        replication_factor,
        assignments,
        configs,
        timeout_ms: None,
    };
    Ok(Begun::new(command, After::Created { topic, is_there_fine }))
}

fn wrong<T>(words: &str) -> Result<T, Refusal> {
    Err(Refusal::Value(Fault::argument(words)))
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
        None => usage(said),
    }
}

/// `TopicCommand.parseTopicConfigsToBeAdded`.
fn topic_configs(options: &Options) -> Result<FlatMap<Str, Str>, Refusal> {
    let said = "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".";
    let pairs = options.all("config").into_iter().map(|text| match pair(text, said) {
        Ok((name, value)) => Ok((Str::from(name), Str::from(value))),
        Err(_) => wrong(said),
    });
    pairs.collect()
}

/// `1:2:3,2:3:1`: the replicas of partition 0, then of partition 1.
fn assignments(options: &Options) -> Result<Vec<Vec<i32>>, Refusal> {
    // The controller places them.
    let Some(text) = options.value("replica-assignment")?.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let id = |part: &str| {
        let bad = |_| {
            let words = format!("For input string: \"{}\"", part.trim());
            Refusal::Value(Fault::new("java.lang.NumberFormatException", words))
        };
        part.trim().parse::<i32>().map_err(bad)
    };
    let mut placed: Vec<Vec<i32>> = Vec::new();
    for (partition, part) in text.split(',').enumerate() {
        let ids = part.split(':').map(id).collect::<Result<Vec<_>, _>>()?;
        let tools = "org.apache.kafka.tools.AdminCommandFailedException";
        if let Some(twice) = ids.iter().find(|id| ids.iter().filter(|other| other == id).count() > 1) {
            let words = format!("Partition replica lists may not contain duplicate entries: {twice}");
            return Err(Refusal::Value(Fault::new(tools, words)));
        }
        if placed.first().is_some_and(|first| first.len() != ids.len()) {
            // As Java prints a list.
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let words = format!("Partition {partition} has different replication factor: [{}]", ids.join(", "));
            let class = "org.apache.kafka.server.common.AdminOperationException";
            return Err(Refusal::Value(Fault::new(class, words)));
        }
        placed.push(ids);
    }
    Ok(placed)
}

/// The start of a printed line.
pub(crate) fn start(tool: &str) -> String {
    format!("{tool}.sh --bootstrap-server {}", super::BOOTSTRAP)
}

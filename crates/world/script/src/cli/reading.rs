//! Smaller tools that look at a cluster: `kafka-get-offsets`, `kafka-delete-records`, `kafka-log-dirs`,
//! `kafka-broker-api-versions`, `kafka-cluster` and `kafka-metadata-quorum`. Kafka: `GetOffsetShell`, `DeleteRecordsCommand`,
//! `LogDirsCommand`, `BrokerApiVersionsCommand`, `ClusterTool`, `MetadataQuorumCommand`.

use super::after::After;
use super::argparse::{Expected, Parser};
use super::java::Pattern;
use super::json::{self, Json};
use super::looked::Looked;
use super::options::Options;
use super::quorum_told::Times;
use super::told::{Internal, OffsetsShown};
use super::{Begun, Fault, Lack, Refusal, admin, console, words};
use api::OffsetSpec;
use base::{BrokerId, Offset, Str, Timestamp, TopicPartition};
use port::{Ask, Part, Which};

/// `kafka-get-offsets.sh`.
pub(crate) const OFFSETS: &str =
    "bootstrap-server= command-config= exclude-internal-topics partitions= time= topic= topic-partitions=";
/// `kafka-delete-records.sh`.
pub(crate) const RECORDS: &str = "bootstrap-server= command-config= offset-json-file=";
/// `kafka-log-dirs.sh`.
pub(crate) const DIRS: &str = "bootstrap-server= broker-list= command-config= describe topic-list=";
/// `kafka-broker-api-versions.sh`.
pub(crate) const VERSIONS: &str = "bootstrap-server= command-config=";

const SERVERS: &str = "b/bootstrap-server= C/bootstrap-controller= config= c/command-config=";
const CLUSTER: Parser =
    Parser { tool: "kafka-cluster", table: "help", help: "kafka-cluster", usage: "kafka-cluster.usage" };
const CLUSTER_ID: Parser =
    Parser { table: SERVERS, help: "kafka-cluster.cluster-id", usage: "kafka-cluster.cluster-id.usage", ..CLUSTER };
const ENDPOINTS: Parser = Parser {
    table: "b/bootstrap-server= C/bootstrap-controller= config= c/command-config= include-fenced-brokers",
    help: "kafka-cluster.list-endpoints",
    usage: "kafka-cluster.list-endpoints.usage",
    ..CLUSTER
};
const UNREGISTER: Parser = Parser {
    table: "b/bootstrap-server= C/bootstrap-controller= config= c/command-config= i/id=",
    help: "kafka-cluster.unregister",
    usage: "kafka-cluster.unregister.usage",
    ..CLUSTER
};
const QUORUM: Parser = Parser {
    tool: "kafka-metadata-quorum",
    table: "bootstrap-server= bootstrap-controller= command-config=",
    help: "kafka-metadata-quorum",
    usage: "kafka-metadata-quorum.usage",
};
const QUORUM_DESCRIBE: Parser = Parser {
    table: "status replication human-readable",
    help: "kafka-metadata-quorum.describe",
    usage: "kafka-metadata-quorum.describe.usage",
    ..QUORUM
};

/// Complaints in the order of `GetOffsetShellOptions` and `fetchOffsets`.
pub(crate) fn offsets(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server"])?;
    console::addresses(options)?;
    if options.has("topic-partitions") && options.count(&["topic", "partitions"]) > 0 {
        return occurred("--topic-partitions cannot be used with --topic or --partitions");
    }
    let spec = spec(options.value("time")?.unwrap_or("latest"))?;
    let mut rules = Vec::new();
    match options.value("topic-partitions")? {
        Some(text) => {
            for rule in text.split(',') {
                rules.push(self::rule(rule)?);
            }
        }
        None => {
            let topic = Pattern::read(options.value("topic")?.unwrap_or(".*")).map_err(Refusal::Value)?;
            let text = options.value("partitions")?.unwrap_or_default();
            if text.is_empty() {
                rules.push((topic.clone(), 0..i32::MAX));
            }
            for number in text.split(',').filter(|_| !text.is_empty()) {
                let Ok(number) = number.parse::<i32>() else {
                    return occurred(&format!(
                        "--partitions expects a comma separated list of numeric partition ids, but received: {text}"
                    ));
                };
                rules.push((topic.clone(), number..number.saturating_add(1)));
            }
        }
    }
    let is_without_internal = if options.has("exclude-internal-topics") { Internal::Hidden } else { Internal::Shown };
    let of = which(&rules);
    let shown = OffsetsShown { rules, is_without_internal };
    Ok(Begun::asking(Ask::ListOffsets { of, spec }, After::Looked(Looked::Offsets(shown))))
}

type Rule = (Pattern, std::ops::Range<i32>);

/// Topics and partitions by name where that is all that is meant, else all, of which some are shown.
fn which(rules: &[Rule]) -> Which {
    let part = |(topic, range): &Rule| {
        let topic: Str = topic.name()?.into();
        Some(match (range.start, range.end) {
            (0, i32::MAX) => Part::Topic(topic),
            (from, until) => Part::Existing(topic, from, until),
        })
    };
    rules.iter().map(part).collect::<Option<Vec<Part>>>().map_or(Which::All, Which::These)
}

/// `GetOffsetShell.parseRuleSpec`: `topic:1`, `topic:0-3`, `topic:5-`, `topic:-3`, `:2`.
fn rule(text: &str) -> Result<Rule, Refusal> {
    let (topic, partitions) = text.split_once(':').unwrap_or((text, ""));
    let topic = Pattern::read(if topic.is_empty() { ".*" } else { topic }).map_err(Refusal::Value)?;
    let number = |text: &str, other: i32| if text.is_empty() { Some(other) } else { text.parse::<i32>().ok() };
    let range = match partitions.split_once('-') {
        Some((from, to)) => number(from, 0).zip(number(to, i32::MAX)),
        None if partitions.is_empty() => Some((0, i32::MAX)),
        None => number(partitions, 0).map(|one| (one, one.saturating_add(1))),
    };
    match range {
        Some((from, to)) if from >= 0 => Ok((topic, from..to)),
        _bad => Err(Refusal::Value(Fault::new(
            "java.lang.RuntimeException",
            format!("org.apache.kafka.tools.TerseException: Invalid rule specification: {text}"),
        ))),
    }
}

fn occurred<T>(said: &str) -> Result<T, Refusal> {
    words(format!("Error occurred: {said}"))
}

/// `GetOffsetShell.parseOffsetSpec`.
fn spec(text: &str) -> Result<OffsetSpec, Refusal> {
    Ok(match text {
        "latest" | "-1" => OffsetSpec::Latest,
        "earliest" | "-2" => OffsetSpec::Earliest,
        "max-timestamp" | "-3" => OffsetSpec::MaxTimestamp,
        "earliest-local" | "latest-tiered" | "earliest-pending-upload" | "-4" | "-5" | "-6" => {
            return Err(Refusal::Lacking(format!("--time {text}"), Lack::TieredStorage));
        }
        text => match text.parse() {
            Ok(time) => OffsetSpec::Timestamp(Timestamp(time)),
            Err(_) => {
                return occurred(&format!(
                    "Malformed time argument {text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 \
                     or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format \
                     timestamp"
                ));
            }
        },
    })
}

/// `DeleteRecordsCommand`. There are no files here: the file's text may stand in its place.
pub(crate) fn records(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server", "offset-json-file"])?;
    admin::connect(options)?;
    let file = options.file("offset-json-file")?.unwrap_or_default();
    if !file.trim_start().starts_with('{') {
        return Err(Refusal::Value(Fault::new("java.nio.file.NoSuchFileException", file)));
    }
    let wrong = |class: &str, words: &str| {
        Refusal::Value(Fault::new(&format!("org.apache.kafka.server.common.{class}"), words))
    };
    let operation = "AdminOperationException";
    let json = json::parse(file).ok_or_else(|| wrong(operation, "The input string is not a valid JSON"))?;
    let version = json.get("version").and_then(Json::number).unwrap_or(1);
    if version != 1 {
        return Err(wrong(operation, &format!("Not supported version field value {version}")));
    }
    let list = json.get("partitions").and_then(Json::array);
    let list = list.ok_or_else(|| wrong(operation, "Missing partitions field"))?;
    let mut asked: Vec<(TopicPartition, Offset)> = Vec::new();
    for entry in list {
        let topic = entry.get("topic").and_then(Json::text).cloned();
        let number = entry.get("partition").and_then(Json::number).and_then(|number| i32::try_from(number).ok());
        let offset = entry.get("offset").and_then(Json::number);
        let (Some(topic), Some(partition), Some(offset)) = (topic, number, offset) else {
            return Err(wrong(operation, "The input string is not a valid JSON"));
        };
        let partition = TopicPartition { topic, partition };
        if asked.iter().any(|(other, _)| *other == partition) {
            let words = format!("Offset json file contains duplicate topic partitions: {partition}");
            let class = "org.apache.kafka.tools.AdminCommandFailedException";
            return Err(Refusal::Value(Fault::new(class, words)));
        }
        asked.push((partition, Offset(offset)));
    }
    let after = After::Looked(Looked::LowWatermarks(asked.clone()));
    Ok(Begun::asking(Ask::DeleteRecords(asked), after))
}

/// `LogDirsCommand`.
pub(crate) fn dirs(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server", "describe"])?;
    admin::connect(options)?;
    let list = |name: &str| -> Result<Vec<String>, Refusal> {
        let text = options.value(name)?.unwrap_or_default();
        Ok(text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect())
    };
    let mut brokers = Vec::new();
    for text in list("broker-list")? {
        let bad =
            |_| Refusal::Value(Fault::new("java.lang.NumberFormatException", format!("For input string: \"{text}\"")));
        brokers.push(BrokerId(text.parse().map_err(bad)?));
    }
    let topics: Vec<Str> = list("topic-list")?.into_iter().map(Str::from).collect();
    let ask = Ask::DescribeLogDirs {
        brokers: (!brokers.is_empty()).then_some(brokers),
        topics: (!topics.is_empty()).then(|| topics.clone()),
    };
    Ok(Begun::asking(ask, After::Looked(Looked::LogDirs(topics))))
}

/// `BrokerApiVersionsCommand`.
pub(crate) fn versions(options: &Options) -> Result<Begun, Refusal> {
    options.require(&["bootstrap-server"])?;
    admin::connect(options)?;
    Ok(Begun::asking(Ask::ApiVersions, After::Looked(Looked::Versions)))
}

/// `kafka-cluster.sh`.
pub(crate) fn cluster(options: &Options) -> Result<Begun, Refusal> {
    let given = CLUSTER.read(&options.line, Expected::SubCommand)?;
    let parser = match given.command.as_deref() {
        None => return Err(CLUSTER.error("too few arguments")),
        Some("cluster-id") => CLUSTER_ID,
        Some("list-endpoints") => ENDPOINTS,
        Some("unregister") => UNREGISTER,
        Some(other) => {
            let words = format!("invalid choice: '{other}' (choose from 'cluster-id', 'unregister', 'list-endpoints')");
            return Err(CLUSTER.error(&words));
        }
    };
    let own = parser.read(&given.rest, Expected::Nothing)?;
    if parser.help == UNREGISTER.help && !own.has("id") {
        return Err(parser.error("argument --id/-i is required"));
    }
    own.servers(["--bootstrap-server/-b", "--bootstrap-controller/-C"])?;
    if own.has("bootstrap-controller") {
        return Err(Refusal::NotHere("--bootstrap-controller".to_owned()));
    }
    if parser.help == CLUSTER_ID.help {
        return Ok(Begun::asking(Ask::DescribeCluster, After::Looked(Looked::ClusterId)));
    }
    if parser.help == ENDPOINTS.help {
        let fenced = if own.has("include-fenced-brokers") { Internal::Shown } else { Internal::Hidden };
        return Ok(Begun::asking(Ask::DescribeCluster, After::Looked(Looked::Endpoints(fenced))));
    }
    let text = own.value("id").unwrap_or_default();
    let bad = |_| {
        let words = format!("argument --id/-i: could not convert '{text}' to Integer (For input string: \"{text}\")");
        parser.error(&words)
    };
    let id: i32 = text.parse().map_err(bad)?;
    Ok(Begun::asking(Ask::UnregisterBroker(BrokerId(id)), After::Looked(Looked::Unregistered(id))))
}

/// `kafka-metadata-quorum.sh`.
pub(crate) fn quorum(options: &Options) -> Result<Begun, Refusal> {
    let given = QUORUM.read(&options.line, Expected::SubCommand)?;
    match given.command.as_deref() {
        None => return Err(QUORUM.error("too few arguments")),
        Some("describe") => {}
        Some(other @ ("add-controller" | "remove-controller")) => {
            return Err(Refusal::NotHere(other.to_owned()));
        }
        Some(other) => {
            let words =
                format!("invalid choice: '{other}' (choose from 'describe', 'add-controller', 'remove-controller')");
            return Err(QUORUM.error(&words));
        }
    }
    let own = QUORUM_DESCRIBE.read(&given.rest, Expected::Nothing)?;
    given.servers(["--bootstrap-server", "--bootstrap-controller"])?;
    match (own.has("status"), own.has("replication")) {
        (true, true) => words("Only one of --status or --replication should be specified with describe sub-command"),
        (false, false) => words("One of --status or --replication must be specified with describe sub-command"),
        (true, false) if own.has("human-readable") => {
            words("The option --human-readable is only supported along with --replication")
        }
        _one if given.has("bootstrap-controller") => Err(Refusal::NotHere("--bootstrap-controller".to_owned())),
        (true, false) => Ok(Begun::asking(Ask::DescribeQuorum, After::Looked(Looked::Status))),
        (false, true) => {
            let times = if own.has("human-readable") { Times::HumanReadable } else { Times::Plain };
            Ok(Begun::asking(Ask::DescribeQuorum, After::Looked(Looked::Replication(times))))
        }
    }
}

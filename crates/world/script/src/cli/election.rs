//! `kafka-leader-election`, with its checks in the order of `LeaderElectionCommandOptions.validate`.

use super::after::After;
use super::json::{self, Json};
use super::options::{Options, unreadable};
use super::{Begun, Fault, Refusal};
use base::Str;
use sim::{Election, KafkaCommand};

/// `kafka-leader-election.sh`.
pub(crate) const ELECTION: &str = "admin.config= all-topic-partitions bootstrap-server= command-config= election-type= \
                                   partition= path-to-json-file= topic=";

fn failed<T>(words: String) -> Result<T, Refusal> {
    Err(Refusal::Value(Fault::new("org.apache.kafka.tools.AdminCommandFailedException", words)))
}

/// `LeaderElectionCommand.parseReplicaElectionData`.
fn listed(file: &str) -> Result<Vec<Str>, Refusal> {
    if !file.trim_start().starts_with('{') {
        return Err(Refusal::Value(Fault::new("java.nio.file.NoSuchFileException", file)));
    }
    let missing = || failed("Replica election data is missing \"partitions\" field".to_owned());
    let Some(json) = json::parse(file) else { return failed("Replica election data is empty".to_owned()) };
    let Some(list) = json.get("partitions").and_then(Json::array) else { return missing() };
    let mut partitions: Vec<Str> = Vec::new();
    for entry in list {
        let topic = entry.get("topic").and_then(Json::text);
        let number = entry.get("partition").and_then(Json::number);
        let Some((topic, number)) = topic.zip(number) else { return missing() };
        let name: Str = format!("{topic}-{number}").into();
        if partitions.contains(&name) {
            return failed(format!("Replica election data contains duplicate partitions: {name}"));
        }
        partitions.push(name);
    }
    Ok(partitions)
}

/// What is missing comes before what is wrong.
pub(crate) fn election(options: &Options) -> Result<Begun, Refusal> {
    let missing: Vec<&str> =
        ["bootstrap-server", "election-type"].into_iter().filter(|name| !options.has(name)).collect();
    if !missing.is_empty() {
        return failed(format!("Missing required option(s): {}", missing.join(", ")));
    }
    options.exclude("admin.config", &["command-config"])?;
    let ways = ["topic", "all-topic-partitions", "path-to-json-file"];
    if options.count(&ways) != 1 {
        return failed(format!("One and only one of the following options is required: {}", ways.join(", ")));
    }
    match (options.has("topic"), options.has("partition")) {
        (true, false) => return failed("Missing required option(s): partition".to_owned()),
        (false, true) => return failed("Option partition is only allowed if topic is used".to_owned()),
        (true, true) | (false, false) => {}
    }
    let text = options.value("election-type")?.unwrap_or_default();
    let election = match text.to_ascii_lowercase().as_str() {
        "preferred" => Election::Preferred,
        "unclean" => Election::Unclean,
        _other => return Err(Refusal::Value(unreadable(text, "election-type"))),
    };
    let topic = options.value("topic")?;
    let partition: Option<i32> = options.number("partition")?;
    let single = topic.zip(partition).map(|(topic, partition)| format!("{topic}-{partition}").into());
    let partitions = match options.file("path-to-json-file")? {
        Some(file) => listed(file)?,
        None => single.into_iter().collect(),
    };
    let mut begun = Begun::new(KafkaCommand::ElectLeaders { election, partitions }, After::Elected(election));
    if options.has("admin.config") {
        begun.before.out(
            "Option --admin.config has been deprecated and will be removed in a future version. Use --command-config \
             instead.",
        );
    }
    Ok(begun)
}

//! What the tools that look at a cluster print of its answer. Kafka: `TopicCommand`, `GetOffsetShell`, `ConfigCommand`,
//! `DeleteRecordsCommand`, `LogDirsCommand`, `ClusterTool`, `BrokerApiVersionsCommand`.

use super::java::{Pattern, hashed, in_buckets};
use super::output::{Fault, Output};
use crate::describe::{PartitionDescription, TopicDescription};
use api::{ConfigEntry, ConfigResource, ConfigSource};
use base::{BrokerId, ErrorCode, Str, TopicPartition};
use port::{ClusterTold, LogDirTold, PartitionTold, Said, TopicFound, TopicTold, VersionsTold};

impl From<&Said> for Fault {
    fn from(said: &Said) -> Fault {
        Fault::of(said.error, &said.message)
    }
}

/// Which topics `kafka-topics --describe` shows, and which of their partitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TopicsShown {
    /// `--topic`, as it was typed, and as a pattern.
    pub(crate) topic: Option<(String, Pattern)>,
    pub(crate) id: Option<String>,
    /// Options among these: see [`has`](Self::has).
    pub(crate) flags: Vec<&'static str>,
}

impl TopicsShown {
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }

    fn takes(&self, topic: &TopicFound, name: &str) -> bool {
        if let Some(id) = &self.id {
            return topic.id.to_string() == *id;
        }
        let is_named = self.topic.as_ref().is_none_or(|(_, pattern)| pattern.matches(name));
        is_named && !(topic.is_internal && self.has("exclude-internal"))
    }

    /// `TopicService.describeTopic`.
    pub(crate) fn print(&self, output: &mut Output, topics: &[TopicTold]) {
        let found: Vec<(&Str, &TopicFound)> = topics
            .iter()
            .filter_map(|topic| Some((&topic.name, topic.found.as_ref().ok()?)))
            .filter(|(name, topic)| self.takes(topic, name))
            .collect();
        if found.is_empty() && !self.has("if-exists") {
            let missing = match (&self.id, &self.topic) {
                (Some(id), _) => Some(format!("TopicId '{id}' does not exist as expected")),
                (None, Some((topic, _))) if !topic.is_empty() => {
                    Some(format!("Topic '{topic}' does not exist as expected"))
                }
                (None, _) => None,
            };
            missing.into_iter().for_each(|words| _ = output.topic(&Fault::argument(words)));
        }
        for (name, topic) in hashed(&found, Some(found.len()), |(name, _)| name) {
            self.print_topic(output, name, topic);
        }
    }

    fn print_topic(&self, output: &mut Output, name: &Str, topic: &TopicFound) {
        let configs: Vec<&ConfigEntry> =
            topic.configs.iter().filter(|entry| entry.source != ConfigSource::Default).collect();
        let shown = TopicDescription {
            name: name.clone(),
            id: topic.id.to_string().into(),
            // `ConfigHelper` goes through a map of all of a topic's settings, which has so many buckets.
            configs: in_buckets(&configs, 64, |entry| &entry.name)
                .into_iter()
                .map(|entry| (entry.name.clone(), entry.value.clone().unwrap_or_else(|| "null".into())))
                .collect(),
            partitions: topic.partitions.iter().map(described).collect(),
        };
        let reports = ["under-replicated-partitions", "unavailable-partitions", "under-min-isr-partitions"];
        let reports = reports.into_iter().chain(["at-min-isr-partitions"]);
        let is_report = reports.clone().any(|report| self.has(report));
        let is_overridden = self.has("topics-with-overrides");
        if !is_report && (!is_overridden || !configs.is_empty()) {
            output.out(shown.head_line());
        }
        if is_overridden {
            return;
        }
        let least = topic.configs.iter().find(|entry| &*entry.name == "min.insync.replicas");
        let least: usize = least.and_then(|entry| entry.value.as_deref()?.parse().ok()).unwrap_or(1);
        for partition in &shown.partitions {
            let fits = |report: &str| match report {
                "under-replicated-partitions" => partition.replicas.len() > partition.isr.len(),
                "unavailable-partitions" => partition.leader.is_none(),
                "under-min-isr-partitions" => partition.leader.is_none() || partition.isr.len() < least,
                _at_least => partition.isr.len() == least,
            };
            if !is_report || reports.clone().any(|report| self.has(report) && fits(report)) {
                output.out(shown.partition_line(partition));
            }
        }
    }
}

fn described(partition: &PartitionTold) -> PartitionDescription {
    let ids = |ids: &[BrokerId]| ids.iter().map(|id| id.0).collect();
    PartitionDescription {
        partition: partition.partition,
        leader: partition.leader.map(|leader| leader.0),
        replicas: ids(&partition.replicas),
        isr: ids(&partition.isr),
        elr: ids(&partition.elr),
        last_known_elr: ids(&partition.last_known_elr),
        ..PartitionDescription::default()
    }
}

/// Which partitions `kafka-get-offsets` asks about: patterns of topics, each with partitions from one to before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OffsetsShown {
    pub(crate) rules: Vec<(Pattern, std::ops::Range<i32>)>,
    pub(crate) is_without_internal: Internal,
}

/// Are topics of Kafka's own shown?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Internal {
    Shown,
    Hidden,
}

/// `Topic.isInternal`.
pub(crate) fn is_internal(name: &str) -> bool {
    ["__consumer_offsets", "__transaction_state", "__share_group_state"].contains(&name)
}

impl OffsetsShown {
    fn takes(&self, partition: &TopicPartition) -> bool {
        let is_hidden = self.is_without_internal == Internal::Hidden && is_internal(&partition.topic);
        let fits = |(topic, range): &(Pattern, std::ops::Range<i32>)| {
            range.contains(&partition.partition) && topic.matches(&partition.topic)
        };
        !is_hidden && self.rules.iter().any(fits)
    }

    /// `GetOffsetShell.fetchOffsets`.
    pub(crate) fn print(&self, output: &mut Output, told: &[(TopicPartition, Result<port::OffsetTold, Said>)]) {
        let is_missing = |said: &Said| said.error == ErrorCode::UnknownTopicOrPartition;
        let mut found: Vec<_> = told
            .iter()
            .filter(|(partition, found)| self.takes(partition) && !found.as_ref().is_err_and(is_missing))
            .map(|(partition, found)| (partition.to_string(), partition, found))
            .collect();
        if found.is_empty() {
            output.err("Error occurred: Could not match any topic-partitions with the specified filters").exit(1);
            return;
        }
        base::sort_by(&mut found, |(one, ..), (other, ..)| one.cmp(other));
        for (name, partition, found) in found {
            match found {
                Ok(told) if told.offset.0 >= 0 => {
                    output.out(format!("{}:{}:{}", partition.topic, partition.partition, told.offset));
                }
                Ok(_none) => {}
                Err(said) => {
                    let fault = Fault::from(said);
                    output.err(format!("Skip getting offsets for topic-partition {name} due to error: {fault}"));
                }
            }
        }
    }
}

/// Whose settings `kafka-configs --describe` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigsShown {
    /// `topics` or `brokers`.
    pub(crate) kind: &'static str,
    /// `--all`?
    pub(crate) which: Settings,
    /// An empty name is the default's; `None`: everybody's.
    pub(crate) name: Option<Str>,
    pub(crate) line: String,
}

/// All settings, or those that were made while the cluster ran?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settings {
    All,
    Dynamic,
}

/// An empty name is the default's.
fn name_of(resource: &ConfigResource) -> String {
    match resource {
        ConfigResource::Topic(name) => name.to_string(),
        ConfigResource::Broker(Some(broker)) => broker.to_string(),
        ConfigResource::Broker(None) => String::new(),
    }
}

type Described = (ConfigResource, Result<Vec<ConfigEntry>, Said>);

impl ConfigsShown {
    /// `ConfigCommand.describeResourceConfig`.
    pub(crate) fn print(&self, output: &mut Output, told: &[Described]) {
        match (&self.name, told.first()) {
            (Some(_), None) => return self.missing(output),
            (Some(_), Some((_, Err(said)))) if self.is_missing(said.error) => return self.missing(output),
            (Some(_), Some((_, Err(said)))) => {
                output.config(&self.line, &Fault::from(said));
                return;
            }
            (Some(_), Some((_, Ok(_)))) | (None, _) => {}
        }
        let known: Vec<(String, &[ConfigEntry])> = told
            .iter()
            .filter_map(|(resource, entries)| Some((name_of(resource), entries.as_ref().ok()?.as_slice())))
            .collect();
        let known: Vec<(&str, &[ConfigEntry])> =
            known.iter().map(|(name, entries)| (name.as_str(), *entries)).collect();
        // Names of topics come out of a map; brokers come by number, the default last.
        let ordered =
            if self.kind == "topics" { hashed(&known, None, |(name, _)| name) } else { known.iter().collect() };
        let (defaults, named): (Vec<_>, Vec<_>) = ordered.into_iter().partition(|(name, _)| name.is_empty());
        for (name, entries) in named.into_iter().chain(defaults) {
            self.print_one(output, name, entries);
        }
    }

    /// Does the error say that there is no such topic or broker? A broker that is not there cannot be asked.
    pub(crate) fn is_missing(&self, error: ErrorCode) -> bool {
        let errors = [ErrorCode::UnknownTopicOrPartition, ErrorCode::BrokerNotAvailable, ErrorCode::RequestTimedOut];
        self.which == Settings::Dynamic && self.name.is_some() && errors.contains(&error)
    }

    pub(crate) fn missing(&self, output: &mut Output) {
        let (one, name) = (self.kind.trim_end_matches('s'), self.name.as_deref().unwrap_or_default());
        output.out(format!("The {one} '{name}' doesn't exist and doesn't have dynamic config."));
    }

    fn print_one(&self, output: &mut Output, name: &str, entries: &[ConfigEntry]) {
        let one = self.kind.trim_end_matches('s');
        output.out(match (name, self.which) {
            ("", _) => format!("Default configs for {} in the cluster are:", self.kind),
            (name, Settings::All) => format!("All configs for {one} {name} are:"),
            (name, Settings::Dynamic) => format!("Dynamic configs for {one} {name} are:"),
        });
        let source = match (self.kind, name) {
            ("topics", _) => ConfigSource::DynamicTopic,
            (_, "") => ConfigSource::DynamicDefaultBroker,
            _broker => ConfigSource::DynamicBroker,
        };
        let mut shown: Vec<&ConfigEntry> =
            entries.iter().filter(|entry| self.which == Settings::All || entry.source == source).collect();
        base::sort_by(&mut shown, |one, other| one.name.cmp(&other.name));
        for entry in shown {
            let value = |value: &Option<Str>| value.clone().unwrap_or_else(|| "null".into());
            let synonyms = entry.synonyms.iter();
            let synonyms = synonyms.map(|from| format!("{}:{}={}", from.source.name(), from.name, value(&from.value)));
            let synonyms: Vec<String> = synonyms.collect();
            output.out(format!(
                "  {}={} sensitive={} synonyms={{{}}}",
                entry.name,
                value(&entry.value),
                entry.is_sensitive,
                synonyms.join(", ")
            ));
        }
    }
}

/// `DeleteRecordsCommand.execute`.
pub(crate) fn low_watermarks(
    output: &mut Output,
    asked: &[(TopicPartition, base::Offset)],
    told: &[(TopicPartition, Result<base::Offset, Said>)],
) {
    output.out("Executing records delete operation").out("Records delete operation completed:");
    let told: Vec<_> = asked.iter().filter_map(|(asked, _)| told.iter().find(|(told, _)| told == asked)).collect();
    for (partition, result) in told {
        match result {
            Ok(offset) => drop(output.out(format!("partition: {partition}\tlow_watermark: {offset}"))),
            Err(said) => {
                let fault = Fault::from(said);
                output.out(format!("partition: {partition}\terror: {fault}"));
                output.log(format!(
                    "ERROR [AdminClient clientId=adminclient-1] DeleteRecords request for topic partition {partition} \
                     failed due to an unexpected error {} (org.apache.kafka.clients.admin.internals.DeleteRecordsHandler)",
                    said.error.name()
                ));
            }
        }
    }
}

/// `LogDirsCommand.execute`, of brokers that are all there.
pub(crate) fn log_dirs(output: &mut Output, topics: &[Str], told: &[LogDirTold]) {
    let ids: Vec<String> = told.iter().map(|told| told.broker.to_string()).collect();
    output.out("Querying brokers for log directories information");
    output.out(format!("Received log directory information from brokers {}", ids.join(",")));
    let brokers = told.iter().map(|told| {
        let dirs = match &told.found {
            Ok(found) => {
                let shown = found
                    .replicas
                    .iter()
                    .filter(|replica| topics.is_empty() || topics.contains(&replica.partition.topic));
                let partitions: Vec<String> = shown
                    .map(|replica| {
                        format!(
                            "{{\"partition\":\"{}\",\"size\":{},\"offsetLag\":{},\"isFuture\":false}}",
                            replica.partition, replica.bytes, replica.lag
                        )
                    })
                    .collect();
                format!("{{\"partitions\":[{}],\"error\":null,\"logDir\":\"{}\"}}", partitions.join(","), found.path)
            }
            Err(said) => format!("{{\"partitions\":[],\"error\":\"{}\",\"logDir\":\"\"}}", Fault::from(said).class),
        };
        format!("{{\"broker\":{},\"logDirs\":[{dirs}]}}", told.broker)
    });
    let brokers: Vec<String> = brokers.collect();
    output.out(format!("{{\"brokers\":[{}],\"version\":1}}", brokers.join(",")));
}

/// `LogDirsCommand.execute`, where some are not.
pub(crate) fn no_such_brokers(output: &mut Output, missing: &[BrokerId], existing: &[BrokerId]) {
    let list = |ids: &[BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let (missing, existing) = (list(missing), list(existing));
    output.err(format!(
        "ERROR: The given brokers do not exist from --broker-list: {missing}. Current existent brokers: {existing}"
    ));
    output.exit(1);
}

/// `ClusterTool.listEndpoints`.
pub(crate) fn endpoints(output: &mut Output, cluster: &ClusterTold, fenced: Internal) {
    let shown: Vec<_> = cluster.brokers.iter().filter(|broker| fenced == Internal::Shown || !broker.fenced).collect();
    let host = shown.iter().map(|broker| broker.endpoint.host.len()).max().unwrap_or(100);
    let rack = shown.iter().filter_map(|broker| broker.rack.as_ref()).map(|rack| rack.len()).max().unwrap_or(10);
    let mut row = |[id, name, port, where_, state, kind]: [&str; 6]| {
        output.out(format!("{id:10} {name:host$} {port:10} {where_:rack$} {state:10} {kind:15}"));
    };
    row(["ID", "HOST", "PORT", "RACK", "STATE", "ENDPOINT_TYPE"]);
    for broker in shown {
        let state = if broker.fenced { "fenced" } else { "unfenced" };
        let rack = broker.rack.as_deref().unwrap_or("null");
        row([&broker.id.to_string(), &broker.endpoint.host, &broker.endpoint.port.to_string(), rack, state, "broker"]);
    }
}

/// `BrokerApiVersionsCommand`, `NodeApiVersions.toString`: what the broker can do, and what this client of it would use.
pub(crate) fn versions(output: &mut Output, told: &[VersionsTold]) {
    for broker in told {
        let rack = broker.node.rack.as_deref().unwrap_or("null");
        let fenced = if broker.node.fenced { "true" } else { "false" };
        let head = format!("{} (id: {} rack: {rack} isFenced: {fenced}) -> ", broker.node.endpoint, broker.node.id);
        match &broker.found {
            Err(said) => drop(output.out(format!("{head}ERROR: {}", said.message))),
            Ok(found) => {
                output.out(format!("{head}("));
                let count = found.apis.len();
                for (index, (key, oldest, newest)) in found.apis.iter().enumerate() {
                    let comma = if index + 1 < count { "," } else { "" };
                    let known = api::ApiKey::ALL.iter().find(|known| **known as i16 == *key);
                    let name = known.map_or("UNKNOWN", |known| known.name());
                    let range = if oldest == newest { oldest.to_string() } else { format!("{oldest} to {newest}") };
                    output.out(format!("\t{name}({key}): {range} [usable: {newest}]{comma}"));
                }
                output.out(")");
            }
        }
    }
}

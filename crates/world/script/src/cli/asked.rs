//! The line of Kafka's tools that asks a question, so that links and texts can hold it.

use super::admin::start;
use super::print::option;
use api::{AlterConfigOp, ConfigResource, OffsetSpec};
use base::{Str, TopicPartition};
use port::{Act, Ask, ConfigsOf, GroupDetail, Part, ResetTo, Which};

/// `None`: no line asks for it.
pub(crate) fn line(ask: &Ask) -> Option<String> {
    match ask {
        Ask::DescribeTopics(names) => {
            let line = start("kafka-topics") + " --describe";
            match names.as_deref() {
                None => Some(line),
                Some([one]) => Some(option(&line, "topic", one)),
                Some(_several) => None,
            }
        }
        Ask::ListOffsets { of, spec } => offsets(of, spec),
        Ask::DescribeConfigs(whose) => {
            let line = start("kafka-configs") + " --describe";
            Some(match whose {
                ConfigsOf::Topics => line + " --entity-type topics",
                ConfigsOf::Brokers => line + " --entity-type brokers",
                ConfigsOf::One(resource) => entity(&line, resource),
            })
        }
        Ask::AlterConfigs { resource, changes } => {
            let line = entity(&(start("kafka-configs") + " --alter"), resource);
            let named = |op: AlterConfigOp| changes.iter().filter(move |change| change.op == op);
            let pair = |name: &Str, value: &str| match value.contains(',') {
                true => format!("{name}=[{value}]"),
                false => format!("{name}={value}"),
            };
            let set: Vec<String> = named(AlterConfigOp::Set)
                .map(|change| pair(&change.name, change.value.as_deref().unwrap_or_default()))
                .collect();
            let deleted: Vec<&str> = named(AlterConfigOp::Delete).map(|change| &*change.name).collect();
            let line = if set.is_empty() { line } else { option(&line, "add-config", &set.join(",")) };
            Some(if deleted.is_empty() { line } else { option(&line, "delete-config", &deleted.join(",")) })
        }
        Ask::DescribeLogDirs { brokers, topics } => {
            let mut line = start("kafka-log-dirs") + " --describe";
            if let Some(brokers) = brokers {
                let ids: Vec<String> = brokers.iter().map(ToString::to_string).collect();
                line = option(&line, "broker-list", &ids.join(","));
            }
            Some(topics.iter().fold(line, |line, topics| option(&line, "topic-list", &topics.join(","))))
        }
        // Kafka's console consumer goes on at the end.
        Ask::Read { .. } => None,
        Ask::DescribeCluster => Some(server("kafka-cluster.sh list-endpoints")),
        Ask::DescribeQuorum => Some(format!("{} describe --status", server("kafka-metadata-quorum.sh"))),
        Ask::ApiVersions => Some(start("kafka-broker-api-versions")),
        Ask::UnregisterBroker(broker) => Some(format!("{} --id {broker}", server("kafka-cluster.sh unregister"))),
        Ask::DeleteRecords(records) => {
            let record = |(partition, offset): &(TopicPartition, base::Offset)| {
                let (topic, number) = (&partition.topic, partition.partition);
                format!("{{\"topic\":\"{topic}\",\"partition\":{number},\"offset\":{offset}}}")
            };
            let records: Vec<String> = records.iter().map(record).collect();
            let json = format!("{{\"partitions\":[{}],\"version\":1}}", records.join(","));
            Some(option(&start("kafka-delete-records"), "offset-json-file", &json))
        }
        Ask::ListGroups { .. }
        | Ask::DescribeGroups { .. }
        | Ask::CommitOffsets { .. }
        | Ask::ResetOffsets { .. }
        | Ask::DeleteGroups(_)
        | Ask::DeleteOffsets { .. }
        | Ask::RemoveMembers { .. } => groups(ask),
    }
}

fn server(tool: &str) -> String {
    format!("{tool} --bootstrap-server {}", super::BOOTSTRAP)
}

fn entity(line: &str, resource: &ConfigResource) -> String {
    match resource {
        ConfigResource::Topic(name) => option(&format!("{line} --entity-type topics"), "entity-name", name),
        ConfigResource::Broker(Some(id)) => {
            option(&format!("{line} --entity-type brokers"), "entity-name", &id.to_string())
        }
        ConfigResource::Broker(None) => format!("{line} --entity-type brokers --entity-default"),
    }
}

fn offsets(of: &Which, spec: &OffsetSpec) -> Option<String> {
    let line = start("kafka-get-offsets");
    let line = match of {
        Which::All => line,
        Which::These(parts) => match parts.as_slice() {
            [Part::Topic(topic)] => option(&line, "topic", topic),
            parts => {
                let rule = |part: &Part| match part {
                    Part::Topic(topic) => topic.to_string(),
                    Part::Partition(partition) => format!("{}:{}", partition.topic, partition.partition),
                    Part::Existing(topic, from, until) => format!("{topic}:{}", range(*from, *until)),
                };
                option(&line, "topic-partitions", &parts.iter().map(rule).collect::<Vec<_>>().join(","))
            }
        },
    };
    Some(match spec {
        OffsetSpec::Latest => line,
        OffsetSpec::Earliest => line + " --time earliest",
        OffsetSpec::MaxTimestamp => line + " --time max-timestamp",
        OffsetSpec::Timestamp(at) => format!("{line} --time {}", at.0),
    })
}

/// `GetOffsetShell.parseRuleSpec`.
fn range(from: i32, until: i32) -> String {
    match until {
        i32::MAX => format!("{from}-"),
        until if from.checked_add(1) == Some(until) => from.to_string(),
        until => format!("{from}-{until}"),
    }
}

/// Of the tool for groups.
fn groups(ask: &Ask) -> Option<String> {
    let line = start("kafka-consumer-groups");
    let named = |line: String, groups: &[Str]| groups.iter().fold(line, |line, group| option(&line, "group", group));
    match ask {
        Ask::ListGroups { states, types } => {
            let mut line = line + " --list";
            if !states.is_empty() {
                line = option(&line, "state", &states.join(","));
            }
            Some(if types.is_empty() { line } else { option(&line, "type", &types.join(",")) })
        }
        Ask::DescribeGroups { groups, detail } => {
            let line = line + " --describe";
            let line = match groups {
                None => line + " --all-groups",
                Some(groups) => named(line, groups),
            };
            Some(match detail {
                GroupDetail::Members => line + " --members",
                GroupDetail::Offsets => line,
            })
        }
        Ask::ResetOffsets { group, of, to, act } => {
            let line = option(&(line + " --reset-offsets"), "group", group);
            let line = parts(&line, of);
            let line = match to {
                ResetTo::Earliest => line + " --to-earliest",
                ResetTo::Latest => line + " --to-latest",
                ResetTo::Current => line + " --to-current",
                ResetTo::Offset(offset) => format!("{line} --to-offset {offset}"),
                ResetTo::ShiftBy(by) => format!("{line} --shift-by {by}"),
                ResetTo::Timestamp(at) => {
                    format!(
                        "{line} --to-datetime {}",
                        super::output::log_time(at.0).replace(' ', "T").replace(',', ".")
                    )
                }
                ResetTo::Duration(span) => {
                    format!("{line} --by-duration PT{}S", base::plain_double(span.as_millis() as f64 / 1_000.0))
                }
                ResetTo::Exactly(_) => return None,
            };
            Some(line + if *act == Act::Execute { " --execute" } else { " --dry-run" })
        }
        Ask::DeleteGroups(groups) => Some(named(line + " --delete", groups)),
        Ask::DeleteOffsets { group, of } => {
            let line = option(&(line + " --delete-offsets"), "group", group);
            Some(parts(&line, &Which::These(of.clone())))
        }
        _no_tool_asks_so => None,
    }
}

/// Partitions that one line names at most.
const PARTS: usize = 1_000;

fn parts(line: &str, of: &Which) -> String {
    match of {
        Which::All => format!("{line} --all-topics"),
        Which::These(parts) => parts.iter().fold(line.to_owned(), |line, part| match part {
            Part::Topic(topic) => option(&line, "topic", topic),
            Part::Partition(partition) => {
                option(&line, "topic", &format!("{}:{}", partition.topic, partition.partition))
            }
            Part::Existing(topic, from, until) => {
                let numbers: Vec<String> = (*from..*until).take(PARTS).map(|number| number.to_string()).collect();
                option(&line, "topic", &format!("{topic}:{}", numbers.join(",")))
            }
        }),
    }
}

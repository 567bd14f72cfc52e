//! What administrators ask beside changes of topics: the bad requests of that kind, and steps that look at offsets,
//! commit them or delete records.

use super::player::Player;
use super::{Trouble, value};
use api::{AlterConfig, AlterConfigOp, ConfigResource, OffsetSpec};
use base::{BrokerId, ErrorCode, Offset, Str, TopicPartition};
use port::{Ask, ConfigsOf, GroupDetail, NewOffset, OperatorAnswer, Part, Said, Told, Which};
use serde_json::{Value, json};
use sim::{Command, KafkaCommand};

impl Player {
    /// Puts the question and waits for what came of it.
    pub fn put(&mut self, ask: Ask) -> Result<Result<Told, Said>, Trouble> {
        let answer = self.ask(&Command::Kafka(None, KafkaCommand::Ask(Box::new(ask))))?;
        Ok(match answer {
            OperatorAnswer::Told(told) => Ok(*told),
            OperatorAnswer::Done => Ok(Told::Done),
            OperatorAnswer::Failed { error, message, .. } => Err(Said { error, message }),
            other => return Err(Trouble::Differs(format!("another answer: {other:?}"))),
        })
    }

    /// `None`: it is not one of these requests.
    pub fn bad_ask(&mut self, api: &str, step: &Value) -> Result<Option<()>, Trouble> {
        let Some(ask) = ask_of(api, &step["request"])? else { return Ok(None) };
        let names = names_of(&ask);
        let outcome = self.put(ask)?.and_then(|told| outcome(told, &names));
        if let Err(said) = &outcome
            && let Some(lacking) = super::player::not_modelled(&said.message)
        {
            return Err(lacking);
        }
        let actual = match outcome {
            Ok(()) => json!("NONE"),
            Err(said) => json!({"error": said.error.name(), "message": masked(&said.message)}),
        };
        let mut expect = step["expect"].clone();
        if let Some(expect) = expect.as_object_mut() {
            expect.remove("exception");
        }
        value::compare("answer", &expect, &actual).map(Some)
    }

    /// The low watermark that the deletion led to.
    pub fn delete_records(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["partition", "before", "expect"])?;
        let before = vec![(partition(step)?, Offset(value::number(step, "before")?))];
        let actual = match self.put(Ask::DeleteRecords(before))? {
            Ok(Told::LowWatermarks(all)) => match all.into_iter().next().map(|(_, result)| result) {
                Some(Ok(low)) => json!({"lowWatermark": low.0}),
                Some(Err(said)) => refused(&said, &step["expect"]),
                None => Value::Null,
            },
            Ok(other) => json!(format!("{other:?}")),
            Err(said) => refused(&said, &step["expect"]),
        };
        value::compare("answer", &step["expect"], &actual)
    }

    /// Each question that the step names, with what is there.
    pub fn list_offsets(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["partition", "expect"])?;
        let mut found = serde_json::Map::new();
        for (name, _) in step["expect"].as_object().into_iter().flatten() {
            let spec = spec(name)?;
            let of = Which::These(vec![Part::Partition(partition(step)?)]);
            let told = match self.put(Ask::ListOffsets { of, spec })? {
                Ok(Told::Offsets(all)) => all.into_iter().next().map(|(_, result)| result),
                other => return Err(Trouble::Differs(format!("{other:?}"))),
            };
            let shown = match told {
                Some(Ok(told)) => {
                    let timestamp = told.timestamp.map_or(-1, |at| at.0);
                    match told.offset.0 {
                        -1 => json!({"offset": -1, "timestamp": timestamp}),
                        offset => json!({"offset": offset, "timestamp": timestamp, "leaderEpoch": told.leader_epoch.0}),
                    }
                }
                other => json!(format!("{other:?}")),
            };
            found.insert(name.clone(), shown);
        }
        value::compare("answer", &step["expect"], &Value::Object(found))
    }

    /// By a consumer that is no member (`assign`): what the client makes of a refusal is its own exception.
    pub fn commit_offset(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["group", "topic", "partition", "offset", "expect"])?;
        let partition = TopicPartition::new(value::text(step, "topic")?, value::number(step, "partition")? as i32);
        let offsets =
            vec![NewOffset { partition, offset: Offset(value::number(step, "offset")?), metadata: Str::from("") }];
        let group = value::text(step, "group")?.into();
        let outcome = self.put(Ask::CommitOffsets { group, offsets })?.and_then(|told| outcome(told, &[]));
        let actual = match outcome {
            Ok(()) => json!("NONE"),
            Err(Said { error: ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration, .. }) => {
                json!({"error": "CommitFailedException"})
            }
            Err(said) => refused(&said, &step["expect"]),
        };
        value::compare("answer", &step["expect"], &actual)
    }
}

fn partition(step: &Value) -> Result<TopicPartition, Trouble> {
    let (topic, number) = value::partition(value::text(step, "partition")?)?;
    Ok(TopicPartition::new(topic, number))
}

fn spec(name: &str) -> Result<OffsetSpec, Trouble> {
    Ok(match name {
        "earliest" => OffsetSpec::Earliest,
        "latest" => OffsetSpec::Latest,
        "maxTimestamp" => OffsetSpec::MaxTimestamp,
        other => {
            let time = other.strip_prefix("timestamp ").and_then(|text| text.parse().ok());
            OffsetSpec::Timestamp(base::Timestamp(time.ok_or_else(|| not_built(&format!("list-offsets {other}")))?))
        }
    })
}

/// With the sentence, where it was recorded.
fn refused(said: &Said, expect: &Value) -> Value {
    match expect.get("message") {
        Some(_) => json!({"error": said.error.name(), "message": masked(&said.message)}),
        None => json!({"error": said.error.name()}),
    }
}

/// Numbers that differ from run to run are masked in the record.
fn masked(message: &str) -> String {
    let mut text = message.to_owned();
    for name in ["deadlineMs=", "tries=", "nextAllowedTryMs="] {
        text = replace_number(&text, name, "<n>");
    }
    if text.starts_with("Call(") {
        text = replace_number(&text, "timed out at ", "<time>");
        text = replace_number(&text, "after ", "<n>");
    }
    text
}

fn replace_number(text: &str, after: &str, with: &str) -> String {
    let Some((before, rest)) = text.split_once(after) else { return text.to_owned() };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    format!("{before}{after}{with}{}", &rest[digits..])
}

fn not_built(what: &str) -> Trouble {
    Trouble::NotBuilt(format!("bad-request {what}"))
}

/// `None`: no question of this kind.
fn ask_of(api: &str, request: &Value) -> Result<Option<Ask>, Trouble> {
    let text = |field: &str| value::text(request, field).map(Str::from);
    let known: &[&str] = match api {
        "describe-topic" => &["topic"],
        "describe-config" | "alter-config" => &["type", "name", "op", "key", "value"],
        "unregister-broker" => &["broker"],
        "delete-records" => &["partition", "before"],
        "list-offsets" => &["partition"],
        "describe-group" | "list-group-offsets" => &["group"],
        "delete-group" => &["group", "members"],
        "delete-offsets" => &["group", "partition"],
        "remove-members" => &["group", "member"],
        "alter-offsets" => &["group", "partition", "offset", "metadataBytes"],
        _another => return Ok(None),
    };
    super::refusals::fields(api, request, known)?;
    Ok(Some(match api {
        "describe-topic" => Ask::DescribeTopics(Some(vec![text("topic")?])),
        "describe-config" => Ask::DescribeConfigs(ConfigsOf::One(resource(request)?)),
        "alter-config" => Ask::AlterConfigs { resource: resource(request)?, changes: vec![change(request)?] },
        "unregister-broker" => Ask::UnregisterBroker(BrokerId(value::number(request, "broker")? as i32)),
        "delete-records" => Ask::DeleteRecords(vec![(partition(request)?, Offset(value::number(request, "before")?))]),
        "list-offsets" => {
            let of = Which::These(vec![Part::Partition(partition(request)?)]);
            Ask::ListOffsets { of, spec: OffsetSpec::Latest }
        }
        "describe-group" => Ask::DescribeGroups { groups: Some(vec![text("group")?]), detail: GroupDetail::Members },
        "list-group-offsets" => {
            // Kafka's client is asked for offsets alone; a group that is not there has committed none.
            Ask::ResetOffsets {
                group: text("group")?,
                of: Which::All,
                to: port::ResetTo::Current,
                act: port::Act::DryRun,
            }
        }
        "delete-group" => Ask::DeleteGroups(vec![text("group")?]),
        "delete-offsets" => {
            Ask::DeleteOffsets { group: text("group")?, of: vec![Part::Partition(partition(request)?)] }
        }
        "remove-members" => Ask::RemoveMembers { group: text("group")?, instances: vec![text("member")?] },
        _alter_offsets => Ask::CommitOffsets { group: text("group")?, offsets: vec![new_offset(request)?] },
    }))
}

fn new_offset(request: &Value) -> Result<NewOffset, Trouble> {
    let metadata = "m".repeat(request["metadataBytes"].as_u64().unwrap_or(0) as usize).into();
    Ok(NewOffset { partition: partition(request)?, offset: Offset(request["offset"].as_i64().unwrap_or(0)), metadata })
}

fn resource(request: &Value) -> Result<ConfigResource, Trouble> {
    let name = value::text(request, "name")?;
    match value::text(request, "type")? {
        "TOPIC" => Ok(ConfigResource::Topic(name.into())),
        "BROKER" if name.is_empty() => Ok(ConfigResource::Broker(None)),
        "BROKER" => Ok(ConfigResource::Broker(name.parse().ok().map(BrokerId))),
        other => Err(not_built(&format!("config of {other}"))),
    }
}

fn change(request: &Value) -> Result<AlterConfig, Trouble> {
    let op = match value::text(request, "op")? {
        "SET" => AlterConfigOp::Set,
        "DELETE" => AlterConfigOp::Delete,
        "APPEND" => AlterConfigOp::Append,
        "SUBTRACT" => AlterConfigOp::Subtract,
        other => return Err(not_built(&format!("alter-config {other}"))),
    };
    Ok(AlterConfig { name: value::text(request, "key")?.into(), op, value: request["value"].as_str().map(Str::from) })
}

/// Partitions as `alterConsumerGroupOffsets(...).all()` names them.
fn names_of(ask: &Ask) -> Vec<String> {
    match ask {
        Ask::CommitOffsets { offsets, .. } => offsets.iter().map(|each| each.partition.to_string()).collect(),
        _nobody => Vec::new(),
    }
}

/// What the one thing that was asked for came to.
fn outcome(told: Told, altered: &[String]) -> Result<(), Said> {
    match told {
        Told::Topics(mut topics) => topics.remove(0).found.map(drop),
        Told::Offsets(mut all) => all.remove(0).1.map(drop),
        Told::LowWatermarks(mut all) => all.remove(0).1.map(drop),
        Told::DescribedGroups(mut groups) => groups.remove(0).found.map(drop),
        Told::Each(mut all) => all.remove(0).1,
        Told::Partitions(mut all) => all.remove(0).1.map_err(|said| match altered {
            [] => said,
            names => {
                let message =
                    format!("Failed altering group offsets for the following partitions: [{}]", names.join(", "));
                Said { message: message.into(), ..said }
            }
        }),
        _nothing_to_refuse => Ok(()),
    }
}

//! One step of a trace as commands, with what Kafka answered.

use super::player::{PATIENCE, Player, is_unfenced};
use super::{Trouble, player, value};
use base::{BrokerId, FlatMap, LeaderEpoch, Span, Str};
use port::{OperatorAnswer, Roles};
use serde_json::{Value, json};
use sim::{Command, Election, KafkaCommand, Liveness, WorldCommand};
use std::collections::BTreeMap;

/// Steps that change or read a thing which later steps may speak of, and are not built.
const NOT_BUILT: &[&str] = &[
    "alter-broker-config",
    "alter-group-config",
    "alter-client-quota",
    "reassign",
    "init-transactions",
    "begin",
    "send",
    "send-offsets",
    "commit",
    "abort",
    "share-join",
    "share-poll",
    "share-ack",
    "share-leave",
    "open-transaction",
    "unregister-broker",
];

impl Player {
    /// Runs a step and compares what it expects.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub fn play(&mut self, step: &Value) -> Result<(), Trouble> {
        let kind = value::kind(step);
        if NOT_BUILT.contains(&kind) {
            if !changes_nothing(step) {
                self.taint(step);
            }
            return Err(Trouble::NotBuilt(kind.to_owned()));
        }
        if self.is_tainted(step) {
            self.taint(step);
            return Err(Trouble::NotBuilt(format!("{kind} after one of these")));
        }
        let outcome = self.play_built(step, kind);
        if matches!(outcome, Err(Trouble::NotBuilt(_))) && kind != "observe" && !changes_nothing(step) {
            self.taint(step);
        }
        outcome
    }

    fn play_built(&mut self, step: &Value, kind: &str) -> Result<(), Trouble> {
        match kind {
            "create-topic" => self.create_topic(step),
            "create-partitions" => self.create_partitions(step),
            "delete-topic" => self.delete_topic(step),
            "alter-topic-config" => self.alter_topic_config(step),
            "elect-leaders" => self.elect_leaders(step),
            "list-topics" => self.list_topics(step),
            "delete-records" => self.delete_records(step),
            "list-offsets" => self.list_offsets(step),
            "commit-offset" => self.commit_offset(step),
            "produce" => self.produce(step),
            "produce-batch" => self.produce_batch(step),
            "consume" => self.consume(step),
            "start-consumer" => self.start_consumer(step),
            "kill" | "stop" | "start" | "pause" | "resume" => self.node_step(step, kind),
            "wait" => {
                self.stage.pass(Span::from_secs(value::number(step, "seconds")? as u64));
                Ok(())
            }
            "await" => self.wait_for(step),
            "join" | "leave" | "restart" | "crash" => self.group_step(step, kind),
            "observe" => self.observe(step),
            "epoch-end" => self.epoch_end(step),
            "bad-request" => self.bad_request(step),
            "cli" => self.cli(step),
            "note" => Ok(()),
            other => Err(Trouble::NotBuilt(other.to_owned())),
        }
    }

    /// Asks the cluster and waits for its answer.
    ///
    /// # Errors
    /// When the world refuses or nobody ever answers.
    pub fn ask(&mut self, command: &Command) -> Result<OperatorAnswer, Trouble> {
        let ticket = self.act(command)?.ok_or_else(|| Trouble::Differs("no ticket".into()))?;
        self.stage.wait(PATIENCE + PATIENCE, |stage| stage.answer(ticket).is_some());
        let answer = self.stage.answer(ticket).cloned();
        answer.ok_or_else(|| Trouble::Differs(format!("no answer to {command:?}")))
    }

    fn ask_and_compare(&mut self, command: &Command, expect: &Value) -> Result<(), Trouble> {
        let actual = match self.ask(command)? {
            OperatorAnswer::Done => Value::Null,
            OperatorAnswer::Failed { message, .. } if player::not_modelled(&message).is_some() => {
                return player::not_modelled(&message).map_or(Ok(()), Err);
            }
            OperatorAnswer::Failed { error, message, .. } => match expect.get("message") {
                Some(_) => json!({"error": error.name(), "message": &*message}),
                None => json!({"error": error.name()}),
            },
            other => json!(format!("{other:?}")),
        };
        let expect = if expect == "NONE" { &Value::Null } else { expect };
        value::compare("answer", expect, &actual)
    }

    fn create_topic(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "assignments", "config", "timeoutMs", "expect"])?;
        let command = Command::Kafka(
            None,
            KafkaCommand::CreateTopic {
                name: value::text(step, "topic")?.into(),
                partitions: None,
                replication_factor: None,
                assignments: assignments(&step["assignments"])?,
                configs: strings(&step["config"]),
                timeout_ms: step["timeoutMs"].as_u64().map(|ms| ms as u32),
            },
        );
        self.ask_and_compare(&command, &step["expect"])
    }

    fn create_partitions(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "total", "assignments", "expect"])?;
        let command = Command::Kafka(
            None,
            KafkaCommand::AddPartitions {
                topic: value::text(step, "topic")?.into(),
                total: value::number(step, "total")? as i32,
                assignments: assignments(&step["assignments"])?,
            },
        );
        self.ask_and_compare(&command, &step["expect"])
    }

    fn delete_topic(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "expect"])?;
        self.ask_and_compare(
            &Command::Kafka(None, KafkaCommand::DeleteTopic { name: value::text(step, "topic")?.into() }),
            &step["expect"],
        )
    }

    fn alter_topic_config(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "set", "delete", "expect"])?;
        let delete = step["delete"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
        let command = Command::Kafka(
            None,
            KafkaCommand::AlterTopicConfig {
                topic: value::text(step, "topic")?.into(),
                set: strings(&step["set"]),
                delete: delete.map(Str::from).collect(),
            },
        );
        self.ask_and_compare(&command, &step["expect"])
    }

    fn elect_leaders(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["type", "partitions", "expect"])?;
        let election = match value::text(step, "type")? {
            "PREFERRED" => Election::Preferred,
            "UNCLEAN" => Election::Unclean,
            other => return Err(Trouble::NotBuilt(format!("elect-leaders {other}"))),
        };
        let partitions = step["partitions"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
        let command = Command::Kafka(
            None,
            KafkaCommand::ElectLeaders { election, partitions: partitions.map(Str::from).collect() },
        );
        let actual = match self.ask(&command)? {
            OperatorAnswer::Elected(results) => results
                .into_iter()
                .map(|(partition, error, message)| {
                    let outcome = match error.is_error() {
                        false => json!("NONE"),
                        true => json!({"error": error.name(), "message": message.as_deref()}),
                    };
                    (partition.to_string(), outcome)
                })
                .collect(),
            OperatorAnswer::Failed { error, .. } => json!({"error": error.name()}),
            other => json!(format!("{other:?}")),
        };
        value::compare("answer", &step["expect"], &actual)
    }

    fn list_topics(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["expect"])?;
        value::only(&step["expect"], &["contains", "maybe"])?;
        let OperatorAnswer::Topics(topics) = self.ask(&Command::Kafka(None, KafkaCommand::ListTopics))? else {
            return Err(Trouble::Differs("no list".into()));
        };
        let named = |field: &str| -> Vec<&str> {
            step["expect"][field].as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect()
        };
        let (sure, maybe) = (named("contains"), named("maybe"));
        let missing = sure.iter().find(|name| !topics.iter().any(|topic| **topic == ***name));
        let surplus = topics.iter().find(|topic| !sure.contains(&&***topic) && !maybe.contains(&&***topic));
        match (missing, surplus) {
            (None, None) => Ok(()),
            _differs => Err(Trouble::Differs(format!("recorded {}, here {topics:?}", step["expect"]))),
        }
    }

    fn node_step(&mut self, step: &Value, kind: &str) -> Result<(), Trouble> {
        value::only(step, &["node"])?;
        let name = self.node_name(&step["node"])?;
        match kind {
            "kill" => self.act(&Command::World(WorldCommand::Kill { name })).map(drop),
            "pause" => self.act(&Command::World(WorldCommand::Pause { name })).map(drop),
            "resume" => self.act(&Command::World(WorldCommand::Resume { name })).map(drop),
            "stop" => {
                self.act(&Command::World(WorldCommand::Stop { name: name.clone() }))?;
                self.expect_soon("the process to end", |player| {
                    player.stage.world.find(&name).is_some_and(|slot| slot.liveness == Liveness::Stopped)
                })
            }
            _start => {
                self.act(&Command::World(WorldCommand::Start { name: name.clone() }))?;
                let id = BrokerId(name.parse().map_err(|_| Trouble::Differs(format!("{name} is no node")))?);
                let plans = &self.stage.world.setup().first().nodes;
                let is_broker = plans.iter().any(|plan| plan.node == id.0 && plan.roles != Roles::Controller);
                match is_broker {
                    true => self.expect_soon("the broker to be unfenced", |player| is_unfenced(&player.stage, id)),
                    false => Ok(()),
                }
            }
        }
    }

    /// # Errors
    /// When it does not come to hold in time.
    pub fn expect_soon(&mut self, what: &str, holds: impl Fn(&Player) -> bool) -> Result<(), Trouble> {
        const EVERY: Span = Span::from_millis(10);
        let end = self.stage.now() + PATIENCE;
        while !holds(self) {
            if self.stage.now() >= end || self.stage.violation.is_some() {
                return Err(Trouble::Differs(format!("waited in vain for {what}")));
            }
            self.stage.pass(EVERY);
        }
        Ok(())
    }

    fn epoch_end(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["node", "partition", "epoch", "expect"])?;
        let name = value::partition(value::text(step, "partition")?)?;
        let epoch = LeaderEpoch(value::number(step, "epoch")? as i32);
        let replica = super::player::replica(&self.stage, value::number(step, "node")?, name);
        let end = replica.and_then(|replica| replica.log().end_offset_for_epoch(epoch));
        let actual = end.map_or(json!(null), |end| json!({"epoch": end.epoch.0, "endOffset": end.end.0}));
        value::compare("epoch end", &step["expect"], &actual)
    }
}

/// A request that was refused, or that only reads, leaves everything as it was.
fn changes_nothing(step: &Value) -> bool {
    match value::kind(step) {
        "list-offsets" | "start-consumer" => true,
        "cli" => super::cli::changes_nothing(step),
        "bad-request" => step["expect"] != "NONE",
        _other => false,
    }
}

pub fn strings(object: &Value) -> FlatMap<Str, Str> {
    let pairs = object.as_object().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    pairs.map(|(name, value)| (name.as_str().into(), text(value).as_str().into())).collect()
}

/// `{"0": [1, 2]}` as a list, by partition number; a hole is not built.
pub fn assignments(object: &Value) -> Result<Vec<Vec<i32>>, Trouble> {
    let numbered: BTreeMap<i32, Vec<i32>> = match object {
        Value::Null => BTreeMap::new(),
        Value::Array(list) => {
            let read = |each: &Value| serde_json::from_value(each.clone()).unwrap_or_default();
            list.iter().map(read).enumerate().map(|(at, ids)| (at as i32, ids)).collect()
        }
        other => serde_json::from_value(other.clone()).map_err(|error| Trouble::Differs(error.to_string()))?,
    };
    Ok(numbered.into_values().collect())
}

//! Bad requests: what Kafka refuses, with which error and in which words.
//!
//! What an operator can ask is asked of the running cluster; settings are put to the tables as a
//! client's constructor would. Other requests are not built and are listed by their kind.

use super::player::Player;
use super::steps::{assignments, strings};
use super::{Trouble, value};
use base::{ErrorCode, Str};
use config::{ConfigError, ConsumerConfig, ProducerConfig};
use port::OperatorAnswer;
use serde_json::{Value, json};
use sim::{Command, Election, KafkaCommand};
use std::collections::BTreeSet;

impl Player {
    /// # Errors
    /// See [`Trouble`].
    pub fn bad_request(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["api", "request", "expect", "wrappedBy", "wrapper"])?;
        let (api, request) = (value::text(step, "api")?, &step["request"]);
        let command = match api {
            "create-topic" => create_topic(request)?,
            "delete-topic" => {
                fields(api, request, &["topic"])?;
                Command::Kafka(None, KafkaCommand::DeleteTopic { name: value::text(request, "topic")?.into() })
            }
            "create-partitions" => {
                fields(api, request, &["topic", "total", "assignments"])?;
                Command::Kafka(
                    None,
                    KafkaCommand::AddPartitions {
                        topic: value::text(request, "topic")?.into(),
                        total: value::number(request, "total")? as i32,
                        assignments: assignments(&request["assignments"])?,
                    },
                )
            }
            "elect-leaders" => return self.refused_election(step),
            "produce" => return self.bad_produce(step),
            "producer-config" => {
                let refused = ProducerConfig::resolve(&strings(request)).map(drop);
                return same_words(api, refused, &step["expect"]);
            }
            "consumer-config" => return consumer_config(request, &step["expect"]),
            other => return self.bad_ask(other, step)?.ok_or_else(|| not_built(other)),
        };
        let ticket = self.stage.act(&command).map_err(|refused| not_built(&format!("{api}: {refused}")))?;
        let answer = self.answer_to(ticket)?;
        same_answer(&step["expect"], answer)
    }

    pub fn answer_to(&mut self, ticket: Option<u64>) -> Result<OperatorAnswer, Trouble> {
        let ticket = ticket.ok_or_else(|| Trouble::Differs("no ticket".into()))?;
        self.stage.wait(super::player::PATIENCE, |stage| stage.answer(ticket).is_some());
        self.stage.answer(ticket).cloned().ok_or_else(|| Trouble::Differs("no answer".into()))
    }

    fn refused_election(&mut self, step: &Value) -> Result<(), Trouble> {
        let request = &step["request"];
        fields("elect-leaders", request, &["type", "partition"])?;
        let election = match value::text(request, "type")? {
            "PREFERRED" => Election::Preferred,
            "UNCLEAN" => Election::Unclean,
            other => return Err(not_built(&format!("elect-leaders {other}"))),
        };
        let partitions = vec![Str::from(value::text(request, "partition")?)];
        match self.ask(&Command::Kafka(None, KafkaCommand::ElectLeaders { election, partitions }))? {
            OperatorAnswer::Elected(mut results) if results.len() == 1 => {
                let (_, error, message) = results.remove(0);
                let message = message.unwrap_or_else(|| error.message().into());
                same_answer(&step["expect"], OperatorAnswer::Failed { by: port::Refuser::Client, error, message })
            }
            other => same_answer(&step["expect"], other),
        }
    }
}

fn not_built(what: &str) -> Trouble {
    Trouble::NotBuilt(format!("bad-request {what}"))
}

/// `NotBuilt` when the request says more than we can ask.
pub fn fields(api: &str, request: &Value, known: &[&str]) -> Result<(), Trouble> {
    let names = request.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    match names.filter(|name| *name != "about").find(|name| !known.contains(name)) {
        Some(name) => Err(not_built(&format!("{api} with {name}"))),
        None => Ok(()),
    }
}

fn create_topic(request: &Value) -> Result<Command, Trouble> {
    fields("create-topic", request, &["topic", "partitions", "replicationFactor", "config", "assignments"])?;
    let numbers = request["assignments"].as_object().into_iter().flatten();
    let numbers: BTreeSet<i32> = numbers.filter_map(|(number, _)| number.parse().ok()).collect();
    if numbers.iter().zip(0..).any(|(number, expected)| *number != expected) {
        return Err(not_built("create-topic with a hole in its assignments"));
    }
    let count = |field: &str| request[field].as_i64();
    Ok(Command::Kafka(
        None,
        KafkaCommand::CreateTopic {
            name: value::text(request, "topic")?.into(),
            partitions: count("partitions").map(|count| count as i32),
            replication_factor: count("replicationFactor").map(|count| count as i16),
            assignments: assignments(&request["assignments"])?,
            configs: strings(&request["config"]),
            timeout_ms: None,
        },
    ))
}

/// Refusals of the constructor; what only the cluster can refuse is not built.
fn consumer_config(request: &Value, expect: &Value) -> Result<(), Trouble> {
    fields("consumer-config", request, &["group", "config"])?;
    let mut settings = strings(&request["config"]);
    if let Some(group) = request["group"].as_str() {
        settings.insert("group.id".into(), group.into());
    }
    same_words("consumer-config", ConsumerConfig::resolve(&settings).map(drop), expect)
}

fn same_words(api: &str, refused: Result<(), ConfigError>, expect: &Value) -> Result<(), Trouble> {
    // Kafka's error code instead of the client's own exception: the cluster refused it, which is not asked here.
    let by_cluster = ErrorCode::ALL.iter().any(|code| expect["error"] == code.name());
    if by_cluster && refused.is_ok() {
        return Err(not_built(&format!("{api} that the cluster refuses")));
    }
    let taken = || Trouble::Differs(format!("{api}: Kafka refuses it with {}, here it is taken", expect["message"]));
    let error = refused.err().ok_or_else(taken)?;
    value::compare("message", &expect["message"], &json!(&*error.message))
}

fn same_answer(expect: &Value, answer: OperatorAnswer) -> Result<(), Trouble> {
    let actual = match answer {
        OperatorAnswer::Done => json!("NONE"),
        OperatorAnswer::Failed { error, message, .. } => json!({"error": error.name(), "message": &*message}),
        other => json!(format!("{other:?}")),
    };
    let mut expect = expect.clone();
    if let Some(expect) = expect.as_object_mut() {
        expect.remove("exception");
    }
    value::compare("answer", &expect, &actual)
}

//! Where a consumer starts to read.

use super::player::{Player, leader};
use super::{Trouble, value};
use base::{FlatMap, Offset, ProcessId, Span, Str, TopicPartition};
use client::Consumer;
use port::{Fact, KafkaFact};
use serde_json::{Map, Value, json};
use sim::{Command, KafkaCommand, WorldCommand};

/// A consumer has its position, and its first record, in less.
const SOON: Span = Span::from_secs(5);
/// Shorter than any way of a message.
const LOOK: Span = Span(50_000);

impl Player {
    /// Takes the partition for itself: its position before it has read anything, then its first record.
    pub fn start_consumer(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["group", "topic", "partition", "auto.offset.reset", "expect"])?;
        let (topic, number) = (value::text(step, "topic")?, value::number(step, "partition")? as i32);
        let partition = TopicPartition::new(topic, number);
        self.clients += 1;
        let name: Str = format!("reader-{}", self.clients).into();
        let reset = value::text(step, "auto.offset.reset")?;
        let assigned = partition.to_string();
        let configs = [("app.assign", &*assigned), ("auto.offset.reset", reset), ("enable.auto.commit", "false")];
        let configs = configs.map(|(name, value)| (Str::from(name), Str::from(value)));
        let from = self.stage.facts.len();
        self.act(&Command::Kafka(
            None,
            KafkaCommand::AddConsumer {
                name: name.clone(),
                group: value::text(step, "group")?.into(),
                topics: vec![topic.into()],
                processing: 0,
                configs: configs.into_iter().collect::<FlatMap<Str, Str>>(),
            },
        ))?;
        let actual = self.started(&name, &partition, from)?;
        if self.is_up(&name) {
            self.act(&Command::World(WorldCommand::Kill { name }))?;
        }
        value::compare("reader", &step["expect"], &Value::Object(actual))
    }

    fn is_up(&self, name: &str) -> bool {
        self.stage.world.find(name).is_some_and(|slot| slot.liveness.is_up())
    }

    fn started(&mut self, name: &str, at: &TopicPartition, from: usize) -> Result<Map<String, Value>, Trouble> {
        let position = |player: &Player| player.reader(name).and_then(|reader| reader.position(at));
        let first = self.until(|player| position(player).is_some() || player.exception(name, from).is_some());
        let mut actual = Map::new();
        if let Some(error) = self.exception(name, from) {
            actual.insert("error".into(), json!(error));
            return Ok(actual);
        }
        let Some(first) = first.then(|| position(self)).flatten() else {
            actual.insert("error".into(), json!("REQUEST_TIMED_OUT"));
            return Ok(actual);
        };
        actual.insert("position".into(), json!(first.0));
        if Some(first) == self.log_end(at) {
            return Ok(actual);
        }
        let is_settled = |player: &Player| position(player).is_some_and(|now| Some(now) == player.log_end(at));
        self.until(|player| player.exception(name, from).is_some() || is_settled(player));
        if let Some(error) = self.exception(name, from) {
            actual.clear();
            actual.insert("error".into(), json!(error));
            return Ok(actual);
        }
        let record = self.first_record(name, from);
        actual.insert("firstRecord".into(), json!(record));
        if record.is_none() {
            actual.insert("positionAfterPoll".into(), json!(position(self).map(|at| at.0)));
        }
        Ok(actual)
    }

    /// Waits for it, with a look between any two messages; whether it came.
    fn until(&mut self, holds: impl Fn(&Player) -> bool) -> bool {
        let end = self.stage.world.now() + SOON;
        while !holds(self) {
            if self.stage.world.now() >= end {
                return false;
            }
            self.stage.pass(LOOK);
        }
        true
    }

    fn reader(&self, name: &str) -> Option<&Consumer> {
        self.stage.world.find(name)?.process.as_ref()?.consumer()
    }

    fn facts_of(&self, name: &str, from: usize) -> impl Iterator<Item = &KafkaFact> {
        let id: Option<ProcessId> = self.stage.world.find(name).map(|slot| slot.id);
        let own = self.stage.facts[from..].iter().filter(move |(_, of, _)| Some(*of) == id);
        own.filter_map(|(_, _, fact)| match fact {
            Fact::Kafka(fact) => Some(fact),
            _other => None,
        })
    }

    fn exception(&self, name: &str, from: usize) -> Option<String> {
        self.facts_of(name, from).find_map(|fact| match fact {
            KafkaFact::ClientFailed { error, .. } => Some(error.to_string()),
            _other => None,
        })
    }

    fn first_record(&self, name: &str, from: usize) -> Option<i64> {
        self.facts_of(name, from).find_map(|fact| match fact {
            KafkaFact::Delivered { offset, .. } => Some(offset.0),
            _other => None,
        })
    }

    /// The high watermark at the leader.
    fn log_end(&self, at: &TopicPartition) -> Option<Offset> {
        leader(&self.stage, (&at.topic, at.partition)).map(|partition| partition.high_watermark())
    }
}

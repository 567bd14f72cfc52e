//! Producing and reading as the recorder did: a client of its own per step, no retries, no idempotence.

use super::player::{Player, live_brokers};
use super::{Trouble, value};
use base::{FlatMap, Seldom, Str, Timestamp};
use port::OperatorAnswer;
use serde_json::{Value, json};
use sim::{Command, KafkaCommand, WorldCommand};

impl Player {
    /// A fresh producer, so that the leader is looked up afresh. Like the recorder's it begins with the
    /// brokers that answer: not with one that hangs.
    fn add_producer(&mut self, topic: &str, settings: &[(&str, String)]) -> Result<Str, Trouble> {
        self.clients += 1;
        let name: Str = format!("producer-{}", self.clients).into();
        let answering = live_brokers(&self.stage).map(|broker| format!("broker-{}:9092", broker.id()));
        let servers: Str = answering.collect::<Vec<_>>().join(",").into();
        let configs = settings.iter().map(|(name, value)| ((*name).into(), value.as_str().into()));
        let configs = configs.chain([("bootstrap.servers".into(), servers)]);
        let command = Command::Kafka(
            None,
            KafkaCommand::AddProducer {
                name: name.clone(),
                topic: topic.into(),
                keys: Vec::new(),
                random_keys: None,
                interval: None,
                value_size: 0,
                limit: None,
                configs: configs.collect::<FlatMap<Str, Str>>(),
            },
        );
        self.act(&command)?;
        Ok(name)
    }

    /// Of the record that a step sends: milliseconds, or `<now - 90 min>`, `<now>`, `<now + 300 days>`.
    fn timestamp(&self, step: &Value) -> Result<Option<Timestamp>, Trouble> {
        let given = &step["timestamp"];
        let words: Vec<&str> =
            given.as_str().map(|text| text.trim_matches(['<', '>']).split(' ').collect()).unwrap_or_default();
        let unknown = || Trouble::NotBuilt(format!("timestamp {given}"));
        let away = match words.as_slice() {
            [] => return Ok(given.as_i64().map(Timestamp)),
            ["now"] => 0,
            ["now", sign, count, unit] => {
                let count: i64 = count.parse().map_err(|_| unknown())?;
                let unit = if unit.starts_with("min") { 60_000 } else { 86_400_000 };
                if *sign == "-" { -count * unit } else { count * unit }
            }
            _other => return Err(unknown()),
        };
        Ok(Some(Timestamp(self.stage.world.wall().0 + away)))
    }

    pub fn produce(&mut self, step: &Value) -> Result<(), Trouble> {
        let known = [
            "topic",
            "partition",
            "key",
            "value",
            "valueBytes",
            "acks",
            "timeoutMs",
            "idempotent",
            "timestamp",
            "expect",
        ];
        value::only(step, &known)?;
        let topic = value::text(step, "topic")?;
        let idempotent = step["idempotent"] == true;
        let mut settings = vec![("linger.ms", "0".to_owned()), ("enable.idempotence", idempotent.to_string())];
        settings.push(("acks", value::text(step, "acks")?.to_owned()));
        if !idempotent {
            settings.push(("retries", "0".to_owned()));
        }
        if let Some(timeout) = step["timeoutMs"].as_u64() {
            settings.push(("request.timeout.ms", timeout.to_string()));
            settings.push(("delivery.timeout.ms", timeout.to_string()));
        }
        let producer = self.add_producer(topic, &settings)?;
        let long = step["valueBytes"].as_u64().map(|count| "v".repeat(count as usize));
        let command = Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: producer.clone(),
                topic: None,
                partition: step["partition"].as_i64().map(|number| number as i32),
                key: step["key"].as_str().map(Str::from),
                value: long.map(Str::from).or_else(|| step["value"].as_str().map(Str::from)),
                headers: Default::default(),
                timestamp: Seldom(self.timestamp(step)?),
            },
        );
        let ticket = self.stage.act(&command).map_err(|refused| Trouble::NotBuilt(format!("produce: {refused}")))?;
        let answer = self.answer_to(ticket)?;
        self.act(&Command::World(WorldCommand::Kill { name: producer }))?;
        value::compare("answer", &step["expect"], &sent(&answer))
    }

    /// One record that is refused, or taken all the same. The recorder's producer waits 4 s for metadata.
    pub fn bad_produce(&mut self, step: &Value) -> Result<(), Trouble> {
        let request = &step["request"];
        super::refusals::fields(
            "produce",
            request,
            &["topic", "partition", "key", "value", "valueBytes", "config", "timestamp"],
        )?;
        let own = request["config"].as_object().into_iter().flatten();
        let own = own.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?.to_owned())));
        let mut settings = vec![("linger.ms", "0".to_owned()), ("max.block.ms", "4000".to_owned())];
        settings.extend(own);
        let producer = self.add_producer(value::text(request, "topic")?, &settings)?;
        let long = request["valueBytes"].as_u64().map(|count| "v".repeat(count as usize));
        let command = Command::Kafka(
            None,
            KafkaCommand::Send {
                producer: producer.clone(),
                topic: None,
                partition: request["partition"].as_i64().map(|number| number as i32),
                key: request["key"].as_str().map(Str::from),
                value: long.map(Str::from).or_else(|| request["value"].as_str().map(Str::from)),
                headers: Default::default(),
                timestamp: Seldom(self.timestamp(request)?),
            },
        );
        let ticket =
            self.stage.act(&command).map_err(|refused| Trouble::NotBuilt(format!("bad-request produce: {refused}")))?;
        let answer = self.answer_to(ticket)?;
        self.act(&Command::World(WorldCommand::Kill { name: producer }))?;
        let actual = match &answer {
            OperatorAnswer::Sent { .. } => json!("NONE"),
            OperatorAnswer::Failed { error, message, .. } => json!({"error": error.name(), "message": &**message}),
            other => json!(format!("{other:?}")),
        };
        let mut expect = step["expect"].clone();
        if let Some(expect) = expect.as_object_mut() {
            expect.remove("exception");
        }
        value::compare("answer", &expect, &actual)
    }

    pub fn produce_batch(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "partition", "records", "producer", "expect"])?;
        let topic = value::text(step, "topic")?;
        let mut settings = vec![("linger.ms", "100".to_owned()), ("batch.size", (1 << 20).to_string())];
        let own = step["producer"].as_object().into_iter().flatten();
        settings.extend(own.map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
            (name.as_str(), text)
        }));
        let producer = self.add_producer(topic, &settings)?;
        let mut tickets = Vec::new();
        for record in step["records"].as_array().into_iter().flatten() {
            let Value::Array(pair) = record else { return Err(Trouble::NotBuilt("produce-batch with headers".into())) };
            let part = |at: usize| pair.get(at).and_then(Value::as_str).map(Str::from);
            let partition = step["partition"].as_i64().map(|number| number as i32);
            let command = Command::Kafka(
                None,
                KafkaCommand::Send {
                    producer: producer.clone(),
                    topic: None,
                    partition,
                    key: part(0),
                    value: part(1),
                    headers: Default::default(),
                    timestamp: Default::default(),
                },
            );
            tickets.extend(self.act(&command)?);
        }
        let first = *tickets.first().ok_or_else(|| Trouble::Differs("no records".into()))?;
        self.expect_soon("the batch to be taken", |player| {
            tickets.iter().all(|ticket| player.stage.answer(*ticket).is_some())
        })?;
        let actual = match self.stage.answer(first) {
            Some(OperatorAnswer::Sent { offset, .. }) => json!({"baseOffset": offset.0}),
            other => json!(format!("{other:?}")),
        };
        self.act(&Command::World(WorldCommand::Kill { name: producer }))?;
        value::compare("answer", &step["expect"], &actual)
    }

    pub fn consume(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["topic", "partition", "from", "isolation", "expect"])?;
        if step["isolation"] != "read_uncommitted" {
            return Err(Trouble::NotBuilt(format!("consume {}", step["isolation"])));
        }
        let command = Command::Kafka(
            None,
            KafkaCommand::Read {
                topic: value::text(step, "topic")?.into(),
                partition: value::number(step, "partition")? as i32,
                from: value::number(step, "from")?,
            },
        );
        let shown = |bytes: Option<bytes::Bytes>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let actual = match self.ask(&command)? {
            OperatorAnswer::Read { records, position, end } => {
                let records: Vec<Value> =
                    records.into_iter().map(|(at, key, value)| json!([at.0, shown(key), shown(value)])).collect();
                json!({"records": records, "position": position.0, "end": end.0})
            }
            OperatorAnswer::Failed { error, .. } => json!({"error": error.name()}),
            other => json!(format!("{other:?}")),
        };
        value::compare("answer", &step["expect"], &actual)
    }
}

fn sent(answer: &OperatorAnswer) -> Value {
    match answer {
        OperatorAnswer::Sent { partition, offset } => json!({"partition": partition, "offset": offset.0}),
        OperatorAnswer::Failed { error, .. } => json!({"error": error.name()}),
        other => json!(format!("{other:?}")),
    }
}

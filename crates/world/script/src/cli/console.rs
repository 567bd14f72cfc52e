//! `kafka-console-producer` and `kafka-console-consumer`. A console producer is a client of its own,
//! called `console-producer` unless `client.id` says otherwise; one line of input is one record.

use super::Refusal;
use super::admin::words;
use super::options::{Options, Takes};
use base::{FlatMap, Str};
use sim::{Command, KafkaCommand};

/// The client id of Kafka's tool.
const PRODUCER_NAME: &str = "console-producer";
const CONSUMER_NAME: &str = "console-consumer";

pub(crate) const PRODUCER: &[(&str, Takes)] = &[
    ("batch-size", Takes::Ignored),
    ("bootstrap-server", Takes::Ignored),
    ("command-config", Takes::Ignored),
    ("command-property", Takes::Value),
    ("compression-codec", Takes::Ignored),
    ("help", Takes::Nothing),
    ("line-reader", Takes::Value),
    ("max-block-ms", Takes::Ignored),
    ("max-memory-bytes", Takes::Ignored),
    ("max-partition-memory-bytes", Takes::Ignored),
    ("message-send-max-retries", Takes::Ignored),
    ("metadata-expiry-ms", Takes::Ignored),
    ("producer-property", Takes::Value),
    ("producer.config", Takes::Ignored),
    ("property", Takes::Value),
    ("reader-config", Takes::Ignored),
    ("reader-property", Takes::Value),
    ("request-required-acks", Takes::Value),
    ("request-timeout-ms", Takes::Ignored),
    ("retry-backoff-ms", Takes::Ignored),
    ("socket-buffer-size", Takes::Ignored),
    ("sync", Takes::Nothing),
    ("timeout", Takes::Ignored),
    ("topic", Takes::Value),
    ("version", Takes::Nothing),
];

pub(crate) const CONSUMER: &[(&str, Takes)] = &[
    ("bootstrap-server", Takes::Ignored),
    ("command-config", Takes::Ignored),
    ("command-property", Takes::Value),
    ("consumer-property", Takes::Value),
    ("consumer.config", Takes::Ignored),
    ("enable-systest-events", Takes::Nothing),
    ("formatter", Takes::Ignored),
    ("formatter-config", Takes::Ignored),
    ("formatter-property", Takes::Ignored),
    ("from-beginning", Takes::Nothing),
    ("group", Takes::Value),
    ("help", Takes::Nothing),
    ("include", Takes::Value),
    ("isolation-level", Takes::Value),
    ("key-deserializer", Takes::Ignored),
    ("max-messages", Takes::Ignored),
    ("offset", Takes::Value),
    ("partition", Takes::Value),
    ("property", Takes::Ignored),
    ("skip-message-on-error", Takes::Nothing),
    ("timeout-ms", Takes::Ignored),
    ("topic", Takes::Value),
    ("value-deserializer", Takes::Ignored),
    ("version", Takes::Nothing),
];

/// The client that a console producer is, for a line that names none and finds none running. Its
/// settings are those of Kafka's tool (`ConsoleProducerOptions`).
pub fn console_producer(topic: &Str) -> Command {
    let settings = [("linger.ms", "1000"), ("request.timeout.ms", "1500"), ("retries", "3")];
    add_producer(PRODUCER_NAME.into(), topic.clone(), settings.map(|(name, value)| (name.into(), value.into())).into())
}

fn add_producer(name: Str, topic: Str, configs: FlatMap<Str, Str>) -> Command {
    let (keys, random_keys, interval, value_size, limit) = (Vec::new(), None, None, 0, None);
    Command::Kafka(
        None,
        KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs },
    )
}

/// With a line of input: that record, sent by the client. Without: the client itself.
pub(crate) fn producer(options: &Options) -> Result<Command, Refusal> {
    options.absent(&["help", "version", "line-reader"])?;
    if !options.has("bootstrap-server") {
        return words("Missing required option(s) [bootstrap-server]");
    }
    options.require(&["topic"])?;
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    let mut settings = options.pairs(&["producer-property", "command-property"])?;
    let client = settings.remove("client.id").map(Str::from);
    let input = options.input.clone().or_else(|| (!options.words.is_empty()).then(|| options.words.join(" ")));
    if let Some(line) = input {
        return record(options, client.unwrap_or_else(|| PRODUCER_NAME.into()), topic, &line);
    }
    if let Some(acks) = options.value("request-required-acks")? {
        settings.insert("acks".to_owned(), acks.to_owned());
    }
    let Command::Kafka(_, KafkaCommand::AddProducer { name, mut configs, .. }) = console_producer(&topic) else {
        return words("");
    };
    configs.extend(settings.into_iter().map(|(name, value)| (name.into(), value.into())));
    Ok(add_producer(client.unwrap_or(name), topic, configs))
}

/// `LineMessageReader`: `parse.key`, `key.separator`, `null.marker`.
fn record(options: &Options, producer: Str, topic: Str, line: &str) -> Result<Command, Refusal> {
    let reader = options.pairs(&["property", "reader-property"])?;
    if reader.get("parse.headers").is_some_and(|flag| flag == "true") {
        return Err(Refusal::NotHere("--reader-property parse.headers=true".to_owned()));
    }
    let separator = reader.get("key.separator").map_or("\t", String::as_str);
    let null = |text: &str| reader.get("null.marker").is_none_or(|marker| marker != text).then(|| Str::from(text));
    let (key, value) = if reader.get("parse.key").is_some_and(|flag| flag.trim() == "true") {
        let Some((key, value)) = line.split_once(separator) else {
            return words(format!(
                "org.apache.kafka.common.KafkaException: No key separator found on line number 1: '{line}'"
            ));
        };
        (null(key), null(value))
    } else {
        (None, null(line))
    };
    Ok(Command::Kafka(None, KafkaCommand::Send { producer, topic: Some(topic), partition: None, key, value }))
}

/// With a partition: what that partition holds from an offset on. Without: a member of a group.
pub(crate) fn consumer(options: &Options) -> Result<Command, Refusal> {
    options.absent(&["help", "version"])?;
    if !options.has("bootstrap-server") {
        return words("Missing required option(s) [bootstrap-server]");
    }
    if options.has("topic") == options.has("include") {
        return words("Exactly one of the following arguments is required: [topic], [include]");
    }
    if options.has("offset") && !options.has("partition") {
        return words("The partition is required when offset is specified.");
    }
    if options.has("offset") && options.has("from-beginning") {
        return words("Options from-beginning and offset cannot be specified together.");
    }
    options.absent(&["include", "isolation-level"])?;
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    let Some(partition) = options.number("partition")? else { return member(options, topic) };
    if partition < 0 {
        return Err(Refusal::NotHere(format!("--partition {partition}")));
    }
    let from = match options.value("offset")? {
        Some("earliest") => 0,
        Some("latest") => return Err(Refusal::NotHere("--offset latest".to_owned())),
        Some(text) => match text.parse::<i64>() {
            Ok(offset) if offset >= 0 => offset,
            Ok(_) | Err(_) => {
                return words(format!(
                    "The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a \
                     non-negative long."
                ));
            }
        },
        None if options.has("from-beginning") => 0,
        None => return Err(Refusal::NotHere("--partition without --offset or --from-beginning".to_owned())),
    };
    Ok(Command::Kafka(None, KafkaCommand::Read { topic, partition, from }))
}

fn member(options: &Options, topic: Str) -> Result<Command, Refusal> {
    if topic.trim().is_empty() {
        // `ClassicKafkaConsumer.subscribeInternal`.
        return words(
            "java.lang.IllegalArgumentException: Topic collection to subscribe to cannot contain null or empty topic",
        );
    }
    let mut settings = options.pairs(&["consumer-property", "command-property"])?;
    let name = settings.remove("client.id").unwrap_or_else(|| CONSUMER_NAME.to_owned());
    let given = settings.remove("group.id");
    let group = options.value("group")?.map(str::to_owned).or(given);
    if options.has("from-beginning") {
        settings.entry("auto.offset.reset".to_owned()).or_insert_with(|| "earliest".to_owned());
    }
    if group.is_none() {
        settings.entry("enable.auto.commit".to_owned()).or_insert_with(|| "false".to_owned());
    }
    Ok(Command::Kafka(
        None,
        KafkaCommand::AddConsumer {
            name: name.into(),
            group: group.unwrap_or_else(|| CONSUMER_NAME.to_owned()).into(),
            topics: vec![topic],
            processing: 0,
            configs: settings.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
        },
    ))
}

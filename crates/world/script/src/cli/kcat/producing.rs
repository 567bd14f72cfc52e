//! `kcat -P`: what its lines become, its settings by librdkafka's names and over librdkafka's defaults.

use super::{Letters, NAME, layout, not_here, refused};
use crate::cli::after::After;
use crate::cli::reader::{Empty, Input, Reader};
use crate::cli::{Begun, Output, Refusal};
use base::{FlatMap, Str};
use config::PartitionerClass;
use config::application::Named;

/// Settings of a producer by librdkafka's names, and as Kafka's client calls them.
const SETTINGS: [(&str, &str); 18] = [
    ("acks", "acks"),
    ("request.required.acks", "acks"),
    ("linger.ms", "linger.ms"),
    ("queue.buffering.max.ms", "linger.ms"),
    ("retries", "retries"),
    ("message.send.max.retries", "retries"),
    ("delivery.timeout.ms", "delivery.timeout.ms"),
    ("message.timeout.ms", "delivery.timeout.ms"),
    ("request.timeout.ms", "request.timeout.ms"),
    ("batch.size", "batch.size"),
    ("compression.type", "compression.type"),
    ("compression.codec", "compression.type"),
    ("enable.idempotence", "enable.idempotence"),
    ("retry.backoff.ms", "retry.backoff.ms"),
    ("max.in.flight", "max.in.flight.requests.per.connection"),
    ("max.in.flight.requests.per.connection", "max.in.flight.requests.per.connection"),
    ("metadata.max.age.ms", "metadata.max.age.ms"),
    ("topic.metadata.refresh.interval.ms", "metadata.max.age.ms"),
];
/// Settings that are read elsewhere.
const ELSEWHERE: [&str; 2] = ["client.id", "partitioner"];

/// What `-X` and `-z` say of a producer, over librdkafka's own defaults.
fn configs(letters: &Letters) -> Result<FlatMap<Str, Str>, Refusal> {
    let own = [("linger.ms", "5"), ("acks", "all")];
    let mut configs: FlatMap<Str, Str> = own.map(|(name, value)| (name.into(), value.into())).into();
    for (given, value) in &letters.settings() {
        let plain = given.strip_prefix("topic.").unwrap_or(given);
        match SETTINGS.iter().find(|(name, _)| *name == plain || *name == given) {
            Some((_, name)) => _ = configs.insert((*name).into(), value.as_str().into()),
            None if ELSEWHERE.contains(&plain) => {}
            None => return Err(not_here(format!("-X {given}"))),
        }
    }
    if let Some(codec) = letters.value('z') {
        configs.insert("compression.type".into(), codec.into());
    }
    let settings = letters.settings();
    let named = settings.get("partitioner").or_else(|| settings.get("topic.partitioner"));
    let class = match named.map_or("consistent_random", String::as_str) {
        // Kafka's own, which also gives records without a key to any partition.
        "murmur2_random" => None,
        "murmur2" => PartitionerClass::Murmur2.class(),
        "fnv1a" => PartitionerClass::Fnv1a.class(),
        "fnv1a_random" => PartitionerClass::Fnv1aRandom.class(),
        "consistent" => PartitionerClass::Consistent.class(),
        "consistent_random" => PartitionerClass::ConsistentRandom.class(),
        "random" => PartitionerClass::Random.class(),
        other => {
            return Err(refused(format!(
                "% ERROR: Invalid value \"{other}\" for configuration property \"partitioner\""
            )));
        }
    };
    configs.extend(class.map(|class| (Str::from("partitioner.class"), class.into())));
    Ok(configs)
}

/// `-P`, or whatever has an input.
pub(super) fn produce(letters: &Letters, input: Option<&str>) -> Result<Begun, Refusal> {
    let topic: Str = letters.value('t').ok_or_else(|| refused("% ERROR: -t <topic> missing"))?.into();
    let settings = letters.settings();
    let partition: Option<i32> = letters.number('p')?.filter(|partition: &i32| *partition >= 0);
    let key = letters.value('k').map(Str::from);
    let name = Str::from(settings.get("client.id").map_or(NAME, String::as_str));
    let separator = letters.value('K').map(layout::delimiter).transpose()?;
    let empty = if letters.has('Z') { Empty::Null } else { Empty::Kept };
    let keys = (key, separator, empty);
    let reader = Reader::of_kcat((name.clone(), topic.clone()), partition, (keys, headers(letters)?));
    let configs = configs(letters)?;
    let input = input.map(|input| lines(letters, input)).transpose()?;
    let input = input.as_deref();
    let (command, after, input) = match input {
        Some(input) => {
            // It has nothing to send, and ends.
            let Some((command, sent, input)) = Input::first(reader, configs, input)? else {
                return Err(Refusal::Told(Output::default()));
            };
            (command, After::Sent(sent), input)
        }
        None => {
            let command = crate::cli::console::add_producer(name, topic, configs.clone());
            (command, After::Nothing, Input { reader, piped: None, settings: configs })
        }
    };
    let mut begun = Begun::new(command, after);
    begun.input = Some(input);
    Ok(begun)
}

/// `-H NAME=VALUE`, `-H NAME` (`add_header`).
fn headers(letters: &Letters) -> Result<Vec<Named>, Refusal> {
    let given = letters.given.iter().filter(|(letter, _)| *letter == 'H');
    let one = |(_, text): &(char, String)| match text.split_once('=') {
        Some(("", _)) => Err(refused("% ERROR: Expected -H \"name=value..\" or -H \"name\"")),
        None if text.is_empty() => Err(refused("% ERROR: Expected -H \"name=value..\" or -H \"name\"")),
        Some((name, value)) => Ok((name.into(), Some(value.into()))),
        None => Ok((text.as_str().into(), None)),
    };
    given.map(one).collect()
}

/// The records of an input, one a line: `-D` parts them, empty ones are passed over, `-c` is the most.
fn lines(letters: &Letters, input: &str) -> Result<String, Refusal> {
    let end = layout::delimiter(letters.value('D').unwrap_or("\n"))?;
    if end.is_empty() {
        return Err(refused("% ERROR: Message delimiter -D must not be empty when producing"));
    }
    let most = letters.number::<usize>('c')?.unwrap_or(usize::MAX);
    let records: Vec<&str> = input.split(&*end).filter(|record| !record.is_empty()).take(most).collect();
    if end != "\n" && records.iter().any(|record| record.contains('\n')) {
        return Err(Refusal::Lacking("-D".to_owned(), crate::cli::Lack::Lines));
    }
    Ok(records.join("\n"))
}

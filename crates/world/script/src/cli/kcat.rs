//! `kcat`, as tutorials use it beside Kafka's own tools: its list of a cluster, a producer, a consumer and a question for offsets.
//! Its layout is that of kcat 1.7 (`kcat.c`, `format.c`). It rests on librdkafka, whose partitioner sums keys otherwise than
//! Kafka's: a line that would need that sum is not taken.

use super::after::After;
use super::options::Options;
use super::output::{Fault, Output};
use super::reader::{Input, Reader};
use super::{Begun, Groups, Printer, Refusal};
use api::OffsetSpec;
use base::{FlatMap, Offset, Str, Timestamp, TopicPartition};
use port::{Ask, ClusterTold, OperatorAnswer, Part, ReadFrom, Said, Told, TopicTold, Which};
use sim::KafkaCommand;

/// What the client is called on the stage.
const NAME: &str = "kcat";
/// Letters with a value behind them.
const VALUED: &str = "GMtpbzoDKkHdXcfFsrmU";
/// Letters alone.
const PLAIN: &str = "PCLQeEqJZluTvAOhV";

/// A line's letters.
struct Letters {
    given: Vec<(char, String)>,
    words: Vec<String>,
}

impl Letters {
    /// As `getopt` does: letters in a row, a value behind its letter or in the next word.
    fn read(line: &[String]) -> Result<Letters, Refusal> {
        let mut letters = Letters { given: Vec::new(), words: Vec::new() };
        let mut words = line.iter();
        while let Some(word) = words.next() {
            let Some(row) = word.strip_prefix('-').filter(|row| !row.is_empty()) else {
                letters.words.push(word.clone());
                continue;
            };
            let mut rest = row.chars();
            while let Some(letter) = rest.next() {
                if VALUED.contains(letter) {
                    let attached: String = rest.by_ref().collect();
                    let value = if attached.is_empty() { words.next().cloned() } else { Some(attached) };
                    let missing = || refused(format!("kcat: option requires an argument -- '{letter}'"));
                    letters.given.push((letter, value.ok_or_else(missing)?));
                } else if PLAIN.contains(letter) {
                    letters.given.push((letter, String::new()));
                } else {
                    return Err(refused(format!("kcat: invalid option -- '{letter}'")));
                }
            }
        }
        Ok(letters)
    }

    fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(given, _)| *given == letter)
    }

    fn value(&self, letter: char) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| *given == letter).map(|(_, value)| &**value)
    }

    fn number<T: std::str::FromStr>(&self, letter: char) -> Result<Option<T>, Refusal> {
        let bad = |text: &str| refused(format!("% ERROR: Invalid value for -{letter}: {text}"));
        self.value(letter).map(|text| text.parse().map_err(|_| bad(text))).transpose()
    }

    /// `-X NAME=VALUE`.
    fn settings(&self) -> FlatMap<String, String> {
        let pairs = self.given.iter().filter(|(letter, _)| *letter == 'X').filter_map(|(_, pair)| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

fn refused(words: impl Into<String>) -> Refusal {
    Refusal::Words(words.into())
}

fn not_here(what: impl Into<String>) -> Refusal {
    Refusal::NotHere(what.into())
}

pub(crate) fn kcat(options: &Options) -> Result<Begun, Refusal> {
    let letters = Letters::read(&options.line)?;
    for letter in ['J', 's', 'r', 'm', 'M', 'U', 'H', 'D', 'E', 'l', 'F'] {
        if letters.has(letter) {
            return Err(not_here(format!("-{letter}")));
        }
    }
    if letters.value('b').is_none() {
        return Err(refused("% ERROR: -b <broker,..> missing"));
    }
    let has = |letter| letters.has(letter);
    match (has('L'), has('Q'), has('P'), has('C'), has('G')) {
        (true, ..) => Ok(metadata(&letters)),
        (_, true, ..) => offsets(&letters),
        (_, _, true, ..) => produce(&letters, options.input.as_deref()),
        (_, _, _, _, true) => Err(not_here("-G (kafka-console-consumer.sh --group has a group here)")),
        // It chooses by what its input is.
        (_, _, _, false, _) if options.input.is_some() => produce(&letters, options.input.as_deref()),
        _consumer => consume(&letters),
    }
}

/// `-L`.
fn metadata(letters: &Letters) -> Begun {
    let topic = letters.value('t').map(Str::from);
    Begun::asking(Ask::DescribeCluster, After::KcatCluster(topic))
}

/// What was asked for, now that the brokers are known.
pub(super) fn topics_of(topic: Option<&Str>, answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
    let OperatorAnswer::Told(told) = answer else { return None };
    let Told::Cluster(cluster) = &**told else { return None };
    let ask = Ask::DescribeTopics(topic.map(|topic| vec![topic.clone()]));
    Some((KafkaCommand::Ask(Box::new(ask)), After::KcatTopics(topic.cloned(), cluster.clone())))
}

/// `metadata_print`.
pub(super) fn print_metadata(output: &mut Output, topic: Option<&Str>, cluster: &ClusterTold, topics: &[TopicTold]) {
    let what = topic.map_or_else(|| "all topics".to_owned(), ToString::to_string);
    let first = cluster.brokers.first();
    let from = first.map(|broker| format!("{}:{}/{}", broker.endpoint.host, broker.endpoint.port, broker.id));
    let id = first.map_or_else(|| "-1".to_owned(), |broker| broker.id.to_string());
    output.out(format!("Metadata for {what} (from broker {id}: {}):", from.unwrap_or_default()));
    output.out(format!(" {} brokers:", cluster.brokers.len()));
    for broker in &cluster.brokers {
        let controller = if cluster.controller == broker.id { " (controller)" } else { "" };
        output.out(format!("  broker {} at {}:{}{controller}", broker.id, broker.endpoint.host, broker.endpoint.port));
    }
    output.out(format!(" {} topics:", topics.len()));
    for topic in topics {
        let found = match &topic.found {
            Ok(found) => found,
            Err(said) => {
                output.out(format!("  topic \"{}\" with 0 partitions: Broker: {}", topic.name, error_text(said.error)));
                continue;
            }
        };
        output.out(format!("  topic \"{}\" with {} partitions:", topic.name, found.partitions.len()));
        for partition in &found.partitions {
            let ids = |ids: &[base::BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let leader = partition.leader.map_or(-1, |leader| leader.0);
            let fault = if leader < 0 { ", Broker: Leader not available" } else { "" };
            output.out(format!(
                "    partition {}, leader {leader}, replicas: {}, isrs: {}{fault}",
                partition.partition,
                ids(&partition.replicas),
                ids(&partition.isr)
            ));
        }
    }
}

/// As librdkafka words it.
fn error_text(error: base::ErrorCode) -> String {
    match error {
        base::ErrorCode::UnknownTopicOrPartition => "Unknown topic or partition".to_owned(),
        base::ErrorCode::InvalidTopicException => "Invalid topic".to_owned(),
        other => other.message().to_owned(),
    }
}

/// `-Q -t TOPIC:PARTITION:TIMESTAMP`.
fn offsets(letters: &Letters) -> Result<Begun, Refusal> {
    let usage = || refused("% ERROR: -Q requires one or more -t <topic>:<partition>:<timestamp>");
    let mut parts = letters.value('t').ok_or_else(usage)?.split(':');
    let (Some(topic), Some(partition), Some(time), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(usage());
    };
    let partition: i32 = partition.parse().map_err(|_| usage())?;
    let spec = match time.parse::<i64>().map_err(|_| usage())? {
        -1 => OffsetSpec::Latest,
        -2 => OffsetSpec::Earliest,
        time => OffsetSpec::Timestamp(Timestamp(time)),
    };
    let of = Which::These(vec![Part::Existing(topic.into(), partition, partition.saturating_add(1))]);
    Ok(Begun::asking(Ask::ListOffsets { of, spec }, After::KcatOffsets))
}

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
    Ok(configs)
}

/// `-P`, or whatever has an input.
fn produce(letters: &Letters, input: Option<&str>) -> Result<Begun, Refusal> {
    let topic: Str = letters.value('t').ok_or_else(|| refused("% ERROR: -t <topic> missing"))?.into();
    let settings = letters.settings();
    let sum = settings.get("partitioner").or_else(|| settings.get("topic.partitioner"));
    let is_keyed = letters.has('k') || letters.has('K');
    let is_java = sum.is_some_and(|name| name.starts_with("murmur2"));
    if is_keyed && !is_java && !letters.has('p') {
        return Err(not_here("with a key and without -X partitioner=murmur2_random (its own sum is CRC32)"));
    }
    let partition: Option<i32> = letters.number('p')?.filter(|partition: &i32| *partition >= 0);
    let key = letters.value('k').map(Str::from);
    let name = Str::from(settings.get("client.id").map_or(NAME, String::as_str));
    let reader = Reader::of_kcat(name.clone(), topic.clone(), partition, (key, letters.value('K')));
    let configs = configs(letters)?;
    let (command, after, input) = match input {
        Some(input) => {
            // It has nothing to send, and ends.
            let Some((command, sent, input)) = Input::first(reader, configs, input)? else {
                return Err(Refusal::Told(Output::default()));
            };
            (command, After::Sent(sent), input)
        }
        None => {
            let command = super::console::add_producer(name, topic, configs.clone());
            (command, After::Nothing, Input { reader, piped: None, settings: configs })
        }
    };
    let mut begun = Begun::new(command, after);
    begun.input = Some(input);
    Ok(begun)
}

/// `-C`: with `-e` partition by partition up to its end; else a reader that goes on.
fn consume(letters: &Letters) -> Result<Begun, Refusal> {
    let topic: Str = letters.value('t').ok_or_else(|| refused("% ERROR: -t <topic> missing"))?.into();
    let most: Option<u64> = letters.number('c')?;
    let partition: Option<i32> = letters.number('p')?.filter(|partition: &i32| *partition >= 0);
    let printer = Printer::of_kcat(letters.value('f'), letters.value('K'), most);
    let words = if letters.has('q') { Words::Quiet } else { Words::Told };
    let settings = letters.settings();
    if let Some(other) = settings.keys().find(|name| !name.ends_with("auto.offset.reset") && *name != "client.id") {
        return Err(not_here(format!("-X {other}")));
    }
    let mut before = Output::default();
    if !letters.has('C') && words == Words::Told {
        before.err("% Auto-selecting Consumer mode (use -P or -C to override)");
    }
    let from = match letters.value('o') {
        None | Some("beginning") => Some(ReadFrom::Found(OffsetSpec::Earliest)),
        Some("end") => None,
        Some(text) => match text.parse::<i64>() {
            Ok(offset) if offset >= 0 => Some(ReadFrom::Offset(Offset(offset))),
            Ok(_) | Err(_) => return Err(not_here(format!("-o {text}"))),
        },
    };
    let mut begun = match (from, partition) {
        (Some(from), partition) if letters.has('e') => {
            let (only, reset, topics) = (partition, reset(&settings)?, vec![topic.clone()]);
            let (partition, left) = (None, Vec::new());
            let reading = Reading { topic, from, reset, only, partition, left, printer, words };
            Begun::asking(Ask::DescribeTopics(Some(topics)), After::KcatReading(Box::new(reading)))
        }
        (Some(ReadFrom::Offset(Offset(1..))), _) | (_, Some(_)) => return Err(not_here("-p or -o OFFSET without -e")),
        (from, None) => {
            let reset = if from.is_some() { "earliest" } else { "latest" };
            let configs = [("auto.offset.reset", reset), ("enable.auto.commit", "false")];
            let command = KafkaCommand::AddConsumer {
                name: NAME.into(),
                group: super::console::CONSUMER_NAME.into(),
                topics: vec![topic],
                processing: 0,
                configs: configs.map(|(name, value)| (Str::from(name), Str::from(value))).into(),
            };
            let mut begun = Begun::new(command, After::Nothing);
            begun.printer = Some(printer);
            begun.groups = Groups::OfItsOwn;
            begun
        }
    };
    begun.before = before;
    Ok(begun)
}

/// `auto.offset.reset`, which is `largest` in librdkafka too.
fn reset(settings: &FlatMap<String, String>) -> Result<OffsetSpec, Refusal> {
    let set = settings.get("auto.offset.reset").or_else(|| settings.get("topic.auto.offset.reset"));
    match set.map(String::as_str) {
        None | Some("latest" | "largest" | "end") => Ok(OffsetSpec::Latest),
        Some("earliest" | "smallest" | "beginning") => Ok(OffsetSpec::Earliest),
        Some(other) => Err(not_here(format!("-X auto.offset.reset={other}"))),
    }
}

/// Does it tell where it has got to?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    Told,
    Quiet,
}

/// A topic that is read up to its end, partition by partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    topic: Str,
    from: ReadFrom,
    reset: OffsetSpec,
    /// `-p`
    only: Option<i32>,
    /// The one that is being read; `None`: how many there are is being asked.
    partition: Option<i32>,
    left: Vec<i32>,
    printer: Printer,
    words: Words,
}

impl Reading {
    fn command(&self, partition: i32) -> KafkaCommand {
        let partition = TopicPartition { topic: self.topic.clone(), partition };
        KafkaCommand::Ask(Box::new(Ask::Read { partition, from: self.from, reset: self.reset }))
    }

    /// Are there partitions that come later?
    pub(crate) fn asks_on(&self) -> bool {
        self.partition.is_none() || !self.left.is_empty()
    }

    /// What is printed of an answer.
    pub(crate) fn print(&self, output: &mut Output, answer: &OperatorAnswer) {
        self.clone().take(output, answer);
    }

    /// The same, with what was printed counted.
    fn take(&mut self, output: &mut Output, answer: &OperatorAnswer) {
        let (Some(partition), OperatorAnswer::Read { records, position, .. }) = (self.partition, answer) else {
            if let OperatorAnswer::Failed { error, message, .. } = answer {
                let fault = Fault::of(*error, message);
                output.err(format!("% ERROR: Topic {} error: Broker: {}", self.topic, fault.words)).exit(1);
            } else if let Some(words) = self.missing(answer) {
                output.err(format!("% ERROR: Topic {}{words}", self.topic)).exit(1);
            }
            return;
        };
        let name = TopicPartition { topic: self.topic.clone(), partition };
        for (offset, key, value) in records {
            let (key, value) = (key.clone(), value.clone());
            let record = records::Record {
                offset: *offset,
                timestamp: Timestamp(-1),
                sequence: -1,
                key,
                value,
                headers: Vec::new(),
            };
            self.printer.print(&name, &record, output);
        }
        if self.words == Words::Told && !self.printer.is_done() {
            let exiting = if self.left.is_empty() { ": exiting" } else { "" };
            output.err(format!("% Reached end of topic {} [{partition}] at offset {position}{exiting}", self.topic));
        }
    }

    /// What there is not of that which is to be read (`consumer_run`).
    fn missing(&self, answer: &OperatorAnswer) -> Option<String> {
        match described(answer)? {
            Err(said) => Some(format!(" error: Broker: {}", error_text(said.error))),
            Ok(numbers) => {
                let only = self.only.filter(|only| !numbers.contains(only))?;
                let last = numbers.len().saturating_sub(1);
                Some(format!(" (with partitions 0..{last}): partition {only} does not exist"))
            }
        }
    }

    /// The next partition.
    pub(crate) fn next(&self, answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
        let mut next = self.clone();
        if self.partition.is_some() {
            next.take(&mut Output::default(), answer);
        } else {
            let meant = |partition: &i32| self.only.is_none_or(|only| only == *partition);
            next.left = described(answer)?.ok()?.into_iter().filter(meant).collect();
        }
        if next.left.is_empty() || next.printer.is_done() {
            return None;
        }
        let partition = next.left.remove(0);
        next.partition = Some(partition);
        Some((next.command(partition), After::KcatReading(Box::new(next))))
    }
}

/// The partitions of the one topic that was described.
fn described(answer: &OperatorAnswer) -> Option<Result<Vec<i32>, &Said>> {
    let OperatorAnswer::Told(told) = answer else { return None };
    let Told::Topics(topics) = &**told else { return None };
    let numbers = |found: &port::TopicFound| found.partitions.iter().map(|each| each.partition).collect();
    Some(topics.first()?.found.as_ref().map(numbers))
}

#[cfg(test)]
mod tests;

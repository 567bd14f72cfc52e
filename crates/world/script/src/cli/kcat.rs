//! `kcat`, as tutorials use it beside Kafka's own tools: its list of a cluster, a producer, a consumer and a question for offsets.
//! Its layout is that of kcat 1.7 (`kcat.c`). It rests on librdkafka, whose partitioner sums keys otherwise than Kafka's
//! (`client::partitioner`).

mod layout;
mod listed;
mod producing;

pub(crate) use layout::Layout;
pub(super) use listed::print_metadata;

use super::after::After;
use super::options::Options;
use super::output::{Fault, Output};
use super::{Begun, Consumed, Groups, Lack, Printer, Refusal};
use api::OffsetSpec;
use base::{FlatMap, Offset, Str, Timestamp, TopicPartition};
use config::application::{ASSIGN, FROM, MOST};
pub(crate) use listed::Form;
use listed::error_text;
use port::{Ask, OperatorAnswer, Part, ReadFrom, Said, Told, Which};
use producing::produce;
use records::TimestampType;
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
    for letter in ['s', 'r', 'm', 'M', 'U', 'd', 'v', 'l', 'F', 'T'] {
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
        (_, _, _, _, true) => balanced(&letters),
        // It chooses by what its input is.
        (_, _, _, false, _) if options.input.is_some() => {
            produce(&letters, options.input.as_deref()).map(|begun| selected(begun, "Producer", &letters))
        }
        (_, _, _, true, _) => consume(&letters),
        _terminal => consume(&letters).map(|begun| selected(begun, "Consumer", &letters)),
    }
}

/// `KC_INFO` of the first level.
fn tell(output: &mut Output, letters: &Letters, words: &str) {
    if !letters.has('q') {
        output.err(format!("% {words}"));
    }
}

/// The mode was said by nobody.
fn selected(mut begun: Begun, mode: &str, letters: &Letters) -> Begun {
    let mut before = Output::default();
    tell(&mut before, letters, &format!("Auto-selecting {mode} mode (use -P or -C to override)"));
    before.lines.append(&mut begun.before.lines);
    Begun { before, ..begun }
}

/// `-L`.
fn metadata(letters: &Letters) -> Begun {
    let form = if letters.has('J') { Form::Json } else { Form::List };
    let topic = letters.value('t').map(Str::from);
    Begun::asking(Ask::DescribeCluster, After::KcatCluster(topic, form))
}

/// What was asked for, now that the brokers are known.
pub(super) fn topics_of((topic, form): (Option<&Str>, Form), answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
    let OperatorAnswer::Told(told) = answer else { return None };
    let Told::Cluster(cluster) = &**told else { return None };
    let ask = Ask::DescribeTopics(topic.map(|topic| vec![topic.clone()]));
    Some((KafkaCommand::Ask(Box::new(ask)), After::KcatTopics((topic.cloned(), form), cluster.clone())))
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

/// `-G GROUP TOPIC...`: a member of a group.
fn balanced(letters: &Letters) -> Result<Begun, Refusal> {
    let group = letters.value('G').unwrap_or_default();
    if letters.words.is_empty() {
        return Err(refused("% ERROR: Failed to subscribe to 0 topics: Local: Invalid argument or configuration"));
    }
    if let Some(pattern) = letters.words.iter().find(|topic| topic.starts_with('^')) {
        return Err(Refusal::Lacking(format!("-G {pattern}"), Lack::Pattern));
    }
    if letters.has('e') {
        return Err(not_here("-G -e"));
    }
    let from = match begins(letters)? {
        Some(Start::Time(_)) => return Err(refused("% ERROR: -o ..@ timestamps can't be used with -G mode")),
        from => from,
    };
    let settings = reading(letters)?;
    let topics = letters.words.iter().map(|topic| topic.as_str().into()).collect();
    let mut begun = reader(letters, (group.into(), topics), (from, settings))?;
    tell(&mut begun.before, letters, "Waiting for group rebalance");
    Ok(begun)
}

/// Where `-o` begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Begin,
    End,
    Stored,
    At(i64),
    Last(i64),
    Time(i64),
}

/// `-o`; `None`: it is not said.
fn begins(letters: &Letters) -> Result<Option<Start>, Refusal> {
    // `strtoll` makes 0 of what is no number.
    let number = |text: &str| text.parse::<i64>().unwrap_or_default();
    let start = |text: &str| match (text, text.strip_prefix("s@")) {
        ("beginning", _) => Ok(Start::Begin),
        ("end", _) => Ok(Start::End),
        ("stored", _) => Ok(Start::Stored),
        (_, Some(time)) => Ok(Start::Time(number(time))),
        (text, None) if text.starts_with("e@") => Err(not_here(format!("-o {text}"))),
        (text, None) => Ok(match number(text) {
            last @ ..0 => Start::Last(last.saturating_neg()),
            offset => Start::At(offset),
        }),
    };
    letters.value('o').map(start).transpose()
}

/// What `-X` says of a consumer.
fn reading(letters: &Letters) -> Result<FlatMap<Str, Str>, Refusal> {
    let mut configs: FlatMap<Str, Str> = FlatMap::new();
    let settings = letters.settings();
    if let Some(other) = settings.keys().find(|name| !READ.contains(&name.strip_prefix("topic.").unwrap_or(name))) {
        return Err(not_here(format!("-X {other}")));
    }
    let reset = match reset(&settings)? {
        OffsetSpec::Earliest => "earliest",
        OffsetSpec::Latest | OffsetSpec::MaxTimestamp | OffsetSpec::Timestamp(_) => "latest",
    };
    configs.insert("auto.offset.reset".into(), reset.into());
    for name in ["session.timeout.ms", "max.poll.interval.ms", "heartbeat.interval.ms", "group.instance.id"] {
        configs.extend(settings.get(name).map(|value| (Str::from(name), value.as_str().into())));
    }
    if let Some(commits) = settings.get("enable.auto.commit") {
        configs.insert("enable.auto.commit".into(), commits.as_str().into());
    }
    Ok(configs)
}

/// Settings of a consumer that are read.
const READ: [&str; 7] = [
    "auto.offset.reset",
    "client.id",
    "enable.auto.commit",
    "group.instance.id",
    "heartbeat.interval.ms",
    "max.poll.interval.ms",
    "session.timeout.ms",
];

/// One that prints what it is given, from there on.
fn reader(
    letters: &Letters,
    (group, topics): (Str, Vec<Str>),
    (from, mut configs): (Option<Start>, FlatMap<Str, Str>),
) -> Result<Begun, Refusal> {
    let most: Option<u64> = letters.number('c')?;
    let from = match from {
        None | Some(Start::Stored) => None,
        Some(Start::Begin) => Some("begin".to_owned()),
        Some(Start::End) => Some("end".to_owned()),
        Some(Start::At(offset)) => Some(offset.to_string()),
        Some(Start::Last(count)) => Some(format!("-{count}")),
        Some(Start::Time(time)) => Some(format!("time:{time}")),
    };
    configs.extend(from.map(|from| (Str::from(FROM), from.into())));
    configs.extend(most.map(|most| (Str::from(MOST), most.to_string().into())));
    let name = letters.settings().get("client.id").map_or(NAME.into(), |name| name.as_str().into());
    let command = KafkaCommand::AddConsumer { name, group, topics, processing: 0, configs };
    let mut begun = Begun::new(command, After::Nothing);
    begun.printer = Some(Printer::of_kcat(Layout::of(letters)?, most));
    Ok(begun)
}

/// `-C`: with `-e` partition by partition up to its end; else a reader that goes on.
fn consume(letters: &Letters) -> Result<Begun, Refusal> {
    let topic: Str = letters.value('t').ok_or_else(|| refused("% ERROR: -t <topic> missing"))?.into();
    let partition: Option<i32> = letters.number('p')?.filter(|partition: &i32| *partition >= 0);
    let start = begins(letters)?.unwrap_or(Start::Begin);
    let mut settings = reading(letters)?;
    if letters.has('e') {
        return to_the_end(letters, (topic, partition), start);
    }
    if start == Start::Stored {
        return Err(Refusal::Lacking("-C -o stored".to_owned(), Lack::Stored));
    }
    settings.insert("enable.auto.commit".into(), "false".into());
    settings.extend(partition.map(|partition| (Str::from(ASSIGN), format!("{topic}-{partition}").into())));
    let group = super::console::CONSUMER_NAME.into();
    let mut begun = reader(letters, (group, vec![topic]), (Some(start), settings))?;
    begun.groups = Groups::OfItsOwn;
    Ok(begun)
}

/// `-e`
fn to_the_end(letters: &Letters, (topic, only): (Str, Option<i32>), start: Start) -> Result<Begun, Refusal> {
    let from = match start {
        Start::Begin => ReadFrom::Found(OffsetSpec::Earliest),
        Start::At(offset) => ReadFrom::Offset(Offset(offset)),
        Start::Time(time) => ReadFrom::Found(OffsetSpec::Timestamp(Timestamp(time))),
        Start::End => ReadFrom::Found(OffsetSpec::Latest),
        Start::Stored | Start::Last(_) => {
            return Err(not_here(format!("-e -o {}", letters.value('o').unwrap_or_default())));
        }
    };
    let layout = Layout::of(letters)?;
    if layout.needs_all() {
        return Err(Refusal::Lacking("-e".to_owned(), Lack::Times));
    }
    let printer = Printer::of_kcat(layout, letters.number('c')?);
    let words = if letters.has('q') { Words::Quiet } else { Words::Told };
    let (reset, topics) = (reset(&letters.settings())?, vec![topic.clone()]);
    let (partition, left) = (None, Vec::new());
    let reading = Reading { topic, from, reset, only, partition, left, printer, words };
    Ok(Begun::asking(Ask::DescribeTopics(Some(topics)), After::KcatReading(Box::new(reading))))
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
            let (partition, record, stamp) = (&name, &record, TimestampType::CreateTime);
            self.printer.print(&Consumed { partition, record, broker: None, stamp }, output);
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

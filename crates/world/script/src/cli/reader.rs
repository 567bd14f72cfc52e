//! How a console producer makes records of the lines that it reads (`LineMessageReader`).

use super::after::{After, Sent};
use super::options::Options;
use super::output::FRAMES;
use super::{Fault, Output, Refusal, Run};
use base::{FlatMap, Str};
use config::application::{MOST, Named};
use sim::{Command, KafkaCommand};

/// A console producer's reader: whose records they are, and how lines are taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub(super) cluster: Option<Str>,
    /// The client that sends.
    pub producer: Str,
    topic: Str,
    partition: Option<i32>,
    /// One key for all.
    fixed: Option<Str>,
    headers: Option<Headers>,
    /// Headers of all of them.
    same: Vec<Named>,
    /// `parse.key`, with its separator.
    key: Option<String>,
    null: Option<String>,
    empty: Empty,
    /// `ignore.error`
    wrong: Wrong,
    /// Lines that were read.
    count: u64,
}

/// `parse.headers`, with what stands behind them, between two and between a name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Headers {
    delimiter: String,
    separator: String,
    key_separator: String,
}

/// What an empty key or value of a line with a separator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    Kept,
    /// `kcat -Z`
    Null,
}

/// What becomes of a line without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Ends,
    Ignored,
}

impl Reader {
    pub(super) fn of(options: &Options, producer: Str, topic: Str) -> Result<Reader, Refusal> {
        let given = options.pairs(&["property", "reader-property"]);
        let flag = |name: &str| given.get(name).is_some_and(|flag| flag.trim().eq_ignore_ascii_case("true"));
        let text = |name: &str, usual: &str| given.get(name).cloned().unwrap_or_else(|| usual.to_owned());
        let headers = Headers {
            delimiter: text("headers.delimiter", "\t"),
            separator: text("headers.separator", ","),
            key_separator: text("headers.key.separator", ":"),
        };
        let separator = || text("key.separator", "\t");
        Ok(Reader {
            cluster: None,
            producer,
            topic,
            partition: None,
            fixed: None,
            headers: flag("parse.headers").then_some(headers),
            key: flag("parse.key").then(separator),
            null: given.get("null.marker").cloned(),
            same: Vec::new(),
            empty: Empty::Kept,
            wrong: if flag("ignore.error") { Wrong::Ignored } else { Wrong::Ends },
            count: 0,
        })
    }

    /// That of `kcat -P`: a line without its separator has no key; all records have the same headers.
    pub(super) fn of_kcat(
        (producer, topic): (Str, Str),
        partition: Option<i32>,
        ((fixed, key, empty), same): ((Option<Str>, Option<String>, Empty), Vec<Named>),
    ) -> Reader {
        let (cluster, headers, null, count) = (None, None, None, 0);
        let wrong = Wrong::Ignored;
        Reader { cluster, producer, topic, partition, fixed, headers, same, key, null, empty, wrong, count }
    }

    pub(super) fn in_cluster(self, cluster: Option<Str>) -> Reader {
        Reader { cluster, ..self }
    }

    /// The record of the next line.
    ///
    /// # Errors
    /// What ends the tool.
    pub fn read(&mut self, line: &str) -> Result<Run, Output> {
        let (command, sent) = self.record(line).map_err(|fault| {
            let mut output = Output::default();
            output.err(fault.to_string()).err(FRAMES).exit(1);
            output
        })?;
        let command = Command::Kafka(self.cluster.clone(), command);
        Ok(Run::plain(command, After::Sent(sent)))
    }

    pub(super) fn record(&mut self, line: &str) -> Result<(KafkaCommand, Sent), Fault> {
        self.count += 1;
        let (mut headers, rest) = self.headers(line)?;
        headers.extend(self.same.iter().cloned());
        let kept = |part: &Option<Str>| self.empty == Empty::Kept || part.as_ref().is_some_and(|part| !part.is_empty());
        let null = |text: &str| self.null.as_ref().is_none_or(|marker| marker != text).then(|| Str::from(text));
        let (key, value) = match self.key.as_ref().map(|separator| rest.split_once(&**separator)) {
            Some(Some((key, value))) => {
                let (key, value) = (null(key), null(value));
                (if kept(&key) { key } else { self.fixed.clone() }, if kept(&value) { value } else { None })
            }
            Some(None) if self.wrong == Wrong::Ends => {
                let words = format!("No key separator found on line number {}: '{line}'", self.count);
                return Err(Fault::new("org.apache.kafka.common.KafkaException", words));
            }
            Some(None) | None => (self.fixed.clone(), null(rest)),
        };
        let size = |text: &Option<Str>| text.as_ref().map(|text| text.len());
        let (producer, topic) = (self.producer.clone(), self.topic.clone());
        let sent = Sent { topic: topic.clone(), key: size(&key), value: size(&value) };
        Ok((
            KafkaCommand::Send {
                producer,
                topic: Some(topic),
                partition: self.partition,
                key,
                value,
                headers: base::Seldom(headers),
                timestamp: base::Seldom::default(),
            },
            sent,
        ))
    }

    /// The headers that a line begins with, and what stands behind them.
    fn headers<'l>(&self, line: &'l str) -> Result<(Vec<Named>, &'l str), Fault> {
        let Some(headers) = &self.headers else { return Ok((Vec::new(), line)) };
        let wrong = |words: String| match self.wrong {
            Wrong::Ends => Err(Fault::new("org.apache.kafka.common.KafkaException", words)),
            Wrong::Ignored => Ok(()),
        };
        let Some((text, rest)) = line.split_once(&*headers.delimiter) else {
            wrong(format!("No headers delimiter found on line number {}: '{line}'", self.count))?;
            return Ok((Vec::new(), line));
        };
        let null = |text: &str| self.null.as_ref().is_none_or(|marker| marker != text).then(|| Str::from(text));
        let mut named = Vec::new();
        for pair in text.split(&*headers.separator).filter(|_| null(text).is_some()) {
            named.push(match pair.split_once(&*headers.key_separator) {
                Some((name, value)) => (Str::from(name), null(value)),
                None => {
                    wrong(format!("No header key separator found in pair '{pair}' on line number {}", self.count))?;
                    (Str::from(pair), None)
                }
            });
        }
        Ok((named, rest))
    }
}

/// What a console producer reads behind its first record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub reader: Reader,
    /// Lines of a pipe that are still to be read; `None`: it reads what is typed, with a prompt, until its input ends.
    pub piped: Option<Vec<String>>,
    /// Of the client that sends.
    pub(super) settings: FlatMap<Str, Str>,
}

impl Input {
    /// What sends the first line of a pipe, and the lines that are left; `None`: nothing comes through it.
    pub(super) fn first(
        mut reader: Reader,
        settings: FlatMap<Str, Str>,
        text: &str,
    ) -> Result<Option<(KafkaCommand, Sent, Input)>, Refusal> {
        let mut lines = text.lines().map(str::to_owned);
        let Some(line) = lines.next() else { return Ok(None) };
        let (command, sent) = reader.record(&line).map_err(Refusal::Ends)?;
        let mut input = Input { reader, piped: Some(lines.collect()), settings };
        // The client closes when it has sent them all.
        let count = 1 + input.clone().rest().0.len();
        input.settings.insert(MOST.into(), count.to_string().into());
        Ok(Some((command, sent, input)))
    }

    /// What sends the lines of a pipe that are still to be read, and what the tool prints of the one that ends it, if one
    /// does.
    pub fn rest(mut self) -> (Vec<Run>, Option<Output>) {
        let mut runs = Vec::new();
        for line in self.piped.take().unwrap_or_default() {
            match self.reader.read(&line) {
                Ok(run) => runs.push(run),
                Err(output) => return (runs, Some(output)),
            }
        }
        (runs, None)
    }
}

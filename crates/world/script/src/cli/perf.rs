//! `kafka-producer-perf-test`: a producer of so many records at such a pace, and what the tool says of its latencies
//! (`ProducerPerformance`, `ProducerPerformance.Stats`). The latencies are those of the run.

use super::after::After;
use super::options::Options;
use super::output::Output;
use super::{Begun, Lack, Refusal, words};
use base::{FlatMap, Str};
use config::application;
use sim::KafkaCommand;

/// The client id of Kafka's tool.
const NAME: &str = "perf-producer-client";
/// Nanoseconds between two records where nothing slows the tool down.
const FASTEST: u64 = 10_000;
/// Milliseconds between two reports.
const REPORTED: i64 = 5_000;
/// Records of one run.
const MOST: u64 = 1_000_000;
/// Options with a value behind them.
const VALUED: [&str; 12] = [
    "--topic",
    "--num-records",
    "--record-size",
    "--throughput",
    "--bootstrap-server",
    "--reporting-interval",
    "--command-property",
    "--command-config",
    "--producer.config",
    "--payload-file",
    "--payload-delimiter",
    "--warmup-records",
];

/// Values by name.
type Named = FlatMap<String, String>;

/// What is given, as argparse4j reads it as far as lines are written in tutorials: options with a value, and pairs behind
/// `--producer-props`.
fn given(line: &[String]) -> Result<(Named, Named), Refusal> {
    let (mut options, mut settings) = (FlatMap::new(), FlatMap::new());
    let mut words = line.iter().peekable();
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    while let Some(word) = words.next() {
        let (name, attached) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        if word == "--producer-props" {
            while let Some((name, value)) = words.peek().and_then(|next| pair(next)) {
                settings.insert(name, value);
                words.next();
            }
        } else if VALUED.contains(&name) {
            let value = attached.map(str::to_owned).or_else(|| words.next().cloned());
            let value = value.ok_or_else(|| refused(format!("argument {name}: expected one argument")))?;
            match (name, pair(&value)) {
                ("--command-property", Some((name, value))) => drop(settings.insert(name, value)),
                _other => drop(options.insert(name.to_owned(), value)),
            }
        } else {
            return Err(refused(format!("unrecognized arguments: '{word}'")));
        }
    }
    Ok((options, settings))
}

/// As argparse4j ends a tool, without its list of options.
fn refused(what: String) -> Refusal {
    Refusal::Words(format!("producer-performance: error: {what}"))
}

pub(crate) fn perf(options: &Options) -> Result<Begun, Refusal> {
    let (given, mut settings) = given(&options.line)?;
    for absent in ["--command-config", "--producer.config", "--payload-file", "--warmup-records"] {
        if given.contains_key(absent) {
            return Err(Refusal::NotHere(absent.to_owned()));
        }
    }
    let value = |name: &str| given.get(name).map(String::as_str);
    let number = |name: &str| -> Result<f64, Refusal> {
        let text = value(name).ok_or_else(|| refused(format!("argument {name} is required")))?;
        base::parse_double(text)
            .ok_or_else(|| refused(format!("argument {name}: could not convert '{text}' to a number")))
    };
    let topic = value("--topic").ok_or_else(|| refused("argument --topic is required".to_owned()))?;
    let (records, throughput) = (number("--num-records")?, number("--throughput")?);
    let size = number("--record-size")?;
    if value("--bootstrap-server").is_none() && !settings.contains_key("bootstrap.servers") {
        return words("At least one of --bootstrap-server, --producer-props or --command-config must be specified.");
    }
    settings.remove("bootstrap.servers");
    if !(1.0..=MOST as f64).contains(&records) || !(1.0..=1_048_576.0).contains(&size) {
        let asked = format!("--num-records {} --record-size {}", records as u64, size as u64);
        return Err(Refusal::Lacking(asked, Lack::Size));
    }
    let name = settings.remove("client.id").unwrap_or_else(|| NAME.to_owned());
    let fastest =
        FASTEST.max(1_000_000_000_u64.div_ceil((sim::Limits::default().bytes_per_second / size as u64).max(1)));
    let interval = if throughput > 0.0 { ((1e9 / throughput) as u64).max(fastest) } else { fastest };
    let report = value("--reporting-interval").and_then(|text| text.parse().ok()).unwrap_or(REPORTED);
    // It closes when all of them are sent.
    settings.insert(application::MOST.to_owned(), (records as u64).to_string());
    let command = KafkaCommand::AddProducer {
        name: name.into(),
        topic: topic.into(),
        keys: Vec::new(),
        random_keys: None,
        interval: Some(interval),
        value_size: size as u32,
        limit: Some(records as u64),
        configs: settings.into_iter().map(|(name, value)| (Str::from(name), Str::from(value))).collect(),
    };
    let mut begun = Begun::new(command, After::Nothing);
    begun.perf = Some(Perf { total: records as u64, size: size as u64, report, ..Perf::default() });
    Ok(begun)
}

/// What the tool counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Perf {
    /// Records that it sends.
    total: u64,
    /// Bytes of each.
    size: u64,
    /// Milliseconds between two reports.
    report: i64,
    /// When it began, and its window; Unix time in milliseconds.
    start: i64,
    window_start: i64,
    window: Counted,
    all: Counted,
    /// Milliseconds, one a record.
    latencies: Vec<i64>,
    /// Records that did not arrive: the tool counts them nowhere.
    failed: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    count: u64,
    latency: i64,
    longest: i64,
}

impl Counted {
    fn add(&mut self, latency: i64) {
        self.count += 1;
        self.latency += latency;
        self.longest = self.longest.max(latency);
    }

    /// Records and megabytes a second.
    fn rates(self, size: u64, milliseconds: i64) -> (f64, f64) {
        let elapsed = milliseconds.max(1) as f64;
        let per_second = 1_000.0 * self.count as f64 / elapsed;
        (per_second, per_second * size as f64 / (1_024.0 * 1_024.0))
    }

    fn mean(self) -> f64 {
        self.latency as f64 / self.count.max(1) as f64
    }
}

impl Perf {
    /// The tool begins.
    pub fn begin(&mut self, now: i64) {
        (self.start, self.window_start) = (now, now);
    }

    /// Has every record been answered?
    pub fn is_done(&self) -> bool {
        self.all.count + self.failed >= self.total
    }

    /// So many records have failed.
    pub fn fail(&mut self, now: i64, count: u64, output: &mut Output) {
        if self.is_done() {
            return;
        }
        self.failed += count;
        if self.is_done() {
            self.end(now, output);
        }
    }

    /// A record was answered then, after so many milliseconds.
    pub fn record(&mut self, now: i64, latency: i64, output: &mut Output) {
        if self.is_done() {
            return;
        }
        self.all.add(latency);
        self.window.add(latency);
        self.latencies.push(latency);
        if now - self.window_start >= self.report {
            let (rate, megabytes) = self.window.rates(self.size, now - self.window_start);
            output.out(format!(
                "{} records sent, {} records/sec ({} MB/sec), {} ms avg latency, {} ms max latency.",
                self.window.count,
                places(rate, 1),
                places(megabytes, 2),
                places(self.window.mean(), 1),
                places(self.window.longest as f64, 1)
            ));
            self.window = Counted::default();
            self.window_start = now;
        }
        if self.is_done() {
            self.end(now, output);
        }
    }

    /// `printTotal`
    fn end(&mut self, now: i64, output: &mut Output) {
        let (rate, megabytes) = self.all.rates(self.size, now - self.start);
        base::sort(&mut self.latencies);
        let at = |share: u64| {
            let index = (self.latencies.len() as u64 * share / 1_000) as usize;
            self.latencies.get(index.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        output.out(format!(
            "{} records sent, {} records/sec ({} MB/sec), {} ms avg latency, {} ms max latency, {} ms 50th, {} ms 95th, {} ms \
             99th, {} ms 99.9th.",
            self.all.count,
            places(rate, 1),
            places(megabytes, 2),
            places(self.all.mean(), 2),
            places(self.all.longest as f64, 2),
            at(500),
            at(950),
            at(990),
            at(999)
        ));
    }
}

/// With so many places behind the point, as `%.1f` has them.
fn places(number: f64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let whole = (number * scale as f64).round().max(0.0) as u64;
    format!("{}.{:0width$}", whole / scale, whole % scale, width = places as usize)
}

#[cfg(test)]
mod tests;

//! How a console consumer prints a record (`DefaultMessageFormatter`), and how it ends.

use super::kcat::Layout;
use super::options::Options;
use super::output::{Fault, Output};
use super::{Refusal, usage};
use base::TopicPartition;
use records::{Record, TimestampType};

/// `--formatter-property`, as far as it decides about a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatter {
    timestamp: Printing,
    partition: Printing,
    offset: Printing,
    epoch: Printing,
    delivery: Printing,
    headers: Printing,
    key: Printing,
    value: Printing,
    key_separator: String,
    line_separator: String,
    headers_separator: String,
    null: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printing {
    On,
    Off,
}

impl Formatter {
    /// Of `--property` and `--formatter-property`; deserializers of others there are none.
    pub(crate) fn of(options: &Options) -> Result<Formatter, Refusal> {
        let given = options.pairs(&["property", "formatter-property"]);
        let flag = |name: &str, usual: Printing| match given.get(name) {
            None => usual,
            Some(text) if text.trim().eq_ignore_ascii_case("true") => Printing::On,
            Some(_) => Printing::Off,
        };
        let text = |name: &str, usual: &str| given.get(name).cloned().unwrap_or_else(|| usual.to_owned());
        let string = "org.apache.kafka.common.serialization.StringDeserializer";
        for name in ["key.deserializer", "value.deserializer", "headers.deserializer"] {
            class(given.get(name).map(String::as_str), string, &format!("--formatter-property {name}="))?;
        }
        for name in ["key-deserializer", "value-deserializer"] {
            class(options.value(name)?, string, &format!("--{name} "))?;
        }
        let own = "org.apache.kafka.tools.consumer.DefaultMessageFormatter";
        class(options.value("formatter")?, own, "--formatter ")?;
        Ok(Formatter {
            timestamp: flag("print.timestamp", Printing::Off),
            partition: flag("print.partition", Printing::Off),
            offset: flag("print.offset", Printing::Off),
            epoch: flag("print.epoch", Printing::Off),
            delivery: flag("print.delivery", Printing::Off),
            headers: flag("print.headers", Printing::Off),
            key: flag("print.key", Printing::Off),
            value: flag("print.value", Printing::On),
            key_separator: text("key.separator", "\t"),
            line_separator: text("line.separator", "\n"),
            headers_separator: text("headers.separator", ","),
            null: text("null.literal", "null"),
        })
    }

    /// One record, with what stands after it.
    fn text(&self, given: &Consumed<'_>) -> String {
        let (partition, record) = (given.partition.partition, given.record);
        let stamp = match given.stamp {
            TimestampType::CreateTime => "CreateTime",
            TimestampType::LogAppendTime => "LogAppendTime",
        };
        let bytes = |bytes: Option<&[u8]>| match bytes {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => self.null.clone(),
        };
        let headers = || match record.headers.as_slice() {
            [] => "NO_HEADERS".to_owned(),
            headers => headers
                .iter()
                .map(|header| format!("{}:{}", header.key, bytes(header.value.as_deref())))
                .collect::<Vec<_>>()
                .join(&self.headers_separator),
        };
        let parts: [(Printing, &dyn Fn() -> String); 8] = [
            (self.timestamp, &|| format!("{stamp}:{}", record.timestamp.0)),
            (self.partition, &|| format!("Partition:{partition}")),
            (self.offset, &|| format!("Offset:{}", record.offset)),
            (self.delivery, &|| "Delivery:NOT_PRESENT".to_owned()),
            // `ConsoleConsumer` hands it on without one.
            (self.epoch, &|| "Epoch:NOT_PRESENT".to_owned()),
            (self.headers, &headers),
            (self.key, &|| bytes(record.key.as_deref())),
            (self.value, &|| bytes(record.value.as_deref())),
        ];
        let shown: Vec<String> =
            parts.iter().filter(|(printing, _)| *printing == Printing::On).map(|(_, part)| part()).collect();
        shown.join(&self.key_separator) + &self.line_separator
    }
}

/// Classes by their names: the one that there is here, others of Kafka's, and none (`Class.forName`).
fn class(named: Option<&str>, known: &str, option: &str) -> Result<(), Refusal> {
    match named {
        None => Ok(()),
        Some(class) if class == known => Ok(()),
        Some(class) if class.is_empty() || class.starts_with("org.apache.kafka.") => {
            Err(Refusal::NotHere(format!("{option}{class}")))
        }
        Some(class) => usage(class),
    }
}

/// Bytes of a line that are kept before it is given on.
const LONGEST: usize = 4_096;

/// A record that a client was given.
#[derive(Clone, Copy, Debug)]
pub struct Consumed<'a> {
    pub partition: &'a TopicPartition,
    pub record: &'a Record,
    /// Who led the partition.
    pub broker: Option<i32>,
    /// What its timestamp is.
    pub stamp: TimestampType,
}

/// Which of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Style {
    Kafka(Formatter),
    Kcat(Layout),
}

/// A console consumer that prints: its lines, how many, and what it is waiting for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printer {
    style: Style,
    /// `--max-messages`
    pub most: Option<u64>,
    /// `--timeout-ms`: it ends when nothing came for so long.
    pub timeout_ms: Option<u64>,
    /// So many were printed.
    pub count: u64,
    /// What was printed of a line that goes on: separators may be anything.
    begun: String,
}

impl Printer {
    pub(crate) fn of(options: &Options) -> Result<Printer, Refusal> {
        let most: Option<i64> = options.number::<i32>("max-messages")?.map(i64::from);
        let timeout: Option<i64> = options.number("timeout-ms")?;
        Ok(Printer {
            style: Style::Kafka(Formatter::of(options)?),
            // Only -1 is no limit; what is below is reached at once.
            most: most.filter(|most| *most != -1).map(|most| u64::try_from(most).unwrap_or_default()),
            timeout_ms: timeout.and_then(|timeout| u64::try_from(timeout).ok()),
            count: 0,
            begun: String::new(),
        })
    }

    /// That of `kcat`, with `-c`.
    pub(crate) fn of_kcat(layout: Layout, most: Option<u64>) -> Printer {
        let style = Style::Kcat(layout);
        Printer { style, most, timeout_ms: None, count: 0, begun: String::new() }
    }

    /// Has it printed all that it was to print?
    pub fn is_done(&self) -> bool {
        self.most.is_some_and(|most| self.count >= most)
    }

    /// One record more.
    pub fn print(&mut self, given: &Consumed<'_>, output: &mut Output) {
        if self.is_done() {
            return;
        }
        self.count += 1;
        self.begun += &match &self.style {
            Style::Kafka(formatter) => formatter.text(given),
            Style::Kcat(layout) => layout.text(given),
        };
        while let Some(at) = self.begun.find('\n') {
            let line: String = self.begun.drain(..=at).collect();
            output.out(line.trim_end_matches('\n'));
        }
        // Whose separator is no end of a line writes on one, which is given on in parts.
        if self.begun.len() > LONGEST {
            output.out(std::mem::take(&mut self.begun));
        }
    }

    /// So many records came that are not printed; how many of them count.
    pub fn pass_over(&mut self, records: u64) -> u64 {
        let counted = self.most.map_or(u64::MAX, |most| most.saturating_sub(self.count)).min(records);
        self.count += counted;
        counted
    }

    /// It has printed so many: the reader has gone back to where it had not printed more.
    pub fn go_back(&mut self, count: u64) {
        (self.count, self.begun) = (self.most.unwrap_or(u64::MAX).min(count), String::new());
    }

    /// It ends, by itself or because it was ended (`reportRecordCount`).
    pub fn end(&mut self, ending: &Ending, output: &mut Output) {
        if !self.begun.is_empty() {
            output.out(std::mem::take(&mut self.begun));
        }
        let thrown = match ending {
            Ending::Done => None,
            Ending::TimedOut => Some("org.apache.kafka.common.errors.TimeoutException"),
            Ending::Failed(thrown) => Some(&**thrown),
        };
        if let (Style::Kafka(_), Some(thrown)) = (&self.style, thrown) {
            output.log(
                "ERROR Error processing message, terminating consumer process:  \
                 (org.apache.kafka.tools.consumer.ConsoleConsumer)",
            );
            output.err(thrown);
        }
        if matches!(self.style, Style::Kafka(_)) {
            output.err(format!("Processed a total of {} messages", self.count));
        }
    }
}

/// Why a console consumer ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    TimedOut,
    /// Its client threw.
    Failed(String),
}

impl Ending {
    /// By what `poll` threw: the exception's own name, or that of a code.
    pub fn failed(name: &str, error: base::ErrorCode, message: &str) -> Ending {
        let thrown = match name.ends_with("Exception") {
            true => Fault::new(&format!("org.apache.kafka.clients.consumer.{name}"), message),
            false => Fault::of(error, message),
        };
        Ending::Failed(thrown.to_string())
    }
}

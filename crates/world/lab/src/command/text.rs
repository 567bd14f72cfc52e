//! The text line of a command: what the terminal takes, what scenario files hold and what every
//! gesture shows. `verb name… option=value…`, words quoted as a shell does.

use super::span::{parse_span, span_text};
use base::{FlatMap, Str};
use sim::{Command, Election};

/// Why a line is not a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    Empty,
    /// An open quote.
    Quotes,
    UnknownVerb(String),
    /// Something that the verb needs.
    Missing {
        verb: &'static str,
        what: &'static str,
    },
    /// A value that the option does not take.
    Bad {
        what: &'static str,
        value: String,
    },
    /// More than the verb takes.
    Extra {
        verb: &'static str,
        word: String,
    },
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TextError::Empty => f.write_str("the line is empty"),
            TextError::Quotes => f.write_str("a quotation mark is not closed"),
            TextError::UnknownVerb(verb) => write!(f, "there is no command '{verb}'; 'help' lists them"),
            TextError::Missing { verb, what } => write!(f, "{verb} needs {what}"),
            TextError::Bad { what, value } => write!(f, "'{value}' is not {what}"),
            TextError::Extra { verb, word } => write!(f, "{verb} does not know '{word}'"),
        }
    }
}

impl std::error::Error for TextError {}

/// Every verb with its form, for help and completion.
pub const VERBS: &[(&str, &str)] = &[
    ("create-topic", "create-topic NAME [partitions=3] [rf=3] [assign=1,2,3/2,3,1] [CONFIG=VALUE…] [timeout=60s]"),
    ("delete-topic", "delete-topic NAME"),
    ("add-partitions", "add-partitions TOPIC TOTAL [assign=1,2/2,3]"),
    ("alter-topic", "alter-topic TOPIC [CONFIG=VALUE…] [delete=CONFIG,…]"),
    ("elect-leaders", "elect-leaders preferred|unclean [TOPIC-PARTITION…]"),
    ("add-broker", "add-broker ID [rack=NAME]"),
    (
        "add-producer",
        "add-producer NAME TOPIC [keys=A,B] [random-keys=N] [every=500ms] [size=20] [limit=N] [acks=all] [CONFIG=VALUE…]",
    ),
    ("add-consumer", "add-consumer NAME GROUP TOPIC,… [work=1ms] [CONFIG=VALUE…]"),
    ("send", "send PRODUCER [VALUE | value=VALUE] [key=KEY] [topic=TOPIC] [partition=N]"),
    ("pace", "pace PRODUCER 100ms|off"),
    ("read", "read TOPIC-PARTITION [from=0]"),
    ("list-topics", "list-topics"),
    ("kill", "kill NAME"),
    ("stop", "stop NAME"),
    ("leave", "leave NAME"),
    ("start", "start NAME"),
    ("pause", "pause NAME"),
    ("resume", "resume NAME"),
    ("power-off", "power-off NAME"),
    ("cut", "cut NAME NAME"),
    ("cut-one-way", "cut-one-way FROM TO"),
    ("delay", "delay NAME NAME 20ms"),
    ("stall", "stall NAME NAME 200ms"),
    ("reset", "reset NAME NAME"),
    ("heal", "heal NAME NAME"),
    ("heal-all", "heal-all"),
];

/// Reads one line.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(line: &str) -> Result<Command, TextError> {
    let words = shell_words::split(line).map_err(|_| TextError::Quotes)?;
    let (given, words) = words.split_first().ok_or(TextError::Empty)?;
    let verb = VERBS.iter().map(|(verb, _)| *verb).find(|verb| verb == given);
    let verb = verb.ok_or_else(|| TextError::UnknownVerb(given.clone()))?;
    let mut line = Line::new(verb, words);
    let command = command(&mut line)?;
    line.finish()?;
    Ok(command)
}

fn command(line: &mut Line) -> Result<Command, TextError> {
    Ok(match line.verb {
        "create-topic" => create_topic(line)?,
        "add-partitions" => Command::AddPartitions {
            topic: line.name("a topic")?,
            total: line.number("a number of partitions")?,
            assignments: line.assignments()?,
        },
        "alter-topic" => {
            Command::AlterTopicConfig { topic: line.name("a topic")?, delete: line.list("delete"), set: line.rest() }
        }
        "elect-leaders" => elect_leaders(line)?,
        "add-broker" => Command::AddBroker { node: line.number("a node.id")?, rack: line.take("rack") },
        "add-producer" => add_producer(line)?,
        "add-consumer" => Command::AddConsumer {
            name: line.name("a name")?,
            group: line.name("a group")?,
            topics: split(&line.name("topics")?),
            processing: line.span("work")?.unwrap_or(0),
            configs: line.rest(),
        },
        "send" => Command::Send {
            producer: line.name("a producer")?,
            value: line.positional().or_else(|| line.take("value")),
            key: line.take("key"),
            topic: line.take("topic"),
            partition: line.option_number("partition", "a partition number")?,
        },
        "pace" => pace(line)?,
        "read" => read(line)?,
        "list-topics" => Command::ListTopics,
        "heal-all" => Command::HealAll,
        _on_names => on_names(line)?,
    })
}

fn on_names(line: &mut Line) -> Result<Command, TextError> {
    let name = line.name("a name")?;
    Ok(match line.verb {
        "delete-topic" => Command::DeleteTopic { name },
        "kill" => Command::Kill { name },
        "stop" => Command::Stop { name },
        "leave" => Command::Leave { name },
        "start" => Command::Start { name },
        "pause" => Command::Pause { name },
        "resume" => Command::Resume { name },
        "power-off" => Command::PowerOff { name },
        "cut" => Command::Cut { a: name, b: line.name("a second name")? },
        "cut-one-way" => Command::CutOneWay { from: name, to: line.name("a second name")? },
        "delay" => Command::Delay { a: name, b: line.name("a second name")?, by: line.length()? },
        "stall" => Command::Stall { a: name, b: line.name("a second name")?, time: line.length()? },
        "reset" => Command::Reset { a: name, b: line.name("a second name")? },
        _heal => Command::Heal { a: name, b: line.name("a second name")? },
    })
}

fn create_topic(line: &mut Line) -> Result<Command, TextError> {
    Ok(Command::CreateTopic {
        name: line.name("a name")?,
        partitions: line.option_number("partitions", "a number of partitions")?,
        replication_factor: line.option_number("rf", "a replication factor")?,
        assignments: line.assignments()?,
        timeout_ms: line.span("timeout")?.map(|nanos| (nanos / 1_000_000).min(u64::from(u32::MAX)) as u32),
        configs: line.rest(),
    })
}

fn elect_leaders(line: &mut Line) -> Result<Command, TextError> {
    let kind = line.name("preferred or unclean")?;
    let election = match &*kind {
        "preferred" => Election::Preferred,
        "unclean" => Election::Unclean,
        _neither => return Err(TextError::Bad { what: "preferred or unclean", value: kind.to_string() }),
    };
    Ok(Command::ElectLeaders { election, partitions: std::iter::from_fn(|| line.positional()).collect() })
}

fn add_producer(line: &mut Line) -> Result<Command, TextError> {
    Ok(Command::AddProducer {
        name: line.name("a name")?,
        topic: line.name("a topic")?,
        keys: line.list("keys"),
        random_keys: line.option_number("random-keys", "a number of keys")?,
        interval: line.span("every")?,
        value_size: line.option_number("size", "a number of bytes")?.unwrap_or(0),
        limit: line.option_number("limit", "a number of records")?,
        configs: line.rest(),
    })
}

fn pace(line: &mut Line) -> Result<Command, TextError> {
    let producer = line.name("a producer")?;
    let text = line.name("a time between records, or off")?;
    let interval = match &*text {
        "off" => None,
        other => Some(
            parse_span(other).ok_or_else(|| TextError::Bad { what: "a time such as 100ms", value: other.into() })?,
        ),
    };
    Ok(Command::SetInterval { producer, interval })
}

fn read(line: &mut Line) -> Result<Command, TextError> {
    let text = line.name("a partition such as orders-0")?;
    let parts = text.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
    let bad = || TextError::Bad { what: "a partition such as orders-0", value: text.to_string() };
    let (topic, partition) = parts.ok_or_else(bad)?;
    Ok(Command::Read { topic: topic.into(), partition, from: line.option_number("from", "an offset")?.unwrap_or(0) })
}

/// The words behind the verb: names in order, options by name.
struct Line {
    verb: &'static str,
    names: std::collections::VecDeque<String>,
    options: FlatMap<String, String>,
}

impl Line {
    fn new(verb: &'static str, words: &[String]) -> Line {
        let is_option = |word: &&String| looks_like_option(word);
        let options = words.iter().filter(is_option).filter_map(|word| word.split_once('='));
        Line {
            verb,
            names: words.iter().filter(|word| !is_option(word)).cloned().collect(),
            options: options.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }

    fn positional(&mut self) -> Option<Str> {
        self.names.pop_front().map(Str::from)
    }

    fn name(&mut self, what: &'static str) -> Result<Str, TextError> {
        self.positional().ok_or(TextError::Missing { verb: self.verb, what })
    }

    fn number<T: std::str::FromStr>(&mut self, what: &'static str) -> Result<T, TextError> {
        let text = self.name(what)?;
        text.parse().map_err(|_| TextError::Bad { what, value: text.to_string() })
    }

    fn length(&mut self) -> Result<u64, TextError> {
        let text = self.name("a time such as 20ms")?;
        parse_span(&text).ok_or_else(|| TextError::Bad { what: "a time such as 20ms", value: text.to_string() })
    }

    fn take(&mut self, option: &str) -> Option<Str> {
        self.options.remove(option).map(Str::from)
    }

    fn list(&mut self, option: &str) -> Vec<Str> {
        self.take(option).map(|text| split(&text)).unwrap_or_default()
    }

    fn option_number<T: std::str::FromStr>(
        &mut self,
        option: &str,
        what: &'static str,
    ) -> Result<Option<T>, TextError> {
        let Some(text) = self.take(option) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| TextError::Bad { what, value: text.to_string() })
    }

    fn span(&mut self, option: &str) -> Result<Option<u64>, TextError> {
        let Some(text) = self.take(option) else { return Ok(None) };
        parse_span(&text)
            .map(Some)
            .ok_or_else(|| TextError::Bad { what: "a time such as 500ms", value: text.to_string() })
    }

    /// `1,2,3/2,3,1`: the replicas of partition 0, then of partition 1.
    fn assignments(&mut self) -> Result<Vec<Vec<i32>>, TextError> {
        let Some(text) = self.take("assign") else { return Ok(Vec::new()) };
        let bad = || TextError::Bad { what: "a placement such as 1,2,3/2,3,1", value: text.to_string() };
        let replicas = |part: &str| part.split(',').map(|id| id.parse::<i32>().map_err(|_| bad())).collect();
        text.split('/').map(replicas).collect()
    }

    /// What is left: Kafka's settings by name.
    fn rest(&mut self) -> FlatMap<Str, Str> {
        let rest = std::mem::take(&mut self.options);
        rest.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    fn finish(mut self) -> Result<(), TextError> {
        let left = self.names.pop_front().or_else(|| self.options.pop_first().map(|(name, _)| name));
        left.map_or(Ok(()), |word| Err(TextError::Extra { verb: self.verb, word }))
    }
}

fn looks_like_option(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_option_name(name))
}

/// Option names are Kafka's or ours: letters, digits, dots and dashes.
fn is_option_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
}

fn split(text: &str) -> Vec<Str> {
    text.split(',').filter(|part| !part.is_empty()).map(Str::from).collect()
}

/// A word as a shell takes it; quoted only where it must be.
fn quote(word: &str) -> std::borrow::Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "._-=,/:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { shell_words::quote(word) }
}

/// The line that [`parse`] reads back as the same command.
pub fn print(command: &Command) -> String {
    let mut line = Printer::default();
    match command {
        Command::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            line.word("create-topic").word(name).option("partitions", partitions).option("rf", replication_factor);
            line.assignments(assignments).configs(configs);
            line.option("timeout", &timeout_ms.map(|ms| span_text(u64::from(ms) * 1_000_000)));
        }
        Command::DeleteTopic { name } => drop(line.word("delete-topic").word(name)),
        Command::AddPartitions { topic, total, assignments } => {
            line.word("add-partitions").word(topic).word(&total.to_string()).assignments(assignments);
        }
        Command::AlterTopicConfig { topic, set, delete } => {
            line.word("alter-topic").word(topic).configs(set).list("delete", delete);
        }
        Command::ElectLeaders { election, partitions } => {
            let kind = match election {
                Election::Preferred => "preferred",
                Election::Unclean => "unclean",
            };
            line.word("elect-leaders").word(kind);
            partitions.iter().for_each(|partition| _ = line.word(partition));
        }
        Command::AddBroker { node, rack } => drop(line.word("add-broker").word(&node.to_string()).option("rack", rack)),
        Command::AddProducer { .. } | Command::AddConsumer { .. } => print_client(&mut line, command),
        Command::Send { producer, topic, partition, key, value } => {
            line.word("send").word(producer);
            match value {
                Some(value) if looks_like_option(value) => line.option("value", &Some(value)),
                Some(value) => line.word(value),
                None => &mut line,
            };
            line.option("key", key).option("topic", topic).option("partition", partition);
        }
        Command::SetInterval { producer, interval } => {
            let interval = interval.map_or("off".to_owned(), span_text);
            line.word("pace").word(producer).word(&interval);
        }
        Command::Read { topic, partition, from } => {
            line.word("read").word(&format!("{topic}-{partition}")).option("from", &(*from != 0).then_some(from));
        }
        Command::ListTopics => drop(line.word("list-topics")),
        Command::HealAll => drop(line.word("heal-all")),
        _on_names => print_on_names(&mut line, command),
    }
    line.text
}

fn print_client(line: &mut Printer, command: &Command) {
    match command {
        Command::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } => {
            line.word("add-producer").word(name).word(topic).list("keys", keys).option("random-keys", random_keys);
            line.option("every", &interval.map(span_text)).option("size", &(*value_size > 0).then_some(value_size));
            line.option("limit", limit).configs(configs);
        }
        Command::AddConsumer { name, group, topics, processing, configs } => {
            line.word("add-consumer").word(name).word(group).word(&topics.join(","));
            line.option("work", &(*processing > 0).then(|| span_text(*processing))).configs(configs);
        }
        _no_client => {}
    }
}

fn print_on_names(line: &mut Printer, command: &Command) {
    match command {
        Command::Kill { name } => drop(line.word("kill").word(name)),
        Command::Leave { name } => drop(line.word("leave").word(name)),
        Command::Stop { name } => drop(line.word("stop").word(name)),
        Command::Start { name } => drop(line.word("start").word(name)),
        Command::Pause { name } => drop(line.word("pause").word(name)),
        Command::Resume { name } => drop(line.word("resume").word(name)),
        Command::PowerOff { name } => drop(line.word("power-off").word(name)),
        Command::Cut { a, b } => drop(line.word("cut").word(a).word(b)),
        Command::CutOneWay { from, to } => drop(line.word("cut-one-way").word(from).word(to)),
        Command::Delay { a, b, by } => drop(line.word("delay").word(a).word(b).word(&span_text(*by))),
        Command::Stall { a, b, time } => drop(line.word("stall").word(a).word(b).word(&span_text(*time))),
        Command::Reset { a, b } => drop(line.word("reset").word(a).word(b)),
        Command::Heal { a, b } => drop(line.word("heal").word(a).word(b)),
        _printed_elsewhere => {}
    }
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn word(&mut self, word: &str) -> &mut Printer {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&quote(word));
        self
    }

    fn option(&mut self, name: &str, value: &Option<impl std::fmt::Display>) -> &mut Printer {
        if let Some(value) = value {
            // Only the value is quoted, so that the line stays easy to read.
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push('=');
            let value = value.to_string();
            if !value.is_empty() {
                self.text.push_str(&quoted(&value));
            }
        }
        self
    }

    fn list(&mut self, name: &str, values: &[Str]) -> &mut Printer {
        self.option(name, &(!values.is_empty()).then(|| values.join(",")))
    }

    fn configs(&mut self, configs: &FlatMap<Str, Str>) -> &mut Printer {
        for (name, value) in configs {
            self.option(name, &Some(value));
        }
        self
    }

    fn assignments(&mut self, assignments: &[Vec<i32>]) -> &mut Printer {
        let replicas = |ids: &Vec<i32>| ids.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let text = assignments.iter().map(replicas).collect::<Vec<_>>().join("/");
        self.option("assign", &(!text.is_empty()).then_some(text))
    }
}

/// As a shell needs it; an equals sign alone needs no quotes.
fn quoted(word: &str) -> std::borrow::Cow<'_, str> {
    let plain = shell_words::quote(&word.replace('=', "")) == word.replace('=', "");
    if plain && !word.is_empty() { word.into() } else { shell_words::quote(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_printed_as_it_was_read() {
        for line in [
            "create-topic orders partitions=3 rf=3 min.insync.replicas=2",
            "create-topic t assign=1,2,3/2,3,1 timeout=15s",
            "delete-topic orders",
            "add-partitions orders 6",
            "alter-topic orders min.insync.replicas=2 delete=retention.ms",
            "elect-leaders preferred orders-0 orders-1",
            "add-broker 4 rack=a",
            "add-producer web orders keys=A,B every=500ms size=20 acks=all linger.ms=0",
            "add-producer load orders keys=k random-keys=100 every=1ms",
            "add-consumer billing-1 billing orders,payments work=2ms session.timeout.ms=6000",
            "send web 'two words' key=order-1 partition=2",
            "send web key=gone",
            "send web '' key=a",
            "send web value=x=1 key=a=b",
            "pace web off",
            "pace web 20ms",
            "read orders-0 from=5",
            "list-topics",
            "kill 2",
            "power-off c1",
            "cut 1 3",
            "cut-one-way 1 web",
            "delay 1 2 20ms",
            "stall web 1 200ms",
            "heal 1 3",
            "heal-all",
        ] {
            let command = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(print(&command), line);
            let json = serde_json::to_string(&command).expect("serialises");
            assert_eq!(serde_json::from_str::<Command>(&json).expect("reads back"), command, "{json}");
        }
    }

    #[test]
    fn wrong_lines_say_what_is_wrong() {
        for (line, words) in [
            ("", "the line is empty"),
            ("explode 1", "there is no command 'explode'; 'help' lists them"),
            ("kill", "kill needs a name"),
            ("kill 1 2", "kill does not know '2'"),
            ("send web 'open", "a quotation mark is not closed"),
            ("create-topic t partitions=many", "'many' is not a number of partitions"),
            ("pace web soon", "'soon' is not a time such as 100ms"),
        ] {
            assert_eq!(parse(line).map(|_| ()).map_err(|error| error.to_string()), Err(words.to_owned()));
        }
    }
}

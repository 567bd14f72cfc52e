//! The text line of a command: what the terminal takes, what scenario files hold and what every
//! gesture shows. `verb name… option=value…`, words quoted as a shell does; behind `--` every word is a
//! name, whatever it looks like (a `--` at the end is a name itself).

mod print;

pub use print::print;

use super::brief::brief;
use super::call;
use super::span::parse_span;
use crate::world_rows::{self, Form};
use base::{FlatMap, Seldom, Str, Timestamp};
use config::application::{Named, named};
use sim::{ClusterPlan, Command, Election, KafkaCommand, WorldCommand};

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
    /// A cluster is named where names of processes say enough.
    Anywhere(&'static str),
    /// What nobody can do to a log.
    Fixed(Fixed),
    /// More than the verb takes.
    Extra {
        verb: &'static str,
        word: String,
    },
}

/// What people try to do to a record that is written. No request of Kafka's does it, so no command does either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// `change-record`
    Change,
    /// `insert-record`
    Insert,
}

impl Fixed {
    /// The verb that asks for it; it is refused whatever follows.
    pub fn of(verb: &str) -> Option<Fixed> {
        match verb {
            "change-record" => Some(Fixed::Change),
            "insert-record" => Some(Fixed::Insert),
            _another => None,
        }
    }
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TextError::Empty => f.write_str("the line is empty"),
            TextError::Quotes => f.write_str("a quotation mark is not closed"),
            TextError::UnknownVerb(verb) => write!(f, "there is no command '{}'; 'help' lists them", brief(verb)),
            TextError::Missing { verb, what } => write!(f, "{verb} needs {what}"),
            TextError::Bad { what, value } => write!(f, "'{}' is not {what}", brief(value)),
            TextError::Anywhere(verb) => {
                write!(f, "{verb} takes names of processes, whatever cluster they are in: leave 'in' out")
            }
            TextError::Fixed(Fixed::Change) => f.write_str(
                "no request of Kafka's changes a record that is written; send a new one, and it comes to the log's end",
            ),
            TextError::Fixed(Fixed::Insert) => f.write_str(
                "the leader gives each record the next offset of its log; nothing comes before what is written",
            ),
            TextError::Extra { verb, word } => write!(f, "{verb} does not know '{}'", brief(word)),
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
    (
        "send",
        "send PRODUCER [VALUE | value=VALUE] [key=KEY] [topic=TOPIC] [partition=N] [headers=a:1,b:2] [timestamp=MS]",
    ),
    ("pace", "pace PRODUCER 100ms|off"),
    ("read", "read TOPIC-PARTITION [from=0]"),
    ("list-topics", "list-topics"),
    ("seek", "seek CONSUMER OFFSET|begin|end|at:30s [TOPIC-PARTITION…]"),
    ("pause-partitions", "pause-partitions CONSUMER [TOPIC-PARTITION…]"),
    ("resume-partitions", "resume-partitions CONSUMER [TOPIC-PARTITION…]"),
    ("commit", "commit CONSUMER TOPIC-PARTITION OFFSET"),
    ("work", "work CONSUMER 100ms"),
    ("crash", "crash CONSUMER before-commit|after-commit|failed-write"),
    ("ask", "ask QUESTION [WORD…]"),
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
    ("hold", "hold FROM TO API"),
    ("lose", "lose FROM TO API [COUNT]"),
    ("reset", "reset NAME NAME"),
    ("heal", "heal NAME NAME"),
    ("heal-all", "heal-all"),
    ("slow-store", "slow-store STORE 200ms"),
    ("fail-store", "fail-store STORE"),
    ("heal-store", "heal-store STORE"),
];

/// The options that a verb takes, by the form that help shows.
pub(crate) fn options(verb: &str) -> impl Iterator<Item = &'static str> {
    let form = VERBS.iter().find(|(known, _)| *known == verb).map_or("", |(_, form)| form);
    let words = form.split([' ', '[']).filter_map(|word| word.split_once('='));
    words.map(|(name, _)| name).filter(|name| !name.starts_with("CONFIG"))
}

/// What follows are names.
const ONLY_NAMES: &str = "--";
/// A setting of Kafka's, where its name alone would be an option of ours…
const SETTING: &str = "config:";
/// …such as these.
const OWN_OPTIONS: [&str; 11] =
    ["partitions", "rf", "assign", "timeout", "delete", "keys", "random-keys", "every", "size", "limit", "work"];

/// `in west create-topic orders`: what stands before the name of the cluster that a line is for.
pub const IN: &str = "in";

/// `via broker-2:9092 list-topics`: where the tool's client begins.
pub(crate) const VIA: &str = "via";

/// Is the verb's command for a cluster, so that `in NAME` may stand before it?
pub fn takes_cluster(verb: &str) -> bool {
    world_rows::by_verb(verb).is_none()
}

/// The words of a line, as a shell parts them.
///
/// # Errors
/// When a quotation mark is not closed.
pub fn words(line: &str) -> Result<Vec<String>, TextError> {
    shell_words::split(line).map_err(|_| TextError::Quotes)
}

/// Reads one line.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(line: &str) -> Result<Command, TextError> {
    let words = words(line)?;
    let (cluster, words) = match words.as_slice() {
        [word, rest @ ..] if word == IN => {
            let (cluster, rest) = rest.split_first().ok_or(TextError::Missing { verb: IN, what: "a cluster" })?;
            if !ClusterPlan::is_name(cluster) {
                return Err(TextError::Bad { what: "a cluster", value: cluster.clone() });
            }
            (Some(Str::from(cluster.as_str())), rest)
        }
        words => (None, words),
    };
    let (servers, words) = match words {
        [word, servers, rest @ ..] if word == VIA => (Some(Str::from(servers.as_str())), rest),
        words => (None, words),
    };
    let (given, words) = words.split_first().ok_or(TextError::Empty)?;
    if let Some(fixed) = Fixed::of(given) {
        return Err(TextError::Fixed(fixed));
    }
    let verb = VERBS.iter().map(|(verb, _)| *verb).find(|verb| verb == given);
    let verb = verb.ok_or_else(|| TextError::UnknownVerb(given.clone()))?;
    let mut line = Line::new(verb, words);
    let command = command(&mut line, cluster)?;
    line.finish()?;
    match (servers, command) {
        (None, command) => Ok(command),
        (Some(servers), Command::Kafka(cluster, command)) if command.is_for_admin() => {
            Ok(Command::Kafka(cluster, KafkaCommand::Via { servers, command: Box::new(command) }))
        }
        (Some(_), _) => Err(TextError::Bad { what: "something that an admin client is asked", value: given.clone() }),
    }
}

/// The world's verbs are in the table of rows, Kafka's in `of_kafka`.
fn command(line: &mut Line, cluster: Option<Str>) -> Result<Command, TextError> {
    match world_rows::by_verb(line.verb) {
        // Processes and links are the world's, and so are their names.
        Some(_) if cluster.is_some() => Err(TextError::Anywhere(line.verb)),
        Some(row) => Ok(Command::World(of_world(line, &row.form)?)),
        None => Ok(Command::Kafka(cluster, of_kafka(line)?)),
    }
}

/// The row says what follows the verb.
fn of_world(line: &mut Line, form: &Form) -> Result<WorldCommand, TextError> {
    let second = "a second name";
    let first = match form {
        Form::Nothing(make) => return Ok(make()),
        Form::Store(_) | Form::StoreTimed(_) => line.name("a store")?,
        Form::Process(_) | Form::Link(_) | Form::Timed(_) | Form::Chosen(_) | Form::Counted(_) => {
            line.name("a name")?
        }
    };
    Ok(match form {
        Form::Nothing(make) => make(),
        Form::Process(make) | Form::Store(make) => make(first),
        Form::StoreTimed(make) => make(first, line.length()?),
        Form::Link(make) => make(first, line.name(second)?),
        Form::Timed(make) => make(first, line.name(second)?, line.length()?),
        Form::Chosen(make) => make(first, line.name(second)?, line.api()?),
        Form::Counted(make) => {
            let (second, api) = (line.name(second)?, line.api()?);
            let count = if line.names.is_empty() { 1 } else { line.number("a number of messages")? };
            make(first, second, api, count)
        }
    })
}

/// Options are taken by name wherever they stand, names in order.
fn of_kafka(line: &mut Line) -> Result<KafkaCommand, TextError> {
    Ok(match line.verb {
        "create-topic" => create_topic(line)?,
        "add-partitions" => KafkaCommand::AddPartitions {
            topic: line.name("a topic")?,
            total: line.number("a number of partitions")?,
            assignments: line.assignments()?,
        },
        "alter-topic" => KafkaCommand::AlterTopicConfig {
            topic: line.name("a topic")?,
            delete: line.list("delete"),
            set: line.rest(),
        },
        "elect-leaders" => elect_leaders(line)?,
        "add-broker" => KafkaCommand::AddBroker { node: line.number("a node.id")?, rack: line.take("rack") },
        "add-producer" => add_producer(line)?,
        "add-consumer" => KafkaCommand::AddConsumer {
            name: line.name("a name")?,
            group: line.name("a group")?,
            topics: split(&line.name("topics")?),
            processing: line.span("work")?.unwrap_or(0),
            configs: line.rest(),
        },
        "send" => KafkaCommand::Send {
            producer: line.name("a producer")?,
            value: line.positional().or_else(|| line.take("value")),
            key: line.take("key"),
            topic: line.take("topic"),
            partition: line.option_number("partition", "a partition number")?,
            headers: line.headers()?,
            timestamp: line.timestamp()?,
        },
        "pace" => pace(line)?,
        "read" => read(line)?,
        "list-topics" => KafkaCommand::ListTopics,
        "ask" => question(line)?,
        "delete-topic" => KafkaCommand::DeleteTopic { name: line.name("a name")? },
        call::SEEK | call::PAUSE | call::RESUME | call::COMMIT | call::WORK | call::CRASH => called(line)?,
        _leave => KafkaCommand::Leave { name: line.name("a name")? },
    })
}

/// What is left out the cluster fills in, as with Kafka's own tool.
fn create_topic(line: &mut Line) -> Result<KafkaCommand, TextError> {
    Ok(KafkaCommand::CreateTopic {
        name: line.name("a name")?,
        partitions: line.option_number("partitions", "a number of partitions")?,
        replication_factor: line.option_number("rf", "a replication factor")?,
        assignments: line.assignments()?,
        timeout_ms: line.span("timeout")?.map(|nanos| (nanos / 1_000_000).min(u64::from(u32::MAX)) as u32),
        configs: line.rest(),
    })
}

/// Without partitions all are meant.
fn elect_leaders(line: &mut Line) -> Result<KafkaCommand, TextError> {
    let kind = line.name("preferred or unclean")?;
    let election = match &*kind {
        "preferred" => Election::Preferred,
        "unclean" => Election::Unclean,
        _neither => return Err(TextError::Bad { what: "preferred or unclean", value: kind.to_string() }),
    };
    Ok(KafkaCommand::ElectLeaders { election, partitions: std::iter::from_fn(|| line.positional()).collect() })
}

/// Without `every` it sends nothing by itself.
fn add_producer(line: &mut Line) -> Result<KafkaCommand, TextError> {
    Ok(KafkaCommand::AddProducer {
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

/// `off` stops it.
fn pace(line: &mut Line) -> Result<KafkaCommand, TextError> {
    let producer = line.name("a producer")?;
    let text = line.name("a time between records, or off")?;
    let interval = match &*text {
        "off" => None,
        other => Some(
            parse_span(other).ok_or_else(|| TextError::Bad { what: "a time such as 100ms", value: other.into() })?,
        ),
    };
    Ok(KafkaCommand::SetInterval { producer, interval })
}

/// All words are names: a question has no options.
fn question(line: &mut Line) -> Result<KafkaCommand, TextError> {
    let words: Vec<Str> = std::iter::from_fn(|| line.positional()).collect();
    let first = words.first().ok_or(TextError::Missing { verb: line.verb, what: "a question" })?;
    let bad = || TextError::Bad { what: "a question", value: first.to_string() };
    crate::ask::read(&words).map(|ask| KafkaCommand::Ask(Box::new(ask))).ok_or_else(bad)
}

/// All words are names here, too.
fn called(line: &mut Line) -> Result<KafkaCommand, TextError> {
    let (verb, name) = (line.verb, line.name("a consumer")?);
    let words: Vec<Str> = std::iter::from_fn(|| line.positional()).collect();
    match call::read(verb, &words) {
        Some(Ok(call)) => Ok(KafkaCommand::Call { name, call }),
        Some(Err(call::Wrong::Missing(what))) => Err(TextError::Missing { verb, what }),
        Some(Err(call::Wrong::Bad(what, value))) => Err(TextError::Bad { what, value: value.to_string() }),
        None => unreachable!("`of_kafka` knows the verbs: {verb}"),
    }
}

/// Topics may have dashes: the last one parts.
fn read(line: &mut Line) -> Result<KafkaCommand, TextError> {
    let text = line.name("a partition such as orders-0")?;
    let parts = text.rsplit_once('-').and_then(|(topic, number)| Some((topic, number.parse().ok()?)));
    let bad = || TextError::Bad { what: "a partition such as orders-0", value: text.to_string() };
    let (topic, partition) = parts.ok_or_else(bad)?;
    Ok(KafkaCommand::Read {
        topic: topic.into(),
        partition,
        from: line.option_number("from", "an offset")?.unwrap_or(0),
    })
}

/// The words behind the verb: names in order, options by name.
struct Line {
    verb: &'static str,
    names: std::collections::VecDeque<String>,
    options: FlatMap<String, String>,
}

impl Line {
    /// Behind `--` all words are names, whatever they look like.
    fn new(verb: &'static str, words: &[String]) -> Line {
        let mut line = Line { verb, names: Default::default(), options: FlatMap::new() };
        let marker = words.iter().position(|word| word == ONLY_NAMES).filter(|at| at + 1 < words.len());
        let (words, only_names) = words.split_at(marker.unwrap_or(words.len()));
        for word in words {
            match option_of(verb, word) {
                Some((name, value)) => drop(line.options.insert(name.to_owned(), value.to_owned())),
                None => line.names.push_back(word.clone()),
            }
        }
        line.names.extend(only_names.iter().skip(1).cloned());
        line
    }

    /// The next name.
    fn positional(&mut self) -> Option<Str> {
        self.names.pop_front().map(Str::from)
    }

    /// The next name, which must be there.
    fn name(&mut self, what: &'static str) -> Result<Str, TextError> {
        self.positional().ok_or(TextError::Missing { verb: self.verb, what })
    }

    /// The next name, which must be a number.
    fn number<T: std::str::FromStr>(&mut self, what: &'static str) -> Result<T, TextError> {
        let text = self.name(what)?;
        text.parse().map_err(|_| TextError::Bad { what, value: text.to_string() })
    }

    /// An API by Kafka's name, in its own spelling whatever case it came in.
    fn api(&mut self) -> Result<Str, TextError> {
        let what = "an API such as Produce or Fetch";
        let text = self.name(what)?;
        let key = api::ApiKey::from_name(&text).ok_or_else(|| TextError::Bad { what, value: text.to_string() })?;
        Ok(key.name().into())
    }

    /// The next name, which must be a time.
    fn length(&mut self) -> Result<u64, TextError> {
        let text = self.name("a time such as 20ms")?;
        parse_span(&text).ok_or_else(|| TextError::Bad { what: "a time such as 20ms", value: text.to_string() })
    }

    /// An option; nobody else takes it then.
    fn take(&mut self, option: &str) -> Option<Str> {
        self.options.remove(option).map(Str::from)
    }

    /// Parted by commas.
    fn list(&mut self, option: &str) -> Vec<Str> {
        self.take(option).map(|text| split(&text)).unwrap_or_default()
    }

    /// An option that must be a number if it is there.
    fn option_number<T: std::str::FromStr>(
        &mut self,
        option: &str,
        what: &'static str,
    ) -> Result<Option<T>, TextError> {
        // Not given.
        let Some(text) = self.take(option) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| TextError::Bad { what, value: text.to_string() })
    }

    /// An option that must be a time if it is there.
    fn span(&mut self, option: &str) -> Result<Option<u64>, TextError> {
        self.take(option).map(|text| span(&text)).transpose()
    }

    /// `1,2,3/2,3,1`: the replicas of partition 0, then of partition 1.
    fn assignments(&mut self) -> Result<Vec<Vec<i32>>, TextError> {
        // The controller places them.
        let Some(text) = self.take("assign") else { return Ok(Vec::new()) };
        let bad = || TextError::Bad { what: "a placement such as 1,2,3/2,3,1", value: text.to_string() };
        let replicas = |part: &str| part.split(',').map(|id| id.parse::<i32>().map_err(|_| bad())).collect();
        text.split('/').map(replicas).collect()
    }

    fn headers(&mut self) -> Result<Seldom<Vec<Named>>, TextError> {
        // Most records have none.
        let Some(text) = self.take("headers") else { return Ok(Seldom::default()) };
        headers(&text).map(Seldom)
    }

    /// `ProducerRecord` takes none before 1970.
    fn timestamp(&mut self) -> Result<Seldom<Option<Timestamp>>, TextError> {
        // Most records have that of their sending.
        let Some(text) = self.take("timestamp") else { return Ok(Seldom::default()) };
        timestamp(&text).map(|at| Seldom(Some(at)))
    }

    /// What is left: Kafka's settings by name.
    fn rest(&mut self) -> FlatMap<Str, Str> {
        let rest = std::mem::take(&mut self.options);
        let plain = |name: String| name.strip_prefix(SETTING).map(Str::from).unwrap_or(name.into());
        rest.into_iter().map(|(name, value)| (plain(name), value.into())).collect()
    }

    /// What nobody took was not understood, and is no command then.
    fn finish(mut self) -> Result<(), TextError> {
        let left = self.names.pop_front().or_else(|| self.options.pop_first().map(|(name, _)| name));
        left.map_or(Ok(()), |word| Err(TextError::Extra { verb: self.verb, word }))
    }
}

/// Name and value of a word that is an option. Kafka's settings may have any name, and the cluster says which it knows;
/// but what somebody sends is no option because an equals sign is in it.
fn option_of<'a>(verb: &str, word: &'a str) -> Option<(&'a str, &'a str)> {
    let takes_settings = ["create-topic", "alter-topic", "add-producer", "add-consumer"].contains(&verb);
    word.split_once('=').filter(|(name, _)| is_option_name(name) || takes_settings)
}

/// Option names are Kafka's or ours: letters, digits, dots and dashes.
fn is_option_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
}

/// A time in nanoseconds.
///
/// # Errors
/// It is none.
pub fn span(text: &str) -> Result<u64, TextError> {
    parse_span(text).ok_or_else(|| TextError::Bad { what: "a time such as 500ms", value: text.to_owned() })
}

/// `a:1,b:2`, as `parse.headers` of Kafka's console producer reads them; a backslash before a comma of the text itself.
///
/// # Errors
/// They are none.
pub fn headers(text: &str) -> Result<Vec<Named>, TextError> {
    named(text).ok_or_else(|| TextError::Bad { what: "headers such as a:1,b:2", value: text.to_owned() })
}

/// Milliseconds since 1970, as `ProducerRecord` takes them.
///
/// # Errors
/// They are none, or before.
pub fn timestamp(text: &str) -> Result<Timestamp, TextError> {
    let at = text.parse().ok().filter(|at: &i64| *at >= 0).map(Timestamp);
    at.ok_or_else(|| TextError::Bad { what: "milliseconds since 1970", value: text.to_owned() })
}

/// Entries between commas; a backslash takes the next character as it is.
fn split(text: &str) -> Vec<Str> {
    let (mut entries, mut entry) = (Vec::new(), String::new());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ',' => entries.push(std::mem::take(&mut entry)),
            '\\' => entry.push(letters.next().unwrap_or(letter)),
            letter => entry.push(letter),
        }
    }
    entries.push(entry);
    entries.into_iter().filter(|entry| !entry.is_empty()).map(Str::from).collect()
}

#[cfg(test)]
mod tests;

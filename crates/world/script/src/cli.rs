//! Kafka's own command lines as commands: the tools of 4.3.0 with their options, and what old
//! tutorials still write, refused with Kafka's words and translated. It knows options, not clusters:
//! what a cluster says to a command comes back from the cluster. Texts: `org.apache.kafka.tools` and
//! joptsimple 5.

mod admin;
mod console;
mod options;
mod print;

pub use console::console_producer;
pub use print::print;

use options::Options;
use sim::{ClusterPlan, Command};

/// Where the printed lines say that the cluster is.
pub const BOOTSTRAP: &str = "broker-1:9092";

/// The same of a further cluster, whose hosts are in its domain.
pub fn server_of(cluster: &str) -> String {
    format!("broker-1.{cluster}:9092")
}

/// Why a line of Kafka's tools is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CliError {
    /// A quotation mark is not closed.
    Quotes,
    /// No tool of Kafka's has that name.
    UnknownTool { name: String, instead: Option<String> },
    /// Kafka's own words, and the line as it is written today where there is one.
    Refused { words: String, instead: Option<String> },
    /// The tool can do it, this page cannot.
    NotHere { tool: &'static str, what: String, instead: Option<String> },
}

impl CliError {
    /// The line to write in its place, if there is one.
    pub fn instead(&self) -> Option<&str> {
        match self {
            CliError::Quotes => None,
            CliError::UnknownTool { instead, .. }
            | CliError::Refused { instead, .. }
            | CliError::NotHere { instead, .. } => instead.as_deref(),
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CliError::Quotes => f.write_str("a quotation mark is not closed"),
            CliError::UnknownTool { name, .. } => write!(f, "{name}: command not found"),
            CliError::Refused { words, .. } => f.write_str(words),
            CliError::NotHere { tool, what, .. } => write!(f, "{tool} {what}: Kafka can, this page cannot"),
        }
    }
}

impl std::error::Error for CliError {}

/// One tool: its name without `.sh`, its options and what it makes of them.
struct Tool {
    name: &'static str,
    options: &'static [(&'static str, options::Takes)],
    run: fn(&Options) -> Result<Command, Refusal>,
}

/// Kafka's scripts that have something to do here.
const TOOLS: &[Tool] = &[
    Tool { name: "kafka-topics", options: admin::TOPICS, run: admin::topics },
    Tool { name: "kafka-configs", options: admin::CONFIGS, run: admin::configs },
    Tool { name: "kafka-leader-election", options: admin::ELECTION, run: admin::election },
    Tool { name: "kafka-console-producer", options: console::PRODUCER, run: console::producer },
    Tool { name: "kafka-console-consumer", options: console::CONSUMER, run: console::consumer },
    Tool { name: "kafka-server-start", options: admin::START, run: admin::server_start },
    Tool { name: "kafka-server-stop", options: admin::STOP, run: admin::server_stop },
];

/// Tools that Kafka has and this page has not.
const ABSENT: &[&str] = &[
    "kafka-acls",
    "kafka-broker-api-versions",
    "kafka-client-metrics",
    "kafka-cluster",
    "kafka-consumer-groups",
    "kafka-consumer-perf-test",
    "kafka-delegation-tokens",
    "kafka-delete-records",
    "kafka-dump-log",
    "kafka-e2e-latency",
    "kafka-features",
    "kafka-get-offsets",
    "kafka-groups",
    "kafka-jmx",
    "kafka-log-dirs",
    "kafka-metadata-quorum",
    "kafka-metadata-shell",
    "kafka-producer-perf-test",
    "kafka-reassign-partitions",
    "kafka-replica-verification",
    "kafka-share-groups",
    "kafka-storage",
    "kafka-streams-groups",
    "kafka-transactions",
    "kafka-verifiable-consumer",
    "kafka-verifiable-producer",
];

/// What a tool has against its options, before anybody has thought of a better line.
pub(crate) enum Refusal {
    /// In Kafka's words.
    Words(String),
    /// In Kafka's words, with the line that does it.
    Better(String, String),
    /// Not built here.
    NotHere(String),
}

/// Does the line call one of Kafka's tools?
pub fn is_kafka(line: &str) -> bool {
    let first = |text: &str| {
        let word = text.split_whitespace().next().unwrap_or_default();
        let name = tool_name(word);
        name.starts_with("kafka-") || name.starts_with("zookeeper-") || name == "connect-standalone"
    };
    let line = without_prompt(line);
    first(line) || line.starts_with("echo ") && line.rsplit_once(" | ").is_some_and(|(_, tool)| first(tool))
}

/// Reads a line of Kafka's tools.
///
/// # Errors
/// Kafka's words and, where it helps, the line as it is written today.
pub fn parse(line: &str) -> Result<Command, CliError> {
    let mut words = shell_words::split(without_prompt(line)).map_err(|_| CliError::Quotes)?;
    let input = piped(&mut words);
    let given = words.first().cloned().unwrap_or_default();
    let name = tool_name(&given);
    let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else { return Err(unknown(&given, name)) };
    let result = Options::read(tool.options, &words[1..], input).and_then(|options| {
        let command = (tool.run)(&options)?;
        Ok(match (command, server(&options).and_then(domain)) {
            (Command::Kafka(None, command), Some(cluster)) => Command::Kafka(Some(cluster.into()), command),
            (command, _) => command,
        })
    });
    result.map_err(|refusal| match refusal {
        Refusal::Words(said) => CliError::Refused { instead: modern(&words), words: said },
        Refusal::Better(said, line) => CliError::Refused { words: said, instead: Some(line) },
        Refusal::NotHere(what) => CliError::NotHere { tool: tool.name, what, instead: None },
    })
}

/// Does the line name a broker of the first cluster, whose hosts have no domain? What it asks for is asked there, whatever
/// else a line without a cluster may mean.
pub fn is_for_first(line: &str) -> bool {
    let words = shell_words::split(without_prompt(line)).unwrap_or_default();
    let mut values = words.iter().map(|word| word.split_once('=').map_or((word.as_str(), None), |(a, b)| (a, Some(b))));
    // Any beginning of an option that could be no other stands for it, as `Options::read` takes it.
    let server = values.find(|(option, _)| option.len() >= SHORTEST && SERVER.starts_with(option));
    let value = server.and_then(|(_, attached)| attached.or_else(|| values.next().map(|(word, _)| word)));
    value.is_some_and(|server| node_of(server) == Some(None))
}

const SERVER: &str = "--bootstrap-server";
/// How much of it must be there: `--br` could be another.
const SHORTEST: usize = "--bo".len();

fn server(options: &Options) -> Option<&str> {
    options.all("bootstrap-server").first().map(String::as_str)
}

/// The cluster in whose domain a server is: `west` of `broker-1.west:9092`. Hosts of other names are anybody's.
fn domain(server: &str) -> Option<&str> {
    node_of(server)?
}

/// The domain of a host that is called as those here are, if it has one.
fn node_of(server: &str) -> Option<Option<&str>> {
    let host = server.split([':', ',']).next()?;
    let (node, domain) = host.split_once('.').map_or((host, None), |(node, domain)| (node, Some(domain)));
    let number = node.strip_prefix("broker-").or_else(|| node.strip_prefix("controller-"))?;
    let is_node = number.parse::<u32>().is_ok() && domain.is_none_or(ClusterPlan::is_name);
    is_node.then_some(domain)
}

/// A script of that name is not understood; perhaps another one was meant.
fn unknown(given: &str, name: &str) -> CliError {
    if let Some(tool) = ABSENT.iter().find(|absent| **absent == name) {
        return CliError::NotHere { tool, what: String::new(), instead: None };
    }
    let instead = (name == "kafka-preferred-replica-election").then(|| {
        format!(
            "kafka-leader-election.sh --bootstrap-server {BOOTSTRAP} --election-type preferred --all-topic-partitions"
        )
    });
    CliError::UnknownTool { name: given.to_owned(), instead }
}

/// `bin/kafka-topics.sh` and `kafka-topics.bat` are `kafka-topics`.
fn tool_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".sh").or_else(|| name.strip_suffix(".bat")).unwrap_or(name)
}

/// Lines are often copied together with what stood before them.
fn without_prompt(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("$ ").map_or(line, str::trim_start)
}

/// Takes `echo TEXT |` from the front, or `<<< TEXT` from the back.
fn piped(words: &mut Vec<String>) -> Option<String> {
    if words.first().is_some_and(|word| word == "echo") {
        let bar = words.iter().position(|word| word == "|")?;
        let text = words.drain(..=bar).collect::<Vec<_>>();
        return Some(text[1..bar].join(" "));
    }
    let at = words.iter().position(|word| word.starts_with("<<<"))?;
    let text = words.split_off(at);
    let attached = text[0][3..].to_owned();
    Some(if attached.is_empty() { text.get(1).cloned().unwrap_or_default() } else { attached })
}

/// A line of an old tutorial as it is written today, if that is all that is wrong with it.
fn modern(words: &[String]) -> Option<String> {
    let old = ["zookeeper", "broker-list", "bootstrap-server"];
    let mut line = vec![words[0].clone(), "--bootstrap-server".to_owned(), BOOTSTRAP.to_owned()];
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        let name = word.trim_start_matches('-');
        let (name, attached) = name.split_once('=').map_or((name, false), |(name, _)| (name, true));
        if word.starts_with("--") && old.contains(&name) {
            if !attached {
                rest.next();
            }
        } else if word != "--new-consumer" {
            line.push(word.clone());
        }
    }
    let text = shell_words::join(&line);
    (line != words && parse(&text).is_ok()).then_some(text)
}

#[cfg(test)]
mod tests;

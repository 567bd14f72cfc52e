//! Kafka's own command lines as commands: the tools of 4.3.0 with their options, and what old
//! tutorials still write, refused with Kafka's words and translated. It knows options, not clusters:
//! what a cluster says to a command comes back from the cluster. Texts: `org.apache.kafka.tools` and
//! joptsimple 5.

mod admin;
mod after;
mod all_groups;
mod argparse;
mod asked;
mod class;
mod complete;
mod configs;
mod console;
mod dump;
mod dumped_json;
mod each;
mod each_topic;
mod election;
mod formatter;
mod groups;
mod groups_told;
mod java;
mod json;
mod kcat;
mod looked;
mod naming;
mod options;
mod output;
mod perf;
mod plan;
mod print;
mod quorum_told;
mod re2;
mod reader;
mod reading;
mod refusal;
mod server;
mod table;
mod told;

pub use complete::{Wanted, options_of, scripts, wanted};
pub use dump::{Dump, listed};
pub use formatter::{Consumed, Ending, Printer};
pub use naming::Known;
pub use output::{FRAMES, Output, Printed, log_time};
pub use perf::Perf;
pub use print::print;
pub use reader::{Input, Reader};

use after::After;
use options::Options;
pub(crate) use output::Fault;
use sim::{ClusterPlan, Command, KafkaCommand, WorldCommand};
use table::{ABSENT, Manner, TOOLS, Tool};

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
    /// Kafka's own words, all that the tool prints, and the line as it is written today where there is one.
    Refused { words: String, printed: Output, instead: Option<String> },
    /// The tool prints something and is done: `--version`, `--help`.
    Told(Output),
    /// The tool asks no cluster but reads files of its nodes: whoever has them prints it.
    Files(Box<Dump>),
    /// The tool can do it, this page cannot.
    NotHere { tool: &'static str, what: String, instead: Option<String> },
}

impl CliError {
    /// The line to write in its place, if there is one.
    pub fn instead(&self) -> Option<&str> {
        match self {
            CliError::Quotes | CliError::Told(_) | CliError::Files(_) => None,
            CliError::UnknownTool { instead, .. }
            | CliError::Refused { instead, .. }
            | CliError::NotHere { instead, .. } => instead.as_deref(),
        }
    }

    /// What the tool itself prints, if it came so far.
    pub fn printed(&self) -> Option<&Output> {
        match self {
            CliError::Refused { printed, .. } | CliError::Told(printed) => Some(printed),
            CliError::Quotes | CliError::UnknownTool { .. } | CliError::Files(_) | CliError::NotHere { .. } => None,
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CliError::Quotes => f.write_str("a quotation mark is not closed"),
            CliError::UnknownTool { name, .. } if name.contains('/') => write!(f, "{name}: No such file or directory"),
            CliError::UnknownTool { name, .. } => write!(f, "{name}: command not found"),
            CliError::Refused { words, .. } => f.write_str(words),
            CliError::Told(output) => match output.lines.first() {
                Some(Printed::Out(text) | Printed::Err(text) | Printed::Log(text)) => f.write_str(text),
                Some(Printed::Options(tool)) => f.write_str(tool),
                None => Ok(()),
            },
            CliError::Files(_) => f.write_str("kafka-dump-log"),
            CliError::NotHere { tool, what, .. } => write!(f, "{tool} {what}: Kafka can, this page cannot"),
        }
    }
}

impl std::error::Error for CliError {}

/// A line that was understood: what it asks for, what it has printed before it asks, and what it makes of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub command: Command,
    /// Warnings that come before anything is asked.
    pub before: Output,
    /// A console consumer prints what it is given.
    pub printer: Option<Printer>,
    /// A console producer reads on.
    pub input: Option<Input>,
    groups: Groups,
    /// A producer is measured.
    pub perf: Option<Perf>,
    /// A node is started or stopped, by its `node.id`.
    node: Option<i32>,
    after: After,
}

/// In which group a console consumer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Groups {
    /// Its command says which, or it is in none.
    Said,
    /// In one that nobody else is in: its line names none.
    OfItsOwn,
}

impl Run {
    /// What the tool prints when the cluster has answered its command, at that time of day; `None`: it says nothing of it.
    pub fn answered(&self, answer: &port::OperatorAnswer, now: base::Timestamp) -> Option<Output> {
        self.after.answered(answer, now)
    }

    /// What the tool asks next, now that it has this answer; most ask but once.
    pub fn next(&self, answer: &port::OperatorAnswer) -> Option<Run> {
        let (command, after) = self.after.next(answer)?;
        let cluster = match &self.command {
            Command::Kafka(cluster, _) => cluster.clone(),
            Command::World(_) | Command::Other(_) => None,
        };
        let command = Command::Kafka(cluster, command);
        Some(Run::plain(command, after))
    }

    fn plain(command: Command, after: After) -> Run {
        let (before, groups) = (Output::default(), Groups::Said);
        Run { command, before, printer: None, input: None, groups, perf: None, node: None, after }
    }

    /// What it prints whatever is answered: warnings, and what ends it where a pipe holds a line that it cannot read.
    pub fn at_once(&self) -> Output {
        let mut output = self.before.clone();
        if let Some(end) = self.input.clone().and_then(|input| input.rest().1) {
            output.lines.extend(end.lines);
            output.exit = end.exit;
        }
        output
    }

    /// Scripts name servers by `node.id`: calls the one that is meant as its cluster does. Is it one?
    pub fn for_node(&mut self, plan: &ClusterPlan) -> bool {
        let found = self.node.and_then(|node| plan.nodes.iter().find(|plan| plan.node == node));
        match (found, &mut self.command) {
            (Some(found), Command::World(WorldCommand::Start { name } | WorldCommand::Stop { name })) => {
                *name = found.name.clone();
                true
            }
            (_, _) => false,
        }
    }

    /// Does the tool say nothing of an answer that is well?
    pub fn is_silent(&self) -> bool {
        matches!(self.after, After::Sent(_))
    }

    /// Does the tool have to see an answer before it knows what it asks for?
    pub fn asks_on(&self) -> bool {
        self.after.asks_on()
    }
}

/// What a tool does with its options, before it is known for which cluster.
pub(crate) struct Begun {
    command: Command,
    before: Output,
    printer: Option<Printer>,
    input: Option<Input>,
    groups: Groups,
    perf: Option<Perf>,
    node: Option<i32>,
    after: After,
}

impl Begun {
    pub(crate) fn new(command: KafkaCommand, after: After) -> Begun {
        Begun { after, ..Begun::from(Command::Kafka(None, command)) }
    }
}

impl Begun {
    pub(crate) fn asking(ask: port::Ask, after: After) -> Begun {
        Begun::new(KafkaCommand::Ask(Box::new(ask)), after)
    }
}

impl From<Command> for Begun {
    fn from(command: Command) -> Begun {
        let Run { command, before, printer, input, groups, perf, node, after } = Run::plain(command, After::Nothing);
        Begun { command, before, printer, input, groups, perf, node, after }
    }
}

/// What a tool has against its options, before anybody has thought of a better line.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The line cannot be read (`OptionParser.parse`).
    Parse(Fault),
    /// A value is wrong; so is found when it is read, or when it is put to use.
    Value(Fault),
    /// What is missing or too much, and the list of options after it.
    Usage(String),
    /// In a few words.
    Words(String),
    /// As the tool prints whatever else ends it before it has asked anything.
    Thrown(Fault),
    /// `printStackTrace` of what ends the tool.
    Ends(Fault),
    /// In a few words, printed in a way of its own.
    Said(String, Output),
    /// The addresses of the servers are none.
    Unconnected(Output),
    /// After the tool has printed something.
    Behind(Output, Box<Refusal>),
    /// As `Usage`, with the line that does it.
    Better(String, String),
    /// The tool prints something and is done.
    Told(Output),
    /// Of files.
    Files(Dump),
    /// Not built here.
    NotHere(String),
}

impl Refusal {
    /// What the tool has printed before stays printed.
    pub(crate) fn behind(self, before: &Output) -> Refusal {
        if before.lines.is_empty() { self } else { Refusal::Behind(before.clone(), Box::new(self)) }
    }
}

/// A refusal in Kafka's words.
pub(crate) fn words<T>(text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Words(text.into()))
}

/// A refusal with the list of options.
pub(crate) fn usage<T>(text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Usage(text.into()))
}

/// Does the line call one of Kafka's tools?
pub fn is_kafka(line: &str) -> bool {
    let first = |text: &str| {
        let word = text.split_whitespace().next().unwrap_or_default();
        let name = tool_name(word);
        name.starts_with("kafka-")
            || name.starts_with("zookeeper-")
            || ["connect-standalone", "kcat", "kafkacat"].contains(&name)
    };
    let line = without_prompt(line);
    let is_fed = FEEDS.contains(&line.split(' ').next().unwrap_or_default());
    first(line) || is_fed && line.rsplit_once(" | ").is_some_and(|(_, tool)| first(tool))
}

/// Reads a line of Kafka's tools for the command that it gives.
///
/// # Errors
/// Kafka's words and, where it helps, the line as it is written today.
pub fn parse(line: &str) -> Result<Command, CliError> {
    run(line).map(|run| run.command)
}

/// Reads a line of Kafka's tools.
///
/// # Errors
/// Kafka's words and, where it helps, the line as it is written today. Also where the tool has nothing to ask.
pub fn run(line: &str) -> Result<Run, CliError> {
    let mut words = shell_words::split(without_prompt(line)).map_err(|_| CliError::Quotes)?;
    if let Some(file) = redirected(line) {
        return Err(no_file(&file));
    }
    let input = piped(&mut words);
    class::by_script(&mut words)?;
    let given = words.first().cloned().unwrap_or_default();
    let name = tool_name(&given);
    let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else { return Err(unknown(&given, name)) };
    let begun = Options::read(tool.options, &words[1..], input).map_err(Refusal::Parse).and_then(|options| {
        tool.help(&options)?;
        let cluster: Option<base::Str> = server(&options).and_then(domain).map(base::Str::from);
        let Begun { command, before, printer, input, groups, perf, node, after } = (tool.run)(&options)?;
        let command = match command {
            Command::Kafka(None, command) => Command::Kafka(cluster.clone(), command),
            command => command,
        };
        let input = input.map(|input| Input { reader: input.reader.in_cluster(cluster), ..input });
        Ok(Run { command, before, printer, input, groups, perf, node, after })
    });
    begun.map_err(|refusal| tool.refuse(refusal, &words))
}

/// Does the line name a broker of the first cluster, whose hosts have no domain? What it asks for is asked there, whatever
/// else a line without a cluster may mean.
pub fn is_for_first(line: &str) -> bool {
    let words = shell_words::split(without_prompt(line)).unwrap_or_default();
    let mut values = words.iter().map(|word| word.split_once('=').map_or((word.as_str(), None), |(a, b)| (a, Some(b))));
    let server = values.find(|(option, _)| [SERVER, "-b"].contains(option));
    let value = server.and_then(|(_, attached)| attached.or_else(|| values.next().map(|(word, _)| word)));
    value.is_some_and(|server| node_of(server) == Some(None))
}

/// Where a line says which cluster it is for.
const SERVER: &str = "--bootstrap-server";

fn server(options: &Options) -> Option<&str> {
    // Some tools read their options by themselves.
    let behind = || options.line.windows(2).find(|pair| pair[0] == SERVER || pair[0] == "-b").map(|pair| &*pair[1]);
    options.all("bootstrap-server").first().copied().or_else(behind)
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
    match name {
        "kafkacat" => "kcat",
        name => name.strip_suffix(".sh").or_else(|| name.strip_suffix(".bat")).unwrap_or(name),
    }
}

/// Lines are often copied together with what stood before them.
fn without_prompt(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("$ ").map_or(line, str::trim_start)
}

/// What tutorials write before a pipe.
const FEEDS: [&str; 3] = ["echo", "printf", "seq"];
/// Lines that `seq` may write.
const LONGEST_SEQ: i64 = 1_000;

/// Takes what comes through a pipe from the front, or `<<< TEXT` from the back.
fn piped(words: &mut Vec<String>) -> Option<String> {
    if words.first().is_some_and(|word| FEEDS.contains(&&**word)) {
        let bar = words.iter().position(|word| word == "|")?;
        let text = words.drain(..=bar).collect::<Vec<_>>();
        return fed(&text[0], &text[1..bar]);
    }
    let at = words.iter().position(|word| word.starts_with("<<<"))?;
    let text = words.split_off(at);
    let attached = text[0][3..].to_owned();
    // The shell ends it with a new line.
    Some(if attached.is_empty() { text.get(1).cloned().unwrap_or_default() } else { attached } + "\n")
}

/// The file of `< FILE`, where no quotation marks stand around it.
fn redirected(line: &str) -> Option<String> {
    let (mut quote, mut letters) = (None, line.char_indices().peekable());
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None | Some('"'), '\\') => drop(letters.next()),
            (None, '<') if line[at..].starts_with("<<") => return None,
            (None, '<') => return shell_words::split(&line[at + 1..]).ok()?.into_iter().next(),
            _part_of_a_word => {}
        }
    }
    None
}

/// There are no files here; the shell does not even start the tool.
fn no_file(file: &str) -> CliError {
    let words = format!("bash: {file}: No such file or directory");
    let mut printed = Output::default();
    printed.err(&*words).exit(1);
    CliError::Refused { words, printed, instead: None }
}

/// What one of [`FEEDS`] writes.
fn fed(feed: &str, words: &[String]) -> Option<String> {
    let escaped = |text: &str| text.replace("\\n", "\n").replace("\\t", "\t");
    match feed {
        "printf" => Some(escaped(words.first()?)),
        "seq" => {
            let numbers: Vec<i64> = words.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
            let (from, to) = match numbers.as_slice() {
                [to] => (1, *to),
                [from, to] => (*from, *to),
                _other => return None,
            };
            let to = to.min(from.saturating_add(LONGEST_SEQ - 1));
            Some((from..=to).map(|number| number.to_string()).collect::<Vec<_>>().join("\n"))
        }
        _echo => {
            let flags = words.iter().take_while(|word| ["-e", "-n", "-en", "-ne"].contains(&&***word)).count();
            let text = words[flags..].join(" ");
            let has = |letter: char| words[..flags].iter().any(|flag| flag.contains(letter));
            let text = if has('e') { escaped(&text) } else { text };
            Some(if has('n') { text } else { text + "\n" })
        }
    }
}

/// A line of an old tutorial as it is written today, if that is all that is wrong with it.
fn modern(words: &[String]) -> Option<String> {
    let old = ["zookeeper", "broker-list", "bootstrap-server"];
    let given = words.iter().find_map(|word| word.strip_prefix(SERVER)?.strip_prefix('=').map(str::to_owned));
    let behind = || words.windows(2).find(|pair| pair[0] == SERVER).map(|pair| pair[1].clone());
    let server = given.or_else(behind).unwrap_or_else(|| BOOTSTRAP.to_owned());
    let mut line = vec![words[0].clone(), SERVER.to_owned(), server];
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
mod kept;
#[cfg(test)]
mod said;
#[cfg(test)]
mod tests;

//! Kafka's own command lines as commands: the tools of 4.3.0 with their options, and what old
//! tutorials still write, refused with Kafka's words and translated. It knows options, not clusters:
//! what a cluster says to a command comes back from the cluster. Texts: `org.apache.kafka.tools` and
//! joptsimple 5.

mod admin;
mod after;
mod all_groups;
mod argparse;
mod asked;
mod begin;
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
pub(crate) mod java;
mod json;
mod kcat;
mod lack;
mod looked;
mod naming;
mod old;
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

pub use complete::{Wanted, options_of, scripts, values_of, wanted};
pub use dump::{Dump, contents, listed};
pub use formatter::{Consumed, Ending, Printer};
pub use lack::Lack;
pub use naming::Known;
pub use output::{FRAMES, Output, Printed, log_time};
pub use perf::Perf;
pub use print::print;
pub use reader::{Input, Reader};

use crate::shell::{self, Pipe, Pipeline, ShellError};
use after::After;
use base::Str;
use old::modern;
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
    /// The line asks the shell for more than it has.
    Shell(ShellError),
    /// No tool of Kafka's has that name.
    UnknownTool { name: String, instead: Option<String> },
    /// Kafka's own words, all that the tool prints, and the line as it is written today where there is one.
    Refused { words: String, printed: Output, instead: Option<String> },
    /// The tool prints something and is done: `--version`, `--help`.
    Told(Output),
    /// The tool asks no cluster but reads files of its nodes: whoever has them prints it.
    Files(Box<Dump>),
    /// The tool can do it, this page cannot.
    NotHere { tool: &'static str, what: String, lack: Lack, instead: Option<String> },
}

impl CliError {
    /// The line to write in its place, if there is one.
    pub fn instead(&self) -> Option<&str> {
        match self {
            CliError::Quotes | CliError::Shell(_) | CliError::Told(_) | CliError::Files(_) => None,
            CliError::UnknownTool { instead, .. }
            | CliError::Refused { instead, .. }
            | CliError::NotHere { instead, .. } => instead.as_deref(),
        }
    }

    /// What the tool prints goes through the pipe behind it; nothing more comes.
    fn through(self, pipe: Pipe) -> CliError {
        match self {
            CliError::Refused { words, printed, instead } => {
                CliError::Refused { words, printed: pipe.all(printed), instead }
            }
            CliError::Told(output) => CliError::Told(pipe.all(output)),
            CliError::Files(dump) => CliError::Files(Box::new(dump.into_pipe(pipe))),
            error @ (CliError::Quotes
            | CliError::Shell(_)
            | CliError::UnknownTool { .. }
            | CliError::NotHere { .. }) => error,
        }
    }

    /// What the tool itself prints, if it came so far.
    pub fn printed(&self) -> Option<&Output> {
        match self {
            CliError::Refused { printed, .. } | CliError::Told(printed) => Some(printed),
            CliError::Quotes
            | CliError::Shell(_)
            | CliError::UnknownTool { .. }
            | CliError::Files(_)
            | CliError::NotHere { .. } => None,
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CliError::Quotes => ShellError::Quotes.fmt(f),
            CliError::Shell(error) => error.fmt(f),
            CliError::UnknownTool { name, .. } if name.contains('/') => write!(f, "{name}: No such file or directory"),
            CliError::UnknownTool { name, .. } => write!(f, "{name}: command not found"),
            CliError::Refused { words, .. } => f.write_str(words),
            CliError::Told(output) => match output.lines.first() {
                Some(Printed::Out(text) | Printed::Err(text) | Printed::Log(text)) => f.write_str(text),
                Some(Printed::Options(tool)) => f.write_str(tool),
                None => Ok(()),
            },
            CliError::Files(_) => f.write_str("kafka-dump-log"),
            CliError::NotHere { tool, what, lack, .. } => {
                let words: Vec<&str> = [*tool, what].into_iter().filter(|part| !part.is_empty()).collect();
                write!(f, "{}: Kafka can, this page cannot", words.join(" "))?;
                if lack.said().is_empty() { Ok(()) } else { write!(f, " ({})", lack.said()) }
            }
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
    /// What its output goes through; whoever prints sends it there.
    pub pipe: Pipe,
    /// Where its client begins, as it was typed, and which tool it is.
    servers: Option<Str>,
    tool: &'static str,
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
        let mut next = Run { pipe: self.pipe.clone(), ..Run::plain(Command::Kafka(cluster, command), after) };
        (next.servers, next.tool) = (self.servers.clone(), self.tool);
        next.begin();
        Some(next)
    }

    fn plain(command: Command, after: After) -> Run {
        let (before, groups) = (Output::default(), Groups::Said);
        let (printer, input, perf, node, servers, tool) = (None, None, None, None, None, "");
        let pipe = Pipe::default();
        Run { command, before, printer, input, groups, perf, node, after, pipe, servers, tool }
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
        let Run { command, before, printer, input, groups, perf, node, after, .. } =
            Run::plain(command, After::Nothing);
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
    /// The same, with more to say.
    Lacking(String, Lack),
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

/// Does the line call one of Kafka's tools, if what it says is taken as a shell's?
pub fn is_kafka(line: &str) -> bool {
    let line = without_prompt(line);
    match shell::steps(line) {
        Ok(steps) => steps.iter().any(|step| is_tool(first_word(&step.pipeline.command))),
        Err(_) => line.split([';', '|', '&']).any(|part| is_tool(first_word(part))),
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Is it a script of Kafka's, or kcat?
pub(crate) fn is_tool(word: &str) -> bool {
    let name = tool_name(word);
    name.starts_with("kafka-") || name.starts_with("zookeeper-") || ["connect-standalone", "kcat"].contains(&name)
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
    let step = shell::only(without_prompt(line)).map_err(|error| match error {
        ShellError::Quotes => CliError::Quotes,
        ShellError::NoFile(file) => no_file(&file),
        error => CliError::Shell(error),
    })?;
    run_step(step.pipeline)
}

/// The same of what a shell has read.
fn run_step(Pipeline { feed: input, command, pipe }: Pipeline) -> Result<Run, CliError> {
    let mut words = shell_words::split(&command).map_err(|_| CliError::Quotes)?;
    class::by_script(&mut words)?;
    let given = words.first().cloned().unwrap_or_default();
    let name = tool_name(&given);
    let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else {
        // A line that only writes has no command.
        return Err(unknown(&given, name, words.get(1..).unwrap_or_default()));
    };
    let begun = Options::read(tool.options, &words[1..], input).map_err(Refusal::Parse).and_then(|options| {
        tool.help(&options)?;
        let (cluster, servers) = (server(&options).and_then(domain).map(Str::from), server(&options).map(Str::from));
        let Begun { command, before, printer, input, groups, perf, node, after } = (tool.run)(&options)?;
        let command = match command {
            Command::Kafka(None, command) => Command::Kafka(cluster.clone(), command),
            command => command,
        };
        let input = input.map(|input| Input { reader: input.reader.in_cluster(cluster), ..input });
        let (pipe, tool) = (Pipe::default(), tool.name);
        Ok(Run { command, before, printer, input, groups, perf, node, after, pipe, servers, tool })
    });
    match begun {
        Ok(run) => Ok(Run { pipe, ..run }),
        Err(refusal) => Err(tool.refuse(refusal, &words).through(pipe)),
    }
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
    let property = || options.line.iter().find_map(|word| word.strip_prefix("bootstrap.servers="));
    options.all("bootstrap-server").first().copied().or_else(behind).or_else(property)
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
fn unknown(given: &str, name: &str, words: &[String]) -> CliError {
    if let Some(tool) = ABSENT.iter().find(|absent| **absent == name) {
        let lack = if *tool == "kafka-storage" { Lack::Formatted } else { Lack::Nothing };
        return CliError::NotHere { tool, what: String::new(), lack, instead: None };
    }
    CliError::UnknownTool { name: given.to_owned(), instead: old::instead(name, words) }
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

/// There are no files here; the shell does not even start the tool.
fn no_file(file: &str) -> CliError {
    let words = format!("bash: {file}: No such file or directory");
    let mut printed = Output::default();
    printed.err(&*words).exit(1);
    CliError::Refused { words, printed, instead: None }
}

#[cfg(test)]
mod kept;
#[cfg(test)]
mod old_lines;
#[cfg(test)]
mod said;
#[cfg(test)]
mod tests;

//! What a half-typed line of Kafka's tools may go on with: tools, their options, and what an option wants named.

use super::{TOOLS, options, tool_name, without_prompt};
use config::Scope;

/// What stands behind an option, as far as a cluster knows names for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Topic,
    Group,
    Anything,
}

/// The tools by their scripts' names.
pub fn scripts() -> impl Iterator<Item = String> {
    TOOLS.iter().filter(|tool| tool.name.starts_with("kafka-")).map(|tool| format!("{}.sh", tool.name))
}

/// The options of the tool that a line calls.
pub fn options_of(line: &str) -> Vec<String> {
    let name = tool_name(without_prompt(line).split_whitespace().next().unwrap_or_default());
    let tool = TOOLS.iter().find(|tool| tool.name == name);
    tool.map(|tool| options::typed(tool.options).collect()).unwrap_or_default()
}

/// The words that the option takes which a line ends with, or settings with their `=`; what has been typed of the word may
/// be a list.
pub fn values_of(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let plain: &[&str] = match words.last().copied().unwrap_or_default() {
        "--entity-type" => {
            &["topics", "brokers", "users", "clients", "ips", "client-metrics", "groups", "broker-loggers"]
        }
        "--election-type" => &["preferred", "unclean"],
        "--time" => &["latest", "earliest", "max-timestamp"],
        "--offset" => &["earliest", "latest"],
        "--isolation-level" => &["read_uncommitted", "read_committed"],
        "--compression-codec" => &["none", "gzip", "snappy", "lz4", "zstd"],
        "--process-role" => &["broker", "controller"],
        "--group-type" => &["classic", "consumer", "share", "streams"],
        "--add-config"
        | "--delete-config"
        | "--config"
        | "--producer-property"
        | "--consumer-property"
        | "--command-property" => return settings_for(&words),
        _other => &[],
    };
    plain.iter().map(|word| (*word).to_owned()).collect()
}

/// Settings of what a line is about.
fn settings_for(words: &[&str]) -> Vec<String> {
    let tool = tool_name(words.first().copied().unwrap_or_default());
    let has = |word: &str| words.contains(&word);
    let scope = match tool {
        "kafka-console-consumer" => Scope::Consumer,
        "kafka-console-producer" | "kafka-producer-perf-test" => Scope::Producer,
        _configs if has("brokers") || has("--broker") || has("--broker-defaults") => Scope::Broker,
        _topics => Scope::Topic,
    };
    let sign = if words.last() == Some(&"--delete-config") { "" } else { "=" };
    config::keys(scope).iter().filter(|key| !key.internal).map(|key| format!("{}{sign}", key.name)).collect()
}

/// What the last whole word of a line asks for.
pub fn wanted(line: &str) -> Wanted {
    match line.split_whitespace().next_back() {
        Some("--topic" | "--topics" | "--topic-list" | "--include" | "--topic-partitions") => Wanted::Topic,
        Some("--group") => Wanted::Group,
        _other => Wanted::Anything,
    }
}

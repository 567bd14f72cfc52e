//! What a half-typed line of Kafka's tools may go on with: tools, their options, and what an option wants named.

use super::{TOOLS, options, tool_name, without_prompt};

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

/// What the last whole word of a line asks for.
pub fn wanted(line: &str) -> Wanted {
    match line.split_whitespace().next_back() {
        Some("--topic" | "--topics" | "--topic-list" | "--include" | "--topic-partitions") => Wanted::Topic,
        Some("--group") => Wanted::Group,
        _other => Wanted::Anything,
    }
}

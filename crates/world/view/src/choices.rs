//! What forms and menus can offer: the names that commands take.

use super::{ProcessId, Str};

/// One process of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeChoice {
    pub process: ProcessId,
    pub name: Str,
    pub running: bool,
    pub is_broker: bool,
    pub is_client: bool,
    pub is_producer: bool,
}

/// Everything that can be named.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Choices {
    /// Topics with their partition counts.
    pub topics: Vec<(String, i32)>,
    pub nodes: Vec<NodeChoice>,
    pub groups: Vec<String>,
    /// Pairs of nodes whose link is cut.
    pub cuts: Vec<(NodeChoice, NodeChoice)>,
    pub next_broker: i32,
}

impl Choices {
    /// A name that nobody has: `billing-4`.
    pub fn free_name(&self, stem: &str) -> String {
        let taken = |name: &str| self.nodes.iter().any(|node| &*node.name == name);
        (1..=u32::MAX).map(|number| format!("{stem}-{number}")).find(|name| !taken(name)).unwrap_or_default()
    }
}

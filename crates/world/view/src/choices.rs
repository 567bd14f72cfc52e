//! What forms and menus can offer: the names that commands take.

use api::MessageKind;
use base::Span;

use super::{ProcessId, Str, Time};
use crate::text::Text;

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

/// What is wrong with one direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTrouble {
    /// Nothing passes.
    Cut,
    /// Nothing passes before this instant.
    Stalled { until: Time },
    /// Everything takes so much longer.
    Delayed { by: Span },
    /// Messages of this API wait.
    Held { api: MessageKind },
    /// So many more messages of this API are lost.
    Lost { api: MessageKind, left: u32 },
}

/// A link with a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFault {
    pub one: NodeChoice,
    pub other: NodeChoice,
    /// From the one to the other, and back.
    pub troubles: [Option<LinkTrouble>; 2],
}

impl LinkFault {
    /// The two ends, the lower number first.
    pub fn ends(&self) -> (ProcessId, ProcessId) {
        (self.one.process, self.other.process)
    }

    /// In the reader's words: a sentence per direction, or one for both.
    pub fn told(&self, text: &Text) -> String {
        let (one, other, words) = (&*self.one.name, &*self.other.name, &text.dialogs);
        match self.troubles {
            [Some(there), Some(back)] if there == back => (words.both_ways)(one, other, &(words.trouble)(there)),
            [there, back] => {
                let there = there.map(|trouble| (words.one_way)(one, other, &(words.trouble)(trouble)));
                let back = back.map(|trouble| (words.one_way)(other, one, &(words.trouble)(trouble)));
                [there, back].into_iter().flatten().collect::<Vec<_>>().join(" · ")
            }
        }
    }
}

/// Everything of a cluster that can be named.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Choices {
    /// What commands for the cluster name; `None`: they mean it anyway.
    pub cluster: Option<Str>,
    /// Topics with their partition counts.
    pub topics: Vec<(String, i32)>,
    pub nodes: Vec<NodeChoice>,
    /// Processes of other clusters: names are the world's.
    pub elsewhere: Vec<NodeChoice>,
    pub groups: Vec<String>,
    /// Links with something wrong in either direction.
    pub faults: Vec<LinkFault>,
    pub next_broker: i32,
}

impl Choices {
    /// What the process is called in commands.
    pub fn name_of(&self, process: ProcessId) -> Option<&Str> {
        let all = self.nodes.iter().chain(&self.elsewhere);
        all.filter(|node| node.process == process).map(|node| &node.name).next()
    }

    /// A name that nobody has: `billing-4`.
    pub fn free_name(&self, stem: &str) -> String {
        let taken = |name: &str| self.nodes.iter().chain(&self.elsewhere).any(|node| &*node.name == name);
        (1..=u32::MAX).map(|number| format!("{stem}-{number}")).find(|name| !taken(name)).unwrap_or_default()
    }
}

//! Names that nobody needs to know: before a link is made, topics, groups, clients, racks and hosts are called by numbers. What
//! was not understood is dropped then, for nobody knows what it says.

use crate::found::{Found, GroupFound, TopicFound};
use base::{FlatMap, Str};

/// New names, each for one old name, in the order in which they are met.
struct Names {
    kind: &'static str,
    known: FlatMap<Str, Str>,
}

impl Names {
    fn new(kind: &'static str) -> Names {
        Names { kind, known: FlatMap::new() }
    }

    fn of(&mut self, name: &Str) -> Str {
        let next = self.known.len() + 1;
        let kind = self.kind;
        self.known.entry(name.clone()).or_insert_with(|| format!("{kind}-{next}").into()).clone()
    }
}

/// Kafka's own topics keep their names.
fn topic(names: &mut Names, name: &Str) -> Str {
    if name.starts_with("__") { name.clone() } else { names.of(name) }
}

impl Found {
    /// The same cluster without a name of its owner's. Numbers of nodes and settings stay: they say what happens.
    #[must_use]
    pub fn anonymised(&self) -> Found {
        let (mut topics, mut racks) = (Names::new("topic"), Names::new("rack"));
        let (mut groups, mut clients) = (Names::new("group"), Names::new("client"));
        let mut found = self.clone();
        let renamed = self.topics.iter().map(|(name, found)| (topic(&mut topics, name), found.clone()));
        found.topics = renamed.collect::<FlatMap<Str, TopicFound>>();
        let mut all: FlatMap<Str, GroupFound> = FlatMap::new();
        for (name, group) in &self.groups {
            let mut new = GroupFound::default();
            for ((name, partition), row) in &group.rows {
                let mut row = row.clone();
                row.member = row.member.map(|(client, id)| (clients.of(&client), clients.of(&id)));
                new.rows.insert((topic(&mut topics, name), *partition), row);
            }
            new.idle = group.idle.iter().map(|client| clients.of(client)).collect();
            all.insert(groups.of(name), new);
        }
        found.groups = all;
        for node in found.nodes.values_mut() {
            node.rack = node.rack.as_ref().map(|rack| racks.of(rack));
            // Whether clients can reach it is what matters of its host.
            node.advertised = node.advertised.take().filter(|at| !sim::NodePlan::leads_to_its_node(&at.host));
            node.file.clear();
        }
        found.notes.retain(|note| !matches!(note, crate::Assumed::InSync(_)));
        found
    }
}

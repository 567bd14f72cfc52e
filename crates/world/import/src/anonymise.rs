//! Names that nobody needs to know: before a link is made, topics, groups, clients, racks and hosts are called by numbers. What
//! was not understood is dropped then, for nobody knows what it says.

use crate::found::{Assumed, Found, GroupFound, TopicFound};
use crate::names::Names;
use base::{Endpoint, FlatMap, Str};
use config::Scope;

impl Found {
    /// The same cluster without a name of its owner's. Numbers of nodes stay, and settings whose values are numbers or words of
    /// Kafka's: they say what happens.
    #[must_use]
    pub fn anonymised(&self) -> Found {
        let mut names = Names::new();
        let mut found = self.clone();
        let mut topic = |(name, found): (&Str, &TopicFound)| {
            let configs = names.settings(Scope::Topic, &found.configs);
            (names.topic(name), TopicFound { configs, ..found.clone() })
        };
        found.topics = self.topics.iter().map(&mut topic).collect();
        let mut all: FlatMap<Str, GroupFound> = FlatMap::new();
        for (name, group) in &self.groups {
            let mut new = GroupFound::default();
            for ((name, partition), row) in &group.rows {
                let mut row = row.clone();
                row.member = row.member.map(|(client, id)| (names.client(&client), names.client(&id)));
                new.rows.insert((names.topic(name), *partition), row);
            }
            new.idle = group.idle.iter().map(|client| names.client(client)).collect();
            all.insert(names.group(name), new);
        }
        found.groups = all;
        found.settings = names.settings(Scope::Broker, &self.settings);
        for node in found.nodes.values_mut() {
            node.settings = names.settings(Scope::Broker, &node.settings);
            node.rack = node.rack.as_ref().map(|rack| names.rack(rack));
            // Whether clients can reach it is what matters of its host.
            let nowhere = node.advertised.take().filter(|at| !sim::NodePlan::leads_to_its_node(&at.host));
            node.advertised = nowhere.map(|at| Endpoint { host: names.host(&at.host), port: at.port });
            node.file.clear();
        }
        found.notes.retain_mut(|note| match note {
            Assumed::Reassigned { topic, .. } => {
                *topic = names.topic(topic);
                true
            }
            // They are told anew of what has new names, or tell what nobody needs to know.
            Assumed::InSync(_) | Assumed::Listener(..) | Assumed::Unset { .. } | Assumed::Renamed { .. } => false,
            _without_names => true,
        });
        found
    }
}

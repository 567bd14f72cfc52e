//! What the headers of a text say of its clusters: of the first, and behind a line `cluster: NAME` of a further one.

use super::Problem;
use super::draft::{SWITCHED, Wrong, bad};
use super::node;
use base::{FlatMap, Str};
use port::Feature;
use sim::{ClusterIndex, ClusterPlan, CommandError, MOST_CLUSTERS, NodePlan};

/// The most nodes of one kind to start with; separate controllers are numbered from 101 on.
const MOST_NODES: i32 = 100;
/// Headers that each cluster has for itself, beside `set`.
const OWN: [&str; 5] = ["brokers", "controllers", "combined", "elr", "racks"];

/// What was read of one cluster so far.
#[derive(Default)]
pub(super) struct ClusterDraft {
    /// What it is called; the first one needs no name.
    name: Str,
    /// The line that begins it.
    line: u32,
    /// With the lines that they stand in.
    headers: FlatMap<String, (u32, String)>,
    /// One by one, where counts do not say it.
    nodes: Vec<(u32, NodePlan)>,
    settings: FlatMap<Str, Str>,
}

/// The first cluster and those that were begun behind it.
#[derive(Default)]
pub(super) struct Clusters {
    pub(super) first: ClusterDraft,
    pub(super) further: Vec<ClusterDraft>,
}

impl Clusters {
    /// The cluster that headers are of.
    pub(super) fn last(&mut self) -> &mut ClusterDraft {
        self.further.last_mut().unwrap_or(&mut self.first)
    }

    /// Begins a further cluster; headers are of that from now on.
    pub(super) fn begin(&mut self, line: u32, name: &str) -> Result<(), Problem> {
        let further = ClusterDraft::named(line, name)?;
        if self.further.iter().any(|other| other.name == further.name) {
            return Err(Problem::Twice(format!("cluster: {name}")));
        }
        // Before anything is built of them: a text may name thousands.
        if self.further.len() as u64 + 1 >= MOST_CLUSTERS {
            let most = CommandError::TooMuch { what: "clusters", limit: MOST_CLUSTERS };
            return Err(Problem::Cluster(most.to_string().into()));
        }
        self.further.push(further);
        Ok(())
    }
}

impl ClusterDraft {
    /// Begins a further cluster.
    pub(super) fn named(line: u32, name: &str) -> Result<ClusterDraft, Problem> {
        if !ClusterPlan::is_name(name) {
            return Err(bad("cluster", name));
        }
        Ok(ClusterDraft { name: name.into(), line, ..ClusterDraft::default() })
    }

    /// Is the header one that each cluster has for itself?
    pub(super) fn takes(name: &str) -> bool {
        OWN.contains(&name) || name == "set" || name == "node"
    }

    pub(super) fn header(&mut self, line: u32, name: &str, value: &str) -> Result<(), Problem> {
        if name == "node" {
            let plan = node::read(value).ok_or_else(|| bad(name, value))?;
            self.nodes.push((line, plan));
            return Ok(());
        }
        if name != "set" {
            let before = self.headers.insert(name.to_owned(), (line, value.to_owned()));
            return before.map_or(Ok(()), |_| Err(Problem::Twice(name.to_owned())));
        }
        let (key, setting) = value.split_once('=').ok_or_else(|| bad(name, value))?;
        self.set(key.trim(), setting.trim())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), Problem> {
        if config::key(config::Scope::Broker, key).is_none() {
            let message = format!("Kafka's servers have no setting '{key}'").into();
            return Err(Problem::Setting { word: key.to_owned(), message });
        }
        let before = self.settings.insert(key.into(), value.into());
        let refused = match config::BrokerConfig::resolve(&self.settings) {
            Err(error) => Some(error.message),
            // Listeners are judged for each node, once all of them are there (`sim::ClusterPlan::listeners_of`).
            Ok(_) if config::LISTENER_SETTINGS.contains(&key) => None,
            Ok(_) => config::not_modelled(config::Scope::Broker, &self.others()).map(|lack| lack.to_string().into()),
        };
        // It may be set.
        let Some(message) = refused else { return Ok(()) };
        // What was refused once is not refused again by the next line.
        match before {
            Some(value) => self.settings.insert(key.into(), value),
            None => self.settings.remove(key),
        };
        Err(Problem::Setting { word: key.to_owned(), message })
    }

    /// What it sets besides listeners.
    fn others(&self) -> config::Overrides {
        let others = self.settings.iter().filter(|(name, _)| !config::LISTENER_SETTINGS.contains(&&***name));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The last line that says what nodes there are; `None`: nothing does.
    pub(super) fn line(&self) -> Option<u32> {
        let named = (self.line > 0).then_some(self.line);
        let nodes = self.nodes.last().map(|(line, _)| *line);
        self.headers.values().map(|(line, _)| *line).chain(nodes).max().or(named)
    }

    /// Adds the settings to a cluster that another text has described.
    pub(super) fn change(self, plan: &mut ClusterPlan) {
        plan.overrides.extend(self.settings);
    }

    /// The cluster that is meant, as far as it could be read.
    pub(super) fn plan(mut self, index: ClusterIndex, wrong: &mut Vec<Wrong>) -> ClusterPlan {
        let listed = std::mem::take(&mut self.nodes);
        let usual = if listed.is_empty() { 3 } else { 0 };
        let combined = self.nodes("combined", 0, wrong);
        let (brokers, controllers) = (self.nodes("brokers", usual, wrong), self.nodes("controllers", usual, wrong));
        let nodes = if combined > 0 { (combined, 0) } else { (brokers, controllers) };
        let mut plan = match index {
            ClusterIndex::FIRST => ClusterPlan::first(nodes.0, nodes.1),
            ClusterIndex(_) => ClusterPlan::further(&self.name, nodes.0, nodes.1),
        };
        if combined > 0 {
            plan = plan.combined();
        }
        plan.nodes.extend(listed.into_iter().map(|(_, node)| node));
        let elr = |value: &str| SWITCHED.into_iter().find(|known| *known == value);
        if self.take("elr", elr, wrong) == Some("off") {
            plan.features.remove(&Feature::EligibleLeaderReplicas);
        }
        self.racks(&mut plan, wrong);
        plan.overrides = self.settings;
        plan
    }

    fn take<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, wrong: &mut Vec<Wrong>) -> Option<T> {
        let (line, value) = self.headers.remove(name)?;
        let taken = read(&value);
        if taken.is_none() {
            wrong.push(Wrong { line, at: 0, problem: bad(name, &value) });
        }
        taken
    }

    fn nodes(&mut self, name: &str, otherwise: i32, wrong: &mut Vec<Wrong>) -> i32 {
        let count = |value: &str| value.parse().ok().filter(|count| (0..=MOST_NODES).contains(count));
        self.take(name, count, wrong).unwrap_or(otherwise)
    }

    /// `racks: a,b,c` deals the brokers out, the first of them to the first rack.
    fn racks(&mut self, plan: &mut ClusterPlan, wrong: &mut Vec<Wrong>) {
        let read = |value: &str| {
            let racks: Vec<Str> = value.split(',').map(|rack| rack.trim().into()).collect();
            (!racks.iter().any(|rack| rack.is_empty())).then_some(racks)
        };
        // No racks, or wrong ones, which `take` has noted.
        let Some(racks) = self.take("racks", read, wrong) else { return };
        deal(plan, &racks);
    }
}

/// Racks in turn, as many brokers to each.
pub(super) fn deal(plan: &mut ClusterPlan, racks: &[Str]) {
    let brokers = plan.nodes.iter().filter(|plan| plan.roles.is_broker()).count();
    let each = brokers.div_ceil(racks.len().max(1)).max(1);
    let named = plan.nodes.iter_mut().filter(|plan| plan.roles.is_broker()).enumerate();
    named.for_each(|(index, plan)| plan.rack = racks.get(index / each).cloned());
}

//! A scenario as a text that [`Scenario::parse`] reads back with the same cluster, seed and commands. What one line
//! cannot spell (a name with a line break in it, a cluster that no header makes) is an error in words: nothing is lost
//! in silence, because the text is read again before anybody gets it.

use super::clusters::deal;
use super::{Scenario, node};
use crate::{print, span_text};
use base::Str;
use port::{Feature, Roles};
use sim::{ClusterIndex, ClusterPlan, Setup};
use std::fmt::Write as _;

/// Why a scenario has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unspelled {
    /// No header makes such a cluster.
    Cluster,
    /// The command with that index (from 0) does not fit into one line.
    Command(usize),
    /// A title, another header or a `see` line.
    Words,
}

impl std::fmt::Display for Unspelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unspelled::Cluster => f.write_str("no header makes such a cluster"),
            Unspelled::Command(index) => write!(f, "command {} does not fit into one line", index + 1),
            Unspelled::Words => f.write_str("a title or a look does not fit into one line"),
        }
    }
}

impl std::error::Error for Unspelled {}

impl Scenario {
    /// The text: headers, then everything at its instant. It has been read again.
    ///
    /// # Errors
    /// What one line cannot spell.
    pub fn text(&self) -> Result<String, Unspelled> {
        let mut text = String::new();
        let scene = self.head(&mut text);
        self.body(&mut text, scene);
        self.compare(Scenario::parse(&text).ok()).map(|()| text)
    }

    /// Headers; how many of the commands the scene among them stands for.
    fn head(&self, text: &mut String) -> usize {
        text.push_str("blumfeld 1\n");
        if !self.title.is_empty() {
            line(text, "title", &self.title);
        }
        self.headers.iter().for_each(|(name, value)| line(text, name, value));
        let scene = self.scene();
        match &scene {
            Some((id, _)) => line(text, "scene", id),
            None => clusters(text, &self.setup),
        }
        line(text, "seed", &self.seed.to_string());
        line(text, "open", &span_text(self.opens_at.0));
        scene.map_or(0, |(_, commands)| commands)
    }

    /// The built-in scenario that this one goes on from, and how many commands it brings.
    fn scene(&self) -> Option<(&'static str, usize)> {
        let same = |id: &&'static str| {
            let scene = Scenario::builtin(id)?;
            (scene.setup == self.setup && self.commands.starts_with(&scene.commands)).then_some(scene.commands.len())
        };
        Scenario::builtins().find_map(|id| Some((id, same(&id)?)))
    }

    fn body(&self, text: &mut String, scene: usize) {
        let mut stops = self.stops(scene).into_iter().peekable();
        for (index, placed) in self.commands.iter().enumerate().skip(scene) {
            while let Some((at, _, what)) = stops.next_if(|(_, after, _)| *after <= index) {
                act(text, at, &what);
            }
            if !self.is_typed(index) {
                act(text, placed.after.0, &print(&placed.command));
            }
        }
        stops.for_each(|(at, _, what)| act(text, at, &what));
        act(text, self.ends_at.0, "");
    }

    /// Looks and marks behind so many commands, in the order in which they were written: instant, commands before it, words.
    fn stops(&self, scene: usize) -> Vec<(u64, usize, String)> {
        let look = |see: &super::See| {
            let verb = if see.text == "remember" { "" } else { "see " };
            (see.line, (see.at.0, see.after_commands, format!("{verb}{}", see.text)))
        };
        let mark = |mark: &super::Mark| (mark.line, (mark.at.0, mark.after_commands, format!("mark {}", mark.name)));
        let typed = |typed: &super::Typed| (typed.line, (typed.at.0, typed.after_commands, typed.text.clone()));
        let all = self.sees.iter().map(look).chain(self.marks.iter().map(mark)).chain(self.typed.iter().map(typed));
        let mut stops: Vec<(u32, (u64, usize, String))> = all.collect();
        base::sort_by(&mut stops, |(line, (at, after, _)), (other, (other_at, other_after, _))| {
            (after, at, line).cmp(&(other_after, other_at, other))
        });
        stops.into_iter().map(|(_, stop)| stop).filter(|(_, after, _)| *after >= scene).collect()
    }

    /// Does a line of a tool stand for that command?
    fn is_typed(&self, index: usize) -> bool {
        let is_its = |typed: &super::Typed| (typed.after_commands..typed.until_commands).contains(&index);
        self.typed.iter().any(is_its)
    }

    /// Is it what was read again?
    fn compare(&self, read: Option<Scenario>) -> Result<(), Unspelled> {
        let plain = |scenario: &Scenario| -> Vec<(u64, usize, String)> {
            scenario.sees.iter().map(|see| (see.at.0, see.after_commands, see.text.clone())).collect()
        };
        let Some(read) = read else { return Err(self.unreadable()) };
        if (read.seed, &read.setup) != (self.seed, &self.setup) {
            return Err(Unspelled::Cluster);
        }
        if read.commands != self.commands {
            let same = read.commands.iter().zip(&self.commands).take_while(|(read, own)| read == own).count();
            return Err(Unspelled::Command(same));
        }
        let marks = |scenario: &Scenario| -> Vec<(base::Str, u64, usize)> {
            scenario.marks.iter().map(|mark| (mark.name.clone(), mark.at.0, mark.after_commands)).collect()
        };
        let words = |scenario: &Scenario| (plain(scenario), marks(scenario));
        let same = (&read.title, &read.headers, read.opens_at) == (&self.title, &self.headers, self.opens_at);
        if same && words(&read) == words(self) { Ok(()) } else { Err(Unspelled::Words) }
    }

    /// Which part of a text that cannot be read at all is to blame.
    fn unreadable(&self) -> Unspelled {
        let mut head = String::new();
        clusters(&mut head, &self.setup);
        if self.scene().is_none() && Scenario::parse(&head).is_err() {
            return Unspelled::Cluster;
        }
        let alone = |placed: &crate::PlacedCommand| {
            let line = print(&placed.command);
            crate::parse(&line).as_ref() != Ok(&placed.command) || line.contains('\n')
        };
        self.commands.iter().position(alone).map_or(Unspelled::Words, Unspelled::Command)
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _cannot_fail = writeln!(text, "{name}: {value}");
}

fn act(text: &mut String, at: u64, what: &str) {
    let space = if what.is_empty() { "" } else { " " };
    let _cannot_fail = writeln!(text, "@{}{space}{what}", span_text(at));
}

/// The headers of all clusters; what they lack is found when the text is read again.
fn clusters(text: &mut String, setup: &Setup) {
    for (index, plan) in setup.clusters() {
        if index != ClusterIndex::FIRST {
            line(text, "cluster", &plan.cluster_id);
        }
        nodes(text, index, plan);
        if index == ClusterIndex::FIRST {
            network(text, setup);
        }
        plan.overrides.iter().for_each(|(name, value)| line(text, "set", &format!("{name}={value}")));
    }
}

fn network(text: &mut String, setup: &Setup) {
    let usual = sim::NetworkSetup::default();
    if setup.network.latency != usual.latency {
        line(text, "latency", &span_text(setup.network.latency.0));
    }
    if setup.network.jitter != usual.jitter {
        line(text, "jitter", &span_text(setup.network.jitter.0));
    }
}

/// Counts where they say it, a line for each node otherwise.
fn nodes(text: &mut String, index: ClusterIndex, plan: &ClusterPlan) {
    let racks = racks(plan);
    if is_usual(index, plan, &racks) {
        counts(text, plan);
        if !racks.is_empty() {
            line(text, "racks", &racks.join(","));
        }
    } else {
        plan.nodes.iter().for_each(|plan| line(text, "node", &node::print(plan)));
    }
    if !plan.features.contains(&Feature::EligibleLeaderReplicas) {
        line(text, "elr", "off");
    }
}

fn count(plan: &ClusterPlan, roles: Roles) -> usize {
    plan.nodes.iter().filter(|plan| plan.roles == roles).count()
}

/// Are these the nodes that the counts make?
fn is_usual(index: ClusterIndex, plan: &ClusterPlan, racks: &[Str]) -> bool {
    let [combined, brokers, controllers] =
        [Roles::Combined, Roles::Broker, Roles::Controller].map(|roles| count(plan, roles) as i32);
    let nodes = if combined > 0 { (combined, 0) } else { (brokers, controllers) };
    let mut usual = match index {
        ClusterIndex::FIRST => ClusterPlan::first(nodes.0, nodes.1),
        ClusterIndex(_) => ClusterPlan::further(&plan.cluster_id, nodes.0, nodes.1),
    };
    if combined > 0 {
        usual = usual.combined();
    }
    if !racks.is_empty() {
        deal(&mut usual, racks);
    }
    usual.nodes == plan.nodes
}

fn counts(text: &mut String, plan: &ClusterPlan) {
    match count(plan, Roles::Combined) {
        0 => {
            line(text, "brokers", &count(plan, Roles::Broker).to_string());
            line(text, "controllers", &count(plan, Roles::Controller).to_string());
        }
        combined => line(text, "combined", &combined.to_string()),
    }
}

/// Racks in the order of brokers.
fn racks(plan: &ClusterPlan) -> Vec<Str> {
    let brokers = plan.nodes.iter().filter(|plan| plan.roles.is_broker());
    let mut racks: Vec<Str> = brokers.filter_map(|plan| plan.rack.clone()).collect();
    racks.dedup();
    racks
}

//! One's own cluster for its page (`www/own`): texts of tools and files in, the run that stands in that state out, with a
//! sentence for every line; and what a run comes to as files for a real Kafka.

use crate::given;
use base::{BrokerId, FlatMap};
use import::export::Run;
use import::{Answer, Found, Naming, Trial, import_answered, state};
use play::Player;
use port::Roles;
use script::describe::TopicDescription;
use script::{Mistake, Scenario};
use serde::Serialize;
use sim::{Cluster, ClusterIndex, ClusterPlan, NodePlan};
use view::importing::{Offer, ReportKind, ReportLine, report_lines, unreached_lines};
use view::program::Impossible;
use view::text::Language;

/// Events that a trial may take: a few seconds in a worker.
const MOST_EVENTS: u64 = 1_500_000;

/// What came of the texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// The run as a text; none where the cluster cannot be started.
    pub text: Option<String>,
    pub lines: Vec<OwnLine>,
    pub nodes: Vec<OwnNode>,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnLine {
    /// `sum`, `kept`, `assumed`, `unreached`, `refused`.
    pub kind: &'static str,
    pub line: Option<u32>,
    pub said: String,
    /// Buttons beside an assumption.
    pub offers: Vec<OwnOffer>,
}

/// What a person might say instead of an assumption, or take back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnOffer {
    /// On the button.
    pub said: String,
    /// What comes with the texts then, or no longer.
    pub answer: String,
}

/// A node of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnNode {
    pub name: String,
    pub roles: &'static str,
    pub rack: Option<String>,
    /// Where the run opens. A cluster that cannot be started has no node that is up.
    pub up: bool,
    /// Its copies, by topic and partition.
    pub copies: Vec<OwnCopy>,
}

/// A copy on a broker, as the controllers have agreed on it where the run opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnCopy {
    pub partition: String,
    pub leads: bool,
    #[serde(rename = "inSync")]
    pub in_sync: bool,
    /// Of the partition, as it is printed.
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
}

/// A file for a real Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnFile {
    pub name: String,
    pub text: String,
}

fn told(line: ReportLine) -> OwnLine {
    let kind = match line.kind {
        ReportKind::Sum => "sum",
        ReportKind::Kept => "kept",
        ReportKind::Assumed => "assumed",
        ReportKind::Unreached => "unreached",
        ReportKind::Refused => "refused",
    };
    let file = if line.file.is_empty() { String::new() } else { format!("{}: ", line.file) };
    let offer = |offer: Offer| OwnOffer { said: offer.words, answer: offer.answer.to_string() };
    OwnLine { kind, line: line.line, said: file + &line.words, offers: line.offers.into_iter().map(offer).collect() }
}

/// What a node has.
fn copies(topics: &[TopicDescription], node: i32) -> Vec<OwnCopy> {
    let mut copies = Vec::new();
    for topic in topics {
        let own = topic.partitions.iter().filter(|partition| partition.replicas.contains(&node));
        copies.extend(own.map(|partition| OwnCopy {
            partition: format!("{}-{}", topic.name, partition.partition),
            leads: partition.leader == Some(node),
            in_sync: partition.isr.contains(&node),
            replicas: partition.replicas.clone(),
            isr: partition.isr.clone(),
        }));
    }
    copies
}

/// What was given, and what a person says where it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Each with its name.
    pub texts: &'a [(String, String)],
    pub title: &'a str,
    pub naming: Naming,
    pub answers: &'a [Answer],
}

/// Reads texts of one cluster, and tries whether the run leads to their state.
pub fn import(given: &Given<'_>, language: Language) -> Own {
    let named = given.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let imported = import_answered(named, given.title, given.naming, given.answers);
    let mut lines = report_lines(&imported.report, language);
    let refused = |words: String| ReportLine {
        kind: ReportKind::Refused,
        file: String::new(),
        line: None,
        words,
        offers: Vec::new(),
    };
    let mut trial = None;
    let text = match (imported.scenario.setup.check(), imported.scenario.text()) {
        (Err(why), _) => {
            lines.push(refused((language.text().refusal.of_world)(&why)));
            None
        }
        (Ok(()), Err(why)) => {
            lines.push(refused(why.to_string()));
            None
        }
        (Ok(()), Ok(text)) => {
            let tried = trial.insert(Trial::new(&imported.scenario, MOST_EVENTS));
            while tried.go(MOST_EVENTS) {}
            lines.extend(unreached_lines(&tried.unreached(), language));
            Some(text)
        }
    };
    let player = trial.as_ref().and_then(Trial::player);
    let stands = player.and_then(|player| player.world.cluster(ClusterIndex::FIRST));
    Own { text, lines: lines.into_iter().map(told).collect(), nodes: nodes(&imported.plan.cluster, stands.as_ref()) }
}

/// The nodes of a run's cluster where it opens.
///
/// # Errors
/// The text's first mistake.
pub fn stand(text: &str) -> Result<Vec<OwnNode>, Impossible> {
    let player = played(given::scenario(text, &[])?)?;
    let Some(cluster) = player.world.cluster(ClusterIndex::FIRST) else { return Ok(Vec::new()) };
    Ok(nodes(cluster.plan(), Some(&cluster)))
}

fn played(scenario: Scenario) -> Result<Player, Impossible> {
    let mistaken = |first: Mistake| Impossible::Text { first: Box::new(first), count: 1 };
    Ok(Player::new(scenario).map_err(mistaken)?.to_end())
}

/// Planned nodes, and how they stand if they do.
fn nodes(plan: &ClusterPlan, stands: Option<&Cluster<'_>>) -> Vec<OwnNode> {
    let topics = stands.map(state::topics).unwrap_or_default();
    let is_up = |node: i32| {
        let slot = stands.and_then(|cluster| cluster.node(BrokerId(node)));
        slot.is_some_and(|slot| slot.liveness.is_up())
    };
    let node = |plan: &NodePlan| OwnNode {
        name: plan.name.to_string(),
        roles: match plan.roles {
            Roles::Broker => "broker",
            Roles::Controller => "controller",
            Roles::Combined => "broker,controller",
        },
        rack: plan.rack.as_ref().map(ToString::to_string),
        up: is_up(plan.node),
        copies: copies(&topics, plan.node),
    };
    plan.nodes.iter().map(node).collect()
}

/// Files of nodes as somebody gave them.
fn given_files(texts: &[(String, String)]) -> FlatMap<i32, Vec<String>> {
    let mut found = Found::default();
    texts.iter().for_each(|(name, text)| drop(import::read(&mut found, name, text)));
    found.nodes.into_iter().map(|(id, node)| (id, node.file)).filter(|(_, file)| !file.is_empty()).collect()
}

/// What a text's run comes to, as files: told as Kafka's tools tell it, and what a real Kafka needs to repeat it.
///
/// # Errors
/// The text's first mistake.
pub fn files(text: &str, given: &[(String, String)], naming: Naming) -> Result<Vec<OwnFile>, Impossible> {
    let scenario = given::scenario(text, &[])?;
    let commands = scenario.commands.clone();
    let player = played(scenario)?;
    let Some(cluster) = player.world.cluster(ClusterIndex::FIRST) else { return Ok(Vec::new()) };
    let run = Run { files: given_files(given), ..Run::of(&cluster, commands) };
    let run = match naming {
        Naming::AsGiven => run,
        Naming::Neutral => run.neutral(),
    };
    Ok(run.written().into_iter().map(|file| OwnFile { name: file.name, text: file.text }).collect())
}

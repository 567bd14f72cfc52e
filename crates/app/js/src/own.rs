//! One's own cluster for its page (`www/own`): texts of tools and files in, the run that stands in that state out, with a
//! sentence for every line; and what a run comes to as files for a real Kafka.

use crate::given;
use base::FlatMap;
use import::{Naming, Trial, export, import_named, state};
use play::Player;
use port::Roles;
use script::Mistake;
use serde::Serialize;
use sim::ClusterIndex;
use view::importing::{ReportKind, ReportLine, report_lines, unreached_lines};
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
}

/// A node of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnNode {
    pub name: String,
    pub roles: &'static str,
    pub rack: Option<String>,
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
    OwnLine { kind, line: line.line, said: file + &line.words }
}

/// Reads texts of one cluster, each with its name, and tries whether the run leads to their state.
pub fn import(texts: &[(String, String)], title: &str, naming: Naming, language: Language) -> Own {
    let named = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let imported = import_named(named, title, naming);
    let mut lines = report_lines(&imported.report, language);
    let refused = |words: String| ReportLine { kind: ReportKind::Refused, file: String::new(), line: None, words };
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
            let mut trial = Trial::new(&imported.scenario, MOST_EVENTS);
            while trial.go(MOST_EVENTS) {}
            lines.extend(unreached_lines(&trial.unreached(), language));
            Some(text)
        }
    };
    let nodes = imported.plan.cluster.nodes.iter().map(|plan| OwnNode {
        name: plan.name.to_string(),
        roles: match plan.roles {
            Roles::Broker => "broker",
            Roles::Controller => "controller",
            Roles::Combined => "broker,controller",
        },
        rack: plan.rack.as_ref().map(ToString::to_string),
    });
    Own { text, lines: lines.into_iter().map(told).collect(), nodes: nodes.collect() }
}

/// What a text's run comes to, as files: told as Kafka's tools tell it, and what a real Kafka needs to repeat it.
///
/// # Errors
/// The text's first mistake.
pub fn files(text: &str) -> Result<Vec<OwnFile>, Impossible> {
    let scenario = given::scenario(text, &[])?;
    let commands = scenario.commands.clone();
    let mistaken = |first: Mistake| Impossible::Text { first: Box::new(first), count: 1 };
    let player = Player::new(scenario).map_err(mistaken)?.to_end();
    let Some(cluster) = player.world.cluster(ClusterIndex::FIRST) else { return Ok(Vec::new()) };
    let plan = cluster.plan();
    let mut files = vec![export::Exported { name: "described.txt".to_owned(), text: state::described(&cluster) }];
    files.push(export::reassignment(&state::topics(&cluster)));
    files.push(export::compose(plan));
    files.push(export::script(plan, &commands));
    files.extend(export::properties(plan, &FlatMap::new()));
    Ok(files.into_iter().map(|file| OwnFile { name: file.name, text: file.text }).collect())
}

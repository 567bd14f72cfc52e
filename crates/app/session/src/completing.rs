//! What the terminal's Tab makes of a line: the line as far as it is clear, and else what it could go on with.

use lab::journal;
use script::cli;
use script::text::{IN, VERBS, takes_cluster};
use view::picture;

use crate::terminal::{QUESTIONS, TIME};
use crate::{LineKind, Session, TerminalLine};

/// Offers that are listed.
const LISTED: usize = 60;

/// A line after Tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    /// The line as far as all offers agree.
    pub text: String,
    /// The last words of the offers, where there are several and they agree in no more than what is there.
    pub listed: Vec<String>,
}

impl Completed {
    fn of(line: &str, offers: &[String]) -> Completed {
        let common = common_start(offers).filter(|common| common.len() > line.len() || offers.len() == 1);
        let is_open = common.is_none() && offers.len() > 1;
        let word = |offer: &String| offer.trim_end().rsplit(' ').next().unwrap_or_default().to_owned();
        let mut listed: Vec<String> = offers.iter().filter(|_| is_open).map(word).collect();
        base::sort_by(&mut listed, Ord::cmp);
        listed.dedup();
        let more = listed.len().saturating_sub(LISTED);
        listed.truncate(LISTED);
        listed.extend((more > 0).then(|| format!("… +{more}")));
        Completed { text: common.unwrap_or_else(|| line.to_owned()), listed }
    }

    /// As a shell shows them.
    pub fn lines(&self) -> Vec<TerminalLine> {
        let prompt = TerminalLine { kind: LineKind::Prompt, text: format!("$ {}", self.text) };
        let listed = TerminalLine { kind: LineKind::Comment, text: self.listed.join("  ") };
        vec![prompt, listed]
    }
}

/// Does the line name a store outside Kafka next?
fn is_of_store(head: &str) -> bool {
    VERBS.iter().any(|(verb, form)| *verb == head && form.split(' ').nth(1) == Some("STORE"))
}

/// What all offers start with.
fn common_start(offers: &[String]) -> Option<String> {
    let first = offers.first()?;
    let shared = |other: &String| first.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let length = offers.iter().map(shared).min()?;
    Some(first.chars().take(length).collect())
}

impl Session {
    /// What Tab makes of a line. Behind a sign of the shell the last command counts.
    pub fn completed(&self, line: &str) -> Completed {
        let from = line.rfind(['|', ';', '&']).map_or(0, |at| at + 1);
        let from = line.len() - line[from..].trim_start().len();
        let (before, own) = line.split_at(from);
        let offers: Vec<String> = self.complete(own).into_iter().map(|offer| format!("{before}{offer}")).collect();
        Completed::of(line, &offers)
    }

    /// Files and nodes, where the shell's few words stand; `None`: another word stands there.
    fn shell_words(&self, head: &str, last: &str) -> Option<Vec<String>> {
        let first = head.split_whitespace().next()?;
        let offers: Vec<String> = match first {
            "cat" | "tail" | "head" | "grep" | "wc" | "ls" => self.files(last),
            "kill" | "start" | "stop" | "pause" | "resume" | "power-off" => {
                let choices = picture::choices(self.cluster());
                let is_meant = |node: &&view::NodeChoice| {
                    !last.is_empty() && node.is_broker && format!("broker-{}", node.name).starts_with(last)
                };
                choices.nodes.iter().filter(is_meant).map(|node| node.name.to_string()).collect()
            }
            _other => return None,
        };
        (!offers.is_empty()).then(|| offers.into_iter().map(|offer| format!("{head} {offer}")).collect())
    }

    /// A beginning of a line of Kafka's tools, for the cluster that is shown.
    pub(super) fn spelled(&self, line: &str) -> String {
        let cluster = self.cluster().command_name();
        cluster.map_or_else(|| line.to_owned(), |name| line.replacen(cli::BOOTSTRAP, &cli::server_of(&name), 1))
    }

    /// What a line may begin with.
    fn first_words(&self, begun: &str) -> Vec<String> {
        let verbs = VERBS.iter().map(|(verb, _)| format!("{verb} "));
        let others = TIME.iter().chain(&QUESTIONS).map(|word| (*word).to_owned());
        let several = self.has_several_clusters().then(|| format!("{IN} "));
        let tools =
            cli::scripts().map(|script| self.spelled(&format!("{script} --bootstrap-server {} ", cli::BOOTSTRAP)));
        let all = verbs.chain(others).chain(several).chain(tools);
        all.filter(|offer| offer.starts_with(begun)).collect()
    }

    /// The cluster that a line is for, or, where that is still being said, what it may be and what may be asked of it:
    /// `in west create-topic`.
    fn of_cluster(&self, head: &str, last: &str) -> Result<sim::Cluster<'_>, Vec<String>> {
        let Some(rest) = head.strip_prefix(IN).filter(|rest| rest.is_empty() || rest.starts_with(' ')) else {
            return Ok(self.cluster());
        };
        let world = &self.lab.run().world;
        let mut words = rest.split_whitespace();
        let Some(name) = words.next() else {
            let names = world.clusters().map(|cluster| cluster.plan().cluster_id.to_string());
            return Err(names.filter(|name| name.starts_with(last)).map(|name| format!("{head} {name} ")).collect());
        };
        if words.next().is_none() {
            let asked =
                VERBS.iter().map(|(verb, _)| *verb).filter(|verb| takes_cluster(verb) && verb.starts_with(last));
            return Err(asked.map(|verb| format!("{head} {verb} ")).collect());
        }
        Ok(world.clusters().find(|cluster| *cluster.plan().cluster_id == *name).unwrap_or_else(|| self.cluster()))
    }

    /// What the terminal's Tab offers for a line.
    pub fn complete(&self, line: &str) -> Vec<String> {
        if self.reads_input() {
            return Vec::new();
        }
        let (head, last) = line.rsplit_once(' ').map_or(("", line), |(head, last)| (head, last));
        if head.is_empty() {
            return self.first_words(last);
        }
        if head.split_whitespace().next() == Some("meters") {
            return Session::meter_words(head, last);
        }
        if matches!(head.split_whitespace().next(), Some("journal" | "frame")) {
            return self.journal_words(last).into_iter().map(|word| format!("{head} {word}")).collect();
        }
        let cluster = match self.of_cluster(head, last) {
            Ok(cluster) => cluster,
            Err(offers) => return offers,
        };
        if last.starts_with('-') && cli::is_kafka(head) {
            let options = cli::options_of(head).into_iter().filter(|option| option.starts_with(last));
            return options.map(|option| format!("{head} {option}")).collect();
        }
        let choices = picture::choices(cluster);
        let nodes = choices.nodes.iter().map(|node| node.name.to_string());
        let topics = choices.topics.iter().map(|(name, _)| name.clone());
        let groups = choices.groups.iter().cloned();
        let names: Vec<String> = match cli::wanted(head) {
            cli::Wanted::Topic => topics.collect(),
            cli::Wanted::Group => groups.collect(),
            cli::Wanted::Anything if is_of_store(head) => picture::store_names(&self.lab.run().world),
            cli::Wanted::Anything => nodes.chain(topics).chain(groups).collect(),
        };
        if let Some(offers) = self.shell_words(head, last) {
            return offers;
        }
        let behind = last.rfind([',', '[']).map_or(0, |at| at + 1);
        let (kept, begun) = last.split_at(behind);
        let values = cli::values_of(head).into_iter().filter(|value| cli::is_kafka(head) && value.starts_with(begun));
        let values: Vec<String> = values.map(|value| format!("{head} {kept}{value}")).collect();
        if !values.is_empty() {
            return values;
        }
        let names = names.into_iter().filter(|name| name.starts_with(last));
        // All of them at once would be a page of its own.
        let settings = if last.is_empty() { Vec::new() } else { script::scenario::settings(line) };
        names.chain(settings).map(|name| format!("{head} {name}")).collect()
    }
}

impl Session {
    /// Filters of a journal that begin so.
    fn journal_words(&self, begun: &str) -> Vec<String> {
        if let Some(name) = begun.strip_prefix("api=") {
            let name = name.to_ascii_lowercase();
            let known = journal::api_names().filter(|api| api.to_ascii_lowercase().starts_with(&name));
            return known.map(|api| format!("api={api}")).collect();
        }
        if let Some(name) = begun.strip_prefix("node=") {
            let slots = self.lab.run().world.slots().filter(|slot| slot.name.starts_with(name));
            return slots.map(|slot| format!("node={}", slot.name)).collect();
        }
        if let Some(name) = begun.strip_prefix("cluster=") {
            let clusters = self.lab.run().world.clusters().map(|cluster| cluster.plan().cluster_id.clone());
            return clusters.filter(|id| id.starts_with(name)).map(|id| format!("cluster={id}")).collect();
        }
        ["api=", "node=", "cluster="].into_iter().filter(|word| word.starts_with(begun)).map(str::to_owned).collect()
    }
}

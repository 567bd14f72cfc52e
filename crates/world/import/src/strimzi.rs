//! Strimzi's resources: `Kafka`, `KafkaNodePool`, `KafkaTopic`.

use crate::found::{Assumed, Found, NodeFound};
use crate::report::{Notebook, Why};
use crate::topics::{check, is_topic};
use crate::yaml::{Value, Yaml};
use base::Str;
use config::Scope;
use port::Roles;

/// Reads one resource after the other.
pub(crate) struct Resources<'a> {
    pub found: &'a mut Found,
    pub notebook: &'a mut Notebook,
    pub text: &'a str,
    /// `node.id` of the next node of a pool.
    next: i32,
}

impl<'a> Resources<'a> {
    pub(crate) fn new(found: &'a mut Found, notebook: &'a mut Notebook, text: &'a str) -> Resources<'a> {
        Resources { found, notebook, text, next: 0 }
    }

    pub(crate) fn read(&mut self, documents: &[Yaml]) {
        for document in documents {
            match document.get("kind").and_then(Yaml::text) {
                Some("Kafka") => self.kafka(document),
                Some("KafkaNodePool") => self.pool(document),
                Some("KafkaTopic") => self.topic(document),
                Some(_) | None => self.keep(document.line, Why::NoNode),
            }
        }
    }

    fn keep(&mut self, line: u32, why: Why) {
        let written = self.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
        self.notebook.keep(line, written, why);
    }

    /// Everything of a part that no name of these stands for is kept.
    fn keep_others(&mut self, part: &Yaml, known: &[&str]) {
        for (name, value) in part.all().into_iter().filter(|(name, _)| !known.contains(name)) {
            self.notebook.keep(value.line, name, Why::NotUnderstood);
        }
    }

    /// A whole number of something.
    fn count(&mut self, part: &Yaml, name: &str) -> Option<i32> {
        let value = part.get(name)?;
        let count = value.text().and_then(|text| text.parse::<i32>().ok()).filter(|count| *count >= 0);
        match count {
            Some(_) => self.notebook.understood(value.line),
            None => self.keep(value.line, Why::BadNumbers),
        }
        count
    }

    fn kafka(&mut self, document: &Yaml) {
        let Some(spec) = document.get("spec") else { return self.keep(document.line, Why::NotUnderstood) };
        if let Some(zookeeper) = spec.get("zookeeper") {
            self.keep(zookeeper.line.saturating_sub(1), Why::ZooKeeper);
        }
        self.keep_others(spec, &["kafka", "zookeeper"]);
        let Some(kafka) = spec.get("kafka") else { return };
        // Without pools the resource itself says how many there are; brokers only, for the rest was ZooKeeper.
        if let Some(count) = self.count(kafka, "replicas") {
            self.add(count, Roles::Broker, document);
        }
        self.settings(kafka.get("config"), Scope::Broker, None);
        self.keep_others(kafka, &["replicas", "config"]);
    }

    fn pool(&mut self, document: &Yaml) {
        let Some(spec) = document.get("spec") else { return self.keep(document.line, Why::NotUnderstood) };
        let has = |role: &str| {
            let roles = spec.get("roles").map(Yaml::items).unwrap_or_default();
            roles.iter().any(|each| each.text() == Some(role))
        };
        let roles = match (has("broker"), has("controller")) {
            (true, true) => Roles::Combined,
            (true, false) => Roles::Broker,
            (false, true) => Roles::Controller,
            (false, false) => return self.keep(spec.line, Why::NotUnderstood),
        };
        self.notebook.understood(spec.get("roles").map_or(spec.line, |roles| roles.line));
        if let Some(count) = self.count(spec, "replicas") {
            self.add(count, roles, document);
        }
        self.keep_others(spec, &["roles", "replicas"]);
    }

    /// Nodes of a pool have the numbers that it asks for, or are numbered one after the other.
    fn add(&mut self, count: i32, roles: Roles, document: &Yaml) {
        let room = crate::MOST_NODES.saturating_sub(self.found.nodes.len());
        if usize::try_from(count).unwrap_or(0) > room {
            return self.keep(document.line, Why::TooMuch("nodes"));
        }
        let wanted = ids(document);
        let free = (0..).filter(|id| !wanted.contains(id)).skip_while(|id| *id < self.next);
        let mut given: Vec<i32> = Vec::new();
        for id in wanted.iter().copied().chain(free) {
            if given.len() as i32 >= count {
                break;
            }
            if !self.found.nodes.contains_key(&id) {
                self.found.nodes.insert(id, NodeFound { roles: Some(roles), ..NodeFound::default() });
                given.push(id);
            }
        }
        let is_wanted = given.iter().all(|id| wanted.contains(id));
        if is_wanted && !wanted.is_empty() {
            return;
        }
        self.next = given.last().map_or(self.next, |last| last + 1);
        if !self.found.notes.contains(&Assumed::PoolNumbers) {
            self.found.notes.push(Assumed::PoolNumbers);
        }
    }

    fn topic(&mut self, document: &Yaml) {
        let named = |part: &str, name: &str| document.get(part)?.get(name)?.text().map(str::to_owned);
        let name = named("spec", "topicName").or_else(|| named("metadata", "name"));
        let Some(name) = name.filter(|name| is_topic(name)) else {
            return self.keep(document.line, Why::NotUnderstood);
        };
        if self.found.topics.len() >= crate::MOST_TOPICS {
            return self.keep(document.line, Why::TooMuch("topics"));
        }
        self.notebook.understood(document.line);
        let name = Str::from(name);
        self.found.topics.entry(name.clone()).or_default();
        let Some(spec) = document.get("spec") else { return };
        let (partitions, copies) = (self.count(spec, "partitions"), self.count(spec, "replicas"));
        let topic = self.found.topics.entry(name.clone()).or_default();
        topic.count = partitions.filter(|count| *count < crate::MOST_PARTITIONS);
        topic.replication_factor = copies.and_then(|copies| i16::try_from(copies).ok());
        self.settings(spec.get("config"), Scope::Topic, Some(&name));
        self.keep_others(spec, &["partitions", "replicas", "config", "topicName"]);
    }

    /// Of the topic, or of all servers.
    fn settings(&mut self, config: Option<&Yaml>, scope: Scope, topic: Option<&Str>) {
        for (name, value) in config.map(Yaml::all).unwrap_or_default() {
            let Value::Text(text) = &value.value else {
                self.notebook.keep(value.line, name, Why::NotUnderstood);
                continue;
            };
            match check(scope, name, text) {
                Ok(()) => {
                    let settings = match topic {
                        Some(topic) => &mut self.found.topics.entry(topic.clone()).or_default().configs,
                        None => &mut self.found.settings,
                    };
                    settings.insert(name.into(), text.as_str().into());
                    self.notebook.understood(value.line);
                }
                Err(why) => self.notebook.keep(value.line, &format!("{name}: {text}"), why),
            }
        }
    }
}

/// `strimzi.io/next-node-ids: "[0,10-20]"`: the numbers that a pool asks for.
fn ids(document: &Yaml) -> Vec<i32> {
    let written = || document.get("metadata")?.get("annotations")?.get("strimzi.io/next-node-ids")?.text();
    let Some(list) = written().and_then(|text| text.trim().strip_prefix('[')?.strip_suffix(']')) else {
        return Vec::new();
    };
    let mut ids = Vec::new();
    for part in list.split(',').map(str::trim) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<i32>().ok().filter(|id| *id >= 0);
        let (Some(from), Some(to)) = (number(from), number(to)) else { continue };
        ids.extend((from..=to).take(crate::MOST_NODES));
    }
    ids.truncate(crate::MOST_NODES);
    ids
}

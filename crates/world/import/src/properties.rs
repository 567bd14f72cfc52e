//! `server.properties`: lines as `java.util.Properties` reads them. Comments and what is not understood stay in the file,
//! so that it can be edited and written out as it came.

use crate::found::{Assumed, Found, NodeFound};
use crate::report::{Notebook, Why};
use crate::topics::check;
use base::{Endpoint, Str};
use config::Scope;
use port::Roles;

/// Settings that the plan of the cluster says in its own words.
pub(crate) const PLANNED: [&str; 12] = [
    "node.id",
    "broker.id",
    "process.roles",
    "broker.rack",
    "listeners",
    "advertised.listeners",
    "listener.security.protocol.map",
    "inter.broker.listener.name",
    "controller.listener.names",
    "controller.quorum.voters",
    "controller.quorum.bootstrap.servers",
    "broker.id.generation.enable",
];

/// One file's settings, by name as they were given, with lines.
#[derive(Default)]
pub(crate) struct Sheet {
    settings: Vec<(u32, Str, Str)>,
    file: Vec<String>,
}

/// Is it a line of such a file?
pub(crate) fn is_line(text: &str) -> bool {
    let (name, _) = split(text.trim());
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
    // With a space alone between them only a setting is one.
    let is_set = text.contains(['=', ':']) || config::key(Scope::Broker, &name).is_some();
    is_set && (name.contains('.') || config::key(Scope::Broker, &name).is_some()) && name.bytes().all(legal)
}

/// Name and value: the first `=`, `:` or space that no backslash stands before parts them.
fn split(line: &str) -> (String, String) {
    let mut name = String::new();
    let mut letters = line.char_indices();
    let mut end = line.len();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, letter)| letter)),
            '=' | ':' | ' ' | '\t' => {
                end = at;
                break;
            }
            letter => name.push(letter),
        }
    }
    let rest = line[end..].trim_start();
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start();
    (name, unescape(rest))
}

/// A backslash takes the next letter as it is, but for `\n`, `\t`, `\r`, `\f`.
fn unescape(text: &str) -> String {
    let mut value = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|letter| match letter {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'f' => '\x0c',
                other => other,
            })),
            letter => value.push(letter),
        }
    }
    value
}

impl Sheet {
    /// Comments and empty lines say nothing, and stay.
    pub(crate) fn silent(&mut self, text: &str) {
        if !self.file.is_empty() || text.trim_start().starts_with(['#', '!']) {
            self.keep(text);
        }
    }

    fn keep(&mut self, text: &str) {
        if self.file.len() < crate::MOST_LINES {
            self.file.push(text.to_owned());
        }
    }

    /// A line of the file, with those that go on from it. `false`: its name was there before, so that another file begins.
    pub(crate) fn line(&mut self, number: u32, text: &str) -> bool {
        let (name, value) = split(text.trim());
        if self.settings.iter().any(|(_, known, _)| **known == *name) {
            return false;
        }
        self.set(number, &name, &value);
        self.keep(text);
        true
    }

    /// As `KAFKA_…` in the environment of a container says it.
    pub(crate) fn set(&mut self, number: u32, name: &str, value: &str) {
        if self.settings.len() < crate::MOST_SETTINGS {
            self.settings.push((number, name.into(), value.into()));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    fn get(&self, name: &str) -> Option<&Str> {
        self.settings.iter().find(|(_, known, _)| &**known == name).map(|(_, _, value)| value)
    }

    /// The file is at its end: it becomes a node, or settings of all nodes where it names none.
    pub(crate) fn finish(self, found: &mut Found, notebook: &mut Notebook) {
        let id = self.get("node.id").or_else(|| self.get("broker.id"));
        let id = id.and_then(|id| id.trim().parse::<i32>().ok()).filter(|id| *id >= 0);
        let mut node = NodeFound { file: self.file.clone(), ..NodeFound::default() };
        for (line, name, value) in &self.settings {
            self.take(&mut node, notebook, (*line, name, value));
        }
        self.listeners(found, &mut node, id);
        match id {
            Some(id) if found.nodes.len() < crate::MOST_NODES || found.nodes.contains_key(&id) => {
                found.nodes.insert(id, node);
            }
            Some(_) => notebook.keep(0, "node.id", Why::TooMuch("nodes")),
            None => found.settings.extend(node.settings),
        }
        let voters = self.get("controller.quorum.voters").map(|voters| voters_of(voters)).unwrap_or_default();
        if !voters.is_empty() {
            found.voters = voters;
        }
    }

    fn take(&self, node: &mut NodeFound, notebook: &mut Notebook, (line, name, value): (u32, &Str, &Str)) {
        let text = format!("{name}={value}");
        if name.starts_with("zookeeper.") {
            return notebook.keep(line, &text, Why::ZooKeeper);
        }
        let taken = match &**name {
            "process.roles" => roles(value).map(|roles| node.roles = Some(roles)).ok_or(Why::NotUnderstood),
            "broker.rack" if !value.is_empty() => {
                node.rack = Some(value.clone());
                Ok(())
            }
            planned if PLANNED.contains(&planned) => Ok(()),
            _setting => check(Scope::Broker, name, value).map(|()| {
                node.settings.insert(name.clone(), value.clone());
            }),
        };
        match taken {
            Ok(()) => notebook.understood(line),
            Err(why) => notebook.keep(line, &text, why),
        }
    }

    /// Where the node says that it is reached: by the listener that brokers use among themselves, or the first.
    fn listeners(&self, found: &mut Found, node: &mut NodeFound, id: Option<i32>) {
        let Some(given) = self.get("advertised.listeners") else { return };
        let all: Vec<(&str, Endpoint)> = given.split(',').filter_map(listener).collect();
        let wanted = self.get("inter.broker.listener.name");
        let chosen = all.iter().find(|(name, _)| wanted.is_some_and(|wanted| **wanted == **name)).or(all.first());
        let Some((name, endpoint)) = chosen else { return };
        node.advertised = Some(endpoint.clone());
        if let Some(id) = id.filter(|_| all.len() > 1) {
            found.notes.push(Assumed::Listener(id, (*name).into()));
        }
    }
}

/// `PLAINTEXT://kafka-1:9092`.
fn listener(text: &str) -> Option<(&str, Endpoint)> {
    let (name, address) = text.trim().split_once("://")?;
    Some((name, script::scenario::endpoint(address)?))
}

/// `1@kafka-1:9093,2@…`.
fn voters_of(text: &str) -> Vec<i32> {
    let id = |part: &str| part.trim().split_once('@')?.0.parse::<i32>().ok().filter(|id| *id >= 0);
    text.split(',').filter_map(id).take(crate::MOST_NODES).collect()
}

/// `process.roles`.
pub(crate) fn roles(text: &str) -> Option<Roles> {
    let has = |role: &str| text.split(',').any(|each| each.trim() == role);
    let known = text.split(',').all(|each| ["broker", "controller"].contains(&each.trim()));
    match (has("broker"), has("controller")) {
        (true, true) if known => Some(Roles::Combined),
        (true, false) if known => Some(Roles::Broker),
        (false, true) if known => Some(Roles::Controller),
        _none => None,
    }
}

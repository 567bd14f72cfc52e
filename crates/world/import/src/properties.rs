//! `server.properties`: lines as `java.util.Properties` reads them. Comments and what is not understood stay in the file,
//! so that it can be edited and written out as it came.

use crate::found::{Assumed, Found, NodeFound};
use crate::report::{Notebook, Why};
use crate::topics::check;
use base::{Endpoint, Endpoints, FlatMap, Str};
use config::{Beside, BrokerListener, BrokerListeners, LISTENER_SETTINGS, Scope};
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

const PROTOCOLS: &str = "listener.security.protocol.map";
const CONTROLLERS: &str = "controller.listener.names";

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

    /// The images bind what is advertised where nobody says what to bind.
    pub(crate) fn bind_what_is_advertised(&mut self) {
        let Some(advertised) = self.get("advertised.listeners").filter(|_| self.get("listeners").is_none()) else {
            return;
        };
        let bound = |entry: &str| {
            let (name, address) = entry.trim().split_once("://")?;
            Some(format!("{name}://0.0.0.0:{}", address.rsplit_once(':')?.1))
        };
        if let Some(bound) = advertised.split(',').map(bound).collect::<Option<Vec<_>>>() {
            self.set(0, "listeners", &bound.join(","));
        }
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
        if self.all_listeners(&mut node, notebook).is_none() {
            self.listeners(found, &mut node, id);
        }
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

    /// Every listener where Kafka takes what the file says of them and one alone would say less: as many, with ports and names.
    /// `None`: what Kafka refuses is kept, with its reason.
    fn all_listeners(&self, node: &mut NodeFound, notebook: &mut Notebook) -> Option<()> {
        let beside = match node.roles {
            Some(Roles::Controller) => return Some(()),
            Some(Roles::Combined) => Beside::Controller,
            Some(Roles::Broker) | None => Beside::Nothing,
        };
        let said = LISTENER_SETTINGS.iter().copied().chain([CONTROLLERS, "security.inter.broker.protocol"]);
        let said = said.filter_map(|name| Some((Str::from(name), self.get(name)?.clone())));
        let mut settings: FlatMap<Str, Str> = said.collect();
        // Releases with ZooKeeper have no controller's listener.
        if let (None, Some(protocols)) = (self.get(CONTROLLERS), self.get(PROTOCOLS)) {
            let names_it = protocols.split(',').any(|each| each.trim().to_uppercase().starts_with("CONTROLLER:"));
            let own = if names_it { protocols.clone() } else { format!("{protocols},CONTROLLER:PLAINTEXT").into() };
            settings.insert(PROTOCOLS.into(), own);
        }
        match BrokerListeners::read(&settings, beside) {
            Ok(None) => None,
            Ok(Some(read)) => {
                let is_usual = |each: &BrokerListener| &*each.name == Endpoints::PLAINTEXT && each.port == 9092;
                if matches!(read.all.as_slice(), [only] if is_usual(only)) {
                    return None;
                }
                settings.retain(|name, value| **name != *CONTROLLERS || **value != *"CONTROLLER");
                node.settings.extend(settings);
                Some(())
            }
            Err(error) => {
                let line = |wanted: &str| self.settings.iter().find(|(_, name, _)| **name == *wanted);
                let at = line(&error.name).or_else(|| LISTENER_SETTINGS.iter().find_map(|name| line(name)));
                let (line, text) =
                    at.map_or((0, String::new()), |(line, name, value)| (*line, format!("{name}={value}")));
                notebook.keep(line, &text, Why::Refused(error.message));
                None
            }
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

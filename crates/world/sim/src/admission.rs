//! May a command be carried out? Names, kinds and sizes are checked before anything changes.

use crate::apply::partition;
use crate::command::Command;
use crate::error::CommandError;
use crate::limits::at_most;
use crate::slot::Slot;
use crate::world::World;
use api::ApiKey;
use base::{BrokerId, FlatMap, ProcessId, Str};
use config::{Lack, NotModelled};
use port::ProcessConfig;
use process::Process;

/// Nanoseconds.
const HOUR: u64 = 3_600_000_000_000;

impl World {
    /// Would `apply` take this command?
    ///
    /// # Errors
    /// As [`World::apply`].
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        let limits = &self.setup.limits;
        texts(command).into_iter().try_for_each(|text| limits.check_text(text))?;
        self.check_room(command)?;
        match command {
            Command::CreateTopic { .. }
            | Command::DeleteTopic { .. }
            | Command::AddPartitions { .. }
            | Command::AlterTopicConfig { .. }
            | Command::Read { .. }
            | Command::ListTopics
            | Command::HealAll => Ok(()),
            Command::ElectLeaders { partitions, .. } => {
                partitions.iter().try_for_each(|text| partition(text).map(drop))
            }
            Command::AddBroker { node, .. } => self.check_new_node(*node),
            Command::AddProducer { .. } => self.check_producer(command),
            Command::AddConsumer { name, group, configs, .. } => {
                self.check_new_name(name)?;
                says_the_same(configs, "client.id", name)?;
                says_the_same(configs, "group.id", group)?;
                let mut configs = configs.clone();
                configs.insert("group.id".into(), group.clone());
                client::check_consumer(&configs).map_err(unusable)?;
                self.check_servers(&configs)
            }
            Command::Send { producer, .. } => self.require_producer(producer).map(drop),
            Command::SetInterval { producer, interval } => {
                let process = self.require_producer(producer)?;
                let size = self.slots.get(&process).map_or(0, |slot| value_size(slot));
                self.check_rate(Some(process), *interval, size)
            }
            Command::Kill { name } | Command::PowerOff { name } | Command::Stop { name } | Command::Pause { name } => {
                self.require_up(name).map(drop)
            }
            Command::Leave { name } => self.require_consumer(name).map(drop),
            Command::Resume { name } => self.require(name).map(drop),
            Command::Start { name } => self.check_start(name),
            Command::Delay { a, b, by: time } | Command::Stall { a, b, time } => {
                at_most("hours of delay", time.div_ceil(HOUR), u64::from(limits.delay_hours))?;
                self.ends(a, b).map(drop)
            }
            Command::Cut { a, b }
            | Command::CutOneWay { from: a, to: b }
            | Command::Reset { a, b }
            | Command::Heal { a, b } => self.ends(a, b).map(drop),
            Command::Hold { from, to, api } => {
                api_key(api)?;
                self.ends(from, to).map(drop)
            }
            Command::Lose { from, to, api, count } => {
                api_key(api)?;
                at_most("messages to lose", u64::from(*count), u64::from(limits.lost_messages))?;
                self.ends(from, to).map(drop)
            }
        }
    }

    pub(crate) fn require(&self, name: &str) -> Result<ProcessId, CommandError> {
        self.names.get(name).copied().ok_or_else(|| CommandError::NoSuchProcess(name.into()))
    }

    pub(crate) fn require_up(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require(name)?;
        let up = self.slots.get(&process).is_some_and(|slot| slot.liveness.is_up());
        if up { Ok(process) } else { Err(CommandError::NotRunning(name.into())) }
    }

    pub(crate) fn require_producer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Producer(..) => Ok(process),
            ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => {
                Err(CommandError::WrongKind { name: name.into(), wanted: "producer" })
            }
        }
    }

    pub(crate) fn require_consumer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Consumer(..) => Ok(process),
            ProcessConfig::Node(_) | ProcessConfig::Producer(..) | ProcessConfig::Admin(..) => {
                Err(CommandError::WrongKind { name: name.into(), wanted: "consumer" })
            }
        }
    }

    pub(crate) fn ends(&self, a: &str, b: &str) -> Result<(ProcessId, ProcessId), CommandError> {
        let (first, second) = (self.require(a)?, self.require(b)?);
        if first == second { Err(CommandError::SameEnds(a.into())) } else { Ok((first, second)) }
    }

    fn check_new_name(&self, name: &Str) -> Result<(), CommandError> {
        let legal = |c: char| c.is_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.chars().count() > 40 || !name.chars().all(legal) {
            return Err(CommandError::Malformed {
                what: "name of up to 40 letters, digits, '.', '_' or '-'",
                value: name.clone(),
            });
        }
        if self.names.contains_key(name) {
            return Err(CommandError::NameTaken(name.clone()));
        }
        at_most("processes", self.slots.len() as u64 + 1, u64::from(self.setup.limits.processes))
    }

    fn check_new_node(&self, node: i32) -> Result<(), CommandError> {
        let name: Str = node.to_string().into();
        if node < 0 {
            return Err(CommandError::Malformed { what: "node.id", value: name });
        }
        if self.node(BrokerId(node)).is_some() {
            return Err(CommandError::NameTaken(name));
        }
        self.check_new_name(&name)
    }

    fn check_producer(&self, command: &Command) -> Result<(), CommandError> {
        let Command::AddProducer { name, interval, value_size, configs, random_keys, .. } = command else {
            return Ok(());
        };
        self.check_new_name(name)?;
        at_most("bytes in a value", u64::from(*value_size), u64::from(self.setup.limits.value_size))?;
        self.check_rate(None, *interval, *value_size)?;
        if *random_keys == Some(0) {
            return Err(CommandError::Malformed { what: "number of keys from 1 on", value: "0".into() });
        }
        at_most("random keys", u64::from(random_keys.unwrap_or(1)), u64::from(self.setup.limits.random_keys))?;
        says_the_same(configs, "client.id", name)?;
        client::check_producer(configs).map_err(unusable)?;
        self.check_servers(configs)
    }

    /// `ClientUtils.parseAndValidateAddresses`: a client needs one host that there is, whether or not it listens.
    fn check_servers(&self, configs: &FlatMap<Str, Str>) -> Result<(), CommandError> {
        let name = Str::from("bootstrap.servers");
        let Some(given) = configs.get(&name) else { return Ok(()) };
        let refuse = |message: &str| Err(CommandError::Config { name: name.clone(), message: message.into() });
        let mut any_known = false;
        for url in given.split(',').map(str::trim) {
            match config::host_and_port(url) {
                Some((host, _)) => any_known |= self.knows_host(host),
                None => return refuse(&format!("Invalid url in bootstrap.servers: {url}")),
            }
        }
        if any_known { Ok(()) } else { refuse("No resolvable bootstrap urls given in bootstrap.servers") }
    }

    fn knows_host(&self, host: &str) -> bool {
        self.slots().any(|slot| match &slot.config {
            ProcessConfig::Node(setup) => &*setup.endpoint.host == host || &*setup.controller_endpoint.host == host,
            ProcessConfig::Producer(..) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => false,
        })
    }

    fn check_start(&self, name: &Str) -> Result<(), CommandError> {
        let process = self.require(name)?;
        let Some(slot) = self.slots.get(&process) else { return Ok(()) };
        if slot.liveness.is_up() {
            return Err(CommandError::AlreadyRunning(name.clone()));
        }
        match &slot.config {
            ProcessConfig::Producer(_, setup) => {
                self.check_rate(Some(process), setup.interval.map(|interval| interval.0), setup.value_size)
            }
            ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => Ok(()),
        }
    }

    /// All producers together, with `changed` (or one more) at this interval and with values of this size.
    fn check_rate(
        &self,
        changed: Option<ProcessId>,
        interval: Option<u64>,
        value_size: u32,
    ) -> Result<(), CommandError> {
        let wanted = (interval.map_or(0, rate), u64::from(value_size));
        let others = self.slots().filter(|slot| Some(slot.id) != changed).map(load);
        let (records, bytes) = others.chain([wanted]).fold((0u64, 0u64), |(records, bytes), (rate, size)| {
            (records.saturating_add(rate), bytes.saturating_add(rate.saturating_mul(size)))
        });
        at_most("records per second", records, self.setup.limits.records_per_second)?;
        at_most("bytes per second", bytes, self.setup.limits.bytes_per_second)
    }
}

fn rate(interval: u64) -> u64 {
    1_000_000_000 / interval.max(1)
}

/// Records per second that a running producer makes by itself, and the bytes of their values.
fn load(slot: &Slot) -> (u64, u64) {
    let Some(producer) = slot.process.as_ref().and_then(Process::producer) else { return (0, 0) };
    (producer.workload().interval().map_or(0, |interval| rate(interval.0)), u64::from(value_size(slot)))
}

fn value_size(slot: &Slot) -> u32 {
    match &slot.config {
        ProcessConfig::Producer(_, setup) => setup.value_size,
        ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => 0,
    }
}

fn unusable(why: client::Unusable) -> CommandError {
    match why {
        client::Unusable::Refused(error) => config_error(&error),
        client::Unusable::NotModelled(lacking) => CommandError::NotModelled(lacking),
    }
}

/// The command's own words are the client's id and group; a setting may repeat them.
fn says_the_same(configs: &FlatMap<Str, Str>, setting: &str, word: &Str) -> Result<(), CommandError> {
    match configs.get(setting).filter(|value| *value != word) {
        Some(value) => {
            let (name, value) = (setting.into(), value.clone());
            Err(CommandError::NotModelled(NotModelled { name, value, lack: Lack::Names }))
        }
        None => Ok(()),
    }
}

pub(crate) fn config_error(error: &config::ConfigError) -> CommandError {
    CommandError::Config { name: error.name.clone(), message: error.message.clone() }
}

/// Everything that a person may have typed at will. Names of processes have their own check.
fn texts(command: &Command) -> Vec<&Str> {
    fn all(settings: &FlatMap<Str, Str>) -> Vec<&Str> {
        settings.iter().flat_map(|(name, value)| [name, value]).collect()
    }
    match command {
        Command::CreateTopic { name, configs, .. } => with(all(configs), [name]),
        Command::AlterTopicConfig { topic, set, delete } => with(with(all(set), [topic]), delete),
        Command::AddProducer { topic, keys, configs, .. } => with(with(all(configs), [topic]), keys),
        Command::AddConsumer { group, topics, configs, .. } => with(with(all(configs), [group]), topics),
        Command::ElectLeaders { partitions, .. } => partitions.iter().collect(),
        Command::AddBroker { rack, .. } => rack.iter().collect(),
        Command::Send { topic, key, value, .. } => topic.iter().chain(key).chain(value).collect(),
        Command::DeleteTopic { name: text }
        | Command::AddPartitions { topic: text, .. }
        | Command::Read { topic: text, .. } => vec![text],
        Command::ListTopics
        | Command::SetInterval { .. }
        | Command::Kill { .. }
        | Command::PowerOff { .. }
        | Command::Stop { .. }
        | Command::Leave { .. }
        | Command::Start { .. }
        | Command::Pause { .. }
        | Command::Resume { .. }
        | Command::Cut { .. }
        | Command::CutOneWay { .. }
        | Command::Delay { .. }
        | Command::Stall { .. }
        | Command::Reset { .. }
        | Command::Heal { .. }
        | Command::HealAll => Vec::new(),
        Command::Hold { api, .. } | Command::Lose { api, .. } => vec![api],
    }
}

fn with<'a>(mut texts: Vec<&'a Str>, more: impl IntoIterator<Item = &'a Str>) -> Vec<&'a Str> {
    texts.extend(more);
    texts
}

/// An API by Kafka's name.
pub(crate) fn api_key(name: &Str) -> Result<ApiKey, CommandError> {
    ApiKey::from_name(name).ok_or_else(|| CommandError::Malformed { what: "name of an API", value: name.clone() })
}

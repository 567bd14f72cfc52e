//! May a command be carried out? Names, kinds and sizes are checked before anything changes.

use crate::apply::partition;
use crate::command::{Command, KafkaCommand, OtherCommand, WorldCommand};
use crate::error::CommandError;
use crate::limits::at_most;
use crate::setup::{ClusterIndex, NodePlan};
use crate::slot::Slot;
use crate::world::World;
use api::{ApiKey, MessageKind};
use base::{BrokerId, FlatMap, ProcessId, Str};
use config::{Lack, NotModelled};
use port::{KafkaSetup, ProcessConfig, Roles};
use process::Process;

/// Partitions that one call may name.
const CALLED: u64 = 256;
/// Nanoseconds.
const HOUR: u64 = 3_600_000_000_000;

impl World {
    /// Would `apply` take this command?
    ///
    /// # Errors
    /// As [`World::apply`].
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        match command {
            Command::World(command) => self.check_of_world(command),
            Command::Kafka(cluster, command) => self.check_of_kafka(self.whose(cluster.as_ref(), command)?, command),
            Command::Other(command) => self.check_of_others(command),
        }
    }

    /// Every command is judged as a whole before anything changes: a link with one that is refused must not leave
    /// half of it.
    fn check_of_world(&self, command: &WorldCommand) -> Result<(), CommandError> {
        let limits = &self.setup.limits;
        match command {
            WorldCommand::Kill { name }
            | WorldCommand::PowerOff { name }
            | WorldCommand::Stop { name }
            | WorldCommand::Pause { name } => self.require_up(name).map(drop),
            WorldCommand::Resume { name } => self.require(name).map(drop),
            WorldCommand::Start { name } => self.check_start(name),
            WorldCommand::Delay { a, b, by: time } | WorldCommand::Stall { a, b, time } => {
                at_most("hours of delay", time.div_ceil(HOUR), u64::from(limits.delay_hours))?;
                self.ends(a, b).map(drop)
            }
            WorldCommand::Cut { a, b }
            | WorldCommand::CutOneWay { from: a, to: b }
            | WorldCommand::Reset { a, b }
            | WorldCommand::Heal { a, b } => self.ends(a, b).map(drop),
            WorldCommand::Hold { from, to, api } => {
                limits.check_text(api)?;
                self.message_kind(api)?;
                self.ends(from, to).map(drop)
            }
            WorldCommand::Lose { from, to, api, count } => {
                limits.check_text(api)?;
                self.message_kind(api)?;
                at_most("messages to lose", u64::from(*count), u64::from(limits.lost_messages))?;
                self.ends(from, to).map(drop)
            }
            WorldCommand::HealAll => Ok(()),
            WorldCommand::SlowStore { store, time } => {
                at_most("hours of delay", time.div_ceil(HOUR), u64::from(limits.delay_hours))?;
                self.require_store(store)
            }
            WorldCommand::FailStore { store } | WorldCommand::HealStore { store } => self.require_store(store),
        }
    }

    /// The cluster with that `cluster.id`; the first one without.
    pub(crate) fn require_cluster(&self, named: Option<&Str>) -> Result<ClusterIndex, CommandError> {
        if self.setup.clusters.is_empty() {
            return Err(CommandError::Unstartable("a cluster needs a controller and a broker"));
        }
        // Commands of worlds with one cluster name none.
        let Some(name) = named else { return Ok(ClusterIndex::FIRST) };
        let found = self.setup.clusters().find(|(_, plan)| plan.cluster_id == *name);
        found.map(|(index, _)| index).ok_or_else(|| CommandError::NoSuchCluster(name.clone()))
    }

    /// Whose the command is. A client that it names is of the cluster that it names, if it names one.
    fn whose(&self, named: Option<&Str>, command: &KafkaCommand) -> Result<ClusterIndex, CommandError> {
        let index = self.require_cluster(named)?;
        // What is about no client is of the cluster that it names.
        let Some(client) = client_of(command) else { return Ok(index) };
        let own = self.cluster_of(self.require(client)?);
        match named {
            Some(cluster) if index != own => {
                Err(CommandError::OfAnotherCluster { name: client.clone(), cluster: cluster.clone() })
            }
            Some(_) | None => Ok(own),
        }
    }

    /// What the world can know. Whether a topic may be created is the controller's to say, and takes time.
    fn check_of_kafka(&self, cluster: ClusterIndex, command: &KafkaCommand) -> Result<(), CommandError> {
        texts(command).into_iter().try_for_each(|text| self.setup.limits.check_text(text))?;
        self.check_room(cluster, command)?;
        match command {
            KafkaCommand::CreateTopic { .. }
            | KafkaCommand::DeleteTopic { .. }
            | KafkaCommand::AddPartitions { .. }
            | KafkaCommand::AlterTopicConfig { .. }
            | KafkaCommand::Read { .. }
            | KafkaCommand::ListTopics
            | KafkaCommand::Ask(_) => Ok(()),
            KafkaCommand::Via { servers, command } => {
                if !command.is_for_admin() {
                    return Err(CommandError::Malformed { what: "request of an admin client", value: servers.clone() });
                }
                self.servers(cluster, servers)?;
                self.check_tool(cluster, servers)?;
                self.check_of_kafka(cluster, command)
            }
            KafkaCommand::ElectLeaders { partitions, .. } => {
                partitions.iter().try_for_each(|text| partition(text).map(drop))
            }
            KafkaCommand::AddBroker { node, .. } => self.check_new_node(cluster, *node),
            KafkaCommand::AddProducer { .. } => self.check_producer(cluster, command),
            KafkaCommand::AddConsumer { name, group, configs, .. } => {
                self.check_new_name(name)?;
                says_the_same(configs, "client.id", name)?;
                says_the_same(configs, "group.id", group)?;
                let mut configs = configs.clone();
                configs.insert("group.id".into(), group.clone());
                client::check_consumer(&configs).map_err(unusable)?;
                self.check_servers(cluster, &configs)
            }
            KafkaCommand::Send { producer, .. } => self.require_producer(producer).map(drop),
            KafkaCommand::SetInterval { producer, interval } => {
                let process = self.require_producer(producer)?;
                let size = self.slots.get(&process).map_or(0, |slot| value_size(slot));
                self.check_rate(Some(process), *interval, size)
            }
            KafkaCommand::Leave { name } => self.require_consumer(name).map(drop),
            KafkaCommand::Call { name, call } => {
                at_most("partitions of a call", call.partitions().len() as u64, CALLED)?;
                self.require_consumer(name).map(drop)
            }
        }
    }

    /// What families ask of each other the world does not understand; it keeps names and ports apart.
    fn check_of_others(&self, command: &OtherCommand) -> Result<(), CommandError> {
        match command {
            OtherCommand::Add { name, setup } => {
                let texts = setup.settings.iter().flat_map(|(name, value)| [name, value]);
                texts.into_iter().try_for_each(|text| self.setup.limits.check_text(text))?;
                if let Some(taken) =
                    setup.endpoint.as_ref().filter(|endpoint| self.network.listener(endpoint).is_some())
                {
                    return Err(CommandError::NameTaken(taken.to_string().into()));
                }
                self.check_new_name(name)
            }
            OtherCommand::Ask { name, what } => {
                self.setup.limits.check_text(what)?;
                let process = self.require_up(name)?;
                match &self.slots[&process].config {
                    ProcessConfig::Other(_) => Ok(()),
                    ProcessConfig::Kafka(_) => {
                        Err(CommandError::WrongKind { name: name.clone(), wanted: "process of its family" })
                    }
                }
            }
        }
    }

    /// A kind of messages by Kafka's name of the API, or by its name in a family that has a process here.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn message_kind(&self, name: &Str) -> Result<MessageKind, CommandError> {
        let of_others = || {
            let mut families = self.slots().filter_map(|slot| match &slot.config {
                ProcessConfig::Kafka(_) => None,
                ProcessConfig::Other(setup) => Some(setup.family),
            });
            families.find_map(|family| family.kinds.iter().copied().find(|kind| *kind == &**name))
        };
        let kind = ApiKey::from_name(name).map(MessageKind::Kafka).or_else(|| of_others().map(MessageKind::Other));
        kind.ok_or_else(|| CommandError::Malformed { what: "name of an API", value: name.clone() })
    }

    /// Who has that name, whether it runs or not.
    pub(crate) fn require(&self, name: &str) -> Result<ProcessId, CommandError> {
        self.names.get(name).copied().ok_or_else(|| CommandError::NoSuchProcess(name.into()))
    }

    /// Nobody asks who is stopped; who hangs is asked and answers later.
    pub(crate) fn require_up(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require(name)?;
        let up = self.slots.get(&process).is_some_and(|slot| slot.liveness.is_up());
        if up { Ok(process) } else { Err(CommandError::NotRunning(name.into())) }
    }

    pub(crate) fn require_producer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Kafka(KafkaSetup::Producer(..)) => Ok(process),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => Err(CommandError::WrongKind { name: name.into(), wanted: "producer" }),
        }
    }

    pub(crate) fn require_consumer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => Ok(process),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => Err(CommandError::WrongKind { name: name.into(), wanted: "consumer" }),
        }
    }

    /// The two ends of a link.
    pub(crate) fn ends(&self, a: &str, b: &str) -> Result<(ProcessId, ProcessId), CommandError> {
        let (first, second) = (self.require(a)?, self.require(b)?);
        if first == second { Err(CommandError::SameEnds(a.into())) } else { Ok((first, second)) }
    }

    /// Names are used in commands and host names, and by nobody twice.
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

    /// `node.id` is unique within a cluster, for brokers and controllers together.
    fn check_new_node(&self, cluster: ClusterIndex, node: i32) -> Result<(), CommandError> {
        let name = self.setup.broker_name(cluster, node);
        if node < 0 {
            return Err(CommandError::Malformed { what: "node.id", value: name });
        }
        if self.cluster(cluster).is_some_and(|cluster| cluster.node(BrokerId(node)).is_some()) {
            return Err(CommandError::NameTaken(name));
        }
        self.check_new_name(&name)?;
        // What the cluster's settings say of listeners may hold for its own brokers alone, who advertise others over it.
        let Some(cluster) = self.setup.cluster(cluster) else { return Ok(()) };
        let plan = NodePlan::new(name, node, Roles::Broker);
        cluster.listeners_of(&plan).map(drop).map_err(|error| config_error(&error))
    }

    /// Its settings are resolved now: a process that cannot start would be there and do nothing.
    fn check_producer(&self, cluster: ClusterIndex, command: &KafkaCommand) -> Result<(), CommandError> {
        let KafkaCommand::AddProducer { name, interval, value_size, configs, random_keys, .. } = command else {
            unreachable!("asked for new producers only, not for {command:?}")
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
        self.check_servers(cluster, configs)
    }

    /// Starting who runs is a mistake of the script; starting who hangs is, too.
    fn check_start(&self, name: &Str) -> Result<(), CommandError> {
        let process = self.require(name)?;
        let slot = &self.slots[&process];
        if slot.liveness.is_up() {
            return Err(CommandError::AlreadyRunning(name.clone()));
        }
        match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) => {
                self.check_rate(Some(process), setup.interval.map(|interval| interval.0), setup.value_size)
            }
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => Ok(()),
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

/// Nanoseconds between two records, as records per second.
fn rate(interval: u64) -> u64 {
    1_000_000_000 / interval.max(1)
}

/// Records per second that a running producer makes by itself, and the bytes of their values.
fn load(slot: &Slot) -> (u64, u64) {
    // Only producers make records.
    let Some(producer) = slot.process.as_ref().and_then(Process::producer) else { return (0, 0) };
    (producer.workload().interval().map_or(0, |interval| rate(interval.0)), u64::from(value_size(slot)))
}

/// Bytes of each value; 0 for who is no producer.
fn value_size(slot: &Slot) -> u32 {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) => setup.value_size,
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => 0,
    }
}

/// The client's own complaint, as that of a command.
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

/// The client that a command names.
fn client_of(command: &KafkaCommand) -> Option<&Str> {
    match command {
        KafkaCommand::Send { producer: name, .. }
        | KafkaCommand::SetInterval { producer: name, .. }
        | KafkaCommand::Call { name, .. }
        | KafkaCommand::Leave { name } => Some(name),
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::AlterTopicConfig { .. }
        | KafkaCommand::ElectLeaders { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::ListTopics
        | KafkaCommand::Ask(_)
        | KafkaCommand::Via { .. }
        | KafkaCommand::AddBroker { .. }
        | KafkaCommand::AddProducer { .. }
        | KafkaCommand::AddConsumer { .. } => None,
    }
}

/// Everything that a person may have typed at will. Names of processes have their own check.
fn texts(command: &KafkaCommand) -> Vec<&Str> {
    /// Names and values.
    fn all(settings: &FlatMap<Str, Str>) -> Vec<&Str> {
        settings.iter().flat_map(|(name, value)| [name, value]).collect()
    }
    match command {
        KafkaCommand::CreateTopic { name, configs, .. } => with(all(configs), [name]),
        KafkaCommand::AlterTopicConfig { topic, set, delete } => with(with(all(set), [topic]), delete),
        KafkaCommand::AddProducer { topic, keys, configs, .. } => with(with(all(configs), [topic]), keys),
        KafkaCommand::AddConsumer { group, topics, configs, .. } => with(with(all(configs), [group]), topics),
        KafkaCommand::ElectLeaders { partitions, .. } => partitions.iter().collect(),
        KafkaCommand::AddBroker { rack, .. } => rack.iter().collect(),
        KafkaCommand::Send { topic, key, value, headers, .. } => {
            let of_headers = headers.iter().flat_map(|(name, value)| std::iter::once(name).chain(value));
            topic.iter().chain(key).chain(value).chain(of_headers).collect()
        }
        KafkaCommand::DeleteTopic { name: text }
        | KafkaCommand::AddPartitions { topic: text, .. }
        | KafkaCommand::Read { topic: text, .. } => vec![text],
        KafkaCommand::Ask(ask) => ask.texts(),
        KafkaCommand::Via { servers, command } => with(texts(command), [servers]),
        KafkaCommand::Call { call, .. } => call.partitions().iter().map(|partition| &partition.topic).collect(),
        KafkaCommand::ListTopics | KafkaCommand::SetInterval { .. } | KafkaCommand::Leave { .. } => Vec::new(),
    }
}

fn with<'a>(mut texts: Vec<&'a Str>, more: impl IntoIterator<Item = &'a Str>) -> Vec<&'a Str> {
    texts.extend(more);
    texts
}

//! Where clients are told to begin: what the names in `bootstrap.servers` lead to, whose machine `localhost` is, and the
//! admin client of one tool that was told where to begin. What a broker advertises is not here.

use crate::command::{Command, KafkaCommand};
use crate::error::CommandError;
use crate::limits::at_most;
use crate::setup::ClusterIndex;
use crate::sink::FactSink;
use crate::slot::{Liveness, Slot};
use crate::world::World;
use base::{Endpoint, FlatMap, ProcessId, Seldom, Str};
use port::{AdminSetup, ClientSetup, KafkaSetup, Listener, NodeSetup, ProcessConfig, Stays};
use std::borrow::Cow;

const SERVERS: &str = "bootstrap.servers";

/// Is it the name of one's own machine?
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "0.0.0.0" || host == "::1" || host.starts_with("127.")
}

impl World {
    /// `ClientUtils.parseAndValidateAddresses`: the servers of a list that have an address, whether or not anybody listens
    /// there. A host of another cluster would make a client one of that cluster, whatever the command says.
    ///
    /// # Errors
    /// In Kafka's words where one is no address, or none has one.
    pub(crate) fn servers(&self, cluster: ClusterIndex, given: &str) -> Result<Vec<Endpoint>, CommandError> {
        let refuse = |message: &str| Err(CommandError::Config { name: SERVERS.into(), message: message.into() });
        let mut known = Vec::new();
        for url in given.split(',').map(str::trim).filter(|url| !url.is_empty()) {
            let read = config::host_and_port(url).and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
            let Some((host, port)) = read else {
                return refuse(&format!("Invalid url in {SERVERS}: {url}"));
            };
            let at = Endpoint { host: host.into(), port };
            match self.cluster_of_host(host) {
                _own_machine if is_loopback(host) => known.push(at),
                Some(other) if other != cluster => {
                    return refuse(&format!("{host} belongs to another cluster: name that one in the command"));
                }
                Some(_) => known.push(at),
                None => {}
            }
        }
        if known.is_empty() { refuse(&format!("No resolvable bootstrap urls given in {SERVERS}")) } else { Ok(known) }
    }

    /// Hosts of a list that have no address (`ClientUtils.parseAndValidateAddresses` warns of each).
    pub fn unresolved<'l>(&self, given: &'l str) -> Vec<(&'l str, &'l str)> {
        let urls = given.split(',').map(str::trim);
        let parts = urls.filter_map(|url| Some((url, config::host_and_port(url)?.0)));
        parts.filter(|(_, host)| self.cluster_of_host(host).is_none() && !is_loopback(host)).collect()
    }

    /// Why a client of that cluster cannot be made that is to begin at these servers, in Kafka's words.
    pub fn unreachable(&self, cluster: ClusterIndex, given: &str) -> Option<Str> {
        match self.servers(cluster, given) {
            Err(CommandError::Config { message, .. }) => Some(message),
            Ok(_) | Err(_) => None,
        }
    }

    /// A client that is told nothing else gets the servers of its own cluster.
    pub(crate) fn check_servers(&self, cluster: ClusterIndex, configs: &FlatMap<Str, Str>) -> Result<(), CommandError> {
        configs.get(SERVERS).map_or(Ok(()), |given| self.servers(cluster, given).map(drop))
    }

    /// Who listens at that host; nobody does where a node only claims to.
    fn cluster_of_host(&self, host: &str) -> Option<ClusterIndex> {
        let mut listeners = self.network.listeners.iter();
        let (_, (process, _)) = listeners.find(|(endpoint, _)| &*endpoint.host == host)?;
        Some(self.cluster_of(*process))
    }

    /// A client that was told of `localhost` stands on the machine where its cluster listens to it: the one broker that
    /// advertises this very address, else the first one that listens at the port. For everybody else it is a machine of
    /// their own, where nobody is. Where listeners have names, ports of `localhost` are published (`World::led_to`).
    pub(crate) fn beside_of(&self, process: ProcessId, endpoint: &Endpoint) -> Option<(ProcessId, Listener)> {
        let is_told = || self.slots.get(&process).is_some_and(|slot| client(slot).is_some_and(is_told_of_loopback));
        (is_loopback(&endpoint.host) && is_told()).then(|| self.beside(self.cluster_of(process), endpoint))?
    }

    /// Where `localhost` leads on the machine of a cluster's nodes.
    fn beside(&self, cluster: ClusterIndex, endpoint: &Endpoint) -> Option<(ProcessId, Listener)> {
        let found = |slot: &Slot| self.listening_at(slot, endpoint.port);
        let all: Vec<&Slot> = self.slots().filter(|slot| slot.cluster == cluster && found(slot).is_some()).collect();
        let mut advertising = all.iter().filter(|slot| told_as_loopback(slot).any(|at| at.port == endpoint.port));
        let only = advertising.next().filter(|_| advertising.next().is_none());
        found(only.or(all.first())?)
    }

    /// A broker that listens on that port.
    fn listening_at(&self, slot: &Slot, port: u16) -> Option<(ProcessId, Listener)> {
        let mut listeners = self.network.listeners.iter();
        let found = listeners.find(|(at, (process, kind))| {
            *process == slot.id && matches!(kind, Listener::Broker(_)) && at.port == port
        });
        found.map(|(_, at)| *at)
    }

    /// Does a broker answer there at this moment?
    fn answers(&self, cluster: ClusterIndex, endpoint: &Endpoint) -> bool {
        let loopback = is_loopback(&endpoint.host);
        // What such a broker tells of itself leads to it only from its own machine.
        let advertised = |slot: &Slot| told_as_loopback(slot).next().is_some();
        if loopback && self.slots().any(|slot| slot.cluster == cluster && advertised(slot)) {
            return false;
        }
        let at = if loopback { self.beside(cluster, endpoint) } else { self.network.listener(endpoint) };
        let listener = at.filter(|(_, kind)| matches!(kind, Listener::Broker(_)));
        listener.is_some_and(|(process, _)| self.slots[&process].liveness == Liveness::Running)
    }

    /// Where all servers of a tool answer, its cluster's own admin client does what it asks for: one client for all tools
    /// that would find the same.
    pub fn shared<'c>(&self, command: &'c Command) -> Cow<'c, Command> {
        let Command::Kafka(named, KafkaCommand::Via { servers, .. }) = command else { return Cow::Borrowed(command) };
        let Ok(cluster) = self.require_cluster(named.as_ref()) else { return Cow::Borrowed(command) };
        let given = servers.split(',').filter(|url| !url.trim().is_empty()).count();
        let all = self.servers(cluster, servers).unwrap_or_default();
        match all.len() == given && all.iter().all(|at| self.answers(cluster, at)) {
            true => command.bare(),
            false => Cow::Borrowed(command),
        }
    }

    /// What the admin client of a tool is called that begins at these servers.
    fn tool_name(&self, cluster: ClusterIndex, servers: &str) -> Str {
        format!("{} {servers}", self.setup.admin_name(cluster)).into()
    }

    /// It needs a place, once for each list of servers.
    pub(crate) fn check_tool(&self, cluster: ClusterIndex, servers: &str) -> Result<(), CommandError> {
        match self.find(&self.tool_name(cluster, servers)) {
            Some(_) => Ok(()),
            None => at_most("processes", self.slots.len() as u64 + 1, u64::from(self.setup.limits.processes)),
        }
    }

    /// The tool's admin client. One that has ended begins anew.
    pub(crate) fn tool(
        &mut self,
        cluster: ClusterIndex,
        servers: &Str,
        facts: &mut impl FactSink,
    ) -> Result<ProcessId, CommandError> {
        let name = self.tool_name(cluster, servers);
        let process = match self.find(&name).map(|slot| slot.id) {
            Some(process) => process,
            None => {
                let bootstrap = self.servers(cluster, servers)?;
                let texts: Vec<String> = bootstrap.iter().map(|at| format!("{}:{}", at.host, at.port)).collect();
                let overrides = FlatMap::from([(Str::from(SERVERS), Str::from(texts.join(",")))]);
                let process = self.next_process();
                let client = ClientSetup { client_id: "adminclient-1".into(), bootstrap, overrides, process };
                let admin = AdminSetup { stays: Seldom(Stays::UntilAnswered) };
                self.add_slot(cluster, name, ProcessConfig::Kafka(KafkaSetup::Admin(client, admin)))
            }
        };
        if !self.slots[&process].liveness.is_up() {
            self.boot(process, facts);
        }
        Ok(process)
    }

    /// Is it the admin client of one tool?
    pub(crate) fn is_tool(&self, process: ProcessId) -> bool {
        self.slots.get(&process).is_some_and(|slot| slot.is_tool())
    }

    /// The admin client of the tool that began at these servers last, if one of its own did.
    pub fn tool_at(&self, cluster: ClusterIndex, servers: &str) -> Option<&Slot> {
        self.find(&self.tool_name(cluster, servers))
    }
}

impl Slot {
    /// With what a node is started.
    pub fn node_setup(&self) -> Option<&NodeSetup> {
        match &self.config {
            ProcessConfig::Kafka(KafkaSetup::Node(setup)) => Some(setup),
            ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        }
    }

    /// Is it the admin client of one tool, which ends with its answer?
    pub fn is_tool(&self) -> bool {
        match &self.config {
            ProcessConfig::Kafka(KafkaSetup::Admin(_, setup)) => *setup.stays == Stays::UntilAnswered,
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Consumer(..))
            | ProcessConfig::Other(_) => false,
        }
    }
}

fn node(slot: &Slot) -> Option<&NodeSetup> {
    slot.node_setup().filter(|setup| setup.roles.is_broker())
}

/// What a broker advertises that is a name of everybody's own machine.
fn told_as_loopback(slot: &Slot) -> impl Iterator<Item = &Endpoint> {
    let all = node(slot).into_iter().flat_map(|setup| setup.listeners.advertised.iter());
    all.map(|(_, at)| at).filter(|at| is_loopback(&at.host))
}

fn client(slot: &Slot) -> Option<&ClientSetup> {
    match &slot.config {
        ProcessConfig::Kafka(
            KafkaSetup::Producer(client, _) | KafkaSetup::Consumer(client, _) | KafkaSetup::Admin(client, _),
        ) => Some(client),
        ProcessConfig::Kafka(KafkaSetup::Node(_)) | ProcessConfig::Other(_) => None,
    }
}

/// Does its list of servers name its own machine?
fn is_told_of_loopback(client: &ClientSetup) -> bool {
    match client.overrides.get(SERVERS) {
        Some(given) => {
            given.split(',').any(|url| config::host_and_port(url.trim()).is_some_and(|(host, _)| is_loopback(host)))
        }
        None => client.bootstrap.iter().any(|at| is_loopback(&at.host)),
    }
}

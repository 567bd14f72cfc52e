//! What a world starts from.

use crate::admission::config_error;
use crate::error::CommandError;
use crate::limits::{Limits, MOST_CLUSTERS, at_most};
use base::{Endpoint, FlatMap, FlatSet, Span, Str};
use config::{Beside, BrokerListeners, ConfigError};
use port::{Feature, Roles};
use std::hash::{Hash, Hasher};

/// The name of the process that carries out operators' requests.
pub(crate) const ADMIN: &str = "admin";

/// A world before its first event. With a seed it names one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// At least one; commands that name none are for the first.
    pub clusters: Vec<ClusterPlan>,
    pub network: NetworkSetup,
    pub service: ServiceTimes,
    pub limits: Limits,
}

/// One cluster before its first event. Clusters of a world share its network and its clock and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClusterPlan {
    /// `cluster.id`, and what commands call it.
    pub cluster_id: Str,
    pub nodes: Vec<NodePlan>,
    pub features: FlatSet<Feature>,
    /// Server settings of every node that differ from the release's defaults.
    pub overrides: FlatMap<Str, Str>,
}

/// Where controllers listen where nobody says otherwise, as in the files that come with Kafka.
const CONTROLLER_PORT: u16 = 9093;

/// Which of a world's clusters, counted from 0 in the order of its setup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClusterIndex(pub u16);

/// That there are several shows in a digest where there are several: a world of one has the digests it always had.
impl Hash for ClusterIndex {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if *self != ClusterIndex::FIRST {
            self.0.hash(state);
        }
    }
}

impl ClusterIndex {
    /// The one that is meant where none is named.
    pub const FIRST: ClusterIndex = ClusterIndex(0);
}

/// As [`ClusterIndex`]: further clusters are added to what one cluster alone says.
impl Hash for Setup {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (first, others) = self.clusters.split_at(self.clusters.len().min(1));
        first.iter().for_each(|cluster| cluster.hash(state));
        (&self.network, &self.service, &self.limits).hash(state);
        if !others.is_empty() {
            others.hash(state);
        }
    }
}

/// One node to start with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePlan {
    /// How commands call it: `1`, `c2`.
    pub name: Str,
    /// `node.id`.
    pub node: i32,
    pub roles: Roles,
    pub rack: Option<Str>,
    /// Server settings of this node alone, over those of the cluster.
    pub overrides: FlatMap<Str, Str>,
    /// What its metadata tells clients to connect to (`advertised.listeners`), where that is not the host it has here.
    pub advertised: Option<Endpoint>,
}

/// What few nodes have counts only where they have it: other runs keep their digests.
impl Hash for NodePlan {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, self.node, self.roles, &self.rack).hash(state);
        if !self.overrides.is_empty() || self.advertised.is_some() {
            (&self.overrides, &self.advertised).hash(state);
        }
    }
}

impl NodePlan {
    /// A node that is set up as its whole cluster is.
    pub fn new(name: impl Into<Str>, node: i32, roles: Roles) -> NodePlan {
        NodePlan { name: name.into(), node, roles, rack: None, overrides: FlatMap::new(), advertised: None }
    }

    /// Can whoever is told of such a host reach somebody else there? Nobody else is on one's own machine, and `.invalid` is
    /// the name that nobody has (RFC 2606).
    pub fn leads_to_its_node(host: &str) -> bool {
        !crate::servers::is_loopback(host) && !host.ends_with(".invalid")
    }
}

/// How long messages travel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetworkSetup {
    /// One way, the least.
    pub latency: Span,
    /// Up to this much more, drawn per message.
    pub jitter: Span,
    /// Nanoseconds per KiB on the wire.
    pub per_kib: Span,
    /// How long an attempt to connect waits in silence (`socket.connection.setup.timeout.ms`).
    pub connect_timeout: Span,
}

/// What work costs a node, in virtual time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceTimes {
    /// Per message, deadline or operator request.
    pub per_event: Span,
    /// Per KiB of the message.
    pub per_kib: Span,
}

impl Default for NetworkSetup {
    fn default() -> Self {
        NetworkSetup {
            latency: Span::from_micros(300),
            jitter: Span::from_micros(200),
            per_kib: Span::from_micros(8),
            connect_timeout: Span::from_secs(10),
        }
    }
}

impl Default for ServiceTimes {
    fn default() -> Self {
        ServiceTimes { per_event: Span::from_micros(15), per_kib: Span::from_micros(2) }
    }
}

impl ServiceTimes {
    /// How long a process is busy with something of so many bytes.
    pub(crate) fn cost(&self, bytes: u64) -> Span {
        self.per_event + Span(self.per_kib.0 * bytes / 1_024)
    }
}

impl ClusterPlan {
    /// The first cluster of a world, of `brokers` brokers 1, 2, … and `controllers` separate controllers c1, c2, …
    /// (`node.id` 101, 102, …) with Kafka's defaults.
    pub fn first(brokers: i32, controllers: i32) -> ClusterPlan {
        ClusterPlan::of("blumfeld", "", (brokers, controllers))
    }

    /// A further cluster. Nodes are called after it, `west-1` and `west-c1`; their `node.id`s are counted as in any cluster.
    pub fn further(cluster_id: &str, brokers: i32, controllers: i32) -> ClusterPlan {
        ClusterPlan::of(cluster_id, &format!("{cluster_id}-"), (brokers, controllers))
    }

    /// Names begin with the prefix, so that two clusters can have the same numbers.
    fn of(cluster_id: &str, prefix: &str, (brokers, controllers): (i32, i32)) -> ClusterPlan {
        let broker = |id: i32| NodePlan::new(format!("{prefix}{id}"), id, Roles::Broker);
        let controller = |id: i32| NodePlan::new(format!("{prefix}c{id}"), 100 + id, Roles::Controller);
        ClusterPlan {
            cluster_id: cluster_id.into(),
            nodes: (1..=controllers).map(controller).chain((1..=brokers).map(broker)).collect(),
            features: FlatSet::from([Feature::EligibleLeaderReplicas]),
            overrides: FlatMap::new(),
        }
    }

    /// The same with brokers and controllers in the same processes.
    #[must_use]
    pub fn combined(mut self) -> ClusterPlan {
        self.nodes.iter_mut().for_each(|plan| plan.roles = Roles::Combined);
        self
    }

    /// Can a further cluster be called so? Its nodes and hosts are called after it.
    pub fn is_name(name: &str) -> bool {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=20).contains(&name.len()) && name.bytes().all(legal)
    }

    /// What would only be found when a node does not start.
    fn check(&self, limits: &Limits) -> Result<(), CommandError> {
        let controllers = self.nodes.iter().filter(|plan| plan.roles.is_controller()).count() as u64;
        if controllers == 0 || !self.nodes.iter().any(|plan| plan.roles.is_broker()) {
            return Err(CommandError::Unstartable("a cluster needs a controller and a broker"));
        }
        at_most("controllers", controllers, u64::from(limits.controllers))?;
        let numbers: FlatSet<i32> = self.nodes.iter().map(|plan| plan.node).collect();
        if numbers.len() != self.nodes.len() {
            return Err(CommandError::Unstartable("every node needs a name and a number of its own"));
        }
        let racks = self.nodes.iter().filter_map(|plan| plan.rack.as_ref());
        let hosts = self.nodes.iter().filter_map(|plan| Some(&plan.advertised.as_ref()?.host));
        racks.chain(hosts).chain([&self.cluster_id]).try_for_each(|text| limits.check_text(text))?;
        self.settings().iter().try_for_each(|settings| check_settings(settings, limits))?;
        self.nodes.iter().try_for_each(|plan| self.listeners_of(plan).map(drop).map_err(|error| config_error(&error)))
    }

    /// The server settings of each kind of node: those of all, and those of every node that has some of its own.
    pub fn settings(&self) -> Vec<FlatMap<Str, Str>> {
        let own = self.nodes.iter().filter(|plan| !plan.overrides.is_empty()).map(|plan| self.settings_of(plan));
        std::iter::once(self.overrides.clone()).chain(own).collect()
    }

    /// Listeners that a broker's settings say; `None`: it has the one that Kafka has by itself.
    ///
    /// # Errors
    /// What Kafka says of them.
    pub fn listeners_of(&self, plan: &NodePlan) -> Result<Option<BrokerListeners>, ConfigError> {
        let beside = if plan.roles.is_controller() { Beside::Controller } else { Beside::Nothing };
        if !plan.roles.is_broker() {
            return Ok(None);
        }
        let listeners = BrokerListeners::read(&self.settings_of(plan), beside)?;
        if listeners.is_some() && plan.advertised.is_some() {
            let message =
                "advertised= is for the one listener that nobody has named: where listeners are set, say it there.";
            return Err(ConfigError::about("advertised.listeners", message));
        }
        Ok(listeners)
    }

    /// Where a controller listens, as far as its settings say.
    pub fn controller_port(&self, plan: &NodePlan) -> u16 {
        let said = self.listeners_of(plan).ok().flatten().and_then(|listeners| listeners.controller);
        said.unwrap_or(CONTROLLER_PORT)
    }

    /// What a node's `server.properties` sets: the cluster's settings and its own over them.
    pub fn settings_of(&self, plan: &NodePlan) -> FlatMap<Str, Str> {
        let mut settings = self.overrides.clone();
        settings.extend(plan.overrides.iter().map(|(name, value)| (name.clone(), value.clone())));
        settings
    }
}

/// Would a node start with them?
fn check_settings(settings: &FlatMap<Str, Str>, limits: &Limits) -> Result<(), CommandError> {
    settings.iter().flat_map(|(name, value)| [name, value]).try_for_each(|text| limits.check_text(text))?;
    config::BrokerConfig::resolve(settings).map_err(|error| config_error(&error))?;
    // Listeners are read by themselves: a running broker cannot be given others.
    let is_apart = |name: &Str| config::LISTENER_SETTINGS.contains(&&**name);
    let settings = settings.iter().filter(|(name, _)| !is_apart(name));
    let settings = settings.map(|(name, value)| (name.clone(), value.clone())).collect();
    match config::not_modelled(config::Scope::Broker, &settings) {
        Some(lacking) => Err(CommandError::NotModelled(lacking)),
        None => Ok(()),
    }
}

impl Setup {
    /// One cluster of `brokers` brokers 1, 2, … and `controllers` separate controllers c1, c2, …
    /// (`node.id` 101, 102, …) with Kafka's defaults.
    pub fn new(brokers: i32, controllers: i32) -> Setup {
        Setup::of(ClusterPlan::first(brokers, controllers))
    }

    /// Brokers and controllers in the same processes, 1 to `nodes`.
    pub fn combined(nodes: i32) -> Setup {
        Setup::of(ClusterPlan::first(nodes, 0).combined())
    }

    /// A world of this cluster, on the usual network.
    pub fn of(cluster: ClusterPlan) -> Setup {
        Setup {
            clusters: vec![cluster],
            network: NetworkSetup::default(),
            service: ServiceTimes::default(),
            limits: Limits::default(),
        }
    }

    /// The first cluster.
    ///
    /// # Panics
    /// If there is none, which [`Setup::check`] refuses.
    pub fn first(&self) -> &ClusterPlan {
        &self.clusters[0]
    }

    /// As [`Setup::first`].
    ///
    /// # Panics
    /// As [`Setup::first`].
    pub fn first_mut(&mut self) -> &mut ClusterPlan {
        &mut self.clusters[0]
    }

    /// `None`: there are not so many.
    pub fn cluster(&self, index: ClusterIndex) -> Option<&ClusterPlan> {
        self.clusters.get(usize::from(index.0))
    }

    /// Every cluster with its place.
    pub fn clusters(&self) -> impl Iterator<Item = (ClusterIndex, &ClusterPlan)> {
        (0..).map(ClusterIndex).zip(&self.clusters)
    }

    /// Can these clusters be started, and do they fit into one world?
    ///
    /// # Errors
    /// A sentence that says what is wrong; for settings Kafka's own.
    pub fn check(&self) -> Result<(), CommandError> {
        if self.clusters.is_empty() {
            return Err(CommandError::Unstartable("a cluster needs a controller and a broker"));
        }
        at_most("clusters", self.clusters.len() as u64, MOST_CLUSTERS)?;
        self.clusters.iter().try_for_each(|cluster| cluster.check(&self.limits))?;
        let further = self.clusters.iter().skip(1).map(|cluster| &cluster.cluster_id);
        if let Some(value) = further.into_iter().find(|name| !ClusterPlan::is_name(name)).cloned() {
            return Err(CommandError::Malformed { what: "name of a cluster", value });
        }
        let nodes: u64 = self.clusters.iter().map(|cluster| cluster.nodes.len() as u64).sum();
        at_most("processes", nodes, u64::from(self.limits.processes))?;
        let ids: FlatSet<&str> = self.clusters.iter().map(|cluster| &*cluster.cluster_id).collect();
        if ids.len() != self.clusters.len() {
            return Err(CommandError::Unstartable("every cluster needs an id of its own"));
        }
        let admins: Vec<Str> = self.clusters().map(|(index, _)| self.admin_name(index)).collect();
        let nodes = self.clusters.iter().flat_map(|cluster| &cluster.nodes).map(|plan| &plan.name);
        let names: Vec<&Str> = nodes.chain(&admins).collect();
        if names.iter().copied().collect::<FlatSet<&Str>>().len() != names.len() {
            return Err(CommandError::Unstartable("every node needs a name and a number of its own"));
        }
        self.check_topics()
    }

    /// What the process is called that carries out what operators ask of this cluster: `admin`, of a further one
    /// `west-admin`.
    pub(crate) fn admin_name(&self, index: ClusterIndex) -> Str {
        match self.cluster(index) {
            Some(cluster) if index != ClusterIndex::FIRST => format!("{}-{ADMIN}", cluster.cluster_id).into(),
            Some(_) | None => ADMIN.into(),
        }
    }

    /// What a broker is called: by its number, in a further cluster `west-4`.
    pub fn broker_name(&self, index: ClusterIndex, node: i32) -> Str {
        match self.cluster(index) {
            Some(cluster) if index != ClusterIndex::FIRST => format!("{}-{node}", cluster.cluster_id).into(),
            Some(_) | None => node.to_string().into(),
        }
    }

    /// The same with one server setting changed on every node of every cluster.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Setup {
        self.clusters.iter_mut().for_each(|cluster| {
            cluster.overrides.insert(name.into(), value.into());
        });
        self
    }

    /// The same with one more cluster.
    #[must_use]
    pub fn and(mut self, cluster: ClusterPlan) -> Setup {
        self.clusters.push(cluster);
        self
    }
}

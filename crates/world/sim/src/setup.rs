//! What a world starts from.

use crate::admission::config_error;
use crate::error::CommandError;
use crate::limits::{Limits, at_most};
use base::{FlatMap, FlatSet, Span, Str};
use port::{Feature, Roles};

/// The name of the process that carries out operators' requests.
pub(crate) const ADMIN: &str = "admin";

/// A cluster before its first event. With a seed it names one run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    pub cluster_id: Str,
    pub nodes: Vec<NodePlan>,
    pub features: FlatSet<Feature>,
    /// Server settings of every node that differ from the release's defaults.
    pub overrides: FlatMap<Str, Str>,
    pub network: NetworkSetup,
    pub service: ServiceTimes,
    pub limits: Limits,
}

/// One node to start with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodePlan {
    /// How commands call it: `1`, `c2`.
    pub name: Str,
    /// `node.id`.
    pub node: i32,
    pub roles: Roles,
    pub rack: Option<Str>,
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

impl Setup {
    /// A cluster of `brokers` brokers 1, 2, … and `controllers` separate controllers c1, c2, …
    /// (`node.id` 101, 102, …) with Kafka's defaults.
    pub fn new(brokers: i32, controllers: i32) -> Setup {
        let broker = |id: i32| NodePlan { name: id.to_string().into(), node: id, roles: Roles::Broker, rack: None };
        let controller =
            |id: i32| NodePlan { name: format!("c{id}").into(), node: 100 + id, roles: Roles::Controller, rack: None };
        Setup {
            cluster_id: "blumfeld".into(),
            nodes: (1..=controllers).map(controller).chain((1..=brokers).map(broker)).collect(),
            features: FlatSet::from([Feature::EligibleLeaderReplicas]),
            overrides: FlatMap::new(),
            network: NetworkSetup::default(),
            service: ServiceTimes::default(),
            limits: Limits::default(),
        }
    }

    /// Brokers and controllers in the same processes, 1 to `nodes`.
    pub fn combined(nodes: i32) -> Setup {
        let mut setup = Setup::new(nodes, 0);
        setup.nodes.iter_mut().for_each(|plan| plan.roles = Roles::Combined);
        setup
    }

    /// Can this cluster be started, and does it fit into one world?
    ///
    /// # Errors
    /// A sentence that says what is wrong; for settings Kafka's own.
    pub fn check(&self) -> Result<(), CommandError> {
        let controllers = self.nodes.iter().filter(|plan| plan.roles.is_controller()).count() as u64;
        if controllers == 0 || !self.nodes.iter().any(|plan| plan.roles.is_broker()) {
            return Err(CommandError::Unstartable("a cluster needs a controller and a broker"));
        }
        at_most("controllers", controllers, u64::from(self.limits.controllers))?;
        at_most("processes", self.nodes.len() as u64, u64::from(self.limits.processes))?;
        let numbers: FlatSet<i32> = self.nodes.iter().map(|plan| plan.node).collect();
        let names: FlatSet<&str> = self.nodes.iter().map(|plan| &*plan.name).collect();
        if numbers.len() != self.nodes.len() || names.len() != self.nodes.len() || names.contains(ADMIN) {
            return Err(CommandError::Unstartable("every node needs a name and a number of its own"));
        }
        let racks = self.nodes.iter().filter_map(|plan| plan.rack.as_ref());
        let texts = self.overrides.iter().flat_map(|(name, value)| [name, value]).chain([&self.cluster_id]);
        racks.chain(texts).try_for_each(|text| self.limits.check_text(text))?;
        self.check_overrides()
    }

    fn check_overrides(&self) -> Result<(), CommandError> {
        config::BrokerConfig::resolve(&self.overrides).map_err(|error| config_error(&error))?;
        if let Some(lacking) = config::not_modelled(config::Scope::Broker, &self.overrides) {
            return Err(CommandError::NotModelled(lacking));
        }
        self.check_topics()
    }

    /// The same with one server setting changed on every node.
    pub fn with(mut self, name: &str, value: &str) -> Setup {
        self.overrides.insert(name.into(), value.into());
        self
    }
}

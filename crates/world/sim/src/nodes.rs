//! Nodes as processes of a world: what each is started with and where it is reached.

use crate::setup::{ClusterIndex, ClusterPlan, NodePlan};
use crate::world::World;
use base::{BrokerId, Endpoint, Endpoints, FlatMap, ListenerIndex, ProcessId, Str};
use config::{Beside, BrokerListener, BrokerListeners};
use port::{ClientSetup, KafkaSetup, Listener, Listeners, NodeSetup, ProcessConfig, Voter};

impl World {
    /// A node and its listeners, which are there whether it runs or not.
    pub(crate) fn add_node(&mut self, cluster: ClusterIndex, plan: &NodePlan) -> ProcessId {
        let config = self.node_setup(cluster, plan);
        let controller = config.controller_endpoint.clone();
        let reached = self.reached(cluster, plan, &config);
        let id = self.add_slot(cluster, plan.name.clone(), ProcessConfig::Kafka(KafkaSetup::Node(config)));
        if plan.roles.is_broker() {
            // A host that it only claims to have leads to whom it belongs.
            for (endpoint, listener) in reached {
                if self.network.listener(&endpoint).is_none() {
                    self.network.listeners.insert(endpoint, (id, Listener::Broker(listener)));
                }
            }
        }
        if plan.roles.is_controller() {
            self.network.listeners.insert(controller, (id, Listener::Controller));
        }
        id
    }

    /// Every address that leads to the node, with the listener there. Its own host and each that it advertises have all its
    /// ports; a port of `localhost` is that of whoever publishes it, where listeners have names.
    fn reached(&self, index: ClusterIndex, plan: &NodePlan, setup: &NodeSetup) -> Vec<(Endpoint, ListenerIndex)> {
        let own = self.host_of(index, plan.node);
        let leads = |endpoint: &Endpoint| NodePlan::leads_to_its_node(&endpoint.host);
        let Some(listeners) = self.listeners_of(index, plan) else {
            let advertised = setup.listeners.advertised.iter().map(|(_, endpoint)| endpoint.clone());
            return std::iter::once(own).chain(advertised).filter(leads).map(|at| (at, ListenerIndex::FIRST)).collect();
        };
        let numbered = || (0..).map(ListenerIndex).zip(&listeners.all);
        let mut hosts = vec![own.host];
        for (_, at) in setup.listeners.advertised.iter().filter(|(_, at)| leads(at)) {
            if !hosts.contains(&at.host) {
                hosts.push(at.host.clone());
            }
        }
        let mut reached = Vec::new();
        for (number, listener) in numbered() {
            reached.extend(setup.listeners.advertised.of(&listener.name).map(|at| (at.clone(), number)));
        }
        for host in hosts {
            reached.extend(
                numbered().map(|(number, listener)| (Endpoint { host: host.clone(), port: listener.port }, number)),
            );
        }
        reached
    }

    /// What the plan says of its listeners, which was checked when the world was set up.
    fn listeners_of(&self, index: ClusterIndex, plan: &NodePlan) -> Option<BrokerListeners> {
        let cluster = self.setup.cluster(index).expect("whoever adds a node has looked for its cluster");
        cluster.listeners_of(plan).ok().flatten()
    }

    /// Where clients and brokers reach a node: by each listener, or by the one that Kafka has by itself.
    fn listeners(&self, index: ClusterIndex, plan: &NodePlan) -> Listeners {
        let own = self.host_of(index, plan.node);
        let Some(listeners) = self.listeners_of(index, plan) else {
            return Listeners::plaintext(plan.advertised.clone().unwrap_or(own));
        };
        let told = |listener: &BrokerListener| {
            let Endpoint { host, port } = listener.advertised.clone()?;
            // Who gives no host tells what the machine is called.
            let host = if host.is_empty() { own.host.clone() } else { host };
            Some((listener.name.clone(), Endpoint { host, port }))
        };
        Listeners {
            names: listeners.all.iter().map(|listener| listener.name.clone()).collect(),
            advertised: Endpoints::new(listeners.all.iter().filter_map(told).collect()),
            inter_broker: listeners.inter_broker,
        }
    }

    /// `server.properties` of a node, with the voters that every node is told (controller.quorum.bootstrap.servers).
    fn node_setup(&self, index: ClusterIndex, plan: &NodePlan) -> NodeSetup {
        let cluster = self.setup.cluster(index).expect("whoever adds a node has looked for its cluster");
        let domain = (index != ClusterIndex::FIRST).then_some(&cluster.cluster_id);
        let controllers = cluster.nodes.iter().filter(|each| each.roles.is_controller());
        let voters = controllers
            .map(|each| Voter { id: BrokerId(each.node), endpoint: controller_endpoint(cluster, each, domain) });
        NodeSetup {
            cluster_id: cluster.cluster_id.clone(),
            node: BrokerId(plan.node),
            roles: plan.roles,
            listeners: self.listeners(index, plan),
            controller_endpoint: controller_endpoint(cluster, plan, domain),
            rack: plan.rack.clone(),
            voters: voters.collect(),
            features: cluster.features.clone(),
            overrides: cluster.settings_of(plan),
            topic_policy: self.setup.topic_policy(),
        }
    }

    /// Where a broker listens, whatever it advertises: `broker-1:9092`.
    fn host_of(&self, index: ClusterIndex, node: i32) -> Endpoint {
        let named = self.setup.cluster(index).filter(|_| index != ClusterIndex::FIRST);
        Endpoint { host: host("broker", node, named.map(|cluster| &cluster.cluster_id)), port: 9092 }
    }

    /// Where a client that was told nothing else asks first: the port that brokers use among themselves.
    fn door_of(&self, index: ClusterIndex, setup: &NodeSetup) -> Endpoint {
        let own = self.host_of(index, setup.node.0);
        let beside = if setup.roles.is_controller() { Beside::Controller } else { Beside::Nothing };
        let listeners = BrokerListeners::read(&setup.overrides, beside).ok().flatten();
        let port = listeners.as_ref().and_then(|all| Some(all.for_brokers()?.port)).unwrap_or(own.port);
        Endpoint { port, ..own }
    }

    /// A client that knows every broker that its cluster has at this moment.
    pub(crate) fn client_setup(
        &self,
        cluster: ClusterIndex,
        client_id: &Str,
        overrides: FlatMap<Str, Str>,
    ) -> ClientSetup {
        let of_cluster = self.slots().filter(|slot| slot.cluster == cluster);
        let bootstrap = of_cluster.filter_map(|slot| match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker() => {
                Some(self.door_of(cluster, setup))
            }
            ProcessConfig::Kafka(
                KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..),
            )
            | ProcessConfig::Other(_) => None,
        });
        let (bootstrap, process) = (bootstrap.collect(), self.next_process());
        ClientSetup { client_id: client_id.clone(), bootstrap, overrides, process }
    }
}

fn controller_endpoint(cluster: &ClusterPlan, plan: &NodePlan, domain: Option<&Str>) -> Endpoint {
    let kind = if plan.roles.is_broker() { "broker" } else { "controller" };
    Endpoint { host: host(kind, plan.node, domain), port: cluster.controller_port(plan) }
}

/// `broker-1`, in a further cluster `broker-1.west`.
fn host(kind: &str, node: i32, domain: Option<&Str>) -> Str {
    match domain {
        None => format!("{kind}-{node}").into(),
        Some(domain) => format!("{kind}-{node}.{domain}").into(),
    }
}

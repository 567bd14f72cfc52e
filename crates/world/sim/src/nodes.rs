//! Nodes as processes of a world: what each is started with and where it is reached.

use crate::setup::{ClusterIndex, NodePlan};
use crate::world::World;
use base::{BrokerId, Endpoint, FlatMap, ProcessId, Str};
use port::{ClientSetup, KafkaSetup, Listener, NodeSetup, ProcessConfig, Voter};

impl World {
    /// A node and its listeners, which are there whether it runs or not.
    pub(crate) fn add_node(&mut self, cluster: ClusterIndex, plan: &NodePlan) -> ProcessId {
        let config = self.node_setup(cluster, plan);
        let controller = config.controller_endpoint.clone();
        let endpoints = [self.host_of(cluster, plan.node), config.endpoint.clone()];
        let id = self.add_slot(cluster, plan.name.clone(), ProcessConfig::Kafka(KafkaSetup::Node(config)));
        if plan.roles.is_broker() {
            // A host that it only claims to have leads nowhere, or to whom it belongs.
            let own = endpoints.into_iter().filter(|endpoint| NodePlan::leads_to_its_node(&endpoint.host));
            let own: Vec<Endpoint> = own.filter(|endpoint| self.network.listener(endpoint).is_none()).collect();
            own.into_iter().for_each(|own| {
                self.network.listeners.insert(own, (id, Listener::Broker));
            });
        }
        if plan.roles.is_controller() {
            self.network.listeners.insert(controller, (id, Listener::Controller));
        }
        id
    }

    /// `server.properties` of a node, with the voters that every node is told (controller.quorum.bootstrap.servers).
    fn node_setup(&self, index: ClusterIndex, plan: &NodePlan) -> NodeSetup {
        let cluster = self.setup.cluster(index).expect("whoever adds a node has looked for its cluster");
        let domain = (index != ClusterIndex::FIRST).then_some(&cluster.cluster_id);
        let controllers = cluster.nodes.iter().filter(|each| each.roles.is_controller());
        let voters =
            controllers.map(|each| Voter { id: BrokerId(each.node), endpoint: controller_endpoint(each, domain) });
        NodeSetup {
            cluster_id: cluster.cluster_id.clone(),
            node: BrokerId(plan.node),
            roles: plan.roles,
            endpoint: plan.advertised.clone().unwrap_or_else(|| self.host_of(index, plan.node)),
            controller_endpoint: controller_endpoint(plan, domain),
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
                Some(self.host_of(cluster, setup.node.0))
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

fn controller_endpoint(plan: &NodePlan, domain: Option<&Str>) -> Endpoint {
    let kind = if plan.roles.is_broker() { "broker" } else { "controller" };
    Endpoint { host: host(kind, plan.node, domain), port: 9093 }
}

/// `broker-1`, in a further cluster `broker-1.west`.
fn host(kind: &str, node: i32, domain: Option<&Str>) -> Str {
    match domain {
        None => format!("{kind}-{node}").into(),
        Some(domain) => format!("{kind}-{node}.{domain}").into(),
    }
}

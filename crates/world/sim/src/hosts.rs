//! Who knows which host: the machine that one stands on has its own `localhost`, and names of a network of containers are known
//! within it only. That matters where brokers have several listeners, one for each side (`advertised.listeners`).
//!
//! A client stands outside where it knows its brokers by `localhost` alone, as on the machine whose ports lead to containers:
//! there a name without a dot is nobody's, and a port of `localhost` leads to the listener that advertises it. Everybody else
//! stands inside and has nobody at his own `localhost`. Where nobody has named a listener there is no such side: whoever is
//! told of `localhost` stands on the brokers' machine (`World::beside_of`).

use crate::setup::{ClusterIndex, NodePlan};
use crate::world::World;
use base::{Endpoint, ProcessId};
use port::{KafkaSetup, Listener, ProcessConfig};

impl World {
    /// Whom the process reaches at that address.
    pub(crate) fn led_to(&self, process: ProcessId, endpoint: &Endpoint) -> Option<(ProcessId, Listener)> {
        let at = self.network.listener(endpoint)?;
        if !at.1.is_for_clients() {
            return Some(at);
        }
        let is_published = !NodePlan::leads_to_its_node(&endpoint.host);
        let is_named_there = endpoint.host.contains('.') && !is_published;
        let leads = if self.stands_outside(process) { is_published || is_named_there } else { !is_published };
        leads.then_some(at)
    }

    /// Has the host an address where the process stands? Nobody asks for the others of a world without a side outside.
    pub(crate) fn knows(&self, process: ProcessId, host: &str) -> bool {
        host.contains('.') || !NodePlan::leads_to_its_node(host) || !self.stands_outside(process)
    }

    /// A client that was told of `localhost` alone, of a cluster whose brokers have a side outside.
    fn stands_outside(&self, process: ProcessId) -> bool {
        let client = match self.slots.get(&process).map(|slot| &slot.config) {
            Some(ProcessConfig::Kafka(
                KafkaSetup::Producer(client, _) | KafkaSetup::Consumer(client, _) | KafkaSetup::Admin(client, _),
            )) => client,
            Some(ProcessConfig::Kafka(KafkaSetup::Node(_)) | ProcessConfig::Other(_)) | None => return false,
        };
        let is_own =
            |url: &str| config::host_and_port(url.trim()).is_some_and(|(host, _)| !NodePlan::leads_to_its_node(host));
        client.overrides.get("bootstrap.servers").is_some_and(|servers| servers.split(',').all(is_own))
            && self.has_named_listeners(self.cluster_of(process))
    }

    /// Has a broker of the cluster listeners that somebody has named?
    fn has_named_listeners(&self, cluster: ClusterIndex) -> bool {
        let mut nodes = self.slots().filter(|slot| slot.cluster == cluster).filter_map(|slot| slot.node_setup());
        nodes.any(|setup| setup.roles.is_broker() && setup.listeners.advertised.are_named())
    }
}

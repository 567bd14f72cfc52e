//! A cluster's setup in a link: usually two counts. Limits never travel: whoever opens a link keeps
//! his own.

use super::bytes::{ReadError, Reader, Writer};
use crate::limits::NODES;
use base::{Endpoint, Span};
use port::{Feature, Roles};
use sim::{ClusterIndex, ClusterPlan, MOST_CLUSTERS, NetworkSetup, NodePlan, ServiceTimes, Setup};

/// The longest span of a setup: an hour.
const SPAN: u64 = 3_600_000_000_000;
/// A jitter is drawn from 32 bits.
const JITTER: Span = Span::from_secs(4);

/// Stands before the number of clusters where there are several.
const SEVERAL: u8 = 3;
/// The form of nodes of which one has settings or an address of its own.
const WITH_OWN: u8 = 4;

/// One cluster begins with its form; several with a number that is no form, so that older links read as ever.
pub(crate) fn write(writer: &mut Writer, setup: &Setup) {
    if setup.clusters.len() > 1 {
        writer.byte(SEVERAL);
        writer.number(setup.clusters.len() as u64);
    }
    setup.clusters().for_each(|(index, plan)| write_cluster(writer, index, plan));
    write_times(writer, setup);
}

/// Two counts where nodes are called as usual, a list otherwise.
fn write_cluster(writer: &mut Writer, index: ClusterIndex, plan: &ClusterPlan) {
    let controllers = plan.nodes.iter().filter(|plan| plan.roles == Roles::Controller).count() as i32;
    let brokers = plan.nodes.len() as i32 - controllers;
    let usual = usual(index, &plan.cluster_id, (brokers, controllers));
    if plan.nodes == usual.nodes {
        writer.byte(0);
        writer.number(brokers as u64);
        writer.number(controllers as u64);
    } else if controllers == 0 && plan.nodes == usual.combined().nodes {
        writer.byte(1);
        writer.number(brokers as u64);
    } else if plan.nodes.iter().all(|plan| plan.overrides.is_empty() && plan.advertised.is_none()) {
        writer.byte(2);
        writer.list(&plan.nodes, write_node);
    } else {
        writer.byte(WITH_OWN);
        writer.list(&plan.nodes, |writer, plan| {
            write_node(writer, plan);
            write_own(writer, plan);
        });
    }
    writer.name(&plan.cluster_id);
    writer.byte(u8::from(plan.features.contains(&Feature::EligibleLeaderReplicas)));
    writer.settings(&plan.overrides);
}

/// Nodes that are called as in any cluster at that place.
fn usual(index: ClusterIndex, cluster_id: &str, (brokers, controllers): (i32, i32)) -> ClusterPlan {
    match index {
        ClusterIndex::FIRST => ClusterPlan::first(brokers, controllers),
        ClusterIndex(_) => ClusterPlan::further(cluster_id, brokers, controllers),
    }
}

/// Name, `node.id`, roles, rack.
fn write_node(writer: &mut Writer, plan: &NodePlan) {
    writer.name(&plan.name);
    writer.signed(i64::from(plan.node));
    writer.byte(match plan.roles {
        Roles::Broker => 0,
        Roles::Controller => 1,
        Roles::Combined => 2,
    });
    writer.optional(plan.rack.as_ref());
}

/// What this node alone has: settings, then host and port.
fn write_own(writer: &mut Writer, plan: &NodePlan) {
    writer.settings(&plan.overrides);
    writer.optional(plan.advertised.as_ref().map(|endpoint| &endpoint.host));
    if let Some(endpoint) = &plan.advertised {
        writer.number(endpoint.port.into());
    }
}

/// A flag where they are the usual ones.
fn write_times(writer: &mut Writer, setup: &Setup) {
    let usual = setup.network == NetworkSetup::default() && setup.service == ServiceTimes::default();
    writer.byte(u8::from(!usual));
    if !usual {
        let network = &setup.network;
        let spans = [network.latency, network.jitter, network.per_kib, network.connect_timeout];
        let service = [setup.service.per_event, setup.service.per_kib];
        spans.iter().chain(&service).for_each(|span| writer.number(span.0));
    }
}

/// A setup that could not start is refused here: nobody should have to find out by playing it.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Setup, ReadError> {
    let (clusters, first) = match reader.byte()? {
        SEVERAL => match reader.number()? {
            count if (2..=MOST_CLUSTERS).contains(&count) => (count as u16, reader.byte()?),
            _none_or_too_many => return Err(ReadError::Nonsense),
        },
        form => (1, form),
    };
    let mut setup = Setup::of(read_cluster(reader, ClusterIndex::FIRST, first)?);
    for index in 1..clusters {
        let form = reader.byte()?;
        setup = setup.and(read_cluster(reader, ClusterIndex(index), form)?);
    }
    read_times(reader, &mut setup)?;
    match setup.check() {
        Ok(()) => Ok(setup),
        Err(_cannot_start) => Err(ReadError::Nonsense),
    }
}

/// Bounded: a network that takes years would hang whoever plays it.
fn read_times(reader: &mut Reader<'_>, setup: &mut Setup) -> Result<(), ReadError> {
    if reader.flag()? {
        let mut span = || match reader.number()? {
            nanos if nanos <= SPAN => Ok(Span(nanos)),
            _too_long => Err(ReadError::Nonsense),
        };
        setup.network = NetworkSetup { latency: span()?, jitter: span()?, per_kib: span()?, connect_timeout: span()? };
        setup.service = ServiceTimes { per_event: span()?, per_kib: span()? };
        if setup.network.jitter > JITTER {
            return Err(ReadError::Nonsense);
        }
    }
    Ok(())
}

/// How the nodes are told.
enum Nodes {
    Usual(i32, i32),
    Combined(i32),
    Listed(Vec<NodePlan>),
}

/// See `write_cluster`.
fn read_cluster(reader: &mut Reader<'_>, index: ClusterIndex, form: u8) -> Result<ClusterPlan, ReadError> {
    let nodes = read_nodes(reader, form)?;
    let cluster_id = reader.name()?;
    if index != ClusterIndex::FIRST && !ClusterPlan::is_name(&cluster_id) {
        return Err(ReadError::Nonsense);
    }
    let mut plan = match nodes {
        Nodes::Usual(brokers, controllers) => usual(index, &cluster_id, (brokers, controllers)),
        Nodes::Combined(nodes) => usual(index, &cluster_id, (nodes, 0)).combined(),
        Nodes::Listed(nodes) => ClusterPlan { nodes, ..usual(index, &cluster_id, (0, 0)) },
    };
    plan.cluster_id = cluster_id;
    if !reader.flag()? {
        plan.features.clear();
    }
    plan.overrides = reader.settings()?;
    // Switches of test builds never travel.
    plan.overrides.retain(|name, _| !name.starts_with("blumfeld."));
    Ok(plan)
}

/// By the form that was read already.
fn read_nodes(reader: &mut Reader<'_>, form: u8) -> Result<Nodes, ReadError> {
    let count = |reader: &mut Reader<'_>| match reader.number()? {
        count if count <= NODES as u64 => Ok(count as i32),
        _too_many => Err(ReadError::Nonsense),
    };
    match form {
        0 => Ok(Nodes::Usual(count(reader)?, count(reader)?)),
        1 => Ok(Nodes::Combined(count(reader)?)),
        2 => Ok(Nodes::Listed(reader.list(NODES, read_node)?)),
        WITH_OWN => Ok(Nodes::Listed(reader.list(NODES, |reader| {
            let plan = read_node(reader)?;
            read_own(reader, plan)
        })?)),
        _unknown => Err(ReadError::Nonsense),
    }
}

/// See `write_node`.
fn read_node(reader: &mut Reader<'_>) -> Result<NodePlan, ReadError> {
    let name = reader.name()?;
    let node: i32 = reader.signed()?;
    let roles = match reader.byte()? {
        0 => Roles::Broker,
        1 => Roles::Controller,
        2 => Roles::Combined,
        _unknown => return Err(ReadError::Nonsense),
    };
    if node < 0 || name.is_empty() {
        return Err(ReadError::Nonsense);
    }
    Ok(NodePlan { rack: reader.optional()?, ..NodePlan::new(name, node, roles) })
}

/// See `write_own`. Switches of test builds never travel.
fn read_own(reader: &mut Reader<'_>, mut plan: NodePlan) -> Result<NodePlan, ReadError> {
    plan.overrides = reader.settings()?;
    plan.overrides.retain(|name, _| !name.starts_with("blumfeld."));
    if let Some(host) = reader.optional()? {
        let port = u16::try_from(reader.number()?).map_err(|_| ReadError::Nonsense)?;
        plan.advertised = Some(Endpoint { host, port });
    }
    Ok(plan)
}

//! A cluster's setup in a link: usually two counts. Limits never travel: whoever opens a link keeps
//! his own.

use super::bytes::{ReadError, Reader, Writer};
use crate::limits::NODES;
use base::Span;
use port::{Feature, Roles};
use sim::{NetworkSetup, NodePlan, ServiceTimes, Setup};

/// The longest span of a setup: an hour.
const SPAN: u64 = 3_600_000_000_000;
/// A jitter is drawn from 32 bits.
const JITTER: Span = Span::from_secs(4);

pub(crate) fn write(writer: &mut Writer, setup: &Setup) {
    let controllers = setup.nodes.iter().filter(|plan| plan.roles == Roles::Controller).count() as i32;
    let brokers = setup.nodes.len() as i32 - controllers;
    if setup.nodes == Setup::new(brokers, controllers).nodes {
        writer.byte(0);
        writer.number(brokers as u64);
        writer.number(controllers as u64);
    } else if setup.nodes == Setup::combined(brokers).nodes {
        writer.byte(1);
        writer.number(brokers as u64);
    } else {
        writer.byte(2);
        writer.list(&setup.nodes, write_node);
    }
    writer.name(&setup.cluster_id);
    writer.byte(u8::from(setup.features.contains(&Feature::EligibleLeaderReplicas)));
    writer.settings(&setup.overrides);
    write_times(writer, setup);
}

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

pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Setup, ReadError> {
    let mut setup = read_nodes(reader)?;
    setup.cluster_id = reader.name()?;
    if !reader.flag()? {
        setup.features.clear();
    }
    setup.overrides = reader.settings()?;
    // Switches of test builds never travel.
    setup.overrides.retain(|name, _| !name.starts_with("blumfeld."));
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
    match setup.check() {
        Ok(()) => Ok(setup),
        Err(_cannot_start) => Err(ReadError::Nonsense),
    }
}

fn read_nodes(reader: &mut Reader<'_>) -> Result<Setup, ReadError> {
    let count = |reader: &mut Reader<'_>| match reader.number()? {
        count if count <= NODES as u64 => Ok(count as i32),
        _too_many => Err(ReadError::Nonsense),
    };
    let setup = match reader.byte()? {
        0 => Setup::new(count(reader)?, count(reader)?),
        1 => Setup::combined(count(reader)?),
        2 => {
            let nodes = reader.list(NODES, read_node)?;
            Setup { nodes, ..Setup::new(0, 0) }
        }
        _unknown => return Err(ReadError::Nonsense),
    };
    Ok(setup)
}

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
    Ok(NodePlan { name, node, roles, rack: reader.optional()? })
}

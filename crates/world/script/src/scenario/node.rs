//! One node as a header spells it: `node: 7 broker rack=a advertised=kafka-7:9092 num.partitions=6`.

use crate::text::words;
use base::{Endpoint, Str};
use port::Roles;
use sim::NodePlan;

/// Roles as `process.roles` has them.
const ROLES: [(&str, Roles); 4] = [
    ("broker", Roles::Broker),
    ("controller", Roles::Controller),
    ("broker,controller", Roles::Combined),
    ("controller,broker", Roles::Combined),
];

/// How commands call a node whose text gives it no name: a broker by its number, a controller `c7`.
pub(crate) fn usual_name(node: i32, roles: Roles) -> Str {
    if roles.is_broker() { node.to_string().into() } else { format!("c{node}").into() }
}

/// `None`: it is no such line. Whether Kafka takes the settings the cluster's check says.
pub(super) fn read(value: &str) -> Option<NodePlan> {
    let words = words(value).ok()?;
    let [node, roles, rest @ ..] = words.as_slice() else { return None };
    let node = node.parse().ok().filter(|node| *node >= 0)?;
    let (_, roles) = ROLES.into_iter().find(|(name, _)| name == roles)?;
    let mut plan = NodePlan::new(usual_name(node, roles), node, roles);
    for word in rest {
        let (name, value) = word.split_once('=')?;
        match name {
            "name" if !value.is_empty() => plan.name = value.into(),
            "rack" if !value.is_empty() => plan.rack = Some(value.into()),
            "advertised" => plan.advertised = Some(endpoint(value)?),
            _setting if config::key(config::Scope::Broker, name).is_some() => {
                plan.overrides.insert(name.into(), value.into());
            }
            _unknown => return None,
        }
    }
    Some(plan)
}

/// Host and port.
pub fn endpoint(text: &str) -> Option<Endpoint> {
    let (host, port) = config::host_and_port(text)?;
    let port = port.parse().ok()?;
    (!host.is_empty()).then(|| Endpoint { host: host.into(), port })
}

/// The line that [`read`] reads.
pub(super) fn print(plan: &NodePlan) -> String {
    let roles = ROLES.into_iter().find(|(_, roles)| *roles == plan.roles).map_or("", |(name, _)| name);
    let option = |name: &str, value: &str| format!(" {name}={}", shell_words::quote(value));
    let mut text = format!("{} {roles}", plan.node);
    if plan.name != usual_name(plan.node, plan.roles) {
        text.push_str(&option("name", &plan.name));
    }
    if let Some(rack) = &plan.rack {
        text.push_str(&option("rack", rack));
    }
    if let Some(endpoint) = &plan.advertised {
        // An address of IPv6 stands in brackets before its port.
        let (open, close) = if endpoint.host.contains(':') { ("[", "]") } else { ("", "") };
        text.push_str(&option("advertised", &format!("{open}{}{close}:{}", endpoint.host, endpoint.port)));
    }
    plan.overrides.iter().for_each(|(name, value)| text.push_str(&option(name, value)));
    text
}

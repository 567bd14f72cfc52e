//! Files for a real Kafka: `server.properties` of each node, a compose file, Strimzi's resources, a
//! reassignment, and a script that repeats what
//! was done. They say what is known here and nothing else; what has no counterpart stands there as a comment.

mod run;
mod shell;
mod strimzi;

pub use run::Run;
pub use shell::script;
pub use strimzi::strimzi;

use crate::compose::variable;
use base::{FlatMap, Str};
use config::LISTENER_SETTINGS;
use port::{Feature, Roles};
use script::describe::TopicDescription;
use sim::{ClusterPlan, NodePlan};
use std::fmt::Write as _;

/// A file with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub name: String,
    pub text: String,
}

/// The release whose image is run.
const IMAGE: &str = "apache/kafka:4.3.0";
/// `cluster.id` of exported clusters: sixteen bytes in base64, as the tool `kafka-storage` draws them.
const CLUSTER_ID: &str = "Qmx1bWZlbGQtQ2x1c3Rlcg";

/// The container that runs a node, which is also its host name.
pub(crate) fn host(plan: &NodePlan) -> String {
    format!("{}-{}", if plan.roles.is_broker() { "broker" } else { "controller" }, plan.node)
}

/// What a node's file sets, those settings included that the plan says in other words.
fn settings(cluster: &ClusterPlan, plan: &NodePlan) -> Vec<(Str, String)> {
    let own = own_settings(cluster, plan);
    let has_own = cluster.listeners_of(plan).is_ok_and(|listeners| listeners.is_some());
    let mut settings: Vec<(Str, String)> = Vec::new();
    // What a broker says of its listeners itself is whole.
    let mut set = |name: &str, value: String| {
        let is_said = own.contains_key(name) || has_own && LISTENER_SETTINGS.contains(&name);
        if !is_said {
            settings.push((name.into(), value));
        }
    };
    let roles = match plan.roles {
        Roles::Broker => "broker",
        Roles::Controller => "controller",
        Roles::Combined => "broker,controller",
    };
    set("process.roles", roles.to_owned());
    set("node.id", plan.node.to_string());
    let controllers = cluster.nodes.iter().filter(|plan| plan.roles.is_controller());
    let voters: Vec<String> =
        controllers.map(|plan| format!("{}@{}:{}", plan.node, host(plan), cluster.controller_port(plan))).collect();
    set("controller.quorum.voters", voters.join(","));
    set("controller.listener.names", "CONTROLLER".to_owned());
    set("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT".to_owned());
    let listeners = match plan.roles {
        Roles::Broker => "PLAINTEXT://:9092",
        Roles::Controller => "CONTROLLER://:9093",
        Roles::Combined => "PLAINTEXT://:9092,CONTROLLER://:9093",
    };
    set("listeners", listeners.to_owned());
    if plan.roles.is_broker() {
        set("inter.broker.listener.name", "PLAINTEXT".to_owned());
        let advertised = match &plan.advertised {
            Some(endpoint) => format!("PLAINTEXT://{}:{}", endpoint.host, endpoint.port),
            None => format!("PLAINTEXT://{}:9092", host(plan)),
        };
        set("advertised.listeners", advertised);
    }
    if let Some(rack) = &plan.rack {
        set("broker.rack", rack.to_string());
    }
    settings.extend(own.into_iter().map(|(name, value)| (name, value.to_string())));
    settings
}

/// What its settings say beyond the plan's own words; brokers' listeners are nothing to a controller.
fn own_settings(cluster: &ClusterPlan, plan: &NodePlan) -> FlatMap<Str, Str> {
    let mut own = cluster.settings_of(plan);
    own.retain(|name, _| plan.roles.is_broker() || !LISTENER_SETTINGS.contains(&&**name));
    own
}

/// By which port brokers and tools in the same network reach it.
fn inner_port(cluster: &ClusterPlan, plan: &NodePlan) -> u16 {
    let listeners = cluster.listeners_of(plan).ok().flatten();
    listeners.and_then(|listeners| Some(listeners.for_brokers()?.port)).unwrap_or(9092)
}

/// What a container needs for its addresses: ports of `localhost` that lead to it, and names besides its own.
fn reached(text: &mut String, cluster: &ClusterPlan, plan: &NodePlan) {
    let Ok(Some(listeners)) = cluster.listeners_of(plan) else { return };
    let told = || listeners.all.iter().filter_map(|each| Some((each.port, each.advertised.as_ref()?)));
    let (inside, outside): (Vec<_>, Vec<_>) = told().partition(|(_, at)| NodePlan::leads_to_its_node(&at.host));
    if !outside.is_empty() {
        text.push_str("    ports:\n");
    }
    for (port, at) in outside {
        let _cannot_fail = writeln!(text, "      - '{}:{port}'", at.port);
    }
    let mut names: Vec<&Str> = inside.iter().map(|(_, at)| &at.host).collect();
    names.retain(|name| !name.is_empty() && ***name != *host(plan));
    base::sort(&mut names);
    names.dedup();
    if !names.is_empty() {
        text.push_str("    networks:\n      default:\n        aliases:\n");
    }
    for name in names {
        let _cannot_fail = writeln!(text, "          - '{}'", name.replace('\'', "''"));
    }
}

/// A value as `java.util.Properties` reads it back.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    for (at, letter) in value.char_indices() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' ' if at == 0 => text.push_str("\\ "),
            letter => text.push(letter),
        }
    }
    text
}

/// `server.properties` of every node; one that was given comes back as it was, with what was changed since below it.
pub fn properties(cluster: &ClusterPlan, files: &FlatMap<i32, Vec<String>>) -> Vec<Exported> {
    let file = |plan: &NodePlan| {
        let mut text = String::new();
        let mut before = crate::Found::default();
        let given = files.get(&plan.node);
        if let Some(given) = given {
            text = given.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            crate::read(&mut before, "", &text);
        }
        let known = before.nodes.get(&plan.node);
        for (name, value) in settings(cluster, plan) {
            let is_there = known.is_some_and(|node| match node.settings.get(&name) {
                Some(known) => **known == *value,
                None => config_of_the_plan(&name),
            });
            if !is_there {
                let _cannot_fail = writeln!(text, "{name}={}", escaped(&value));
            }
        }
        Exported { name: format!("server-{}.properties", plan.node), text }
    };
    cluster.nodes.iter().map(file).collect()
}

/// Does a given file say it in words of its own?
fn config_of_the_plan(name: &str) -> bool {
    crate::properties::PLANNED.contains(&name)
}

/// A compose file that runs the same cluster.
pub fn compose(cluster: &ClusterPlan) -> Exported {
    let mut text = "services:\n".to_owned();
    for plan in &cluster.nodes {
        let host = host(plan);
        let _cannot_fail = write!(
            text,
            "  {host}:\n    image: {IMAGE}\n    hostname: {host}\n    container_name: {host}\n    environment:\n      CLUSTER_ID: '{CLUSTER_ID}'\n"
        );
        for (name, value) in settings(cluster, plan) {
            let _cannot_fail = writeln!(text, "      {}: '{}'", variable(&name), value.replace('\'', "''"));
        }
        reached(&mut text, cluster, plan);
    }
    text.push_str("networks:\n  default:\n    name: blumfeld\n");
    if !cluster.features.contains(&Feature::EligibleLeaderReplicas) {
        text.push_str("# Eligible leader replicas are off here: kafka-features.sh downgrade --feature eligible.leader.replicas.version=0\n");
    }
    Exported { name: "docker-compose.yaml".to_owned(), text }
}

/// Where all copies are, as `kafka-reassign-partitions.sh` reads it.
pub fn reassignment(topics: &[TopicDescription]) -> Exported {
    let mut partitions = Vec::new();
    for topic in topics {
        for partition in &topic.partitions {
            let ids: Vec<String> = partition.replicas.iter().map(ToString::to_string).collect();
            let dirs = vec!["\"any\""; ids.len()].join(",");
            partitions.push(format!(
                "{{\"topic\":\"{}\",\"partition\":{},\"replicas\":[{}],\"log_dirs\":[{dirs}]}}",
                topic.name,
                partition.partition,
                ids.join(",")
            ));
        }
    }
    let text = format!("{{\"version\":1,\"partitions\":[{}]}}\n", partitions.join(","));
    Exported { name: "reassignment.json".to_owned(), text }
}

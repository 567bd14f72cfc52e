//! Strimzi's resources of the same cluster: a `KafkaNodePool` for each kind of node, `Kafka`, and a `KafkaTopic` for each topic.
//! What resources cannot say of single nodes stands there as a comment.

use super::Exported;
use base::{FlatMap, Str};
use config::LISTENER_SETTINGS;
use port::Roles;
use script::describe::TopicDescription;
use sim::{ClusterPlan, NodePlan};
use std::fmt::Write as _;

/// The name of the resource that all others are labelled with.
const CLUSTER: &str = "blumfeld";

/// One resource: what it is, and what it says.
fn resource(text: &mut String, kind: &str, name: &str, annotations: &str) {
    let _cannot_fail = write!(
        text,
        "---\napiVersion: kafka.strimzi.io/v1\nkind: {kind}\nmetadata:\n  name: {name}\n{annotations}  labels:\n    strimzi.io/cluster: {CLUSTER}\nspec:\n"
    );
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn config(text: &mut String, indent: &str, settings: &FlatMap<Str, Str>) {
    if settings.is_empty() {
        return;
    }
    let _cannot_fail = writeln!(text, "{indent}config:");
    for (name, value) in settings {
        let _cannot_fail = writeln!(text, "{indent}  {name}: {}", quoted(value));
    }
}

/// Resources are named in small letters, digits, dots and dashes; a topic whose name is none of these says it inside.
fn resource_name(topic: &str, number: usize) -> String {
    let legal = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
    let at_ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    if topic.chars().all(legal) && at_ends(topic.chars().next()) && at_ends(topic.chars().next_back()) {
        topic.to_owned()
    } else {
        format!("topic-{number}")
    }
}

fn pool(text: &mut String, (name, roles): (&str, &str), nodes: &[&NodePlan]) {
    let ids: Vec<String> = nodes.iter().map(|plan| plan.node.to_string()).collect();
    // Strimzi gives its own numbers from 0 on otherwise.
    let annotations = format!("  annotations:\n    strimzi.io/next-node-ids: '[{}]'\n", ids.join(","));
    resource(text, "KafkaNodePool", name, &annotations);
    let _cannot_fail =
        write!(text, "  replicas: {}\n  roles: [{roles}]\n  storage:\n    type: ephemeral\n", nodes.len());
    for plan in nodes {
        for (setting, value) in plan.overrides.iter().map(|(name, value)| (&**name, &**value)).chain(rack(plan)) {
            let _cannot_fail = writeln!(text, "# only node {}: {setting}={value}", plan.node);
        }
    }
}

/// Resources take racks from where a node runs.
fn rack(plan: &NodePlan) -> Option<(&str, &str)> {
    plan.rack.as_deref().map(|rack| ("broker.rack", rack))
}

/// Those of the first broker: of all brokers resources say the same. What each advertises is the operator's to say.
fn listeners(text: &mut String, cluster: &ClusterPlan) {
    let first = cluster.nodes.iter().find(|plan| plan.roles.is_broker());
    let named = first.and_then(|plan| cluster.listeners_of(plan).ok().flatten());
    let all = named.map_or_else(
        || vec![("plain".to_owned(), 9092)],
        |named| {
            let name = |name: &str| name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(11).collect();
            named.all.iter().map(|each| (name(&each.name), each.port)).collect()
        },
    );
    for (name, port) in all {
        let _cannot_fail =
            write!(text, "      - name: {name}\n        port: {port}\n        type: internal\n        tls: false\n");
    }
}

/// The cluster and its topics.
pub fn strimzi(cluster: &ClusterPlan, topics: &[TopicDescription]) -> Exported {
    let mut text = String::new();
    for (name, written, roles) in [
        ("controllers", "controller", Roles::Controller),
        ("brokers", "broker", Roles::Broker),
        ("combined", "controller, broker", Roles::Combined),
    ] {
        let nodes: Vec<&NodePlan> = cluster.nodes.iter().filter(|plan| plan.roles == roles).collect();
        if !nodes.is_empty() {
            pool(&mut text, (name, written), &nodes);
        }
    }
    resource(&mut text, "Kafka", CLUSTER, "");
    text.push_str("  kafka:\n    version: 4.3.0\n    listeners:\n");
    listeners(&mut text, cluster);
    let mut settings = cluster.overrides.clone();
    settings.retain(|name, _| !LISTENER_SETTINGS.contains(&&**name));
    config(&mut text, "    ", &settings);
    for (number, topic) in (1..).zip(topics) {
        resource(&mut text, "KafkaTopic", &resource_name(&topic.name, number), "");
        let copies = topic.partitions.iter().map(|partition| partition.replicas.len()).max().unwrap_or(1);
        let (name, count) = (quoted(&topic.name), topic.partitions.len());
        let _cannot_fail = write!(text, "  topicName: {name}\n  partitions: {count}\n  replicas: {copies}\n");
        config(&mut text, "  ", &topic.configs.iter().cloned().collect());
    }
    Exported { name: "strimzi.yaml".to_owned(), text }
}

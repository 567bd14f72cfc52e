//! What `kcat -L` prints: brokers, topics and partitions, as a list or as JSON (`metadata_print`, `metadata_print_json`).

use super::layout::string;
use crate::cli::Output;
use base::Str;
use port::{ClusterTold, PartitionTold, TopicTold};

/// `-J` or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    List,
    Json,
}

/// `metadata_print`.
pub(in crate::cli) fn print_metadata(
    output: &mut Output,
    (topic, form): (Option<&Str>, Form),
    cluster: &ClusterTold,
    topics: &[TopicTold],
) {
    if form == Form::Json {
        _ = output.out(json(topic, cluster, topics));
        return;
    }
    let what = topic.map_or_else(|| "all topics".to_owned(), ToString::to_string);
    // Who is fenced stands in no answer to Metadata.
    let brokers: Vec<_> = cluster.brokers.iter().filter(|broker| !broker.fenced).collect();
    let first = brokers.first();
    let from = first.map(|broker| format!("{}:{}/{}", broker.endpoint.host, broker.endpoint.port, broker.id));
    let id = first.map_or_else(|| "-1".to_owned(), |broker| broker.id.to_string());
    output.out(format!("Metadata for {what} (from broker {id}: {}):", from.unwrap_or_default()));
    output.out(format!(" {} brokers:", brokers.len()));
    for broker in brokers {
        let controller = if cluster.controller == broker.id { " (controller)" } else { "" };
        output.out(format!("  broker {} at {}:{}{controller}", broker.id, broker.endpoint.host, broker.endpoint.port));
    }
    output.out(format!(" {} topics:", topics.len()));
    for topic in topics {
        let found = match &topic.found {
            Ok(found) => found,
            Err(said) => {
                output.out(format!("  topic \"{}\" with 0 partitions: Broker: {}", topic.name, error_text(said.error)));
                continue;
            }
        };
        output.out(format!("  topic \"{}\" with {} partitions:", topic.name, found.partitions.len()));
        for partition in &found.partitions {
            let ids = |ids: &[base::BrokerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let leader = partition.leader.map_or(-1, |leader| leader.0);
            let fault = if leader < 0 { ", Broker: Leader not available" } else { "" };
            output.out(format!(
                "    partition {}, leader {leader}, replicas: {}, isrs: {}{fault}",
                partition.partition,
                ids(&partition.replicas),
                ids(&partition.isr)
            ));
        }
    }
}

/// As librdkafka words it.
pub(super) fn error_text(error: base::ErrorCode) -> String {
    match error {
        base::ErrorCode::UnknownTopicOrPartition => "Unknown topic or partition".to_owned(),
        base::ErrorCode::InvalidTopicException => "Invalid topic".to_owned(),
        other => other.message().to_owned(),
    }
}

/// What is wrong with a partition.
fn fault(partition: &PartitionTold) -> Option<&'static str> {
    partition.leader.is_none().then_some("Broker: Leader not available")
}

fn json(topic: Option<&Str>, cluster: &ClusterTold, topics: &[TopicTold]) -> String {
    let live = || cluster.brokers.iter().filter(|broker| !broker.fenced);
    let first = live().next();
    let from = first.map(|broker| format!("{}:{}/{}", broker.endpoint.host, broker.endpoint.port, broker.id));
    let broker = |broker: &port::NodeTold| {
        let name = format!("{}:{}", broker.endpoint.host, broker.endpoint.port);
        format!("{{\"id\":{},\"name\":{}}}", broker.id, string(name.as_bytes()))
    };
    let brokers: Vec<String> = live().map(broker).collect();
    let topics: Vec<String> = topics.iter().map(topic_json).collect();
    format!(
        "{{\"originating_broker\":{{\"id\":{},\"name\":{}}},\"query\":{{\"topic\":{}}},\"controllerid\":{},\
         \"brokers\":[{}],\"topics\":[{}]}}",
        first.map_or(-1, |broker| broker.id.0),
        string(from.unwrap_or_default().as_bytes()),
        string(topic.map_or("*", |topic| topic).as_bytes()),
        cluster.controller,
        brokers.join(","),
        topics.join(",")
    )
}

fn topic_json(topic: &TopicTold) -> String {
    let name = string(topic.name.as_bytes());
    let partitions = match &topic.found {
        Ok(found) => found.partitions.iter().map(partition_json).collect::<Vec<_>>(),
        Err(said) => {
            let error = string(format!("Broker: {}", error_text(said.error)).as_bytes());
            return format!("{{\"topic\":{name},\"error\":{error},\"partitions\":[]}}");
        }
    };
    format!("{{\"topic\":{name},\"partitions\":[{}]}}", partitions.join(","))
}

fn partition_json(partition: &PartitionTold) -> String {
    let ids = |ids: &[base::BrokerId]| ids.iter().map(|id| format!("{{\"id\":{id}}}")).collect::<Vec<_>>().join(",");
    let error = fault(partition).map(|words| format!(",\"error\":\"{words}\"")).unwrap_or_default();
    let leader = partition.leader.map_or(-1, |leader| leader.0);
    let (number, replicas, isrs) = (partition.partition, ids(&partition.replicas), ids(&partition.isr));
    format!("{{\"partition\":{number}{error},\"leader\":{leader},\"replicas\":[{replicas}],\"isrs\":[{isrs}]}}")
}

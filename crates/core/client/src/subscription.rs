//! What consumers of a group tell each other through the coordinator: subscriptions and assignments
//! as typed values (semantics 12.7). Kafka: `ConsumerProtocol`.

use base::{FlatMap, PartitionId, Str, TopicPartition};
use bytes::Bytes;
use schema::{SchemaError, Value, consumer_protocol};

/// The bytes of a subscription, in its newest version.
pub(crate) fn write_subscription(
    topics: &[Str],
    owned: &[TopicPartition],
    generation: i32,
    rack: Option<&Str>,
) -> Bytes {
    let topics = topics.iter().map(|topic| Value::from(topic.clone())).collect();
    let value = Value::record()
        .with("topics", Value::Array(topics))
        .with("userData", Value::Null)
        .with("ownedPartitions", by_topic(owned))
        .with("generationId", generation)
        .with("rackId", rack.map_or(Value::Null, |rack| Value::from(rack.clone())));
    consumer_protocol::write(consumer_protocol::subscription(), &value).expect("the schema's own fields")
}

/// A member's topics and rack.
pub(crate) fn read_subscription(bytes: &Bytes) -> Result<(Vec<Str>, Option<Str>), SchemaError> {
    let (_, value) = consumer_protocol::read(consumer_protocol::subscription(), bytes)?;
    Ok((value.get("topics"), value.get("rackId")))
}

pub(crate) fn write_assignment(partitions: &[TopicPartition]) -> Bytes {
    let value = Value::record().with("assignedPartitions", by_topic(partitions)).with("userData", Value::Null);
    consumer_protocol::write(consumer_protocol::assignment(), &value).expect("the schema's own fields")
}

pub(crate) fn read_assignment(bytes: &Bytes) -> Result<Vec<TopicPartition>, SchemaError> {
    let (_, value) = consumer_protocol::read(consumer_protocol::assignment(), bytes)?;
    let topics = value.items("assignedPartitions").iter().flat_map(|each| {
        let topic: Str = each.get("topic");
        let partitions: Vec<PartitionId> = each.get("partitions");
        partitions.into_iter().map(move |partition| TopicPartition { topic: topic.clone(), partition })
    });
    Ok(topics.collect())
}

fn by_topic(partitions: &[TopicPartition]) -> Value {
    let mut topics: FlatMap<&Str, Vec<Value>> = FlatMap::new();
    for each in partitions {
        topics.entry(&each.topic).or_default().push(Value::from(each.partition));
    }
    let topic = |(topic, numbers): (&Str, Vec<Value>)| {
        Value::record().with("topic", topic.clone()).with("partitions", Value::Array(numbers))
    };
    Value::Array(topics.into_iter().map(topic).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let partitions = [TopicPartition::new("a", 1), TopicPartition::new("b", 0), TopicPartition::new("b", 2)];
        assert_eq!(read_assignment(&write_assignment(&partitions)), Ok(partitions.to_vec()));
        let rack: Str = "r1".into();
        let bytes = write_subscription(&["a".into(), "b".into()], &partitions, 3, Some(&rack));
        assert_eq!(read_subscription(&bytes), Ok((vec!["a".into(), "b".into()], Some(rack))));
    }
}

//! English: the card beside a key.

use super::plural;
use crate::text::KeyCardText;
use crate::{CopyState, Counted};

pub(super) const KEY_CARD: KeyCardText = KeyCardText {
    no_key: "no key",
    count: |here, on_its_way| {
        let here = match here {
            Counted::All(count) => format!("{count} here"),
            Counted::AtLeast(count) => format!("at least {count} here"),
        };
        match on_its_way {
            0 => here,
            1 => format!("{here}, 1 on its way"),
            count => format!("{here}, {count} on their way"),
        }
    },
    goes_to: |partition| format!("It goes to {partition}."),
    lies_elsewhere: |partition| {
        format!("This record lies in {partition}: sent there by number, or the topic had other partitions then.")
    },
    bound_elsewhere: |partition| format!("This one is sent to {partition} by number."),
    ignored: |producer, current| {
        let now = current.map_or(String::new(), |current| format!(", now {current}"));
        format!("partitioner.ignore.keys: {producer} fills one partition after the other{now}, whatever the key.")
    },
    java_hash: |partition| match partition {
        Some(partition) => {
            format!("By key.hashCode(), a rule for lessons, to {partition}. Kafka's own goes by murmur2.")
        }
        None => {
            "key.hashCode(), a rule for lessons, gives a negative number: the producer refuses to send it.".to_owned()
        }
    },
    other_sum: |sum, partition| {
        format!("By {sum}, as librdkafka's clients do, to {partition}. Kafka's own goes by murmur2.")
    },
    anywhere: |producer| format!("partitioner=random: {producer} sends each record anywhere, whatever the key."),
    table: |partition| match partition {
        Some(partition) => format!("By the producer's own table, a class for lessons, to {partition}."),
        None => "The producer's own table names a partition that is not there: the record is refused.".to_owned(),
    },
    turns: |producer, next| {
        let next = next.map_or(String::new(), |next| format!(", next {next}"));
        format!("partitioner.class: {producer} sends each record to the next partition that has a leader{next}.")
    },
    per_batch: |producer, current| {
        let now = current.map_or(String::new(), |current| format!(", now {current}"));
        format!(
            "No key, sticky as in Kafka 2.4 to 3.2: {producer} stays with a partition until a batch is opened there{now}."
        )
    },
    sticky: |producer, bytes, current| match current {
        Some(current) => {
            format!("No key, so sticky: {producer} stays with {current} for about {bytes} bytes, then draws another.")
        }
        None => {
            format!("No key, so sticky: {producer} draws a partition, fills about {bytes} bytes, then draws another.")
        }
    },
    keyless: "No key, so sticky: its producer fills one partition, then draws another.",
    unknown: |topic| format!("Nobody knows yet how many partitions {topic} has."),
    partition: "Partition",
    size: "Size",
    sizes: |[key, value]| {
        let bytes = |size: Option<usize>| size.map_or("null".to_owned(), |size| format!("{size} B"));
        format!("key {}, value {}", bytes(key), bytes(value))
    },
    copies: |state, brokers| match state {
        CopyState::Committed => format!("Committed on {brokers}."),
        CopyState::AboveMark => format!("On {brokers}, not below HW there yet."),
        CopyState::OnDisk => format!("On the disk of {brokers}, which is down."),
        CopyState::Unopened => format!("On the disk of {brokers}, not opened yet."),
        CopyState::Missing => format!("Not on {brokers}."),
        CopyState::Another => format!("Another record lies at this offset on {brokers}."),
    },
    read_by: |group, member| format!("{group}: {member} has read it."),
    read_past: |group| format!("{group} is past it."),
    read_later: |group, before| match before {
        0 => format!("{group} has not read it; it comes next."),
        count => format!("{group} has not read it; {} come before it.", plural(count as usize, "record", "records")),
    },
    read_unknown: |group| format!("{group} has no position here yet."),
    question: "Which partition would this key hit?",
    led_by: |partition, leader| format!("{partition}; broker {leader} leads it."),
    led_by_nobody: |partition| format!("{partition}; nobody leads it."),
    no_hash: |topic| {
        format!("{topic}: without a key there is no hash. A producer fills one partition, then draws another (sticky).")
    },
    believes: |producer, count, partition| {
        format!(
            "{producer} still counts {}: there it goes to {partition}.",
            plural(count as usize, "partition", "partitions")
        )
    },
    other_topics: "In the other topics",
    more_topics: |count| format!("… and {}", plural(count, "more topic", "more topics")),
    no_topics: "There is no topic yet.",
    no_such_topic: |topic| format!("There is no topic {topic}."),
    usage: |word| format!("‘{word}’ does not belong here. Write: where [TOPIC] [key=KEY]"),
};

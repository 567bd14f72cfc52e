//! Words of the card beside a key, and of the answer to where a key would go.

use crate::{CopyState, Counted};

/// Titles and sentences about keys.
pub struct KeyCardText {
    pub no_key: &'static str,
    /// In logs, and on their way.
    pub count: fn(Counted, u64) -> String,
    /// "It goes to orders-1."
    pub goes_to: fn(&str) -> String,
    /// The record lies in another partition than its key says.
    pub lies_elsewhere: fn(&str) -> String,
    /// This message is sent to another partition than its key says.
    pub bound_elsewhere: fn(&str) -> String,
    /// A producer that looks at no key, and the partition that it fills now.
    pub ignored: fn(&str, Option<&str>) -> String,
    /// Where a class for lessons sends a key; nowhere where its number is negative.
    pub java_hash: fn(Option<&str>) -> String,
    /// librdkafka's name for its sum, and where that sends a key.
    pub other_sum: fn(&str, &str) -> String,
    /// A producer that sends each record anywhere.
    pub anywhere: fn(&str) -> String,
    /// Where a producer's own table sends a key; nowhere where the topic has no such partition.
    pub table: fn(Option<&str>) -> String,
    /// The producer, and which partition is next.
    pub turns: fn(&str, Option<&str>) -> String,
    /// The producer, and with which partition it stays.
    pub per_batch: fn(&str, Option<&str>) -> String,
    /// A producer without keys, its batch.size, and the partition that it fills now.
    pub sticky: fn(&str, u32, Option<&str>) -> String,
    pub keyless: &'static str,
    /// Nobody knows how many partitions the topic has.
    pub unknown: fn(&str) -> String,
    pub partition: &'static str,
    pub size: &'static str,
    /// Bytes of key and value; `None`: null.
    pub sizes: fn([Option<usize>; 2]) -> String,
    /// Brokers in the same state, with commas between.
    pub copies: fn(CopyState, &str) -> String,
    /// A group, and its member that was given the record.
    pub read_by: fn(&str, &str) -> String,
    pub read_past: fn(&str) -> String,
    /// A group, and how many records come before.
    pub read_later: fn(&str, u64) -> String,
    pub read_unknown: fn(&str) -> String,

    /// The question itself.
    pub question: &'static str,
    /// A partition and its leader.
    pub led_by: fn(&str, i32) -> String,
    pub led_by_nobody: fn(&str) -> String,
    /// A topic, where records without a key go by no hash.
    pub no_hash: fn(&str) -> String,
    /// A producer that believes in so many partitions, and where it would send the key.
    pub believes: fn(&str, u32, &str) -> String,
    pub other_topics: &'static str,
    pub more_topics: fn(usize) -> String,
    pub no_topics: &'static str,
    pub no_such_topic: fn(&str) -> String,
    /// How the line is written, for the terminal.
    pub usage: fn(&str) -> String,
}

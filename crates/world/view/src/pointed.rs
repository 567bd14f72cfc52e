//! What somebody points at on the stage or has gone to by keys, and how an element of the document says that it shows it.
//! Only places are named here; what lies there is looked up in the world for every picture anew.

use super::{Offset, ProcessId, TopicPartition};

/// The attribute of the elements that show a key: its value is what [`spell`] writes.
pub const ATTRIBUTE: &str = "data-pointed";

/// Something on the stage that shows a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointed {
    /// A glyph on a producer's card, counted from 0.
    Key { producer: ProcessId, index: usize },
    /// A cell of a replica's row.
    Record { process: ProcessId, partition: TopicPartition, offset: Offset },
    /// A glyph in a member's row of what it has read, the oldest shown being 0.
    Read { member: ProcessId, index: usize },
    /// A glyph on a message in flight, counted from 0; the message by the number that the picture gave it.
    Packet { number: u64, index: usize },
}

/// As the attribute of an element: a word and its places, with blanks between.
pub fn spell(pointed: &Pointed) -> String {
    match pointed {
        Pointed::Key { producer, index } => format!("key {producer} {index}"),
        Pointed::Record { process, partition, offset } => format!("record {process} {partition} {offset}"),
        Pointed::Read { member, index } => format!("read {member} {index}"),
        Pointed::Packet { number, index } => format!("packet {number} {index}"),
    }
}

/// Reads what [`spell`] has written; `None` for anything else.
pub fn parse(text: &str) -> Option<Pointed> {
    let mut words = text.split(' ');
    let pointed = match words.next()? {
        "key" => Pointed::Key { producer: process(words.next()?)?, index: words.next()?.parse().ok()? },
        "record" => Pointed::Record {
            process: process(words.next()?)?,
            partition: partition(words.next()?)?,
            offset: Offset(words.next()?.parse().ok()?),
        },
        "read" => Pointed::Read { member: process(words.next()?)?, index: words.next()?.parse().ok()? },
        "packet" => Pointed::Packet { number: words.next()?.parse().ok()?, index: words.next()?.parse().ok()? },
        _unknown => return None,
    };
    words.next().is_none().then_some(pointed)
}

fn process(word: &str) -> Option<ProcessId> {
    word.parse().ok().map(ProcessId)
}

/// A topic's name may have hyphens in it, and has no blanks.
fn partition(word: &str) -> Option<TopicPartition> {
    let (topic, number) = word.rsplit_once('-').filter(|(topic, _)| !topic.is_empty())?;
    Some(TopicPartition::new(topic, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_is_read_again() {
        let record = |topic, number, offset| Pointed::Record {
            process: ProcessId(7),
            partition: TopicPartition::new(topic, number),
            offset: Offset(offset),
        };
        for (pointed, text) in [
            (Pointed::Key { producer: ProcessId(6), index: 2 }, "key 6 2"),
            (record("orders", 0, 12), "record 7 orders-0 12"),
            (record("a-b.c_d-1", 11, i64::MAX), "record 7 a-b.c_d-1-11 9223372036854775807"),
            (Pointed::Read { member: ProcessId(9), index: 0 }, "read 9 0"),
            (Pointed::Packet { number: u64::MAX, index: 1 }, "packet 18446744073709551615 1"),
        ] {
            assert_eq!(spell(&pointed), text);
            assert_eq!(parse(text), Some(pointed));
        }
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in [
            "",
            " ",
            "key",
            "key 6",
            "key six 2",
            "key 6 2 3",
            "key  6 2",
            "record 7 orders 12",
            "record 7 -0 12",
            "record 7 orders-x 1",
            "read 9 -1",
            "packet -1 0",
            "shape 1 2",
            "record 7 orders-0 12 ",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}

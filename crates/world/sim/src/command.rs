//! Every act on the world, as data. A command states a cause, never an outcome.

use base::{FlatMap, Str};
use serde::{Deserialize, Serialize};

/// Settings in JSON: an object.
mod settings {
    use base::{FlatMap, Str};
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(settings: &FlatMap<Str, Str>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(settings)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<FlatMap<Str, Str>, D::Error> {
        Ok(BTreeMap::deserialize(from)?.into_iter().collect())
    }
}

/// One act of a person or a script. Names are those on the stage: `2`, `c1`, `web`, `billing-1`.
/// Times are nanoseconds. Derived codecs (JSON, bytes) and the text line spell the same value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Command {
    CreateTopic {
        name: Str,
        /// `None`: num.partitions.
        #[serde(default)]
        partitions: Option<i32>,
        /// `None`: default.replication.factor.
        #[serde(default)]
        replication_factor: Option<i16>,
        /// Manual placement, partition 0 first; then the two above are `None`.
        #[serde(default)]
        assignments: Vec<Vec<i32>>,
        #[serde(default, with = "settings")]
        configs: FlatMap<Str, Str>,
        /// Milliseconds until REQUEST_TIMED_OUT; `None`: the client's default.
        #[serde(default)]
        timeout_ms: Option<u32>,
    },
    DeleteTopic {
        name: Str,
    },
    AddPartitions {
        topic: Str,
        total: i32,
        #[serde(default)]
        assignments: Vec<Vec<i32>>,
    },
    AlterTopicConfig {
        topic: Str,
        #[serde(default, with = "settings")]
        set: FlatMap<Str, Str>,
        #[serde(default)]
        delete: Vec<Str>,
    },
    ElectLeaders {
        election: Election,
        /// `orders-1`; empty: every partition.
        #[serde(default)]
        partitions: Vec<Str>,
    },
    AddBroker {
        node: i32,
        #[serde(default)]
        rack: Option<Str>,
    },
    AddProducer {
        name: Str,
        topic: Str,
        /// Keys in turn; empty: no key.
        #[serde(default)]
        keys: Vec<Str>,
        /// With `keys` of one entry: draw `<key>1` to `<key>N` at random instead.
        #[serde(default)]
        random_keys: Option<u32>,
        /// Nanoseconds between records; `None`: only by hand.
        #[serde(default)]
        interval: Option<u64>,
        #[serde(default)]
        value_size: u32,
        #[serde(default)]
        limit: Option<u64>,
        #[serde(default, with = "settings")]
        configs: FlatMap<Str, Str>,
    },
    AddConsumer {
        name: Str,
        group: Str,
        topics: Vec<Str>,
        /// Nanoseconds of work per record.
        #[serde(default)]
        processing: u64,
        #[serde(default, with = "settings")]
        configs: FlatMap<Str, Str>,
    },
    /// One record by hand.
    Send {
        producer: Str,
        #[serde(default)]
        topic: Option<Str>,
        #[serde(default)]
        partition: Option<i32>,
        #[serde(default)]
        key: Option<Str>,
        /// `None`: a tombstone.
        #[serde(default)]
        value: Option<Str>,
    },
    /// Nanoseconds between records; `None` stops the steady stream.
    SetInterval {
        producer: Str,
        interval: Option<u64>,
    },
    /// Read a partition from an offset to its visible end.
    Read {
        topic: Str,
        partition: i32,
        from: i64,
    },
    ListTopics,
    /// kill -9: completed writes stay, connections are reset.
    Kill {
        name: Str,
    },
    /// Controlled shutdown of a node; a client closes in order.
    Stop {
        name: Str,
    },
    Start {
        name: Str,
    },
    /// The process hangs and keeps its connections.
    Pause {
        name: Str,
    },
    Resume {
        name: Str,
    },
    /// The machine loses power: only flushed bytes surely survive, peers hear nothing.
    PowerOff {
        name: Str,
    },
    /// Nothing passes between the two any more, in silence.
    Cut {
        a: Str,
        b: Str,
    },
    /// Nothing passes from `from` to `to`; the other way works.
    CutOneWay {
        from: Str,
        to: Str,
    },
    /// Everything on this link takes this much longer, both ways.
    Delay {
        a: Str,
        b: Str,
        by: u64,
    },
    /// What is under way and what follows waits this long, both ways: a lost packet sent again.
    Stall {
        a: Str,
        b: Str,
        time: u64,
    },
    /// Messages of one API, requests or answers, wait on their way from `from` to `to` until the link is healed.
    Hold {
        from: Str,
        to: Str,
        /// Kafka's name, as "Fetch".
        api: Str,
    },
    /// The next `count` messages of one API from `from` to `to` are lost, and nobody is told.
    Lose {
        from: Str,
        to: Str,
        /// Kafka's name, as "Produce".
        api: Str,
        count: u32,
    },
    /// Connections between the two break; what was in flight is lost. An end behind a cut does not
    /// learn of it.
    Reset {
        a: Str,
        b: Str,
    },
    /// The link works again.
    Heal {
        a: Str,
        b: Str,
    },
    HealAll,
    /// A consumer closes and leaves its group, also as a static member (KIP-1092).
    Leave {
        name: Str,
    },
}

/// What survives of a disk when its process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Durability {
    /// The page cache lives on.
    Written,
    /// Only what was flushed, and a part of the rest.
    Flushed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Election {
    Preferred,
    Unclean,
}

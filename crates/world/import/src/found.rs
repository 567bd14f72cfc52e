//! What was found in the texts, before anybody has thought about it: each value as it was written, with its line.

use crate::answer::Answer;
use base::{Endpoint, FlatMap, Str};
use port::Roles;

/// Everything that the texts say of one cluster; later texts go over earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub topics: FlatMap<Str, TopicFound>,
    pub groups: FlatMap<Str, GroupFound>,
    /// By `node.id`.
    pub nodes: FlatMap<i32, NodeFound>,
    /// Server settings of all nodes.
    pub settings: FlatMap<Str, Str>,
    /// Did a text say who the voters are?
    pub voters: Vec<i32>,
    /// A line named eligible leader replicas, as releases from 4.0 on do.
    pub names_elr: bool,
    /// What a person says where the texts say nothing.
    pub answers: Vec<Answer>,
    /// What a person has to be told of how the texts were read.
    pub notes: Vec<Assumed>,
}

/// A topic, as far as a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicFound {
    pub partitions: FlatMap<i32, PartitionFound>,
    pub count: Option<i32>,
    pub replication_factor: Option<i16>,
    pub configs: FlatMap<Str, Str>,
}

/// A partition, as far as a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionFound {
    pub replicas: Vec<i32>,
    /// `None`: the text does not say; `Some(None)`: it has none.
    pub leader: Option<Option<i32>>,
    pub isr: Option<Vec<i32>>,
    pub elr: Option<Vec<i32>>,
    pub last_known_elr: Option<Vec<i32>>,
}

/// A group, as far as a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFound {
    /// By topic and partition.
    pub rows: FlatMap<(Str, i32), OffsetFound>,
    /// Members that no row names, by client id.
    pub idle: Vec<Str>,
}

/// What is known of a group at a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetFound {
    pub current: Option<i64>,
    pub end: Option<i64>,
    /// The member's client id, and what tells it from another of the same.
    pub member: Option<(Str, Str)>,
}

/// A node, as far as a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeFound {
    pub roles: Option<Roles>,
    pub rack: Option<Str>,
    pub advertised: Option<Endpoint>,
    pub settings: FlatMap<Str, Str>,
    /// Its file as it was given, with comments and what was not understood; empty where no file was.
    pub file: Vec<String>,
}

/// Something that the texts do not say and that had to be taken for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumed {
    /// A person says so; it can be taken back.
    Answered(Answer),
    /// So many separate controllers: no text names any.
    Controllers(u32),
    /// A file makes it a controller alone, and it holds copies: it is both.
    AlsoBroker(i32),
    /// Brokers 1 to so many: no text names any.
    Brokers(u32),
    /// It is a replica and nowhere in sync: it was killed.
    Down(i32),
    /// It was down when those were lost that a partition waits for, and is up again.
    Away(i32),
    /// The two do not hear each other: one follows the other in some partition, is up, and out of sync.
    Cut { leader: i32, follower: i32 },
    /// The text says who has copies and not who is in sync: all are.
    InSync(Str),
    /// The controller places this topic: the text only counts.
    Placed(Str),
    /// No text says what its topic looks like: so many partitions, a copy on each of so many brokers.
    TopicOf { topic: Str, partitions: i32 },
    /// Its members work an hour on each record, so that the lag stays as it is.
    Slow(Str),
    /// Numbers count from here on: a log that long is not written out.
    Shifted { topic: Str, partition: i32, from: i64, to: i64 },
    /// The lag is shortened to what can be written in a few seconds.
    Shortened { topic: Str, partition: i32, from: i64, to: i64 },
    /// `offsets.topic.replication.factor`: there are not three brokers for the group's offsets.
    OffsetsFactor(u32),
    /// The text is of a release without eligible leader replicas.
    NoElr,
    /// Of several listeners this one counts.
    Listener(i32, Str),
    /// What the texts say of brokers' listeners does not fit together, or some brokers have none: one listener counts.
    OneListener,
    /// Nodes of pools are numbered in the order of the text.
    PoolNumbers,
    /// Members' ids, topics' ids and hosts are drawn anew.
    DrawnIds,
    /// A client is called otherwise than its client id: another process has that name, or several have that id.
    Renamed { from: Str, to: Str },
    /// Copies were being added to it or taken from it: here they stand as they are listed, and nothing moves.
    Reassigned { topic: Str, partition: i32 },
    /// Of two assignments, the current and the proposed one, the current one stands.
    NotTheProposed,
    /// A compose file leaves this variable to its surroundings: its default counts, and nothing where it has none.
    Unset { name: Str, default: Str },
}

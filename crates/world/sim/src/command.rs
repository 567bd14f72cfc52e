//! Every act on the world, as data. A command states a cause, never an outcome.
//!
//! Two levels: what is about processes and the network whatever runs there, and what one family of processes is asked
//! for. Which cluster a command of Kafka's is for stands beside it in [`Command::Kafka`], once for all of them.

use base::{FlatMap, Seldom, Str, Timestamp};
use config::application::Named;
use port::{Ask, ConsumerCall, OtherSetup};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// One act of a person or a script. Names are those on the stage: `2`, `c1`, `web`, `billing-1`. Times are nanoseconds.
/// The text line (`script::print`) and the bytes of a link spell the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    World(WorldCommand),
    /// For the cluster of that `cluster.id`; `None`: the first one, or the one that a named process belongs to.
    Kafka(Option<Str>, KafkaCommand),
    /// About a process of another family.
    Other(OtherCommand),
}

/// As if they were one enum: runs of Kafka alone keep their digests, which is why the commands have numbers. A number is
/// never used again.
impl Hash for Command {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Command::World(command) => command.hash(state),
            Command::Kafka(None, command) => command.hash(state),
            Command::Kafka(Some(cluster), command) => (-2_isize, cluster, command).hash(state),
            Command::Other(command) => (-1_isize, command).hash(state),
        }
    }
}

impl From<WorldCommand> for Command {
    fn from(command: WorldCommand) -> Command {
        Command::World(command)
    }
}

impl From<KafkaCommand> for Command {
    fn from(command: KafkaCommand) -> Command {
        Command::Kafka(None, command)
    }
}

impl From<OtherCommand> for Command {
    fn from(command: OtherCommand) -> Command {
        Command::Other(command)
    }
}

/// What is done to processes and to the network between them, whatever runs there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(isize)]
pub enum WorldCommand {
    /// kill -9: completed writes stay, connections are reset.
    Kill {
        name: Str,
    } = 12,
    /// Controlled shutdown of a node; a client closes in order.
    Stop {
        name: Str,
    } = 13,
    Start {
        name: Str,
    } = 14,
    /// The process hangs and keeps its connections.
    Pause {
        name: Str,
    } = 15,
    Resume {
        name: Str,
    } = 16,
    /// The machine loses power: only flushed bytes surely survive, peers hear nothing.
    PowerOff {
        name: Str,
    } = 17,
    /// Nothing passes between the two any more, in silence.
    Cut {
        a: Str,
        b: Str,
    } = 18,
    /// Nothing passes from `from` to `to`; the other way works.
    CutOneWay {
        from: Str,
        to: Str,
    } = 19,
    /// Everything on this link takes this much longer, both ways.
    Delay {
        a: Str,
        b: Str,
        by: u64,
    } = 20,
    /// What is under way and what follows waits this long, both ways: a lost packet sent again.
    Stall {
        a: Str,
        b: Str,
        time: u64,
    } = 21,
    /// Messages of one API, requests or answers, wait on their way from `from` to `to` until the link is healed.
    /// `api` is Kafka's name of it, as "Fetch".
    Hold {
        from: Str,
        to: Str,
        api: Str,
    } = 22,
    /// The next `count` messages of one API from `from` to `to` are lost, and nobody is told.
    /// `api` is Kafka's name of it, as "Produce".
    Lose {
        from: Str,
        to: Str,
        api: Str,
        count: u32,
    } = 23,
    /// Connections between the two break; what was in flight is lost. An end behind a cut does not
    /// learn of it.
    Reset {
        a: Str,
        b: Str,
    } = 24,
    /// The link works again.
    Heal {
        a: Str,
        b: Str,
    } = 25,
    HealAll = 26,
    /// From now on a store outside Kafka needs so long for a row. Nanoseconds; zero: it takes rows at once.
    SlowStore {
        store: Str,
        time: u64,
    } = 30,
    /// A store outside Kafka is out of order: whoever writes there gets an exception.
    FailStore {
        store: Str,
    } = 31,
    /// It takes rows again, as slowly as before.
    HealStore {
        store: Str,
    } = 32,
}

/// What a Kafka cluster and its clients are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(isize)]
pub enum KafkaCommand {
    CreateTopic {
        name: Str,
        /// `None`: num.partitions.
        partitions: Option<i32>,
        /// `None`: default.replication.factor.
        replication_factor: Option<i16>,
        /// Manual placement, partition 0 first; then the two above are `None`.
        assignments: Vec<Vec<i32>>,
        configs: FlatMap<Str, Str>,
        /// Milliseconds until REQUEST_TIMED_OUT; `None`: the client's default.
        timeout_ms: Option<u32>,
    } = 0,
    DeleteTopic {
        name: Str,
    } = 1,
    AddPartitions {
        topic: Str,
        total: i32,
        assignments: Vec<Vec<i32>>,
    } = 2,
    AlterTopicConfig {
        topic: Str,
        set: FlatMap<Str, Str>,
        delete: Vec<Str>,
    } = 3,
    ElectLeaders {
        election: Election,
        /// `orders-1`; empty: every partition.
        partitions: Vec<Str>,
    } = 4,
    AddBroker {
        node: i32,
        rack: Option<Str>,
    } = 5,
    AddProducer {
        name: Str,
        topic: Str,
        /// Keys in turn; empty: no key.
        keys: Vec<Str>,
        /// With `keys` of one entry: draw `<key>1` to `<key>N` at random instead.
        random_keys: Option<u32>,
        /// Nanoseconds between records; `None`: only by hand.
        interval: Option<u64>,
        value_size: u32,
        limit: Option<u64>,
        configs: FlatMap<Str, Str>,
    } = 6,
    AddConsumer {
        name: Str,
        group: Str,
        topics: Vec<Str>,
        /// Nanoseconds of work per record.
        processing: u64,
        configs: FlatMap<Str, Str>,
    } = 7,
    /// One record by hand.
    Send {
        producer: Str,
        topic: Option<Str>,
        partition: Option<i32>,
        key: Option<Str>,
        /// `None`: a tombstone.
        value: Option<Str>,
        /// In order; names may repeat.
        headers: Seldom<Vec<Named>>,
        /// Milliseconds since 1970, none of them before; `None`: when it is sent.
        timestamp: Seldom<Option<Timestamp>>,
    } = 8,
    /// Nanoseconds between records; `None` stops the steady stream.
    SetInterval {
        producer: Str,
        interval: Option<u64>,
    } = 9,
    /// Read a partition from an offset to its visible end.
    Read {
        topic: Str,
        partition: i32,
        from: i64,
    } = 10,
    ListTopics = 11,
    /// A consumer closes and leaves its group, also as a static member (KIP-1092).
    Leave {
        name: Str,
    } = 27,
    /// What Kafka's tools ask an admin client for, beside what has a command of its own.
    Ask(Box<Ask>) = 28,
    /// A consumer's application seeks, pauses, commits what is chosen, works faster or dies.
    Call {
        name: Str,
        call: ConsumerCall,
    } = 29,
    /// An admin client is asked that begins at these servers and knows nobody else: `--bootstrap-server` of Kafka's tools.
    /// Where all of them answer, it is asked as without.
    Via {
        servers: Str,
        command: Box<KafkaCommand>,
    } = 30,
}

impl Command {
    /// What is asked for, whoever is asked.
    pub fn bare(&self) -> Cow<'_, Command> {
        match self {
            Command::Kafka(cluster, KafkaCommand::Via { command, .. }) => {
                Cow::Owned(Command::Kafka(cluster.clone(), command.bare().clone()))
            }
            Command::World(_) | Command::Kafka(..) | Command::Other(_) => Cow::Borrowed(self),
        }
    }

    /// Does it only ask, so that nobody has to take it back?
    pub fn only_reads(&self) -> bool {
        match self {
            Command::Kafka(_, command) => command.only_reads(),
            Command::World(_) | Command::Other(_) => false,
        }
    }
}

impl KafkaCommand {
    /// What is asked for, whoever is asked.
    pub fn bare(&self) -> &KafkaCommand {
        match self {
            KafkaCommand::Via { command, .. } => command.bare(),
            other => other,
        }
    }

    /// Is it an admin client that is asked?
    pub fn is_for_admin(&self) -> bool {
        match self {
            KafkaCommand::CreateTopic { .. }
            | KafkaCommand::DeleteTopic { .. }
            | KafkaCommand::AddPartitions { .. }
            | KafkaCommand::AlterTopicConfig { .. }
            | KafkaCommand::ElectLeaders { .. }
            | KafkaCommand::Read { .. }
            | KafkaCommand::ListTopics
            | KafkaCommand::Ask(_) => true,
            KafkaCommand::AddBroker { .. }
            | KafkaCommand::AddProducer { .. }
            | KafkaCommand::AddConsumer { .. }
            | KafkaCommand::Send { .. }
            | KafkaCommand::SetInterval { .. }
            | KafkaCommand::Call { .. }
            | KafkaCommand::Via { .. }
            | KafkaCommand::Leave { .. } => false,
        }
    }

    fn only_reads(&self) -> bool {
        match self {
            KafkaCommand::Via { command, .. } => command.only_reads(),
            KafkaCommand::Read { .. } | KafkaCommand::ListTopics => true,
            KafkaCommand::Ask(ask) => leaves_all(ask),
            KafkaCommand::CreateTopic { .. }
            | KafkaCommand::DeleteTopic { .. }
            | KafkaCommand::AddPartitions { .. }
            | KafkaCommand::AlterTopicConfig { .. }
            | KafkaCommand::ElectLeaders { .. }
            | KafkaCommand::AddBroker { .. }
            | KafkaCommand::AddProducer { .. }
            | KafkaCommand::AddConsumer { .. }
            | KafkaCommand::Send { .. }
            | KafkaCommand::SetInterval { .. }
            | KafkaCommand::Call { .. }
            | KafkaCommand::Leave { .. } => false,
        }
    }
}

/// Does what an admin client is asked leave the cluster as it is?
fn leaves_all(ask: &Ask) -> bool {
    match ask {
        Ask::DescribeTopics(_)
        | Ask::ListOffsets { .. }
        | Ask::DescribeConfigs(_)
        | Ask::ListGroups { .. }
        | Ask::DescribeGroups { .. }
        | Ask::DescribeLogDirs { .. }
        | Ask::DescribeCluster
        | Ask::DescribeQuorum
        | Ask::ApiVersions
        | Ask::Read { .. } => true,
        Ask::ResetOffsets { act, .. } => *act == port::Act::DryRun,
        Ask::AlterConfigs { .. }
        | Ask::CommitOffsets { .. }
        | Ask::DeleteGroups(_)
        | Ask::DeleteOffsets { .. }
        | Ask::RemoveMembers { .. }
        | Ask::DeleteRecords(_)
        | Ask::UnregisterBroker(_) => false,
    }
}

/// What is done with processes of other families. They are made by programs that bring the family along, and no script
/// or link has a word for them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OtherCommand {
    /// One more of them, started at once.
    Add { name: Str, setup: OtherSetup },
    /// A running one is asked for something, in its family's own words.
    Ask { name: Str, what: Str },
}

/// What survives of a disk when its process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Durability {
    /// The page cache lives on.
    Written,
    /// Only what was flushed, and a part of the rest.
    Flushed,
}

/// `kafka-leader-election.sh --election-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Election {
    Preferred,
    Unclean,
}

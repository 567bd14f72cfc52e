//! What a process is started with, and what a person can ask of it while it runs.

use crate::{Ask, ConsumerCall, OtherSetup, Told};
use api::{AlterConfig, ConfigResource, CreatableTopic, CreatePartitionsTopic, ElectionType};
use base::{
    BrokerId, Endpoint, Endpoints, ErrorCode, FlatMap, FlatSet, ListenerIndex, Offset, PartitionId, ProcessId, Seldom,
    Span, Str, Timestamp, TopicPartition,
};
use bytes::Bytes;
use records::Header;
use std::hash::{Hash, Hasher};

/// How to start one process. Config values are Kafka's names and texts; a process resolves them
/// against its release's defaults when it boots, so check them before (`config::*::resolve`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessConfig {
    Kafka(KafkaSetup),
    /// A process of another family.
    Other(OtherSetup),
}

/// One of Kafka's processes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KafkaSetup {
    Node(NodeSetup),
    Producer(ClientSetup, ProducerSetup),
    Consumer(ClientSetup, ConsumerSetup),
    Admin(ClientSetup, AdminSetup),
}

/// Which family it is counts only where there are several, so that runs of Kafka alone keep their digests.
impl Hash for ProcessConfig {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            ProcessConfig::Kafka(setup) => setup.hash(state),
            ProcessConfig::Other(setup) => setup.hash(state),
        }
    }
}

/// A broker's listeners: `listeners`, `advertised.listeners` and `inter.broker.listener.name`. The controller's is apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listeners {
    /// Those that it has ports for.
    pub names: Vec<Str>,
    /// What others are told to connect to; a listener may be missing here.
    pub advertised: Endpoints,
    /// By which brokers reach each other.
    pub inter_broker: Str,
}

impl Listeners {
    /// The one that Kafka has by itself.
    pub fn plaintext(endpoint: Endpoint) -> Listeners {
        let name: Str = Endpoints::PLAINTEXT.into();
        let advertised = Endpoints::plaintext(endpoint);
        Listeners { names: vec![name.clone()], advertised, inter_broker: name }
    }

    /// What the listener of that number is called.
    ///
    /// # Panics
    /// It has not so many.
    pub fn name(&self, index: ListenerIndex) -> &Str {
        &self.names[usize::from(index.0)]
    }

    /// Where brokers reach it; `None`: nowhere, so it does not start.
    pub fn for_brokers(&self) -> Option<&Endpoint> {
        self.advertised.of(&self.inter_broker)
    }
}

/// One that nobody has named counts as its address alone: runs keep the digests that they had before there were several.
impl Hash for Listeners {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.advertised.hash(state);
        if self.advertised.are_named() || self.names.len() != 1 {
            (&self.names, &self.inter_broker).hash(state);
        }
    }
}

/// A broker, a controller, or both in one process (`process.roles`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeSetup {
    pub cluster_id: Str,
    pub node: BrokerId,
    pub roles: Roles,
    /// Where clients and brokers reach this node; unused by a pure controller.
    pub listeners: Listeners,
    /// Where the quorum reaches this node; unused by a pure broker.
    pub controller_endpoint: Endpoint,
    pub rack: Option<Str>,
    /// `controller.quorum.voters`, the same on every node.
    pub voters: Vec<Voter>,
    /// Features of the cluster as it was formatted.
    pub features: FlatSet<Feature>,
    /// Settings that differ from the release's defaults.
    pub overrides: FlatMap<Str, Str>,
    pub topic_policy: TopicPolicy,
}

impl NodeSetup {
    /// What its `server.properties` says before its settings: who it is, where it listens and where its logs lie.
    pub fn identity(&self) -> Vec<(&'static str, Str)> {
        let (is_broker, is_controller) = (self.roles.is_broker(), self.roles.is_controller());
        let roles = match (is_broker, is_controller) {
            (true, true) => "broker,controller",
            (true, false) => "broker",
            (false, _) => "controller",
        };
        let at = |endpoint: &Endpoint| format!("{}:{}", endpoint.host, endpoint.port);
        let voters: Vec<String> =
            self.voters.iter().map(|voter| format!("{}@{}", voter.id, at(&voter.endpoint))).collect();
        let plain = is_broker.then(|| "PLAINTEXT://:9092".to_owned());
        let own = is_controller.then(|| format!("CONTROLLER://:{}", self.controller_endpoint.port));
        let listeners: Vec<String> = plain.into_iter().chain(own).collect();
        let mut all = vec![
            ("process.roles", roles.into()),
            ("node.id", self.node.to_string().into()),
            ("controller.quorum.voters", voters.join(",").into()),
            ("controller.listener.names", "CONTROLLER".into()),
            ("listeners", listeners.join(",").into()),
        ];
        let told = self.listeners.advertised.iter().map(|(_, endpoint)| format!("PLAINTEXT://{}", at(endpoint)));
        if is_broker {
            all.push(("advertised.listeners", told.collect::<Vec<_>>().join(",").into()));
        }
        all.push(("log.dirs", self.log_dir()));
        all.extend(self.rack.iter().map(|rack| ("broker.rack", rack.clone())));
        // Listeners that have names are settings of the node.
        all.retain(|(name, _)| !self.overrides.contains_key(*name));
        all
    }

    /// Where its logs lie.
    pub fn log_dir(&self) -> Str {
        format!("/kafka-logs-{}", self.node).into()
    }
}

/// What a cluster's topics may grow to. Kafka has the like as a plug-in of the controller
/// (`create.topic.policy.class.name`) and answers with POLICY_VIOLATION.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TopicPolicy {
    pub partitions: u64,
    /// Of all partitions together.
    pub replicas: u64,
    /// Partitions times brokers, each of which holds the metadata of all.
    pub partitions_on_brokers: u64,
}

impl Default for TopicPolicy {
    /// Anything goes.
    fn default() -> Self {
        TopicPolicy { partitions: u64::MAX, replicas: u64::MAX, partitions_on_brokers: u64::MAX }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Roles {
    Broker,
    Controller,
    Combined,
}

impl Roles {
    pub fn is_broker(self) -> bool {
        matches!(self, Roles::Broker | Roles::Combined)
    }
    pub fn is_controller(self) -> bool {
        matches!(self, Roles::Controller | Roles::Combined)
    }
}

/// Cluster features that a format can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// `eligible.leader.replicas.version=1` (KIP-966), on for new clusters since 4.1.
    EligibleLeaderReplicas,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Voter {
    pub id: BrokerId,
    pub endpoint: Endpoint,
}

/// What every client needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientSetup {
    /// Its own place in the world: the ledger tells records apart by it. Never travels.
    pub process: ProcessId,
    /// `client.id`, and the name on the page.
    pub client_id: Str,
    /// `bootstrap.servers`, unless an override says otherwise.
    pub bootstrap: Vec<Endpoint>,
    pub overrides: FlatMap<Str, Str>,
}

/// A producer that sends records by itself at a steady pace, and by hand when asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProducerSetup {
    pub topic: Str,
    pub keys: KeyPattern,
    /// Time between two records; `None`: only by hand.
    pub interval: Option<Span>,
    /// Bytes per value; values read `<client>-<number>` padded to this length.
    pub value_size: u32,
    /// Stop after so many records; `None`: never.
    pub limit: Option<u64>,
}

/// Which key the producer gives its n-th record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyPattern {
    /// No key: the sticky partitioner decides.
    None,
    /// These, in turn.
    Cycle(Vec<Str>),
    /// `<prefix>1` to `<prefix><count>`, drawn at random.
    Random { prefix: Str, count: u32 },
}

/// A consumer in a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConsumerSetup {
    /// `group.id`.
    pub group: Str,
    pub topics: Vec<Str>,
    /// Work per record before the next `poll`.
    pub processing_time: Span,
}

/// A process that does what an operator asks, as Kafka's command line tools do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AdminSetup {
    pub stays: Seldom<Stays>,
}

/// How long an admin client is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stays {
    /// Whoever asks later asks the same.
    #[default]
    Always,
    /// It is one tool's, which ends with its answer.
    UntilAnswered,
}

/// What a person or script asks of a running process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorRequest {
    /// End in order. Kafka's node: controlled shutdown, then `Effect::Exit`; consumer: leave the group and close;
    /// producer: flush and close.
    ShutDown,
    Kafka(KafkaRequest),
    /// Of a process of another family.
    Other(Str),
}

/// What Kafka's processes are asked for. `ticket`s come back in `KafkaFact::OperatorAnswered`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(isize)]
pub enum KafkaRequest {
    /// Consumer: close and leave the group even as a static member, which otherwise keeps its place
    /// (KIP-1092, `CloseOptions` with `LEAVE_GROUP`). The others: as `ShutDown`.
    Leave = 1,
    /// Admin.
    CreateTopic { ticket: u64, topic: CreatableTopic, timeout: Span } = 2,
    /// Admin.
    DeleteTopic { ticket: u64, name: Str } = 3,
    /// Admin.
    CreatePartitions { ticket: u64, topic: CreatePartitionsTopic } = 4,
    /// Admin.
    AlterConfigs { ticket: u64, resource: ConfigResource, changes: Vec<AlterConfig> } = 5,
    /// Admin.
    ElectLeaders { ticket: u64, election: ElectionType, partitions: Option<Vec<TopicPartition>> } = 6,
    /// Admin.
    ListTopics { ticket: u64 } = 7,
    /// Admin: read a partition from `from` to its visible end.
    Read { ticket: u64, partition: TopicPartition, from: Offset } = 8,
    /// Producer: send one record now. `partition`: the caller's choice instead of the partitioner's.
    Send {
        ticket: u64,
        topic: Str,
        partition: Option<PartitionId>,
        key: Option<Bytes>,
        value: Option<Bytes>,
        headers: Seldom<Vec<Header>>,
        /// Milliseconds since 1970; `None`: when it is sent.
        timestamp: Seldom<Option<Timestamp>>,
    } = 9,
    /// Producer: a new steady pace; `None` stops it.
    SetInterval(Option<Span>) = 10,
    /// Admin: whatever else Kafka's tools ask for.
    Ask { ticket: u64, ask: Box<Ask> } = 11,
    /// Consumer: its application does this when it is back in its poll loop.
    Call { ticket: u64, call: Box<ConsumerCall> } = 12,
}

/// As if they were one enum: runs of Kafka alone keep their digests, which is why the requests have numbers.
impl Hash for OperatorRequest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            OperatorRequest::ShutDown => 0_isize.hash(state),
            OperatorRequest::Kafka(request) => request.hash(state),
            OperatorRequest::Other(asked) => (-1_isize, asked).hash(state),
        }
    }
}

/// Who refused, as the client that was asked knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refuser {
    /// The client itself: it sent nothing, or waited in vain.
    Client,
    /// The broker that answered; `None`: at an address of `bootstrap.servers`, before the client knew its id. What only a
    /// controller decides, the broker has passed on.
    Broker(Option<BrokerId>),
}

/// How an operator's request ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OperatorAnswer {
    Done,
    /// Where the record went; the offset is −1 with acks=0.
    Sent {
        partition: PartitionId,
        offset: Offset,
    },
    Failed {
        by: Refuser,
        error: ErrorCode,
        message: Str,
    },
    Topics(Vec<Str>),
    /// Per partition: NONE or the reason it was not elected.
    Elected(Vec<(TopicPartition, ErrorCode, Option<Str>)>),
    /// Records as (offset, key, value), where the reader stands after them, and the visible end.
    Read {
        records: Vec<(Offset, Option<Bytes>, Option<Bytes>)>,
        position: Offset,
        end: Offset,
    },
    /// What came of an [`Ask`].
    Told(Box<Told>),
}

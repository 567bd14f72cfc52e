//! What tests of one machine need: an instant, a disk, an outbox and the wires, without a broker.

use crate::broker::Partitions;
use crate::partition::{Assignment, LeaderConfig, Partition, Registration};
use crate::wires::Wires;
use api::{KafkaMessage, Message};
use base::{
    BrokerId, Endpoint, FlatMap, FlatSet, LeaderEpoch, Offset, Rng, Shared, Span, Time, Timestamp, TopicId,
    TopicIdPartition, TopicPartition,
};
use config::BrokerConfig;
use log::{Log, LogConfig, LogSetup, Shutdown};
use port::{Cx, Effect, MemoryStore, NodeSetup, Outbox, Roles, TestSwitches, TopicPolicy};

/// The broker that the machine under test belongs to.
pub(crate) const SELF: BrokerId = BrokerId(1);

pub(crate) struct Bench {
    pub(crate) now: Time,
    pub(crate) rng: Rng,
    pub(crate) store: MemoryStore,
    pub(crate) outbox: Outbox,
    pub(crate) setup: NodeSetup,
    pub(crate) wires: Wires,
}

pub(crate) fn endpoint(port: u16) -> Endpoint {
    Endpoint { host: "there".into(), port }
}

pub(crate) fn at(partition: i32) -> TopicIdPartition {
    TopicIdPartition { topic: TopicId(7), partition }
}

fn setup() -> NodeSetup {
    NodeSetup {
        cluster_id: "test".into(),
        node: SELF,
        roles: Roles::Broker,
        endpoint: endpoint(1),
        controller_endpoint: endpoint(100),
        rack: None,
        voters: Vec::new(),
        features: FlatSet::new(),
        overrides: FlatMap::new(),
        topic_policy: TopicPolicy::default(),
    }
}

impl Bench {
    pub(crate) fn new(seed: u64) -> Bench {
        let (mut rng, mut store, mut outbox) = (Rng::new(seed, 1), MemoryStore::new(), Outbox::default());
        outbox.begin(10);
        let (now, setup) = (Time(1), setup());
        let cx = Cx { now, wall: Timestamp(0), rng: &mut rng, store: &mut store, outbox: &mut outbox };
        let wires = Wires::new(&cx, &setup, BrokerConfig::resolve(&setup.overrides).expect("the defaults are valid"));
        Bench { now, rng, store, outbox, setup, wires }
    }

    /// One event's circumstances, and the wires.
    pub(crate) fn with<T>(&mut self, act: impl FnOnce(&mut Cx<'_>, &mut Wires, &NodeSetup) -> T) -> T {
        let mut cx = Cx {
            now: self.now,
            wall: Timestamp(0),
            rng: &mut self.rng,
            store: &mut self.store,
            outbox: &mut self.outbox,
        };
        act(&mut cx, &mut self.wires, &self.setup)
    }

    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now + span;
    }

    /// Every message that was sent, oldest first.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &KafkaMessage> {
        self.outbox.effects.iter().filter_map(|effect| match effect {
            Effect::Send(_, message) => {
                let Message::Kafka(message) = &**message;
                Some(message)
            }
            Effect::Connect(..) | Effect::Close(_) | Effect::Fact(_) | Effect::Exit => None,
        })
    }

    /// A replica whose log is empty, followed by nobody and following nobody.
    pub(crate) fn open(&mut self, at: TopicIdPartition) -> Partition {
        let name = TopicPartition::new("t", at.partition);
        let setup = LogSetup {
            directory: name.to_string().into(),
            config: LogConfig::default(),
            log_start: Offset::ZERO,
            high_watermark: Offset::ZERO,
            shutdown: Shutdown::Clean,
            wall: Timestamp(0),
        };
        let log = Log::open(&mut self.store, setup).expect("a disk in memory does not fail");
        Partition::new(at, name, log, TestSwitches::default())
    }

    /// What the controller decides of a partition with this broker and broker 2, both in sync.
    pub(crate) fn assignment(leader_epoch: i32) -> Assignment {
        let both = vec![SELF, BrokerId(2)];
        Assignment {
            leader_epoch: LeaderEpoch(leader_epoch),
            partition_epoch: leader_epoch,
            replicas: both.clone(),
            isr: both,
        }
    }

    /// The replica leads partition `number`.
    pub(crate) fn lead(&mut self, partitions: &mut Partitions, number: i32) {
        let mut partition = self.open(at(number));
        let config = LeaderConfig {
            local: SELF,
            lag_time_max: self.wires.config.replication.lag_time_max,
            min_insync_replicas: 1,
            switches: TestSwitches::default(),
        };
        let _ = self.with(|cx, _, _| partition.become_leader(cx, config, &Bench::assignment(1), None));
        partition.set_registration(BrokerId(2), Registration::Active { broker_epoch: 9 });
        partitions.insert(at(number), Shared::new(partition));
    }
}

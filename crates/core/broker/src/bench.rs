//! What tests of one machine need: an instant, a disk, an outbox and the wires, without a broker.

use crate::partition::{Assignment, LeaderConfig, Registration};
use crate::replicas::{Leadership, Opened, Opening, Replicas};
use crate::wires::Wires;
use api::{KafkaMessage, Message};
use base::{
    BrokerId, Endpoint, FlatMap, FlatSet, LeaderEpoch, Offset, Rng, Span, Time, Timestamp, TopicId, TopicIdPartition,
    TopicPartition,
};
use config::BrokerConfig;
use log::Shutdown;
use port::{Cx, Effect, Listeners, MemoryStore, NodeSetup, Outbox, Roles, TestSwitches, TopicPolicy};
use records::{Batch, BatchBuilder, NewRecord};

/// The broker that the machine under test belongs to.
pub(crate) const SELF: BrokerId = BrokerId(1);
/// The other replica of everything.
pub(crate) const OTHER: BrokerId = BrokerId(2);

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
        listeners: Listeners::plaintext(endpoint(1)),
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
                let Message::Kafka(message) = &**message else { return None };
                Some(message)
            }
            Effect::Connect(..) | Effect::Close(_) | Effect::Fact(_) | Effect::Exit => None,
            Effect::Crash | Effect::Write(_) => None,
        })
    }

    /// Opens the log of a partition of the topic `t`.
    pub(crate) fn open(&mut self, replicas: &mut Replicas, number: i32) -> Opened {
        self.with(|cx, wires, _| {
            let name = Some(TopicPartition::new("t", number));
            let (config, switches) = (&wires.config.topic_defaults, wires.switches);
            replicas.open(cx, at(number), Opening { name, config, shutdown: Shutdown::Clean, switches })
        })
    }

    /// What the controller decides of a partition with this broker and broker 2, both in sync.
    pub(crate) fn assignment(leader_epoch: i32) -> Assignment {
        let both = vec![SELF, OTHER];
        Assignment {
            leader_epoch: LeaderEpoch(leader_epoch),
            partition_epoch: leader_epoch,
            replicas: both.clone(),
            isr: both,
        }
    }

    /// This broker leads the partition, which is open, in that epoch.
    pub(crate) fn lead(&mut self, replicas: &mut Replicas, number: i32, epoch: i32) {
        let leadership = Leadership {
            config: LeaderConfig {
                local: SELF,
                lag_time_max: self.wires.config.replication.lag_time_max,
                min_insync_replicas: 1,
                switches: TestSwitches::default(),
            },
            assignment: Bench::assignment(epoch),
            previous: None,
            registrations: FlatMap::from([(OTHER, Registration::Active { broker_epoch: 9 })]),
        };
        let led = self.with(|cx, _, _| replicas.lead(cx, at(number), leadership));
        assert!(led.is_some(), "{number} is here");
    }

    /// Broker 2 leads the partition, which is open, in that epoch.
    pub(crate) fn follow(&mut self, replicas: &mut Replicas, number: i32, epoch: i32) {
        let led = self.with(|cx, _, _| replicas.follow(cx, at(number), &Bench::assignment(epoch), Some(OTHER)));
        assert!(led.is_some(), "{number} is here");
    }
}

/// One record, as the leader of that epoch has it at that offset.
pub(crate) fn batch(offset: i64, epoch: i32) -> Batch {
    let record = NewRecord { timestamp: Timestamp(1), ..NewRecord::default() };
    BatchBuilder::new().at(Offset(offset), LeaderEpoch(epoch)).record(&record).build()
}

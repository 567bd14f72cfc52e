//! What stands in the world at the end of a sample.

use super::kind::MeterKind;
use super::series::{Key, NOBODY};
use super::{AtWork, Meters, Names};
use crate::network::ConnectionState;
use crate::setup::ClusterIndex;
use crate::slot::{Liveness, Slot};
use crate::world::World;
use base::{BrokerId, FlatMap, ProcessId, Time};
use client::Consumer;
use client::consumer::ConsumerTimer;
use port::{KafkaSetup, ProcessConfig};
use process::Process;

/// What is told at the end of a sample.
type Gauges = FlatMap<Key, u64>;

impl Meters {
    /// The run has come to [`next_look`](Self::next_look): what stands there is read, and the sample is whole.
    pub fn look(&mut self, world: &World) {
        let at = self.next_look();
        self.meet(world);
        self.count_toil(world, at);
        self.count_all_work(at);
        let mut gauges = Gauges::new();
        let down = down(world);
        for slot in world.slots() {
            let up = u64::from(slot.liveness == Liveness::Running);
            gauges.insert(Key { kind: MeterKind::Up, process: slot.id, label: Names::NONE }, up);
            if let Some(running) = slot.process.as_ref().filter(|_| up == 1) {
                self.read(slot, (running, &down), &mut gauges);
            }
        }
        count_connections(world, &mut gauges);
        let sample = self.sample(at);
        gauges.iter().for_each(|(key, value)| self.samples.set(*key, sample, *value));
        self.samples.fall_silent(sample, |key| gauges.contains_key(key));
        self.requests.tidy(world);
        self.until = at;
        self.samples.make_room();
    }

    /// Who is there now, and what topics are called.
    pub(super) fn meet(&mut self, world: &World) {
        self.nodes = world.slots().map(Slot::is_node).collect();
        for slot in world.slots().skip(self.work.len()) {
            let work = match &slot.config {
                ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => setup.processing_time,
                ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
                | ProcessConfig::Other(_) => base::Span::ZERO,
            };
            self.work.insert(slot.id, work);
        }
        let brokers = world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
        for image in brokers.map(broker::Broker::image) {
            if image.topics().any(|topic| !self.topics.contains_key(&topic.id)) {
                self.topics.extend(image.topics().map(|topic| (topic.id, topic.name.clone())));
            }
        }
    }

    pub(super) fn is_node(&self, process: ProcessId) -> bool {
        self.nodes.get(process.0 as usize).copied().unwrap_or_default()
    }

    /// Whose application works when the listening begins, and until when.
    pub(super) fn see_who_works(&mut self, world: &World, at: Time) {
        for slot in world.slots() {
            let consumer = slot.process.as_ref().and_then(Process::consumer);
            if let Some(until) = consumer.and_then(|consumer| consumer.timers().deadline(&ConsumerTimer::Poll)) {
                self.at_work.insert(slot.id, AtWork { from: at, until });
            }
        }
    }

    /// How long each node was at work in the last step.
    fn count_toil(&mut self, world: &World, at: Time) {
        for slot in world.slots().filter(|slot| slot.is_node()) {
            let busy = world.toil().busy(slot.id, at, 1);
            self.count((MeterKind::Busy, slot.id), Names::NONE, at, busy.0);
        }
    }

    fn count_all_work(&mut self, at: Time) {
        let all: Vec<(ProcessId, AtWork)> = self.at_work.iter().map(|(process, work)| (*process, *work)).collect();
        for (process, work) in all {
            self.count_work(process, work, at);
            if work.until <= at {
                self.at_work.remove(&process);
            } else {
                self.at_work.insert(process, AtWork { from: at.max(work.from), ..work });
            }
        }
    }

    /// What a running process tells of itself.
    fn read(&mut self, slot: &Slot, (running, down): (&Process, &[(ClusterIndex, BrokerId)]), gauges: &mut Gauges) {
        let mut tell = |kind, label, value| *gauges.entry(Key { kind, process: slot.id, label }).or_default() += value;
        if let Some(broker) = running.node().and_then(process::Node::broker) {
            let leaders = broker.partitions().values().filter_map(|partition| partition.leader());
            let under = leaders.filter(|leader| leader.isr().len() < leader.replicas().len()).count();
            tell(MeterKind::UnderReplicatedPartitions, Names::NONE, under as u64);
        }
        let controller = running.node().and_then(process::Node::controller);
        if let Some(controller) = controller.filter(|controller| controller.is_active()) {
            let partitions = || controller.committed_image().partitions().map(|(_, partition)| partition);
            let offline = partitions().filter(|partition| partition.leader.is_none()).count();
            tell(MeterKind::OfflinePartitionsCount, Names::NONE, offline as u64);
            let is_down = |member: &BrokerId| down.contains(&(slot.cluster, *member));
            if !down.is_empty() {
                let silent = partitions().filter(|partition| partition.isr.iter().any(is_down)).count();
                tell(MeterKind::SilentInSync, Names::NONE, silent as u64);
            }
        }
        if let Some((consumer, lag)) = running.consumer().and_then(|consumer| Some((consumer, lag_of(consumer)?))) {
            let label = self.names.number(&consumer.setup().group);
            tell(MeterKind::RecordsLag, label, lag);
        }
    }
}

/// Brokers that do not run: killed, stopped, without power or hanging.
fn down(world: &World) -> Vec<(ClusterIndex, BrokerId)> {
    let silent = world.slots().filter(|slot| slot.liveness != Liveness::Running);
    let broker = |slot: &Slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker() => Some((slot.cluster, setup.node)),
        ProcessConfig::Kafka(
            KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..),
        )
        | ProcessConfig::Other(_) => None,
    };
    silent.filter_map(broker).collect()
}

/// At both ends of each that is open, where a process runs there.
fn count_connections(world: &World, gauges: &mut Gauges) {
    let is_up = |process: ProcessId| world.slot(process).is_some_and(|slot| slot.liveness == Liveness::Running);
    let open = world.network().connections().filter(|(_, connection)| connection.state == ConnectionState::Open);
    let ends = open.flat_map(|(_, connection)| connection.ends.map(|end| end.process));
    for process in ends.filter(|process| is_up(*process)) {
        let key = Key { kind: MeterKind::ConnectionCount, process, label: Names::NONE };
        *gauges.entry(key).or_default() += 1;
    }
}

/// Of all its partitions whose end it has heard of; `None` while it has heard of none.
fn lag_of(consumer: &Consumer) -> Option<u64> {
    let lags = consumer.partitions().filter_map(|(_, state)| state.lag());
    lags.map(|lag| lag.unsigned_abs()).reduce(|one, other| one + other)
}

/// A gauge's value, where somebody answers for it.
pub(super) fn known(value: u64) -> Option<u64> {
    (value != NOBODY).then_some(value)
}

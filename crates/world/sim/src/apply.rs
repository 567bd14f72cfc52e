//! Commands: a person's or a script's acts, each at an instant of its own.

use crate::agenda::Due;
use crate::command::{Command, Durability, Election, KafkaCommand, OtherCommand, WorldCommand};
use crate::error::CommandError;
use crate::faults::LinkRule;
use crate::journal::Outcome;
use crate::network::ConnectionState;
use crate::setup::{ClusterIndex, NodePlan};
use crate::sink::FactSink;
use crate::slot::{Delivery, Liveness};
use crate::world::World;
use api::{AlterConfig, AlterConfigOp, ConfigResource, CreatableTopic, CreatePartitionsTopic, ElectionType};
use base::{BrokerId, FlatMap, Offset, ProcessId, Seldom, Span, Str, Time, TopicPartition};
use bytes::Bytes;
use port::{
    ConsumerCall, ConsumerSetup, CutWay, Fact, KafkaFact, KafkaRequest, KafkaSetup, KeyPattern, Listener,
    OperatorRequest, ProcessConfig, ProducerSetup, Roles, WorldFact,
};
use records::Header;

/// How long an admin's request may take when the command does not say (`default.api.timeout.ms`).
const ADMIN_TIMEOUT: Span = Span::from_secs(60);

impl World {
    /// Carries out a command now. Commands that ask the cluster for something give a ticket; the
    /// cluster's answer comes later as `Fact::OperatorAnswered` with that ticket.
    ///
    /// # Errors
    /// When the command makes no sense in this world; then nothing has changed.
    pub fn apply(&mut self, command: &Command, facts: &mut impl FactSink) -> Result<Option<u64>, CommandError> {
        self.apply_at(self.now, command, facts)
    }

    /// The same at the instant `at`, or right after the last event when that is later. The caller
    /// has executed everything before (`step_until`).
    ///
    /// # Errors
    /// As [`World::apply`].
    pub fn apply_at(
        &mut self,
        at: Time,
        command: &Command,
        facts: &mut impl FactSink,
    ) -> Result<Option<u64>, CommandError> {
        self.check(command)?;
        self.advance_to(at);
        let now = self.now;
        let command = self.shared(command);
        self.chain(&(now, &*command));
        self.carry_out_command(&command, facts)
    }

    /// It was found fit to be carried out.
    fn carry_out_command(&mut self, command: &Command, facts: &mut impl FactSink) -> Result<Option<u64>, CommandError> {
        match command {
            Command::World(command) => self.carry_out_of_world(command, facts).map(|()| None),
            Command::Kafka(cluster, command) => {
                let cluster = self.require_cluster(cluster.as_ref())?;
                self.carry_out_of_kafka(cluster, command, facts)
            }
            Command::Other(command) => self.carry_out_of_others(command, facts).map(|()| None),
        }
    }

    /// The world does it itself, at once.
    fn carry_out_of_world(&mut self, command: &WorldCommand, facts: &mut impl FactSink) -> Result<(), CommandError> {
        match command {
            WorldCommand::Kill { name } => self.kill(name, Durability::Written, facts)?,
            WorldCommand::PowerOff { name } => self.kill(name, Durability::Flushed, facts)?,
            WorldCommand::Stop { name } => self.ask_to_end(self.require_up(name)?, OperatorRequest::ShutDown, facts),
            WorldCommand::Start { name } => self.start(self.require(name)?, facts),
            WorldCommand::Pause { name } => self.pause(name, facts)?,
            WorldCommand::Resume { name } => self.resume(name, facts)?,
            WorldCommand::Cut { a, b } => self.set_rules(a, b, LinkRule::Cut, facts)?,
            WorldCommand::CutOneWay { from, to } => {
                let (from, to) = self.ends(from, to)?;
                self.network.links.set(from, to, LinkRule::Cut);
                facts.fact(self.now, from, Fact::World(WorldFact::LinkCut { peer: to, way: CutWay::Onward }));
            }
            WorldCommand::Delay { a, b, by } => self.set_rules(a, b, LinkRule::Delayed(Span(*by)), facts)?,
            WorldCommand::Stall { a, b, time } => {
                let until = self.now + Span(*time);
                self.set_rules(a, b, LinkRule::StalledUntil(until), facts)?;
            }
            WorldCommand::Hold { from, to, api } => {
                self.choose([from, to], LinkRule::Held(self.message_kind(api)?), facts)?
            }
            WorldCommand::Lose { from, to, api, count } => {
                self.choose([from, to], LinkRule::Lost { api: self.message_kind(api)?, left: *count }, facts)?;
            }
            WorldCommand::Reset { a, b } => self.reset(a, b, facts)?,
            WorldCommand::Heal { a, b } => {
                let (a, b) = self.ends(a, b)?;
                self.heal(a, b, facts);
            }
            WorldCommand::HealAll => {
                let pairs: Vec<_> = self.network.links.iter().map(|(from, to, _)| (from, to)).collect();
                pairs.into_iter().for_each(|(from, to)| self.heal(from, to, facts));
            }
            WorldCommand::SlowStore { store, time } => self.set_store(store, facts, |store| store.time = Span(*time)),
            WorldCommand::FailStore { store } => self.set_store(store, facts, |store| store.is_down = true),
            WorldCommand::HealStore { store } => self.set_store(store, facts, |store| store.is_down = false),
        }
        Ok(())
    }

    /// The ticket where something is asked for that is answered.
    fn carry_out_of_kafka(
        &mut self,
        cluster: ClusterIndex,
        command: &KafkaCommand,
        facts: &mut impl FactSink,
    ) -> Result<Option<u64>, CommandError> {
        match command {
            KafkaCommand::CreateTopic { .. }
            | KafkaCommand::DeleteTopic { .. }
            | KafkaCommand::AddPartitions { .. }
            | KafkaCommand::AlterTopicConfig { .. }
            | KafkaCommand::ElectLeaders { .. }
            | KafkaCommand::Read { .. }
            | KafkaCommand::ListTopics
            | KafkaCommand::Ask(_) => {
                let admin = self.admins[usize::from(cluster.0)];
                return self.ask_admin(admin, command, facts).map(Some);
            }
            KafkaCommand::Via { servers, command } => {
                let admin = self.tool(cluster, servers, facts)?;
                return self.ask_admin(admin, command, facts).map(Some);
            }
            KafkaCommand::Send { .. } => return self.ask_producer(command, facts).map(Some),
            KafkaCommand::Call { name, call } => return self.call_consumer(name, call, facts).map(Some),
            KafkaCommand::SetInterval { producer, interval } => {
                let process = self.require(producer)?;
                let request = OperatorRequest::Kafka(KafkaRequest::SetInterval(interval.map(Span)));
                self.deliver(self.now, process, Delivery::Operator(request), facts);
            }
            KafkaCommand::AddBroker { node, rack } => self.add_broker(cluster, (*node, rack.clone()), facts),
            KafkaCommand::AddProducer { .. } => self.add_producer(cluster, command, facts),
            KafkaCommand::AddConsumer { .. } => self.add_consumer(cluster, command, facts),
            KafkaCommand::Leave { name } => {
                let process = self.require_consumer(name)?;
                self.ask_to_end(process, OperatorRequest::Kafka(KafkaRequest::Leave), facts);
            }
        }
        Ok(None)
    }

    fn carry_out_of_others(&mut self, command: &OtherCommand, facts: &mut impl FactSink) -> Result<(), CommandError> {
        match command {
            OtherCommand::Add { name, setup } => {
                let process = self.add_slot(ClusterIndex::FIRST, name.clone(), ProcessConfig::Other(setup.clone()));
                if let Some(endpoint) = &setup.endpoint {
                    self.network.listeners.insert(endpoint.clone(), (process, Listener::Other));
                }
                self.start(process, facts);
            }
            OtherCommand::Ask { name, what } => {
                let request = OperatorRequest::Other(what.clone());
                self.deliver(self.now, self.require_up(name)?, Delivery::Operator(request), facts);
            }
        }
        Ok(())
    }

    /// With what its disk holds and nothing else.
    fn start(&mut self, process: ProcessId, facts: &mut impl FactSink) {
        self.boot(process, facts);
        facts.fact(self.now, process, Fact::World(WorldFact::ProcessStarted));
    }

    /// Politely: a node leaves its cluster first, and may be long about it.
    fn ask_to_end(&mut self, process: ProcessId, request: OperatorRequest, facts: &mut impl FactSink) {
        facts.fact(self.now, process, Fact::World(WorldFact::StopRequested));
        self.deliver(self.now, process, Delivery::Operator(request), facts);
    }

    /// Under which the answer comes.
    fn ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket - 1
    }

    /// By an admin client, which has to find the controller like any other client.
    fn ask_admin(
        &mut self,
        admin: ProcessId,
        command: &KafkaCommand,
        facts: &mut impl FactSink,
    ) -> Result<u64, CommandError> {
        let ticket = self.ticket();
        let request = admin_request(command, ticket)?;
        if let Some(asked) = asked(&request) {
            facts.fact(self.now, admin, asked);
        }
        self.deliver(self.now, admin, Delivery::Operator(OperatorRequest::Kafka(request)), facts);
        Ok(ticket)
    }

    /// The application sends a record beside those of its own pace.
    fn ask_producer(&mut self, command: &KafkaCommand, facts: &mut impl FactSink) -> Result<u64, CommandError> {
        let ticket = self.ticket();
        let KafkaCommand::Send { producer, topic, partition, key, value, headers, timestamp } = command else {
            unreachable!("a producer is asked to send, not to {command:?}")
        };
        let process = self.require_producer(producer)?;
        let ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) = &self.slots[&process].config else {
            unreachable!("{producer} was found to be a producer")
        };
        let topic = topic.clone().unwrap_or_else(|| setup.topic.clone());
        let bytes = |text: &Option<Str>| text.as_ref().map(|text| Bytes::copy_from_slice(text.as_bytes()));
        let request = OperatorRequest::Kafka(KafkaRequest::Send {
            ticket,
            topic,
            partition: *partition,
            key: bytes(key),
            value: bytes(value),
            headers: Seldom(
                headers.iter().map(|(key, value)| Header { key: key.clone(), value: bytes(value) }).collect(),
            ),
            timestamp: *timestamp,
        });
        self.deliver(self.now, process, Delivery::Operator(request), facts);
        Ok(ticket)
    }

    /// Its application makes the call when it comes round to it.
    fn call_consumer(
        &mut self,
        name: &str,
        call: &ConsumerCall,
        facts: &mut impl FactSink,
    ) -> Result<u64, CommandError> {
        let process = self.require_consumer(name)?;
        let ticket = self.ticket();
        let request = KafkaRequest::Call { ticket, call: Box::new(call.clone()) };
        self.deliver(self.now, process, Delivery::Operator(OperatorRequest::Kafka(request)), facts);
        Ok(ticket)
    }

    /// A new node with an empty disk. What is on others stays there: Kafka moves no replicas by itself.
    fn add_broker(&mut self, cluster: ClusterIndex, (node, rack): (i32, Option<Str>), facts: &mut impl FactSink) {
        let name = self.setup.broker_name(cluster, node);
        let plan = NodePlan { rack, ..NodePlan::new(name, node, Roles::Broker) };
        let process = self.add_node(cluster, &plan);
        self.start(process, facts);
    }

    fn add_producer(&mut self, cluster: ClusterIndex, command: &KafkaCommand, facts: &mut impl FactSink) {
        let KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } =
            command
        else {
            unreachable!("a producer is added, not {command:?}")
        };
        let keys = match (keys.as_slice(), random_keys) {
            ([], _) => KeyPattern::None,
            ([prefix], Some(count)) => KeyPattern::Random { prefix: prefix.clone(), count: *count },
            (keys, _) => KeyPattern::Cycle(keys.to_vec()),
        };
        let setup = ProducerSetup {
            topic: topic.clone(),
            keys,
            interval: interval.map(Span),
            value_size: *value_size,
            limit: *limit,
        };
        let client = self.client_setup(cluster, name, configs.clone());
        self.start_new(cluster, name, ProcessConfig::Kafka(KafkaSetup::Producer(client, setup)), facts);
    }

    fn add_consumer(&mut self, cluster: ClusterIndex, command: &KafkaCommand, facts: &mut impl FactSink) {
        let KafkaCommand::AddConsumer { name, group, topics, processing, configs } = command else {
            unreachable!("a consumer is added, not {command:?}")
        };
        let setup = ConsumerSetup { group: group.clone(), topics: topics.clone(), processing_time: Span(*processing) };
        let client = self.client_setup(cluster, name, configs.clone());
        self.start_new(cluster, name, ProcessConfig::Kafka(KafkaSetup::Consumer(client, setup)), facts);
    }

    /// A new process in a place of its own.
    fn start_new(&mut self, cluster: ClusterIndex, name: &Str, config: ProcessConfig, facts: &mut impl FactSink) {
        let process = self.add_slot(cluster, name.clone(), config);
        self.start(process, facts);
    }

    /// No word to anybody. What the disk keeps is the difference between a process that dies and a machine that does.
    fn kill(&mut self, name: &str, disk: Durability, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require_up(name)?;
        if disk == Durability::Flushed {
            facts.fact(self.now, process, Fact::World(WorldFact::PowerLost));
        }
        self.end(process, disk, facts);
        Ok(())
    }

    /// The process is gone from one instant to the next.
    pub(crate) fn end(&mut self, process: ProcessId, disk: Durability, facts: &mut impl FactSink) {
        facts.fact(self.now, process, Fact::World(WorldFact::ProcessStopped { clean: false }));
        self.tear_down(process, disk == Durability::Flushed, facts);
        let now = self.now;
        if let Some(slot) = self.slots.get_mut(&process) {
            let slot = &mut **slot;
            slot.inbox.clear();
            slot.called_at = None;
            slot.since = now;
            slot.liveness = match disk {
                Durability::Written => Liveness::Killed,
                Durability::Flushed => Liveness::PoweredOff,
            };
            if disk == Durability::Flushed {
                let dice = if slot.is_kafka() { &mut self.rng } else { &mut slot.rng };
                slot.store.power_off(dice);
            }
        }
    }

    /// It does nothing and does not know it: connections stay, peers wait, its own time-outs run on.
    fn pause(&mut self, name: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require_up(name)?;
        let now = self.now;
        if let Some(slot) = self.slots.get_mut(&process) {
            slot.liveness = Liveness::Paused;
            slot.since = now;
        }
        facts.fact(now, process, Fact::World(WorldFact::ProcessPaused));
        Ok(())
    }

    /// It goes on with everything that has come meanwhile, one after the other.
    fn resume(&mut self, name: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require(name)?;
        let now = self.now;
        let slot = self.slots.get_mut(&process).expect("whoever has a name has a place");
        if slot.liveness != Liveness::Paused {
            return Ok(());
        }
        slot.liveness = Liveness::Running;
        slot.since = now;
        slot.busy_until = slot.busy_until.max(now);
        if !slot.inbox.is_empty() {
            let due = Due::Free { process, life: slot.life };
            let at = slot.busy_until;
            self.agenda.add(at, due);
        }
        facts.fact(now, process, Fact::World(WorldFact::ProcessResumed));
        self.call_when_due(process);
        Ok(())
    }

    /// In both directions.
    fn set_rules(&mut self, a: &str, b: &str, rule: LinkRule, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let (a, b) = self.ends(a, b)?;
        self.network.links.set(a, b, rule);
        self.network.links.set(b, a, rule);
        match rule {
            LinkRule::Cut => facts.fact(self.now, a, Fact::World(WorldFact::LinkCut { peer: b, way: CutWay::Both })),
            // What an earlier stall still holds goes on by the new one.
            LinkRule::StalledUntil(until) => self.release_between(a, b, until),
            LinkRule::Delayed(_) | LinkRule::Held(_) | LinkRule::Lost { .. } => {}
        }
        Ok(())
    }

    /// Messages of one API only, one way.
    fn choose(&mut self, [from, to]: [&str; 2], rule: LinkRule, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let (from, to) = self.ends(from, to)?;
        self.network.links.set(from, to, rule);
        match rule {
            LinkRule::Held(api) => facts.fact(self.now, from, Fact::World(WorldFact::MessagesHeld { peer: to, api })),
            LinkRule::Lost { api, left } => {
                facts.fact(self.now, from, Fact::World(WorldFact::MessagesToBeLost { peer: to, api, left }))
            }
            LinkRule::Cut | LinkRule::StalledUntil(_) | LinkRule::Delayed(_) => {}
        }
        Ok(())
    }

    /// Rules go, and what was held by them comes through.
    fn heal(&mut self, a: ProcessId, b: ProcessId, facts: &mut impl FactSink) {
        let both = [self.network.links.heal(a, b), self.network.links.heal(b, a)];
        if both == [false, false] {
            return;
        }
        self.release_between(a, b, self.now + self.setup.network.latency);
        facts.fact(self.now, a, Fact::World(WorldFact::LinkHealed { peer: b }));
    }

    /// What waits between the two moves on at `at`, unless a cut still holds it then.
    fn release_between(&mut self, a: ProcessId, b: ProcessId, at: Time) {
        for id in self.network.between(a, b) {
            self.agenda.add(at, Due::Release { connection: id, lane: 0 });
            self.agenda.add(at, Due::Release { connection: id, lane: 1 });
        }
    }

    /// The connections between the two break. An end learns of it at once, but behind a cut not at
    /// all: no reset crosses a cut, and what it sends goes nowhere until its own timeouts end.
    fn reset(&mut self, a: &str, b: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let (a, b) = self.ends(a, b)?;
        facts.fact(self.now, a, Fact::World(WorldFact::LinkReset { peer: b }));
        for id in self.network.between(a, b) {
            let connection = self.network.connection(id).expect("found between the two");
            if connection.state != ConnectionState::Open {
                continue;
            }
            [0, 1].into_iter().for_each(|lane| self.tell_dropped((id, lane), Outcome::Reset, facts));
            let connection = self.network.connection(id).expect("whoever listens changes nothing");
            let told = [0, 1].map(|end: u8| self.reset_reaches(connection.direction(1 - end), u64::from(end)));
            let connection = self.network.connection_mut(id).expect("nobody has closed it meanwhile");
            connection.state = match told {
                [None, None] => ConnectionState::Dead,
                [Some(_), _] | [None, Some(_)] => ConnectionState::Closed(port::CloseReason::Reset),
            };
            connection.lanes.iter_mut().for_each(|lane| lane.in_flight.clear());
            for (end, at) in (0..).zip(told) {
                if let Some(at) = at {
                    self.agenda.add(at, Due::Closing { connection: id, end });
                }
            }
        }
        Ok(())
    }

    /// When a reset that comes from `from` is noticed at `to`; `None` behind a cut.
    fn reset_reaches(&self, (from, to): (ProcessId, ProcessId), end: u64) -> Option<Time> {
        self.network.links.passes_at(from, to, Time(self.now.0 + 1 + end))
    }
}

/// What an operator's request is told as; nothing for one that only looks.
fn asked(request: &KafkaRequest) -> Option<Fact> {
    Some(match request {
        KafkaRequest::ElectLeaders { election, partitions, .. } => {
            let partitions = partitions.clone().unwrap_or_default();
            match election {
                ElectionType::Preferred => Fact::Kafka(KafkaFact::PreferredElectionAsked { partitions }),
                ElectionType::Unclean => Fact::Kafka(KafkaFact::UncleanElectionAsked { partitions }),
            }
        }
        KafkaRequest::CreateTopic { topic, .. } => Fact::Kafka(KafkaFact::TopicAsked { topic: topic.name.clone() }),
        KafkaRequest::DeleteTopic { name, .. } => Fact::Kafka(KafkaFact::TopicDeletionAsked { topic: name.clone() }),
        KafkaRequest::CreatePartitions { topic, .. } => {
            Fact::Kafka(KafkaFact::PartitionsAsked { topic: topic.name.clone() })
        }
        KafkaRequest::AlterConfigs { .. }
        | KafkaRequest::ListTopics { .. }
        | KafkaRequest::Read { .. }
        | KafkaRequest::Ask { .. }
        | KafkaRequest::Call { .. }
        | KafkaRequest::Send { .. }
        | KafkaRequest::SetInterval(_)
        | KafkaRequest::Leave => return None,
    })
}

/// `orders-1` as a partition.
pub(crate) fn partition(text: &Str) -> Result<TopicPartition, CommandError> {
    let parsed =
        text.rsplit_once('-').and_then(|(topic, number)| Some(TopicPartition::new(topic, number.parse().ok()?)));
    parsed.ok_or_else(|| CommandError::Malformed { what: "partition such as orders-1", value: text.clone() })
}

/// Numbers as ids.
fn replicas(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

/// The command as the request of an admin client.
fn admin_request(command: &KafkaCommand, ticket: u64) -> Result<KafkaRequest, CommandError> {
    Ok(match command {
        KafkaCommand::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            let assignments = assignments.iter().zip(0..).map(|(ids, partition)| (partition, replicas(ids))).collect();
            let topic = CreatableTopic {
                name: name.clone(),
                num_partitions: partitions.unwrap_or(-1),
                replication_factor: replication_factor.unwrap_or(-1),
                assignments,
                configs: configs.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect(),
            };
            let timeout = timeout_ms.map_or(ADMIN_TIMEOUT, |ms| Span::from_millis(u64::from(ms)));
            KafkaRequest::CreateTopic { ticket, topic, timeout }
        }
        KafkaCommand::DeleteTopic { name } => KafkaRequest::DeleteTopic { ticket, name: name.clone() },
        KafkaCommand::AddPartitions { topic, total, assignments } => {
            let assignments = (!assignments.is_empty()).then(|| assignments.iter().map(|ids| replicas(ids)).collect());
            let topic = CreatePartitionsTopic { name: topic.clone(), count: *total, assignments };
            KafkaRequest::CreatePartitions { ticket, topic }
        }
        KafkaCommand::AlterTopicConfig { topic, set, delete } => {
            let resource = ConfigResource::Topic(topic.clone());
            KafkaRequest::AlterConfigs { ticket, resource, changes: config_changes(set, delete) }
        }
        KafkaCommand::ElectLeaders { election, partitions } => {
            let election = match election {
                Election::Preferred => ElectionType::Preferred,
                Election::Unclean => ElectionType::Unclean,
            };
            let named = partitions.iter().map(partition).collect::<Result<Vec<_>, _>>()?;
            KafkaRequest::ElectLeaders { ticket, election, partitions: (!named.is_empty()).then_some(named) }
        }
        KafkaCommand::Read { topic, partition, from } => {
            let partition = TopicPartition::new(topic.clone(), *partition);
            KafkaRequest::Read { ticket, partition, from: Offset(*from) }
        }
        KafkaCommand::ListTopics => KafkaRequest::ListTopics { ticket },
        KafkaCommand::Ask(ask) => KafkaRequest::Ask { ticket, ask: ask.clone() },
        KafkaCommand::AddBroker { .. }
        | KafkaCommand::AddProducer { .. }
        | KafkaCommand::AddConsumer { .. }
        | KafkaCommand::Send { .. }
        | KafkaCommand::SetInterval { .. }
        | KafkaCommand::Call { .. }
        | KafkaCommand::Via { .. }
        | KafkaCommand::Leave { .. } => unreachable!("no client of administration does this: {command:?}"),
    })
}

/// Settings that are set, then those that fall back to their defaults.
fn config_changes(set: &FlatMap<Str, Str>, delete: &[Str]) -> Vec<AlterConfig> {
    let set = set.iter().map(|(name, value)| AlterConfig {
        name: name.clone(),
        op: AlterConfigOp::Set,
        value: Some(value.clone()),
    });
    let delete = delete.iter().map(|name| AlterConfig { name: name.clone(), op: AlterConfigOp::Delete, value: None });
    set.chain(delete).collect()
}

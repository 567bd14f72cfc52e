//! Commands: a person's or a script's acts, each at an instant of its own.

use crate::agenda::Due;
use crate::command::{Command, Durability, Election};
use crate::error::CommandError;
use crate::faults::LinkRule;
use crate::network::ConnectionState;
use crate::setup::NodePlan;
use crate::slot::{Delivery, Liveness};
use crate::world::{FactSink, World};
use api::{AlterConfig, AlterConfigOp, ConfigResource, CreatableTopic, CreatePartitionsTopic, ElectionType};
use base::{BrokerId, FlatMap, Offset, ProcessId, Span, Str, Time, TopicPartition};
use bytes::Bytes;
use port::{ConsumerSetup, Fact, KeyPattern, OperatorRequest, ProcessConfig, ProducerSetup, Roles};

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
        self.chain(&(now, command));
        self.carry_out_command(command, facts)
    }

    /// Would `apply` take this command?
    ///
    /// # Errors
    /// As [`World::apply`].
    pub fn check(&self, command: &Command) -> Result<(), CommandError> {
        match command {
            Command::CreateTopic { .. }
            | Command::DeleteTopic { .. }
            | Command::AddPartitions { .. }
            | Command::AlterTopicConfig { .. }
            | Command::Read { .. }
            | Command::ListTopics
            | Command::HealAll => self.check_sizes(command),
            Command::ElectLeaders { partitions, .. } => {
                partitions.iter().try_for_each(|text| partition(text).map(drop))
            }
            Command::AddBroker { node, .. } => self.check_new_node(*node),
            Command::AddProducer { .. } => self.check_producer(command),
            Command::AddConsumer { name, configs, .. } => {
                self.check_new_name(name)?;
                config::ConsumerConfig::resolve(configs).map(drop).map_err(|error| config_error(&error))
            }
            Command::Send { producer, key, value, .. } => {
                self.require_producer(producer)?;
                let longest = key.iter().chain(value).map(|text| text.len() as u64).max().unwrap_or(0);
                at_most("bytes in a key or value", longest, u64::from(self.setup.limits.value_size))
            }
            Command::SetInterval { producer, interval } => {
                self.require_producer(producer)?;
                self.check_rate(*interval)
            }
            Command::Kill { name } | Command::PowerOff { name } | Command::Stop { name } | Command::Pause { name } => {
                self.require_up(name).map(drop)
            }
            Command::Leave { name } => self.require_consumer(name).map(drop),
            Command::Resume { name } => self.require(name).map(drop),
            Command::Start { name } => match self.require(name)? {
                id if self.slots[&id].liveness.is_up() => Err(CommandError::AlreadyRunning(name.clone())),
                _stopped => Ok(()),
            },
            Command::Cut { a, b }
            | Command::CutOneWay { from: a, to: b }
            | Command::Delay { a, b, .. }
            | Command::Stall { a, b, .. }
            | Command::Reset { a, b }
            | Command::Heal { a, b } => self.ends(a, b).map(drop),
        }
    }

    fn carry_out_command(&mut self, command: &Command, facts: &mut impl FactSink) -> Result<Option<u64>, CommandError> {
        match command {
            Command::CreateTopic { .. }
            | Command::DeleteTopic { .. }
            | Command::AddPartitions { .. }
            | Command::AlterTopicConfig { .. }
            | Command::ElectLeaders { .. }
            | Command::Read { .. }
            | Command::ListTopics => return self.ask_admin(command, facts).map(Some),
            Command::Send { .. } => return self.ask_producer(command, facts).map(Some),
            Command::SetInterval { producer, interval } => {
                let process = self.require(producer)?;
                let request = OperatorRequest::SetInterval(interval.map(Span));
                self.deliver(self.now, process, Delivery::Operator(request), facts);
            }
            Command::AddBroker { node, rack } => self.add_broker(*node, rack.clone(), facts),
            Command::AddProducer { .. } => self.add_producer(command, facts),
            Command::AddConsumer { .. } => self.add_consumer(command, facts),
            Command::Kill { name } => self.kill(name, Durability::Written, facts)?,
            Command::PowerOff { name } => self.kill(name, Durability::Flushed, facts)?,
            Command::Stop { name } => {
                let process = self.require_up(name)?;
                facts.fact(self.now, process, Fact::StopRequested);
                self.deliver(self.now, process, Delivery::Operator(OperatorRequest::ShutDown), facts);
            }
            Command::Leave { name } => {
                let process = self.require_consumer(name)?;
                self.deliver(self.now, process, Delivery::Operator(OperatorRequest::Leave), facts);
            }
            Command::Start { name } => {
                let process = self.require(name)?;
                self.boot(process, facts);
                facts.fact(self.now, process, Fact::ProcessStarted);
            }
            Command::Pause { name } => self.pause(name, facts)?,
            Command::Resume { name } => self.resume(name, facts)?,
            Command::Cut { a, b } => self.set_rules(a, b, LinkRule::Cut, facts)?,
            Command::CutOneWay { from, to } => {
                let (from, to) = self.ends(from, to)?;
                self.network.links.set(from, to, LinkRule::Cut);
                facts.fact(self.now, from, Fact::LinkCut { peer: to });
            }
            Command::Delay { a, b, by } => self.set_rules(a, b, LinkRule::Delayed(Span(*by)), facts)?,
            Command::Stall { a, b, time } => {
                let until = self.now + Span(*time);
                self.set_rules(a, b, LinkRule::StalledUntil(until), facts)?;
            }
            Command::Reset { a, b } => self.reset(a, b, facts)?,
            Command::Heal { a, b } => {
                let (a, b) = self.ends(a, b)?;
                self.heal(a, b, facts);
            }
            Command::HealAll => {
                let pairs: Vec<_> = self.network.links.iter().map(|(from, to, _)| (from, to)).collect();
                pairs.into_iter().for_each(|(from, to)| self.heal(from, to, facts));
            }
        }
        Ok(None)
    }

    fn ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket - 1
    }

    fn ask_admin(&mut self, command: &Command, facts: &mut impl FactSink) -> Result<u64, CommandError> {
        let ticket = self.ticket();
        let request = admin_request(command, ticket)?;
        self.deliver(self.now, self.admin, Delivery::Operator(request), facts);
        Ok(ticket)
    }

    fn ask_producer(&mut self, command: &Command, facts: &mut impl FactSink) -> Result<u64, CommandError> {
        let ticket = self.ticket();
        let Command::Send { producer, topic, partition, key, value } = command else { return Ok(ticket) };
        let process = self.require_producer(producer)?;
        let ProcessConfig::Producer(_, setup) = &self.slots[&process].config else { return Ok(ticket) };
        let topic = topic.clone().unwrap_or_else(|| setup.topic.clone());
        let bytes = |text: &Option<Str>| text.as_ref().map(|text| Bytes::copy_from_slice(text.as_bytes()));
        let request =
            OperatorRequest::Send { ticket, topic, partition: *partition, key: bytes(key), value: bytes(value) };
        self.deliver(self.now, process, Delivery::Operator(request), facts);
        Ok(ticket)
    }

    fn add_broker(&mut self, node: i32, rack: Option<Str>, facts: &mut impl FactSink) {
        let plan = NodePlan { name: node.to_string().into(), node, roles: Roles::Broker, rack };
        let process = self.add_node(&plan);
        self.boot(process, facts);
        facts.fact(self.now, process, Fact::ProcessStarted);
    }

    fn add_producer(&mut self, command: &Command, facts: &mut impl FactSink) {
        let Command::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs } = command
        else {
            return;
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
        let client = self.client_setup(name.clone(), configs.clone(), ProcessId(self.slots.len() as u32));
        self.start_new(name, ProcessConfig::Producer(client, setup), facts);
    }

    fn add_consumer(&mut self, command: &Command, facts: &mut impl FactSink) {
        let Command::AddConsumer { name, group, topics, processing, configs } = command else { return };
        let setup = ConsumerSetup { group: group.clone(), topics: topics.clone(), processing_time: Span(*processing) };
        let client = self.client_setup(name.clone(), configs.clone(), ProcessId(self.slots.len() as u32));
        self.start_new(name, ProcessConfig::Consumer(client, setup), facts);
    }

    fn start_new(&mut self, name: &Str, config: ProcessConfig, facts: &mut impl FactSink) {
        let process = self.add_slot(name.clone(), config);
        self.boot(process, facts);
        facts.fact(self.now, process, Fact::ProcessStarted);
    }

    fn kill(&mut self, name: &str, disk: Durability, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require_up(name)?;
        if disk == Durability::Flushed {
            facts.fact(self.now, process, Fact::PowerLost);
        }
        facts.fact(self.now, process, Fact::ProcessStopped { clean: false });
        self.tear_down(process, disk == Durability::Flushed, facts);
        let (now, rng) = (self.now, &mut self.rng);
        if let Some(slot) = self.slots.get_mut(&process) {
            slot.inbox.clear();
            slot.called_at = None;
            slot.since = now;
            slot.liveness = match disk {
                Durability::Written => Liveness::Killed,
                Durability::Flushed => Liveness::PoweredOff,
            };
            if disk == Durability::Flushed {
                slot.store.power_off(rng);
            }
        }
        Ok(())
    }

    fn pause(&mut self, name: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require_up(name)?;
        let now = self.now;
        if let Some(slot) = self.slots.get_mut(&process) {
            slot.liveness = Liveness::Paused;
            slot.since = now;
        }
        facts.fact(now, process, Fact::ProcessPaused);
        Ok(())
    }

    fn resume(&mut self, name: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let process = self.require(name)?;
        let now = self.now;
        let Some(slot) = self.slots.get_mut(&process) else { return Ok(()) };
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
        facts.fact(now, process, Fact::ProcessResumed);
        self.call_when_due(process);
        Ok(())
    }

    fn set_rules(&mut self, a: &str, b: &str, rule: LinkRule, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let (a, b) = self.ends(a, b)?;
        self.network.links.set(a, b, rule);
        self.network.links.set(b, a, rule);
        facts.fact(self.now, a, Fact::LinkCut { peer: b });
        Ok(())
    }

    fn heal(&mut self, a: ProcessId, b: ProcessId, facts: &mut impl FactSink) {
        let both = [self.network.links.heal(a, b), self.network.links.heal(b, a)];
        if both == [false, false] {
            return;
        }
        let at = self.now + self.setup.network.latency;
        for id in self.network.between(a, b) {
            self.agenda.add(at, Due::Release { connection: id, lane: 0 });
            self.agenda.add(at, Due::Release { connection: id, lane: 1 });
        }
        facts.fact(self.now, a, Fact::LinkHealed { peer: b });
    }

    /// Both ends learn at once that their connections broke.
    fn reset(&mut self, a: &str, b: &str, facts: &mut impl FactSink) -> Result<(), CommandError> {
        let (a, b) = self.ends(a, b)?;
        facts.fact(self.now, a, Fact::LinkReset { peer: b });
        for id in self.network.between(a, b) {
            let Some(connection) = self.network.connection_mut(id) else { continue };
            if connection.state != ConnectionState::Open {
                continue;
            }
            connection.state = ConnectionState::Closed(port::CloseReason::Reset);
            connection.lanes.iter_mut().for_each(|lane| lane.in_flight.clear());
            for end in 0..2 {
                self.agenda.add(Time(self.now.0 + 1 + u64::from(end)), Due::Closing { connection: id, end });
            }
        }
        Ok(())
    }

    fn require(&self, name: &str) -> Result<ProcessId, CommandError> {
        self.names.get(name).copied().ok_or_else(|| CommandError::NoSuchProcess(name.into()))
    }

    fn require_up(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require(name)?;
        let up = self.slots.get(&process).is_some_and(|slot| slot.liveness.is_up());
        if up { Ok(process) } else { Err(CommandError::NotRunning(name.into())) }
    }

    fn require_producer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Producer(..) => Ok(process),
            ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => {
                Err(CommandError::WrongKind { name: name.into(), wanted: "producer" })
            }
        }
    }

    fn require_consumer(&self, name: &str) -> Result<ProcessId, CommandError> {
        let process = self.require_up(name)?;
        match &self.slots[&process].config {
            ProcessConfig::Consumer(..) => Ok(process),
            ProcessConfig::Node(_) | ProcessConfig::Producer(..) | ProcessConfig::Admin(..) => {
                Err(CommandError::WrongKind { name: name.into(), wanted: "consumer" })
            }
        }
    }

    fn ends(&self, a: &str, b: &str) -> Result<(ProcessId, ProcessId), CommandError> {
        let (first, second) = (self.require(a)?, self.require(b)?);
        if first == second { Err(CommandError::SameEnds(a.into())) } else { Ok((first, second)) }
    }

    fn check_new_name(&self, name: &Str) -> Result<(), CommandError> {
        let legal = |c: char| c.is_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.chars().count() > 40 || !name.chars().all(legal) {
            return Err(CommandError::Malformed {
                what: "name of up to 40 letters, digits, '.', '_' or '-'",
                value: name.clone(),
            });
        }
        if self.names.contains_key(name) {
            return Err(CommandError::NameTaken(name.clone()));
        }
        at_most("processes", self.slots.len() as u64 + 1, u64::from(self.setup.limits.processes))
    }

    fn check_new_node(&self, node: i32) -> Result<(), CommandError> {
        let name: Str = node.to_string().into();
        if node < 0 {
            return Err(CommandError::Malformed { what: "node.id", value: name });
        }
        if self.node(BrokerId(node)).is_some() {
            return Err(CommandError::NameTaken(name));
        }
        self.check_new_name(&name)
    }

    fn check_producer(&self, command: &Command) -> Result<(), CommandError> {
        let Command::AddProducer { name, interval, value_size, configs, random_keys, .. } = command else {
            return Ok(());
        };
        self.check_new_name(name)?;
        self.check_rate(*interval)?;
        at_most("bytes in a value", u64::from(*value_size), u64::from(self.setup.limits.value_size))?;
        at_most("random keys", u64::from(random_keys.unwrap_or(0)), 1_000_000)?;
        config::ProducerConfig::resolve(configs).map(drop).map_err(|error| config_error(&error))
    }

    /// All producers together, with one more at this interval.
    fn check_rate(&self, interval: Option<u64>) -> Result<(), CommandError> {
        let rate = |interval: u64| 1_000_000_000 / interval.max(1);
        let running: u64 = self
            .slots()
            .filter_map(|slot| match &slot.config {
                ProcessConfig::Producer(_, setup) => setup.interval.map(|interval| rate(interval.0)),
                ProcessConfig::Node(_) | ProcessConfig::Consumer(..) | ProcessConfig::Admin(..) => None,
            })
            .sum();
        at_most("records per second", running + interval.map_or(0, rate), self.setup.limits.records_per_second)
    }

    fn check_sizes(&self, command: &Command) -> Result<(), CommandError> {
        let limit = u64::from(self.setup.limits.partitions);
        match command {
            Command::CreateTopic { partitions, assignments, .. } => {
                let asked = (assignments.len() as u64).max(partitions.unwrap_or(0).max(0) as u64);
                at_most("partitions", asked, limit)
            }
            Command::AddPartitions { total, .. } => at_most("partitions", (*total).max(0) as u64, limit),
            _others_have_no_size => Ok(()),
        }
    }
}

fn at_most(what: &'static str, asked: u64, limit: u64) -> Result<(), CommandError> {
    if asked > limit { Err(CommandError::TooMuch { what, limit }) } else { Ok(()) }
}

fn config_error(error: &config::ConfigError) -> CommandError {
    CommandError::Config { name: error.name.clone(), message: error.message.clone() }
}

/// `orders-1` as a partition.
fn partition(text: &Str) -> Result<TopicPartition, CommandError> {
    let parsed =
        text.rsplit_once('-').and_then(|(topic, number)| Some(TopicPartition::new(topic, number.parse().ok()?)));
    parsed.ok_or_else(|| CommandError::Malformed { what: "partition such as orders-1", value: text.clone() })
}

fn replicas(ids: &[i32]) -> Vec<BrokerId> {
    ids.iter().copied().map(BrokerId).collect()
}

fn admin_request(command: &Command, ticket: u64) -> Result<OperatorRequest, CommandError> {
    Ok(match command {
        Command::CreateTopic { name, partitions, replication_factor, assignments, configs, timeout_ms } => {
            let assignments = assignments.iter().zip(0..).map(|(ids, partition)| (partition, replicas(ids))).collect();
            let topic = CreatableTopic {
                name: name.clone(),
                num_partitions: partitions.unwrap_or(-1),
                replication_factor: replication_factor.unwrap_or(-1),
                assignments,
                configs: configs.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect(),
            };
            let timeout = timeout_ms.map_or(ADMIN_TIMEOUT, |ms| Span::from_millis(u64::from(ms)));
            OperatorRequest::CreateTopic { ticket, topic, timeout }
        }
        Command::DeleteTopic { name } => OperatorRequest::DeleteTopic { ticket, name: name.clone() },
        Command::AddPartitions { topic, total, assignments } => {
            let assignments = (!assignments.is_empty()).then(|| assignments.iter().map(|ids| replicas(ids)).collect());
            let topic = CreatePartitionsTopic { name: topic.clone(), count: *total, assignments };
            OperatorRequest::CreatePartitions { ticket, topic }
        }
        Command::AlterTopicConfig { topic, set, delete } => {
            let resource = ConfigResource::Topic(topic.clone());
            OperatorRequest::AlterConfigs { ticket, resource, changes: config_changes(set, delete) }
        }
        Command::ElectLeaders { election, partitions } => {
            let election = match election {
                Election::Preferred => ElectionType::Preferred,
                Election::Unclean => ElectionType::Unclean,
            };
            let named = partitions.iter().map(partition).collect::<Result<Vec<_>, _>>()?;
            OperatorRequest::ElectLeaders { ticket, election, partitions: (!named.is_empty()).then_some(named) }
        }
        Command::Read { topic, partition, from } => {
            let partition = TopicPartition::new(topic.clone(), *partition);
            OperatorRequest::Read { ticket, partition, from: Offset(*from) }
        }
        _list_topics => OperatorRequest::ListTopics { ticket },
    })
}

fn config_changes(set: &FlatMap<Str, Str>, delete: &[Str]) -> Vec<AlterConfig> {
    let set = set.iter().map(|(name, value)| AlterConfig {
        name: name.clone(),
        op: AlterConfigOp::Set,
        value: Some(value.clone()),
    });
    let delete = delete.iter().map(|name| AlterConfig { name: name.clone(), op: AlterConfigOp::Delete, value: None });
    set.chain(delete).collect()
}

//! Commands with other names in them.

use crate::names::Names;
use api::{AlterConfig, ConfigResource};
use base::{GroupId, Seldom, Str, TopicPartition};
use config::Scope;
use port::{Ask, ConfigsOf, ConsumerCall, NewOffset, Part, ResetTo, Which};
use sim::{Command, KafkaCommand, WorldCommand};

/// `None`: there is no telling what it says.
pub(super) fn renamed(names: &mut Names, command: Command) -> Option<Command> {
    match command {
        Command::World(command) => Some(Command::World(of_world(names, command))),
        Command::Kafka(cluster, command) => {
            let cluster = cluster.map(|cluster| names.cluster(&cluster));
            Some(Command::Kafka(cluster, of_kafka(names, command)))
        }
        Command::Other(_) => None,
    }
}

fn of_world(names: &mut Names, command: WorldCommand) -> WorldCommand {
    let mut of = |name: Str| names.process(&name);
    match command {
        WorldCommand::Kill { name } => WorldCommand::Kill { name: of(name) },
        WorldCommand::Stop { name } => WorldCommand::Stop { name: of(name) },
        WorldCommand::Start { name } => WorldCommand::Start { name: of(name) },
        WorldCommand::Pause { name } => WorldCommand::Pause { name: of(name) },
        WorldCommand::Resume { name } => WorldCommand::Resume { name: of(name) },
        WorldCommand::PowerOff { name } => WorldCommand::PowerOff { name: of(name) },
        WorldCommand::Cut { a, b } => WorldCommand::Cut { a: of(a), b: of(b) },
        WorldCommand::CutOneWay { from, to } => WorldCommand::CutOneWay { from: of(from), to: of(to) },
        WorldCommand::Delay { a, b, by } => WorldCommand::Delay { a: of(a), b: of(b), by },
        WorldCommand::Stall { a, b, time } => WorldCommand::Stall { a: of(a), b: of(b), time },
        WorldCommand::Hold { from, to, api } => WorldCommand::Hold { from: of(from), to: of(to), api },
        WorldCommand::Lose { from, to, api, count } => WorldCommand::Lose { from: of(from), to: of(to), api, count },
        WorldCommand::Reset { a, b } => WorldCommand::Reset { a: of(a), b: of(b) },
        WorldCommand::Heal { a, b } => WorldCommand::Heal { a: of(a), b: of(b) },
        WorldCommand::HealAll => WorldCommand::HealAll,
        WorldCommand::SlowStore { store, time } => WorldCommand::SlowStore { store: names.store(&store), time },
        WorldCommand::FailStore { store } => WorldCommand::FailStore { store: names.store(&store) },
        WorldCommand::HealStore { store } => WorldCommand::HealStore { store: names.store(&store) },
    }
}

fn of_kafka(names: &mut Names, command: KafkaCommand) -> KafkaCommand {
    use KafkaCommand as K;
    match command {
        K::DeleteTopic { name } => K::DeleteTopic { name: names.topic(&name) },
        K::AddPartitions { topic, total, assignments } => {
            K::AddPartitions { topic: names.topic(&topic), total, assignments }
        }
        K::ElectLeaders { election, partitions } => {
            let partitions = partitions.iter().map(|partition| names.spelled_partition(partition)).collect();
            K::ElectLeaders { election, partitions }
        }
        K::AddBroker { node, rack } => K::AddBroker { node, rack: rack.map(|rack| names.rack(&rack)) },
        K::SetInterval { producer, interval } => K::SetInterval { producer: names.client(&producer), interval },
        K::Read { topic, partition, from } => K::Read { topic: names.topic(&topic), partition, from },
        K::ListTopics => K::ListTopics,
        // Its servers are of a cluster that has other hosts now.
        K::Via { command, .. } => of_kafka(names, *command),
        K::Leave { name } => K::Leave { name: names.client(&name) },
        K::Ask(ask) => K::Ask(Box::new(asked(names, *ask))),
        K::Call { name, call } => K::Call { name: names.client(&name), call: called(names, call) },
        K::CreateTopic { .. } | K::AlterTopicConfig { .. } => of_topic(names, command),
        K::AddProducer { .. } | K::AddConsumer { .. } | K::Send { .. } => of_client(names, command),
    }
}

/// Commands about a topic that carry settings.
fn of_topic(names: &mut Names, mut command: KafkaCommand) -> KafkaCommand {
    if let KafkaCommand::CreateTopic { name, configs, .. } = &mut command {
        *name = names.topic(name);
        *configs = names.settings(Scope::Topic, configs);
    }
    if let KafkaCommand::AlterTopicConfig { topic, set, delete } = &mut command {
        *topic = names.topic(topic);
        *set = names.settings(Scope::Topic, set);
        delete.retain(|name| config::key(Scope::Topic, name).is_some());
    }
    command
}

/// Clients and what is sent by hand.
fn of_client(names: &mut Names, mut command: KafkaCommand) -> KafkaCommand {
    if let KafkaCommand::AddProducer { name, topic, keys, configs, .. } = &mut command {
        (*name, *topic) = (names.client(name), names.topic(topic));
        keys.iter_mut().for_each(|key| *key = names.key(key));
        *configs = names.settings(Scope::Producer, configs);
    }
    if let KafkaCommand::AddConsumer { name, group, topics, configs, .. } = &mut command {
        (*name, *group) = (names.client(name), names.group(group));
        topics.iter_mut().for_each(|topic| *topic = names.topic(topic));
        *configs = names.settings(Scope::Consumer, configs);
    }
    if let KafkaCommand::Send { producer, topic, key, value, headers, .. } = &mut command {
        *producer = names.client(producer);
        *topic = topic.take().map(|topic| names.topic(&topic));
        *key = key.take().map(|key| names.key(&key));
        *value = value.take().map(|value| names.value(&value));
        let new = headers.iter().map(|(name, value)| {
            let value = value.as_ref().map(|value| names.value(value));
            (names.header(name), value)
        });
        *headers = Seldom(new.collect());
    }
    command
}

fn called(names: &mut Names, call: ConsumerCall) -> ConsumerCall {
    let mut all = |partitions: Vec<TopicPartition>| partitions.iter().map(|at| names.partition(at)).collect();
    match call {
        ConsumerCall::Seek { partitions, to } => ConsumerCall::Seek { partitions: all(partitions), to },
        ConsumerCall::Pause(partitions) => ConsumerCall::Pause(all(partitions)),
        ConsumerCall::Resume(partitions) => ConsumerCall::Resume(all(partitions)),
        ConsumerCall::Commit { partition, offset } => {
            ConsumerCall::Commit { partition: names.partition(&partition), offset }
        }
        ConsumerCall::Work(span) => ConsumerCall::Work(span),
        ConsumerCall::Crash(at) => ConsumerCall::Crash(at),
    }
}

fn asked(names: &mut Names, ask: Ask) -> Ask {
    match ask {
        Ask::DescribeTopics(topics) => Ask::DescribeTopics(topics.map(|all| each_topic(names, all))),
        Ask::ListOffsets { of, spec } => Ask::ListOffsets { of: which(names, of), spec },
        Ask::DescribeConfigs(ConfigsOf::One(one)) => Ask::DescribeConfigs(ConfigsOf::One(resource(names, one))),
        Ask::DescribeConfigs(of @ (ConfigsOf::Topics | ConfigsOf::Brokers)) => Ask::DescribeConfigs(of),
        Ask::AlterConfigs { resource: of, changes } => {
            let scope = match of {
                ConfigResource::Topic(_) => Scope::Topic,
                ConfigResource::Broker(_) => Scope::Broker,
            };
            let changes = changes.into_iter().filter_map(|change| altered(names, scope, change)).collect();
            Ask::AlterConfigs { resource: resource(names, of), changes }
        }
        Ask::DescribeGroups { groups, detail } => {
            Ask::DescribeGroups { groups: groups.map(|all| each_group(names, all)), detail }
        }
        Ask::DeleteGroups(groups) => Ask::DeleteGroups(each_group(names, groups)),
        Ask::DeleteRecords(of) => {
            Ask::DeleteRecords(of.into_iter().map(|(at, offset)| (names.partition(&at), offset)).collect())
        }
        Ask::DescribeLogDirs { brokers, topics } => {
            Ask::DescribeLogDirs { brokers, topics: topics.map(|all| each_topic(names, all)) }
        }
        Ask::Read { partition, from, reset } => Ask::Read { partition: names.partition(&partition), from, reset },
        Ask::CommitOffsets { .. }
        | Ask::ResetOffsets { .. }
        | Ask::DeleteOffsets { .. }
        | Ask::RemoveMembers { .. } => asked_of_a_group(names, ask),
        Ask::ListGroups { .. }
        | Ask::DescribeCluster
        | Ask::DescribeQuorum
        | Ask::ApiVersions
        | Ask::UnregisterBroker(_) => ask,
    }
}

fn asked_of_a_group(names: &mut Names, mut ask: Ask) -> Ask {
    if let Ask::CommitOffsets { group, offsets } = &mut ask {
        *group = names.group(group);
        for NewOffset { partition, metadata, .. } in offsets {
            *partition = names.partition(partition);
            *metadata = Str::default();
        }
    }
    if let Ask::ResetOffsets { group, of, to, .. } = &mut ask {
        *group = names.group(group);
        *of = which(names, of.clone());
        if let ResetTo::Exactly(offsets) = to {
            offsets.iter_mut().for_each(|(at, _)| *at = names.partition(at));
        }
    }
    if let Ask::DeleteOffsets { group, of } = &mut ask {
        *group = names.group(group);
        of.iter_mut().for_each(|each| *each = part(names, each));
    }
    if let Ask::RemoveMembers { group, instances } = &mut ask {
        *group = names.group(group);
        instances.iter_mut().for_each(|each| *each = names.instance(each));
    }
    ask
}

fn each_group(names: &mut Names, groups: Vec<GroupId>) -> Vec<GroupId> {
    groups.iter().map(|group| names.group(group)).collect()
}

fn each_topic(names: &mut Names, topics: Vec<Str>) -> Vec<Str> {
    topics.iter().map(|topic| names.topic(topic)).collect()
}

fn which(names: &mut Names, of: Which) -> Which {
    match of {
        Which::All => Which::All,
        Which::These(parts) => Which::These(parts.iter().map(|each| part(names, each)).collect()),
    }
}

fn part(names: &mut Names, of: &Part) -> Part {
    match of {
        Part::Topic(topic) => Part::Topic(names.topic(topic)),
        Part::Partition(at) => Part::Partition(names.partition(at)),
        Part::Existing(topic, from, to) => Part::Existing(names.topic(topic), *from, *to),
    }
}

fn resource(names: &mut Names, of: ConfigResource) -> ConfigResource {
    match of {
        ConfigResource::Topic(topic) => ConfigResource::Topic(names.topic(&topic)),
        ConfigResource::Broker(id) => ConfigResource::Broker(id),
    }
}

/// `None`: nobody knows what the value tells.
fn altered(names: &mut Names, scope: Scope, change: AlterConfig) -> Option<AlterConfig> {
    config::key(scope, &change.name)?;
    let value = match &change.value {
        Some(value) => Some(names.setting(scope, &change.name, value)?),
        None => None,
    };
    Some(AlterConfig { name: change.name, op: change.op, value })
}

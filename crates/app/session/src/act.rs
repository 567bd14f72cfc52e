//! What a gesture does to the world: each act becomes one command, the same that a line of text makes.

use base::Timestamp;
use script::{Command, KafkaCommand, WorldCommand};
use view::{Choices, ConsumerCall, ProcessId, Str};

/// An act on the world; each becomes one command. Durations are in the session's hands.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    CreateTopic {
        name: String,
        partitions: i32,
        copies: i16,
        configs: Vec<(String, String)>,
    },
    AddBroker,
    AddProducer {
        name: String,
        topic: String,
        keys: Vec<String>,
        rate: u32,
        acks: Acks,
        /// Of the application around it.
        settings: Vec<(String, String)>,
    },
    AddConsumer {
        group: String,
        topic: String,
        /// Nanoseconds of work per record.
        work: u64,
        settings: Vec<(String, String)>,
    },
    Send {
        producer: String,
        topic: String,
        key: Option<String>,
        value: String,
        headers: Vec<(Str, Option<Str>)>,
        /// `None`: when it is sent.
        timestamp: Option<Timestamp>,
    },
    Kill(ProcessId),
    Stop(ProcessId),
    Start(ProcessId),
    Pause(ProcessId),
    Resume(ProcessId),
    PowerOff(ProcessId),
    Cut(ProcessId, ProcessId),
    Heal(ProcessId, ProcessId),
    HealAll,
    /// A consumer's application is told.
    Call(ProcessId, ConsumerCall),
    /// Something is done to a store outside Kafka.
    Store(WorldCommand),
}

/// A producer's `acks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Acks {
    None,
    Leader,
    #[default]
    All,
}

impl Acks {
    /// As Kafka spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Acks::None => "0",
            Acks::Leader => "1",
            Acks::All => "all",
        }
    }

    /// What a producer is given: Kafka turns idempotence off by itself unless it is asked for.
    fn settings(self) -> Option<(Str, Str)> {
        match self {
            Acks::All => None,
            Acks::None | Acks::Leader => Some(("acks".into(), self.as_str().into())),
        }
    }
}

impl Act {
    /// The act as the command that is recorded: upon the cluster that the choices are of. A message goes to the cluster of
    /// its producer.
    pub fn command(&self, choices: &Choices) -> Command {
        let named = |process: ProcessId| -> Str {
            choices.name_of(process).cloned().unwrap_or_else(|| process.to_string().as_str().into())
        };
        let cluster = choices.cluster.clone();
        let text = |text: &str| Str::from(text);
        match self {
            Act::CreateTopic { name, partitions, copies, configs } => Command::Kafka(
                cluster,
                KafkaCommand::CreateTopic {
                    name: text(name),
                    partitions: Some(*partitions),
                    replication_factor: Some(*copies),
                    assignments: Vec::new(),
                    configs: pairs(configs).collect(),
                    timeout_ms: None,
                },
            ),
            Act::AddBroker => {
                Command::Kafka(cluster, KafkaCommand::AddBroker { node: choices.next_broker, rack: None })
            }
            Act::AddProducer { name, topic, keys, rate, acks, settings } => Command::Kafka(
                cluster,
                KafkaCommand::AddProducer {
                    name: text(name),
                    topic: text(topic),
                    keys: keys.iter().map(|key| text(key)).collect(),
                    random_keys: None,
                    interval: (*rate > 0).then(|| 1_000_000_000 / u64::from(*rate)),
                    value_size: 0,
                    limit: None,
                    configs: acks.settings().into_iter().chain(pairs(settings)).collect(),
                },
            ),
            Act::AddConsumer { group, topic, work, settings } => Command::Kafka(
                cluster,
                KafkaCommand::AddConsumer {
                    name: text(&choices.free_name(group)),
                    group: text(group),
                    topics: vec![text(topic)],
                    processing: *work,
                    configs: pairs(settings).collect(),
                },
            ),
            Act::Send { producer, topic, key, value, headers, timestamp } => Command::Kafka(
                None,
                KafkaCommand::Send {
                    producer: text(producer),
                    topic: Some(text(topic)),
                    partition: None,
                    key: key.as_deref().map(text),
                    value: Some(text(value)),
                    headers: base::Seldom(headers.clone()),
                    timestamp: base::Seldom(*timestamp),
                },
            ),
            Act::Kill(process) => Command::World(WorldCommand::Kill { name: named(*process) }),
            Act::Stop(process) => Command::World(WorldCommand::Stop { name: named(*process) }),
            Act::Start(process) => Command::World(WorldCommand::Start { name: named(*process) }),
            Act::Pause(process) => Command::World(WorldCommand::Pause { name: named(*process) }),
            Act::Resume(process) => Command::World(WorldCommand::Resume { name: named(*process) }),
            Act::PowerOff(process) => Command::World(WorldCommand::PowerOff { name: named(*process) }),
            Act::Cut(one, other) => Command::World(WorldCommand::Cut { a: named(*one), b: named(*other) }),
            Act::Heal(one, other) => Command::World(WorldCommand::Heal { a: named(*one), b: named(*other) }),
            Act::HealAll => Command::World(WorldCommand::HealAll),
            Act::Call(process, call) => called(named(*process), call.clone()),
            Act::Store(command) => Command::World(command.clone()),
        }
    }

    /// The line that does the same: Kafka's own tool where there is one, the playground's otherwise.
    pub fn line(&self, choices: &Choices) -> String {
        let command = self.command(choices);
        script::cli::print(&command).unwrap_or_else(|| script::print(&command))
    }
}

/// Settings as a command has them.
fn pairs(settings: &[(String, String)]) -> impl Iterator<Item = (Str, Str)> {
    settings.iter().map(|(name, value)| (Str::from(name.as_str()), Str::from(value.as_str())))
}

/// A consumer's application is told, whatever cluster it is of.
fn called(name: Str, call: ConsumerCall) -> Command {
    Command::Kafka(None, KafkaCommand::Call { name, call })
}

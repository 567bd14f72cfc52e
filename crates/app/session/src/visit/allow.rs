//! What a teacher lets a reader do to the cluster. Looking, playing and going back are always allowed; acts come in
//! six kinds, and `allow=` names those that remain.

use sim::{Command, KafkaCommand, Touches, WorldCommand};

/// A kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permit {
    /// Stop, hang, power off and start whatever runs.
    Kill,
    /// Producers and messages.
    Produce,
    /// Consumers and their groups.
    Join,
    /// Topics, their settings and their leaders.
    Topic,
    /// More brokers.
    Broker,
    /// Links that are cut, slow, stalled or reset.
    Fault,
}

impl Permit {
    /// All of them.
    pub const ALL: [Permit; 6] =
        [Permit::Kill, Permit::Produce, Permit::Join, Permit::Topic, Permit::Broker, Permit::Fault];
    /// Their names, for a sentence.
    pub const LIST: &str = "kill produce join topic broker fault";

    /// By its name, or by that of a command of its kind.
    pub fn named(word: &str) -> Option<Permit> {
        Some(match word {
            "kill" | "stop" | "start" | "restart" | "pause" | "resume" | "power-off" => Permit::Kill,
            "produce" | "send" | "add-producer" => Permit::Produce,
            "join" | "leave" | "consume" | "add-consumer" => Permit::Join,
            "topic" | "create-topic" | "delete-topic" | "alter-topic" | "add-partitions" => Permit::Topic,
            "broker" | "add-broker" => Permit::Broker,
            "fault" | "cut" | "heal" | "delay" | "stall" | "reset" => Permit::Fault,
            _no_act => return None,
        })
    }

    /// As the address and requests spell it.
    pub fn name(self) -> &'static str {
        match self {
            Permit::Kill => "kill",
            Permit::Produce => "produce",
            Permit::Join => "join",
            Permit::Topic => "topic",
            Permit::Broker => "broker",
            Permit::Fault => "fault",
        }
    }
}

/// Which kinds of acts remain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow(Vec<Permit>);

impl Default for Allow {
    fn default() -> Allow {
        Allow(Permit::ALL.to_vec())
    }
}

impl Allow {
    /// A page that only shows.
    pub fn nothing() -> Allow {
        Allow(Vec::new())
    }

    /// These kinds of acts and no others.
    pub fn only(permits: Vec<Permit>) -> Allow {
        let kept = |permit: &Permit| permits.contains(permit);
        Allow(Permit::ALL.into_iter().filter(kept).collect())
    }

    /// Nothing is forbidden.
    pub fn is_everything(&self) -> bool {
        self.0.len() == Permit::ALL.len()
    }

    /// Is every act refused?
    pub fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// May that be done?
    pub fn has(&self, permit: Permit) -> bool {
        self.0.contains(&permit)
    }

    /// May this be done? What only reads always may.
    pub fn permits(&self, command: &Command) -> bool {
        kind(command).is_none_or(|permit| self.has(permit))
    }

    /// `kill, produce`.
    pub fn names(&self) -> String {
        self.0.iter().map(|permit| permit.name()).collect::<Vec<_>>().join(", ")
    }
}

/// By what permit a command is let through; `None`: by none.
fn kind(command: &Command) -> Option<Permit> {
    match command {
        Command::World(command) => Some(kind_of_world(command)),
        Command::Kafka(_, command) => kind_of_kafka(command),
        // Nothing that a page shows; whoever allows all kinds of acts allows it.
        Command::Other(_) => Some(Permit::Fault),
    }
}

fn kind_of_world(command: &WorldCommand) -> Permit {
    match command {
        WorldCommand::Kill { .. }
        | WorldCommand::Stop { .. }
        | WorldCommand::Start { .. }
        | WorldCommand::Pause { .. }
        | WorldCommand::Resume { .. }
        | WorldCommand::PowerOff { .. } => Permit::Kill,
        WorldCommand::Cut { .. }
        | WorldCommand::CutOneWay { .. }
        | WorldCommand::Delay { .. }
        | WorldCommand::Stall { .. }
        | WorldCommand::Hold { .. }
        | WorldCommand::Lose { .. }
        | WorldCommand::Reset { .. }
        | WorldCommand::Heal { .. }
        | WorldCommand::HealAll
        | WorldCommand::SlowStore { .. }
        | WorldCommand::FailStore { .. }
        | WorldCommand::HealStore { .. } => Permit::Fault,
    }
}

fn kind_of_kafka(command: &KafkaCommand) -> Option<Permit> {
    match command {
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::AlterTopicConfig { .. }
        | KafkaCommand::ElectLeaders { .. } => Some(Permit::Topic),
        KafkaCommand::AddBroker { .. } => Some(Permit::Broker),
        KafkaCommand::AddProducer { .. } | KafkaCommand::Send { .. } | KafkaCommand::SetInterval { .. } => {
            Some(Permit::Produce)
        }
        KafkaCommand::AddConsumer { .. } | KafkaCommand::Leave { .. } | KafkaCommand::Call { .. } => Some(Permit::Join),
        KafkaCommand::Read { .. } | KafkaCommand::ListTopics => None,
        KafkaCommand::Via { command, .. } => kind_of_kafka(command),
        KafkaCommand::Ask(ask) => match ask.touches() {
            Touches::Nothing => None,
            Touches::Topics => Some(Permit::Topic),
            Touches::Groups => Some(Permit::Join),
            Touches::Brokers => Some(Permit::Broker),
        },
    }
}

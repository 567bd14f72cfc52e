//! What a person wants: the only thing that components send. A gesture, a key and a menu entry become the
//! same intent; the session turns those about the world into commands and the page keeps the rest.

use lab::Remedy;
use lab::command::Command;
pub use lab::view::NodeChoice;
use lab::view::{Choices, FormError, InspectorTab, NoticeAction, ProcessId, Str, Thing, Time, TopicPartition};

/// Anything that a person can ask of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Playback(Playback),
    Act(Act),
    /// A line for the terminal.
    Line(String),
    Page(PageIntent),
}

/// What changes the playhead or the pace, never the world. Not recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Playback {
    Toggle,
    Step,
    StepBack,
    NextVisible,
    PreviousVisible,
    NextMark,
    PreviousMark,
    Start,
    Latest,
    Seek(Time),
    /// A place on the track, in thousandths.
    Scrub(u16),
    Slower,
    Faster,
    Auto,
    SetMark,
    Fork,
    /// Goes there and forks.
    ForkAt(Time),
    ShowBranch(usize),
    Undo,
    Redo,
}

/// An act on the world; each becomes one command. Durations are in the session's hands.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    CreateTopic { name: String, partitions: i32, copies: i16, min_isr: Option<i32> },
    AddBroker,
    AddProducer { name: String, topic: String, keys: Vec<String>, rate: u32, acks: Acks },
    AddConsumer { group: String, topic: String },
    Send { producer: String, topic: String, key: Option<String>, value: String },
    Kill(ProcessId),
    Stop(ProcessId),
    Start(ProcessId),
    Pause(ProcessId),
    Resume(ProcessId),
    PowerOff(ProcessId),
    Cut(ProcessId, ProcessId),
    Heal(ProcessId, ProcessId),
    HealAll,
}

/// A producer's `acks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Acks {
    None,
    Leader,
    #[default]
    All,
}

/// The dialogs.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    Topic,
    Producer,
    Message,
    Consumer,
    Broker,
    Faults,
    Share,
    Keys,
    NotModelled,
    List,
    Kept,
}

/// What the side column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Panel {
    #[default]
    Legend,
    Story,
    Inspector,
    /// Two branches beside each other.
    Compare,
}

/// The menus of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    Add,
    Faults,
    View,
    Theme,
    Ledger,
    Tempo,
}

/// What concerns the page alone.
#[derive(Clone, Debug, PartialEq)]
pub enum PageIntent {
    Open(Dialog),
    Close,
    ToggleMenu(Menu),
    Show(Panel),
    ToggleSide,
    Select(Option<Thing>),
    Inspect,
    Tab(InspectorTab),
    HoverKey(Option<char>),
    ToggleDetails,
    ToggleInternal,
    ToggleTerminal,
    Theme(usize),
    SwitchLanguage,
    Partition(TopicPartition),
    CopyLink,
    StopOpening,
    /// The same moment in a tab of its own.
    OpenFull,
    Notice(NoticeAction),
    /// What helps against a limit that is reached.
    Remedy(Remedy),
    DismissToast(u32),
    /// The selection moves by rows and cells.
    Walk(i32, i32),
    /// Stop or start whatever is selected.
    SwitchSelection,
    ToggleSingleKeys,
    /// Typing in a dialog's field.
    Type(&'static str, String),
    /// A dialog's form, read; or what is wrong with it.
    Submit(Result<Act, FormError>),
    CloseTerminal,
    Kept(KeptIntent),
}

/// What becomes of a kept experiment, by its id.
#[derive(Clone, Debug, PartialEq)]
pub enum KeptIntent {
    Open(String),
    /// Its new name.
    Rename(String, String),
    Delete(String),
    /// What was deleted last.
    PutBack,
}

impl From<Playback> for Intent {
    fn from(playback: Playback) -> Intent {
        Intent::Playback(playback)
    }
}

impl From<Act> for Intent {
    fn from(act: Act) -> Intent {
        Intent::Act(act)
    }
}

impl From<PageIntent> for Intent {
    fn from(page: PageIntent) -> Intent {
        Intent::Page(page)
    }
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
}

impl Act {
    /// The act as the command that is recorded.
    pub fn command(&self, choices: &Choices) -> Command {
        let named = |process: ProcessId| -> Str {
            let node = choices.nodes.iter().find(|node| node.process == process);
            node.map_or_else(|| process.to_string().as_str().into(), |node| node.name.clone())
        };
        let text = |text: &str| Str::from(text);
        match self {
            Act::CreateTopic { name, partitions, copies, min_isr } => Command::CreateTopic {
                name: text(name),
                partitions: Some(*partitions),
                replication_factor: Some(*copies),
                assignments: Vec::new(),
                configs: min_isr
                    .iter()
                    .map(|min| ("min.insync.replicas".into(), min.to_string().as_str().into()))
                    .collect(),
                timeout_ms: None,
            },
            Act::AddBroker => Command::AddBroker { node: choices.next_broker, rack: None },
            Act::AddProducer { name, topic, keys, rate, acks } => Command::AddProducer {
                name: text(name),
                topic: text(topic),
                keys: keys.iter().map(|key| text(key)).collect(),
                random_keys: None,
                interval: (*rate > 0).then(|| 1_000_000_000 / u64::from(*rate)),
                value_size: 0,
                limit: None,
                configs: match acks {
                    Acks::All => Default::default(),
                    // Kafka turns idempotence off by itself unless it is asked for.
                    Acks::None | Acks::Leader => [("acks".into(), acks.as_str().into())].into(),
                },
            },
            Act::AddConsumer { group, topic } => Command::AddConsumer {
                name: text(&choices.free_name(group)),
                group: text(group),
                topics: vec![text(topic)],
                processing: 0,
                configs: Default::default(),
            },
            Act::Send { producer, topic, key, value } => Command::Send {
                producer: text(producer),
                topic: Some(text(topic)),
                partition: None,
                key: key.as_deref().map(text),
                value: Some(text(value)),
            },
            Act::Kill(process) => Command::Kill { name: named(*process) },
            Act::Stop(process) => Command::Stop { name: named(*process) },
            Act::Start(process) => Command::Start { name: named(*process) },
            Act::Pause(process) => Command::Pause { name: named(*process) },
            Act::Resume(process) => Command::Resume { name: named(*process) },
            Act::PowerOff(process) => Command::PowerOff { name: named(*process) },
            Act::Cut(one, other) => Command::Cut { a: named(*one), b: named(*other) },
            Act::Heal(one, other) => Command::Heal { a: named(*one), b: named(*other) },
            Act::HealAll => Command::HealAll,
        }
    }

    /// The line that does the same: Kafka's own tool where there is one, the playground's otherwise.
    pub fn line(&self, choices: &Choices) -> String {
        let command = self.command(choices);
        lab::command::cli::print(&command).unwrap_or_else(|| lab::command::print(&command))
    }
}

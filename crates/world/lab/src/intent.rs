//! What a person can ask of a laboratory, and what comes of it.

use base::{ErrorCode, Str, Time};
use port::Refuser;
use script::limits::Beyond;
use script::{TextError, cli};
use sim::{Command, CommandError};

use crate::acts::ActId;
use crate::playback::Tempo;

/// Anything that a person can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Play,
    Pause,
    TogglePlay,
    /// One event or command on.
    Step,
    StepBack,
    NextVisible,
    PreviousVisible,
    Seek(Time),
    /// To where the scene opens.
    SeekStart,
    /// To the latest instant seen on this branch.
    SeekEnd,
    Tempo(Tempo),
    Fork,
    /// Shows the branch with this index.
    SwitchBranch(usize),
    /// Takes away what the reader did last.
    Undo,
    /// Brings back what was undone last.
    Redo,
    /// An act of this branch does not happen; it can be put back.
    LeaveOut(ActId),
    PutBack(ActId),
    /// Sets a mark here.
    Mark(Str),
    Command(Command),
    /// A line of text, ours or of Kafka's own tools.
    Line(String),
}

impl Intent {
    /// Does it change what is done on a branch, wherever the reader is going to?
    pub(crate) fn changes_acts(&self) -> bool {
        matches!(self, Intent::Undo | Intent::Redo | Intent::LeaveOut(_) | Intent::PutBack(_))
    }

    /// Does it depend on where the reader stands?
    pub(crate) fn is_relative(&self) -> bool {
        match self {
            Intent::Step | Intent::StepBack | Intent::NextVisible | Intent::PreviousVisible | Intent::Fork => true,
            Intent::Play
            | Intent::Pause
            | Intent::TogglePlay
            | Intent::Seek(_)
            | Intent::SeekStart
            | Intent::SeekEnd
            | Intent::Tempo(_)
            | Intent::SwitchBranch(_)
            | Intent::Undo
            | Intent::Redo
            | Intent::LeaveOut(_)
            | Intent::PutBack(_)
            | Intent::Mark(_)
            | Intent::Command(_)
            | Intent::Line(_) => false,
        }
    }
}

/// What came of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The playhead, the pace or the branches changed.
    Moved,
    /// A command was carried out. With a ticket the cluster will answer later (`Run::answer`).
    Carried { command: Command, ticket: Option<u64> },
}

/// Why an intent came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabError {
    /// The world does not take the command.
    Command(CommandError),
    /// The cluster would refuse it, and a branch would have been made for nothing.
    Cluster {
        command: Box<Command>,
        by: Refuser,
        error: ErrorCode,
        /// Kafka's words.
        message: Str,
    },
    Text(TextError),
    Cli(cli::CliError),
    NoSuchBranch,
    /// There is nothing to go back to, to repeat or to go on to.
    Nothing,
    /// No link could hold the command.
    Beyond(Beyond),
    /// The longest run is over.
    TheEnd,
    /// What came before this instant was given up.
    Forgotten(Time),
}

impl std::fmt::Display for LabError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LabError::Command(error) => error.fmt(f),
            LabError::Cluster { error, message, .. } => write!(f, "{}: {message}", error.name()),
            LabError::Text(error) => error.fmt(f),
            LabError::Cli(error) => error.fmt(f),
            LabError::NoSuchBranch => f.write_str("there is no such branch"),
            LabError::Nothing => f.write_str("there is nothing there"),
            LabError::Beyond(beyond) => write!(f, "a command takes at most {} {}", beyond.limit, beyond.what),
            LabError::Forgotten(before) => write!(f, "the past before {before} was given up"),
            LabError::TheEnd => f.write_str("no run lasts longer than a week"),
        }
    }
}

impl std::error::Error for LabError {}

//! What happened, one short sentence per event, newest last, each with a way back to its cause.

use super::{ProcessId, Thing, Time};

/// What sort of event a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryKind {
    /// Something that a person or a script did.
    Act,
    /// A broker, client or connection came, went or was lost.
    Loss,
    /// Somebody decided: a controller, a coordinator.
    Decision,
    /// A role or a record arrived where it was to go.
    Effect,
    Note,
}

/// Whose act a sentence tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The reader's own.
    You,
    /// The scene's.
    Other,
}

/// Why something came about: a kind of reason, and the fact that it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    pub because: Because,
    /// Where the fact was reported.
    pub process: ProcessId,
    /// When.
    pub at: Time,
}

/// Kinds of reasons. Each is the kind of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The process was killed, lost its power or ended.
    Stopped,
    Hung,
    Woke,
    Started,
    AskedToStop,
    /// It hands over what it leads.
    ShutsDown,
    /// Its application ended with an error.
    ClientFailed,
    RegistrationGaveUp,
    LinkCut,
    LinkHealed,
    LinkReset,
    PreferredElectionAsked,
    UncleanElectionAsked,
    TopicAsked,
    /// A client wanted a topic that was not there.
    TopicWanted,
    TopicDeletionAsked,
    PartitionsAsked,
    AskedForVotes,
    Resigned,
    /// The controller decided about the partition.
    Decided,
    /// The leader asked for another ISR.
    IsrProposed,
    MemberJoined,
    MemberLeft,
    Rebalances,
    /// The group's plan was made.
    Planned,
    PolledTooLate,
    PositionLost,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    pub time: Time,
    pub time_text: String,
    pub kind: StoryKind,
    /// The subject and verb, set in bold.
    pub strong: String,
    pub rest: String,
    /// What brought it about.
    pub why: Option<Reason>,
    pub about: Option<Thing>,
    /// The newest line at or before the playhead.
    pub here: bool,
    /// All lines of this instant, when this one speaks for several; empty mostly.
    pub more: Vec<StoryLine>,
}

/// The story so far.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StoryView {
    pub lines: Vec<StoryLine>,
    /// One sentence below the lines that says what to make of it; empty mostly.
    pub moral: String,
    /// Earlier lines that are not listed.
    pub earlier: u32,
}

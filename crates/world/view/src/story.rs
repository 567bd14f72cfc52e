//! What happened, one short sentence per event, newest last, each with a way back to its cause.

use super::{Thing, Time};

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

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    pub time: Time,
    pub time_text: String,
    pub kind: StoryKind,
    /// The subject and verb, set in bold.
    pub strong: String,
    pub rest: String,
    /// The instant of the cause.
    pub why: Option<Time>,
    pub about: Option<Thing>,
    /// The newest line at or before the playhead.
    pub here: bool,
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

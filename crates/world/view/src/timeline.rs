//! The timeline: now, the latest moment, marks, waiting, branches and the pace.

use super::{Permille, Time, Tone};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Set by a person.
    Own,
    Act,
    Loss,
    Decision,
    Effect,
    Fork,
}

/// A mark above or below the track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkView {
    pub time: Time,
    /// Its place on the track.
    pub at: Permille,
    pub kind: MarkKind,
    pub text: String,
}

/// A stretch in which only heartbeats went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitView {
    pub from: Permille,
    pub to: Permille,
}

/// One branch of the experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchView {
    /// `A`, `B`, …
    pub name: String,
    pub from: Permille,
    pub to: Permille,
    pub shown: bool,
    pub label: String,
}

/// The pace in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TempoView {
    /// "tempo: auto · ×0.01"
    pub text: String,
    pub auto: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    pub playing: bool,
    pub now: Time,
    pub now_text: String,
    /// "event 1,036"
    pub event_text: String,
    pub playhead: Permille,
    /// How far the run is known.
    pub known: Permille,
    /// The last instant on the track.
    pub end: Time,
    pub marks: Vec<MarkView>,
    pub waits: Vec<WaitView>,
    pub branches: Vec<BranchView>,
    /// "A | B" and its whole name: two branches' ledgers beside each other. `None` while there is one branch.
    pub both: Option<(String, String)>,
    pub tempo: TempoView,
    /// What a slider says of itself: "4.812 s of 12 s".
    pub value_text: String,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl MarkKind {
    pub fn tone(self) -> Tone {
        match self {
            MarkKind::Own | MarkKind::Act => Tone::Quiet,
            MarkKind::Loss => Tone::Bad,
            MarkKind::Decision => Tone::Metadata,
            MarkKind::Effect | MarkKind::Fork => Tone::Plain,
        }
    }
}

//! The timeline: now, the latest moment, marks, waiting, branches and the pace.

use super::{Permille, Time, Tone};
use lab::ActId;

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

/// Acts that are still to come on the branch that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AheadView {
    /// "3 ahead"; empty when there are none.
    pub label: String,
    pub acts: Vec<AheadAct>,
    /// "12 more come later."; empty when all are listed.
    pub more: String,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AheadAct {
    pub id: ActId,
    pub time_text: String,
    pub line: String,
    /// "of the scene", or nothing for the reader's own.
    pub note: &'static str,
    /// It was not left out.
    pub happens: bool,
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
    /// What undoing takes away, in a few words.
    pub undo: Option<String>,
    /// What redoing brings back.
    pub redo: Option<String>,
    pub ahead: AheadView,
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

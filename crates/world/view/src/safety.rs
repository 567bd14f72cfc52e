//! A step that is unsafe: what went wrong, in the reader's language, and how to go on.

use super::{Thing, Time, Tone};

/// What sort of wrong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafetyKind {
    /// An acknowledged record is gone. Kafka does so when it was asked to.
    LostWrite,
    /// A promise of Kafka's did not hold.
    Broken,
}

/// What its buttons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafetyAction {
    /// Plays on from here; it does not stop for the same thing again.
    GoOn,
    /// Goes to just before the step.
    StepBefore,
    /// A new branch that leaves just before the step.
    ForkBefore,
}

/// One unsafe step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyView {
    pub kind: SafetyKind,
    /// What it rests on.
    pub why: lab::Unsafe,
    pub at: Time,
    pub cluster: sim::ClusterIndex,
    /// The state just before the step.
    pub before: Time,
    /// The reader stands right at it: show the card. Otherwise a line says since when.
    pub here: bool,
    pub tone: Tone,
    pub title: String,
    /// Its name in Jepsen's words, set in bold…
    pub strong: String,
    /// …and the sentence after it.
    pub text: String,
    /// The technical line; last, in mono.
    pub detail: String,
    /// "unsafe since 22.957 s"
    pub since: String,
    pub about: Option<Thing>,
    pub actions: Vec<(SafetyAction, String)>,
}

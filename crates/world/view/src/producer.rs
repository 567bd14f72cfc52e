//! A producer's card: what it sends, what it is waiting for, whom it believes to lead.

use super::{Glyph, ProcessId, Tone};

/// One line of a card, with its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    pub text: String,
    pub tone: Tone,
    pub strong: bool,
}

/// A producer. `lines` has at most two entries; they sit in reserved places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerView {
    pub process: ProcessId,
    pub name: String,
    pub sends: String,
    pub keys: Vec<Glyph>,
    /// `acks=all`; empty without details.
    pub acks: String,
    pub lines: Vec<StatusLine>,
    pub stopped: bool,
    pub selected: bool,
    /// What a screen reader says.
    pub label: String,
}

//! A sentence on its way into the story: with its reason, and with what it stands together.

use base::ProcessId;
use lab::Happening;

use crate::text::Said;
use crate::{Reason, StoryKind, StoryLine, Thing};

/// Sentences of one sort that one process gives cause for in one instant become one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crowd {
    /// It stands for itself.
    Alone,
    /// Decisions about brokers, which come before those about partitions.
    Brokers,
    Partitions,
    Leads,
    Follows,
    Truncates,
    Assigned,
    Jumps,
    Closed,
}

/// See the module.
pub(super) struct Told {
    pub kind: StoryKind,
    pub said: Said,
    pub why: Option<Reason>,
    pub about: Option<Thing>,
    pub crowd: Crowd,
    /// The least is the gravest of its crowd.
    pub rank: u8,
}

impl Told {
    pub(super) fn new(kind: StoryKind, said: Said) -> Told {
        Told { kind, said, why: None, about: None, crowd: Crowd::Alone, rank: 0 }
    }

    /// A sentence without a second half.
    pub(super) fn brief(kind: StoryKind, strong: String) -> Told {
        Told::new(kind, (strong, String::new()))
    }

    pub(super) fn about(self, thing: Thing) -> Told {
        Told { about: Some(thing), ..self }
    }

    /// The fact that it came from, if one is known.
    pub(super) fn because(self, cause: Option<&Happening>) -> Told {
        Told { why: cause.and_then(Reason::of), ..self }
    }

    pub(super) fn among(self, crowd: Crowd, rank: u8) -> Told {
        Told { crowd, rank, ..self }
    }
}

/// A line with what it takes to put it together with others.
pub(super) struct Line {
    pub process: ProcessId,
    pub crowd: Crowd,
    pub rank: u8,
    pub line: StoryLine,
}

impl Line {
    pub(super) fn of(happening: &Happening, told: Told) -> Line {
        let Told { kind, said: (strong, rest), why, about, crowd, rank } = told;
        let (time, time_text) = (happening.at, happening.at.to_string());
        let more = Vec::new();
        let line = StoryLine { time, time_text, kind, strong, rest, why, about, here: false, more };
        Line { process: happening.process, crowd, rank, line }
    }
}

/// Two sentences, or the one there is.
pub(in crate::picture) fn joined(one: &str, other: &str) -> String {
    match (one.is_empty(), other.is_empty()) {
        (false, false) => {
            let gap = if one.ends_with('。') { "" } else { " " };
            [one, gap, other].concat()
        }
        (_, true) => one.to_owned(),
        (true, false) => other.to_owned(),
    }
}

//! What a branch remembers of its facts: the visible ones, in a few bytes each, for the timeline,
//! for "next" and "previous", and for the pace of playback. Facts themselves are derived again from
//! checkpoints when they are wanted.

use crate::pace::Pace;
use crate::run::Happening;
use crate::view::build::story::is_told;
use crate::visible::{Awaited, MarkKind, Visibility, awaited, classify, ends};
use base::{ProcessId, Span, Time};
use sim::World;

/// After something great or an act, records are worth seeing for so long even while waiting.
const ATTENTION: Span = Span::from_millis(5);

/// One visible event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    pub at: Time,
    pub process: ProcessId,
    pub kind: MarkKind,
    /// Worth a place on the timeline; the others are the flow of records.
    pub major: bool,
    /// The index of its act in the branch's commands; 0 for what is no act.
    pub command: u32,
}

/// The visible events of a branch, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    marks: Vec<Mark>,
    pace: Pace,
    suspense: Option<Suspense>,
    attention_until: Time,
    /// Acts and marks set by hand must survive a look at the same stretch again.
    known_until: Time,
    /// What the story tells, whole.
    told: Vec<Happening>,
}

/// Something great is awaited: the flow of records does not slow time down meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Suspense {
    awaited: Awaited,
    /// It does not come after this instant.
    until: Time,
}

impl Awaited {
    fn patience(self) -> Span {
        match self {
            Awaited::Fencing => Span::from_secs(10),
            Awaited::Election => Span::from_secs(4),
            Awaited::Rebalance => Span::from_secs(50),
            Awaited::Anything => Span::from_secs(35),
        }
    }
}

impl Marks {
    /// Takes note of what happened in new territory; what is known already is passed over.
    pub fn note(&mut self, happening: &Happening, world: &World) {
        if happening.at <= self.known_until {
            return;
        }
        if is_told(&happening.fact) {
            self.told.push(happening.clone());
        }
        let (visibility, kind) = classify(&happening.fact);
        self.end_suspense(happening);
        match visibility {
            Visibility::Waiting => return,
            Visibility::Routine => {
                if self.suspense.is_none() || happening.at <= self.attention_until {
                    self.pace.push(happening.at);
                }
            }
            Visibility::Major => {
                self.pace.push(happening.at);
                self.attention_until = self.attention_until.max(happening.at + ATTENTION);
            }
        }
        let major = visibility == Visibility::Major;
        self.marks.push(Mark { at: happening.at, process: happening.process, kind, major, command: 0 });
        if let Some(awaited) = awaited(happening, world) {
            self.suspense = Some(Suspense { awaited, until: happening.at + awaited.patience() });
        }
    }

    /// A command was carried out: whatever follows at once is worth seeing.
    pub fn act(&mut self, at: Time, command: u32) {
        if at <= self.known_until {
            return;
        }
        self.pace.push(at);
        self.attention_until = at + Span(ATTENTION.0 * 4);
        let kind = MarkKind::Act;
        self.marks.push(Mark { at, process: ProcessId::default(), kind, major: true, command });
    }

    /// Nothing more is to come up to this instant.
    pub fn known_until(&mut self, at: Time) {
        self.known_until = self.known_until.max(at);
    }

    /// Up to where visible events are known.
    pub fn known(&self) -> Time {
        self.known_until
    }

    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The first visible event after an instant.
    pub fn next(&self, after: Time) -> Option<&Mark> {
        self.marks.get(self.marks.partition_point(|mark| mark.at <= after))
    }

    /// The last visible event before an instant.
    pub fn previous(&self, before: Time) -> Option<&Mark> {
        self.marks[..self.marks.partition_point(|mark| mark.at < before)].last()
    }

    /// Marks for the timeline, in order of time.
    pub fn majors(&self) -> impl DoubleEndedIterator<Item = &Mark> {
        self.marks.iter().filter(|mark| mark.major)
    }

    pub fn all(&self) -> &[Mark] {
        &self.marks
    }

    /// What the story tells up to an instant, in order of time.
    pub fn told(&self, until: Time) -> &[Happening] {
        &self.told[..self.told.partition_point(|told| told.at <= until)]
    }

    /// Bytes held.
    pub fn size(&self) -> u64 {
        (self.marks.capacity() * size_of::<Mark>() + self.told.capacity() * size_of::<Happening>()) as u64
            + self.pace.size()
    }

    /// Forgets what comes after `at`: the future is open again.
    pub fn truncate(&mut self, at: Time) {
        if at >= self.known_until {
            return;
        }
        self.marks.truncate(self.marks.partition_point(|mark| mark.at <= at));
        self.pace.truncate(at);
        self.told.truncate(self.told.partition_point(|told| told.at <= at));
        self.known_until = at;
        self.attention_until = self.attention_until.min(at + ATTENTION);
        if self.suspense.is_some_and(|suspense| suspense.until.0 > at.0 + suspense.awaited.patience().0) {
            self.suspense = None;
        }
    }

    fn end_suspense(&mut self, happening: &Happening) {
        let over = |suspense: &Suspense| happening.at > suspense.until || ends(suspense.awaited, &happening.fact);
        if self.suspense.as_ref().is_some_and(over) {
            self.suspense = None;
        }
    }
}

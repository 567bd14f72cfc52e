//! What a branch remembers of its facts: the visible ones, in a few bytes each, for the timeline,
//! for "next" and "previous", and for the pace of playback. Facts themselves are derived again from
//! checkpoints when they are wanted.

use crate::pace::Pace;
use crate::packed::Packed;
use crate::run::Happening;
use crate::visible::{Awaited, MarkKind, Visibility, awaited, classify, ends, is_lasting};
use base::{ProcessId, Span, Time};
use sim::World;

/// After something great or an act, records are worth seeing for so long even while waiting.
const ATTENTION: Span = Span::from_millis(5);

/// A visible event that is worth a place on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    pub at: Time,
    pub process: ProcessId,
    pub kind: MarkKind,
    /// The index of its act in the branch's commands; 0 for what is no act.
    pub command: u32,
}

/// The visible events of a branch, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    majors: Vec<Mark>,
    /// Instants of all visible events, the flow of records included.
    instants: Packed<1>,
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
            // The old session must be over before the new one is let in.
            Awaited::Return => Span::from_secs(20),
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
        if is_lasting(&happening.fact) {
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
        self.see(happening.at);
        if visibility == Visibility::Major {
            self.majors.push(Mark { at: happening.at, process: happening.process, kind, command: 0 });
        }
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
        self.see(at);
        self.majors.push(Mark { at, process: ProcessId::default(), kind: MarkKind::Act, command });
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

    /// The first visible instant after an instant.
    pub fn next(&self, after: Time) -> Option<Time> {
        self.instant(self.instants.partition_point(|row| row[0] <= after.0))
    }

    /// The last visible instant before an instant.
    pub fn previous(&self, before: Time) -> Option<Time> {
        self.instant(self.instants.partition_point(|row| row[0] < before.0).checked_sub(1)?)
    }

    /// The instant after which, up to and including `at`, `count` visible instants come; the
    /// beginning when there are fewer.
    pub fn before_last(&self, count: usize, at: Time) -> Time {
        let first = self.instants.partition_point(|row| row[0] <= at.0).saturating_sub(count);
        let before = first.checked_sub(1).and_then(|index| self.instant(index));
        before.unwrap_or(Time::ZERO)
    }

    /// Marks for the timeline, in order of time.
    pub fn majors(&self) -> impl DoubleEndedIterator<Item = &Mark> {
        self.majors.iter()
    }

    /// What the story tells up to an instant, in order of time.
    pub fn told(&self, until: Time) -> &[Happening] {
        &self.told[..self.told.partition_point(|told| told.at <= until)]
    }

    /// Bytes held.
    pub fn size(&self) -> u64 {
        let (majors, told) =
            (size_of::<Mark>() * self.majors.capacity(), size_of::<Happening>() * self.told.capacity());
        (majors + told) as u64 + self.instants.size() + self.pace.size()
    }

    /// Forgets what comes after `at`: the future is open again.
    pub fn truncate(&mut self, at: Time) {
        if at >= self.known_until {
            return;
        }
        self.majors.truncate(self.majors.partition_point(|mark| mark.at <= at));
        self.instants.truncate(self.instants.partition_point(|row| row[0] <= at.0));
        self.pace.truncate(at);
        self.told.truncate(self.told.partition_point(|told| told.at <= at));
        self.known_until = at;
        self.attention_until = self.attention_until.min(at + ATTENTION);
        if self.suspense.is_some_and(|suspense| suspense.until.0 > at.0 + suspense.awaited.patience().0) {
            self.suspense = None;
        }
    }

    /// Forgets what comes before `at`: nobody goes back there.
    pub fn forget_before(&mut self, at: Time) {
        self.majors.drain(..self.majors.partition_point(|mark| mark.at < at));
        self.majors.shrink_to_fit();
        self.told.drain(..self.told.partition_point(|told| told.at < at));
        self.told.shrink_to_fit();
        self.instants.forget_while(|row| row[0] < at.0);
        self.pace.forget_before(at);
    }

    fn see(&mut self, at: Time) {
        if self.instants.last() != Some([at.0]) {
            self.instants.push([at.0]);
        }
    }

    fn instant(&self, index: usize) -> Option<Time> {
        self.instants.get(index).map(|row| Time(row[0]))
    }

    fn end_suspense(&mut self, happening: &Happening) {
        let over = |suspense: &Suspense| happening.at > suspense.until || ends(suspense.awaited, &happening.fact);
        if self.suspense.as_ref().is_some_and(over) {
            self.suspense = None;
        }
    }
}

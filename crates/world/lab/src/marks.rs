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
    /// Instants of visible events that are no beats of the pace: most are, and are kept once.
    unpaced: Packed<1>,
    pace: Pace,
    /// What is awaited, each time when that changed.
    suspense: Vec<(Time, Option<Suspense>)>,
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

/// How long records are worth seeing after an act.
fn after_act(at: Time) -> Time {
    at + Span(ATTENTION.0 * 4)
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
                if self.suspense().is_none() || happening.at <= self.attention_until {
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
            let suspense = Suspense { awaited, until: happening.at + awaited.patience() };
            self.suspense.push((happening.at, Some(suspense)));
        }
    }

    /// A command was carried out: whatever follows at once is worth seeing.
    pub fn act(&mut self, at: Time, command: u32) {
        if at <= self.known_until {
            return;
        }
        self.pace.push(at);
        self.attention_until = after_act(at);
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
        let unpaced = self.unpaced(self.unpaced.partition_point(|row| row[0] <= after.0));
        unpaced.into_iter().chain(self.pace.beat_after(after)).min()
    }

    /// The last visible instant before an instant.
    pub fn previous(&self, before: Time) -> Option<Time> {
        let index = self.unpaced.partition_point(|row| row[0] < before.0).checked_sub(1);
        index.and_then(|index| self.unpaced(index)).max(self.pace.beat_before(before))
    }

    /// The instant after which, up to and including `at`, `count` visible instants come; the
    /// beginning when there are fewer.
    pub fn before_last(&self, count: usize, at: Time) -> Time {
        let unpaced = self.unpaced.partition_point(|row| row[0] <= at.0);
        let beats = self.pace.beats_until(at);
        let unpaced_back = |back: usize| self.unpaced(unpaced.checked_sub(back)?);
        let beat_back = |back: usize| self.pace.beat(beats.checked_sub(back)?);
        // How many of the last ones are beats: so many that the next beat comes before all the others.
        let (mut least, mut most) = (0, count);
        while least < most {
            let taken = least + (most - least) / 2;
            let enough = beat_back(taken + 1) < unpaced_back(count - taken);
            if enough { most = taken } else { least = taken + 1 }
        }
        beat_back(least + 1).max(unpaced_back(count - least + 1)).unwrap_or(Time::ZERO)
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
        (majors + told) as u64 + self.unpaced.size() + self.pace.size()
    }

    /// Forgets what comes after `at`: the future is open again.
    pub fn truncate(&mut self, at: Time) {
        if at >= self.known_until {
            return;
        }
        self.majors.truncate(self.majors.partition_point(|mark| mark.at <= at));
        self.unpaced.truncate(self.unpaced.partition_point(|row| row[0] <= at.0));
        self.pace.truncate(at);
        self.told.truncate(self.told.partition_point(|told| told.at <= at));
        self.known_until = at;
        self.attention_until = self.attention();
        self.suspense.truncate(self.suspense.partition_point(|(since, _)| *since <= at));
    }

    /// Forgets what comes before `at`: nobody goes back there.
    pub fn forget_before(&mut self, at: Time) {
        self.majors.drain(..self.majors.partition_point(|mark| mark.at < at));
        self.majors.shrink_to_fit();
        self.told.drain(..self.told.partition_point(|told| told.at < at));
        self.told.shrink_to_fit();
        self.suspense.drain(..self.suspense.partition_point(|(since, _)| *since < at).saturating_sub(1));
        self.unpaced.forget_while(|row| row[0] < at.0);
        self.pace.forget_before(at);
    }

    fn see(&mut self, at: Time) {
        if self.pace.last_at() != Some(at) && self.unpaced.last() != Some([at.0]) {
            self.unpaced.push([at.0]);
        }
    }

    fn unpaced(&self, index: usize) -> Option<Time> {
        self.unpaced.get(index).map(|row| Time(row[0]))
    }

    fn suspense(&self) -> Option<&Suspense> {
        self.suspense.last()?.1.as_ref()
    }

    fn end_suspense(&mut self, happening: &Happening) {
        let over = |suspense: &Suspense| happening.at > suspense.until || ends(suspense.awaited, &happening.fact);
        if self.suspense().is_some_and(over) {
            self.suspense.push((happening.at, None));
        }
    }

    /// How long records are worth seeing, by what has come so far.
    fn attention(&self) -> Time {
        let acts = self.majors.iter().rposition(|mark| mark.kind == MarkKind::Act);
        let until = |mark: &Mark| if mark.kind == MarkKind::Act { after_act(mark.at) } else { mark.at + ATTENTION };
        self.majors[acts.unwrap_or(0)..].iter().map(until).max().unwrap_or(Time::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};

    /// Visible instants lie in two lists, and are found as if in one.
    #[test]
    fn instants_are_found_whether_they_are_beats_or_not() {
        let mut rng = Rng::new(1, 1);
        for beats_of_ten in [0, 1, 5, 9, 10] {
            let (mut marks, mut plain, mut at) = (Marks::default(), Vec::new(), 0);
            for _ in 0..600 {
                at += 1 + rng.below_u64(1_000);
                if rng.below(10) < beats_of_ten {
                    marks.pace.push(Time(at));
                }
                marks.see(Time(at));
                marks.see(Time(at));
                plain.push(Time(at));
            }
            for _ in 0..400 {
                let (probe, count) = (Time(rng.below_u64(at + 500)), rng.below(700) as usize);
                let until = plain.partition_point(|at| *at <= probe);
                assert_eq!(marks.next(probe), plain.get(until).copied());
                let before = plain.partition_point(|at| *at < probe).checked_sub(1).map(|index| plain[index]);
                assert_eq!(marks.previous(probe), before);
                let first = until.saturating_sub(count).checked_sub(1).map_or(Time::ZERO, |index| plain[index]);
                assert_eq!(marks.before_last(count, probe), first, "{count} before {probe}");
            }
        }
    }
}

//! What a branch remembers of its facts: the visible ones, in a few bytes each, for the timeline,
//! for "next" and "previous", and for the pace of playback. Facts themselves are derived again from
//! checkpoints when they are wanted.

use crate::pace::{Beat, Pace};
use crate::packed::Packed;
use crate::run::{Happening, Run};
use crate::told::Told;
use crate::visible::{Awaited, MarkKind, Visibility, awaited, classify, ends, is_lasting, records_sent, usually};
use base::{ProcessId, Span, Time};
use sim::{ClusterIndex, NetworkSetup, World};

/// After something great or an act, records are worth seeing for so many of the longest flights even while waiting.
const ATTENTION: u64 = 1;
/// What is said may change by itself; it is looked at so often…
const LOOK: Span = Span::from_millis(20);
/// …for so long since it last changed.
const LOOKED_AT: Span = Span::from_secs(90);

/// A moment, for whoever has to say something about it.
pub struct Moment<'a> {
    pub run: &'a Run,
    /// Everything that the stories of the clusters tell up to now, oldest first.
    pub told: &'a Told,
    pub pace: &'a Pace,
    pub now: Time,
}

/// What is said about a moment, as a number that is another one for another sentence. The pace gives each time to be
/// read.
pub type Saying = fn(&Moment<'_>) -> u64;

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
#[derive(Clone, Debug)]
pub struct Marks {
    majors: Vec<Mark>,
    /// Instants of visible events that are no beats of the pace: most are, and are kept once.
    unpaced: Packed<1>,
    pace: Pace,
    /// What is awaited, each time when that changed.
    suspense: Vec<(Time, Option<Suspense>)>,
    attention: Span,
    attention_until: Time,
    /// Acts and marks set by hand must survive a look at the same stretch again.
    known_until: Time,
    /// What the story tells, whole.
    told: Told,
    saying: Option<Saying>,
    /// What was said, each time when that changed.
    said: Vec<(Time, u64)>,
    /// When that was looked at, the first time in each stretch of [`LOOK`]: whoever goes back looks again at the same
    /// instants, and so finds the same.
    looks: Packed<1>,
    /// Something has happened since that may change it.
    is_stale: bool,
}

/// Something great is awaited: the flow of records does not slow time down meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Suspense {
    awaited: Awaited,
    /// It does not come after this instant.
    until: Time,
    /// Where it is awaited.
    cluster: ClusterIndex,
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
    /// Of a run of so many clusters that has not begun.
    pub fn new(network: &NetworkSetup, clusters: usize) -> Marks {
        Marks {
            majors: Vec::new(),
            unpaced: Packed::default(),
            pace: Pace::new(network.latency, network.jitter),
            suspense: Vec::new(),
            attention: (network.latency + network.jitter).times(ATTENTION),
            attention_until: Time::ZERO,
            known_until: Time::ZERO,
            told: Told::new(clusters),
            saying: None,
            said: Vec::new(),
            looks: Packed::default(),
            is_stale: false,
        }
    }

    /// Who says something about each moment.
    pub(crate) fn tell(&mut self, saying: Saying) {
        self.saying = Some(saying);
    }

    /// Takes note of what happened in new territory; what is known already is passed over.
    pub fn note(&mut self, happening: &Happening, world: &World) {
        if happening.at <= self.known_until {
            return;
        }
        let cluster = self.cluster_of(happening, world);
        if is_lasting(&happening.fact) {
            self.told.push(cluster, happening.clone());
        }
        let (visibility, kind) = classify(&happening.fact);
        // What records do is said in no sentence; everything else may change what is so.
        self.is_stale |= kind != MarkKind::Record;
        self.end_suspense(happening, cluster);
        match visibility {
            Visibility::Waiting => return,
            Visibility::Routine => {
                if self.suspense().is_none() || happening.at <= self.attention_until {
                    self.pace.beat(happening.at, Beat::Records(records_sent(&happening.fact)));
                }
            }
            Visibility::Major => {
                self.pace.beat(happening.at, Beat::Great);
                self.attention_until = self.attention_until.max(happening.at + self.attention);
            }
        }
        self.see(happening.at);
        if visibility == Visibility::Major {
            self.majors.push(Mark { at: happening.at, process: happening.process, kind, command: 0 });
        }
        if let Some(awaited) = awaited(happening, world) {
            let suspense = Suspense { awaited, until: happening.at + awaited.patience(), cluster };
            self.suspense.push((happening.at, Some(suspense)));
            self.pace.wait(happening.at, usually(awaited, happening, (world, self.told.of(cluster))));
        }
    }

    /// Looks at what is said now, if it may be something else than before.
    pub(crate) fn look(&mut self, run: &Run, now: Time) {
        if now <= self.known_until {
            return;
        }
        self.is_stale |= self.pace.phase(now, run.phase());
        // Nobody has asked for what is said.
        let Some(saying) = self.saying else { return };
        let (last, number) = self.said.last().copied().unwrap_or_default();
        let is_new = self.looks.last().is_none_or(|[looked]| now.0 / LOOK.0 > looked / LOOK.0);
        let due = is_new && now.since(last) < LOOKED_AT;
        if !self.is_stale && !due {
            return;
        }
        let said = saying(&Moment { run, told: &self.told, pace: &self.pace, now });
        if said != number {
            self.pace.sentence(now);
            self.said.push((now, said));
        }
        if is_new {
            self.looks.push([now.0]);
        }
        self.is_stale = false;
    }

    /// A command was carried out: whatever follows at once is worth seeing.
    pub fn act(&mut self, at: Time, command: u32) {
        if at <= self.known_until {
            return;
        }
        self.pace.beat(at, Beat::Act);
        self.is_stale = true;
        self.attention_until = at + self.attention;
        self.see(at);
        self.majors.push(Mark { at, process: ProcessId::default(), kind: MarkKind::Act, command });
    }

    /// Nothing more is to come up to this instant.
    pub fn known_until(&mut self, at: Time) {
        self.known_until = self.known_until.max(at);
        self.pace.known_until(self.known_until);
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
        let beat_back = |back: usize| self.pace.beat_at(beats.checked_sub(back)?);
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

    /// What the story of the first cluster tells up to an instant, in order of time.
    pub fn told(&self, until: Time) -> &[Happening] {
        self.told_of(ClusterIndex::FIRST, until)
    }

    /// The same of any cluster.
    pub fn told_of(&self, cluster: ClusterIndex, until: Time) -> &[Happening] {
        self.told.until(cluster, until)
    }

    /// Whose happening it is. In a world of one cluster nobody has to look.
    fn cluster_of(&self, happening: &Happening, world: &World) -> ClusterIndex {
        if self.told.has_several() { world.cluster_of(happening.process) } else { ClusterIndex::FIRST }
    }

    /// Bytes held.
    pub fn size(&self) -> u64 {
        let majors = size_of::<Mark>() * self.majors.capacity();
        (majors + self.told.size()) as u64 + self.unpaced.size() + self.looks.size() + self.pace.size()
    }

    /// Forgets what comes after `at`: the future is open again.
    pub fn truncate(&mut self, at: Time) {
        if at >= self.known_until {
            return;
        }
        self.majors.truncate(self.majors.partition_point(|mark| mark.at <= at));
        self.unpaced.truncate(self.unpaced.partition_point(|row| row[0] <= at.0));
        self.pace.truncate(at);
        self.told.truncate(at);
        self.known_until = at;
        self.attention_until = self.majors.last().map_or(Time::ZERO, |mark| mark.at + self.attention);
        self.suspense.truncate(self.suspense.partition_point(|(since, _)| *since <= at));
        self.said.truncate(self.said.partition_point(|(since, _)| *since <= at));
        self.looks.truncate(self.looks.partition_point(|row| row[0] <= at.0));
        self.is_stale = false;
    }

    /// Forgets what comes before `at`: nobody goes back there.
    pub fn forget_before(&mut self, at: Time) {
        self.majors.drain(..self.majors.partition_point(|mark| mark.at < at));
        self.majors.shrink_to_fit();
        self.told.forget_before(at);
        self.suspense.drain(..self.suspense.partition_point(|(since, _)| *since < at).saturating_sub(1));
        self.said.drain(..self.said.partition_point(|(since, _)| *since < at).saturating_sub(1));
        self.unpaced.forget_while(|row| row[0] < at.0);
        self.looks.forget_while(|row| row[0] < at.0);
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

    /// What another cluster does is not what is awaited.
    fn end_suspense(&mut self, happening: &Happening, cluster: ClusterIndex) {
        let comes = |suspense: &Suspense| suspense.cluster == cluster && ends(suspense.awaited, &happening.fact);
        let over = |suspense: &Suspense| happening.at > suspense.until || comes(suspense);
        if self.suspense().is_some_and(over) {
            self.suspense.push((happening.at, None));
            self.pace.wait(happening.at, Span::ZERO);
        }
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
            let (mut marks, mut plain, mut at) = (Marks::new(&NetworkSetup::default(), 1), Vec::new(), 0);
            for _ in 0..600 {
                at += 1 + rng.below_u64(1_000);
                if rng.below(10) < beats_of_ten {
                    marks.pace.beat(Time(at), Beat::Great);
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

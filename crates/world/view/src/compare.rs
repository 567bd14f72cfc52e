//! Two branches beside each other at one instant: what differs first, what came of it in numbers that matter, and both
//! ledgers as sums that come out.

use super::{Str, Thing, Time, Tone, TopicPartition, TracksView};

/// What is measured of both runs, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Messages whose success was reported and that the leader does not have.
    Lost,
    /// Messages whose failure was reported.
    Failed,
    /// Messages of producers that ended before they could tell.
    Unanswered,
    /// Offsets that readers jumped over.
    Skipped,
    /// Deliveries of a message again.
    Twice,
    /// Deliveries of a message after a later one.
    Reordered,
    /// The longest that a partition had no leader.
    Leaderless,
    /// Messages delivered to groups.
    Delivered,
    /// The time within which half of the answers came.
    Answers,
    /// Messages whose application has been told nothing yet.
    Waiting,
    Acked,
    Committed,
    Sent,
}

/// Which of two different values is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Less,
    More,
    Neither,
}

/// One measure in both runs: a count, or nanoseconds. `None`: there is nothing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub measure: Measure,
    pub values: [Option<u64>; 2],
    pub better: Better,
}

/// The difference that counts, as facts; the sentence says exactly this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The named run is being replayed and stands at an earlier instant: nothing is compared.
    Behind { name: Str, at: Time },
    /// The named run's past before the instant is given up: nothing is compared.
    Forgotten { name: Str, from: Time },
    /// The gravest measure that differs. `by`: the only producer there is, which asked for success and runs. `also`: the
    /// price, where it is paid in answer times.
    Differ { pair: Pair, by: Option<Str>, also: Option<Pair> },
    /// All that is measured is the same; what happened may not be.
    SameNumbers,
    /// Nothing happened differently so far.
    Alike,
}

/// How the two texts of a pair stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    Differ,
}

/// A pair as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairView {
    pub measure: Measure,
    pub name: &'static str,
    /// Without their unit.
    pub texts: [String; 2],
    /// `ms`, `s`; empty for counts.
    pub unit: &'static str,
    pub relation: Relation,
    /// Worse and better; both plain where they are equal.
    pub tones: [Tone; 2],
    pub sentence: String,
}

/// What was sent, and what became of it: the parts add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    pub sent: u64,
    /// Acknowledged and not lost.
    pub kept: u64,
    pub lost: u64,
    pub waiting: u64,
    pub failed: u64,
    pub unanswered: u64,
}

/// A part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Sent,
    Kept,
    Lost,
    Waiting,
    Failed,
    Unanswered,
}

/// The sum of one branch in words: `total` = the parts, joined by "+".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumView {
    pub name: String,
    pub total: String,
    pub parts: Vec<(Tone, String)>,
}

/// The first event at which the runs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceView {
    pub at: Time,
    pub time_text: String,
    /// "first difference: event 2,871"
    pub pill: String,
    /// What happened in each; in one of them perhaps nothing yet.
    pub sides: [String; 2],
    /// Whom it is about.
    pub about: Thing,
    pub partition: Option<TopicPartition>,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareSide {
    pub name: String,
    /// The setting or act in which it differs: "acks=1", "without: Broker 2 killed".
    pub title: String,
    /// When, or that nothing else was done.
    pub note: String,
    /// What was done in it and not in the other, as command lines with their instants.
    pub acts: Vec<String>,
    pub shown: bool,
}

/// Both branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompareView {
    pub said: Compared,
    pub headline: String,
    pub sides: [CompareSide; 2],
    /// What has to be known of how far they go; mostly empty.
    pub standing: Vec<(Tone, String)>,
    /// Four to six that matter; none while one run is being replayed.
    pub pairs: Vec<PairView>,
    pub sums: Vec<SumView>,
    /// "delivered twice 0 and 0, failed 0 and 0: no difference"
    pub equal: String,
    /// `None` while it is looked for, and while there is none; `looking` says which.
    pub difference: Option<DifferenceView>,
    pub looking: String,
    /// The partition that shows it where there is room for one only.
    pub partition: Option<TopicPartition>,
    pub tracks: TracksView,
    /// The whole ledger as a table of text.
    pub copy: String,
}

impl Measure {
    /// Is it a length of time?
    pub fn is_time(self) -> bool {
        matches!(self, Measure::Leaderless | Measure::Answers)
    }
}

impl Pair {
    /// The places of the worse and of the better value; `None` where neither is.
    pub fn ranked(&self) -> Option<[usize; 2]> {
        // What one of the two does not have cannot be better or worse.
        let [Some(first), Some(second)] = self.values else { return None };
        let first_is_worse = match self.better {
            Better::Less => first > second,
            Better::More => first < second,
            Better::Neither => return None,
        };
        (first != second).then_some(if first_is_worse { [0, 1] } else { [1, 0] })
    }
}

impl Sum {
    /// All parts with their numbers.
    pub fn parts(&self) -> [(Part, u64); 5] {
        [
            (Part::Kept, self.kept),
            (Part::Lost, self.lost),
            (Part::Waiting, self.waiting),
            (Part::Failed, self.failed),
            (Part::Unanswered, self.unanswered),
        ]
    }
}

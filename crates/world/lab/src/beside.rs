//! A second branch at the reader's instant, so that two runs can stand beside each other under one clock. It follows the
//! reader on a copy of its branch: what the copy learns is forgotten with it. Where the two differ first is looked for
//! meanwhile.

use std::collections::VecDeque;

use base::Time;
use check::Ledger;

use crate::allowance::Allowance;
use crate::branch::{Branch, Cursor, Moved};
use crate::difference::{Looked, Search};
use crate::history::{History, RECENT_FACTS};
use crate::lab::Lab;
use crate::run::{Happening, Run};
use crate::visible::{Visibility, classify};

/// How far the other branch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// It is replayed, and stands at an earlier instant.
    UnderWay,
    /// It stands at the reader's instant.
    Arrived,
    /// Its past is given up before this instant, which comes after the reader's.
    Forgotten(Time),
}

/// Another branch, as far as it has been followed.
#[derive(Clone, Debug)]
pub struct Beside {
    index: usize,
    branch: Branch,
    cursor: Cursor,
    following: Following,
    /// Visible facts of the last moments.
    recent: VecDeque<Happening>,
    search: Search,
    /// The branch that is shown, and the number of changes of its acts: what was looked for.
    against: (usize, u32),
}

impl Beside {
    /// The branch that the shown one is compared with: the one it left, or else the newest that left it.
    pub fn other(history: &History) -> Option<usize> {
        let (branches, current) = (history.branches(), history.current());
        let child = || branches.iter().rposition(|branch| branch.parent.is_some_and(|(parent, _)| parent == current));
        branches[current].parent.map(|(parent, _)| parent).or_else(child)
    }

    /// Brings `kept` to the reader's instant on the branch to compare with, as far as is allowed; what is left of it is
    /// spent on where the two differ first. `None` while there is only one branch.
    pub fn follow(kept: Option<Beside>, history: &History, allowance: &mut Allowance<'_>) -> Option<Beside> {
        let index = Beside::other(history)?;
        let acts = history.branches()[index].acts.revision();
        let fits = |kept: &Beside| kept.index == index && kept.branch.acts.revision() == acts;
        let mut beside = kept.filter(fits).unwrap_or_else(|| Beside::begin(history, index));
        beside.go_on(history, allowance);
        beside.look(history, allowance);
        Some(beside)
    }

    fn begin(history: &History, index: usize) -> Beside {
        let branch = history.branches()[index].clone();
        Beside {
            index,
            cursor: branch.nearest(history.recent_start(history.cursor().at)),
            branch,
            following: Following::UnderWay,
            recent: VecDeque::new(),
            search: Beside::search(history, index),
            against: Beside::against(history),
        }
    }

    fn against(history: &History) -> (usize, u32) {
        (history.current(), history.branch().acts.revision())
    }

    fn search(history: &History, index: usize) -> Search {
        let current = history.current();
        Search::of([index.min(current), index.max(current)].map(|index| &history.branches()[index]))
    }

    fn go_on(&mut self, history: &History, allowance: &mut Allowance<'_>) {
        let at = history.cursor().at;
        let from = history.recent_start(at);
        if self.cursor.at > at {
            self.cursor = self.branch.nearest(from);
            self.recent.clear();
        }
        if self.cursor.at > at {
            self.following = Following::Forgotten(self.cursor.at);
            return;
        }
        self.following = Following::UnderWay;
        let mut facts = Vec::new();
        while allowance.take() {
            facts.clear();
            let moved = self.branch.advance(&mut self.cursor, at, &mut facts);
            let visible = |fact: &Happening| classify(&fact.fact).0 != Visibility::Waiting;
            self.recent.extend(facts.drain(..).filter(visible));
            if moved == Moved::Nothing {
                allowance.give_back();
                self.following = Following::Arrived;
                break;
            }
        }
        while self.recent.len() > RECENT_FACTS || self.recent.front().is_some_and(|first| first.at <= from) {
            self.recent.pop_front();
        }
    }

    fn look(&mut self, history: &History, allowance: &mut Allowance<'_>) {
        if self.against != Beside::against(history) {
            self.against = Beside::against(history);
            self.search = Beside::search(history, self.index);
        }
        let seen = history.branch().seen_until.max(history.branches()[self.index].seen_until);
        self.search.look(seen.max(history.cursor().at), allowance);
    }

    pub fn index(&self) -> usize {
        self.index
    }
    /// How far it has been followed.
    pub fn at(&self) -> Time {
        self.cursor.at
    }
    pub fn following(&self) -> Following {
        self.following
    }
    pub fn has_arrived(&self) -> bool {
        self.following == Following::Arrived
    }
    /// Is there more to do: to follow, or to look for the first difference?
    pub fn is_under_way(&self) -> bool {
        self.following == Following::UnderWay || matches!(self.search.looked(), Looked::UnderWay(_))
    }
    pub fn ledger(&self) -> &Ledger {
        &self.cursor.run.ledger
    }
    pub fn run(&self) -> &Run {
        &self.cursor.run
    }
    /// The copy that it goes on: its facts up to [`at`](Self::at) are known.
    pub fn branch(&self) -> &Branch {
        &self.branch
    }
    /// Visible facts of the last moments, oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &Happening> {
        self.recent.iter()
    }
    /// Where the two differ first.
    pub fn looked(&self) -> &Looked {
        self.search.looked()
    }
    /// Where somebody last watched the branch itself, if that comes before the reader's instant: from there on it runs
    /// as nobody has acted.
    pub fn unwatched_since(&self, history: &History) -> Option<Time> {
        let seen = history.branches().get(self.index)?.seen_until;
        Some(seen).filter(|seen| *seen < history.cursor().at)
    }
}

impl Lab {
    /// Visible facts of the last moments on the branch beside, with their age as in [`Frame::recent`]: one clock moves
    /// both.
    ///
    /// [`Frame::recent`]: crate::Frame::recent
    pub fn recent_beside(&self, beside: &Beside, window: f64) -> Vec<(f64, Happening)> {
        let now = self.now();
        let tau = self.history().branch().marks.pace().tau(now);
        let aged = beside.recent().map(|fact| (self.age(tau, now, fact.at), fact.clone()));
        aged.filter(|(age, fact)| *age < window && fact.at <= now).collect()
    }
}

//! A second branch at the reader's instant, so that two ledgers can stand beside each other. It follows the reader
//! on a copy of its branch: what the copy learns is forgotten with it. It is not a way to show another branch.

use base::Time;
use check::Ledger;

use crate::branch::{Branch, Cursor, Moved};
use crate::history::History;

/// Another branch, as far as it has been followed.
#[derive(Clone, Debug)]
pub struct Beside {
    index: usize,
    branch: Branch,
    cursor: Cursor,
    /// It stands at the reader's instant.
    arrived: bool,
}

impl Beside {
    /// The branch that the shown one is compared with: the one it left, or else the newest that left it.
    pub fn other(history: &History) -> Option<usize> {
        let (branches, current) = (history.branches(), history.current());
        let child = || branches.iter().rposition(|branch| branch.parent.is_some_and(|(parent, _)| parent == current));
        branches[current].parent.map(|(parent, _)| parent).or_else(child)
    }

    /// Brings `kept` to the reader's instant on the branch to compare with, by at most `budget` events. `None` while
    /// there is only one branch.
    pub fn follow(kept: Option<Beside>, history: &History, budget: u64) -> Option<Beside> {
        let (index, at) = (Beside::other(history)?, history.cursor().at);
        let acts = history.branches()[index].acts.revision();
        let fits = |kept: &Beside| kept.index == index && kept.cursor.at <= at && kept.branch.acts.revision() == acts;
        let mut beside = kept.filter(fits).unwrap_or_else(|| {
            let branch = history.branches()[index].clone();
            Beside { index, cursor: branch.nearest(at), branch, arrived: false }
        });
        beside.arrived = false;
        let mut facts = Vec::new();
        for _ in 0..budget {
            facts.clear();
            if beside.branch.advance(&mut beside.cursor, at, &mut facts) == Moved::Nothing {
                beside.arrived = true;
                break;
            }
        }
        Some(beside)
    }

    pub fn index(&self) -> usize {
        self.index
    }
    /// How far it has been followed.
    pub fn at(&self) -> Time {
        self.cursor.at
    }
    pub fn has_arrived(&self) -> bool {
        self.arrived
    }
    pub fn ledger(&self) -> &Ledger {
        &self.cursor.run.ledger
    }
}

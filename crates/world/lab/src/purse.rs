//! What a laboratory may still spend: its budgets, the one that is used up, and what the reader chose to do about it.
//! What things cost is `budget`'s; here is when play pauses for it.

use crate::budget::{Budget, Measured, Remedy, Spent};
use crate::history::History;

/// Bytes that an experiment may take in a page that takes much already.
const HEADROOM: u64 = 128 << 20;

/// From so many eighths of the page's memory budget on, the past is thinned out by itself whenever the page has grown.
const TIGHT: u64 = 7;

/// A budget and what has become of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Purse {
    budget: Budget,
    /// Bytes of the whole page, as far as somebody has told.
    memory: Option<u64>,
    /// The same when somebody told it for the first time: earlier experiments of the page took that, and it never gives
    /// any back.
    before: u64,
    /// The same when checkpoints went by themselves for the last time. The page grows when what was freed is used up.
    spared_at: u64,
    spent: Option<Spent>,
    /// Events of a standstill that the reader has said to go on with.
    patience: u64,
}

impl Purse {
    /// The budget that is used up.
    pub fn spent(&self) -> Option<Spent> {
        self.spent
    }

    /// Another purse with these budgets.
    pub(crate) fn with(self, budget: Budget) -> Purse {
        Purse { budget, ..self }
    }

    /// The whole page takes so many bytes.
    pub(crate) fn set_memory(&mut self, bytes: u64) {
        if self.memory.is_none() {
            self.before = bytes;
        }
        self.memory = Some(bytes);
    }

    /// Gives up checkpoints that are a luxury when the page takes much and has grown: before it pauses for that.
    pub(crate) fn spare(&mut self, history: &mut History) {
        // There is room, or nobody measures it.
        let Some(bytes) = self.memory.filter(|bytes| *bytes > self.budget.memory / 8 * TIGHT) else { return };
        if bytes > self.spared_at {
            self.spared_at = bytes;
            history.spare_checkpoints();
        }
    }

    /// Looks at what a history costs. Is a budget used up?
    pub(crate) fn look(&mut self, history: &History) -> bool {
        let stands_still = history.standstill();
        if stands_still.is_none() {
            self.patience = 0;
        }
        let too_long = stands_still.filter(|standstill| standstill.events > self.patience);
        let standstill = too_long.map(|standstill| (standstill.since, standstill.events));
        let memory = self.memory.filter(|bytes| *bytes > self.before.saturating_add(HEADROOM));
        self.spent = self.budget.check(&Measured { standstill, ..Measured::of(history, memory) });
        self.spent.is_some()
    }

    /// The reader has chosen a remedy that is done here, and goes on.
    pub(crate) fn relieve(&mut self, remedy: &Remedy) {
        // It goes on already: the same remedy was chosen twice.
        let Some(spent) = self.spent.take() else { return };
        match (remedy, spent) {
            (Remedy::GoOn, Spent::Standstill { events, .. }) => self.patience = events.saturating_mul(2),
            // What was given up comes back to the page, not to the browser.
            (Remedy::GoOn, _) | (_, Spent::Memory { .. }) => self.budget = self.budget.raised(spent),
            (
                Remedy::ThinPast
                | Remedy::GoOnWithoutRewinding { .. }
                | Remedy::SmallerValues { .. }
                | Remedy::ShorterRetention { .. },
                _,
            ) => {}
        }
    }
}

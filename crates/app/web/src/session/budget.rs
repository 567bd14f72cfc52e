//! What the experiment may cost: looked at after each frame that played. Reaching a limit pauses, and a card says which,
//! through whom, and what would help; nothing of the experiment changes by it.

use lab::text::Text;
use lab::view::{BudgetView, Time, build};
use lab::{Budget, Intent, Measured, Remedy, Spent};
use wasm_bindgen::JsCast;

use super::Session;

/// The limits of this visit, and the one that is reached.
#[derive(Default)]
pub(super) struct Purse {
    budget: Budget,
    spent: Option<Spent>,
    /// A standstill, by its beginning, that the reader has seen and goes on with.
    patient: Option<Time>,
}

impl Purse {
    /// Another experiment: what was reached was the last one's.
    pub(super) fn empty(&mut self) {
        (self.spent, self.patient) = (None, None);
    }
}

/// Bytes of the engine's memory. It never shrinks.
fn memory() -> Option<u64> {
    let buffer = js_sys::Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).ok()?;
    Some(u64::from(buffer.dyn_into::<js_sys::ArrayBuffer>().ok()?.byte_length()))
}

impl Session {
    /// Pauses where a limit is reached.
    pub fn mind_the_budget(&mut self) {
        if !self.lab.playback().playing {
            return;
        }
        let standstill = self.lab.run().world.standstill().filter(|still| Some(still.since) != self.purse.patient);
        let standstill = standstill.map(|still| (still.since, still.events));
        let measured = Measured { standstill, ..self.lab.measured(memory()) };
        let spent = self.purse.budget.check(&measured);
        if spent.is_some() {
            let _ = self.lab.dispatch(Intent::Pause);
        }
        if spent != self.purse.spent {
            self.purse.spent = spent;
            self.version += 1;
        }
    }

    /// Does what a button of the card says, and goes on; advice is the reader's to follow.
    pub fn remedy(&mut self, remedy: &Remedy) {
        match remedy {
            Remedy::ThinPast => self.lab.thin_past(),
            Remedy::GoOnWithoutRewinding { before } => drop(self.lab.forget_before(*before)),
            Remedy::GoOn => {}
            Remedy::SmallerValues { .. } | Remedy::ShorterRetention { .. } => return,
        }
        let Some(spent) = self.purse.spent.take() else { return };
        let frees_enough = match spent {
            // What was given back is the engine's, not the browser's: the size stays.
            Spent::Memory { .. } => false,
            Spent::Events { .. }
            | Spent::DiskBytes { .. }
            | Spent::World { .. }
            | Spent::History { .. }
            | Spent::Standstill { .. } => *remedy != Remedy::GoOn,
        };
        if let Spent::Standstill { at, .. } = spent {
            self.purse.patient = Some(at);
        }
        if !frees_enough {
            self.purse.budget = self.purse.budget.raised(spent);
        }
        self.version += 1;
        let _ = self.lab.dispatch(Intent::Play);
    }

    /// The card.
    pub(super) fn budget_view(&self, text: &Text) -> Option<BudgetView> {
        self.purse.spent.map(|spent| build::budget(spent, self.lab.history(), text))
    }
}

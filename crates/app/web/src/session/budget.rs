//! What the experiment may cost: when play pauses for it is the laboratory's; the page knows how much memory it takes,
//! shows the card, and hands over what the reader chooses.

use lab::text::Text;
use lab::view::{BudgetView, build};
use lab::{Intent, Remedy};
use wasm_bindgen::JsCast;

use super::Session;

/// Bytes of the engine's memory. It never shrinks.
pub(super) fn memory() -> Option<u64> {
    let buffer = js_sys::Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).ok()?;
    Some(u64::from(buffer.dyn_into::<js_sys::ArrayBuffer>().ok()?.byte_length()))
}

impl Session {
    /// Does what a button of the card says, and goes on; advice is the reader's to follow.
    pub fn remedy(&mut self, remedy: &Remedy) {
        if !remedy.is_done_here() {
            return;
        }
        self.version += 1;
        self.lab.relieve(remedy);
        let _ = self.lab.set_about(Intent::Play);
    }

    /// The card.
    pub(super) fn budget_view(&self, text: &Text) -> Option<BudgetView> {
        self.lab.purse().spent().map(|spent| build::budget(spent, self.lab.history(), text))
    }
}

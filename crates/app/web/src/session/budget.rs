//! What the experiment may cost: when play pauses for it is the laboratory's; the page knows how much memory it takes,
//! shows the card, and hands over what the reader chooses.

use lab::text::Text;
use lab::view::{BudgetView, build};
use lab::{Intent, Remedy};
use wasm_bindgen::JsCast;

use super::Session;

/// What a browser takes to show a page that plays, besides the engine's memory: its picture, its texts and the script's
/// heap. No page can ask for it; Chromium's renderer took 145 to 225 MB at a thousandfold pace, without the 135 MB of
/// its program, which all tabs share (`tests/browser/bench.mjs`, the part `long`).
const BESIDES: u64 = 150 << 20;

/// Bytes of the page: the engine's memory, which never shrinks, and about what the browser takes besides.
pub(super) fn memory() -> Option<u64> {
    let buffer = js_sys::Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).ok()?;
    Some(u64::from(buffer.dyn_into::<js_sys::ArrayBuffer>().ok()?.byte_length()) + BESIDES)
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

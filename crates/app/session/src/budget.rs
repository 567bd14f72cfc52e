//! What the experiment may cost: when play pauses for it is the laboratory's; the page knows how much memory it takes,
//! shows the card, and hands over what the reader chooses.

use lab::{Intent, Remedy};
use view::BudgetView;
use view::picture;
use view::text::Text;

use crate::Session;

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
        self.lab.purse().spent().map(|spent| picture::budget(spent, self.lab.history(), text))
    }
}

//! What is done in the room of meters.

use yew::prelude::*;

use super::App;
use crate::intent::MetersIntent;

impl App {
    /// Chooses, goes there, or hands out.
    #[inline(never)]
    pub(super) fn in_meters(&mut self, ctx: &Context<App>, intent: MetersIntent) {
        let choice = &mut self.state.meters;
        match intent {
            MetersIntent::Toggle => self.state.toggle_meters(),
            MetersIntent::Point(at) => choice.pointed = at,
            MetersIntent::Stretch(from, until) => choice.choose(from, until),
            MetersIntent::Zoom => choice.window = choice.stretch,
            MetersIntent::Whole => (choice.window, choice.stretch) = (None, None),
            MetersIntent::Chart(of) => choice.toggle(of),
            MetersIntent::Producer(name) => choice.tuned = Some(name),
            MetersIntent::Tune(linger, batch) => {
                let curve = self.frame.meters.as_ref().and_then(|view| view.curve.as_ref());
                if let Some(name) = curve.and_then(|curve| curve.producers.get(curve.chosen)) {
                    let next = self.session.borrow_mut().retune(name, (linger, batch), self.state.language);
                    choice.tuned = next.or(choice.tuned.take());
                }
            }
            MetersIntent::Play => {
                if let Some((from, until)) = choice.stretch {
                    self.session.borrow_mut().play_stretch(from, until);
                }
            }
            MetersIntent::Copy => {
                let csv = self.session.borrow().meters_csv(&self.state.meters, self.state.language);
                if let Some(csv) = csv {
                    self.copy(ctx, &csv);
                }
            }
        }
    }
}

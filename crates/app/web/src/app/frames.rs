//! What one animation frame does: time passes in the engine, and the picture follows. Not what the picture is.

use yew::prelude::*;

use super::App;
use crate::clock;

/// So long nothing must have changed until no more frames are asked for.
const CALM_MILLISECONDS: f64 = 1_000.0;

/// One event may take as long as thousands of others. Where the engine took more milliseconds than these, the picture
/// waits for the next frame, so that the browser has its turn between the two.
const LONG_MILLISECONDS: f64 = 30.0;

impl App {
    /// One animation frame. Re-renders only when the structure has changed.
    pub(super) fn tick(&mut self, ctx: &Context<App>, stamp: f64) -> bool {
        let passed = self.last_tick.map_or(0.0, |last| (stamp - last).clamp(0.0, 250.0));
        if !std::mem::take(&mut self.late) {
            self.last_tick = Some(stamp);
            let was_under_way = self.session.borrow().is_under_way();
            let took = self.go_on(ctx, passed);
            // What was gone to is another picture as a whole.
            let arrived = was_under_way && !self.session.borrow().is_under_way();
            self.late = arrived || took > LONG_MILLISECONDS;
            if self.late {
                return false;
            }
        }
        let answered = !self.inbox.borrow().is_empty() && self.mail(ctx);
        let changed = self.refresh(ctx) || answered;
        let changed = (self.look_again(stamp) && self.refresh(ctx)) || changed;
        if !changed {
            self.draw();
        }
        self.rest(passed, changed);
        changed
    }

    /// So many milliseconds of the reader's time pass. How many milliseconds the engine took for it.
    fn go_on(&mut self, ctx: &Context<App>, passed: f64) -> f64 {
        if passed <= 0.0 {
            return 0.0;
        }
        let start = clock::now();
        let mut session = self.session.borrow_mut();
        if let Some(bytes) = clock::memory() {
            session.set_memory(bytes);
        }
        session.advance(passed, self.state.language);
        drop(session);
        let took = clock::now() - start;
        self.came_by();
        self.run_lines(ctx);
        took
    }

    /// A page on which nothing happens asks for no frames.
    fn rest(&mut self, passed: f64, changed: bool) {
        let at_rest = !changed && self.inbox.borrow().is_empty() && self.session.borrow().is_at_rest();
        self.calm = if at_rest { self.calm + passed } else { 0.0 };
        if self.calm > CALM_MILLISECONDS {
            self.clock.sleep();
        }
    }
}

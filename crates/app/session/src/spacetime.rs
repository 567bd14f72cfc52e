//! The space-time diagram of the shown branch: its messages are told by running the stretch again, a slice in each frame
//! and only what is new, while the diagram is open (decision 040).

use lab::journal::{self, Message};
use lab::{Allowance, Telling};
use view::Time;
use view::picture::spacetime::{self, Choice, Seen};
use view::spacetime::{FrameView, MessageId, SpacetimeView};

use crate::{Session, ViewOptions};

/// What one frame may run again: events, and milliseconds.
const EVENTS: u64 = 3_000;
const MILLISECONDS: f64 = 5.0;
/// The way to a message whose bytes are wanted, at most.
const OPENED_EVENTS: u64 = 40_000;
/// More messages than these are not held: what lies behind the stretch is forgotten, then the older half of the stretch.
const HELD: usize = 10_000;

/// What is told so far.
#[derive(Default)]
pub(super) struct Messages {
    telling: Option<Telling>,
    /// Of which branch, with which acts, of which edition of the shown run.
    of: Option<(usize, u32, u64)>,
    /// What came before is not told, because there were too many messages.
    least: Time,
    /// Does it stand before the reader's instant?
    is_behind: bool,
    /// The message whose bytes are wanted; nothing where it could not be had.
    opened: Option<(MessageId, Option<Message>)>,
}

impl Messages {
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }
}

impl Session {
    /// Goes on with the telling to the reader's instant, as far as one frame allows. Begins anew where what is told is of
    /// another run, or where a kept state lies nearer to the stretch.
    pub(super) fn tell_messages(&mut self, options: &ViewOptions) {
        let Some(choice) = &options.spacetime else {
            self.messages = Messages::default();
            return;
        };
        let (history, now) = (self.lab.history(), self.lab.now());
        let branch = history.branch();
        let (from, _) = choice.window(now);
        let of = Some((history.current(), branch.acts.revision(), history.edition()));
        let least = Some(self.messages.least).filter(|least| self.messages.of == of && *least <= now);
        let mut begin = from.max(branch.rewinds_to()).max(least.unwrap_or_default());
        let serves = |telling: &Telling| {
            telling.from() <= begin && (telling.at() >= begin || telling.at() >= branch.nearest(begin).at)
        };
        let kept = self.messages.telling.take().filter(|telling| self.messages.of == of && serves(telling));
        let mut telling = kept.unwrap_or_else(|| Telling::of(branch, begin));
        let clock = self.around.clock;
        let end = clock() + MILLISECONDS;
        let mut may_go_on = || clock() < end;
        let mut allowance = Allowance::clocked(&mut may_go_on).at_most(EVENTS);
        let is_there = telling.at() >= now || telling.go_on(branch, now, &mut allowance);
        let mut least = least.unwrap_or_default();
        if telling.len() > HELD {
            telling.forget_before(begin);
        }
        if telling.len() > HELD {
            begin = Time(begin.0.midpoint(telling.at().0));
            telling.forget_before(begin);
            least = begin;
        }
        if !is_there {
            self.version += 1;
        }
        let opened = self.messages.opened.take().filter(|(id, _)| self.messages.of == of && choice.opened == Some(*id));
        let opened = opened.or_else(|| {
            let id = choice.opened?;
            let told = telling.between(from, now).into_iter().find(|told| told.id == id);
            if told.is_none() && !is_there {
                // It may be told with one of the next frames.
                return None;
            }
            Some((id, told.and_then(|told| journal::message(branch, (id, told.sent), OPENED_EVENTS).ok().flatten())))
        });
        self.messages = Messages { telling: Some(telling), of, least, is_behind: !is_there, opened };
    }

    /// The diagram, of what is told.
    pub(super) fn spacetime(&self, options: &ViewOptions) -> Option<SpacetimeView> {
        let (choice, telling): (&Choice, _) = (options.spacetime.as_ref()?, self.messages.telling.as_ref()?);
        // As everything else: of the cluster that is shown.
        let shown = self.has_several_clusters().then_some(self.shown);
        let choice = &Choice { cluster: choice.cluster.or(shown), ..choice.clone() };
        let now = self.lab.now();
        let (from, _) = choice.window(now);
        let seen = Seen {
            told: &telling.between(from, now),
            world: &self.lab.run().world,
            now,
            told_from: telling.from(),
            told_until: telling.at().min(now),
        };
        let text = options.language.text();
        let frame = self.messages.opened.as_ref().map(|(_, message)| match message {
            Some(message) => spacetime::frame(message, text),
            None => FrameView { title: text.spacetime.lost_frame.to_owned(), ..FrameView::default() },
        });
        Some(SpacetimeView { frame, ..spacetime::spacetime(&seen, choice, text) })
    }
}

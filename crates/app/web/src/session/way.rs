//! What takes more than one frame: the first scene's own past, a link's run, a jump far ahead. Each goes on in slices
//! that leave the page responsive, says how far it is, and can be stopped.

use lab::command::link::Link;
use lab::text::Text;
use lab::view::{Digest, Time, build};
use lab::visit::{Complaint, Place, mark_named};
use lab::{Intent, Replay};

use super::{Answer, Asker, Session};

/// Milliseconds of a frame that a run may take.
const SLICE: f64 = 14.0;
/// The same while nothing but the first scene is awaited.
const START_SLICE: f64 = 40.0;
/// Events between two looks at the clock.
const CHUNK: u64 = 100;

/// What is under way.
pub(super) enum Way {
    /// Up to where the scene opens.
    Start,
    /// A link's run, and the state that it names.
    Link(Box<Replay>, Digest),
    Far {
        from: Time,
        to: Time,
    },
    /// To the next visible event, wherever that is.
    Visible {
        /// Events that were looked through.
        events: u64,
        /// Nothing was found.
        in_vain: bool,
    },
}

/// How far it is, for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayView {
    /// Thousandths.
    pub share: u16,
    pub label: String,
    /// The page itself starts; nothing is to be stopped.
    pub starting: bool,
}

/// Milliseconds of a clock that only goes forward.
pub(super) fn clock() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Works in chunks until it is done or the time is over.
fn slice(milliseconds: f64, mut chunk: impl FnMut() -> bool) -> bool {
    let end = clock() + milliseconds;
    loop {
        if chunk() {
            return true;
        }
        if clock() >= end {
            return false;
        }
    }
}

fn share(done: u64, all: u64) -> u16 {
    (u128::from(done.min(all)) * 1_000 / u128::from(all.max(1))) as u16
}

impl Session {
    /// Opens a link's run in place of what is shown; that stays until the run is done.
    pub(super) fn set_out(&mut self, link: &Link, replay: Option<Replay>) {
        if let Some(replay) = replay {
            self.way = Some(Way::Link(Box::new(replay), link.state_digest));
        }
    }

    /// A slice of what is under way. The picture is made anew when it is done.
    pub(super) fn go_on_way(&mut self) {
        let lab = &mut self.lab;
        let opens_at = lab.scenario().opens_at;
        let done = match &mut self.way {
            Some(Way::Start) => slice(START_SLICE, || lab.go_on(opens_at, CHUNK).arrived),
            Some(Way::Link(replay, _)) => slice(SLICE, || replay.advance(CHUNK)),
            Some(Way::Far { to, .. }) => slice(SLICE, || lab.go_on(*to, CHUNK).arrived),
            Some(Way::Visible { events, in_vain }) => slice(SLICE, || {
                let found = lab.find_visible(CHUNK).is_some();
                *events += CHUNK;
                *in_vain = !found && *events >= lab::JUMP;
                found || *in_vain
            }),
            None => return,
        };
        if done {
            self.arrive();
        }
    }

    /// Whoever wants something of a scene that has not opened yet, gets it opened at once.
    pub(super) fn be_there(&mut self) {
        if matches!(self.way, Some(Way::Start)) {
            self.arrive();
        }
    }

    /// Ends what is under way where it is; a start is finished.
    pub(super) fn arrive(&mut self) {
        self.version += 1;
        match self.way.take() {
            Some(Way::Start) => {
                let _ = self.lab.dispatch(Intent::Seek(self.lab.scenario().opens_at));
                self.stand_where_asked();
            }
            Some(Way::Link(replay, state)) => {
                self.show_replayed(*replay, state);
                self.stand_where_asked();
            }
            Some(Way::Far { .. }) => {
                let _ = self.lab.dispatch(Intent::Seek(self.lab.now()));
            }
            Some(Way::Visible { in_vain: true, .. }) => {
                self.complaints.push(Complaint::NothingVisible);
            }
            Some(Way::Visible { .. }) => {
                if let Some(at) = self.lab.find_visible(0) {
                    let _ = self.lab.dispatch(Intent::Seek(at));
                }
            }
            None => {}
        }
    }

    /// To the next visible event: at once where it is known, in slices where nothing but waiting happens.
    pub(super) fn seek_visible(&mut self) {
        if matches!(self.way, Some(Way::Link(..))) {
            return;
        }
        self.version += 1;
        self.way = Some(Way::Visible { events: 0, in_vain: false });
        if self.lab.find_visible(CHUNK).is_some() {
            self.arrive();
        }
    }

    /// To any instant: at once where the run is known, in slices where it is not.
    pub(super) fn seek(&mut self, to: Time) {
        self.version += 1;
        if to > self.lab.history().branch().marks.known() {
            self.way = Some(Way::Far { from: self.lab.now(), to });
        } else {
            self.way = None;
            let _ = self.lab.dispatch(Intent::Seek(to));
        }
    }

    /// The place that the address names, once.
    fn stand_where_asked(&mut self) {
        match self.at.take() {
            Some(Place::At(at)) => self.seek(at),
            Some(Place::Mark(name)) => match mark_named(&self.lab, &name, None) {
                Some(at) => self.seek(at),
                None => self.complaints.push(Complaint::NoMark(name)),
            },
            None => {}
        }
    }

    /// Stops playing at the place that the address names, when the last frame has passed it.
    pub(super) fn mind_the_end(&mut self, before: Time, text: &Text) {
        let now = self.lab.now();
        let passed = match &self.until {
            Some(Place::At(at)) => (before < *at && *at <= now).then_some(*at),
            Some(Place::Mark(name)) => mark_named(&self.lab, name, Some(before)).filter(|at| *at <= now),
            None => None,
        };
        if let (Some(at), Some(place)) = (passed, &self.until) {
            let said = build::of_arrival(place, at, text);
            let _ = self.lab.dispatch(Intent::Pause);
            let _ = self.lab.dispatch(Intent::Seek(at));
            self.answers.push(Answer { asker: Asker::Page, at, outcome: Ok(vec![said]) });
        }
    }

    /// How far what is under way is.
    pub(super) fn way_view(&self, text: &Text) -> Option<WayView> {
        let now = self.lab.now();
        Some(match self.way.as_ref()? {
            // Nothing is shown of it that would have to be drawn again.
            Way::Start => WayView { share: 0, label: String::new(), starting: true },
            Way::Link(replay, _) => {
                WayView { share: replay.permille(), label: text.page.opening_link.to_owned(), starting: false }
            }
            Way::Visible { events, .. } => {
                let label = text.embed.looking.to_owned();
                WayView { share: share(*events, lab::JUMP), label, starting: false }
            }
            Way::Far { from, to } => {
                let share = share(now.since(*from).0, to.since(*from).0);
                WayView { share, label: (text.embed.going)(&to.to_string()), starting: false }
            }
        })
    }
}

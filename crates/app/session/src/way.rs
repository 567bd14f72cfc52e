//! What takes more than one frame: the first scene's own past, a link's run, a way to some other instant. Each goes on
//! in slices that leave the page responsive, says how far it is, and can be stopped. The ways themselves are `lab`'s;
//! here is the clock that says how long a slice is.

use crate::visit::{Complaint, Place, mark_named};
use lab::{Allowance, Distance, Intent, Lab, Replay, Travel};
use script::link::Link;
use view::text::Text;
use view::{Digest, Time};

use crate::{Answer, Asker, Session};

/// Milliseconds of a frame that a run may take.
pub(super) const SLICE: f64 = 14.0;
/// The same while nothing but the first scene is awaited.
const START_SLICE: f64 = 40.0;
/// …and where somebody waits for another instant: with short ones, frames between them took as long as the way.
const WALK_SLICE: f64 = 40.0;

/// What is under way.
pub(super) enum Way {
    /// Up to where the scene opens.
    Start,
    /// A link that has not been read yet: a long one takes as long as a frame, and the page has to start first.
    Read(String),
    /// A link's run, and the state that it names.
    Link(Box<Replay>, Digest),
    /// To another instant of this experiment.
    Walk,
}

/// How far it is, for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayView {
    /// Thousandths.
    pub share: u16,
    pub label: String,
    pub kind: WayKind,
}

/// What kind of way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayKind {
    /// The page itself starts, or what was stopped is about to be drawn; nothing is to be stopped.
    Start,
    /// Another experiment is being opened.
    Link,
    /// To another instant of this one.
    Walk,
}

/// Works for so many milliseconds of a clock, in one go.
pub(super) fn slice<T>(clock: fn() -> f64, milliseconds: f64, work: impl FnOnce(&mut Allowance<'_>) -> T) -> T {
    let end = clock() + milliseconds;
    let mut may_go_on = || clock() < end;
    work(&mut Allowance::clocked(&mut may_go_on))
}

/// In thousandths.
fn share(done: u64, all: u64) -> u16 {
    (u128::from(done.min(all)) * 1_000 / u128::from(all.max(1))) as u16
}

impl Session {
    /// Opens a link's run in place of what is shown; that stays until the run is done.
    pub(super) fn set_out(&mut self, link: &Link, replay: Option<Replay>) {
        if let Some(replay) = replay {
            self.coming = None;
            self.way = Some(Way::Link(Box::new(replay), link.state_digest));
        }
    }

    /// A slice of what is under way. The picture is made anew when it is done.
    pub(super) fn go_on_way(&mut self) {
        let clock = self.around.clock;
        let lab = &mut self.lab;
        let travel = match &mut self.way {
            Some(Way::Read(fragment)) => {
                let fragment = std::mem::take(fragment);
                return self.read_address(&fragment);
            }
            Some(Way::Start) => slice(clock, START_SLICE, |allowance| lab.travel(allowance)),
            Some(Way::Walk) => slice(clock, WALK_SLICE, |allowance| lab.travel(allowance)),
            Some(Way::Link(replay, _)) => {
                let done = slice(clock, SLICE, |allowance| replay.advance_within(allowance));
                if done { Travel::Arrived } else { Travel::UnderWay }
            }
            None => return,
        };
        match travel {
            Travel::UnderWay => {}
            Travel::Arrived => self.arrive(),
            Travel::InVain => {
                self.complaints.push(Complaint::NothingVisible);
                self.arrive();
            }
        }
    }

    /// The experiment in the address takes the place of the first scene, if it can be read.
    fn read_address(&mut self, fragment: &str) {
        self.way = Some(Way::Start);
        self.load(fragment);
    }

    /// Whoever wants something of a scene that has not opened yet, gets it opened at once.
    pub(super) fn be_there(&mut self) {
        if matches!(self.way, Some(Way::Read(_))) {
            self.go_on_way();
        }
        if matches!(self.way, Some(Way::Start)) {
            self.arrive();
        }
    }

    /// Ends what is under way where it is; a start is finished.
    pub(super) fn arrive(&mut self) {
        self.version += 1;
        match self.way.take() {
            Some(Way::Read(fragment)) => {
                self.read_address(&fragment);
                self.arrive();
            }
            Some(Way::Start) => {
                finish(&mut self.lab);
                self.stand_where_asked();
            }
            Some(Way::Link(replay, state)) => {
                self.show_replayed(*replay, state);
                self.set_foot();
                self.stand_where_asked();
                if std::mem::take(&mut self.autoplay) {
                    self.send(Intent::Play);
                }
            }
            Some(Way::Walk) => self.lab.stop(),
            None => {}
        }
    }

    /// The first steps of a way that the laboratory has been told to go: most are done by then.
    pub(super) fn set_foot(&mut self) {
        self.version += 1;
        if self.lab.distance().is_some() {
            self.way = Some(Way::Walk);
            self.go_on_way();
        } else if matches!(self.way, Some(Way::Walk)) {
            self.way = None;
        }
    }

    /// To any instant, in slices where it takes longer.
    pub(super) fn seek(&mut self, to: Time) {
        self.send(Intent::Seek(to));
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
            let said = crate::visit::of_arrival(place, at, text);
            let _ = self.lab.set_about(Intent::Pause);
            self.seek(at);
            self.answers.push(Answer { asker: Asker::Page, at, outcome: Ok(vec![said]), tool: None });
        }
    }

    /// Is something under way that takes more than one frame?
    pub fn is_under_way(&self) -> bool {
        self.way.is_some()
    }

    /// How far what is under way is.
    pub(super) fn way_view(&self, text: &Text) -> Option<WayView> {
        Some(match self.way.as_ref()? {
            // Nothing is shown of it that would have to be drawn again.
            Way::Start => WayView { share: 0, label: String::new(), kind: WayKind::Start },
            Way::Read(_) => WayView { share: 0, label: text.page.opening_link.to_owned(), kind: WayKind::Link },
            Way::Link(replay, _) => {
                WayView { share: replay.permille(), label: text.page.opening_link.to_owned(), kind: WayKind::Link }
            }
            Way::Walk => match self.lab.distance()? {
                Distance::Events { done, most } => {
                    WayView { share: share(done, most), label: text.embed.looking.to_owned(), kind: WayKind::Walk }
                }
                Distance::Time { from, now, to } => {
                    let share = share(now.since(from).0, to.since(from).0);
                    WayView { share, label: (text.embed.going)(&to.to_string()), kind: WayKind::Walk }
                }
            },
        })
    }
}

/// Goes to the end of a way, however long it is.
fn finish(lab: &mut Lab) {
    while lab.travel(&mut Allowance::events(u64::MAX)) == Travel::UnderWay {}
}

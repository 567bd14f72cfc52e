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
/// A way that is foretold to take no longer is gone in one slice, with as much again as a foretelling may be wrong by: the
/// whole answer still comes within a tenth of a second, and two frames less are drawn that nobody looks at.
const SHORT_WALK: f64 = 80.0;
const SHORT_WALK_SLICE: f64 = 95.0;
/// Events on such a way between two looks at the clock, unless they turn out to be long ones: looking takes a tenth of the
/// time otherwise.
const LOOK: u32 = 8;
/// Milliseconds between two looks after which the clock is looked at again after the very next event.
const LONG: f64 = 0.5;

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

/// The same for events most of which are short: the clock is looked at less often.
fn slice_of_walk<T>(clock: fn() -> f64, milliseconds: f64, work: impl FnOnce(&mut Allowance<'_>) -> T) -> T {
    let mut glance = Glance::new(clock, milliseconds);
    let mut may_go_on = || glance.may_go_on();
    work(&mut Allowance::clocked(&mut may_go_on))
}

/// Who looks at the clock now and then.
struct Glance {
    clock: fn() -> f64,
    end: f64,
    looked: f64,
    /// So many events may pass unseen.
    unseen: u32,
}

impl Glance {
    fn new(clock: fn() -> f64, milliseconds: f64) -> Glance {
        let now = clock();
        Glance { clock, end: now + milliseconds, looked: now, unseen: 0 }
    }

    fn may_go_on(&mut self) -> bool {
        if self.unseen > 0 {
            self.unseen -= 1;
            return true;
        }
        let now = (self.clock)();
        self.unseen = if now - self.looked < LONG { LOOK - 1 } else { 0 };
        self.looked = now;
        now < self.end
    }
}

/// How long an event of a way took of late.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tread {
    /// Milliseconds.
    event: f64,
}

impl Default for Tread {
    /// Before any way has been gone: as on a slow machine.
    fn default() -> Tread {
        Tread { event: 0.012 }
    }
}

impl Tread {
    /// Fewer say nothing.
    const EVENTS: u64 = 200;

    /// So many events took so many milliseconds.
    fn learn(&mut self, events: u64, milliseconds: f64) {
        if events >= Tread::EVENTS {
            self.event = (milliseconds / events as f64).max(0.0);
        }
    }

    /// Milliseconds of the next slice of a way that so many events are left of, if that can be told.
    fn slice(self, left: Option<u64>) -> f64 {
        match left {
            Some(left) if left as f64 * self.event <= SHORT_WALK => SHORT_WALK_SLICE,
            Some(_) | None => WALK_SLICE,
        }
    }
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
            Some(Way::Walk) => {
                let start = clock();
                let milliseconds = self.tread.slice(lab.events_left());
                let go = |allowance: &mut Allowance<'_>| (lab.travel(allowance), allowance.done());
                let (travel, events) = slice_of_walk(clock, milliseconds, go);
                self.tread.learn(events, clock() - start);
                travel
            }
            Some(Way::Link(replay, _)) => {
                let done = slice(clock, SLICE, |allowance| replay.advance_within(allowance));
                if done { Travel::Arrived } else { Travel::UnderWay }
            }
            None => return,
        };
        self.come_of(travel);
    }

    /// What becomes of the way after a stretch of it.
    fn come_of(&mut self, travel: Travel) {
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
            // Where it begins, and so how long it is, is known with its first step only.
            let travel = self.lab.travel(&mut Allowance::events(1));
            self.come_of(travel);
            if travel == Travel::UnderWay {
                self.go_on_way();
            }
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
            // A stretch that was chosen since is played once.
            self.until = self.visit.until.clone();
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static NOW: Cell<f64> = const { Cell::new(0.0) };
        static LOOKS: Cell<u32> = const { Cell::new(0) };
    }

    fn clock() -> f64 {
        LOOKS.set(LOOKS.get() + 1);
        NOW.get()
    }

    /// Milliseconds that went by and looks at the clock, where each event takes as long as `took` says of its number.
    fn walked(milliseconds: f64, took: impl Fn(u32) -> f64) -> (f64, u32) {
        LOOKS.set(0);
        let (mut glance, start) = (Glance::new(clock, milliseconds), NOW.get());
        let mut done = 0;
        while glance.may_go_on() {
            NOW.set(NOW.get() + took(done));
            done += 1;
        }
        (NOW.get() - start, LOOKS.get())
    }

    #[test]
    fn the_clock_is_looked_at_seldom_and_a_slice_ends_in_time() {
        let (passed, looks) = walked(40.0, |_| 0.01);
        assert!((40.0..40.2).contains(&passed), "{passed} ms of short events");
        assert!(looks < 4_000 / LOOK + 20, "{looks} looks at 4,000 events");
        let (passed, _) = walked(40.0, |_| 9.0);
        assert!(passed <= 40.0 + 9.0 * f64::from(LOOK), "{passed} ms of long events");
        let (passed, _) = walked(40.0, |event| if event > 500 { 9.0 } else { 0.01 });
        assert!(passed <= 40.0 + 9.0 * f64::from(LOOK), "{passed} ms where long events come after short ones");
    }

    #[test]
    fn a_way_that_is_foretold_to_be_short_is_gone_whole() {
        let mut tread = Tread::default();
        assert_eq!((tread.slice(None), tread.slice(Some(1_000))), (WALK_SLICE, SHORT_WALK_SLICE));
        assert_eq!(tread.slice(Some(10_000)), WALK_SLICE, "before anything is known a machine is slow");
        tread.learn(5_000, 25.0);
        assert_eq!((tread.slice(Some(10_000)), tread.slice(Some(17_000))), (SHORT_WALK_SLICE, WALK_SLICE));
        tread.learn(3, 30.0);
        assert_eq!(tread.slice(Some(10_000)), SHORT_WALK_SLICE, "a few events say nothing");
    }
}

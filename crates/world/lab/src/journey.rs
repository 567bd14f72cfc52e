//! Ways that may take longer than a frame: to an instant, a step back, to the next visible event. Each is set out on in
//! no time and then gone in slices; whoever stops on the way stands at an instant like any other.

use crate::allowance::Allowance;
use crate::branch::Moved;
use crate::history::{History, Progress};
use crate::pace::LOOK_AHEAD;
use base::Time;
use script::limits::LONGEST_RUN;

/// Events that looking for something visible runs at most.
pub const JUMP: u64 = 400_000;
/// Events beyond the place that are looked at, so that the pace there is known.
pub(crate) const LOOK_AHEAD_EVENTS: u64 = 5_000;
/// Events between two looks at whether something visible has come.
const SEARCH_EVENTS: u64 = 100;

/// Where somebody is on his way to.
#[derive(Clone, Debug)]
pub struct Journey {
    pub(crate) from: Time,
    pub(crate) goal: Goal,
}

#[derive(Clone, Debug)]
pub(crate) enum Goal {
    /// What comes up to there and a little further is learnt, with so many events at most of the latter.
    Learn { to: Time, ahead: u64 },
    /// From the nearest checkpoint to there.
    Approach { to: Time },
    /// The same for a step back: the next one is likely to come soon.
    Back { to: Time },
    /// The next visible event after `from`, within so many events.
    Visible { left: u64 },
}

impl Journey {
    /// The instant that it leads to, if it is known.
    pub(crate) fn destination(&self) -> Option<Time> {
        match self.goal {
            Goal::Learn { to, .. } | Goal::Approach { to } | Goal::Back { to } => Some(to),
            Goal::Visible { .. } => None,
        }
    }
}

/// How a way went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    UnderWay,
    /// At the place, or nobody was on any way.
    Arrived,
    /// Nothing visible was found; the reader stays where he is.
    InVain,
}

/// How far a way has been gone, for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// So far between two instants.
    Time { from: Time, now: Time, to: Time },
    /// So many events of at most so many.
    Events { done: u64, most: u64 },
}

impl History {
    /// Sets out for the state after all events up to `to`, forwards or backwards.
    pub fn set_out(&mut self, to: Time) {
        let to = to.min(LONGEST_RUN);
        let known = self.branch().marks.known();
        let from = self.cursor.at;
        if to > known {
            self.start_towards(known);
        }
        self.journey = Some(Journey { from, goal: Goal::Learn { to, ahead: LOOK_AHEAD_EVENTS } });
    }

    /// Sets out for just before the last event or command. `None` at the beginning.
    pub fn set_out_back(&mut self) -> Option<Time> {
        let to = Time(self.cursor.run.world.now().0.checked_sub(1)?);
        let from = self.cursor.at;
        self.start_towards(to);
        self.journey = Some(Journey { from, goal: Goal::Back { to } });
        Some(to)
    }

    /// Sets out for the next visible event: a quiet cluster may have none for hours.
    pub fn set_out_for_visible(&mut self) {
        self.journey = Some(Journey { from: self.cursor.at, goal: Goal::Visible { left: JUMP } });
    }

    /// Sets out for the visible event before this one: its effect is the last thing to be seen. `None` when there is
    /// none.
    pub fn set_out_for_earlier_visible(&mut self) -> Option<()> {
        let last = self.branch().marks.previous(Time(self.cursor.at.0 + 1))?;
        let to = self.branch().marks.previous(last).unwrap_or(Time(last.0 - 1));
        self.set_out(to);
        Some(())
    }

    /// Goes on with the way that was set out on, as far as is allowed.
    pub fn travel(&mut self, allowance: &mut Allowance<'_>) -> Travel {
        while let Some(journey) = self.journey.take() {
            let (from, goal) = (journey.from, journey.goal);
            let next = match goal {
                Goal::Learn { to, ahead } => self.learn(to, ahead, allowance),
                Goal::Approach { to } => (!self.run_to(to, allowance).arrived).then_some(goal),
                Goal::Back { to } => (!self.go_back(to, allowance)).then_some(goal),
                Goal::Visible { left } => match self.look_for_visible(from, left, allowance) {
                    Some(goal) => Some(goal),
                    None => return Travel::InVain,
                },
            };
            let Some(goal) = next else { return Travel::Arrived };
            self.journey = Some(Journey { from, goal });
            if allowance.is_spent() {
                return Travel::UnderWay;
            }
        }
        Travel::Arrived
    }

    /// Stays where the way has led so far.
    pub fn stop(&mut self) {
        if self.journey.take().is_some() {
            self.keep_recent();
        }
    }

    /// About how many events are left of the way. `None`: there is none, it leads into the unknown, or nobody can tell.
    pub fn events_left(&self) -> Option<u64> {
        let to = self.journey.as_ref()?.destination()?;
        if self.leads_to_the_known() { self.events_until(to) } else { None }
    }

    /// Is somebody on the way to an instant up to which everything is known?
    pub(crate) fn leads_to_the_known(&self) -> bool {
        let known = self.branch().marks.known();
        self.journey.as_ref().is_some_and(|journey| match journey.goal {
            Goal::Learn { to, .. } => to <= known,
            Goal::Approach { .. } | Goal::Back { .. } => true,
            Goal::Visible { .. } => false,
        })
    }

    /// How far the way has been gone.
    pub fn distance(&self) -> Option<Distance> {
        let journey = self.journey.as_ref()?;
        Some(match &journey.goal {
            Goal::Learn { to, .. } | Goal::Approach { to } | Goal::Back { to } => {
                Distance::Time { from: journey.from, now: self.cursor.at, to: *to }
            }
            Goal::Visible { left } => Distance::Events { done: JUMP - left, most: JUMP },
        })
    }

    /// Learns what comes up to `to`, then what the pace there depends on.
    fn learn(&mut self, to: Time, ahead: u64, allowance: &mut Allowance<'_>) -> Option<Goal> {
        if to > self.branch().marks.known() && !self.run_to(to, allowance).arrived {
            return Some(Goal::Learn { to, ahead });
        }
        let before = allowance.done();
        let known = self.look_ahead(to + LOOK_AHEAD, ahead, allowance);
        let left = ahead - (allowance.done() - before);
        if !known && left > 0 {
            return Some(Goal::Learn { to, ahead: left });
        }
        self.start_towards(to);
        Some(Goal::Approach { to })
    }

    fn go_back(&mut self, to: Time, allowance: &mut Allowance<'_>) -> bool {
        while allowance.take() {
            if self.advance(to) == Moved::Nothing {
                allowance.give_back();
                return true;
            }
            self.branches[self.current].keep_nearest(&mut self.cursor);
        }
        false
    }

    /// Looks further for something visible after `from`; `None` when nothing was found.
    fn look_for_visible(&mut self, from: Time, left: u64, allowance: &mut Allowance<'_>) -> Option<Goal> {
        if let Some(to) = self.branch().marks.next(from) {
            return Some(Goal::Learn { to, ahead: LOOK_AHEAD_EVENTS });
        }
        let before = allowance.done();
        let ends = self.look_ahead(Time::MAX, SEARCH_EVENTS.min(left), allowance);
        let left = left - (allowance.done() - before);
        let found = self.branch().marks.next(from).is_some();
        (found || left > 0 && !ends).then_some(Goal::Visible { left })
    }
}

impl Progress {
    /// Nothing was to be done.
    pub(crate) const NONE: Progress = Progress { events: 0, arrived: true };
}

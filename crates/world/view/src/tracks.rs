//! Two runs' lines under one clock. What both wait for is drawn short: the axis is a chain of pieces between instants
//! that matter, each linear in itself.

use super::{MarkView, Permille, Time};

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackView {
    /// "A acks=1"
    pub name: String,
    /// Without those that both have.
    pub marks: Vec<MarkView>,
    /// How far it was watched.
    pub known: Permille,
}

/// A stretch in which neither run has a mark, drawn shorter than it is: a dashed core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortView {
    pub from: Permille,
    pub to: Permille,
    /// "8.753 s, drawn short"
    pub text: String,
}

/// Both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracksView {
    pub tracks: [TrackView; 2],
    /// Marks of both at the same instants.
    pub both: Vec<MarkView>,
    pub short: Vec<ShortView>,
    pub playhead: Permille,
    pub now_text: String,
    /// The line through both.
    pub difference: Option<Permille>,
    /// Places and their instants, from one end of the axis to the other.
    pub axis: Vec<(Permille, Time)>,
    /// What a slider says of itself.
    pub value_text: String,
}

impl TracksView {
    /// The instant at a place.
    pub fn instant(&self, place: Permille) -> Time {
        let next = self.axis.iter().position(|(at, _)| *at >= place);
        match next {
            None => self.axis.last().map_or(Time::ZERO, |(_, time)| *time),
            Some(0) => self.axis[0].1,
            Some(next) => between((self.axis[next - 1], self.axis[next]), place),
        }
    }

    /// The place of an instant.
    pub fn place(&self, time: Time) -> Permille {
        place(&self.axis, time)
    }
}

fn between(((from, begin), (to, end)): ((Permille, Time), (Permille, Time)), place: Permille) -> Time {
    let (span, width) = (end.0 - begin.0, u64::from(to - from).max(1));
    Time(begin.0 + (u128::from(span) * u128::from(place - from) / u128::from(width)) as u64)
}

/// The place of an instant on an axis.
pub(crate) fn place(axis: &[(Permille, Time)], time: Time) -> Permille {
    match axis.iter().position(|(_, at)| *at >= time) {
        None => axis.last().map_or(0, |(place, _)| *place),
        Some(0) => axis[0].0,
        Some(next) => {
            let ((from, begin), (to, end)) = (axis[next - 1], axis[next]);
            let share = u128::from(time.0 - begin.0) * u128::from(to - from) / u128::from((end.0 - begin.0).max(1));
            from + share as Permille
        }
    }
}

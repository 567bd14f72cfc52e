//! A whole stage, ready to be drawn: its parts in the order in which they lie over each other, and the places between
//! which messages travel.

use std::rc::Rc;

use view::StageView;

use crate::draw;
use crate::mark::{Mark, Part};
use crate::one::One;
use crate::places::Places;
use crate::plan::Plan;
use crate::room::{Crowd, Room};

/// A stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub plan: Plan,
    pub places: Rc<Places>,
    /// From the lowest to the topmost.
    pub parts: Vec<Rc<Part>>,
    pub(crate) drawn: Option<draw::Drawn>,
}

/// The stage of a view in a room. `last` only saves time: parts that are as they were are the same `Rc`.
pub fn scene(stage: &StageView, room: &Room, last: Option<&Scene>) -> Scene {
    if room.shows_one() {
        return of_one(stage, room, last);
    }
    let crowd = Crowd::of(stage, room);
    let plan = Plan::of(&crowd, room);
    let places = Places::of(stage, &crowd, &plan);
    let places = same_places(places, last);
    let stand = draw::Stand { stage, plan: &plan, places: &places, text: room.language.text() };
    let (parts, drawn) = draw::parts(&stand, last);
    let parts = parts.into_iter().map(|part| same(part, last)).collect();
    Scene { plan, places, parts, drawn: Some(drawn) }
}

/// One partition at a time. By itself: a wide stage's first picture does without it.
#[inline(never)]
fn of_one(stage: &StageView, room: &Room, last: Option<&Scene>) -> Scene {
    let one = One::of(stage, room);
    let places = same_places(one.places.clone(), last);
    let stand = draw::Stand { stage, plan: &one.plan, places: &places, text: room.language.text() };
    let parts = draw::one_partition(&stand, &one).into_iter().map(|part| same(part, last)).collect();
    Scene { plan: one.plan.clone(), places, parts, drawn: None }
}

/// Places that are equal are the same, so that what depends on them is not drawn anew.
fn same_places(places: Places, last: Option<&Scene>) -> Rc<Places> {
    let known = last.map(|last| &last.places).filter(|known| ***known == places);
    known.cloned().unwrap_or_else(|| Rc::new(places))
}

/// The part itself, or the equal one of the last scene; at least with its pieces that are as they were.
pub(crate) fn same(part: Rc<Part>, last: Option<&Scene>) -> Rc<Part> {
    let known = last.and_then(|last| last.parts.iter().find(|known| known.key == part.key));
    match known {
        None => part,
        Some(known) if Rc::ptr_eq(known, &part) || *known == part => known.clone(),
        Some(known) => kept(part, known),
    }
}

/// Another part with those of its pieces that are as they were.
fn kept(part: Rc<Part>, known: &Part) -> Rc<Part> {
    let pieces = || known.marks.iter().filter_map(Mark::piece);
    let same = |own: &Rc<Part>| pieces().find(|piece| piece.key == own.key).filter(|piece| *piece == own).cloned();
    let mut part = Rc::unwrap_or_clone(part);
    for mark in &mut part.marks {
        if let Mark::Part(own) = mark
            && let Some(piece) = same(own)
        {
            *own = piece;
        }
    }
    Rc::new(part)
}

impl Scene {
    /// Calls `visit` for each mark with the shift that applies to it.
    pub fn walk(&self, visit: &mut impl FnMut(&Mark, crate::geometry::Point)) {
        for part in &self.parts {
            part.marks.iter().for_each(|mark| mark.walk(crate::geometry::Point::default(), visit));
        }
    }
}

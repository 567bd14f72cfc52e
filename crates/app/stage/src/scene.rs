//! A whole stage, ready to be drawn: its parts in the order in which they lie over each other, and the places between
//! which messages travel.

use std::rc::Rc;

use view::{StageView, TopicPartition};

use crate::draw;
use crate::mark::{Mark, Part};
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
}

/// The stage of a view in a room. `last` only saves time: parts that are as they were are the same `Rc`.
pub fn scene(stage: &StageView, room: &Room, last: Option<&Scene>) -> Scene {
    let plan = Plan::of(&Crowd::of(stage), room);
    let places = Places::of(stage, &plan);
    let places = match last {
        Some(last) if *last.places == places => last.places.clone(),
        Some(_) | None => Rc::new(places),
    };
    let stand = draw::Stand { stage, plan: &plan, places: &places };
    let parts = draw::parts(&stand).into_iter().map(|part| same(part, last)).collect();
    Scene { plan, places, parts }
}

/// The partition that a narrow stage shows.
pub fn shown(stage: &StageView, room: &Room) -> Option<TopicPartition> {
    let known = |wanted: &&TopicPartition| stage.partitions.iter().any(|(name, _)| name == *wanted);
    let first = || stage.partitions.first().map(|(name, _)| name);
    room.partition.as_ref().filter(known).or(stage.matters.as_ref().filter(known)).or_else(first).cloned()
}

fn same(part: Rc<Part>, last: Option<&Scene>) -> Rc<Part> {
    let known = last.and_then(|last| last.parts.iter().find(|known| known.key == part.key));
    known.filter(|known| **known == part).cloned().unwrap_or(part)
}

impl Scene {
    /// Calls `visit` for each mark with the shift that applies to it.
    pub fn walk(&self, visit: &mut impl FnMut(&Mark, crate::geometry::Point)) {
        for part in &self.parts {
            part.marks.iter().for_each(|mark| mark.walk(crate::geometry::Point::default(), visit));
        }
    }
}

//! How each thing on the stage is drawn. Each file turns one sort of view value and its place into marks.

mod below;
mod brokers;
mod callouts;
mod controllers;
mod grid;
mod groups;
mod head;
mod labels;
mod lane;
mod line;
mod links;
mod one;
mod parts;
mod pieces;
mod producers;
mod quorum;
mod replica;
mod ribbons;
mod row;
mod streams;
mod strip;
mod wires;

pub use parts::hue;

use std::rc::Rc;

use view::StageView;
use view::text::Text;

use crate::mark::{Mark, Part};
use crate::one::One;
use crate::places::Places;
use crate::plan::Plan;

/// What is drawn, and where it stands.
pub struct Stand<'a> {
    pub stage: &'a StageView,
    pub plan: &'a Plan,
    pub places: &'a Places,
    pub text: &'static Text,
}

/// All parts, from the lowest to the topmost.
pub fn parts(stand: &Stand<'_>) -> Vec<Rc<Part>> {
    let mut labels = labels::Labels::default();
    let mut parts = vec![controllers::part(stand), streams::part(stand), wires::wires(stand)];
    parts.extend(producers::parts(stand));
    let first_lane = parts.len();
    parts.extend(lane::parts(stand));
    let callouts = callouts::part(stand, &parts[first_lane..]);
    parts.extend([wires::copies(stand), wires::decisions(stand)]);
    parts.extend(groups::parts(stand));
    parts.extend([ribbons::part(stand, &mut labels), groups::slot_names(stand)]);
    parts.extend([callouts, links::part(stand, &mut labels)]);
    parts.extend(below::directions(stand));
    parts.extend(below::waiting(stand, &parts));
    parts.into_iter().map(swept).collect()
}

/// The same where one partition is shown.
pub fn one_partition(stand: &Stand<'_>, one: &One<'_>) -> Vec<Rc<Part>> {
    one::parts(stand, one).into_iter().map(swept).collect()
}

/// Without texts that say nothing.
fn swept(part: Rc<Part>) -> Rc<Part> {
    let mut part = Rc::unwrap_or_clone(part);
    sweep(&mut part.marks);
    Rc::new(part)
}

fn sweep(marks: &mut Vec<Mark>) {
    marks.retain_mut(|mark| match mark {
        Mark::Text(words) => !words.text.is_empty(),
        Mark::Gather(gathered) => {
            sweep(&mut gathered.marks);
            true
        }
        Mark::Button(button) => {
            sweep(&mut button.marks);
            true
        }
        // Pieces are kept as they are: they may be those of the last scene.
        Mark::Part(_)
        | Mark::Box { .. }
        | Mark::Circle(_)
        | Mark::Path { .. }
        | Mark::Symbol { .. }
        | Mark::Key(..) => true,
    });
}

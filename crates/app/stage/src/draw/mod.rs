//! How each thing on the stage is drawn. Each file turns one sort of view value and its place into marks.

mod batches;
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
mod stores;
mod streams;
mod strip;
mod wires;

pub use grid::Grid;
pub use lane::Drawn;
pub use parts::hue;

use std::rc::Rc;

use view::StageView;
use view::text::Text;

use crate::mark::{Mark, Part};
use crate::one::One;
use crate::places::Places;
use crate::plan::Plan;
use crate::scene::Scene;

/// What is drawn, and where it stands.
pub struct Stand<'a> {
    pub stage: &'a StageView,
    pub plan: &'a Plan,
    pub places: &'a Places,
    pub text: &'static Text,
}

/// All parts, from the lowest to the topmost, and what lanes were drawn of.
pub fn parts(stand: &Stand<'_>, last: Option<&Scene>) -> (Vec<Rc<Part>>, Drawn) {
    let mut labels = labels::Labels::default();
    let (lanes, drawn) = lane::parts(stand, last);
    let callouts = callouts::part(stand, &lanes);
    let mut under = vec![controllers::part(stand), streams::part(stand), wires::wires(stand)];
    under.extend(producers::parts(stand));
    let mut over = vec![wires::copies(stand), wires::decisions(stand)];
    over.extend(groups::parts(stand));
    over.extend(stores::parts(stand));
    over.extend([ribbons::part(stand, &mut labels), groups::slot_names(stand)]);
    over.extend([callouts, links::part(stand, &mut labels)]);
    over.extend(below::directions(stand));
    let under = under.into_iter().map(swept);
    // Lanes are swept where they are drawn: most of them are those of the last scene.
    let mut parts: Vec<Rc<Part>> = under.chain(lanes).chain(over.into_iter().map(swept)).collect();
    let waiting = below::waiting(stand, &parts);
    parts.extend(waiting.into_iter().map(swept));
    (parts, drawn)
}

/// The same where one partition is shown.
pub fn one_partition(stand: &Stand<'_>, one: &One<'_>) -> Vec<Rc<Part>> {
    one::parts(stand, one).into_iter().map(swept).collect()
}

/// Without texts that say nothing.
pub(crate) fn swept(part: Rc<Part>) -> Rc<Part> {
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

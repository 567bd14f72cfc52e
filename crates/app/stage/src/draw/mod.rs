//! How each thing on the stage is drawn. Each file turns one sort of view value and its place into marks.

mod below;
mod brokers;
mod controllers;
mod grid;
mod groups;
mod head;
mod labels;
mod lane;
mod line;
mod links;
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

use crate::mark::Part;
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
    parts.extend(lane::parts(stand));
    parts.extend([wires::copies(stand), wires::decisions(stand)]);
    parts.extend(groups::parts(stand));
    parts.extend([ribbons::part(stand, &mut labels), groups::slot_names(stand)]);
    parts.extend([wires::callouts(stand), links::part(stand, &mut labels)]);
    parts.extend(below::directions(stand));
    parts.extend(below::waiting(stand, &parts));
    parts
}

//! How each thing on the stage is drawn. Each file turns one sort of view value and its place into marks.

mod brokers;
mod grid;
mod head;
mod lane;
mod line;
mod parts;
mod replica;
mod row;
mod strip;

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
    lane::parts(stand)
}

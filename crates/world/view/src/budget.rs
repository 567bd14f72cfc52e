//! A budget that is used up: which one, through whom, and what would help.

use super::{Thing, Tone};
use lab::budget::Remedy;

/// The card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetView {
    pub tone: Tone,
    pub title: String,
    /// How much was used.
    pub text: String,
    /// Who made it so much.
    pub cause: String,
    pub about: Option<Thing>,
    /// What would help, best first; what a button does the remedy says. Those that are done elsewhere, by a setting or a
    /// slower producer, are advice: [`Remedy::is_done_here`] is false.
    pub actions: Vec<(Remedy, String)>,
}

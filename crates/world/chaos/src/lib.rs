//! Random faults over a world: what one seed means (a cluster, clients, faults at their times), running it with every
//! safety check on, healing it, and demanding that it lives again; what fails is made short and told as a link.
//!
//! It runs one seed at a time; who runs many, and on how many threads, is the caller's affair (`tests/fuzz`,
//! `blumfeld fuzz`). The idea is TigerBeetle's VOPR: safety first, then liveness.

mod faults;
mod liveness;
pub mod mutants;
mod plan;
mod policies;
mod run;
mod shrink;
pub mod stage;
mod totals;

pub use plan::{Flavour, Plan};
pub use run::{FactCounts, RunResult, link, run};
pub use shrink::{Shrunk, shrink};
pub use stage::Stage;
pub use totals::Totals;

#[cfg(test)]
mod tests;

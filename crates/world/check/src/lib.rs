//! Is it still true? Safety checks on every step, and the ledger that counts what clients saw.
//!
//! Checks look at the world and listen to facts; they never change a run.

mod committed;
mod decided;
mod history;
mod invariants;
mod kinds;
mod ledger;
mod unclean;

pub use history::History;
pub use invariants::{Checks, ClusterChecks, Moment, Violation};
pub use ledger::{ClusterLedger, Counts, Heard, Ledger};

//! Is it still true? Safety checks on every step, and the ledger that counts what clients saw.
//!
//! Checks look at the world and listen to facts; they never change a run.

mod arrivals;
mod committed;
mod decided;
mod done;
mod history;
mod invariants;
mod kinds;
mod ledger;
mod pushed;
mod unclean;

pub use arrivals::{Arrival, Arrivals, Strip, Turn};
pub use done::{Done, committed, done};
pub use history::History;
pub use invariants::{Checks, ClusterChecks, Moment, Violation};
pub use ledger::{ClusterLedger, Counts, Heard, Ledger};
pub use pushed::Pushed;

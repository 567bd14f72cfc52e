//! The laboratory: what an experimenter does with a world. Play, pause, step, rewind, fork, share.
//!
//! [`Lab`] is the door: intents and the passing of the reader's time go in, frames come out. Nothing
//! here draws, tells or touches the outside; the crate `view` turns frames into numbers and sentences.

mod accident;
mod acts;
mod again;
mod allowance;
mod beside;
mod books;
pub mod branch;
pub mod budget;
mod checkpoints;
mod difference;
mod firsts;
mod history;
mod intent;
pub mod journal;
mod journey;
mod lab;
mod linking;
mod marks;
mod metering;
mod near;
mod pace;
mod packed;
mod playback;
mod purse;
mod recent;
mod replay;
mod replies;
mod run;
mod told;
mod traffic;
mod visible;

pub use accident::{Accidents, Sums};
pub use acts::{ActId, Acts, Author, FutureAct, Standing};
pub use allowance::Allowance;
pub use beside::{Beside, Following};
pub use books::Books;
pub use branch::{Branch, Cursor};
pub use budget::{Budget, Cause, Measured, Remedy, Spent};
pub use check::Counts;
pub use difference::{Difference, Looked, Seen};
pub use firsts::Firsts;
pub use history::{History, Progress, RECENT_FACTS, Refused};
pub use intent::{Done, Intent, LabError};
pub use journal::Telling;
pub use journey::{Distance, JUMP, Journey, Travel};
pub use lab::{BranchInfo, Frame, Lab, RECENT, RECENT_REDUCED};
pub use linking::{Linking, draft};
pub use marks::{Mark, Marks, Moment, Saying};
pub use metering::Metering;
pub use pace::Pace;
pub use playback::{FASTEST_TEMPO, Playback, SLOWEST_TEMPO, Stops, Tempo, TempoWord, Tempometer};
pub use purse::Purse;
pub use replay::{Digests, Outcome, Replay, scenario_of};
pub use replies::Replies;
pub use run::{Answer, Happening, Run, Unsafe, UnsafeStep};
pub use told::Told;
pub use traffic::{Traffic, Way};
pub use visible::{MarkKind, Visibility, classify, is_lasting};

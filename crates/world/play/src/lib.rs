//! Plays a scenario and looks at what it claims: each `see` line holds, or there was something else instead. The same
//! for transcripts, for `blumfeld run` and for lessons; whoever has a world of its own looks at it with a [`Sight`].

pub mod facts;
mod instead;
mod metering;
mod opened;
mod player;
mod pulled;
pub mod rows;
mod see;
mod sight;
mod stops;
mod subject;
mod tool;

pub use instead::{Foreign, ForeignStep, Instead, Kind, Stopped, Unseen};
pub use player::{Bounds, Failure, Going, Look, MOST_EVENTS, Outcome, Player, Reading};
pub use see::check;
pub use sight::{Memory, Seen, Sight};
pub use subject::{number_in, value};
pub use tool::Tool;

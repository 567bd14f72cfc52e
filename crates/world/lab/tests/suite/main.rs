//! The laboratory over whole runs: one program, because each further one compiles and links everything again.

mod anywhere;
mod beside;
mod journal;
mod meters;
mod opening;
mod opening_state;
mod purse;
mod seeking;
mod sharing;
mod time_travel;

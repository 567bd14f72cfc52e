//! The coordinator over a log: one program, because each further one compiles and links everything again.

mod counter;
mod failover;
mod harness;
mod replay;
mod rig;
mod vectors;

//! The log over a disk: one program, because each further one compiles and links everything again.

mod log;
mod markers;
mod model;
mod producer_vectors;
mod snapshots;
mod vectors;
mod world;

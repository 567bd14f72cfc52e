//! Voters over a network: one program, because each further one compiles and links everything again.

mod append;
mod elections;
mod network;
mod vectors;
mod voters;

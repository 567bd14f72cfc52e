//! Brokers: one program, because each further one compiles and links everything again.

mod cluster;
mod vectors;

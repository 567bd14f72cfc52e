//! Batches: one program, because each further one compiles and links everything again.

mod properties;
mod vectors;

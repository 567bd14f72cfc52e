//! Requests against their definitions: one program, because each further one compiles and links everything again.

mod frames;
mod table;
mod vectors;

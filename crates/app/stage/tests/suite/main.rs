//! The drawn stage: one program, because each further one compiles and links everything again.

mod clients;
mod common;
mod lanes;

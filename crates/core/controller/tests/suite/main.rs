//! The controller: one program, because each further one compiles and links everything again.

mod lifecycle;
mod settings;
mod vectors;
mod world;

//! The library for scripts: one program, because each further one compiles and links everything again.

mod cluster;
mod texts;
mod writing;

//! Settings: one program, because each further one compiles and links everything again.

mod honest;
mod listeners;
mod resolve;
mod vectors;
